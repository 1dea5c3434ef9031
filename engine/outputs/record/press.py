"""Pages set by typst: a template of ours, and what it says as JSON, so that nothing in a name is markup."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst

from engine.model.texts import visible
from engine.outputs.reminders import letters

_FOLDER = Path(__file__).parent
_UNDATED = datetime(2024, 1, 1)  # what is made again and again bears the same day: the same pages are the same bytes

_BLANKS = "\t\n\r"  # the only control characters that are set as what they say


def printed(template: str, facts: Mapping[str, Any], made_at: datetime | None = None) -> bytes:
    """The PDF (PDF/A-2b, its fonts inside) of a template beside this file; equal arguments give equal bytes."""
    at = made_at or _UNDATED
    stamp = {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute, "second": 0}
    content = json.dumps(_shown({**facts, "made_at": stamp}), ensure_ascii=False)
    source = (_FOLDER / template).read_bytes()
    for written in (str, _legible):
        with suppress(typst.TypstError):
            return _set(source, written(content), at)
    return _set(source, _latin(content), at)


def _shown(fact: Any) -> Any:
    """The facts, each text without what commands whoever shows it: once in JSON, control characters are escapes."""
    if isinstance(fact, str):
        return visible(fact, keep=_BLANKS)
    if isinstance(fact, Mapping):
        return {name: _shown(each) for name, each in fact.items()}
    return [_shown(each) for each in fact] if isinstance(fact, list | tuple) else fact


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
    return _written_out(text, {sign for sign in set(text) if not sign.isascii() and not _is_drawn(sign)})


def _latin(text: str) -> str:
    """The same with whatever else joins its neighbours, which a font may draw alone and not there: marks, and letters
    of other scripts."""
    plain = unicodedata.normalize("NFC", text)
    return _legible(_written_out(plain, {sign for sign in set(plain) if _joins(sign)}))


def _joins(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind[0] == "M" or kind == "Cf" or (kind[0] == "L" and "LATIN" not in unicodedata.name(sign, ""))


def _written_out(text: str, lacking: Collection[str]) -> str:
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
