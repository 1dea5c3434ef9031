"""How a consolidation is to be done: what its options say, as one object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.ledger.comparison import Since, parse
from engine.workspace import precedents


@dataclass(frozen=True, kw_only=True)
class Options:
    """``full``: read and parse every return again, whatever is remembered of it. ``accept_loss``: go on although more
    than half of the returns that counted are gone, which is refused otherwise. ``since``: the run to tell what changed
    from, instead of the last one. ``keep``: copies of earlier results to keep. ``workers``: processes that read.
    ``foresee``: what would go out, when nothing is written.
    """

    workers: int | None = None
    dry_run: bool = False
    foresee: bool = True
    full: bool = False
    accept_loss: bool = False
    since: Since = None
    keep: int = precedents.KEEP
    parquet: bool = False
    key_file: Path | None = None


USUAL = Options()
"""Those of a consolidation of which nothing is asked."""


def parse_since(text: str | None) -> Since:
    """The run that somebody names by its number or a moment. Raises :class:`ValueError` for anything else."""
    return None if text is None else parse(text)
