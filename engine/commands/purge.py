"""``purge``: what is kept no longer than it must: earlier versions, earlier results, what was replaced.

What the decisions rest on is never purged, nor the acts of the session and the copies of its closures, nor anything in
the roster and in ``retours/``, which are people's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine import ledger
from engine.commands import runs
from engine.commands.cohorts import open_cohort
from engine.commands.restore import RESTORED
from engine.model.errors import CohortError
from engine.model.spans import Span
from engine.workspace import clock
from engine.workspace.cohort import Folder
from engine.workspace.files import ARCHIVE, walk
from engine.workspace.precedents import FOLDER as PRECEDENTS

_SLACK = timedelta(days=1)  # two clocks are never quite the same


@dataclass(frozen=True)
class Purged:
    """What went, or would go: returns of the ``archive``, ``rows`` of the memory (0 when nothing was done), ``files``.

    ``closed_at``: when a session was closed that is itself older than the retention.
    """

    limit: datetime
    archive: int
    rows: int
    files: tuple[Path, ...]
    stuck: tuple[Path, ...] = ()
    closed_at: datetime | None = None


def retention(path: Path) -> Span | None:
    """How long the roster says that things are kept."""
    return open_cohort(path).roster.session.retention


def purge(path: Path, span: Span, *, dry_run: bool = False) -> Purged:
    """Remove what has not counted for ``span``; nothing in a ``dry_run``.

    Raises :class:`CohortError` when the clock cannot be trusted: what is old by a wrong clock is not.
    """
    folder, now = Folder(path), clock.now()
    limit = span.before(now)
    if dry_run:
        folder.require()
        return _purge(folder, limit, now, dry_run=True)
    with runs.alone(folder, "purge"):
        return _purge(folder, limit, now, dry_run=False)


def _purge(folder: Folder, limit: datetime, now: datetime, *, dry_run: bool) -> Purged:
    with ledger.opened(folder, write=not dry_run, now=now) as past:
        _require_sane_clock(past, now)
        contents = past.outdated(limit)
        kept = ledger.Archive(folder.archive, now)
        archived, files = contents & kept.digests(), tuple(_old_files(folder, limit))
        closure = past.closure.at if past.closure and past.closure.at < limit else None
        if dry_run:
            return Purged(limit, len(archived), 0, files, closed_at=closure)
        rows = past.purge(limit, contents)
    for digest in archived:
        kept.remove(digest)
    for path in files:
        with suppress(OSError):
            path.unlink()
    stuck = tuple(path for path in files if path.exists())
    return Purged(limit, len(archived), rows, files, stuck, closure)


def _require_sane_clock(past: ledger.Ledger, now: datetime) -> None:
    if past.last is not None and past.last.made_at > now + _SLACK:
        raise CohortError(
            f"L'horloge dit {now:%d/%m/%Y}, et la dernière consolidation est du {past.last.made_at:%d/%m/%Y} : rien "
            "n'a été purgé. Remettez l'horloge à l'heure."
        )


def to_paste(folder: Folder) -> list[Path]:
    """The rows that were written beside a roster, and those that they replaced."""
    return [folder.carried, *sorted((folder.path / ARCHIVE).glob(f"{folder.carried.stem}*{folder.carried.suffix}"))]


def _old_files(folder: Folder, limit: datetime) -> Iterator[Path]:
    """The files that were replaced, copied or set aside, last written before ``limit``."""
    places = [folder.results / PRECEDENTS, folder.results / RESTORED, folder.redacted]
    found = [*(path for place in places for path in walk(place)), *to_paste(folder)[1:]]
    for root in (folder.outgoing, folder.pages):
        found += [path for path in walk(root) if ARCHIVE in path.relative_to(root).parts[:-1]]
    found += folder.private.glob(f"{folder.memory.stem} * abîmée*")
    for path in sorted(set(found)):
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime) < limit:
            yield path
