"""Rows put together from their columns, many at one time: what a table is written from."""

from __future__ import annotations

from collections.abc import Sequence


def interleaved(columns: Sequence[Sequence[bytes]]) -> bytes:
    """What stands in these columns, all of the same length, row after row.

    A column at a time: rows are too many for one step of Python per cell.
    """
    told = [b""] * (len(columns) * len(columns[0]))
    for rank, column in enumerate(columns):
        told[rank :: len(columns)] = column
    return b"".join(told)
