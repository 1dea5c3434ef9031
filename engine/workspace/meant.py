"""The cohort folders that somebody means by the paths and patterns they give."""

from __future__ import annotations

import os
from collections.abc import Iterable
from glob import glob
from pathlib import Path

from engine.workspace.cohort import Folder
from engine.workspace.droppings import is_of_a_system


def expand(paths: Iterable[Path]) -> list[Path]:
    """The folders that paths mean, each once, by whatever names: two runs on one would be in each other's way.

    A pattern (``promotions/*``) that no shell has expanded is expanded here. What a pattern takes along is passed over:
    plain files, and what a system keeps beside the cohorts (``lost+found``), unless a roster makes it one of them. What
    does not exist is kept, to be refused by its name.
    """
    meant: dict[Path, Path] = {}
    for path in paths:
        found = [] if path.exists() else glob(str(path))  # noqa: PTH207 - passes over hidden folders, as shells do
        for place in sorted(map(Path, found)) or [path]:
            meant.setdefault(Path(os.path.realpath(place)), place)
    return [path for path in meant.values() if not (path.is_file() or _is_kept_by_a_system(path))]


def _is_kept_by_a_system(path: Path) -> bool:
    return is_of_a_system(path.name) and not os.path.isfile(Folder(path).roster)  # noqa: PTH113 - may be closed to us
