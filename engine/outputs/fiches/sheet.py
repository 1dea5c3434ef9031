"""One page: what stands where on it, whatever the referential holds."""

from __future__ import annotations

from datetime import datetime

from xlsxwriter.utility import xl_col_to_name

from engine.model import Decision
from engine.model.values import clip
from engine.office.metrics import row_height, wrap
from engine.office.styles import printed, set_page
from engine.outputs.fiches.competences import competence_rows
from engine.outputs.fiches.heading import write_heading
from engine.outputs.fiches.page import Box, Page, Piece, Row
from engine.outputs.fiches.side import GAP, side_rows
from engine.outputs.fiches.transversal import write_transversal

_MARGINS = (10, 10, 9, 12)  # millimetres: left, right, top, bottom
_NOTHING = "Toutes les conditions du titre sont validées."
_SIZE = 8.5  # points, of the reasons
_FOOTER = 44  # signs each of its texts may take without meeting the next
_HALF_FOOTER = 66  # signs that fit left of its middle
_FEW = 90.0  # points: reasons so short stand under the marks in any case


def draw(page: Page, made_at: datetime) -> None:
    """Draw the whole page; someone who left has a heading and a reason only."""
    write_heading(page, made_at)
    if page.outcome.decision is Decision.LEFT:
        page.stack([], _reasons(page, 0))
    else:
        _write_results(page)
    _set_print(page)


def _write_results(page: Page) -> None:
    """The reasons stand under the marks when there is room for them, else across the page."""
    left, side = list(competence_rows(page)), list(side_rows(page))
    title, box = _reasons(page, page.layout.right)
    taken = sum(row.height for row in (*side, title))
    beside = taken + box.height <= max(sum(row.height for row in left), taken + _FEW)
    if beside:
        side += [*([GAP] if side else []), title]
    page.stack(left, [*side, box] if beside else side)
    write_transversal(page)
    page.add(6)
    if not beside:
        page.stack([], _reasons(page, 0))
    _write_legend(page)  # last: LibreOffice leaves out of the page what ends a sheet and is empty, or merged


def _reasons(page: Page, first: int) -> tuple[Row, Box]:
    """What is missing or not validated, one sentence under the other, from a column to the edge of the page."""
    last = page.layout.last
    sentences = page.outcome.reasons or (_NOTHING,)
    text = "\n".join(printed(sentence if len(sentences) == 1 else f"– {sentence}") for sentence in sentences)

    def title(row: int) -> None:
        page.put(row, first, "Motifs", "heading", text_wrap=False)
        for column in range(first + 1, last + 1):
            page.put(row, column, None, "heading")

    def write(row: int, end: int) -> None:
        look = page.styles("reason", "text", "wrap", valign="top")
        page.sheet.merge_range(row, first, end, last, "", look)
        page.put(row, first, text, "reason", "text", "wrap", valign="top")

    needed = row_height(wrap(text, page.layout.width(first, last), _SIZE), _SIZE)
    return Row(16.5, title), Box(needed, write)


def _write_legend(page: Page) -> None:
    pieces: list[Piece] = [
        ("● ", "good"),
        ("validé, démontré      ", "note"),
        ("× ", "bad"),
        ("non validé      ○ en attente      Trait épais : niveau minimum      Case grise : valeur attendue", "note"),
    ]
    if page.outcome.only_blocs:
        pieces.append(("      – non présenté", "note"))
    page.add(13.5, lambda row: page.spread(row, 0, page.layout.last, pieces))


def _set_print(page: Page) -> None:
    candidate, session = page.outcome.candidate, page.shared.roster.session
    who = f"{clip(candidate.name, _FOOTER)} ({candidate.id})"
    centre = clip(session.title, max(_FOOTER, 2 * (_HALF_FOOTER - len(who))))  # it spreads to both sides
    set_page(page.sheet, landscape=False, margins_mm=_MARGINS, footer=(who, centre), fit_height=1)
    page.sheet.print_area(0, 0, page.row - 1, page.layout.last)
    page.sheet.center_horizontally()
    page.sheet.set_zoom(90)
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(page.layout.last)}{page.row}"})
