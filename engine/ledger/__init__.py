"""The memory between two nights: what was read, found and decided, in ``.cohorte/memoire.sqlite``.

::

    schema.py    the tables, and how an older file becomes one of today
    opening.py   to write, or to read without a trace; what is spoiled is set aside
    seal.py      what vouches for it between two runs
    past.py      what it holds, as it stood after a run
    night.py     keeping what a run found
    changes.py   what moved between two runs
    regressions.py  what was there and is not any more, decisions that moved: R07
    losses.py    the returns that counted and are gone
    archive.py   every return that ever counted
    history.py   what each evaluator sent about a candidate
    acts.py      closures and reopenings of the session
    vouching.py  which of them can be believed
    holding.py   what a closed session holds to, and R08
    erasing.py   one candidate taken out of it
    purging.py   what no longer holds since long

A run is kept before its results take their place, with their SHA-256, and confirmed after. One that was interrupted in
between is told by the results that stand: they are its own, or it is taken back as if it had never been.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from engine.ledger import night, seal, vouching
from engine.ledger.acts import drop, names_of, sealed, settle, texts, without
from engine.ledger.archive import SHORTEST, Archive, Kept, date
from engine.ledger.changes import Change, Mark, changes
from engine.ledger.erasing import Erased, erase, named
from engine.ledger.history import Version, history
from engine.ledger.holding import frozen, hold
from engine.ledger.losses import Loss, loss
from engine.ledger.night import Night, Retold, deliver, forget, keep, rebuild, retain
from engine.ledger.opening import DOUBTS, DamagedError, set_aside, to_read, to_write
from engine.ledger.past import FileRow, MarkRow, Past, RunRow, SheetRow
from engine.ledger.purging import outdated, purge
from engine.ledger.regressions import regressions
from engine.model import Act, ActKind, Outcome
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.returns import FileReport
from engine.workspace.cohort import Folder
from engine.workspace.digest import of_readable
from engine.workspace.files import beside, create

__all__ = [
    "SHORTEST",
    "Archive",
    "Change",
    "DamagedError",
    "Erased",
    "FileRow",
    "Kept",
    "Ledger",
    "Loss",
    "Mark",
    "MarkRow",
    "Night",
    "Past",
    "Retold",
    "RunRow",
    "SheetRow",
    "Version",
    "changes",
    "clock",
    "date",
    "history",
    "hold",
    "loss",
    "opened",
    "regressions",
]


class Ledger(Past):
    """The memory while a command runs. ``acts``: the closures and reopenings of the session, the first one first;
    ``notices``: what people must be told about the memory, in French; ``vouched``: whether its seal says that nothing
    moved in it since the last run."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        baseline: int,
        acts: list[Act],
        folder: Path,
        key: bytes | None = None,
    ) -> None:
        """``folder`` holds the files of the acts, ``key`` seals them."""
        super().__init__(connection, baseline)
        self.acts, self._folder, self._key = acts, folder, key
        self.notices: list[str] = []
        self.vouched = False

    @property
    def closure(self) -> Act | None:
        """The act that closed the session, while it is closed."""
        return self.acts[-1] if self.acts and self.acts[-1].closes else None

    def close(
        self,
        at: datetime,
        outcomes: Iterable[Outcome],
        returns: Mapping[str, str],
        accepted: Sequence[str],
        rest_on: Mapping[str, str],
    ) -> Act:
        """Freeze these decisions, and no others; ``returns``: the SHA-256 of each return as it was read, by path;
        ``rest_on`` names what they rest on beside the returns."""
        return self._write(
            Act(
                number=self._next,
                kind=ActKind.CLOSE,
                at=at,
                accepted=tuple(accepted),
                decisions=tuple(map(frozen, outcomes)),
                rest_on=rest_on,
                returns=returns,
            )
        )

    def reopen(self, at: datetime, reason: str) -> Act:
        """Decide again from now on; never dated before what it opens again."""
        at = max([at, *(act.at for act in self.acts)])
        return self._write(Act(number=self._next, kind=ActKind.REOPEN, at=at, reason=reason))

    @property
    def _next(self) -> int:
        return self.acts[-1].number + 1 if self.acts else 1

    def _write(self, act: Act) -> Act:
        self.acts.append(self._sealed(act))
        settle(self.connection, self._folder, self.acts[-1:])
        return self.acts[-1]

    def _sealed(self, act: Act) -> Act:
        if self._key is None:
            raise ValueError("an act is sealed with the cohort's key")
        return sealed(act, self._key)

    def take_back(self, act: Act) -> None:
        """Remove the last act: what it was for could not be done."""
        self.acts.remove(act)
        drop(self.connection, self._folder, act)

    def erase(
        self, candidate: str, gone: Collection[str], redacted: Mapping[str, FileReport], names: Collection[str] = ()
    ) -> Erased:
        """Remove a candidate, as :func:`engine.ledger.erasing.erase` does, from the acts too, which may tell other
        ``names`` of theirs."""
        digests = {old: file.digest for old, file in redacted.items()}
        names = {*names, *names_of(self.acts, candidate)}
        returns = (each for act in self.acts for each in act.returns.items())
        unread = named(self.connection, candidate, names, returns)
        left = [without(act, candidate, {*gone, *unread}, digests, names) for act in self.acts]
        self.acts[:] = [self._sealed(act) if act.certain else act for act in left]
        erased = erase(self.connection, candidate, gone, redacted, names)
        settle(self.connection, self._folder, self.acts)
        return erased

    def outdated(self, limit: datetime) -> set[str]:
        """The SHA-256 of the contents that stand in no file any more, since before ``limit``."""
        return outdated(self.connection, limit)

    def purge(self, limit: datetime, contents: Collection[str]) -> int:
        """Remove what ended before ``limit``, and all that is known of these ``contents``; how many rows went."""
        return purge(self.connection, limit, contents)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever written down."""
        return self.baseline == 0

    def keep(self, night: Night, results: Path) -> int:
        """Write a run down before its results, the file ``results``, take their place; its number."""
        return keep(self.connection, night, of_readable(results))

    def retain(self, context: str, readings: Iterable[tuple[str, bytes]]) -> None:
        """Keep what was read in contents, by SHA-256, so that a run whose results cannot be written has read for the
        next one."""
        retain(self.connection, context, readings)

    def rebuild(self, night: Night, arrivals: Mapping[str, datetime]) -> None:
        """Make up a first run of what the archive holds; ``arrivals``: when each content was kept, by SHA-256."""
        self.baseline = rebuild(self.connection, night, arrivals)

    def deliver(self, run: int) -> None:
        """Confirm a run: its results took their place."""
        deliver(self.connection, run)
        self.delivered = run

    def finish(self, outputs: str, retelling: bytes = b"") -> None:
        """Note what stood ready once all that follows from the run just delivered was written too; ``""``: its results
        are not to be left standing. ``retelling``: they tell of what changed since the run before, and this is what
        telling them again calls for."""
        self.connection.execute("UPDATE runs SET outputs = ? WHERE id = ?", (outputs, self.delivered))
        self.connection.execute("DELETE FROM retelling")
        if outputs and retelling:
            self.connection.execute("INSERT INTO retelling VALUES (?, ?)", (self.delivered, retelling))

    @property
    def retelling(self) -> bytes:
        """What telling the results of the last run again calls for; nothing where they tell of no change."""
        query = "SELECT content FROM retelling WHERE run = ?"
        found = self.connection.execute(query, (self.baseline,)).fetchone()
        return bytes(found[0]) if found else b""

    def stands(self, inputs: str, outputs: str, workbook: Path) -> bool:
        """Whether the results that stand are those that these inputs would give, to the last word: the last run had
        the same, may be left standing, and all that it wrote is there."""
        last = self.connection.execute("SELECT outputs FROM runs ORDER BY id DESC LIMIT 1").fetchone()
        return last == (outputs,) and self.wrote(inputs, workbook)

    def wrote(self, inputs: str, workbook: Path) -> bool:
        """Whether the workbook that stands is the one that the last run made of these inputs."""
        last = self.connection.execute("SELECT inputs, results FROM runs ORDER BY id DESC LIMIT 1").fetchone()
        return last is not None and last[0] == inputs and last[1] == of_readable(workbook)

    def stand(self, made_at: datetime, program: str, clock: int) -> None:
        """Write down a run that left everything as it stands; files are a night older, and surer."""
        night.grow_older(self.connection, clock)
        self.connection.execute(
            "INSERT INTO runs (made_at, program, results, delivered, inputs, outputs)"
            " SELECT ?, ?, results, 1, inputs, outputs FROM runs ORDER BY id DESC LIMIT 1",
            (made_at.isoformat(), program),
        )

    def look_again(self, changed: Iterable[tuple[str, str, int]]) -> None:
        """Note when files of the same content (path, SHA-256) were last changed in anything, in ns."""
        night.look_again(self.connection, changed)

    def retell(self, retold: Retold, results: Path) -> int:
        """Write down, before its results take their place, a run that tells what the last one did but what told of a
        change; its number."""
        return night.retell(self.connection, retold, of_readable(results))


@contextmanager
def opened(
    folder: Folder, *, write: bool, now: datetime, doubted: bool = False, key: bytes | None = None
) -> Iterator[Ledger]:
    """The memory of a cohort; ``key`` vouches for its acts: who has nothing to do with them needs none.

    Without ``write`` nothing is touched. A spoiled memory is set aside under a name dated ``now``, and a new one
    begins. Raises :class:`CohortError` when the disk does not allow it, :class:`DamagedError` when it turns out to be
    spoiled later: it is then set aside, and the same may be tried again, as ``doubted``.
    """
    notices: list[str] = []
    path, acts_folder, stamp = folder.memory, folder.private / "actes", f"{now:%Y-%m-%d %Hh%M}"
    try:
        with ExitStack() as stack:
            vouched = not path.exists() or bool(seal.holds(path))
            if write:
                connection = _to_write(stack, path, stamp, notices, doubted)
            else:
                connection = _to_read(stack, path, notices, doubted)
            with _readable(acts_folder):
                acts = vouching.known(texts(connection, acts_folder), key, folder.results / "clotures", now)
                if write and key is not None:
                    settle(connection, acts_folder, [act for act in acts if act.certain])
            with _decoded(path, vouched):
                ledger = Ledger(connection, _baseline(connection, folder.results, write), acts, acts_folder, key)
                ledger.notices += notices
                ledger.vouched = vouched
                yield ledger
    except DamagedError:
        if write and path.exists():
            set_aside(path, stamp)
        raise


@contextmanager
def _decoded(path: Path, vouched: bool) -> Iterator[None]:
    """A memory that no seal vouches for is the first suspect when the block stumbles on a value; otherwise the program
    is, and the fault goes its way."""
    try:
        yield
    except DOUBTS as fault:
        if vouched or isinstance(fault, sqlite3.Error):
            raise
        raise DamagedError(path, type(fault).__name__) from fault


def _to_read(stack: ExitStack, path: Path, notices: list[str], doubted: bool) -> sqlite3.Connection:
    with suppress(DamagedError):
        if not doubted:
            return stack.enter_context(to_read(path))
    notices.append(f"La mémoire de la cohorte est abîmée ({path}) : la prochaine consolidation la refera.")
    return stack.enter_context(to_read(None))


def _to_write(stack: ExitStack, path: Path, stamp: str, notices: list[str], doubted: bool) -> sqlite3.Connection:
    if doubted:
        notices.append("La mémoire de la cohorte était abîmée : elle a été mise de côté et refaite.")
    try:
        return stack.enter_context(to_write(path))
    except DamagedError:
        aside = set_aside(path, stamp)
        notices.append(f"La mémoire de la cohorte était abîmée : elle a été mise de côté ({aside}) et refaite.")
        return stack.enter_context(to_write(path))


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        why = reason(fault)
        raise CohortError(f"Les actes de la session, « {folder} », ne peuvent pas être lus : {why}.") from fault


def _baseline(connection: sqlite3.Connection, results: Path, write: bool) -> int:
    """The last run whose results took their place; one that was interrupted is settled by the results that stand."""
    last = connection.execute("SELECT id, results, delivered FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if last is None:
        return 0
    run, digest, delivered = int(last[0]), last[1], last[2]
    if delivered:
        return run
    if any(of_readable(workbook) == digest for workbook in results.glob("*.xlsx")):
        if write:
            deliver(connection, run)
        return run
    (before,) = connection.execute("SELECT coalesce(max(id), 0) FROM runs WHERE delivered").fetchone()
    if write:
        forget(connection, before)
    return int(before)


def clock(folder: Path) -> int:
    """The time of the file system of a folder, in ns, or ours where it is earlier: a share has its own clock."""
    probe = beside(folder / "heure")
    try:
        os.close(create(probe))
        now = probe.stat().st_mtime_ns
        probe.unlink()
    except OSError:
        return 0  # nothing is then surely older
    return min(now, time.time_ns())
