"""Which names the members of a delivery may bear: plain relative paths, the same on every system, of nobody."""

from __future__ import annotations

import re

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,98}[A-Za-z0-9_-])?"
_PLAIN = re.compile(rf"{_PART}(?:/{_PART}){{0,3}}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def is_plain(name: str) -> bool:
    """Whether a member may bear this name: ASCII, relative, no part of which means something else on some system."""
    return bool(_PLAIN.fullmatch(name)) and not any(map(_RESERVED.fullmatch, name.split("/")))
