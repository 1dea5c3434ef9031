"""A night that failed: the morning page begins with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from engine.model.errors import BusyError, EngineError
from engine.outputs import briefing
from engine.workspace import clock
from engine.workspace.cohort import Folder
from engine.workspace.files import holding, write_together

_FORMS = (".html", ".txt", ".eml")


@contextmanager
def told_in_the_morning(folder: Folder) -> Iterator[None]:
    """Whatever stops the block as an :class:`EngineError` begins the morning page of a cohort, and goes out as it is.

    Nothing is written beside another run in progress, whose page it is to write, nor in a folder that is no cohort.
    """
    try:
        yield
    except BusyError:
        raise
    except EngineError as refusal:
        with suppress(EngineError, OSError):  # the page may fail too: the reason is what counts
            _tell(folder, str(refusal))
        raise


def _tell(folder: Folder, reason: str) -> None:
    page = folder.briefing
    if not (folder.roster.is_file() or page.is_file()):
        return
    now = _now()
    earlier = {}
    for suffix in _FORMS:
        with suppress(OSError):
            earlier[suffix] = page.with_suffix(suffix).read_bytes()
    forms = briefing.failing(folder.path.resolve().name, reason, now, earlier)
    write_together({page.with_suffix(suffix): holding(content) for suffix, content in forms.items()}, now=now)


def _now() -> datetime:
    """The time to record; that of the clock when what should give it is what failed."""
    try:
        return clock.now()
    except (EngineError, ValueError, OverflowError, OSError):
        return datetime.now().replace(microsecond=0)
