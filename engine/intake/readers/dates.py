"""When a workbook says it was last saved, and by which program: what its properties hold, hostile until read."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, time

_LONGEST = 80  # signs of the name of a program


def last_saved(modified: re.Match[bytes] | None, created: re.Match[bytes] | None) -> datetime | None:
    """The date of the last change, in UTC when it tells another zone, without any; each ``[1]`` is what was written.

    A program that keeps the properties as they came leaves the two dates that we issued, midnight of one day: they
    say nothing of when it saved the workbook.
    """
    saved = moment(modified[1]) if modified else None
    made = moment(created[1]) if created else None
    return None if saved and saved == made and saved.time() == time() else saved


def moment(written: bytes) -> datetime | None:
    """An ISO date and time, in UTC when it tells its zone, without any; ``None`` for anything else."""
    try:
        when = datetime.fromisoformat(written.decode().strip())
        return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
    except (ValueError, OverflowError):  # no date, or one that its zone puts out of every calendar
        return None


def program(written: re.Match[bytes] | None) -> str:
    """The name of a program without its version: ``LibreOffice``, ``Microsoft Excel``."""
    text = html.unescape(written[1].decode("utf-8", "replace")) if written else ""
    return " ".join(text.partition("/")[0].split())[:_LONGEST]
