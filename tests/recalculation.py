"""What a spreadsheet program makes of our formulas once every value we stored in their cells is gone."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from engine.ledger.comparison import Evolution
from engine.model.tables import FILES, MISSING_SHEETS, anomaly_rows, table
from engine.office.styles import new_workbook
from engine.outputs.content import Content
from engine.outputs.workbook import write
from engine.outputs.workbook.frame import LiveSheet
from tests.cohorts import rewrite
from tests.descriptions import judged, marks_of, roster_of
from tests.promotion import MADE_AT, RUN
from tests.results import sheets

_STORED = re.compile(rb"(<c r=\"[A-Z]+\d+\"[^>]*?)(?: t=\"[a-z]+\")?(>)(<f>[^<]*</f>)<v>[^<]*</v>")


def content_of(descriptions, referential):
    """Every argument of :func:`.workbook.write` but the target, for candidates of :mod:`tests.descriptions`."""
    marks, roster = marks_of(descriptions), roster_of(descriptions)
    return {
        "referential": referential,
        "roster": roster,
        "run": RUN,
        "outcomes": judged(descriptions, referential)[0],
        "marks": marks,
        "anomalies": anomaly_rows(()),
        "files": table(FILES, ()),
        "missing": table(MISSING_SHEETS, ()),
        "evolution": Evolution(since=None),
    }


def results_of(target, descriptions, referential):
    """The results workbook of these candidates."""
    write(target, Content(**content_of(descriptions, referential)))
    return target


def without_values(workbook: Path, target: Path) -> int:
    """Write a workbook again without the values stored beside its formulas; how many formulas there are."""
    found = []

    def strip(content: bytes) -> bytes:
        stripped, number = _STORED.subn(rb"\1\2\3", content)
        found.append(number)
        return stripped

    names = [f"xl/worksheets/sheet{rank}.xml" for rank in range(1, len(sheets(workbook)) + 1)]
    rewrite(workbook, dict.fromkeys(names, strip), target)
    return sum(found)


def recalculated(program, folder: Path, lines) -> list[list[object]]:
    """What a program makes of the formulas of each line, stored without their values; ``lines``: its two formulas, and
    what stands beside them from the third cell on."""
    target = folder / "formules.xlsx"
    book = new_workbook(target, title="Formules", made_at=MADE_AT)
    sheet = book.add_worksheet("Formules", worksheet_class=LiveSheet)
    for row, (formulas, beside) in enumerate(lines):
        for column, formula in enumerate(formulas):
            sheet.write_formula(row, column, f"={formula}", None, "")
        for column, value in enumerate(beside, start=len(formulas)):
            if isinstance(value, Decimal):
                sheet.write_number(row, column, float(value))
            elif value:
                sheet.write_string(row, column, value)
    book.close()
    without_values(target, folder / "nues.xlsx")
    again = sheets(program.convert(folder / "nues.xlsx", folder / "recalculées.xlsx"))["Formules"]
    return [row[:2] for row in again]


def differences(office, workbook: Path, folder: Path) -> tuple[int, list[tuple]]:
    """How many formulas there are, and each cell (sheet, row, column, ours, theirs) whose value differs."""
    bare, again = folder / f"nu {workbook.name}", folder / f"recalculé {workbook.name}"
    formulas = without_values(workbook, bare)
    office.convert(bare, again)
    ours, theirs = sheets(workbook), sheets(again)
    assert list(ours) == list(theirs)
    return formulas, [found for name in ours for found in _unlike(name, ours[name], theirs[name])]


def _unlike(name, ours, theirs):
    for row, (left, right) in enumerate(zip(_padded(ours, theirs), _padded(theirs, ours), strict=True), start=1):
        for column, (one, other) in enumerate(zip(left, right, strict=True), start=1):
            if not _same(one, other):
                yield name, row, column, one, other


def _padded(lines, others):
    """The same lines, as many and as long as the others: a program may leave out blanks at the edges."""
    height, width = (max(len(lines), len(others)), max(map(len, [*lines, *others]), default=0))
    return [[*line, *[""] * (width - len(line))] for line in [*lines, *[[]] * (height - len(lines))]]


def _same(one, other):
    """The same value: a mean over several sheets may differ by its last binary digit."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-13 * max(abs(one), abs(other))
    return one == other
