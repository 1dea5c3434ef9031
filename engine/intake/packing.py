"""What was read in a file, as bytes: to cross process borders, and to be remembered from one night to the next.

The bytes say nothing of the file itself, neither its name nor its dates, so that they hold for every file of the same
content. JSON, compressed; each distinct word stands once, and marks and anomalies are lists of ranks into these words.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from engine.intake.context import local_time
from engine.model import Kind, Mark
from engine.model.anomalies import Anomaly, Gravity
from engine.model.marks import Value
from engine.model.packed import Marks
from engine.model.returns import FileReport, SheetReport, SheetStatus
from engine.model.texts import INSIDE

_ANOMALY = tuple(field.name for field in fields(Anomaly) if field.name != "file")


def pack(report: FileReport) -> FileReport:
    """The same report, what was read in the file moved to ``content``."""
    text = json.dumps(_body(report), ensure_ascii=True, separators=(",", ":"))
    told = [anomaly for each in (report, *report.inside) for anomaly in each.anomalies]
    return replace(
        report,
        saved=None,
        program="",
        sheets=[],
        anomalies=[],
        inside=[],
        content=zlib.compress(text.encode("ascii"), 1),
        lasting=bool(report.digest) and not any(anomaly.entry.passing for anomaly in told),
    )


def _body(report: FileReport) -> dict[str, Any]:
    words: dict[str | None, int] = {}
    body = {
        "saved": report.saved.isoformat() if report.saved else None,
        "program": report.program,
        "anomalies": _ranks(map(_told, report.anomalies), words),
        "sheets": [_packed_sheet(sheet, words) for sheet in report.sheets],
        "inside": [_packed_piece(report.path, each) for each in report.inside],
    }
    return body | {"words": list(words)}


def _packed_piece(container: str, report: FileReport) -> dict[str, Any]:
    """A piece of a container: what it holds, and of the file what does not depend on the container's own name."""
    name = report.path.removeprefix(f"{container}{INSIDE}")
    facts = {"name": name, "digest": report.digest, "size": report.size, "sent_ns": report.modified_ns}
    return facts | {"ignored": report.ignored} | _body(report)


def unpack(report: FileReport) -> FileReport:
    """The same report, with what its ``content`` says; it keeps the content. Raises ``ValueError`` for other bytes."""
    try:
        return _read(json.loads(zlib.decompress(report.content)), report)
    except (zlib.error, LookupError, TypeError, ArithmeticError) as fault:
        raise ValueError("not the content of a return") from fault


def _read(body: dict[str, Any], report: FileReport) -> FileReport:
    words = tuple(map(_value, body["words"]))
    return replace(
        report,
        saved=datetime.fromisoformat(body["saved"]) if body["saved"] else None,
        program=str(body["program"]),
        anomalies=list(_anomalies(body["anomalies"], words, report.path)),
        sheets=[_sheet(packed, words, report.path) for packed in body["sheets"]],
        inside=[_piece(packed, report) for packed in body["inside"]],
    )


def _piece(packed: dict[str, Any], container: FileReport) -> FileReport:
    """A piece of a container, of the date of its message, otherwise of the container."""
    sent = int(packed["sent_ns"])
    piece = FileReport(
        f"{container.path}{INSIDE}{packed['name']}",
        modified=local_time(sent / 1e9) if sent else container.modified,
        modified_ns=sent or container.modified_ns,
        changed_ns=container.changed_ns,
        size=int(packed["size"]),
        digest=str(packed["digest"]),
        ignored=bool(packed["ignored"]),
        container=container.path,
    )
    return _read(packed, piece)


def _packed_sheet(sheet: SheetReport, words: dict[str | None, int]) -> dict[str, Any]:
    return {
        "sheet": sheet.sheet,
        "kind": str(sheet.kind),
        "candidate": sheet.candidate,
        "evaluator": sheet.evaluator,
        "status": str(sheet.status),
        "vouched": sheet.vouched,
        "fingerprint": _fingerprint(sheet.marks),
        "marks": _ranks((mark[1:] for mark in sheet.marks), words),
        "anomalies": _ranks(map(_told, sheet.anomalies), words),
    }


def _sheet(packed: dict[str, Any], words: tuple[Any, ...], file: str) -> SheetReport:
    marks = Marks(file, words, packed["marks"])
    return SheetReport(
        sys.intern(packed["sheet"]),
        Kind(packed["kind"]),
        sys.intern(packed["candidate"]),
        sys.intern(packed["evaluator"]),
        SheetStatus(packed["status"]),
        marks,
        list(_anomalies(packed["anomalies"], words, file)),
        found=marks,
        fingerprint=packed["fingerprint"],
        vouched=bool(packed["vouched"]),
    )


def _told(anomaly: Anomaly) -> tuple[str, ...]:
    return tuple(str(getattr(anomaly, name)) for name in _ANOMALY)


def _anomalies(ranks: list[int], words: tuple[Any, ...], file: str) -> Iterator[Anomaly]:
    for row in _rows(ranks, words, len(_ANOMALY)):
        told = dict(zip(_ANOMALY, row, strict=True))
        yield Anomaly(file=file, **told | {"gravity": Gravity(told["gravity"])})


# -------------------------------------------------------------------------------------------- words


def _ranks(rows: Iterable[tuple[Value, ...]], words: dict[str | None, int]) -> list[int]:
    """Rows, one after the other, each word by its rank; the few texts that come again and again are spelt once."""
    texts: dict[str, int] = {}
    ranks = []
    for value in chain.from_iterable(rows):
        rank = texts.get(value) if value.__class__ is str else None
        if rank is None:
            rank = words.setdefault(_word(value), len(words))
            if value.__class__ is str:
                texts[value] = rank
        ranks.append(rank)
    return ranks


def _rows(ranks: Iterable[int], words: tuple[Any, ...], width: int) -> list[tuple[Any, ...]]:
    values = map(words.__getitem__, ranks)
    return list(zip(*[values] * width, strict=True))


def _word(value: Value) -> str | None:
    """A value as one text: its nature, then itself."""
    if value is None:
        return None
    if isinstance(value, str):
        return f"s{value}"
    if isinstance(value, Decimal):
        return f"n{value}"
    if type(value) is date:
        return f"d{value.isoformat()}"
    raise TypeError(f"no mark holds a {type(value).__name__}")


@lru_cache(maxsize=16_384)
def _value(word: str | None) -> Value:
    """One object for each value, whatever the file: a cohort holds the same few words, numbers and days many times."""
    if word is None:
        return None
    if word[0] == "s":
        return sys.intern(word[1:])
    return Decimal(word[1:]) if word[0] == "n" else date.fromisoformat(word[1:])


def _fingerprint(marks: Iterable[Mark]) -> str:
    """A digest of a sheet, cell by cell; the same when it says the same in another file."""
    told = [[mark.cell, *mark.place, mark.raw, _exact(mark.value), mark.state] for mark in marks]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:32]


def _exact(value: Value) -> str | None:
    """A value as text; 4 and 4.0 are the same."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else _word(value)
