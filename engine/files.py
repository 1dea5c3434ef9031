"""Writing files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from engine.errors import CohortError


def write_whole(target: Path, write: Callable[[Path], None], *, now: datetime | None = None) -> Path:
    """Let ``write`` make a file beside ``target``, then put it in place at once; the path it got.

    With ``now``, a target that another program holds open (Excel on Windows) is not a failure: the file stands beside
    it under a dated name. Raises :class:`CohortError` when the disk or the rights do not allow it; the previous file
    is then intact.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        return _put_in_place(beside, target, now)
    except OSError as fault:
        raise CohortError(f"« {target} » ne peut pas être écrit : {fault.strerror or fault}.") from fault
    finally:
        with suppress(OSError):  # absent, or in a place that is no folder
            beside.unlink()


def _put_in_place(beside: Path, target: Path, now: datetime | None) -> Path:
    try:
        return beside.replace(target)
    except PermissionError:
        if now is None:
            raise
        return beside.replace(target.with_stem(f"{target.stem} {now:%Y-%m-%d %Hh%M}"))
