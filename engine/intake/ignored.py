"""Names that nobody gave: locks, partial downloads, droppings of systems, synchronisers and mail programs.

Such a file is counted, never read, whatever it holds: what lies in a trash or in a snapshot was taken away.
"""

from __future__ import annotations

import re

from engine.workspace.droppings import is_of_a_system

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
    return name.startswith((".", "~")) or is_of_a_system(name)
