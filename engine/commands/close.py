"""``close``: the decisions of a session frozen, as a consolidation finds them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine import ledger
from engine.commands import runs
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.grounds import Grounds, grounds, look, read
from engine.commands.judgement import Found, Judgement, judge
from engine.commands.options import Options
from engine.commands.report import Report
from engine.commands.session.recording import decisions_as_data, lost_papers, write_record
from engine.model import Act, Authority, Decision
from engine.model.errors import CohortError
from engine.model.texts import day_and_hour
from engine.workspace import clock, shell
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.digest import digest, program
from engine.workspace.progress import SILENT, Progress

Approval = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Closed:
    """A session that was just closed: its act, the dated copy of its results, what the last consolidation said."""

    act: Act
    copy: Path
    report: Report


def close(
    path: Path,
    progress: Progress = SILENT,
    *,
    accept_provisional: bool = False,
    approve: Approval = lambda _: None,
    key_file: Path | None = None,
) -> Closed:
    """Freeze the decisions of a session, as a consolidation finds them now, and keep a dated copy of its results; with
    a deliberation that counts, write the jury's record.

    Raises :class:`CohortError`, nothing written, while something is pending (every blocking anomaly, `EN ATTENTE`,
    `Provisoire` is listed) and ``accept_provisional`` does not take it as it is. ``approve`` is told what is pending
    before anything is frozen, and may refuse by raising.
    """
    with runs.alone(Folder(path), "close"):
        opened = open_cohort(path)
        folder, key, acts = opened.folder, key_of(opened.folder, key_file), []
        standing = standing_closure(folder, key)
        if standing is not None:
            return _completed(opened, standing, key, key_file)
        judged: list[Judgement] = []

        def freeze(at: Grounds, found: Found, returns: Mapping[str, str]) -> Act:
            judged[:] = [found]
            if at.past.closure is not None:  # by this very run, before its memory turned out to be spoiled
                return at.past.closure
            pending = list(obstacles(found))
            if pending and not accept_provisional:
                raise CohortError(_refusal(folder, pending))
            approve(pending)
            rest_on = {"program": program(), "referential": digest(opened.referential), "roster": digest(opened.roster)}
            acts.append(at.past.close(_minute(folder, at.now), found.outcomes, returns, pending, rest_on))
            return acts[-1]

        try:
            report = consolidate(path, Options(key_file=key_file), progress, closing=freeze)
            if judged[0].deliberation is not None:
                write_record(opened, judged[0], acts[-1])
        except BaseException:
            if acts:
                _take_back(folder, acts[-1], key)
            raise
        return Closed(acts[-1], folder.closing_copy(acts[-1].at), report)


def standing_closure(folder: Folder, key: bytes | None = None) -> Act | None:
    """The act that closed a session, while it is closed."""
    last = last_act(folder, key)
    return last if last is not None and last.closes else None


def last_act(folder: Folder, key: bytes | None = None) -> Act | None:
    """The last time that a session was closed or opened again."""
    with ledger.opened(folder, write=False, now=clock.now(), key=key) as past:
        return past.acts[-1] if past.acts else None


def _completed(opened: Cohort, closure: Act, key: bytes, key_file: Path | None) -> Closed:
    """A closure that was interrupted before its copy and its papers were there, or lost one since, is finished; any
    other is refused."""
    folder, copy = opened.folder, opened.folder.closing_copy(closure.at)
    if not closure.certain or (copy.exists() and not lost_papers(folder, closure)):
        raise _already(closure)
    with grounds(opened, key) as at:
        judged = judge(at, read(at, look(at)))
    by_jury = judged.deliberation is not None and judged.deliberation.file in closure.returns
    if copy.exists() and not by_jury:
        raise _already(closure)
    if copy.exists():
        _require_as_closed(opened, judged, copy)
    report = consolidate(folder.path, Options(key_file=key_file))
    if by_jury:
        write_record(opened, judged, closure)
    return Closed(closure, copy, report)


def _require_as_closed(opened: Cohort, judged: Judgement, copy: Path) -> None:
    """Raise :class:`CohortError` when a record made now would show other figures than the closing copy that it names,
    for decisions alone are frozen."""
    from engine.outputs.delivery import unlike

    try:
        found = unlike(copy.read_bytes(), decisions_as_data(opened, judged))
    except (ValueError, KeyError):  # saved again by another program: nothing to compare with
        return
    if found:
        reopen = shell.line("reopen", opened.folder.path, "--reason", "la raison")
        raise CohortError(
            "Des pièces du jury manquent, et ce qui manque ne peut pas être refait : des retours, le registre ou le "
            f"référentiel ont changé depuis ({', '.join(found)}). Rétablissez-les, ou rendez-le d'une sauvegarde ; à "
            f"défaut, rouvrez la session, avec la raison, par {reopen}, puis fermez-la."
        )


def _already(closure: Act) -> CohortError:
    return CohortError(f"La session est déjà close depuis le {day_and_hour(closure.at)}.")


def _take_back(folder: Folder, act: Act, key: bytes) -> None:
    """Undo a closure that could not be finished: its copy first, which would tell of an act that is lost."""
    folder.closing_copy(act.at).unlink(missing_ok=True)
    with ledger.opened(folder, write=True, now=clock.now(), key=key) as past:
        past.take_back(act)


def _minute(folder: Folder, now: datetime) -> datetime:
    """The moment of a closure: a minute that no other has, for its copy bears it."""
    while folder.closing_copy(now).exists():
        now += timedelta(minutes=1)
    return now


def _refusal(folder: Folder, pending: Iterable[str]) -> str:
    anyway = shell.line("close", folder.path, "--accept-provisional")
    listed = "".join(f"\n  - {line}" for line in pending)
    return (
        f"La session ne peut pas être close :{listed}\nRéglez ces points, ou passez outre par {anyway} : tout sera "
        "figé en l'état."
    )


def obstacles(report: Found | Report) -> Iterator[str]:
    """The obstacles to closing a session, one line each."""
    by_jury = any(outcome.decided_by is Authority.JURY for outcome in report.outcomes or ())
    for anomaly in report.anomalies:
        if anomaly.blocking or (anomaly.of_draft and not by_jury):
            place = ", ".join(part for part in (anomaly.candidate, anomaly.file, anomaly.sheet, anomaly.cell) if part)
            yield f"{anomaly.code}, {place} : {anomaly.message}" if place else f"{anomaly.code} : {anomaly.message}"
    for outcome in report.outcomes or ():
        if outcome.decision is Decision.PENDING:
            yield f"{Decision.PENDING} : {outcome.candidate.name} ({outcome.candidate.id})"
        elif outcome.provisional and outcome.decision is not Decision.LEFT:
            yield f"{outcome.decision} provisoire : {outcome.candidate.name} ({outcome.candidate.id})"
        if outcome.left_out:
            yield f"Absent de la délibération : {outcome.candidate.name} ({outcome.candidate.id})"
