"""Names that nobody gave: locks, partial downloads, droppings of systems, synchronisers and mail programs.

Such a file is counted, never read, whatever it holds: what lies in a trash or in a snapshot was taken away.
"""

from __future__ import annotations

import re

_FOLDERS = frozenset(
    {"@eadir", "@tmp", "@sharebin", "#recycle", "#snapshot", "$recycle.bin", "lost+found", "__macosx"}
    | {"system volume information", "@recycle", "@recently-snapshot", "recycler", "recycled"}
    | {"network trash folder", "temporary items", "thevolumesettingsfolder", "found.000"}
)
"""Trashes, snapshots and caches that do not begin as hidden ones do; compared without case."""

_NAMES = re.compile(
    r"[.~].*"
    r"|(eh)?Thumbs\.db(:.*)?|desktop\.ini|Icon\r|.*:Zone\.Identifier"
    r"|.*\.(part|partial|filepart|crdownload|download|opdownload|tmp|icloud|lnk|!sync|!ut|bts|driveupload"
    r"|drivedownload|sb-[0-9a-z]{8}-[0-9a-z]{6}|syncthing|owncloudsync|nosync|vcf|ics|p7s"
    r"|aria2|bc!|ocsync_tmp|dbtmp|gstmp|~tmp|swp|lock)"
    r"|[0-9A-F]{8}"  # what Excel writes beside a workbook while it saves it
    r"|image\d{3}\.(png|gif|emz|wmz)|ATT\d{5,}(\.(html?|txt|bin|dat))?|oledata\.mso|noname\.(html?|txt)?",
    re.IGNORECASE,
)


def is_ignored(name: str) -> bool:
    """Whether a file is a dropping, by its path below ``retours/`` (with ``/``): its name or that of a folder."""
    *folders, file = name.split("/")
    return _NAMES.fullmatch(file) is not None or any(map(_is_dropping_folder, folders))


def _is_dropping_folder(name: str) -> bool:
    return name.startswith((".", "~")) or name.casefold() in _FOLDERS
