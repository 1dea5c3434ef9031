"""Where a candidate is found in the files of a cohort."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from engine.commands.purge import to_paste
from engine.commands.restore import RESTORED
from engine.intake import Context, collect, original, read_paths
from engine.model import Kind
from engine.model.people import shown_name
from engine.model.returns import FileReport
from engine.model.texts import INSIDE, bare, identifying
from engine.outputs import delivery, redaction
from engine.roster.layout import CANDIDATES
from engine.workspace import seals
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import walk

SHARED = frozenset(kind for kind in Kind if not kind.record.per_candidate)
"""Kinds of sheets where each row is about somebody else."""

_HEADER = 15  # rows: a reference stands within them


@dataclass(frozen=True)
class Trace:
    """A workbook that is about a candidate: ``whole``, or by its sheets ``own`` and rows of its sheets ``shared``.

    ``load`` gives its bytes; ``piece``: its name in the message or archive that the file at ``path`` is, if it is one.
    """

    path: Path
    whole: bool
    own: tuple[str, ...]
    shared: tuple[str, ...]
    load: Callable[[], bytes]
    piece: str = ""


Name = tuple[str, str]
"""A last name and a first name."""

Told = tuple[str, Kind, str]
"""A sheet as its reference tells it: name, kind, identifier of the candidate."""


def in_files(paths: list[Path], root: Path, context: Context, candidate: str) -> Iterator[tuple[Trace, FileReport]]:
    """The returns about a candidate among these files, read as any return, each with its report."""
    for report in read_paths(paths, root, context).reports:
        path = root / (report.container or report.path)
        told = [(sheet.sheet, sheet.kind, sheet.candidate) for sheet in report.sheets]
        trace = _trace(path, told, candidate, original(path, report).load)
        if trace is not None:
            yield replace(trace, piece=report.path.partition(INSIDE)[2] if report.container else ""), report


def in_returns(folder: Folder, context: Context, candidate: str) -> list[Trace]:
    """The same for what stands in ``retours/``."""
    return [trace for trace, _ in in_files(collect(folder.returns), folder.returns, context, candidate)]


def named_after(opened: Cohort, candidate: str, name: Name, known: Collection[Path] = ()) -> Iterator[str]:
    """The other files of ``retours/`` whose path bears a candidate's name, but not the identifier of a homonym:
    pictures, letters, spoiled workbooks. Each as it is called below ``retours/``."""
    called, who = bare(shown_name(*name)), candidate.casefold()
    alike = [each.id for each in opened.roster.candidates if bare(each.name) == called and each.id.casefold() != who]
    for path in collect(opened.folder.returns):
        told = path.relative_to(opened.folder.returns).as_posix()
        theirs = path not in known and all(bare(word) in bare(told) for word in name)
        if theirs and not any(identifying(each).search(told) for each in alike):
            yield told


def names(folder: Folder, candidate: str) -> list[Name]:
    """The name of somebody whom the roster no longer has, as the last results tell it; none when they do not."""
    try:
        told = delivery.rows((folder.data / "decisions.csv").read_bytes())
        found = [row for row in told if row["Identifiant"].casefold() == candidate.casefold()]
        return [(row["Nom"], row["Prénom"]) for row in found]
    except (OSError, ValueError, KeyError):  # not written yet, or saved again by a spreadsheet
        return []


def in_sent(folder: Folder, candidate: str) -> Iterator[Trace]:
    """The workbooks below ``envois/`` about a candidate, and the rows that were to be pasted into the roster."""
    for path in sorted(path for path in walk(folder.outgoing) if path.suffix == ".xlsx"):
        trace = _trace(path, list(_references(path)), candidate, path.read_bytes)
        if trace is not None:
            yield trace
    for path in to_paste(folder):
        if any(_rows_of(path, candidate)):
            yield Trace(path, False, (), (CANDIDATES.name,), path.read_bytes)


def _rows_of(roster: Path, candidate: str) -> Iterator[int]:
    """The rows of a candidate in the sheet of a roster that is about candidates."""
    for name, rows in _cells(roster):
        if name == CANDIDATES.name:
            yield from redaction.rows_about_in(rows, candidate)


def in_results(folder: Folder, candidate: str) -> Iterator[Path]:
    """The workbooks below ``resultats/`` that name a candidate: copies of results, pages, returns given back or
    redacted, which any program may have saved."""
    who = candidate.casefold()
    ours = {path for path in walk(folder.results) if path.suffix == ".xlsx"}
    returns = {path for place in (folder.results / RESTORED, folder.redacted) for path in walk(place)}
    for path in sorted(ours | returns):
        if any(_tells(rows, who) for _, rows in _cells(path)):
            yield path


def _tells(rows: Sequence[Sequence[object]], who: str) -> bool:
    """Whether a sheet of ours tells of somebody: in a column of identifiers, beside a label that announces one, in a
    reference, or in a text that names the person as all of ours do, ``NOM Prénom (C05)``."""
    if any(redaction.rows_about_in(rows, who)):
        return True
    named = identifying(who)
    labelled = re.compile(rf"\bidentifiant\s+{re.escape(who)}(?![\w.-])")
    texts = ([cell.strip().casefold() if isinstance(cell, str) else "" for cell in row] for row in rows)
    return any(
        named.search(text)
        or f"/{who}/" in text
        or labelled.search(text)
        or (text == who and redaction.HEADINGS & set(line[:place]))
        for line in texts
        for place, text in enumerate(line)
        if text
    )


def _trace(path: Path, told: Iterable[Told], candidate: str, load: Callable[[], bytes]) -> Trace | None:
    told, who = list(told), candidate.casefold()
    own = tuple(name for name, _, about in told if about.casefold() == who)
    shared = tuple(name for name, kind, _ in told if kind in SHARED)
    if shared:
        shared = tuple(redaction.rows_about(load(), candidate, shared))
    others = any(kind in SHARED or about.casefold() not in ("", who) for _, kind, about in told)
    return Trace(path, bool(own) and not others, own, shared, load) if own or shared else None


def _references(path: Path) -> Iterator[Told]:
    for name, rows in _cells(path, _HEADER):
        yield from ((name, reference.kind, reference.candidate) for reference, _ in seals.references(rows))


def _cells(path: Path, rows: int | None = None) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    """The sheets of a workbook of ours; one that cannot be read, or is a lock file, has none."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(nrows=rows)
    except (CalamineError, OSError):
        return
