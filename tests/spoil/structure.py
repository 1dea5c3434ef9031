"""Sheets turned upside down: what is still found (no code), what is lost and said (S01 to S06)."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

import openpyxl
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from engine.model import Kind
from tests import cohorts, moving, test_locate
from tests.spoil.case import SPOILED, Case, Spoil, edited, part_of, reference_cell, repacked, replaced, restamped, saved

GRILLE, TRAVAUX, TRANSVERSALE, ORAL, NOTES, VALIDATION = (
    Kind.GRILLE, Kind.TRAVAUX, Kind.TRANSVERSALE, Kind.ORAL, Kind.NOTES, Kind.VALIDATION,
)  # fmt: skip


def on_sheet(kind: Kind, change: Callable) -> Spoil:
    """The sheet of a kind, changed by ``change(sheet, row of its headings)``."""
    return edited(kind, lambda book: change(book.sheet(kind), heading(book, kind)))


def heading(book, kind: Kind) -> int:
    return cohorts.find(book.sheet(kind), book.form(kind).code_heading).row


def turned(name: str, kind: Kind, change: Callable) -> Case:
    """A change of :mod:`tests.test_locate`, after which all reads the same."""
    return Case(name, "", edited(kind, lambda book: change(book, book.sheet(kind), heading(book, kind))), (kind,))


def set_heading(old: str, new: object) -> Callable:
    def change(sheet, row):
        next(cell for cell in sheet[row] if cell.value == old).value = new

    return change


def set_code(old: str, new: object) -> Callable:
    def change(sheet, row):
        sheet.cell(cohorts.row_of(sheet, old), 1).value = new

    return change


def legend(sheet, row):
    """Headings written again above the table, « Points » over the bars."""
    sheet.cell(row - 1, 1).value, sheet.cell(row - 1, 3).value = "Code", "Points"


def exchange_headings(sheet, row):
    """The headings alone: what the candidate thinks would pass for what the tutor rates."""
    auto, level = (next(cell for cell in sheet[row] if cell.value == title) for title in ("Auto-évaluation", "Niveau"))
    auto.value, level.value = level.value, auto.value


def repeat_headings(sheet, row):
    """The headings written again in the midst of the table, as before a page break."""
    there = cohorts.row_of(sheet, "2.1")
    sheet.insert_rows(there)
    for column in range(1, 8):
        sheet.cell(there, column).value = sheet.cell(row, column).value


def delete_row(code: str) -> Callable:
    return lambda sheet, _: sheet.delete_rows(cohorts.row_of(sheet, code))


def delete_column(title: str) -> Callable:
    """The reference, which may stand in that column, is kept."""

    def change(sheet, row):
        column = next(cell.column for cell in sheet[row] if cell.value == title)
        reference = next(cell for cell in sheet[1] if cell.value)
        sheet["A5"] = reference.value
        sheet.delete_cols(column)

    return change


def set_label(kind: Kind, code: str, title: str, value: object) -> Spoil:
    def change(sheet, row):
        sheet.cell(cohorts.row_of(sheet, code), cohorts.column_of(sheet, title)).value = value

    return on_sheet(kind, change)


def blank_workbook(desk) -> bytes:
    book = desk.book(GRILLE)
    book.workbook = openpyxl.Workbook()
    return saved(book)


def forget(book, kind: Kind, label: str, entry: str) -> None:
    """A box without its label nor its name."""
    cohorts.find(book.sheet(kind), label).value = None
    del book.workbook.defined_names[f"{kind.lower()}_{entry}"]


def hide(state: str) -> Callable:
    def change(sheet, row):
        sheet.sheet_state = state

    return change


def hide_lines(sheet, row):
    sheet.row_dimensions[row + 3].hidden = True
    sheet.column_dimensions["G"].hidden = True


def filtered(sheet, row):
    sheet.auto_filter.ref = f"A{row}:G{row + 20}"
    sheet.auto_filter.add_filter_column(6, ["1", "2"])
    for each in range(row + 2, row + 8):
        sheet.row_dimensions[each].hidden = True


def copied(book, times: int = 2):
    for _ in range(times):
        book.workbook.copy_worksheet(book.sheet(GRILLE))


def values_only(desk) -> bytes:
    """The cells copied and pasted into a new workbook, as values."""
    book, other = desk.book(GRILLE), openpyxl.Workbook()
    for line in book.sheet(GRILLE).iter_rows():
        for cell in line:
            if cell.data_type != "f":
                target = other.active.cell(cell.row, cell.column, cell.value)
                target.number_format = copy(cell.number_format)
    book.workbook = other
    return saved(book)


def table_only(desk) -> bytes:
    """The table copied without the rows above it."""
    book = desk.book(GRILLE)
    for kind in book.kinds:
        book.sheet(kind).delete_rows(1, heading(book, kind) - 1)
    return saved(book)


KEPT = [
    turned("lignes insérées", GRILLE, test_locate.insert_rows),
    turned("lignes insérées dans les notes", NOTES, test_locate.insert_rows),
    turned("lignes vides supprimées", ORAL, test_locate.delete_blank_rows),
    turned("colonnes insérées", GRILLE, test_locate.insert_columns),
    turned("colonnes insérées dans la validation", VALIDATION, test_locate.insert_columns),
    turned("lignes rangées à l'envers", GRILLE, test_locate.reverse_rows),
    turned("candidats rangés à l'envers", NOTES, test_locate.reverse_rows),
    turned("feuille renommée et déplacée", ORAL, test_locate.rename),
    turned("noms et protection perdus (tableur en ligne)", ORAL, test_locate.forget_names),
    turned("titres retapés en majuscules, avec des espaces", GRILLE, test_locate.retype_headings),
    turned("dernière colonne passée en premier", TRAVAUX, test_locate.move_last_column_first),
    Case("feuille masquée", "V12", on_sheet(TRAVAUX, hide("hidden")), (TRAVAUX,)),
    Case("feuille très masquée", "V12", on_sheet(TRAVAUX, hide("veryHidden")), (TRAVAUX,)),
    Case("ligne et colonne masquées", "", on_sheet(GRILLE, hide_lines)),
    Case("tableau filtré", "", on_sheet(GRILLE, filtered)),
    Case("feuille copiée deux fois dans son classeur", "", edited(GRILLE, copied)),
    Case("mode d'emploi supprimé", "", edited(
        GRILLE, lambda book: book.workbook.remove(book.workbook["Mode d'emploi"])
    )),
    Case("titre d'un bloc supprimé", "", on_sheet(GRILLE, lambda sheet, row: sheet.delete_rows(row + 1))),
    Case("valeurs collées dans un classeur neuf", "", values_only, lost=("TRAVAUX *",)),
    Case("feuille ajoutée par l'évaluateur", "", edited(
        GRILLE, lambda book: book.workbook.create_sheet("Brouillon", 0)
    )),
    Case("commentaires posés sur les cases", "", edited(GRILLE, lambda book: setattr(
        book.cell(GRILLE, "niveau", "1.1"), "comment", Comment("à revoir", "K. Benali")
    ))),
    Case("classeur aux dates comptées depuis 1904", "", edited(
        GRILLE, lambda book: setattr(book.workbook, "epoch", CALENDAR_MAC_1904)
    )),
    Case("libellé d'une case réécrit, son nom restant", "S05", on_sheet(ORAL, lambda sheet, _: setattr(
        cohorts.find(sheet, "Rapport d’activité conforme"), "value", "Conforme ?"
    )), (ORAL,)),
]  # fmt: skip


def pasted_reference(desk) -> bytes:
    book = desk.book(GRILLE)
    book.sheet(GRILLE)["A3"] = desk.reference(GRILLE, "C05", "T01")
    return saved(book)


NO_REFERENCE = [
    Case("classeur vide", "S01", blank_workbook, lost=("*",), state="Refusé"),
    Case("tableau recopié à la main, sans l'en-tête", "S01", table_only, lost=("*",), state="Refusé"),
    Case("références effacées", "S01", restamped(lambda _: None), lost=("*",), state="Refusé"),
    Case("références coupées en deux lignes", "S01", restamped(lambda text: text[:20] + "\n" + text[20:]), lost=("*",)),
    Case("références réduites à leur sceau", "S01", restamped(lambda text: text.rpartition("/")[2]), lost=("*",)),
    Case("référence descendue sous la quinzième ligne", "S01", on_sheet(
        NOTES, lambda sheet, _: sheet.insert_rows(1, 15)
    ), (NOTES,), lost=("*",)),
    Case("une feuille sans référence, sa voisine intacte", "S01", edited(
        GRILLE, lambda book: setattr(reference_cell(book, GRILLE), "value", None)
    ), lost=("GRILLE *",)),
    Case("deux références dans une feuille", "S01", pasted_reference, lost=("GRILLE *",)),
]  # fmt: skip


def reissued(**changed: str) -> Spoil:
    """Both sheets sealed for another referential."""

    def spoil(desk) -> bytes:
        book = desk.book(GRILLE)
        for kind in book.kinds:
            reference_cell(book, kind).value = desk.reference(kind, SPOILED, "T01", **changed)
        return saved(book)

    return spoil


VERSIONS = [
    Case("fiche de la version précédente du référentiel", "S02", reissued(version="2021-01-01"), lost=("*",),
         state="Refusé"),
    Case("fiche d'une autre certification", "S02", reissued(title="BTS"), lost=("*",), state="Refusé"),
]  # fmt: skip

LOST = [
    Case("ligne des titres supprimée", "S03", on_sheet(GRILLE, lambda s, row: s.delete_rows(row)), lost=("GRILLE *",)),
    Case("titre « Code » réécrit", "S03", on_sheet(GRILLE, set_heading("Code", "N°")), lost=("GRILLE *",)),
    Case("titre « Code » en double", "S03", on_sheet(GRILLE, lambda s, row: s.cell(row, 9, "Code")),
         lost=("GRILLE *",)),
    Case("légende ajoutée au-dessus du tableau, dans d'autres colonnes", "S03", on_sheet(ORAL, legend), (ORAL,),
         lost=("ORAL *",)),
    Case("titres « Auto-évaluation » et « Niveau » échangés", "S03", on_sheet(GRILLE, exchange_headings),
         lost=("GRILLE niveau *", "GRILLE auto *")),
    Case("titre « Niveau » réécrit", "S03", on_sheet(GRILLE, set_heading("Niveau", "Note")), lost=("GRILLE niveau *",)),
    Case("titre « Niveau » effacé", "S03", on_sheet(GRILLE, set_heading("Niveau", None)), lost=("GRILLE niveau *",)),
    Case("deux colonnes « Niveau »", "S03", on_sheet(GRILLE, set_heading("Expérience", "Niveau")),
         lost=("GRILLE niveau *", "GRILLE experience *")),
    Case("colonne des niveaux supprimée", "S03 S05", on_sheet(GRILLE, delete_column("Niveau")),
         lost=("GRILLE niveau *", "GRILLE date")),
    Case("colonne des expériences supprimée", "S03", on_sheet(GRILLE, delete_column("Expérience")),
         lost=("GRILLE experience *",)),
    Case("colonne des points supprimée, et la réponse sur le rapport avec elle", "S03 S05",
         on_sheet(ORAL, delete_column("Points")), (ORAL,), lost=("ORAL points *", "ORAL rapport", "ORAL date")),
    Case("colonne d'une UE supprimée", "S03", on_sheet(NOTES, delete_column("UE3")), (NOTES,), lost=("NOTES * UE3",)),
    Case("titre d'une UE réécrit", "S03", on_sheet(NOTES, set_heading("UE3", "Unité 3")), (NOTES,), ("NOTES * UE3",)),
    Case("ligne d'une compétence supprimée", "S03", on_sheet(GRILLE, delete_row("2.10")), lost=("GRILLE * 2.10",)),
    Case("ligne d'un critère de l'oral supprimée", "S03", on_sheet(ORAL, delete_row("O14")), (ORAL,), ("ORAL * O14",)),
    Case("ligne d'un travail supprimée", "S03", on_sheet(TRAVAUX, delete_row("RA2")), (TRAVAUX,), ("TRAVAUX * RA2",)),
    Case("ligne d'un candidat supprimée dans les notes", "S03", on_sheet(NOTES, delete_row(SPOILED)), (NOTES,),
         lost=(f"NOTES {SPOILED} *",)),
    Case("code d'une compétence effacé", "S03", on_sheet(GRILLE, set_code("1.1", None)), lost=("GRILLE * 1.1",)),
    Case("case de la réponse sur le rapport introuvable", "S03", edited(
        ORAL, lambda book: forget(book, ORAL, "Rapport d’activité conforme", "rapport")
    ), (ORAL,), ("ORAL rapport",)),
    Case("case du motif introuvable", "S03", edited(
        ORAL, lambda book: forget(book, ORAL, "Motif, si le rapport n’est pas conforme", "motif")
    ), (ORAL,), ("ORAL motif",)),
]  # fmt: skip


def numbered(sheet, row):
    """Every code turned into a number, as a careless import does."""
    for line in range(row + 1, sheet.max_row + 1):
        if sheet.cell(line, 1).value:
            sheet.cell(line, 1).value = float(sheet.cell(line, 1).value)


def sorted_rows(columns: range, *codes: str) -> Callable:
    """These rows turned round, within these columns."""

    def change(sheet, row):
        rows = [cohorts.row_of(sheet, code) for code in codes]
        moving.sort(sheet, rows, columns, [*range(1, len(rows)), 0])

    return change


def shifted(change: Callable, code: str) -> Spoil:
    """A cell of the levels inserted or deleted, names following."""

    def spoil(book) -> None:
        cell = book.cell(GRILLE, "niveau", code)
        change(book, GRILLE, cell.row, range(cell.column, cell.column + 1))

    return edited(GRILLE, spoil)


DISAGREEING = [
    Case("intitulés triés sans leurs codes", "S05", on_sheet(GRILLE, sorted_rows(range(2, 4), "1.3", "1.4", "1.5")),
         lost=tuple(f"GRILLE * 1.{rank}" for rank in (3, 4, 5))),
    Case("tout trié sauf les codes", "S05", on_sheet(GRILLE, sorted_rows(range(2, 8), "1.3", "1.4", "1.5")),
         lost=tuple(f"GRILLE * 1.{rank}" for rank in (3, 4, 5))),
    Case("codes et intitulés triés sans les niveaux", "S05",
         on_sheet(GRILLE, sorted_rows(range(1, 4), "1.3", "1.4", "1.5")),
         lost=tuple(f"GRILLE * 1.{rank}" for rank in (3, 4, 5))),
    Case("cellule insérée parmi les niveaux", "S05", shifted(moving.insert, "4.2"),
         lost=tuple(f"GRILLE niveau 4.{rank}" for rank in (2, 3, 4, 5))),
    Case("cellule supprimée parmi les niveaux", "S05", shifted(moving.delete, "4.2"),
         lost=tuple(f"GRILLE niveau 4.{rank}" for rank in (2, 3, 4, 5))),
]  # fmt: skip
CODES = [
    Case("code 2.10 devenu le nombre 2,1", "S04 S03", on_sheet(GRILLE, set_code("2.10", 2.1)), lost=("GRILLE * 2.10",)),
    Case("tous les codes devenus des nombres", "S03 S04 S05", on_sheet(GRILLE, numbered),
         lost=("GRILLE * 2.1", "GRILLE * 2.10")),
    Case("code en double", "S04 S03", on_sheet(GRILLE, set_code("1.2", "1.1")), lost=("GRILLE * 1.1", "GRILLE * 1.2")),
    Case("titres répétés au milieu du tableau", "S04", on_sheet(GRILLE, repeat_headings)),
    Case("code inconnu", "S04 S03", on_sheet(GRILLE, set_code("1.1", "9.9")), lost=("GRILLE * 1.1",)),
    Case("code complété à la main", "S04 S03", on_sheet(GRILLE, set_code("1.1", "1.1 bis")), lost=("GRILLE * 1.1",)),
    Case("code écrit avec une virgule", "S04 S03", on_sheet(GRILLE, set_code("1.1", "1,1")), lost=("GRILLE * 1.1",)),
    Case("candidat en double dans les notes", "S04 S03", on_sheet(NOTES, set_code("C05", SPOILED)), (NOTES,),
         lost=(f"NOTES {SPOILED} *", "NOTES C05 *")),
    Case("code 1.1 devenu un nombre", "S05", on_sheet(GRILLE, set_code("1.1", 1.1))),
    Case("minimum relevé", "S05", set_label(TRANSVERSALE, "T01", "Mini", 1), (TRANSVERSALE,)),
    Case("minimum effacé", "S05", set_label(TRANSVERSALE, "T01", "Mini", None), (TRANSVERSALE,)),
    Case("barème d'un critère changé", "S05", set_label(ORAL, "O01", "Barème", 10), (ORAL,)),
    Case("intitulé d'une compétence réécrit", "S05", set_label(GRILLE, "1.1", "Compétence", "Savoir vendre")),
    Case("typographie des intitulés changée", "", set_label(
        GRILLE, "1.2", "Compétence", "construire un plan d'actions  promotionnelles"
    )),
]  # fmt: skip


def merged(kind: Kind, first: tuple[str, str], last: tuple[str, str]) -> Spoil:
    """Two inputs merged, the second one's value kept hidden, as LibreOffice does."""

    def spoil(desk) -> bytes:
        book = desk.book(kind)
        ends = ":".join(book.cell(kind, *each).coordinate for each in (first, last))
        made = f'<mergeCells count="1"><mergeCell ref="{ends}"/>'.encode()
        return repacked(desk.bytes(kind), {part_of(book, kind): replaced(rb"<mergeCells[^>]*>", made)})

    return spoil


MERGED = [
    Case("deux niveaux fusionnés, le second caché", "S06", merged(GRILLE, ("niveau", "1.1"), ("niveau", "1.2")),
         lost=("GRILLE niveau 1.1", "GRILLE niveau 1.2")),
    Case("niveaux de tout un bloc fusionnés", "S06", merged(GRILLE, ("niveau", "1.1"), ("niveau", "1.5")),
         lost=("GRILLE niveau 1.?",)),
    Case("points fusionnés avec le barème", "S06", on_sheet(ORAL, lambda sheet, row: sheet.merge_cells(
        start_row=row + 2, end_row=row + 2, start_column=3, end_column=4
    )), (ORAL,), lost=("ORAL points O01",)),
    Case("sujet et apport d'un travail fusionnés", "S06", on_sheet(TRAVAUX, lambda sheet, _: sheet.merge_cells(
        start_row=cohorts.row_of(sheet, "RA1"), end_row=cohorts.row_of(sheet, "RA1"), start_column=3, end_column=4
    )), (TRAVAUX,), lost=("TRAVAUX apport RA1",)),
]  # fmt: skip

CASES = [*KEPT, *NO_REFERENCE, *VERSIONS, *LOST, *DISAGREEING, *CODES, *MERGED]
