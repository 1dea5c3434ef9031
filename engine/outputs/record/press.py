"""Pages set by typst: a template of ours, and what it says as JSON, so that nothing in a name is markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst

from engine.model.texts import visible
from engine.outputs.reminders import letters

_FOLDER = Path(__file__).parent
_UNDATED = datetime(2024, 1, 1)  # what is made again and again bears the same day: the same pages are the same bytes


def printed(template: str, facts: Mapping[str, Any], made_at: datetime | None = None) -> bytes:
    """The PDF (PDF/A-2b, its fonts inside) of a template beside this file; equal arguments give equal bytes."""
    at = made_at or _UNDATED
    stamp = {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute, "second": 0}
    content = visible(json.dumps({**facts, "made_at": stamp}, ensure_ascii=False))
    source = (_FOLDER / template).read_bytes()
    try:
        return _set(source, content, at)
    except typst.TypstError:
        return _set(source, _legible(content), at)


def _set(source: bytes, content: str, at: datetime) -> bytes:
    return bytes(
        typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-2b"],
            sys_inputs={"facts": content},
            timestamp=int((at - datetime(1970, 1, 1)).total_seconds()),
        )
    )


def _legible(text: str) -> str:
    """The text with each sign that no font of ours draws written out, ``<U+738B>``: PDF/A admits no gap."""
    lacking = {sign for sign in set(text) if not sign.isascii() and not _is_drawn(sign)}
    return "".join(f"<U+{ord(sign):04X}>" if sign in lacking else sign for sign in text)


def _is_drawn(sign: str) -> bool:
    try:
        _set(b"#sys.inputs.facts", sign, _UNDATED)
    except typst.TypstError:
        return False
    return True


def in_full(day: date | None) -> str:
    """``1er juillet 2025``; nothing for no day."""
    return letters.in_full(day) if day else ""
