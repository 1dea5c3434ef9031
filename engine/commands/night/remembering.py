"""What the memory gives the intake, and what the intake gives back to a memory that was lost."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import engine
from engine import intake, ledger
from engine.model import Act
from engine.model.texts import counted, day_and_hour
from engine.workspace import pages, shell
from engine.workspace.cohort import Cohort

if TYPE_CHECKING:
    from engine.commands.grounds import Grounds


def memory(at: Grounds, full: bool) -> intake.Memory:
    """The readings of earlier nights, which need no reading again; none for a ``full`` run."""
    if full:
        return intake.NOTHING
    looks = {
        file.path: intake.Look(file.size, file.modified_ns, file.changed_ns, file.sha256)
        for file in at.past.files()
        if file.sure
    }
    return intake.Memory(looks, at.past.readings(at.reading))


def told_by(acts: Sequence[Act]) -> list[tuple[object, ...]]:
    """The acts on the session, as far as the results depend on them."""
    return [(act.number, str(act.kind), act.at.isoformat(), act.seal, act.certain) for act in acts]


def closed(past: ledger.Ledger) -> Iterator[str]:
    """That the session is closed, while it is."""
    if past.closure is not None:
        frozen = "les décisions sont figées" if past.closure.certain else "ce qui a été figé est introuvable"
        yield f"Session close le {day_and_hour(past.closure.at)} : {frozen}."


def rebuild(at: Grounds) -> None:
    """Give a memory that was lost what the archive still knows: who sent what, when, and which version stood.

    Returns are unpacked in the private folder, under a name that the next run removes should this one be killed.
    """
    private = at.folder.private
    with TemporaryDirectory(prefix=".archive.", suffix=f".{os.getpid()}.d.part", dir=private) as place:
        kept = at.archive.unpack(Path(place))
        known = intake.Memory(readings=at.past.readings(at.reading))
        read = intake.survey(list(kept), intake.Task(Path(place), at.context), memory=known).read()
    if not kept:
        return
    for report, each in zip(read.reports, kept.values(), strict=True):
        report.path = each.name
    night = ledger.Night(
        made_at=at.now,
        program=engine.__version__,
        clock=0,
        context=at.reading,
        files=read.reports,
        states={},
        anomalies=(),
        outcomes=(),
        readings=intake.lasting(read.reports),
    )
    at.past.rebuild(night, {each.digest: each.kept_at for each in kept.values()})
    returns = counted(len(kept), "retour archivé", "retours archivés")
    at.past.notices.append(f"La mémoire a été refaite à partir de {returns} et des retours présents.")


def lost_copy(at: Grounds) -> list[str]:
    """That the dated copy of a closure is gone, in one sentence; nothing of a closure that was interrupted before it
    had its copy and its record."""
    closure, folder = at.past.closure, at.folder
    if closure is None or not closure.certain or folder.closing_copy(closure.at).exists() or not folder.record.exists():
        return []
    return [
        f"La copie datée de la clôture du {day_and_hour(closure.at)} n'est plus là : la consolidation la refait "
        "d'après les retours et le registre d'aujourd'hui. Si vous en avez une sauvegarde, remettez-la à sa place : "
        "le procès-verbal en porte l'empreinte."
    ]


_LISTED = 6  # pages that are named


def changed_pages(cohort: Cohort) -> list[str]:
    """That pages were changed since they were written, in one sentence; nothing otherwise."""
    found = [path.name for path in pages.altered(cohort.folder, cohort.roster.candidates)]
    if not found:
        return []
    listed = ", ".join(f"« {name} »" for name in found[:_LISTED]) + (", …" if len(found) > _LISTED else "")
    which = counted(len(found), "page de candidat a été modifiée", "pages de candidats ont été modifiées")
    return [f"{which} après coup ({listed}) : {shell.line('fiches', cohort.folder.path)} les refait."]
