"""Sheets beside one that shows somebody else's name: the workbook was taken again for a new person, and half renamed.

What they hold may be that person's. Alone, they count for whom they say; but nothing vouches for them any more, so that
they never take the place of a version that came otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.returns import SheetReport, SheetStatus


def doubt_beside_strangers(sheets: Iterable[SheetReport]) -> None:
    """Vouch no more, in place, for the sheets that say to be of the same people as one refused for another's name."""
    found = list(sheets)
    renamed = {(sheet.candidate, sheet.evaluator) for sheet in found if _is_renamed(sheet)}
    for sheet in found:
        if sheet.status is SheetStatus.RECEIVED and (sheet.candidate, sheet.evaluator) in renamed:
            sheet.vouched = False


def _is_renamed(sheet: SheetReport) -> bool:
    """Whether the header of a sheet shows a name that is somebody else's."""
    refused = sheet.status is SheetStatus.REFUSED and sheet.kind.record.per_candidate
    return refused and any(anomaly.entry.of_name and anomaly.blocking for anomaly in sheet.anomalies)
