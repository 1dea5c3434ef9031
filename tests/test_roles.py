"""A bloc validated by a mean of roles: its weights, its bar, what a role lacks, what is told of it, what is refused."""

from decimal import Decimal

import openpyxl
import pytest
from click.testing import CliRunner

from engine import referential
from engine.assessment.decide import unnamed
from engine.model import Kind, State, forms
from engine.office.styles import Styles, new_workbook
from engine.outputs.workbook.near import near_cases
from engine.templates import synopsis
from engine.terminal.main import main
from tests import cohorts
from tests.descriptions import CQP, FILES, TEXTS, candidate, outcome_of, points
from tests.promotion import MADE_AT
from tests.results import sheets
from tests.test_presented import presenting

CODES = tuple(competence.code for competence in CQP.competences)
TUTOR, TRAINER, SECOND = "T01", "F01", "F02"
JURY = ("J01", "J02")


def level(number, **others):
    """The levels of a whole grid, but for some, by codes written ``c11``."""
    return dict.fromkeys(CODES, number) | {f"{name[1]}.{name[2]}": cell for name, cell in others.items()}


def decided(tutor=None, trainer=None, total="18", *, second=None, rules=CQP, **more):
    """The outcome of somebody who has these grids, and this total of two jurors (``None``: no oral)."""
    grids = [(TUTOR, tutor), (TRAINER, trainer), (SECOND, second)]
    orals = [(juror, points(total, CQP), None) for juror in JURY] if total is not None else []
    people = {"tutors": [TUTOR], "trainers": [TRAINER, SECOND], "jurors": JURY}
    grilles = [(name, cells) for name, cells in grids if cells is not None]
    return outcome_of(candidate(**{"grilles": grilles, "orals": orals} | people | more), rules)


def told(outcome, code="B1"):
    """The state of a bloc, and what is said of it."""
    return str(outcome.blocs[code].state), [reason for reason in outcome.reasons if reason.startswith(code)]


def test_each_role_weighs_what_the_file_says():
    outcome = decided(level("3"), level("3", c12="2"), "18", second=level("3", c13="4"))
    marks = {word: mark.value for word, mark in outcome.blocs["B1"].marks.items()}
    # tutor: 3 of 1 to 4; trainers: (3 + 2,5 + 3,5) / 3 = 3; jury: 18 of 30
    assert marks == {"formateurs": Decimal("13.33"), "tuteur": Decimal("13.33"), "jury": 12}
    assert outcome.blocs["B1"].value == Decimal("12.67")  # 0,3 × 13,33 + 0,2 × 13,33 + 0,5 × 12 = 12,665
    assert list(outcome.blocs["B3"].marks) == ["formateurs", "tuteur"]


def of_ten_levels():
    """The same certification with levels from 0 to 10, each worth two marks."""
    text = TEXTS["cqp"].replace("minimum = 1\nmaximum = 4\nstep = 1\n", "minimum = 0\nmaximum = 10\nstep = 0.5\n")
    lines = [line for line in text.splitlines() if not line.startswith(("labels", "level_worth_zero"))]
    return referential.parse("\n".join(lines), "essai")


@pytest.mark.parametrize(
    ("tutor", "trainer", "total", "state", "value"),
    [
        ("5", "5", "15", "Validé", "10"),
        ("5", "5", "14.5", "Non validé", "9.84"),  # the mark of the jury is 9,67, and the mean 9,835
        ("3.5", "3.5", "19.5", "Validé", "10"),  # 7 is the floor, and 13 the mark of the jury
        ("3.5", "3.5", "19", "Non validé", "9.84"),
        ("3", "10", "30", "Non validé", "17.2"),  # the tutor is under the floor
        ("10", "10", "10.5", "Validé", "13.5"),
        ("10", "10", "10", "Non validé", "13.34"),  # the jury is
    ],
)
def test_around_the_bar_and_the_floor(tutor, trainer, total, state, value):
    bloc = decided(level(tutor), level(trainer), total, rules=of_ten_levels()).blocs["B1"]
    assert (str(bloc.state), bloc.value) == (state, Decimal(value))


@pytest.mark.parametrize(
    ("given", "state", "reason"),
    [
        (
            {},
            "En attente",
            "formateurs, aucun niveau saisi (formateurs F01 et F02) ; tuteur, aucun niveau saisi (tuteur T01)",
        ),
        ({"tutor": level("4")}, "En attente", "formateurs, aucun niveau saisi (formateurs F01 et F02)"),
        (
            {"tutor": level("4"), "trainer": level("4"), "total": None},
            "En attente",
            "jury, note du grand oral attendue",
        ),
        (
            {"tutor": level("4", c12="NE"), "trainer": level("4", c11=None, c13=None)},
            "En attente",
            "formateurs, il manque 2 niveaux : 1.1 et 1.3 (formateurs F01 et F02) ; "
            "tuteur, il manque 1 niveau : 1.2 (tuteur T01)",
        ),
        (
            {"tutor": level("4", c12="excluded"), "trainer": level("4")},
            "En attente",
            "tuteur, à corriger : 1.2 (tuteur T01)",
        ),
        (
            {"tutor": level("2"), "trainer": level("3"), "total": "15"},
            "Non validé",
            "tuteur à 6,67, il faut au moins 7, il manque 0,33",
        ),
        (
            {"tutor": level("3"), "trainer": level("2", c11="3"), "total": "12"},
            "Non validé",
            "moyenne de 9,33 (formateurs 8,89 × 30 %, tuteur 13,33 × 20 %, jury 8,00 × 50 %), il faut 10, "
            "il manque 0,67",
        ),
        (
            {"trainer": level("2", c11="3"), "total": "10.5"},
            "En attente",
            "tuteur, aucun niveau saisi (tuteur T01)",
        ),
        (
            {"trainer": level("1"), "tutor": None, "total": "15"},
            "Non validé",
            "formateurs à 0,00, il faut au moins 7, il manque 7,00 ; "
            "moyenne d'au plus 9,00 (formateurs 0,00 × 30 %, tuteur à venir × 20 %, jury 10,00 × 50 %), il faut 10, "
            "il manque 1,00",
        ),
    ],
)
def test_what_is_told(given, state, reason):
    assert told(decided(**given)) == (state, [f"B1 : {reason}."])


def test_no_mean_is_made_of_fewer_roles_nor_of_fewer_competences():
    best, lacking = level("4"), level("4", c13=None)
    for given in ({"tutor": best}, {"trainer": best}, {"tutor": lacking, "trainer": best}):
        bloc = decided(**given, total="30").blocs["B1"]
        assert (bloc.state, bloc.value) == (State.PENDING, None)


def test_an_absence_at_the_oral_fails_what_the_jury_weighs_in_alone():
    orals = [(juror, dict.fromkeys(points("1", CQP), "ABS"), None) for juror in JURY]
    outcome = decided(level("4"), level("4"), orals=orals)
    assert told(outcome) == ("Non validé", ["B1 : absence au grand oral."])
    assert (outcome.decision, outcome.acquired) == ("PARTIEL", ("B3",))


def test_an_oral_held_from_before_has_no_mark_here():
    outcome = decided(level("4"), level("4"), None, kept=["ORAL"])
    reason = "B1 : jury, oral conservé d'une session antérieure, sans sa note : la délibération du jury en décide."
    assert told(outcome) == ("En attente", [reason])
    assert (outcome.decision, str(outcome.blocs["B3"].state)) == ("EN ATTENTE", "Validé")


def test_nobody_in_a_role_is_waited_for_and_told():
    outcome = decided(level("4"), level("4"), tutors=[], trainers=[TUTOR, TRAINER])
    assert told(outcome)[1] == ["B1 : tuteur, aucun niveau saisi (personne n'est désigné au registre)."]
    both = decided(level("4"), None, tutors=[TUTOR], trainers=[TUTOR])
    assert both.decision == "ADMIS"  # the roster says that this person is both


def test_a_level_of_somebody_of_no_role_is_never_lost():
    outcome = decided(level("4"), level("4"), second=level("1"), trainers=[TRAINER])
    assert str(outcome.blocs["B1"].state) == "En attente"
    assert "à corriger : 1.1, 1.2 et 1.3 (évaluateur F02)" in told(outcome)[1][0]


def test_a_level_of_the_commission_is_that_of_every_role():
    lacking = {"tutor": level("3", c11=None), "trainer": level("3", c11="excluded")}
    assert told(decided(**lacking))[0] == "En attente"
    bloc = decided(**lacking, commission={"1.1": "4"}).blocs["B1"]
    assert [bloc.marks[word].value for word in ("formateurs", "tuteur")] == [Decimal("15.56")] * 2
    assert told(decided(**lacking, commission={"1.1": "excluded"}))[0] == "En attente"


def test_the_candidate_reads_no_mark_of_a_role():
    outcome = decided(level("2"), level("2"), "12")
    (seen,) = unnamed([outcome], CQP, {})
    about = [reason for reason in seen.reasons if reason.startswith("B")]
    assert about[0] == (
        "B1 : formateurs sous la note plancher, il faut au moins 7 ; "
        "tuteur sous la note plancher, il faut au moins 7 ; moyenne de 7,34, il faut 10, il manque 2,66."
    )
    assert not [reason for reason in about if "6,67 ×" in reason or " à 6,67" in reason]


def test_who_presents_such_a_bloc_alone_sits_the_oral():
    grids = {"tutor": level("4"), "trainer": level("4")}
    waiting = decided(**grids, total=None, presented=["B1"])
    assert (waiting.decision, str(waiting.oral.state)) == ("EN ATTENTE", "En attente")
    assert decided(**grids, presented=["B1"]).decision == "PARTIEL"
    other = decided(**grids, total=None, presented=["B3"])
    assert (other.decision, str(other.oral.state)) == ("PARTIEL", "Non présenté")
    held = decided(**grids, total=None, presented=["B3"], held=["B1"])
    assert (held.decision, str(held.oral.state)) == ("PARTIEL", "Non présenté")


@pytest.mark.parametrize(("bloc", "sheets"), [("B1", 2), ("B3", 0)])
def test_who_presents_such_a_bloc_alone_is_on_the_jury_s_sheets(tmp_path, bloc, sheets):
    summons = "Convocation=Oui" if sheets else ""
    cohort = presenting(cohorts.make(tmp_path / "cohorte", referential=str(FILES["cqp"])), bloc, summons)
    assert len(list((cohort.path / "envois" / "jurys").rglob("LEFÈVRE*"))) == sheets


def test_what_is_near_its_bar():
    near = [
        (case.condition, case.margin, case.deciding)
        for case in near_cases([decided(level("3"), level("2", c11="3"), "13.5")], CQP)
        if case.condition != "B2"
    ]
    assert near == [("B1", Decimal("-0.17"), "formateurs (8,89), tuteur (13,33), jury (9)")]


def test_the_grid_counts_levels_and_the_commission_sees_no_count():
    for kind in (Kind.GRILLE, Kind.SYNTHESE):
        sections = forms.build(CQP, kind).sections
        assert [(section.code, section.required) for section in sections] == [(c, None) for c in ("B1", "B2", "B3")]


def test_a_juror_reads_the_marks_of_the_other_roles(tmp_path):
    target = tmp_path / "essai.xlsx"
    book = new_workbook(target, title="Essai", made_at=MADE_AT)
    synopsis.draw(book, Styles(book), CQP, decided(level("3"), level("2"), None))
    book.close()
    rows = [row[1:4] for row in sheets(target)["Synthèse"] if str(row[1]).startswith(("B1", "Note"))]
    assert rows[:4] == [
        ["B1  Préparer et entretenir les parcelles", "≥ 10", "Non validé"],
        ["Note, formateurs (30 %)", "", 6.67],
        ["Note, tuteur (20 %)", "", 13.33],
        ["Note, jury (50 %)", "", ""],
    ]


# ------------------------------------------------------------------------------------- the whole of it


def test_a_role_that_nobody_has_and_a_competence_that_it_left_out_are_told(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(FILES["cqp"]))
    before = cohort.consolidate().anomalies("R01")  # nothing has come, and two candidates have no trainer at all
    assert [(row["Candidat"], row["Valeur"]) for row in before] == [("C02", "B1; B2; B3"), ("C03", "B1; B2; B3")]
    assert {row["Message"][:25].replace("\u2019", "'") for row in before} == {"Aucun formateur n'est dés"}
    for evaluator, left in (("T01", ()), ("F01", ("1.1", "3.2"))):
        book = cohort.book(Kind.GRILLE, evaluator=evaluator)
        for code in set(CODES) - set(left):
            book.put(Kind.GRILLE, "niveau", code, 3)
        book.save(f"{evaluator}.xlsx")
    book = cohort.book(Kind.GRILLE, candidate="C02")
    for code in CODES:
        book.put(Kind.GRILLE, "niveau", code, 1)
    book.save("C02.xlsx")
    after = cohort.consolidate()
    (nobody,) = after.anomalies("R01", Candidat="C02")
    assert nobody["Valeur"] == "B2; B3"  # the tutor is under the floor of B1, which waits for nobody any more
    found = after.anomalies("R01", Candidat="007")
    assert [row["Valeur"] for row in found] == ["1.1", "3.2"]
    assert {row["Gravité"] for row in found} == {"avertissement"}
    assert "un formateur" in found[0]["Correction"]


def test_a_cohort_of_it_from_its_sheets_to_its_results(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(FILES["cqp"]))
    for evaluator, given in (("T01", 3), ("F01", 3)):
        book = cohort.book(Kind.GRILLE, evaluator=evaluator)
        for code in CODES:
            book.put(Kind.GRILLE, "niveau", code, given)
        book.save(f"{evaluator}.xlsx")
    waiting = cohort.consolidate().summary("007")
    assert (waiting["Décision"], waiting["B1 jury"], waiting["B3"]) == ("EN ATTENTE", "", 13.33)
    for juror in ("J01", "J02"):
        book = cohort.book(Kind.ORAL, evaluator=juror)
        for code, given in points("18", CQP).items():
            book.put(Kind.ORAL, "points", code, float(given))
        book.save(f"{juror}.xlsx")
    summary = cohort.consolidate().summary("007")
    marks = [summary[f"B1 {word}"] for word in ("formateurs", "tuteur", "jury")]
    assert (marks, summary["B1"], summary["B1 état"]) == ([13.33, 13.33, 12], 12.67, "Validé")
    assert (summary["Décision"], summary["Provisoire"]) == ("ADMIS", "Non")
    assert CliRunner().invoke(main, ["jury", str(cohort.path)]).exit_code in (0, 1)
    (sheet,) = (cohort.path / "envois" / "commission").glob("LEFÈVRE*.xlsx")
    rows = openpyxl.load_workbook(sheet).worksheets[0].iter_rows(values_only=True)
    (bloc,) = ([cell for cell in row if cell is not None] for row in rows if "B1  Préparer" in str(row[1]))
    assert [str(cell) for cell in bloc[1:]] == ['="moyenne des rôles"']  # no count: none validates it
