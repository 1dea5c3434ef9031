"""Tables and outcomes to the results workbook: one sheet per question a certifier asks."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pandas as pd
from xlsxwriter.exceptions import FileCreateError

from engine.model import Outcome, Referential, Roster, Run
from engine.results.alike import same_but_for_date
from engine.results.bulk import lay
from engine.results.detail import with_value, write_detail
from engine.results.frame import Book
from engine.results.gaps import write_gaps
from engine.results.journal import write_anomalies, write_files, write_missing
from engine.results.levels import write_competences, write_transversal
from engine.results.near import write_near
from engine.results.oral import write_oral
from engine.results.people import by_name
from engine.results.records import write_notes, write_validation
from engine.results.rules import write_rules
from engine.results.statistics import write_statistics
from engine.results.summary import write_summary
from engine.styles import Styles, new_workbook

__all__ = ["same_but_for_date", "write"]


def write(
    target: Path,
    *,
    referential: Referential,
    roster: Roster,
    run: Run,
    outcomes: Sequence[Outcome],
    marks: pd.DataFrame,
    anomalies: pd.DataFrame,
    files: pd.DataFrame,
    missing: pd.DataFrame,
    workplace: Path | None = None,
) -> None:
    """Write the results workbook to exactly ``target``; the caller swaps it in.

    The tables are those of :mod:`engine.tables`: ``marks`` holds the marks of the sheets that count, ``missing`` the
    expected sheets that were not received. The same arguments give the same bytes. Memory does not grow with the
    number of rows, which wait in files in ``workplace`` (by default, the system's temporary folder). Raises
    :class:`OSError` when the file cannot be written, and :class:`EngineError` when there are more marks than a sheet
    can hold.
    """
    listed = with_value(marks)
    framed = BytesIO()
    workbook = new_workbook(framed, title="Résultats", made_at=run.made_at, constant_memory=True, workplace=workplace)
    book = Book(workbook, Styles(workbook), referential, roster, run, by_name(outcomes))
    write_summary(book)
    write_competences(book)
    if referential.transversal:
        write_transversal(book)
    if referential.oral:
        write_oral(book)
    write_notes(book, marks)
    write_validation(book, marks)
    write_near(book)
    write_gaps(book, marks)
    write_anomalies(book, anomalies)
    write_files(book, files)
    write_missing(book, missing)
    detail = write_detail(book, listed)
    write_statistics(book)
    write_rules(book)
    try:
        workbook.close()
    except FileCreateError as fault:  # xlsxwriter's word for an error of the system
        raise OSError(str(fault)) from fault
    lay(framed, target, detail)
