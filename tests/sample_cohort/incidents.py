"""What goes wrong, or merely otherwise, with some returns."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from engine.commands.templates import write_blanks
from tests.libreoffice import (
    Action,
    DeleteColumns,
    ImportSheet,
    InsertRows,
    Merge,
    MoveSheet,
    RenameSheet,
    Type,
    Unprotect,
)
from tests.sample_cohort.desk import Desk, usual_name
from tests.sample_cohort.filling import juror, rater
from tests.sample_cohort.people import PEOPLE
from tests.sample_cohort.sent import Sent

GRID, WORKS, ORAL, TRANSVERSAL = "Grille de compétences", "Travaux évalués", "Grand oral", "Compétences transversales"

NAMES = {
    ("C01", "F01"): "formateurs/MOREL/Copie de BERTRAND Côme Grille de compétences.xlsx",
    ("C06", "T03"): "tuteurs/SCHNEIDER/GARCÍA LÓPEZ Inés Grille de compétences.ods",
    ("C11", "T02"): "tuteurs/LE GUEN/MÜLLER Noé Grille de compétences (1).xlsx",
    ("C12", "F02"): "formateurs/ÇELIK/grille n'diaye.xlsx",
    ("C14", "T02"): "tuteurs/LE GUEN/Rousseau_grille_VF2 signée.xlsx",
    ("C15", "T03"): "tuteurs/SCHNEIDER/TRAN-NGUYEN Kim-Anh Grille de compétences.ods",
    ("C16", "J02"): "jury du 30 janvier/ROCHE/ZAÏDI Mehdi Grand oral.ods",
}
"""The returns that came back under another name than the usual one."""


# ------------------------------------------------------------- gestures, once the sheet is filled


def _relabel(sent: Sent) -> list[Action]:
    return [Unprotect(GRID), Type(sent.cell(GRID, "3.3", "Compétence"), "Veille juridique", GRID)]


def _merge_two_levels(sent: Sent) -> list[Action]:
    first, last = (sent.cell(TRANSVERSAL, code, "Niveau") for code in ("T14", "T15"))
    return [Merge(TRANSVERSAL, f"{first}:{last}")]


def _drop_the_experience(sent: Sent) -> list[Action]:
    return [DeleteColumns(GRID, sent.cell(GRID, "1.1", "Expérience")[0])]


def _insert_a_remark(sent: Sent) -> list[Action]:
    row = sent.row(GRID, "2.4")
    return [InsertRows(GRID, before=row), Type(f"B{row}", "À revoir ensemble en janvier", GRID)]


def _rename_and_move(_: Sent) -> list[Action]:
    return [RenameSheet(GRID, "Ma grille"), MoveSheet("Ma grille", 1)]


AFTERWARDS: dict[tuple[str, str], Callable[[Sent], list[Action]]] = {
    ("C03", "F01"): _relabel,
    ("C03", "J01"): _merge_two_levels,
    ("C04", "T01"): _rename_and_move,
    ("C06", "T03"): _drop_the_experience,
    ("C11", "T02"): _insert_a_remark,
}


# ---------------------------------------------------- returns that are not one workbook, filled once


def corrected(desk: Desk) -> None:
    """A trainer sends a grid, then another where two levels have changed.

    The later one says so by its own date, and stands after the earlier one in the order of paths: a clone of the
    repository writes files in that order, so that their dates do not contradict.
    """
    sent, last = desk.received("C09", "F01"), rater("C09", "F01")
    first = [*last, Type("grille_niveau_1.2", "2"), Type("grille_niveau_2.4", "2")]
    name = sent.path.name
    desk.fill(sent.path, desk.place(f"formateurs/MOREL/2024-12-10/{name}"), first)
    time.sleep(2)  # a workbook's date counts in seconds
    desk.fill(sent.path, desk.place(f"formateurs/MOREL/2025-01-08 corrigé/{name}"), last)


def forged(desk: Desk) -> None:
    """A tutor who lost a workbook fills another candidate's, and writes the first one's name and reference over it."""
    other, actions = desk.received("C04", "T01"), rater("C07", "T01")
    for sheet in (GRID, WORKS):
        cell, reference = other.reference(sheet)
        actions += [
            Unprotect(sheet),
            Type(cell, reference.replace("/C04/", "/C07/"), sheet),
            Type(other.beside(sheet, "Candidat"), f"{PEOPLE['C07'].name} (C07)", sheet),
        ]
    desk.fill(other.path, desk.place(usual_name("C07", "T01")), actions)


def unassigned(desk: Desk) -> None:
    """A juror takes the blank sheets and types who it is about."""
    (blank,) = (path for path in write_blanks(desk.aside / "vierges") if ORAL in path.name)
    who = {"candidat": "C05", "evaluateur": "J02"}
    typed = [Type(f"{kind}_{name}", text) for kind in ("oral", "transversale") for name, text in who.items()]
    target = desk.place("jury du 30 janvier/ROCHE/Fabre - grand oral (fiche vierge).xlsx")
    desk.fill(blank, target, typed + juror("C05", "J02"))


def locked_then_open(desk: Desk) -> None:
    """A juror protects the workbook with a password, then sends it again without."""
    sent, actions = desk.received("C08", "J01"), juror("C08", "J01")
    secret = desk.place("jury du 30 janvier/OSMANI/KOUASSI Ange-Désiré Grand oral (confidentiel).xlsx")
    desk.fill(sent.path, secret, actions, password="jury2025")
    desk.fill(sent.path, desk.place(usual_name("C08", "J01")), actions)


def gathered(desk: Desk) -> None:
    """A juror sends the sheets of several candidates in one workbook, each under the candidate's name."""
    candidates = ("C09", "C10", "C12", "C16")
    filled = {
        candidate: desk.fill(
            desk.received(candidate, "J03").path, desk.aside / f"{candidate}.xlsx", juror(candidate, "J03")
        )
        for candidate in candidates
    }
    base, *others = candidates
    actions = _named_after(base)
    for other in others:
        actions += [ImportSheet(filled[other], sheet) for sheet in (ORAL, TRANSVERSAL)] + _named_after(other)
    desk.fill(filled[base], desk.place("jury du 30 janvier/Jury VAN DEN BERGHE, toutes les fiches.xlsx"), actions)


def _named_after(candidate: str) -> list[Action]:
    name = PEOPLE[candidate].last_name
    return [RenameSheet(ORAL, f"Oral {name}"), RenameSheet(TRANSVERSAL, f"Transversales {name}")]


def printed(desk: Desk) -> None:
    """A trainer sends a PDF whose name says it is a workbook."""
    sent = desk.received("C05", "F02")
    filled = desk.fill(sent.path, desk.aside / "à imprimer.xlsx", rater("C05", "F02"))
    pdf = desk.office.convert(filled, desk.aside / "imprimé.pdf")
    shutil.copyfile(pdf, desk.place(usual_name("C05", "F02")))


def truncated(desk: Desk) -> None:
    """A workbook whose transfer stopped half-way."""
    sent = desk.received("C15", "J03")
    whole = desk.fill(sent.path, desk.aside / "entier.xlsx", juror("C15", "J03")).read_bytes()
    target = desk.place("jury du 30 janvier/TRAN-NGUYEN Kim-Anh Grand oral.xlsx")
    target.write_bytes(whole[: len(whole) // 2])


def copied(desk: Desk) -> None:
    """The same file twice, once in a wrong place; and the lock that a spreadsheet left behind."""
    source = desk.returns / usual_name("C10", "J01")
    shutil.copyfile(source, desk.place(f"jury du 30 janvier/Copie de {source.name}"))
    user = "Nadia Osmani"
    lock = bytes([len(user)]) + user.encode().ljust(54) + len(user).to_bytes(2, "little")
    desk.place(f"jury du 30 janvier/OSMANI/~${source.name[2:]}").write_bytes(
        (lock + user.encode("utf-16-le")).ljust(165, b"\0")
    )


def foreign(desk: Desk) -> None:
    """A workbook of the jury's own, which is no sheet of ours."""
    timetable = desk.aside / "planning.csv"
    timetable.write_text("Heure;Candidat\n9h00;Bertrand\n10h00;D'Almeida\n11h00;De La Tour\n", encoding="utf-8")
    desk.office.convert(timetable, desk.place("jury du 30 janvier/Planning des oraux.xlsx"))


INCIDENTS = (corrected, forged, unassigned, locked_then_open, gathered, printed, truncated, copied, foreign)

APART = {
    ("C09", "F01"),
    ("C07", "T01"),
    ("C05", "J02"),
    ("C08", "J01"),
    ("C05", "F02"),
    ("C15", "J03"),
    *((candidate, "J03") for candidate in ("C09", "C10", "C12", "C16")),
}
"""The returns that the incidents make."""
