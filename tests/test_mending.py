"""Copies to mend and reminders: what comes back wrong goes out again, ready to be put right."""

from __future__ import annotations

import email
import time
from email import policy

import openpyxl
import pytest

from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.commands.status import status
from engine.commands.templates import issue
from tests import cohorts
from tests.cohorts import Book
from tests.libreoffice import InsertRows, Type
from tests.readings import GRILLE, NOTES, ORAL, TRANSVERSALE, TRAVAUX, VALIDATION, reference_cell

GRID = "LEFÈVRE Éloïse Grille de compétences.xlsx"
JURY = "LEFÈVRE Éloïse Grand oral.xlsx"


def copies(cohort):
    """The copies to mend, by path below ``envois/a_corriger``."""
    root = cohort.path / "envois" / "a_corriger"
    return {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}


def drafts(cohort):
    """The reminders, by identifier (``""`` for the secretariat)."""
    found = {}
    for path in (cohort.path / "envois" / "relances").iterdir():
        identifier = path.stem.rpartition("(")[2].rstrip(")") if "(" in path.stem else ""
        found[identifier] = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    return found


def text(message):
    return message.get_body().get_content()


def inputs(book, kind):
    """What every input of a sheet holds, by (input, code)."""
    form = book.form(kind)
    places = [(entry.name, row.code) for row in form.rows for entry in form.inputs]
    places += [(entry.name, "") for entry in form.singles]
    if not form.by_candidate_rows:
        return {place: book.cell(kind, *place) for place in places}
    return {(name, code): book.cell(kind, name, candidate=code) for name, code in places if code}


# ------------------------------------------------------------------------------------------- the copies


def test_a_faulty_sheet_goes_out_again_with_what_was_accepted(cohort):
    book = cohort.filled(GRILLE)
    book.put(GRILLE, "auto", "1.1", "NE")
    book.put(GRILLE, "experience", "1.1", "=SOMME(1) tenue d'un rayon,\nà Lyon").data_type = "s"
    book.put(GRILLE, "niveau", "1.2", "ne")
    book.put(GRILLE, "niveau", "1.3", "3 ou 4")
    book.put(GRILLE, "niveau", "2.1", "4")  # a text that is plainly a number
    book.put(TRAVAUX, "date", "RA1", "au printemps")
    book.save()
    cohort.consolidate()
    assert list(copies(cohort)) == [f"T01/{GRID}"]
    mended = Book(copies(cohort)[f"T01/{GRID}"], cohort)
    grid, works = inputs(mended, GRILLE), inputs(mended, TRAVAUX)
    assert (grid["niveau", "1.1"].value, grid["niveau", "1.2"].value, grid["niveau", "2.1"].value) == (5, "NE", 4)
    assert grid["auto", "1.1"].value == "NE"
    assert grid["experience", "1.1"].value == "=SOMME(1) tenue d'un rayon,\nà Lyon"
    assert grid["experience", "1.1"].data_type == "s"
    assert grid["date", ""].value.date() == cohorts.DAY
    assert works["niveau", "RA1"].value == 5
    noted = {place for place, cell in (grid | works).items() if cell.comment}
    assert noted == {("niveau", "1.3"), ("date", "RA1")}
    assert grid["niveau", "1.3"].value is None
    note = grid["niveau", "1.3"].comment.text
    assert "« 3 ou 4 »" in note
    assert "Attendu : un nombre entier de 1 à 5 ou NE." in note
    assert "« au printemps »" in works["date", "RA1"].comment.text
    issued = Book(cohort.issued(GRILLE), cohort)
    assert references(mended) == references(issued)


def references(book):
    return [cell.value for sheet in book.workbook for cell in sheet[1] if cell.value]


def test_nothing_typed_is_lost_however_long(cohort):
    long = "Je ne sais pas, il faudrait voir avec sa responsable de rayon, " * 4
    cohort.filled(ORAL).save()
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", long)
    book.put(TRANSVERSALE, "niveau", "T02", 4.5)
    book.save()
    cohort.consolidate()
    mended = Book(copies(cohort)[f"J01/{JURY}"], cohort)
    assert long.strip() in mended.cell(ORAL, "points", "O01").comment.text
    assert "4,5" in mended.cell(TRANSVERSALE, "niveau", "T02").comment.text


def test_what_the_candidate_wrote_goes_out_again_too(cohort):
    book = cohort.book(GRILLE)
    book.put(GRILLE, "experience", "1.1", "Vente en magasin")
    book.put(TRAVAUX, "niveau", "RA1", 9)
    book.save()
    cohort = cohort.enrol(lambda table: table.replace("| T01    | F01  ", "| T02;T01 | F01 "))  # no more the first one
    cohort.consolidate()
    mended = Book(copies(cohort)[f"T01/{GRID}"], cohort)
    assert mended.cell(GRILLE, "experience", "1.1").value == "Vente en magasin"


def test_merged_cells_keep_what_they_held_in_their_notes(cohort):
    book = cohort.filled(ORAL)
    cells = [book.put(ORAL, "points", code, 0.5).coordinate for code in ("O01", "O02")]
    book.sheet(ORAL).merge_cells(":".join(cells))
    book.save()
    cohort.consolidate()
    mended = Book(copies(cohort)[f"J01/{JURY}"], cohort)
    first = mended.cell(ORAL, "points", "O01")
    assert first.value is None
    assert "Saisi : 0,5" in first.comment.text
    assert "Attendu" in mended.cell(ORAL, "points", "O02").comment.text


def test_a_row_that_was_lost_is_asked_for_again(cohort):
    book = cohort.filled(GRILLE)
    sheet = book.sheet(GRILLE)
    sheet.cell(cohorts.row_of(sheet, "2.10"), 1).value = "9.9"
    book.save()
    cohort.consolidate()
    mended = inputs(Book(copies(cohort)[f"T01/{GRID}"], cohort), GRILLE)
    noted = {place for place, cell in mended.items() if cell.comment}
    assert noted == {("niveau", "2.10")}
    assert "Attendu" in mended["niveau", "2.10"].comment.text
    guide = openpyxl.load_workbook(copies(cohort)[f"T01/{GRID}"])["Mode d'emploi"]
    assert any("9.9" in str(cell.value) for line in guide.iter_rows() for cell in line)


def test_notes_and_validation_go_to_whoever_fills_them(cohort):
    notes = cohort.filled(NOTES)
    notes.put(NOTES, "UE1", "UE1", 21, candidate="007")
    notes.put(NOTES, "EN", "EN", "DISP", candidate="C02")
    notes.save("notes.xlsx")
    validation = cohort.filled(VALIDATION)
    validation.put(VALIDATION, "RA1", "RA1", "peut-être", candidate="C02")
    validation.save("validation.xlsx")
    cohort.consolidate()
    assert list(copies(cohort)) == ["R01/Validation.xlsx", "secretariat/Notes.xlsx"]
    mended = inputs(Book(copies(cohort)["secretariat/Notes.xlsx"], cohort), NOTES)
    assert "21" in mended["UE1", "007"].comment.text
    assert (mended["UE1", "007"].value, mended["EN", "C02"].value, mended["UE2", "007"].value) == (None, "DISP", 20)
    assert drafts(cohort)[""]["Subject"]


def test_what_is_merely_unfinished_or_right_has_no_copy(cohort):
    cohort.filled(ORAL).save("fini.xlsx")
    book = cohort.filled(ORAL, evaluator="J02")
    book.put(ORAL, "points", "O01", None)
    book.save("inachevé.xlsx")
    cohort.consolidate()
    assert copies(cohort) == {}
    said = text(drafts(cohort)["J02"])
    assert "Grand oral de LEFÈVRE Éloïse (votre fichier « inachevé.xlsx »)" in said
    assert "une valeur manque" in said


def test_a_refused_sheet_is_told_of_and_not_made_again(cohort):
    book = cohort.filled(ORAL)
    for kind in (ORAL, TRANSVERSALE):
        cell = reference_cell(book, kind)
        cell.value = cell.value[:-1] + "?"
    book.save()
    cohort.consolidate()
    assert copies(cohort) == {}
    assert "porte un sceau qui n'est pas celui de cette cohorte" in text(drafts(cohort)["J01"])


def test_the_signature_is_never_put_back(cohort):
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", "x")
    book.save()
    cohort.consolidate()
    mended = Book(copies(cohort)[f"J01/{JURY}"], cohort)
    assert mended.cell(ORAL, "signature").value is None
    assert mended.cell(TRANSVERSALE, "signature").value is None


# ----------------------------------------------------------------------------------------- on the disk


def test_a_second_night_rewrites_nothing_and_the_next_ones_lose_nothing(cohort, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", "x")
    book.save()
    cohort.consolidate()
    sent = state(cohort)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750090000")
    cohort.consolidate()
    assert state(cohort) == sent
    typed = copies(cohort)[f"J01/{JURY}"]
    typed.write_bytes(typed.read_bytes() + b"typed")  # somebody fills it where it stands
    (cohort.returns / "retour.xlsx").unlink()
    cohort.filled(ORAL).save()
    cohort.consolidate()
    assert copies(cohort) == {}
    assert not (cohort.path / "envois" / "a_corriger" / "J01").exists()
    kept = cohort.path / "envois" / "anciens" / "a_corriger" / "J01" / JURY
    assert kept.read_bytes().endswith(b"typed")


def state(cohort):
    files = (path for path in (cohort.path / "envois").rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_issuing_again_leaves_copies_and_reminders_alone(cohort):
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", "x")
    book.save()
    cohort.consolidate()
    before = state(cohort)
    assert issue(cohort.path).moved == {}
    assert state(cohort) == before


def test_a_dry_run_and_status_write_nothing(cohort):
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", "x")
    book.save()
    before = state(cohort)
    consolidate(cohort.path, Options(dry_run=True))
    assert status(cohort.path).follow_up.corrections == 0
    assert state(cohort) == before
    cohort.consolidate()
    ready = status(cohort.path).follow_up
    assert (ready.corrections, ready.reminders) == (1, len(drafts(cohort)))


def test_a_place_taken_by_a_file_leaves_the_results(cohort):
    cohort.filled(GRILLE).save()  # so that the others are late
    (cohort.path / "envois" / "relances").write_bytes(b"mine")
    results = cohort.consolidate()
    assert results.report.needs_a_person
    assert "relances" in results.report.follow_up.trouble
    assert results.path.exists()


# --------------------------------------------------------- mended as told, with a real spreadsheet program


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("kind", "typed", "code", "name", "right"),
    [
        (GRILLE, {"grille_niveau_1.3": "3/5"}, "V05", f"T01/{GRID}", {"grille_niveau_1.3": "4"}),
        (ORAL, {"oral_points_O05": "80%", "oral_rapport": "peut-être"}, "V08", f"J01/{JURY}", None),
    ],
)
def test_once_mended_the_copy_replaces_the_faulty_return(office, cohort, kind, typed, code, name, right):
    full = cohort.filled(kind)
    source = full.save("plein.xlsx")
    returned = cohort.returns / "retour.xlsx"
    title = kind.record.title
    office.edit(source, returned, [Type(where, what, title) for where, what in typed.items()])
    source.unlink()
    results = cohort.consolidate()
    assert results.anomalies(code)
    time.sleep(1.1)  # workbooks are dated to the second
    right = right or {"oral_points_O05": "0,5", "oral_rapport": "Oui"}
    office.edit(
        copies(cohort)[name],
        cohort.returns / "corrigé.xlsx",
        [Type(where, what, title) for where, what in right.items()],
    )
    mended = cohort.consolidate()
    assert mended.states["retour.xlsx"] == "Remplacé"
    assert [row for row in mended.anomalies() if row["Gravité"] == "bloquante"] == []
    assert copies(cohort) == {}
    before = {(row["Saisie"], row["Code"]): row["Valeur retenue"] for row in results.sheets["Détail"]}
    after = {(row["Saisie"], row["Code"]): row["Valeur retenue"] for row in mended.sheets["Détail"]}
    assert {place: value for place, value in after.items() if place in before} == {
        place: value for place, value in before.items() if place[0] != "signature"
    }
    assert len(after) == len(before) + len(right) - 1  # what was typed again, the signature aside


@pytest.mark.libreoffice
def test_once_mended_the_notes_replace_the_faulty_ones(office, cohort):
    book = cohort.filled(NOTES)
    place = book.cell(NOTES, "UE1", candidate="007").coordinate
    source = book.save("plein.xlsx")
    office.edit(source, cohort.returns / "notes.ods", [Type(place, "=1/0", "Notes"), InsertRows("Notes", 5)])
    source.unlink()
    assert cohort.consolidate().anomalies("V06")
    time.sleep(1.1)
    copy = copies(cohort)["secretariat/Notes.xlsx"]
    place = Book(copy, cohort).cell(NOTES, "UE1", candidate="007").coordinate
    office.edit(copy, cohort.returns / "notes corrigées.xlsx", [Type(place, "12,25", "Notes")])
    mended = cohort.consolidate()
    assert [row for row in mended.anomalies() if row["Gravité"] == "bloquante"] == []
    assert mended.value("007", "UE1", "UE1") == 12.25
    assert mended.summary("007")["EN"] == 20
