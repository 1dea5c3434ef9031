"""The guides of ``docs/guides`` as PDF, to be sent: made of their Markdown alone, the same bytes on every machine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import typst
from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.office.styles import printed

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "guides"
LEAFLETS = GUIDES / "pdf"
_LOOK = Path(__file__).with_name("page.typ")
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def guides() -> list[Path]:
    """The guides, as Markdown."""
    return sorted(GUIDES.glob("*.md"))


def leaflet(guide: Path) -> bytes:
    """A guide as PDF, with the fonts that the typesetter brings. Raises ``KeyError`` for what it cannot draw."""
    tokens = _MARKDOWN.parse(guide.read_text(encoding="utf-8"))
    title = json.dumps(printed(tokens[1].content), ensure_ascii=False)
    source = f"{_LOOK.read_text(encoding='utf-8')}\n#show: leaflet.with({title})\n{_drawn(tokens, guide)}"
    return typst.compile(source.encode(), root=ROOT, format="pdf", ignore_system_fonts=True, pdf_standards=["ua-1"])


def _said(text: str) -> str:
    """A text that nothing in it commands."""
    return f"#{json.dumps(text, ensure_ascii=False)};"


_PAIRS = {
    "paragraph": ("", "\n\n"),
    "bullet_list": ("#list(", ")\n\n"),
    "ordered_list": ("#enum(", ")\n\n"),
    "list_item": ("[", "],"),
    "thead": ("table.header(", "),"),
    "tbody": ("", ""),
    "tr": ("", ""),
    "th": ("[", "],"),
    "td": ("[", "],"),
    "strong": ("#strong[", "]"),
    "em": ("#emph[", "]"),
}


def _drawn(tokens: Iterable[Token], guide: Path) -> str:
    return "".join(_one(token, guide) for token in tokens)


def _one(token: Token, guide: Path) -> str:
    name, _, end = token.type.rpartition("_")
    if name in _PAIRS:
        return _PAIRS[name][end == "close"]
    match token.type:
        case "inline":
            return _drawn(token.children or (), guide)
        case "text":
            return _said(printed(token.content))
        case "softbreak":
            return " "
        case "code_inline":
            return f"#raw({json.dumps(token.content, ensure_ascii=False)});"
        case "fence":
            return f"#raw(block: true, {json.dumps(token.content.rstrip(), ensure_ascii=False)})\n\n"
        case "heading_open":
            return f"#heading(level: {token.tag[1:]})["
        case "table_open":
            return "#table(columns: (auto, 1fr),"
        case "table_close":
            return ")\n\n"
        case "heading_close":
            return "]\n\n"
        case "image":
            return _picture(token, guide)
        case "link_open":
            return _link(str(token.attrs["href"]))
        case "link_close":
            return "]"
    raise KeyError(token.type)


def _link(target: str) -> str:
    """An address of the network leads there; a file of ours is not where the leaflet is read, and is only named."""
    return f"#link({json.dumps(target)})[" if target.startswith("https://") else "#emph["


def _picture(token: Token, guide: Path) -> str:
    path = (guide.parent / str(token.attrs["src"])).resolve().relative_to(ROOT).as_posix()
    told = json.dumps(printed(token.content), ensure_ascii=False)
    return f'#picture("/{path}", {told})'
