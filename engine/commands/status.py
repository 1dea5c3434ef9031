"""``status``: what came and what is still awaited; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.commands.report import Report


def status(path: Path, *, key_file: Path | None = None) -> Report:
    """What came and what is still missing, seen as a consolidation sees it; writes nothing.

    A loss that a consolidation would refuse is a notice of the report.
    """
    report = consolidate(path, Options(dry_run=True, accept_loss=True, key_file=key_file))
    return replace(report, decided=None, outcomes=())
