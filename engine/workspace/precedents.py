"""The results of the nights before: a copy of each stands in ``resultats/precedents/``, the oldest ones are pruned.

A copy bears the date of the file it was, as the disk tells it: ``resultats 2025-06-14 02h10.xlsx``. Only files with
exactly such a name are ever removed: whatever else somebody puts there stays.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from filecmp import cmp
from pathlib import Path

from engine.workspace.files import dated, free, write_whole

FOLDER = "precedents"
KEEP = 14
"""How many copies are kept when nobody says otherwise."""

_DATE = re.compile(r" (\d{4}-\d\d-\d\d \d\dh\d\d)(?: \((\d+)\))?")


def keep(current: Path) -> None:
    """Copy what is about to be replaced; a copy that stands there already is not made again.

    Raises :class:`CohortError` when the disk does not allow it.
    """
    if not current.is_file():
        return
    name = dated(_place(current), datetime.fromtimestamp(current.stat().st_mtime))
    same_date = name.parent.glob(f"{name.stem}*{name.suffix}")
    if not any(cmp(current, copy, shallow=False) for copy in same_date):
        write_whole(free(name), lambda beside: shutil.copyfile(current, beside))


def tidy(current: Path, placed: Mapping[Path, Path], count: int, now: datetime) -> None:
    """Put in order what stands beside new results, ``placed`` where each could be: what an earlier run had to write
    under a dated name joins the other copies, or goes when it is not of ``current``; ``count`` copies are kept."""
    for target, path in placed.items():
        if path == target:
            _gather(target, keeping=target == current)
    if placed[current] == current:
        prune(current, count, now)


def _gather(target: Path, *, keeping: bool) -> None:
    for path, _ in _dated_like(target, target.parent):
        with suppress(OSError):  # open elsewhere: next time
            if keeping:
                place = _place(path)
                place.parent.mkdir(exist_ok=True)
                path.rename(free(place))
            else:
                path.unlink()


def prune(current: Path, count: int, now: datetime) -> None:
    """Keep the ``count`` latest copies. Those dated after ``now`` are left aside: some clock was wrong, not they."""
    copies = [entry for entry in _dated_like(current, current.parent / FOLDER) if entry[1][0] <= _written(now)]
    for path, _ in sorted(copies, key=lambda entry: entry[1], reverse=True)[count:]:
        with suppress(OSError):  # open elsewhere: next time
            path.unlink()


def after(current: Path, now: datetime) -> list[Path]:
    """The copies dated after ``now``."""
    return [path for path, date in _dated_like(current, current.parent / FOLDER) if date[0] > _written(now)]


def _place(path: Path) -> Path:
    return path.parent / FOLDER / path.name


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %Hh%M}"


def _dated_like(current: Path, folder: Path) -> Iterator[tuple[Path, tuple[str, int]]]:
    """The files that bear the name of ``current`` and a date; with each its date and its rank within that minute."""
    with suppress(OSError):  # the results stand: that their copies cannot be put in order now is no failure
        for path in sorted(folder.iterdir()):
            date = _DATE.fullmatch(path.stem.removeprefix(current.stem))
            if date and path.suffix == current.suffix and path.name.startswith(current.stem) and path.is_file():
                yield path, (date[1], int(date[2] or 1))
