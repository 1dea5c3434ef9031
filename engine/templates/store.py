"""Workbooks on disk: written under ``envois/``, whole or not at all; nothing that stood there is ever lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.model.assignments import SheetKey
from engine.model.contents import Contents
from engine.templates.planning import CORRECTIONS, FOLDER, FOLDERS, Planned
from engine.templates.workbook import Renderer, origin_of
from engine.workspace.cohort import Cohort
from engine.workspace.files import alike, deliver
from engine.workspace.progress import SILENT, Progress

Accepted = Callable[[], Mapping[SheetKey, Contents]]
"""Gives what was accepted so far, by sheet."""

_LOCKS = ("~$", ".")  # .~lock.x# and other hidden files


@dataclass(frozen=True)
class Written:
    """What was done: workbooks written and left as they were; where files went, from -> to, under ``anciens/``.

    ``signed``: whether they count only with the personal code of whoever fills them; ``drafts``: how many messages that
    hand them out stand ready."""

    written: tuple[Planned, ...]
    unchanged: tuple[Planned, ...]
    moved: dict[Path, Path]
    signed: bool = False
    drafts: int = 0


def write(
    planned: Sequence[Planned],
    cohort: Cohort,
    *,
    partial: bool = False,
    accepted: Accepted = dict,
    progress: Progress = SILENT,
) -> Written:
    """Write the workbooks of a cohort; those that already hold the same form are left alone.

    What they replace moves to ``envois/anciens/``, and so do, unless ``partial``, the workbooks that nobody needs any
    more. One that is about everybody, and is to be written because its form is new, holds what was ``accepted`` of its
    sheets: this is asked for only then, and once. ``progress`` is told of each workbook. Raises
    :class:`CohortError` when the disk does not allow it.
    """
    folder = cohort.folder.path
    stale = () if partial else unwanted(folder, FOLDERS.values(), planned)
    renderer, inside = Renderer(cohort.roster, cohort.referential), cache(accepted)

    def draw(each: Planned) -> bytes:
        blank = renderer.render(each)
        if each.is_shared and _there(each.path, blank) is None:
            return renderer.render(each, inside(), origin=digest(blank)) if _any(each, inside()) else blank
        return blank

    return write_drawn(planned, draw, folder, stale, progress)


def corrections(planned: Sequence[Planned], cohort: Cohort, contents: Mapping[SheetKey, Contents]) -> dict[Path, bytes]:
    """The copies to mend as they are to stand, by path; ``contents``: what stands in their sheets."""
    renderer = Renderer(cohort.roster, cohort.referential)
    drawn = ((each.path, renderer.render(each, contents)) for each in planned)
    return {path: _there(path, made) or made for path, made in drawn}


def put_corrections(folder: Path, copies: Mapping[Path, bytes], kept: Collection[Path]) -> None:
    """Write them, as :func:`write` does, under ``envois/a_corriger/``; of the others, ``kept`` stay."""
    deliver(folder / FOLDER, copies.items(), _beside(folder, [CORRECTIONS], [*copies, *kept]))


def write_drawn(
    planned: Sequence[Planned],
    draw: Callable[[Planned], bytes],
    folder: Path,
    stale: Iterable[Path],
    progress: Progress = SILENT,
) -> Written:
    """Write each workbook as it is drawn, unless it stands there; what it replaces, and what is stale, moves."""
    progress.expect(len(planned), "classeurs écrits")

    def made() -> Iterator[tuple[Path, bytes]]:
        for each in planned:
            yield each.path, draw(each)
            progress.advance(1)

    done = deliver(folder / FOLDER, made(), stale, _same_form)
    by_path = {each.path: each for each in planned}
    written, unchanged = (tuple(by_path[path] for path in paths) for paths in (done.written, done.unchanged))
    return Written(written, unchanged, done.moved)


def _any(planned: Planned, contents: Mapping[SheetKey, Contents]) -> bool:
    return any(issued.assignment.key in contents for issued in planned.sheets)


def _there(path: Path, made: bytes) -> bytes | None:
    """The workbook that stands at a path, when it is the one that was made, filled or not."""
    try:
        standing = path.read_bytes()
    except OSError:  # absent, or not readable: it is to be written
        return None
    return standing if _same_form(standing, made) else None


def _same_form(standing: bytes, made: bytes) -> bool:
    """Whether a workbook is the one that was made, or was made from that one by filling it."""
    return standing == made or origin_of(standing) == digest(made)


def digest(content: bytes) -> str:
    """The SHA-256 of a workbook."""
    return hashlib.sha256(content).hexdigest()


def unwanted(folder: Path, places: Iterable[str], planned: Iterable[Planned]) -> list[Path]:
    """The workbooks in these places that nobody needs any more; lock files are left to their program."""
    return _beside(folder, places, (each.path for each in planned))


def _beside(folder: Path, places: Iterable[str], paths: Iterable[Path]) -> list[Path]:
    """The workbooks in these places, but for those at these paths."""
    wanted = {alike(str(path)) for path in paths}
    return [path for path in _workbooks(folder / FOLDER, places) if alike(str(path)) not in wanted]


def _workbooks(folder: Path, places: Iterable[str]) -> Iterator[Path]:
    for name in places:
        found = sorted((folder / name).rglob("*.xlsx"))
        yield from (path for path in found if path.is_file() and not path.name.startswith(_LOCKS))
