"""Many mutations of real returns, read in processes that may die; each case depends on the seed and its number only."""

from __future__ import annotations

import logging
import multiprocessing
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from pebble import ProcessExpired, ProcessPool

from engine.commands.cohorts import open_cohort
from engine.intake import Context
from engine.intake.files import read_file
from engine.model import Kind
from engine.model.anomalies import Gravity
from engine.model.returns import FileReport, SheetReport, SheetStatus
from engine.model.tables import EXCLUDED, MISSING
from engine.model.values import exact, trim
from tests.fuzz.mutate import members, mutate
from tests.fuzz.witness import Cells, hear
from tests.spoil.case import KEY, Desk, repacked
from tests.spoil.ods import as_ods

CHUNK = 250  # cases a task
SECONDS = 10  # for one case alone; a common one takes some milliseconds
CHUNK_SECONDS = 120
MEMORY = 3_000_000_000  # bytes a worker may ask for

Testimony = Callable[[], Mapping[str, Cells | None]]
"""What the witness says of a spoiled return."""


@dataclass(frozen=True)
class Failure:
    """A case that went wrong: its number, what was done to which seed, and what came of it."""

    number: int
    seed_file: str
    done: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Seed:
    """A good return: its bytes, its members, and what it holds to the engine (rows of the marks table, by name) and
    to the witness."""

    name: str
    content: bytes
    parts: Mapping[str, bytes]
    marks: Mapping[tuple, tuple]
    cells: Mapping[str, Cells]


@dataclass(frozen=True)
class Bench:
    """What every case needs: the seeds, the cohort as readers see it, and a folder to write in."""

    seeds: tuple[Seed, ...]
    context: Context
    folder: Path


def prepare(folder: Path) -> Path:
    """Make the cohort and the good returns, once for all workers; the folder that holds them."""
    desk = Desk(folder / "cohorte")
    good = folder / "graines"
    good.mkdir()
    for kind in (Kind.GRILLE, Kind.ORAL, Kind.NOTES):
        (good / f"{kind}.xlsx").write_bytes(desk.bytes(kind))
        (good / f"{kind} partagé.xlsx").write_bytes(with_shared_texts(desk.bytes(kind)))
    (good / "GRILLE.ods").write_bytes(as_ods(desk.book(Kind.GRILLE)))
    return folder


def with_shared_texts(content: bytes) -> bytes:
    """The same workbook, its texts in a table of their own, as Excel writes them."""
    texts: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'%s t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    inline = re.compile(rb'(<c [^>]*?) t="inlineStr"[^>]*><is>(.*?)</is></c>', re.DOTALL)
    parts = {
        name: inline.sub(share, part) for name, part in members(content).items() if name.startswith("xl/worksheets/")
    }
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = b'<sst xmlns="%s">%s</sst>' % (main, b"".join(b"<si>%s</si>" % text for text in texts))
    relation = (
        b'<Relationship Id="rIdS" Target="sharedStrings.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    rels = {"xl/_rels/workbook.xml.rels": lambda part: part.replace(b"</Relationships>", relation)}
    return repacked(content, parts | rels | {"xl/sharedStrings.xml": table})


@cache
def bench(folder: Path) -> Bench:
    """The bench of a process."""
    opened = open_cohort(folder / "cohorte")
    context = Context(opened.referential, opened.roster, bytes.fromhex(KEY))
    place = Path(tempfile.mkdtemp(prefix="fuzz-", dir=folder))
    seeds = []
    for path in sorted((folder / "graines").iterdir()):
        content = path.read_bytes()
        marks = _marks(read_file(path, path.name, context))
        seeds.append(Seed(path.name, content, members(content), marks, hear(content)))
    return Bench(tuple(seeds), context, place)


# -------------------------------------------------------------------------------------------- one case


def spoil(folder: Path, seed: int, number: int) -> tuple[Seed, bytes, list[str]]:
    """The good return that a case starts from, what it became, and how."""
    chance = Random(f"{seed}/{number}")
    start = chance.choice(bench(folder).seeds)
    content, done = mutate(start.content, start.parts, chance)
    return start, content, done


def try_case(folder: Path, seed: int, number: int) -> Failure | None:
    """What went wrong with a case, if anything."""
    place = bench(folder)
    start, content, done = spoil(folder, seed, number)
    path = place.folder / "cas.xlsx"
    path.write_bytes(content)
    report = read_file(path, path.name, place.context)
    what = next(_faults(report, start, content, place.context), "")
    return Failure(number, start.name, tuple(done), what) if what else None


def _faults(report: FileReport, start: Seed, content: bytes, context: Context) -> Iterator[str]:
    told = [*report.anomalies, *(each for sheet in report.sheets for each in sheet.anomalies)]
    for each in told:
        if each.code == "F08" and "inattendue" in each.message:
            yield each.message
    marks, testimony = _marks(report), cache(lambda: hear(content) or {})  # heard only where something differs
    for name, mark in marks.items():
        before = start.marks.get(name)
        if (before is None or _value(before) != _value(mark)) and not _confirmed(mark, testimony()):
            yield f"{name} reads {_value(mark)!r} instead of {before and _value(before)!r}"
    for name in _silent(report, start, marks, testimony, context):
        yield f"lost without a word: {name}"


def _value(mark: tuple) -> object:
    return mark.held


def _silent(
    report: FileReport, start: Seed, marks: Mapping[tuple, tuple], testimony: Testimony, context: Context
) -> Iterator[tuple]:
    """The marks that are gone though the witness finds their cells as they were, and that nothing tells of.

    A sheet that is not recognised is told of as a missing one; what is held back waits; a refused sheet says why.
    """
    received = {str(sheet.kind): sheet for sheet in report.sheets if sheet.status is SheetStatus.RECEIVED}
    for name, mark in start.marks.items():
        sheet = received.get(name[0])
        if name in marks or sheet is None or _held_back(name, sheet) or _is_told(name, mark, sheet, context):
            continue
        if (testimony().get(sheet.sheet) or {}).get(mark.cell) == start.cells[mark.sheet].get(mark.cell):
            yield name


def _held_back(name: tuple, sheet: SheetReport) -> bool:
    return any(mark[3:8] == name and mark.state == EXCLUDED for mark in sheet.marks)


def _is_told(name: tuple, mark: tuple, sheet: SheetReport, context: Context) -> bool:
    """Whether an anomaly that a person reads names the cell of a mark, its row, its column or its label."""
    kind, candidate, _, entry, code = name
    form = context.form(Kind(kind), candidate_columns=True)
    column = next(each for each in (*form.inputs, *form.singles) if each.name == entry)
    words = {candidate if form.by_candidate_rows else code, column.heading or column.label}
    return any(
        mark.cell in anomaly.cell.split("; ") or words & {anomaly.value}
        for anomaly in sheet.anomalies
        if anomaly.gravity is not Gravity.INFO
    )


def _marks(report: FileReport) -> dict[tuple, tuple]:
    rows = [mark for sheet in report.sheets for mark in sheet.marks]
    return {(*mark[3:8],): mark for mark in rows if mark.state not in (MISSING, EXCLUDED)}


def _confirmed(mark: tuple, sheets: Mapping[str, Cells | None]) -> bool:
    """Whether the witness finds in the mark's cell what was read there."""
    held = (sheets.get(mark.sheet) or {}).get(mark.cell)
    if held is None:
        return False
    value = mark.value
    kind, text = held
    if isinstance(value, date) or kind == "b":
        return True  # a date depends on a style: that something stands there is enough
    if isinstance(value, Decimal) and kind == "n":
        try:
            return exact(float(text)) == value
        except ValueError:
            return False
    return trim(text).split() == mark.raw.split() or trim(text) == mark.raw


# ------------------------------------------------------------------------------------------- many cases


def try_cases(folder: Path, seed: int, start: int, count: int) -> list[Failure]:
    """What went wrong with these cases, one after the other in this process."""
    tried = (try_case(folder, seed, number) for number in range(start, start + count))
    return [failure for failure in tried if failure is not None]


Task = Callable[[Path, int, int, int], list[Failure]]


def run(folder: Path, cases: int, seed: int, workers: int = 2, task: Task = try_cases) -> list[Failure]:
    """Try cases 0 to ``cases``; a worker that dies or hangs is a failure of the case it was at."""
    starts = range(0, cases, CHUNK)
    processes = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=workers, initializer=_limit, context=processes) as pool:
        futures = [
            pool.schedule(task, args=[folder, seed, start, min(CHUNK, cases - start)], timeout=CHUNK_SECONDS)
            for start in starts
        ]
        failures = []
        for start, future in zip(starts, futures, strict=True):
            try:
                failures += future.result()
            except (ProcessExpired, FutureTimeoutError, MemoryError):
                failures += _one_by_one(pool, task, folder, seed, range(start, min(start + CHUNK, cases)))
    return failures


def _one_by_one(pool: ProcessPool, task: Task, folder: Path, seed: int, numbers: range) -> Iterator[Failure]:
    for number in numbers:
        try:
            yield from pool.schedule(task, args=[folder, seed, number, 1], timeout=SECONDS).result()
        except (ProcessExpired, FutureTimeoutError, MemoryError) as fault:
            start, _, done = spoil(folder, seed, number)
            yield Failure(number, start.name, tuple(done), f"{type(fault).__name__}: {fault}")


def _limit() -> None:
    logging.disable()
    try:
        import resource
    except ImportError:
        return  # no such limit here: the guard is on its own
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
