"""How a text, or a list of texts, stands in a cell so that it comes back as it was.

Most stand as they are, a list one element per line. What a cell cannot hold or people cannot see (blanks at the ends,
control characters, an empty text) stands as JSON writes it, after a mark: ``json:"deux blancs  "``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.office.styles import safe_text
from engine.office.typed.cells import trim

_MARK = "json:"
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet would take it for a character's number


def shown(text: str) -> str:
    """The content of the cell."""
    return text if _stands_alone(text) else _quoted(text)


def read(content: str) -> str:
    """The text of a cell's content."""
    found = _unquoted(content)
    return found if isinstance(found, str) else trim(content)


def shown_list(items: Sequence[str]) -> str:
    """The content of the cell of several texts; nothing for none."""
    if all(_stands_alone(item) and "\n" not in item for item in items):
        return "\n".join(items)
    return _quoted(list(items))


def read_list(content: str, separators: str = "\n") -> list[str]:
    """The texts of a cell's content, parted at any of these signs."""
    found = _unquoted(content)
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        return found
    parts = re.split(f"[{re.escape(separators)}]", content)
    return [item for item in map(trim, parts) if item]


def _stands_alone(text: str) -> bool:
    seen = trim(text) == text == safe_text(text)
    return bool(text) and seen and "\r" not in text and not text.startswith(_MARK) and not _ESCAPED.search(text)


def _quoted(value: str | list[str]) -> str:
    return _MARK + _ESCAPED.sub(r"\\u005f", json.dumps(value))


def _unquoted(content: str) -> object:
    """The text that a marked content stands for, ``None`` for any other."""
    if not content.startswith(_MARK):
        return None
    try:
        return json.loads(content.removeprefix(_MARK))
    except ValueError:
        return None
