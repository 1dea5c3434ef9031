"""From a form to its workbook, typed by a person in a real spreadsheet program, and back: the same values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import cycle

import pytest

from engine.model.forms import Nature
from engine.model.values import figure
from tests import cohorts
from tests.libreoffice import Office, Type
from tests.readings import GRILLE, NOTES, ORAL, VALIDATION, read

pytestmark = pytest.mark.libreoffice

SUFFIXES = (".xlsx", ".ods")
REFERENTIALS = {"cgco": cohorts.CGCO, "autre": cohorts.OTHER}

WORDS = {
    Nature.YES_NO: [("Oui", "Oui"), ("non", "Non"), ("VRAI", "Oui"), ("o", "Oui")],
    Nature.TICK: [("x", "x"), ("X", "x"), ("oui", "x")],
    Nature.DATE: [("02/06/2025", date(2025, 6, 2)), ("1/9/25", date(2025, 9, 1)), ("'3/2/2025", date(2025, 2, 3))],
    Nature.TEXT: [("Étude d'un rayon", "Étude d'un rayon"), ("=A1", "=A1"), ("+ de ventes", "+ de ventes")],
}
"""What people type where no number is expected, and what is meant."""


@pytest.fixture(scope="module", params=REFERENTIALS)
def cohort(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("allers-retours") / "Été 2025"
    return cohorts.make(folder, referential=REFERENTIALS[request.param])


def typed_numbers(domain):
    """Texts typed for a scale, in French, with what each means; every step, or decimals where there is none."""
    numbers = domain.values or (domain.minimum, Decimal("12.25"), Decimal("9.5"), domain.maximum)
    yield from ((figure(number), number) for number in numbers)
    yield from ((state.lower(), state) for state in sorted(domain.states))
    yield f"'{figure(numbers[1])}", numbers[1]


def gestures(book, kind):
    """What is typed in every input of a sheet, and the values it stands for: (input, row) -> value."""
    form, expected, typing = book.form(kind), {}, []
    choices = {}
    for row in form.rows:
        for entry in form.inputs:
            domain = form.domain(entry, row)
            choice = choices.setdefault(domain, cycle(WORDS.get(domain.nature) or list(typed_numbers(domain))))
            text, expected[entry.name, row.code] = next(choice)
            typing.append(gesture(book, kind, entry, row.code if form.by_candidate_rows else "", row.code, text))
    for entry in form.singles:
        text, expected[entry.name, ""] = WORDS[entry.domain.nature][0]
        typing.append(gesture(book, kind, entry, "", "", text))
    return typing, expected


def gesture(book, kind, entry, candidate, code, text):
    """Typing in a cell: by its defined name where it has one, by its row and heading elsewhere."""
    if candidate:
        return Type(book.cell(kind, entry.name, "", candidate).coordinate, text, sheet=book.sheet(kind).title)
    return Type("_".join(filter(None, (kind.lower(), entry.name, code))), text)


def values(report, kind):
    """What was read of a sheet: (input, row) -> value or state; rows are people in NOTES and VALIDATION."""
    (sheet,) = [sheet for sheet in report.sheets if sheet.kind is kind]
    by_people = kind in (NOTES, VALIDATION)
    return {(mark.input, mark.candidate if by_people else mark.code): mark.held for mark in sheet.marks}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("first", [GRILLE, ORAL, NOTES, VALIDATION])
def test_what_is_typed_is_what_is_read(cohort, office: Office, first, suffix):
    book = cohort.book(first)
    typing, expected = [], {}
    for kind in book.kinds:
        gestured, expected[kind] = gestures(book, kind)
        typing += gestured
    path = office.edit(book.path, cohort.returns / f"{first}{suffix}", typing)
    report = read(cohort, path)
    for kind in book.kinds:
        assert values(report, kind) == expected[kind]
    assert {each.code for sheet in report.sheets for each in sheet.anomalies} <= {"V04"}


# typed in a level from 1 to 5 (or 0 to 4 by halves), the anomaly, what is kept; both where the scales differ
MISTAKES = [
    ("3/5", "V05", None),
    ("12/5", "V05", None),
    ("3:5", "V05", None),
    ("4-", "V01", None),
    ("1e1", "V01", None),
    ("1 1/2", ("V02", None), (None, Decimal("1.5"))),
    ("3.5", ("V02", "V04"), (None, Decimal("3.5"))),
    ("80%", "V08", None),
    ("VRAI", "V07", None),
    ("quatre", "V03", None),
    ("4 pts", "V03", None),
    ("½", "V03", None),
    ("1,5/3", "V03", None),
    ("3 / 5", ("V04", "V03"), (Decimal(3), None)),
    ("3 sur 4", ("V03", "V04"), (None, Decimal(3))),
    ("ABS", "V10", None),
    ("=1/0", "V06", None),
    ("=NA()", "V06", None),
    ("=1+2", "V11", Decimal(3)),
    ('="trois"', "V03", None),
    ("4+", None, Decimal(4)),
    ("03", None, Decimal(3)),
]


def for_scale(told, cohort):
    """What holds under the referential in use, where the two differ."""
    return told[cohort.roster.session.referential != cohorts.CGCO] if isinstance(told, tuple) else told


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_typed_wrongly_gets_its_code_in_both_formats(cohort, office: Office, suffix):
    codes = [competence.code for competence in cohort.referential.competences]
    kept, told = {}, {}
    for rank in range(0, len(MISTAKES), len(codes)):
        batch = list(zip(codes, MISTAKES[rank : rank + len(codes)], strict=False))
        typing = [Type(f"grille_niveau_{code}", text) for code, (text, *_) in batch]
        path = office.edit(cohort.issued(GRILLE), cohort.returns / f"fautes{suffix}", typing)
        report = read(cohort, path)
        (sheet,) = [sheet for sheet in report.sheets if sheet.kind is GRILLE]
        at = {mark.code: (mark.cell, mark.value) for mark in sheet.marks if mark.input == "niveau"}
        for code, (text, *_) in batch:
            told[text] = [each.code for each in sheet.anomalies if each.cell == at[code][0]]
            kept[text] = at[code][1]
    expected = {text: for_scale(code, cohort) for text, code, _ in MISTAKES}
    assert told == {text: [code] if code else [] for text, code in expected.items()}
    assert kept == {text: for_scale(value, cohort) for text, _, value in MISTAKES}


def best(domain):
    """What a person types for a value that passes every bar."""
    return figure(domain.maximum) if domain.nature is Nature.NUMBER else WORDS[domain.nature][0][0]


def good_marks(book, kind, **other):
    """Typing the best value in every expected input of a sheet, but for some codes."""
    form = book.form(kind)
    for row in form.rows:
        for entry in form.inputs:
            if entry.expected:
                candidate = row.code if form.by_candidate_rows else ""
                text = other.get(row.code.replace(".", "_"), best(form.domain(entry, row)))
                yield gesture(book, kind, entry, candidate, row.code, text)
    yield from (Type(f"{kind.lower()}_{entry.name}", "Oui") for entry in form.singles if entry.decides)


def test_the_whole_chain_decides_from_what_was_typed(tmp_path, cohort, office: Office):
    """Two candidates, returns of both formats; the second one's level was typed as a date, and waits."""
    fresh = cohorts.make(tmp_path / "cohorte", referential=cohort.roster.session.referential)
    suffixes = cycle(SUFFIXES)
    first = fresh.referential.competences[0].code
    for candidate, evaluator, kind in (
        ("007", "T01", GRILLE),
        ("007", "F01", GRILLE),
        ("007", "J01", ORAL),
        ("007", "J02", ORAL),
        ("C03", "T02", GRILLE),
        ("", "", NOTES),
    ):
        book = fresh.book(kind, candidate or "007", evaluator)
        slip = {first.replace(".", "_"): "3/4"} if candidate == "C03" else {}
        typing = [each for sheet in book.kinds for each in good_marks(book, sheet, **slip)]
        office.edit(book.path, fresh.returns / f"{kind} {candidate} {evaluator}{next(suffixes)}", typing)
    results = fresh.consolidate()
    row = results.summary("007")
    assert (row["Décision"], row["Provisoire"], row["Motifs"]) == ("ADMIS", "Non", "")
    assert row["Oral"] == float(fresh.referential.oral.points)
    assert results.summary("C03")["Décision"] == "EN ATTENTE"
    wrong = results.anomaly("V05")
    assert (wrong["Candidat"], wrong["Évaluateur"], "« 3/4 »" in wrong["Message"].replace("\u202f", " ")) == (
        "C03",
        "T02",
        True,
    )
    assert results.level("C03", first) == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_identifiers_typed_in_unassigned_sheets_keep_their_zeros(tmp_path, office: Office, suffix):
    fresh = cohorts.make(tmp_path / "cohorte")
    people = [Type("grille_candidat", "007"), Type("grille_evaluateur", "t01")]
    blank = fresh.blank(GRILLE)
    office.edit(blank.path, fresh.returns / f"vierge{suffix}", [*people, *good_marks(blank, GRILLE)])
    notes = fresh.blank(NOTES)
    row = cohorts.find(notes.sheet(NOTES), "Identifiant").row + 1
    column = cohorts.find(notes.sheet(NOTES), "EN").column_letter
    typing = [Type(f"A{row}", "007", sheet="Notes"), Type(f"{column}{row}", "12,25", sheet="Notes")]
    office.edit(notes.path, fresh.returns / f"notes{suffix}", typing)
    results = fresh.consolidate()
    assert results.level("007", "1.1") == 5
    assert results.summary("007")["EN"] == 12.25
    assert {row["Code"] for row in results.sheets["Anomalies"]} - {"R01", "R03"} == {"I07", "I08", "V09"}
