"""Somebody who left: nothing is written for them, nothing is awaited from anybody about them, nothing blocks."""

from __future__ import annotations

import openpyxl

from engine import post
from engine.commands.fiches import write_fiches
from engine.commands.templates import issue
from tests.readings import GRILLE, NOTES, VALIDATION


def leave(cohort, *identifiers):
    """The cohort once these candidates left."""

    def change(table):
        lines = [
            f"{line} Abandon" if line.split("|")[0].strip() in identifiers else line for line in table.splitlines()
        ]
        return "\n".join(lines)

    return cohort.enrol(change)


def sent(cohort):
    return {path.relative_to(cohort.path).as_posix() for path in (cohort.path / "envois").rglob("*.xlsx")}


def test_what_was_written_for_them_is_set_aside_and_nothing_is_written_again(cohort):
    before = {path for path in sent(cohort) if "LEFÈVRE" in path}
    assert before
    cohort = leave(cohort, "007")
    issue(cohort.path)
    named = {path for path in sent(cohort) if "LEFÈVRE" in path}
    assert named
    assert all(path.startswith("envois/anciens/") for path in named)
    for book in ("secretariat/Notes.xlsx", "referent/R01/Validation.xlsx"):
        sheet = openpyxl.load_workbook(cohort.path / "envois" / book).worksheets[0]
        assert "007" not in {cell.value for cell in sheet["A"]}
        assert "C02" in {cell.value for cell in sheet["A"]}
    drafts = (cohort.path / "envois" / "messages").glob("*.eml")
    handed = {name for path in drafts for name in post.load(path).attached}
    assert handed
    assert not any("LEFÈVRE" in name for name in handed)


def test_sheets_without_their_row_are_complete(cohort):
    cohort = leave(cohort, "007")
    issue(cohort.path)
    for kind in (NOTES, VALIDATION):
        cohort.filled(kind).save(f"{kind}.xlsx")
    results = cohort.consolidate()
    assert results.codes <= {"I07"}
    assert set(results.states.values()) == {"Accepté"}


def test_a_sheet_without_their_row_in_which_nothing_was_typed_has_not_come(cohort):
    cohort = leave(cohort, "007")
    issue(cohort.path)
    cohort.book(NOTES).save("n.xlsx")
    assert "NOTES" in {kind for *_, kind in cohort.consolidate().missing()}


def test_nothing_about_them_blocks_nor_is_awaited(cohort):
    book = cohort.filled(GRILLE, "007")
    book.put(GRILLE, "niveau", "1.1", "quatre")
    book.save("a.xlsx")
    notes = cohort.book(NOTES)
    notes.put(NOTES, "UE1", "", 15, "007")
    notes.put(NOTES, "UE2", "", "quinze", "007")
    notes.put(NOTES, "UE3", "", "quinze", "C02")
    notes.save("n.xlsx")
    before = cohort.consolidate()
    assert {row["Candidat"] for row in before.anomalies("V03", Gravité="bloquante")} == {"007", "C02"}
    cohort = leave(cohort, "007")
    results = cohort.consolidate()
    assert {row["Candidat"] for row in results.anomalies(Gravité="bloquante")} == {"C02"}
    assert {row["Cellule"] for row in results.anomalies("V03", Candidat="007")}  # still told
    assert "007" not in {candidate for _, candidate, _ in results.missing()}
    row = results.summary("007")
    assert (row["Décision"], row["Crédits"]) == ("SORTI", "")
    copies = {path.name for path in (cohort.path / "envois" / "a_corriger").rglob("*.xlsx")}
    assert copies == {"Notes.xlsx"}


def test_no_credit_is_shown_on_their_page(cohort):
    notes = cohort.book(NOTES)
    for unit in ("UE1", "UE2"):
        notes.put(NOTES, unit, "", 15, "007")
    notes.save("n.xlsx")
    cohort = leave(cohort, "007")
    write_fiches(cohort.path)
    (page,) = (cohort.path / "resultats" / "fiches").glob("LEFÈVRE*.xlsx")
    sheet = openpyxl.load_workbook(page).active
    texts = {str(cell.value) for line in sheet.iter_rows() for cell in line}
    assert "Crédits accordés" not in texts
