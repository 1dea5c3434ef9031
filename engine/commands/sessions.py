"""What is done with a cohort's memory: who sent what, a return given back, a session closed and opened again.

They raise :class:`engine.model.errors.EngineError` when nothing could be done.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine import commands as pipeline
from engine import ledger
from engine.commands import runs
from engine.commands.cohorts import key_of
from engine.commands.grounds import Grounds
from engine.commands.judgement import Found
from engine.commands.options import Options
from engine.commands.report import Report
from engine.model import Act, Decision, Roster
from engine.model.errors import CohortError
from engine.model.texts import INSIDE, day_and_hour
from engine.workspace import clock
from engine.workspace.cohort import Folder
from engine.workspace.digest import digest, program
from engine.workspace.files import free, write_whole


@dataclass(frozen=True)
class History:
    """What was sent about one candidate, and the people it names."""

    candidate: str
    roster: Roster
    versions: list[ledger.Version]


def history(path: Path, candidate: str) -> History:
    """What each evaluator sent about a candidate, as far as the memory goes; writes nothing."""
    opened = pipeline.open_cohort(path)
    person = opened.roster.candidate(candidate)
    folder = opened.folder
    with ledger.opened(folder.memory, folder.results, write=False, now=clock.now()) as past:
        versions = ledger.history(past, person.id if person else candidate)
        notices = past.notices
    if not versions:
        why = "n'est pas au registre, et rien" if person is None else "est au registre, et rien"
        reason = f"« {candidate} » {why} de ce qu'une consolidation a lu ne parle de lui."
        raise CohortError("\n".join([*notices, reason]))
    return History(person.id if person else candidate, opened.roster, versions)


def restore(path: Path, start: str, out: Path | None = None) -> Path:
    """Write a return of the archive again, with its own date; the path it got. Never replaces anything.

    ``start``: the beginning of its SHA-256. ``out``: a folder, or the file to make; by default below ``resultats/``.
    """
    folder = Folder(path)
    with runs.alone(folder, "restore"):
        kept = _found(ledger.Archive(folder.archive, clock.now()), start)
        return _put(_target(folder, kept[0], out), *kept)


def _found(archive: ledger.Archive, start: str) -> tuple[ledger.Kept, bytes]:
    found = archive.find(start)
    if len(found) != 1:
        many = "est celle de plusieurs retours archivés" if found else "n'est celle d'aucun retour archivé"
        raise CohortError(
            f"L'empreinte « {start} » {many} : donnez-en au moins {ledger.SHORTEST} signes, tels que "
            "« history » ou la feuille Fichiers les montrent."
        )
    content = archive.content(found[0].digest)
    if content is None:
        raise CohortError(f"Le retour archivé « {found[0].digest} » est abîmé : il ne peut pas être rendu.")
    return found[0], content


def _target(folder: Folder, kept: ledger.Kept, out: Path | None) -> Path:
    """Where a return goes: never over another file."""
    name = Path(kept.name.rpartition(INSIDE)[2]).name or f"{kept.digest[:12]}.xlsx"
    if out is None:
        return free(folder.results / "restaures" / name)
    if out.is_dir():
        return free(out / name)
    if os.path.lexists(out):
        raise CohortError(f"« {out} » existe déjà : choisissez un autre nom.")
    return out


def _put(target: Path, kept: ledger.Kept, content: bytes) -> Path:
    written = write_whole(target, lambda beside: beside.write_bytes(content))
    ledger.date(written, kept.modified_ns)  # which tells versions apart
    return written


# -------------------------------------------------------------------------------- closing, reopening


@dataclass(frozen=True)
class Closed:
    """A session that was just closed: its act, the dated copy of its results, what the last consolidation said."""

    act: Act
    copy: Path
    report: Report


def close(path: Path, *, accept_provisional: bool = False, key_file: Path | None = None) -> Closed:
    """Freeze the decisions of a session, as a consolidation finds them now, and keep a dated copy of its results.

    Raises :class:`CohortError`, nothing written, while something is pending (every blocking anomaly, `EN ATTENTE`,
    `Provisoire` is listed) and ``accept_provisional`` does not take it as it is.
    """
    with runs.alone(Folder(path), "close"):
        opened = pipeline.open_cohort(path)
        folder, key, acts = opened.folder, key_of(opened.folder, key_file), []
        with ledger.opened(folder.memory, folder.results, write=False, now=clock.now(), key=key) as past:
            standing = past.closure
        if standing is not None:
            return _completed(folder, standing, key_file)

        def freeze(at: Grounds, found: Found, returns: Mapping[str, str]) -> Act:
            if at.past.closure is not None:  # by this very run, before its memory turned out to be spoiled
                return at.past.closure
            pending = list(obstacles(found))
            if pending and not accept_provisional:
                raise CohortError(_refusal(pending))
            rest_on = {"program": program(), "referential": digest(opened.referential), "roster": digest(opened.roster)}
            acts.append(at.past.close(_minute(folder, at.now), found.outcomes, returns, pending, rest_on))
            return acts[-1]

        try:
            report = pipeline.consolidate(path, Options(key_file=key_file), closing=freeze)
        except BaseException:
            if acts:
                _take_back(folder, acts[-1], key)
            raise
        return Closed(acts[-1], folder.closing_copy(acts[-1].at), report)


def _completed(folder: Folder, closure: Act, key_file: Path | None) -> Closed:
    """A closure that was interrupted before its dated copy was there is finished; any other is refused."""
    copy = folder.closing_copy(closure.at)
    if not closure.certain or copy.exists():
        raise CohortError(f"La session est déjà close depuis le {day_and_hour(closure.at)}.")
    return Closed(closure, copy, pipeline.consolidate(folder.path, Options(key_file=key_file)))


def _take_back(folder: Folder, act: Act, key: bytes) -> None:
    """Undo a closure that could not be finished: its copy first, which would tell of an act that is lost."""
    folder.closing_copy(act.at).unlink(missing_ok=True)
    with ledger.opened(folder.memory, folder.results, write=True, now=clock.now(), key=key) as past:
        past.take_back(act)


def _minute(folder: Folder, now: datetime) -> datetime:
    """The moment of a closure: a minute that no other has, for its copy bears it."""
    while folder.closing_copy(now).exists():
        now += timedelta(minutes=1)
    return now


def _refusal(pending: Iterable[str]) -> str:
    listed = "".join(f"\n  - {line}" for line in pending)
    return (
        f"La session ne peut pas être close :{listed}\nCorrigez-le, ou passez outre avec "
        "--accept-provisional : tout sera figé en l'état."
    )


def obstacles(report: Found | Report) -> Iterator[str]:
    """What keeps a session open, one line each."""
    for anomaly in report.anomalies:
        if anomaly.blocking:
            place = ", ".join(part for part in (anomaly.candidate, anomaly.file, anomaly.sheet, anomaly.cell) if part)
            yield f"{anomaly.code}, {place} : {anomaly.message}" if place else f"{anomaly.code} : {anomaly.message}"
    for outcome in report.outcomes or ():
        if outcome.decision is Decision.PENDING:
            yield f"{Decision.PENDING} : {outcome.candidate.name} ({outcome.candidate.id})"
        elif outcome.provisional and outcome.decision is not Decision.LEFT:
            yield f"{outcome.decision} provisoire : {outcome.candidate.name} ({outcome.candidate.id})"


def reopen(path: Path, reason: str, *, key_file: Path | None = None) -> None:
    """Let the next consolidation decide again; the reason is kept and shown in the results."""
    folder, now = Folder(path), clock.now()
    folder.require()
    if not reason.strip():
        raise CohortError("Donnez la raison de la réouverture : elle est gardée et figure dans les résultats.")
    with runs.alone(folder, "reopen"):
        key = key_of(folder, key_file)
        with ledger.opened(folder.memory, folder.results, write=True, now=now, key=key) as past:
            if past.closure is None:
                raise CohortError("La session n'est pas close.")
            past.reopen(now, " ".join(reason.split()))
