"""The pages per candidate that stand, against those that were written: one that somebody changed says something else.

What is kept are the SHA-256 of the pages, which name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.model import Candidate
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace.cohort import Folder
from engine.workspace.digest import of_readable
from engine.workspace.files import alike, file_names, write_private


def note(folder: Folder, written: Iterable[Path]) -> None:
    """Remember these pages as they stand, beside those that were noted before and still do."""
    known = _noted(folder) or frozenset()
    still = {digest for path in _pages(folder) if (digest := of_readable(path)) in known}
    lines = sorted(still | {of_readable(path) for path in written})
    try:
        write_private(folder.page_digests, "".join(f"{line}\n" for line in lines).encode("ascii"))
    except OSError as fault:
        raise CohortError(f"« {folder.page_digests} » ne peut pas être écrit : {reason(fault)}.") from fault


def altered(folder: Folder, candidates: Iterable[Candidate]) -> list[Path]:
    """The pages of these candidates that are no longer what was written; none where nothing was noted."""
    known = _noted(folder)
    if known is None:
        return []
    names = {alike(f"{name}.xlsx") for name in file_names(list(candidates)).values()}
    ours = (path for path in _pages(folder) if path.parent != folder.pages or alike(path.name) in names)
    return [path for path in ours if of_readable(path) not in known]


def _pages(folder: Folder) -> list[Path]:
    together = folder.pages.with_suffix(".xlsx")
    return [*sorted(folder.pages.glob("*.xlsx")), *([together] if together.is_file() else [])]


def _noted(folder: Folder) -> frozenset[str] | None:
    try:
        return frozenset(folder.page_digests.read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return None
