"""The morning page as plain text, for a terminal, a message, or whoever wants no other program."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from engine.office.styles import printed, safe_text
from engine.outputs.briefing.page import Item, Page, Section

_WIDTH = 78
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")  # blanks where a line may end


def as_text(page: Page) -> str:
    """The same words as the HTML page, the verdict on the first line."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield _shown(f"{page.verdict.tone} {page.verdict.head}")
    yield ""
    for caption in page.captions:
        yield from _wrapped(caption)
    yield ""
    yield from _wrapped(
        "   ".join(f"{figure.number}\u00a0{figure.label}".replace(" ", "\u00a0") for figure in page.figures)
    )
    for section in page.sections:
        yield from _section(section)
    yield ""
    for line in page.closing:
        yield from _wrapped(line)


def _section(section: Section) -> Iterator[str]:
    title = _shown(section.title)
    yield from ("", "", title.upper(), "-" * len(title))
    yield from _wrapped(section.lead)
    for item in section.items:
        yield from _item(item)
    if section.more:
        yield ""
        yield from _wrapped(section.more)


def _item(item: Item) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{item.tone} {item.head}", "", "  ")
    for part in (item.body, item.note):
        if part:
            yield from _wrapped(part, "  ", "  ")


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(
        _shown(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _shown(text: str) -> str:
    """One line, whatever was read in a return; wide no-break spaces, which every font has."""
    return _BREAKS.sub(" ", printed(safe_text(text))).strip().replace("\u202f", "\u00a0")
