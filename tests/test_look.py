"""Small files that stand for huge sheets: refused at once, in little memory. Large honest ones are read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.intake.safety import bounds
from engine.intake.safety.archive import inflate
from tests.packages import cells, expanding, ods, xlsx, zipped

ROOT = Path(__file__).resolve().parent.parent
READ = """
import sys, time
from pathlib import Path
from engine.intake.readers import workbook
from engine.intake.safety import guard
from engine.intake.safety.refusal import RefusedError
started = time.perf_counter()
try:
    workbook.read(guard.open_package(guard.load(Path(sys.argv[1]))))
    code = "read"
except RefusedError as refused:
    code = refused.code
seconds = time.perf_counter() - started
status = Path("/proc/self/status")
print(code, seconds, status.read_text() if status.exists() else "")
"""
MEGABYTE = 1_000  # in kB, as the system counts

LONG = b"<si><t>" + b"x" * 32_000 + b"</t></si>"
NUMBER = b'<c r="@"><v>1</v></c>'
FLOAT = b'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="%d"/>'
STRING = b'<table:table-cell office:value-type="string" table:number-columns-repeated="%d"><text:p>%s</text:p>'


def repeated(rows: int, cell: bytes) -> bytes:
    return b'<table:table-row table:number-rows-repeated="%d">%s</table:table-row>' % (rows, cell)


def read(tmp_path, data):
    """The code of a file in a process of its own, its seconds, and the most memory it held, in kB (0: unknown)."""
    path = tmp_path / "fichier"
    path.write_bytes(data)
    run = subprocess.run([sys.executable, "-c", READ, path], cwd=ROOT, capture_output=True, text=True, check=True)
    code, seconds, status = run.stdout.split(" ", 2)
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return code, float(seconds), int(peak[1]) if peak else 0


BOMBS = {
    "3 MB of 3 GB": lambda: expanding(declared=3_000_000_000),
    "3 MB of 3 GB that declares little": lambda: expanding(declared=10_000_000),
    "a value in the last cell": lambda: xlsx(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "a value in the last cell, written oddly": lambda: xlsx(b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"),
    "far values on many sheets": lambda: xlsx(*[b'<row r="20000"><c r="CV20000"><v>1</v></c></row>'] * 200),
    "90 million cells of an .ods": lambda: ods(repeated(9_000, FLOAT % 10_000)),
    "a long text in many cells": lambda: xlsx(cells(4_000, 20, b'<c r="@" t="s"><v>0</v></c>'), strings=LONG),
    "a long text repeated in an .ods": lambda: ods(
        repeated(1_000, STRING % (100, b"x" * 30_000) + b"</table:table-cell>")
    ),
    "too many cells": lambda: xlsx(cells(10_000, 26, NUMBER)),
    "tags nested without end": lambda: xlsx(b"<row><c><v>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</v></c></row>"),
    "styles without end": lambda: xlsx(b"", styles=b"<styleSheet>" + b"<xf/>" * 200_000 + b"</styleSheet>"),
    "texts without end": lambda: xlsx(b"", strings=b"<si/>" * 1_000_000),
    "groups of rows without end": lambda: ods(b"<table:table-row-group>" * 300_000),
    "merges without end": lambda: xlsx(b"", tail=b'<mergeCell ref="A1:B2"/>' * (bounds.MAX_MERGED + 1)),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_what_would_not_fit_is_refused_at_once_and_in_little_memory(tmp_path, bomb):
    code, seconds, peak = read(tmp_path, bomb())
    assert code == "F05"
    assert seconds < 5
    assert peak < 100 * MEGABYTE


def test_the_bombs_are_small():
    assert len(BOMBS["3 MB of 3 GB"]()) < 4_000_000
    assert len(BOMBS["90 million cells of an .ods"]()) < 16_000


LARGE = {
    "as many cells as may be": lambda: xlsx(cells(4_600, 26, NUMBER)),
    "as many formulas as may be": lambda: xlsx(cells(4_600, 26, b'<c r="@"><f>1</f><v>1</v></c>')),
    "a value far away": lambda: xlsx(b'<row r="9990"><c r="CV9990"><v>1</v></c></row>'),
    "as many texts as may be": lambda: xlsx(b"", strings=b"<si><t>a</t></si>" * 95_000),
    "as many names as may be": lambda: xlsx(*[b""] * 900),
    "as many tags of an .ods as may be": lambda: ods(
        (b"<table:table-row>" + FLOAT % 1 * 100 + b"</table:table-row>") * 580
    ),
}  # fmt: skip


@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE.keys())
def test_the_largest_that_is_read_stays_within_what_a_worker_may_take(tmp_path, large):
    code, _, peak = read(tmp_path, large())
    assert code == "read"
    assert peak < 125 * MEGABYTE  # four workers hold no more than 500 together


def test_a_part_pointed_at_twice_is_not_read_twice(tmp_path):
    book = xlsx(b"", b"")
    made = zipped({name: content.replace(b"sheet1.xml", b"sheet0.xml") for name, content in inflate(book).items()})
    assert read(tmp_path, made)[0] == "F01"
