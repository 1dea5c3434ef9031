"""A bloc validated by the mean of its exams: its bar, its floor, absences, what is missing, what is told of it."""

from decimal import Decimal

import pytest

from engine import referential
from engine.model import forms
from engine.model.errors import ReferentialError
from engine.model.kinds import Kind
from engine.office.styles import Styles, new_workbook
from engine.outputs.workbook.near import near_cases
from engine.templates import synopsis
from tests import cohorts
from tests.descriptions import BTS, FILES, TEXTS, candidate, faults_of, outcome_of
from tests.promotion import MADE_AT
from tests.results import sheets

RATED = [("T1", {"P1": "3", "P2": "2", "P3": "3", "P4": "2"})]
PASSED = {"E11": "10", "E12": "10", "E13": "10", "E21": "13", "E22": "7", "CB": None}
PASSED |= {"E41": "12", "E42": "8"}


def decided(**marks):
    """The outcome of somebody who passes everything with nothing to spare, but for these marks."""
    return outcome_of(candidate(grilles=RATED, notes=PASSED | marks), BTS)


def told(code, **marks):
    """The state of a bloc, and what is said of it."""
    outcome = decided(**marks)
    return str(outcome.blocs[code].state), [reason for reason in outcome.reasons if reason.startswith(code)]


def test_at_the_bar_and_at_the_floor_it_is_admitted():
    outcome = decided()
    assert (outcome.decision, outcome.reasons) == ("ADMIS", ())
    assert outcome.blocs["B1"].value == 10
    assert outcome.blocs["B2"].value == Decimal("10.69")  # (4 × 13 + 2,5 × 7) ÷ 6,5


@pytest.mark.parametrize(
    ("code", "marks", "state", "reason"),
    [
        ("B1", {"E13": "9.97"}, "Validé", ""),  # 9,995, rounded to 10,00
        ("B1", {"E13": "9.96"}, "Non validé", "B1 : moyenne de 9,99, il faut 10, il manque 0,01."),
        ("B2", {"E22": "6.99"}, "Non validé", "B2 : E22 à 6,99, il faut au moins 7, il manque 0,01."),
        ("B2", {"E22": "6.999999"}, "Non validé", "B2 : E22 à 6,999999, il faut au moins 7, il manque 0,000001."),
        ("B2", {"E21": "ABS"}, "Non validé", "B2 : absence à E21."),
        (
            "B2",
            {"E21": "6", "E22": "ABS"},
            "Non validé",
            "B2 : absence à E22 ; E21 à 6,00, il faut au moins 7, il manque 1,00.",
        ),
        ("B1", {"E13": None}, "En attente", "B1 : E13, note attendue (secrétariat)."),
        ("B1", {"E11": "20", "E12": "20", "E13": None}, "En attente", "B1 : E13, note attendue (secrétariat)."),
        (
            "B1",
            {"E11": None, "E12": None, "E13": "excluded"},
            "En attente",
            "B1 : E11 et E12, notes attendues (secrétariat) ; E13, note à corriger (secrétariat).",
        ),
        (
            "B1",
            {"E11": "5", "E12": "12", "E13": None},
            "Non validé",
            "B1 : moyenne d'au plus 9,83, il faut 10, il manque 0,17.",
        ),
        ("B1", {"E11": "5", "E12": "12.49", "E13": None}, "En attente", "B1 : E13, note attendue (secrétariat)."),
        ("B2", {"E21": "6.99", "E22": None}, "Non validé", "B2 : E21 à 6,99, il faut au moins 7, il manque 0,01."),
    ],
)
def test_around_the_bars(code, marks, state, reason):
    assert told(code, **marks) == (state, [reason] if reason else [])


@pytest.mark.parametrize(
    ("marks", "state", "reason"),
    [
        ({"E41": "12", "E42": "8"}, "Validé", ""),
        (
            {"E41": "11.99", "E42": None},
            "Non validé",
            "B4 : E42 non ouverte, E41 à 11,99, il faut au moins 12, il manque 0,01.",
        ),
        (
            {"E41": "11.999999", "E42": "20"},
            "Non validé",
            "B4 : E42 non ouverte, E41 à 11,999999, il faut au moins 12, il manque 0,000001 ; "
            "sa note de 20,00 ne compte pas.",
        ),
        ({"E41": "ABS", "E42": None}, "Non validé", "B4 : absence à E41 ; E42 non ouverte, absence à E41."),
        ({"E41": None, "E42": None}, "En attente", "B4 : E41 et E42, notes attendues (secrétariat)."),
        ({"E41": None, "E42": "20"}, "En attente", "B4 : E41, note attendue (secrétariat)."),
        ({"E41": "excluded", "E42": "20"}, "En attente", "B4 : E41, note à corriger (secrétariat)."),
        ({"E41": "12", "E42": None}, "En attente", "B4 : E42, note attendue (secrétariat)."),
        ({"E41": None, "E42": "ABS"}, "Non validé", "B4 : absence à E42."),
    ],
)
def test_an_exam_after_another(marks, state, reason):
    assert told("B4", **marks) == (state, [reason] if reason else [])


def test_the_mean_of_a_closed_exam_is_not_shown():
    bloc = decided(E41="11", E42="19").blocs["B4"]
    assert (bloc.value, bloc.closed) == (None, {"E42"})


@pytest.mark.parametrize(
    ("mark", "decision"),
    [("12", "ADMIS"), ("11.99", "PARTIEL"), ("ABS", "PARTIEL"), (None, "EN ATTENTE"), ("lost", "EN ATTENTE")],
)
def test_an_exam_of_no_bloc_may_open_another(mark, decision):
    before = referential.parse(TEXTS["bts"].replace('after = "E41"  ', 'after = "CB"  '), "essai")
    outcome = outcome_of(candidate(grilles=RATED, notes=PASSED | {"CB": mark}), before)
    assert outcome.decision == decision
    assert next(entry for entry in forms.build(before, Kind.NOTES).inputs if entry.name == "CB").decides


def test_a_missing_mark_never_decides():
    assert decided(E13=None).decision == "EN ATTENTE"
    assert decided(E13="excluded").decision == "EN ATTENTE"
    assert decided(E13="lost").decision == "EN ATTENTE"
    assert decided(E13=None, E22="ABS").decision == "EN ATTENTE"  # B1 could still be acquired
    assert decided(E13="9", E22="ABS").decision == "PARTIEL"


def test_an_exam_of_no_bloc_decides_nothing():
    assert decided(CB="0").decision == decided(CB=None).decision == decided(CB="excluded").decision == "ADMIS"
    notes = forms.build(BTS, Kind.NOTES)
    assert [entry.name for entry in notes.inputs if not entry.decides] == ["CB"]


def test_a_bloc_already_held_asks_for_no_mark():
    blank = dict.fromkeys(PASSED)
    outcome = outcome_of(candidate(grilles=RATED, held=["B1", "B2", "B4"], notes=blank), BTS)
    assert outcome.decision == "ADMIS"
    assert outcome.reasons == tuple(f"{code} : déjà acquis à une session antérieure." for code in ("B1", "B2", "B4"))


def test_the_grid_and_the_commission_rate_no_bloc_of_marks():
    for kind in (Kind.GRILLE, Kind.SYNTHESE):
        assert [section.code for section in forms.build(BTS, kind).sections] == ["B3"]


@pytest.mark.parametrize(("theory", "asked"), [("11,99", 0), ("ABS", 0), ("12", 1), (None, 2), ("douze", 1)], ids=str)
def test_nothing_is_asked_of_an_exam_that_may_not_be_sat(tmp_path, theory, asked):
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(FILES["bts"]))
    notes = cohort.filled(Kind.NOTES)
    for code, mark in (("E41", theory), ("E42", None)):
        notes.put(Kind.NOTES, code, "", mark, candidate="007")
    notes.save()
    blank = [row["Cellule"] for row in cohort.consolidate().anomalies("V09")]
    assert [len(cells.split("; ")) for cells in blank] == ([asked] if asked else [])


def test_a_juror_reads_the_marks_of_a_mean_beside_the_levels(tmp_path):
    target = tmp_path / "essai.xlsx"
    book = new_workbook(target, title="Essai", made_at=MADE_AT)
    synopsis.draw(book, Styles(book), BTS, decided(E21="ABS", E22="excluded", E12="9.25"))
    book.close()
    shown = {row[0]: row[1:4] for row in sheets(target)["Synthèse"] if row[0]}
    assert shown["E12"] == ["Gestion d’un atelier (coefficient 2)", "", 9.25]
    assert (shown["E21"][2], shown["E22"][2]) == ("ABS", "à corriger")
    assert shown["E42"][0] == "Essai d’une machine réparée, pratique (coefficient 1, à partir de 12 en E41)"
    blocs = [row[1:4] for row in sheets(target)["Synthèse"] if str(row[1]).startswith("B")]
    assert [row[1:] for row in blocs] == [
        ["≥ 10", "Non validé"],
        ["≥ 10", "Non validé"],
        ["≥ 10", "Validé"],
        ["3 sur 4", "Validé"],
    ]


# --------------------------------------------------------------------------------------- near the bars


def near(**marks):
    """The cases near their bar of somebody who has these marks: what, by how much, the state of its bloc."""
    far = {"E11": "14", "E12": "14", "E13": "14", "E21": "14", "E22": "14", "E41": "16", "E42": "14"}
    cases = near_cases([decided(**far | marks)], BTS)
    return [(case.condition, case.margin, case.deciding, str(case.state)) for case in cases if case.condition != "B3"]


@pytest.mark.parametrize(
    ("marks", "cases"),
    [
        ({}, []),
        (
            {"E11": "10.5", "E13": "0"},
            [("B1", Decimal("-0.08"), "E11 (10,5), E12 (14), E13 (0)", "Non validé")],
        ),
        ({"E22": "7.5"}, [("E22", Decimal("0.5"), "note plancher", "Validé")]),
        ({"E22": "7.51"}, []),
        ({"E22": "6.99"}, [("E22", Decimal("-0.01"), "note plancher", "Non validé")]),
        ({"E22": "6.99", "E21": "6.99"}, []),  # one alone would turn nothing
        ({"E22": "6.99", "E21": "11"}, []),  # nor where the mean is too low
        ({"E41": "11.5"}, [("E41", Decimal("-0.5"), "ouvre E42", "Non validé")]),
        ({"E41": "12.5"}, [("E41", Decimal("0.5"), "ouvre E42", "Validé")]),
        ({"E41": "11.5", "E42": None}, []),
    ],
)
def test_what_is_near_its_bar(marks, cases):
    assert near(**marks) == cases


# --------------------------------------------------------------------------------------------- the file


def test_a_file_that_contradicts_itself_is_refused_with_every_fault():
    assert faults_of(
        "bts",
        ("at_least = 10  ", "at_least = 20.5  "),
        ("floor = 7  ", "floor = 11  "),
        ("coefficient = 3", "coefficient = 0"),
        ('bloc = "B1"\ncoefficient = 2', 'bloc = "B3"\ncoefficient = 2'),
        ('bloc = "B1"  ', 'bloc = "B9"  '),
        ('bloc = "B2"\ncoefficient = 4', "coefficient = 4"),
        ("required = 3\n", ""),
    ) == [
        "bloc[B1].at_least",
        "bloc[B2].floor",
        "bloc[B3].required",
        "exam[E11].coefficient",
        "exam[E12].bloc",
        "exam[E13].bloc",
        "exam[E21].coefficient",
    ]


def test_a_bloc_is_validated_one_way_or_the_other():
    assert faults_of("bts", ("at_least = 10  ", "required = 1\nat_least = 10  ")) == ["bloc[B1].required"]
    assert faults_of("bts", ("required = 3", "required = 3\nfloor = 7")) == ["bloc[B3].floor"]
    alone = [("floor = 7", "# floor"), ('bloc = "B2"\ncoefficient = 4\n', ""), ('bloc = "B2"\ncoefficient = 2.5', "")]
    assert faults_of("bts", *alone) == ["bloc[B2].at_least"]  # nothing is marked for it


def test_an_exam_waits_for_one_other_at_most():
    assert faults_of("bts", ('after = "E41"  ', 'after = "E9"  ')) == ["exam[E42].after"]
    assert faults_of("bts", ('after = "E41"  ', 'after = "E42"  ')) == ["exam[E42].after"]
    assert faults_of("bts", ("after_at_least = 12", "")) == ["exam[E42].after_at_least"]
    assert faults_of("bts", ('after = "E41"  ', "#")) == ["exam[E42].after"]
    assert faults_of("bts", ("after_at_least = 12", "after_at_least = 21")) == ["exam[E42].after_at_least"]
    assert faults_of("bts", ('code = "CB" ', 'after = "E11"\nafter_at_least = 1\ncode = "CB" ')) == ["exam[CB].after"]
    chain = ('code = "E41"', 'after = "E11"\nafter_at_least = 1\ncode = "E41"')
    assert faults_of("bts", chain) == ["exam[E42].after"]


def test_a_file_of_means_alone_is_refused():
    before, _, after = TEXTS["bts"].partition('[[bloc]]\ncode = "B3"')
    text = before + after[after.index("[policy]") :]
    with pytest.raises(ReferentialError, match="au moins un bloc validé par ses compétences"):
        referential.parse(text, "essai")
