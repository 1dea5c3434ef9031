"""Outcomes and tables as data: CSV for a spreadsheet, Parquet for analysts, and the dictionary of their columns.

Each table is described once (:mod:`engine.outputs.tables`): the same description writes it in every format and
fills the dictionary, so that neither can drift from what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from engine.outputs.content import Content
from engine.outputs.data.parquet import ParquetMissingError, require, write_parquet
from engine.outputs.data.sheet import guarded, restored, write_csv
from engine.outputs.tables.column import Column, Table, Type
from engine.outputs.tables.decisions import decisions
from engine.outputs.tables.dictionary import dictionary
from engine.outputs.tables.entries import entries
from engine.outputs.tables.journal import anomalies as anomaly_table
from engine.outputs.tables.journal import files as file_table
from engine.outputs.tables.jury import jury
from engine.outputs.tables.levels import levels

__all__ = [
    "Column",
    "ParquetMissingError",
    "Table",
    "Type",
    "guarded",
    "journal",
    "require",
    "restored",
    "tables",
    "write_csv",
    "write_parquet",
    "writers",
]


def tables(content: Content) -> tuple[Table, ...]:
    """Every table to export, the dictionary last."""
    referential = content.referential
    found = (
        decisions(content.outcomes, referential),
        levels(content.outcomes, referential),
        *([jury(content.admissions, referential)] if content.admissions else []),
        entries(content.marks, referential.scales),
        *journal(content.anomalies, content.files),
    )
    return (*found, dictionary(found))


def journal(anomalies: pd.DataFrame, files: pd.DataFrame) -> tuple[Table, Table]:
    """Those of them that tell what happened to the returns."""
    return anomaly_table(anomalies), file_table(files)


def writers(found: Sequence[Table], folder: Path, *, parquet: bool) -> dict[Path, Callable[[Path], None]]:
    """How to make each file of ``folder``, by path: a function that writes it where it is told."""
    return dict(_writers(found, folder, parquet))


def _writers(found: Sequence[Table], folder: Path, parquet: bool) -> Iterator[tuple[Path, Callable[[Path], None]]]:
    for table in found:
        yield folder / f"{table.name}.csv", partial(write_csv, table)
        if parquet:
            yield folder / f"{table.name}.parquet", partial(write_parquet, table)
