"""Parquet, for those who analyse: the same tables, typed, decimals exact. Needs pyarrow, which is optional."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.model.errors import EngineError
from engine.outputs.tables.column import Column, Table, Type, Value

if TYPE_CHECKING:
    import pyarrow

_DECIMALS = 18  # of a number column: enough for any mark of 15 digits from a thousandth up
_DIGITS = 38  # of an ordinary decimal column, 20 of them before the point
_WIDE_DIGITS = 76  # of the widest one


class ParquetMissingError(EngineError):
    """Parquet was asked for, and the library that writes it is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "L'option --parquet demande la bibliothèque pyarrow, qui n'est pas installée. "
            "Installez-la (pip install pyarrow), ou relancez sans --parquet : rien n'a été écrit."
        )


def require() -> None:
    """Raise :class:`ParquetMissingError` unless Parquet can be written here."""
    try:
        import pyarrow.parquet  # noqa: F401 - whether it can be had is the question
    except ImportError as fault:
        raise ParquetMissingError from fault


def write_parquet(table: Table, target: Path) -> None:
    """Write a table to exactly ``target``; an empty text is null, as any value that is not there."""
    from pyarrow import Table as Arrow
    from pyarrow import parquet

    columns = [_array(column, values) for column, values in zip(table.columns, table.fill(), strict=True)]
    names = [column.name for column in table.columns]
    parquet.write_table(Arrow.from_arrays(columns, names=names), target)


def _array(column: Column, values: Collection[Value]) -> pyarrow.Array:
    import pyarrow

    if column.type is Type.NUMBER:
        return _decimals([value if isinstance(value, Decimal) else None for value in values])
    if column.type is Type.TEXT:
        return pyarrow.array([_text(str(value)) if value else None for value in values], pyarrow.string())
    kinds: dict[Type, Any] = {
        Type.WHOLE: pyarrow.int64(),
        Type.YES_NO: pyarrow.bool_(),
        Type.DATE: pyarrow.date32(),
        Type.MOMENT: pyarrow.timestamp("s"),
    }
    return pyarrow.array(list(values), kinds[column.type])


def _text(text: str) -> str:
    """A text that UTF-8 can hold: a file name in another encoding has signs that it cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _decimals(values: Sequence[Decimal | None]) -> pyarrow.Array:
    """Exact decimals: with more digits than usual only when some value needs them."""
    import pyarrow

    present = {value for value in values if value is not None}
    whole = max((value.adjusted() + 1 for value in present), default=0)
    scale = max((-int(value.normalize(_EXACT).as_tuple().exponent) for value in present), default=0)
    scale = max(scale, _DECIMALS)
    if whole + scale <= _DIGITS:
        return pyarrow.array(values, pyarrow.decimal128(_DIGITS, scale))
    scale = min(scale, _WIDE_DIGITS - max(whole, 1))  # beyond, nothing can hold it: the nearest
    nearest = {value: value.quantize(Decimal(1).scaleb(-scale), context=_EXACT) for value in present}
    known = [None if value is None else nearest[value] for value in values]
    return pyarrow.array(known, pyarrow.decimal256(_WIDE_DIGITS, scale))


_EXACT = Context(prec=_WIDE_DIGITS)
