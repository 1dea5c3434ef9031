"""Workbooks on disk: written under ``envois/``, whole or not at all; nothing that stood there is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CohortError
from engine.files import write_whole
from engine.model import Referential, Roster
from engine.templates.planning import FOLDER, FOLDERS, Planned, alike
from engine.templates.workbook import Renderer

ARCHIVE = "anciens"
_LOCKS = ("~$", ".")  # .~lock.x# and other hidden files


@dataclass(frozen=True)
class Written:
    """What was done: workbooks written and left as they were; where files went, from -> to, under ``anciens/``."""

    written: tuple[Planned, ...]
    unchanged: tuple[Planned, ...]
    moved: dict[Path, Path]


def write(
    planned: Sequence[Planned],
    roster: Roster,
    referential: Referential,
    folder: Path,
    *,
    partial: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Written:
    """Write the workbooks of a cohort; those that already hold the same bytes are left alone.

    What they replace moves to ``envois/anciens/``, and so do, unless ``partial``, the workbooks that nobody needs any
    more. ``progress`` is called with 1 for each workbook. Raises :class:`CohortError` when the disk does not allow it.
    """
    renderer = Renderer(roster, referential)
    written, unchanged, contents = [], [], {}
    for each in planned:
        content = renderer.render(each)
        if _holds(each.path, content):
            unchanged.append(each)
        else:
            written.append(each)
            contents[each.path] = content
        progress(1)
    leaving = [each.path for each in written if each.path.exists()]
    leaving += [] if partial else _unwanted(folder, planned)
    moved = {path: _retire(folder, path) for path in leaving}
    for path, content in contents.items():
        write_whole(path, lambda target, content=content: target.write_bytes(content))
    return Written(tuple(written), tuple(unchanged), moved)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:  # absent, or not readable: it will be replaced, or the failure will say why
        return False


def _unwanted(folder: Path, planned: Iterable[Planned]) -> list[Path]:
    """The workbooks under our folders that nobody needs any more; lock files are left to their program."""
    wanted = {alike(str(each.path)) for each in planned}
    return [path for path in _workbooks(folder / FOLDER) if alike(str(path)) not in wanted]


def _workbooks(folder: Path) -> Iterator[Path]:
    for name in FOLDERS.values():
        found = sorted((folder / name).rglob("*.xlsx"))
        yield from (path for path in found if path.is_file() and not path.name.startswith(_LOCKS))


def _retire(folder: Path, path: Path) -> Path:
    """Move a workbook to the same place under ``anciens/``, numbered when the name is taken; its new path."""
    sent = folder / FOLDER
    target = _free(sent / ARCHIVE / path.relative_to(sent))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    except OSError as fault:
        raise CohortError(
            f"« {path} » ne peut pas être déplacé dans « {ARCHIVE} » : {fault.strerror or fault}. "
            "Fermez-le s'il est ouvert, puis relancez."
        ) from fault
    if path.parent != sent and not any(path.parent.iterdir()):
        path.parent.rmdir()
    return target


def _free(target: Path) -> Path:
    """``target``, or the first of ``target (2)``, ``target (3)``... that is not taken."""
    candidate, rank = target, 1
    while candidate.exists():
        rank += 1
        candidate = target.with_stem(f"{target.stem} ({rank})")
    return candidate
