"""The order in which a person goes.

What only people write, the roster and ``retours/``, is theirs to mend first: until then nothing is erased, for the next
night would bring it all back. Then everything goes but the archived returns, which tell what to look for, and go last:
a run that was killed on the way is finished by the next one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine import ledger, templates
from engine.commands import runs
from engine.commands.cohorts import called, key_of, open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.forget import papers, traces
from engine.commands.forget.traces import Trace
from engine.commands.logbook import Logbook
from engine.commands.night import handing
from engine.commands.options import Options
from engine.commands.report import Report
from engine.intake import Context, read_paths
from engine.model.errors import CohortError
from engine.model.people import shown_name
from engine.model.returns import FileReport
from engine.model.texts import INSIDE, of
from engine.outputs import redaction
from engine.workspace import clock, published
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import ARCHIVE, NO_LINK, holding, walk, write_whole

_EVERY_COPY = 10**6  # of earlier results: it is not for this command to prune them


@dataclass(frozen=True)
class Forgotten:
    """What came of it. ``first``: what a person must do before anything is erased; ``left``: what could not be erased,
    each in a sentence; ``owed``: papers that name them and stay. ``report``: what the consolidation that made the
    results anew found."""

    candidate: str
    first: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    owed: tuple[Path, ...] = ()
    deleted: int = 0
    redacted: int = 0
    marks: int = 0
    files: int = 0
    report: Report | None = None

    @property
    def done(self) -> bool:
        """Whether nothing of the person is left where the program writes."""
        return not (self.first or self.left or self.owed)


def forget(path: Path, candidate: str, *, key_file: Path | None = None) -> Forgotten:
    """Remove a candidate from the memory, the archive, the results, what was sent and the log; a trace stays that tells
    when and how much, not who.

    Raises :class:`engine.model.errors.CohortError` when nothing in the cohort is about them, or nothing could be done.
    """
    with runs.alone(Folder(path), "forget") as log:
        opened = open_cohort(path)
        published.read(opened.folder)  # what a later version wrote is refused here, not once half is erased
        key = key_of(opened.folder, key_file)
        context = Context(opened.referential, opened.roster, key)
        first = tuple(_to_do_first(opened, context, candidate))
        if first:
            return Forgotten(candidate, first=first, owed=_owed(opened, key, candidate))
        return _erase(opened, key, candidate, log, key_file)


def _to_do_first(opened: Cohort, context: Context, candidate: str) -> Iterator[str]:
    """What people have to do first, a line each, where only they write: the roster, and the returns."""
    folder = opened.folder
    person, about = opened.roster.candidate(candidate), traces.in_returns(folder, context, candidate)
    if person is not None:
        yield f"Retirez {candidate} de la feuille Candidats de {folder.roster.name}."
        called, known = (person.last_name, person.first_name), {trace.path for trace in about}
        yield from map(_OPEN.format, traces.named_after(opened, candidate, called, known))
    for trace in about:
        where = trace.path.relative_to(folder.returns)
        name = f"retours/{where.as_posix()}"
        if trace.whole and not trace.piece:
            yield f"Supprimez {name}."
            continue
        if trace.whole:
            yield (
                f"Supprimez {name}, où « {trace.piece} » parle {of(candidate)} ; déposez-y d'abord à part les autres "
                "classeurs qu'il contient, s'il y en a."
            )
            continue
        target = folder.redacted / where
        if trace.piece:
            target = target.with_name(f"{target.name} - {trace.piece.rpartition('/')[2].rpartition(INSIDE)[2]}")
        try:
            _redact(trace, candidate, target)
        except redaction.CannotRedactError:
            yield f"Retirez de {name} ce qui concerne {candidate} : aucune copie expurgée n'a pu en être faite."
        else:
            copy = target.relative_to(folder.path).as_posix()
            if trace.piece:
                yield (
                    f"Remplacez {name} par les classeurs qu'il contient, « {trace.piece} » par sa copie expurgée, "
                    f"{copy}."
                )
            else:
                yield f"Remplacez {name} par sa copie expurgée, {copy}."


def _redact(trace: Trace, candidate: str, target: Path) -> None:
    """Write a workbook without a candidate, with the date of the workbook it comes from."""
    content = redaction.redact(trace.load(), candidate, trace.shared, trace.own)
    modified = trace.path.stat().st_mtime_ns
    ledger.date(write_whole(target, holding(content)), modified)


def _erase(opened: Cohort, key: bytes, candidate: str, log: Logbook, key_file: Path | None) -> Forgotten:
    folder, now = opened.folder, clock.now()
    context = Context(opened.referential, opened.roster, key)
    archive = ledger.Archive(folder.archive, now)
    with TemporaryDirectory(prefix=".archive.", suffix=f".{os.getpid()}.d.part", dir=folder.private) as place:
        kept = archive.unpack(Path(place))
        found = list(traces.in_files(list(kept), Path(place), context, candidate))
        gone, redacted, left = _sort_out(found, kept, archive, candidate, context)
    owed, names = _owed(opened, key, candidate), traces.names(folder, candidate)
    left += [_OPEN.format(path) for name in names for path in traces.named_after(opened, candidate, name)]
    with ledger.opened(folder, write=True, now=now, key=key) as past:
        erased = past.erase(candidate, gone, redacted, [shown_name(*name) for name in names])
        closure = past.closure
    about = [*traces.in_sent(folder, candidate), *traces.in_results(folder, candidate)]
    if not (gone or redacted or erased.marks or erased.versions or about):
        hint = called(opened.roster, candidate)
        raise CohortError(f"Rien dans la cohorte ne parle de « {candidate} », pris comme identifiant{hint}.")
    parquet = any(folder.data.glob("*.parquet"))
    left += _clear_sent(opened, key, candidate)
    report = consolidate(folder.path, Options(key_file=key_file, keep=_EVERY_COPY, parquet=parquet))
    left += _clear(folder, candidate, report.result)
    papers.unpublish(folder, candidate)
    left += [_HELD.format(path) for path in papers.remade(folder) if not _removed(path)]
    if closure is not None and report.result == folder.results_workbook:
        _renew_closing_copy(folder, closure.at)
    for digest in (*gone, *redacted):
        archive.remove(digest)
    log.erase({*gone, *redacted})
    done = Forgotten(candidate, (), tuple(left), owed, len(gone), len(redacted), erased.marks, len(about), report)
    _leave_trace(folder, key, done, now)
    return done


def _owed(opened: Cohort, key: bytes, candidate: str) -> tuple[Path, ...]:
    """The papers that name a candidate and stay: they are owed to the certifier."""
    folder = opened.folder
    with ledger.opened(folder, write=False, now=clock.now(), key=key) as past:
        return tuple(papers.owed(folder, candidate, past.acts))


def _sort_out(
    found: list[tuple[Trace, FileReport]],
    kept: Mapping[Path, ledger.Kept],
    archive: ledger.Archive,
    candidate: str,
    context: Context,
) -> tuple[set[str], dict[str, FileReport], list[str]]:
    """The archived returns that go, by SHA-256; those that are replaced by a redacted one, which is kept and read at
    once; and, in sentences, those that had to go although they tell of others too."""
    gone, redacted, told = set(), {}, []
    for trace, report in found:
        if trace.whole:
            gone.add(report.digest)
            continue
        beside = trace.path.with_name(f"sans {trace.path.name}")
        try:
            _redact(trace, candidate, beside)
        except redaction.CannotRedactError:
            gone.add(report.digest)
            told.append(
                f"Le retour archivé {report.digest[:12]}, qui parle aussi d'autres personnes, n'a pas pu être "
                "expurgé : il a été retiré de l'archive. S'il compte encore, il est toujours dans retours/."
            )
        else:
            archive.put_beside(beside.read_bytes(), kept[trace.path])
            (redacted[report.digest],) = read_paths([beside], beside.parent, context).reports
    return gone, redacted, told


def _clear_sent(opened: Cohort, key: bytes, candidate: str) -> list[str]:
    """Remove what was sent about a candidate, redact what was sent about all, and write the drafts that carry it again:
    a consolidation attaches these workbooks to its reminders. In sentences, what could not be."""
    sent = list(traces.in_sent(opened.folder, candidate))
    left = [_HELD.format(trace.path) for trace in sent if not _cleared(trace, candidate)]
    handing.withdraw_sent(opened, {trace.path.name for trace in sent})
    handing.hand_out(opened, templates.plan(opened.folder.path, opened.roster, opened.referential, key))
    return left


def _clear(folder: Folder, candidate: str, results: Path | None) -> list[str]:
    """Remove every copy that names a candidate but the new ``results``; in sentences, what could not be."""
    left = [
        _HELD.format(trace.path) for trace in list(traces.in_sent(folder, candidate)) if not _cleared(trace, candidate)
    ]
    for path in list(traces.in_results(folder, candidate)):
        if path == results:
            left.append(f"« {path} » nomme encore {candidate} : cherchez-y ce qu'un retour d'un autre en dit.")
        elif not _removed(path):
            left.append(_HELD.format(path))
    old_drafts = (
        path for path in walk(folder.outgoing) if path.suffix == ".eml" and ARCHIVE in path.parts
    )  # each names several people
    spoiled = folder.private.glob(f"{folder.memory.stem} * abîmée*")  # cannot be read, hence not redacted
    return [*left, *(_HELD.format(path) for path in (*old_drafts, *spoiled) if not _removed(path))]


_OPEN = "Ouvrez retours/{}, qui porte son nom, et supprimez-le s'il parle de cette personne."
_HELD = "« {} » n'a pas pu être effacé : fermez-le s'il est ouvert, puis relancez la même commande."


def _cleared(trace: Trace, candidate: str) -> bool:
    if trace.whole or ARCHIVE in trace.path.parts:
        return _removed(trace.path)
    try:
        _redact(trace, candidate, trace.path)
    except (OSError, CohortError, redaction.CannotRedactError):
        return False
    return True


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _renew_closing_copy(folder: Folder, closed_at: datetime) -> None:
    """The dated copy of a closed session named everybody: the results as they now are take its place."""
    target = folder.closing_copy(closed_at)
    if not target.exists():
        write_whole(target, lambda beside: shutil.copyfile(folder.results_workbook, beside))


def _leave_trace(folder: Folder, key: bytes, done: Forgotten, now: datetime) -> None:
    """One line: who holds the key can tell whether it is about a given identifier, nobody else can tell who it is."""
    mark = hmac.new(key, f"oubli:{done.candidate.casefold()}".encode(), hashlib.sha256).hexdigest()[:16]
    line = {
        "quand": now.isoformat(timespec="seconds"),
        "empreinte": mark,
        "retours effacés": done.deleted,
        "retours expurgés": done.redacted,
        "valeurs effacées": done.marks,
        "fichiers": done.files,
        "restes": len(done.left),
    }
    descriptor = os.open(folder.erasures, os.O_CREAT | os.O_WRONLY | os.O_APPEND | NO_LINK, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
