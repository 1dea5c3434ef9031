"""The days of the jury: the sheet `Journées`, and the slots that candidates are given by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from engine.model import Candidate, Referential, Role
from engine.model.sittings import Break, Passage, Sitting, Slot, slots
from engine.office.typed.cells import as_date, as_text, fold, shown
from engine.office.typed.table import Row, Table
from engine.roster.directory import Directory, assigned
from engine.roster.hours import as_breaks, as_hour
from engine.roster.layout import SITTINGS

PASSAGE = "Passage"


@dataclass(frozen=True)
class DraftSitting:
    """A sitting as far as it could be read, and its row."""

    row: Row
    sitting: Sitting


def read_sittings(table: Table | None, directory: Directory | None) -> tuple[DraftSitting, ...]:
    """The sittings of the sheet `Journées`; those that contradict themselves or one another are reported."""
    rows = [row for row in table.rows if not row.is_example] if table else []
    found = tuple(DraftSitting(row, sitting) for row in rows if (sitting := _sitting(row, directory)) is not None)
    for first, second in combinations(found, 2):
        _report_clash(first, second)
    return found


def _sitting(row: Row, directory: Directory | None) -> Sitting | None:
    day, room = row.read("Date", as_date, None), row.read("Salle", as_text, "")
    start, end = row.read("Début", as_hour, None), row.read("Fin", as_hour, None)
    none: tuple[Break, ...] = ()
    breaks = row.read("Pauses", as_breaks, none)
    jurors = assigned(row, "Jurés", Role.JUROR, directory)
    if start is not None and end is not None and end <= start:
        row.report("Fin", f"la fin ({end:%H:%M}) n'est pas après le début ({start:%H:%M}).")
    if day is None or start is None or end is None:
        return None
    return Sitting(day=day, room=room, start=start, end=end, jurors=jurors, breaks=breaks)


def _report_clash(first: DraftSitting, second: DraftSitting) -> None:
    """Two sittings at once that share their room or a juror, told of the second."""
    one, two = first.sitting, second.sitting
    if one.day != two.day or one.start >= two.end or two.start >= one.end:
        return
    if one.room and fold(one.room) == fold(two.room):
        taken = first.row.place("Salle").address
        second.row.report("Salle", f"la salle « {shown(two.room)} » sert déjà à ce moment-là ({taken}).")
    for juror in two.jurors:
        if juror in one.jurors:
            taken = first.row.place("Jurés").address
            second.row.report("Jurés", f"le juré « {juror} » siège déjà ailleurs à ce moment-là ({taken}).")


def report_passages(
    candidates: Sequence[tuple[Row, Candidate]], sittings: Sequence[DraftSitting], referential: Referential
) -> None:
    """Report each fixed slot that no sitting has, that two sittings have, or that another candidate has too."""
    offered = slots((each.sitting for each in sittings), referential.slot_minutes) if referential.oral else ()
    taken: dict[tuple[object, ...], Row] = {}
    for row, candidate in candidates:
        if candidate.passage is None:
            continue
        found = [slot for slot in offered if slot.answers(candidate.passage)]
        if len(found) != 1:
            row.report(PASSAGE, _unclear(candidate.passage, found, offered))
        elif candidate.may_be_heard:
            first = taken.setdefault(found[0].key, row)
            if first is not row:
                row.report(PASSAGE, f"ce créneau est déjà celui de {first.place(PASSAGE).address}.")


def _unclear(passage: Passage, found: Sequence[Slot], offered: Sequence[Slot]) -> str:
    when = f"le créneau du {passage.start:%d/%m/%Y} à {passage.start:%H:%M}"
    if found:
        rooms = " ou ".join(f"« {slot.room} »" for slot in found)
        return f"{when} existe dans plusieurs salles ; ajoutez la salle ({rooms}) après l'heure."
    where = f", salle « {shown(passage.room)} »," if passage.room else ""
    return f"{when}{where} n'est celui d'aucune séance de la feuille {SITTINGS.name}{''.join(_near(passage, offered))}."


def _near(passage: Passage, offered: Sequence[Slot]) -> Iterator[str]:
    """The slots of that day, as far as it has any."""
    hours = dict.fromkeys(f"{slot.start:%H:%M}" for slot in offered if slot.start.date() == passage.start.date())
    if hours:
        yield f" ; créneaux de ce jour : {', '.join(hours)}"
