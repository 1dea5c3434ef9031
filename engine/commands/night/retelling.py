"""What a night that tells of a change leaves for the next one: its results are then told again, without the change."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.assessment import reception
from engine.commands.judgement import Found
from engine.intake import Intake
from engine.model.anomalies import Anomaly, Gravity
from engine.model.marks import storable
from engine.model.tables import ANOMALIES, FILES
from engine.outputs.workbook import Sketch

_MODIFIED = FILES.index("modified")
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, zlib.error)


@dataclass(frozen=True, kw_only=True)
class Retelling:
    """What the next night tells when nothing moved since, in the order of a whole consolidation.

    ``anomalies``: those that tell of no change; ``files``: rows of :data:`engine.model.tables.FILES`, in the states
    that these anomalies call for.
    """

    sketch: Sketch
    anomalies: Sequence[Anomaly]
    files: Sequence[tuple[Any, ...]]


def of(read: Intake, found: Found, sketch: Sketch) -> Retelling | None:
    """The state that a night leaves; ``None`` when the next one may find another, be the returns the same."""
    if found.closing or not all(storable(text) == text for text in _told(read, found)):
        return None
    lasting = [anomaly for anomaly in found.anomalies if not anomaly.entry.tells_change]
    files = tuple(reception.file_rows(read.reports, reception.file_states(read.reports, lasting)))
    return Retelling(sketch=sketch, anomalies=lasting, files=files)


def _told(read: Intake, found: Found) -> Iterator[str]:
    """Every text that a night compares with what is remembered of the one before."""
    for anomaly in found.anomalies:
        yield from (str(getattr(anomaly, name)) for name in ANOMALIES)
    for report in read.reports:
        yield report.path
        for sheet in report.sheets:
            yield from (sheet.sheet, sheet.candidate, sheet.evaluator)


def packed(retelling: Retelling) -> bytes:
    """The same as the memory keeps it."""
    told = {
        "sketch": retelling.sketch.as_json(),
        "anomalies": [[str(getattr(anomaly, name)) for name in ANOMALIES] for anomaly in retelling.anomalies],
        "files": [[_plain(value) for value in row] for row in retelling.files],
    }
    return zlib.compress(json.dumps(told).encode(), 1)


def unpacked(content: bytes) -> Retelling | None:
    """The state that the memory kept; ``None`` where it kept none."""
    try:
        told = json.loads(zlib.decompress(content))
        anomalies = [dict(zip(ANOMALIES, row, strict=True)) for row in told["anomalies"]]
        return Retelling(
            sketch=Sketch(**told["sketch"]),
            anomalies=[Anomaly(**each | {"gravity": Gravity(each["gravity"])}) for each in anomalies],
            files=[_row(row) for row in told["files"]],
        )
    except _DAMAGE:
        return None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _row(told: Sequence[Any]) -> tuple[Any, ...]:
    row = dict(zip(FILES, told, strict=True))
    moment = told[_MODIFIED]
    return tuple((row | {"modified": moment and datetime.fromisoformat(moment)}).values())
