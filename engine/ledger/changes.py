"""What moved between two runs, mark by mark; and the warning about what was there and is not any more (R07)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine import model
from engine.anomalies import Anomaly, make
from engine.assignments import SheetKey
from engine.ledger.night import mark_text, plain
from engine.ledger.past import Past, SheetRow
from engine.tables import EXCLUDED, MISSING
from engine.texts import day_and_hour
from engine.values import clip

_COUNTS = "received"
_CLOSING = {"date", "signature"}
"""When a sheet was closed, and by whom: new in each version, and no mark."""

_LISTED = 60
"""How many marks a message lists."""


class Sheet(Protocol):
    """What is compared of a recognised sheet of tonight; ``marks``: rows of :data:`engine.tables.MARKS`
    that count; ``left_out``: the ranks of those of its marks that do not."""

    key: SheetKey
    status: str
    fingerprint: str
    marks: list[model.Mark]
    left_out: str


@dataclass(frozen=True)
class Mark:
    """One mark that counts, with where it was read. ``value`` is exact and in full, ``None`` where there is none."""

    kind: str
    candidate: str
    evaluator: str
    input: str
    code: str
    raw: str
    value: str | None
    state: str
    file: str
    sheet: str
    cell: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Which mark of its sheet."""
        return self.candidate.casefold(), self.input, self.code

    @property
    def present(self) -> bool:
        """Whether it holds a value or a declared state, rather than something that could not be taken."""
        return self.raw != "" and self.state not in (EXCLUDED, MISSING)

    @property
    def told(self) -> str:
        """What it is worth, as one text."""
        return self.state if self.value is None else self.value


@dataclass(frozen=True)
class Change:
    """A mark that is ``new`` (``before``: what could not be taken, or ``None``), ``gone`` (``after`` likewise) or
    ``changed``."""

    before: Mark | None
    after: Mark | None

    @property
    def nature(self) -> str:
        """``new``, ``gone`` or ``changed``."""
        if not (self.before and self.before.present):
            return "new"
        return "changed" if self.after and self.after.present else "gone"

    @property
    def now(self) -> Mark:
        """The mark as it is, or as it was when it is gone."""
        return self.after or self.before


def changes(past: Past, sheets: Iterable[Sheet], since: int | None = None) -> list[Change]:
    """What tonight's sheets change to the marks of a run (the baseline, unless ``since`` names another)."""
    current, earlier = _by_key(sheets), _by_key(past.sheets(since))
    found: list[Change] = []
    for key in sorted(current.keys() | earlier.keys()):
        now, then = current.get(key, []), earlier.get(key, [])
        if {(sheet.fingerprint, sheet.left_out) for sheet in now} == {(row.fingerprint, row.left_out) for row in then}:
            continue
        found += _compare(_by_place(_earlier(past, then)), _by_place(_current(now)))
    return found


def _by_key(sheets: Iterable[Any]) -> dict[SheetKey, list[Any]]:
    """The versions that count of each sheet: several may, each for a part."""
    found: dict[SheetKey, list[Any]] = defaultdict(list)
    for sheet in sheets:
        if sheet.status == _COUNTS:
            found[sheet.key].append(sheet)
    return found


def _earlier(past: Past, rows: Iterable[SheetRow]) -> Iterator[Mark]:
    for row in rows:
        for each in past.counted(row):
            yield Mark(row.kind, each.candidate, row.evaluator, each.input, each.code, each.raw, each.value, each.state,
                       row.path, row.sheet, each.cell)  # fmt: skip


def _current(sheets: Iterable[Sheet]) -> Iterator[Mark]:
    return (_mark(mark) for sheet in sheets for mark in sheet.marks)


def _mark(mark: model.Mark) -> Mark:
    candidate, entry, code, raw, value, state = mark_text(mark)
    who, where = plain(mark.evaluator), (plain(mark.file), plain(mark.sheet), mark.cell)
    return Mark(mark.kind, candidate, who, entry, code, raw, value, state, *where)


def _by_place(marks: Iterable[Mark]) -> dict[tuple, Mark]:
    return {mark.place: mark for mark in marks if mark.input not in _CLOSING}


def _compare(before: Mapping[tuple, Mark], after: Mapping[tuple, Mark]) -> Iterator[Change]:
    """In the order of the sheet as it is, then what only the earlier one held."""
    for place in [*after, *(place for place in before if place not in after)]:
        old, new = before.get(place), after.get(place)
        was, is_now = bool(old and old.present), bool(new and new.present)
        if (was or is_now) and not (was and is_now and old.told == new.told):
            yield Change(old, new)


# ------------------------------------------------------------------------------------------------ R07


def regressions(past: Past, sheets: Iterable[Sheet]) -> list[Anomaly]:
    """R07 for each sheet (and each person of a shared one) that lost or changed marks since the last consolidation."""
    if past.last is None:
        return []
    since = "par rapport aux retours archivés"
    if not past.last.rebuilt:
        since = f"depuis la consolidation du {day_and_hour(past.last.made_at)}"
    return _regressions(changes(past, sheets), since)


def _regressions(found: Iterable[Change], since: str) -> list[Anomaly]:
    lost: dict[tuple, list[Change]] = defaultdict(list)
    for change in found:
        if change.nature != "new":
            mark = change.now
            lost[mark.candidate, mark.evaluator, mark.file, mark.sheet].append(change)
    return [_warning(*where, changed, since) for where, changed in lost.items()]


def _warning(candidate: str, evaluator: str, file: str, sheet: str, changed: list[Change], since: str) -> Anomaly:
    listed = [_in_words(change) for change in changed]
    more = f" ; et {len(listed) - _LISTED} autres" if len(listed) > _LISTED else ""
    several = "Des valeurs ont changé ou disparu" if len(listed) > 1 else "Une valeur a changé ou disparu"
    return make(
        "R07",
        f"{several} {since} : {' ; '.join(listed[:_LISTED])}{more}.",
        candidate=candidate,
        evaluator=evaluator,
        file=file,
        sheet=sheet,
        cell="; ".join(dict.fromkeys(change.now.cell for change in changed[:_LISTED] if change.now.cell)),
        value=_in_words(changed[0]).partition(" : ")[2] if len(changed) == 1 else "",
    )


def _in_words(change: Change) -> str:
    """« niveau 1.1 : 4 → 3 »."""
    mark = change.now
    name = mark.code if mark.code == mark.input else f"{mark.input} {mark.code}".strip()
    after = clip(change.after.raw, 40) if change.after and change.after.raw else "vide"
    return f"{name} : {clip(change.before.raw, 40)} → {after}"
