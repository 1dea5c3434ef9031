"""Whose sheet it is, and which version counts (I01 to I08), with what the rules say across returns (R01 to R09)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from openpyxl.utils import get_column_letter

from engine.model import Kind
from tests import cohorts, moving
from tests.cohorts import Book
from tests.spoil.case import SPOILED, Case, Desk, File, Spoil, edited, reference_cell, restamped, saved, typed

GRILLE, TRAVAUX, TRANSVERSALE, ORAL, NOTES, VALIDATION = (
    Kind.GRILLE, Kind.TRAVAUX, Kind.TRANSVERSALE, Kind.ORAL, Kind.NOTES, Kind.VALIDATION,
)  # fmt: skip
ALL = ("*",)
SIGNED = {"signature_required": True}


# ----------------------------------------------------------------------------------- people and seals


def sealed(candidate: str, evaluator: str, kind: Kind = GRILLE) -> Spoil:
    """Both sheets of a workbook bearing genuine references to these people."""

    def spoil(desk: Desk) -> bytes:
        book = desk.book(kind)
        for each in book.kinds:
            reference_cell(book, each).value = desk.reference(each, candidate, evaluator)
        return saved(book)

    return spoil


def reseal(seal: str) -> Callable[[str], str]:
    return lambda text: f"{text.rpartition('/')[0]}/{seal}"


def pasted_over(desk: Desk) -> bytes:
    """The values of another candidate's sheet copied over this one's, header and reference included."""
    book, other = desk.book(ORAL), desk.book(ORAL, "C05")
    for line in other.sheet(ORAL).iter_rows():
        for cell in line:
            if cell.value is not None:
                book.sheet(ORAL)[cell.coordinate] = cell.value
    return saved(book)


def shown_name(kind: Kind, name: str) -> Spoil:
    def change(book: Book) -> None:
        cohorts.find(book.sheet(kind), f"NGUYEN Bao ({SPOILED})").value = name

    return edited(kind, change)


def shifted_mark(step: int) -> Spoil:
    """A cell of a column of marks deleted (-1) or inserted (1): those under it move, with how they look."""

    def change(book: Book) -> None:
        found = book.sheet(NOTES)
        row, column = cohorts.row_of(found, SPOILED), cohorts.column_of(found, "UE3")
        letter = get_column_letter(column)
        found.move_range(f"{letter}{row + (step < 0)}:{letter}{found.max_row}", rows=step)

    return edited(NOTES, change)


def row_name(name: str) -> Spoil:
    def change(book: Book) -> None:
        found = book.sheet(NOTES)
        found.cell(cohorts.row_of(found, SPOILED), cohorts.column_of(found, "Nom")).value = name

    return edited(NOTES, change)


def exchanged_names(desk: Desk) -> bytes:
    """The names and the marks sorted without the identifiers."""
    book = desk.book(NOTES)
    found = book.sheet(NOTES)
    rows = [cohorts.row_of(found, code) for code in (SPOILED, "C05")]
    moving.sort(found, rows, range(2, found.max_column + 1), [1, 0])
    return saved(book)


def accents(desk: Desk) -> list[File]:
    """The name as macOS writes it, in the sheet and in the file's name."""
    book = desk.book(ORAL, "C05")
    name = unicodedata.normalize("NFD", "Léa ROUX")
    cohorts.find(book.sheet(ORAL), "ROUX Léa (C05)").value = name
    return [File(saved(book), f"{name} Grand oral.xlsx")]


OTHERS_ORAL = (ORAL, "C05", "J01")
PEOPLE = [
    Case("fiche d'un candidat inconnu", "I01", sealed("C99", "T01"), lost=ALL, state="Refusé"),
    Case("ligne d'une personne inconnue dans les notes", "I01 S03", edited(NOTES, lambda book: setattr(
        book.sheet(NOTES).cell(cohorts.row_of(book.sheet(NOTES), SPOILED), 1), "value", "C98"
    )), (NOTES,), lost=(f"NOTES {SPOILED} *",)),
    Case("notes sur une ligne sans identifiant", "I01", edited(NOTES, lambda book: setattr(
        book.sheet(NOTES).cell(cohorts.row_of(book.sheet(NOTES), "C05") + 1, 5), "value", 15
    )), (NOTES,)),
    Case("fiche d'un évaluateur inconnu", "I02", sealed(SPOILED, "T99"), lost=ALL, state="Refusé"),
    Case("fiche d'un tuteur non affecté au candidat", "I02", sealed(SPOILED, "T02"), lost=ALL, state="Refusé"),
    Case("oral rempli par un tuteur", "I02", sealed(SPOILED, "T01", ORAL), (ORAL,), lost=ALL, state="Refusé"),
    Case("validation remplie par le secrétariat", "I02", sealed("", "S01", VALIDATION), (VALIDATION,), lost=ALL),
    Case("fiche d'un candidat qui a abandonné", "", lambda desk: desk.bytes(ORAL, "C04"), ((ORAL, "C04", ""),)),
    Case("sceau inventé", "I03", restamped(reseal("AAAA-BBBB")), lost=ALL, state="Refusé"),
    Case("sceau effacé", "I03", restamped(reseal("-")), lost=ALL, state="Refusé"),
    Case("sceau en minuscules", "I03", restamped(
        lambda text: reseal(text.rpartition("/")[2].lower())(text)
    ), lost=ALL),
    Case("candidat changé dans la référence", "I03", restamped(
        lambda text: text.replace(f"/{SPOILED}/", "/C05/")
    ), lost=ALL, state="Refusé"),
    Case("évaluateur changé dans la référence", "I03", restamped(
        lambda text: text.replace("/T01/", "/F01/")
    ), lost=ALL),
    Case("référence entourée d'espaces", "", restamped(lambda text: f"  {text}\N{NO-BREAK SPACE}")),
    Case("fiche d'un autre candidat collée par-dessus", "", pasted_over, (ORAL, OTHERS_ORAL),
         lost=("ORAL *", "C05 TRANSVERSALE *")),
    Case("nom du candidat remplacé par celui d'un autre", "I04", shown_name(GRILLE, "ROUX Léa (C05)"),
         lost=("GRILLE *",)),
    Case("nom d'un homonyme, avec son identifiant", "I04", shown_name(GRILLE, "NGUYEN Bao (C03)"), lost=("GRILLE *",)),
    Case("nom de qui portait l'identifiant l'an dernier", "I04", shown_name(GRILLE, f"DURAND Paul ({SPOILED})"),
         lost=("GRILLE *",)),
    Case("nom d'usage dans l'en-tête", "I04", shown_name(GRILLE, f"TRAN Bao ({SPOILED})")),
    Case("noms de deux personnes échangés dans les notes", "I04", exchanged_names, (NOTES,),
         lost=(f"NOTES {SPOILED} *", "NOTES C05 *", "NOTES C03 *")),
    Case("cellule supprimée parmi les notes", "I04", shifted_mark(-1), (NOTES,), lost=("NOTES * UE3",)),
    Case("cellule insérée parmi les notes", "I04", shifted_mark(1), (NOTES,), lost=("NOTES * UE3",)),
    Case("nom et prénom échangés", "", shown_name(GRILLE, f"Bao NGUYEN ({SPOILED})")),
    Case("nom en accents décomposés", "", accents, (OTHERS_ORAL,)),
    Case("nom changé sur une ligne des notes", "I04", row_name("Tran"), (NOTES,)),
    Case("nom aux espaces doublées sur une ligne des notes", "", row_name("  nguyen "), (NOTES,)),
]  # fmt: skip


# ------------------------------------------------------------------------------- unassigned sheets


def blank(candidate: object, evaluator: object, kind: Kind = GRILLE) -> Spoil:
    """The unassigned sheet, filled, with the identifiers typed in it."""

    def spoil(desk: Desk) -> bytes:
        book = desk.cohort.blank(kind).fill(kind).identify(kind, candidate, evaluator)
        for row in book.form(kind).rows:
            book.put(kind, "niveau", row.code, 1)
        return saved(book)

    return spoil


LEVELS = [f"{bloc}.{rank}" for bloc, last in ((1, 5), (2, 10), (3, 7), (4, 5)) for rank in range(1, last + 1)]
POINTS = [f"ORAL points O{rank:02}" for rank in range(1, 28)]
ONES = {f"GRILLE niveau {code}": "1" for code in LEVELS}
ONES |= {"GRILLE date": "2025-06-02", "GRILLE signature": cohorts.SIGNATURE}
UNASSIGNED = [
    Case("fiche vierge aux identifiants saisis", "I08", blank(SPOILED, "T01"), (), read=ONES),
    Case("fiche vierge, identifiants en minuscules et entourés d'espaces", "I08", blank(" c02 ", "t01"), (), read=ONES),
    Case("fiche vierge, candidat inconnu", "I08 I01", blank("C99", "T01"), (), state="Refusé"),
    Case("fiche vierge, le nom à la place de l'identifiant", "I08 I01", blank("Nguyen Bao", "T01"), (), state="Refusé"),
    Case("fiche vierge, identifiant 007 devenu 7", "I08 I01", blank(7, "T01"), (), state="Refusé"),
    Case("fiche vierge sans identifiant du candidat", "I08 I01", blank(None, "T01"), (), state="Refusé"),
    Case("fiche vierge sans identifiant de l'évaluateur", "I08 I02", blank(SPOILED, None), (), state="Refusé"),
    Case("fiche vierge d'un évaluateur non affecté", "I08 I02", blank(SPOILED, "J01"), (), state="Refusé"),
    Case("fiche vierge renvoyée telle quelle", "I08", lambda desk: saved(desk.cohort.blank(GRILLE)), ()),
    Case("fiche vierge alors que la signature est exigée", "I08", blank(SPOILED, "T01"), (),
         session=SIGNED, state="Refusé"),
]  # fmt: skip


def signed(signature: str | None) -> Spoil:
    """Both sheets signed that way."""

    def change(book: Book) -> None:
        for kind in book.kinds:
            book.put(kind, "signature", "", signature)

    return edited(GRILLE, change)


NO_SIGNATURE = ("GRILLE signature", "TRAVAUX signature")
SIGNATURES = [
    Case("fiche non signée", "I07", signed(None), lost=NO_SIGNATURE, state="Accepté"),
    Case("signature exigée et absente", "I07", signed(None), lost=ALL, session=SIGNED, state="Refusé"),
    Case("signature exigée, un nom à la place du code", "I07", signed("Karim Benali"), lost=ALL, session=SIGNED),
    Case("signature exigée, code d'une autre personne", "I07", lambda desk: signed(desk.signature("F01"))(desk),
         lost=ALL, session=SIGNED),
    Case("signature exigée, code en minuscules sans tiret", "", lambda desk: signed(
        desk.signature("T01").lower().replace("-", " ")
    )(desk), lost=NO_SIGNATURE, session=SIGNED, state="Accepté"),
    Case("signature exigée, code dans une phrase", "", lambda desk: signed(
        f"Lu et approuvé, {desk.signature('T01')}"
    )(desk), lost=NO_SIGNATURE, session=SIGNED, state="Accepté"),
    Case("signature exigée, codes de deux personnes", "I07", lambda desk: signed(
        f"{desk.signature('T01')} et {desk.signature('F01')}"
    )(desk), lost=ALL, session=SIGNED),
    Case("signature exigée, notes signées d'un autre que le secrétariat", "I07", lambda desk: edited(
        NOTES, lambda book: book.put(NOTES, "signature", "", desk.signature("T01"))
    )(desk), (NOTES,), lost=ALL, session=SIGNED),
]  # fmt: skip


# --------------------------------------------------------------------------------------- versions


def version(desk: Desk, day: int, file_day: int | None = None, **levels: int | None) -> File:
    """The works as they stood on a day of June 2025 (the workbook's clock; the file's one may differ)."""
    book = desk.book(TRAVAUX)
    for code, level in levels.items():
        book.put(TRAVAUX, "niveau", code, level)
    path = Path(desk.path(TRAVAUX)).with_name("version.xlsx")
    book.workbook.save(path)
    stamp = datetime(2025, 6, day, 10)
    return File(cohorts.date(path, stamp, stamp).read_bytes(), f"version {day} {file_day}.xlsx", file_day or day)


def emptied(desk: Desk, day: int) -> File:
    book = desk.cohort.book(TRAVAUX, SPOILED)
    path = Path(desk.path(TRAVAUX)).with_name("version.xlsx")
    book.workbook.save(path)
    stamp = datetime(2025, 6, day, 10)
    return File(cohorts.date(path, stamp, stamp).read_bytes(), "vide.xlsx", day)


def restamped_version(desk: Desk) -> bytes:
    """An earlier version, of another referential."""
    book = desk.book(TRAVAUX)
    for kind in book.kinds:
        reference_cell(book, kind).value = desk.reference(kind, SPOILED, "T01", version="2021-01-01")
    path = Path(desk.path(TRAVAUX)).with_name("version.xlsx")
    book.workbook.save(path)
    return cohorts.date(path, datetime(2025, 6, 1), datetime(2025, 6, 1)).read_bytes()


def doubled(desk: Desk) -> bytes:
    book = desk.book(GRILLE)
    copied = book.workbook.copy_worksheet(book.sheet(GRILLE))
    copied[book.cell(GRILLE, "niveau", "1.1").coordinate] = 5
    return saved(book)


WORK = "TRAVAUX niveau RA1"
COPIES = ("Grille.xlsx", "Grille (1).xlsx", "Copie de Grille.xlsx", " Grille .xlsx", "Grille - Copie.xlsx")
VERSIONS = [
    Case("le même fichier sous cinq noms", "I05", lambda desk: [File(desk.bytes(GRILLE), name) for name in COPIES]),
    Case("fiche complétée", "V09", lambda desk: [version(desk, 1, RA1=None), version(desk, 2)], (TRAVAUX,)),
    Case("fiche corrigée", "I06", lambda desk: [version(desk, 1, RA1=1), version(desk, 2, RA1=4)], (TRAVAUX,),
         read={WORK: "4"}),
    Case("valeur retirée dans la fiche corrigée", "I06 V09", lambda desk: [
        version(desk, 1), version(desk, 2, RA1=None)
    ], (TRAVAUX,), lost=(WORK,)),
    Case("deux versions contradictoires de même date", "I06", lambda desk: [
        version(desk, 1, RA1=1), version(desk, 1, 2, RA1=4)
    ], (TRAVAUX,), read={}, lost=("TRAVAUX [!a]*",)),
    Case("deux versions dont les horloges se contredisent", "I06", lambda desk: [
        version(desk, 2, 1, RA1=1), version(desk, 1, 2, RA1=4)
    ], (TRAVAUX,), lost=("TRAVAUX [!a]*",)),
    Case("version vide envoyée après la bonne", "V09", lambda desk: [version(desk, 1), emptied(desk, 2)], (TRAVAUX,)),
    Case("version illisible envoyée après la bonne", "I03", lambda desk: [
        version(desk, 1), File(restamped(reseal("AAAA-BBBB"))(desk), "z.xlsx", 2)
    ], (TRAVAUX,), lost=ALL),
    Case("bonne version envoyée après une version refusée", "S02", lambda desk: [
        File(restamped_version(desk), "a.xlsx", 1), version(desk, 2)
    ], (TRAVAUX,)),
    Case("copie d'une feuille, modifiée, dans le même classeur", "I06", doubled,
         lost=("GRILLE niveau *", "GRILLE date*", "GRILLE signature*")),
]  # fmt: skip


# ------------------------------------------------------------------------------------ across returns


def levels(desk: Desk, evaluator: str, level: int) -> File:
    book = desk.book(GRILLE, SPOILED, evaluator)
    book.put(GRILLE, "niveau", "1.1", level)
    return File(saved(book), f"{evaluator}.xlsx")


def orals(desk: Desk, first: object, second: object, entry: str = "points") -> list[File]:
    """Two jurors who give everywhere what is told, ``None`` leaving what they gave."""
    made = []
    for juror, points in (("J01", first), ("J02", second)):
        book = desk.book(ORAL, SPOILED, juror)
        for row in book.form(ORAL).rows if points is not None else ():
            book.put(ORAL, entry, row.code, points)
        made.append(File(saved(book), f"{juror}.xlsx"))
    return made


def exam_failed(desk: Desk) -> list[File]:
    book = desk.book(NOTES)
    book.put(NOTES, "EN", "", 11, SPOILED)
    return [File(saved(book), "notes.xlsx"), File(desk.bytes(ORAL), "oral.xlsx")]


def work_refused(desk: Desk) -> list[File]:
    book = desk.book(VALIDATION)
    book.put(VALIDATION, "RA1", "", "Non", SPOILED)
    return [File(saved(book), "validation.xlsx"), File(desk.bytes(ORAL), "oral.xlsx")]


TWO_ORALS = (ORAL, (ORAL, SPOILED, "J02"))
RULES = [
    Case("compétence que personne n'a évaluée", "R01", typed(GRILLE, "niveau", "1.1", "NE"),
         read={"GRILLE niveau 1.1": "NE"}),
    Case("tuteur et formateur très écartés", "R02", lambda desk: [levels(desk, "T01", 1), levels(desk, "F01", 5)],
         (GRILLE, (GRILLE, SPOILED, "F01")),
         read={"GRILLE niveau 1.1": "1", "F01 GRILLE niveau 1.1": "5"}),
    Case("jurés très écartés", "R02", lambda desk: orals(desk, 0, None), TWO_ORALS, read=dict.fromkeys(POINTS, "0")),
    Case("« ABS » chez un juré, des points chez l'autre", "R02 R03", lambda desk: orals(desk, "ABS", None), TWO_ORALS,
         read=dict.fromkeys(POINTS, "ABS")),
    Case("une seule fiche de jury complète", "R03", lambda desk: desk.bytes(ORAL), (ORAL,)),
    Case("grand oral passé sans la note à l'examen national", "R04", exam_failed, (NOTES, ORAL),
         read={f"NOTES {SPOILED} EN": "11"}),
    Case("rapport d'activité non conforme", "R05", typed(ORAL, "rapport", "", "Non"), (ORAL,),
         read={"ORAL rapport": "Non"}),
    Case("travail évalué à 0", "R06", typed(TRAVAUX, "niveau", "RA1", 0), (TRAVAUX,), read={WORK: "0"}),
    Case("session postérieure à la fin d'enregistrement", "R09", lambda desk: desk.bytes(GRILLE),
         session={"jury_date": date(2030, 6, 1)}),
    Case("grand oral passé avec un travail refusé par le référent", "R15", work_refused, (VALIDATION, ORAL),
         read={f"VALIDATION {SPOILED} RA1": "Non"}),
]  # fmt: skip

CASES = [*PEOPLE, *UNASSIGNED, *SIGNATURES, *VERSIONS, *RULES]
