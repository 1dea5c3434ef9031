"""The morning page in HTML: alone in its file, without script, for a phone, paper, or the body of a message.

Mail programs know little of style sheets: tables and plain colours are all it uses, and a white ground is stated
everywhere, so that a dark mode has nothing to guess. Every text is escaped; the page forbids itself any resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.office.styles import (
    ACCENT,
    BRICK,
    BRICK_TINT,
    FAINT,
    FONT,
    HAIRLINE,
    INK,
    PANEL,
    SOFT,
    TINT,
    WHITE,
    printed,
    safe_text,
)
from engine.outputs.briefing.page import Figure, Item, Page, Section, Tone

_CLASS = {Tone.PLAIN: "plain", Tone.GOOD: "good", Tone.WARNING: "warning", Tone.BAD: "bad"}

_STYLE = f"""
:root {{ color-scheme: light only; }}
body {{ margin: 0; background: {WHITE}; color: {INK}; font: 15px/1.45 {FONT}, "Liberation Sans", sans-serif; }}
.page {{ max-width: 720px; margin: 0 auto; padding: 16px; background: {WHITE}; }}
h1 {{ margin: 0; padding: 12px 14px; font-size: 19px; line-height: 1.3; border-left: 6px solid; }}
h1.good {{ color: {ACCENT}; background: {TINT}; border-color: {ACCENT}; }}
h1.bad {{ color: {BRICK}; background: {BRICK_TINT}; border-color: {BRICK}; }}
h2 {{ margin: 26px 0 6px; padding-top: 8px; font-size: 17px; color: {ACCENT}; border-top: 2px solid {ACCENT}; }}
p {{ margin: 0 0 6px; }}
.caption {{ color: {SOFT}; font-size: 13px; margin: 0; }}
.captions {{ margin: 10px 0 14px; }}
table {{ width: 100%; border-collapse: collapse; }}
td {{ vertical-align: top; padding: 0; }}
.figures td {{ width: 25%; padding: 8px 4px; background: {PANEL}; text-align: center; border: 2px solid {WHITE}; }}
.number {{ display: block; font-size: 24px; font-weight: bold; color: {ACCENT}; line-height: 1.2; }}
.figures .bad .number {{ color: {BRICK}; }}
.label {{ display: block; font-size: 12px; color: {SOFT}; line-height: 1.25; }}
.items td {{ padding: 7px 0; border-bottom: 1px solid {HAIRLINE}; overflow-wrap: anywhere; word-break: break-word; }}
.items .sign {{ width: 22px; color: {FAINT}; }}
.good .sign, .good .head {{ color: {ACCENT}; }}
.bad .sign, .bad .head {{ color: {BRICK}; }}
.warning .sign {{ color: {INK}; }}
.head {{ font-weight: bold; }}
.note {{ color: {SOFT}; font-size: 13px; }}
.more {{ margin-top: 6px; color: {SOFT}; }}
.closing {{ margin-top: 26px; padding-top: 8px; border-top: 1px solid {HAIRLINE}; }}
@media print {{
  @page {{ size: A4; margin: 14mm; }}
  body {{ font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
  .page {{ max-width: none; padding: 0; }}
  h2 {{ break-after: avoid; }}
  tr {{ break-inside: avoid; }}
}}
""".strip()

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(page: Page) -> str:
    """The whole document."""
    return "\n".join(_document(page)) + "\n"


def _document(page: Page) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light only">'
    yield f"<title>{_shown(page.subject)}</title>\n<style>\n{_STYLE}\n</style>\n</head>"
    yield '<body>\n<div class="page" role="main">'
    verdict = page.verdict
    yield f'<h1 class="{_CLASS[verdict.tone]}">{verdict.tone} {_shown(verdict.head)}</h1>'
    yield '<div class="captions">' + "".join(map(_caption, page.captions)) + "</div>"
    yield f'<table class="figures" role="presentation"><tr>{"".join(map(_figure, page.figures))}</tr></table>'
    for section in page.sections:
        yield from _section(section)
    yield '<div class="closing">' + "".join(map(_caption, page.closing)) + "</div>"
    yield "</div>\n</body>\n</html>"


def _caption(text: str) -> str:
    return f'<p class="caption">{_shown(text)}</p>'


def _figure(figure: Figure) -> str:
    number, label = _shown(figure.number), _shown(figure.label)
    return (
        f'<td class="{_CLASS[figure.tone]}"><span class="number">{number}</span><span class="label">{label}</span></td>'
    )


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_shown(section.title)}</h2>\n<p>{_shown(section.lead)}</p>"
    if section.items:
        yield '<table class="items" role="presentation">'
        yield from map(_item, section.items)
        yield "</table>"
    if section.more:
        yield f'<p class="more">{_shown(section.more)}</p>'


def _item(item: Item) -> str:
    parts = [f'<span class="head">{_shown(item.head)}</span>']
    parts += [_shown(item.body)] if item.body else []
    parts += [f'<span class="note">{_shown(item.note)}</span>'] if item.note else []
    return f'<tr class="{_CLASS[item.tone]}"><td class="sign">{item.tone}</td><td>{"<br>".join(parts)}</td></tr>'


def _shown(text: str) -> str:
    """A text with its typography, on one line, that no browser takes for anything else."""
    return escape(printed(" ".join(safe_text(text).split(" "))))
