"""What the reading of a return needs to know, and the reports it gives: small, and able to cross process borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from engine.model import Candidate, Kind, Mark, Referential, Roster, forms
from engine.model.anomalies import Anomaly
from engine.model.assignments import sheet_key
from engine.model.forms import Form
from engine.workspace import seals


@dataclass(frozen=True)
class Context:
    """The cohort as the readers see it. Without a roster (a file checked on its own), identities are not judged."""

    referential: Referential
    roster: Roster | None = None
    key: bytes | None = None

    def form(self, kind: Kind, *, candidate_columns: bool = False) -> Form | None:
        """The form of a kind, made once; ``None`` when the referential has no such sheet."""
        name = (kind, candidate_columns and kind.record.candidate_part)
        if name not in self._forms:
            candidates = self.roster.candidates if self.roster else ()
            self._forms[name] = forms.build(self.referential, kind, candidates=candidates, candidate_columns=name[1])
        return self._forms[name]

    @cached_property
    def _forms(self) -> dict[tuple[Kind, bool], Form | None]:
        return {}

    @cached_property
    def personal_codes(self) -> frozenset[str]:
        """The code of every evaluator, as :func:`engine.workspace.seals.plain_code` compares them."""
        if self.roster is None or self.key is None:
            return frozenset()
        codes = (seals.personal_code(self.key, evaluator.id) for evaluator in self.roster.evaluators)
        return frozenset(map(seals.plain_code, codes))

    def assigned(self, kind: Kind, candidate: Candidate | None, evaluator: str) -> bool:
        """Whether the roster lets this evaluator fill a sheet of this kind for this candidate."""
        record = kind.record
        if not record.per_evaluator:
            return True
        if not record.per_candidate:
            return any(evaluator == each.id for role in record.filled_by for each in self.roster.with_role(role))
        raters = (rater for role in record.filled_by for rater in candidate.assigned(role))
        return evaluator.casefold() in {rater.casefold() for rater in raters}


class SheetStatus(StrEnum):
    """What became of a recognised sheet."""

    RECEIVED = "received"  # it counts
    EMPTY = "empty"  # nothing was typed in it: not a received sheet
    REFUSED = "refused"  # it says whose it is, and cannot be used
    SUPERSEDED = "superseded"  # another version counts
    CONTESTED = "contested"  # versions differ and nothing says which is the latest: none counts


@dataclass
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
    marks: list[Mark] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)
    found: list[Mark] = field(default_factory=list)
    fingerprint: str = ""
    vouched: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
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

    def content(self) -> Mapping[tuple[str, str, str], tuple[Any, Any]]:
        """What was typed: (candidate, input, code) -> (raw, value or state), blank cells left out."""
        return {mark.place: (mark.raw, mark.held) for mark in self.marks if mark.raw != ""}


@dataclass
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
    def opened(self) -> bool:
        """Whether it is a container of returns, which have states of their own."""
        return any(each.sheets for each in self.inside)


def local_time(seconds: float) -> datetime | None:
    """A moment as the clock on the wall shows it; ``None`` for one that no calendar holds, as a damaged disk gives."""
    try:
        return datetime.fromtimestamp(seconds).replace(microsecond=0)
    except (OverflowError, ValueError, OSError):
        return None
