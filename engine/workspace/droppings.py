"""Folders that systems and synchronisers leave where people work."""

from __future__ import annotations

_FOLDERS = frozenset(
    {"@eadir", "@tmp", "@sharebin", "#recycle", "#snapshot", "$recycle.bin", "lost+found", "__macosx"}
    | {"system volume information", "@recycle", "@recently-snapshot", "recycler", "recycled"}
    | {"network trash folder", "temporary items", "thevolumesettingsfolder", "found.000"}
)
"""Trashes, snapshots and caches that do not begin as hidden ones do; compared without case."""


def is_of_a_system(name: str) -> bool:
    """Whether a folder of this name is a system's, and nobody's work."""
    return name.casefold() in _FOLDERS
