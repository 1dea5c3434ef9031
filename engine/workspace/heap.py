"""Memory that was freed, given back to the system: a run that first judges, then writes, would otherwise hold at once
what each of both takes at most. Where the allocator is not the one of GNU, it does as it does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_MMAP_THRESHOLD = -3  # of malloc.h
_LARGE = 1 << 20  # bytes


def part_large() -> None:
    """From now on, have each large block go back to the system as soon as it is freed. The allocator would rather let
    what it calls large grow with what is freed, up to 32 MB: as much as a column of a table of millions."""
    _ask(lambda system: system.mallopt(_MMAP_THRESHOLD, _LARGE))


def give_back() -> None:
    """Give back what was freed by now and lies between what is held. Some milliseconds."""
    _ask(lambda system: system.malloc_trim(0))


def _ask(question: Callable[[Any], object]) -> None:
    if sys.platform.startswith("linux"):
        import ctypes  # here: commands that hold little need none of it

        with suppress(AttributeError):  # another allocator has no such function
            question(ctypes.CDLL(None))
