"""A return and its sheets, as they were read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from engine.model.anomalies import Anomaly
from engine.model.assignments import SheetKey, sheet_key
from engine.model.kinds import Kind
from engine.model.marks import Mark, Place


class SheetStatus(StrEnum):
    """What became of a recognised sheet."""

    RECEIVED = "received"  # it counts
    EMPTY = "empty"  # nothing was typed in it, or it is a draft: not a received sheet
    REFUSED = "refused"  # it says whose it is, and cannot be used
    SUPERSEDED = "superseded"  # another version counts
    CONTESTED = "contested"  # versions differ and nothing says which is the latest: none counts

    @property
    def unusable(self) -> bool:
        """Whether it came, holds something, and none of it can count."""
        return self in (SheetStatus.REFUSED, SheetStatus.CONTESTED)


class Recognised(Protocol):
    """What a sheet of tonight (:class:`SheetReport`) and one that the memory knows have in common."""

    @property
    def key(self) -> SheetKey:
        """The key of the sheet: kind, candidate, evaluator."""
        ...

    @property
    def status(self) -> SheetStatus:
        """Whether it was received, empty or refused."""
        ...

    @property
    def fingerprint(self) -> str:
        """A digest: the same for two sheets that say the same."""
        ...

    @property
    def left_out(self) -> str:
        """Which of its marks do not count, as :attr:`SheetReport.left_out`."""
        ...


@dataclass(slots=True)
class SheetReport:
    """One recognised sheet: whose it is, what it holds (rows of :data:`engine.model.tables.MARKS`), what is wrong.

    ``found`` are the marks as they were read, before versions were settled; ``fingerprint`` tells what they say.
    ``vouched`` is false where nothing vouches for whose sheet it is or for who filled it: no seal, no signature where
    one is required. Such a version never takes the place of one that is vouched for.
    """

    sheet: str
    kind: Kind
    candidate: str = ""
    evaluator: str = ""
    status: SheetStatus = SheetStatus.RECEIVED
    marks: Collection[Mark] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    found: Collection[Mark] = field(default_factory=list)
    fingerprint: str = ""
    vouched: bool = True

    @property
    def key(self) -> SheetKey:
        """What identifies the sheet, whatever its file, seal or version."""
        return sheet_key(self.kind, self.candidate, self.evaluator)

    @property
    def left_out(self) -> str:
        """Of a sheet that counts, the ranks of the marks in whose place another version does, among those that hold
        something: ``"3 4"``, ``""`` for none."""
        if self.status is not SheetStatus.RECEIVED or self.marks is self.found:
            return ""
        counted = {mark.place: mark for mark in self.marks}
        held = (mark for mark in self.found if mark.raw != "")
        return " ".join(str(rank) for rank, mark in enumerate(held) if counted.get(mark.place) != mark)

    def content(self) -> Mapping[Place, tuple[str, object]]:
        """The typed cells: (candidate, input, code) -> (raw, value or state), blank cells left out."""
        return {mark.place: (mark.raw, mark.held) for mark in self.marks if mark.raw != ""}


UTC_PROGRAMS = frozenset(
    {
        "microsoft excel",
        "microsoft macintosh excel",
        "microsoft excel online",
        "microsoft excel compatible",  # openpyxl
    }
)
"""Programs known to write UTC, case-folded, without their version."""


@dataclass(slots=True)
class FileReport:
    """One file of ``retours/``: ``path`` below it, with ``/``. ``digest`` is the SHA-256, ``""`` when unread.

    ``modified_ns`` and ``changed_ns`` are the system's two clocks: of the content, and of anything (rights, name).
    ``saved`` is the date that the workbook bears as it is written (no zone), ``program`` the program that wrote it.
    ``content`` is what was read in it (:mod:`engine.intake.packing`), ``lasting`` when another reading gives the same.
    ``inside``: what a message or an archive holds, each under its own digest; ``container``: the path of the one that
    this is a piece of, ``""`` for a file.
    """

    path: str
    modified: datetime | None = None
    modified_ns: int = 0
    changed_ns: int = 0
    size: int = 0
    digest: str = ""
    saved: datetime | None = None
    program: str = ""
    ignored: bool = False
    duplicate_of: str = ""
    sheets: list[SheetReport] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    content: bytes = b""
    lasting: bool = False
    inside: list[FileReport] = field(default_factory=list)
    container: str = ""

    @property
    def saved_here(self) -> datetime | None:
        """When it says it was saved, by the clock on the wall here as far as its program is known to write UTC."""
        if self.saved is None or self.program.casefold() not in UTC_PROGRAMS:
            return self.saved
        try:
            return self.saved.replace(tzinfo=UTC).astimezone().replace(tzinfo=None)
        except (OverflowError, ValueError, OSError):  # a date that no zone of this machine holds
            return self.saved

    @property
    def opened(self) -> bool:
        """Whether it is a container of returns, which have states of their own."""
        return any(each.sheets for each in self.inside)


class Original(NamedTuple):
    """A return as it came, to be kept: what loads its bytes (raises ``OSError``), its path below ``retours/``, its
    SHA-256, and its date (ns)."""

    load: Callable[[], bytes]
    path: str
    digest: str
    modified_ns: int
