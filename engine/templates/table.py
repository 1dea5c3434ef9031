"""The table: headings, sections, items, and the single inputs that close a sheet."""

from __future__ import annotations

from decimal import Decimal

from engine.model import Kind, Role, wording
from engine.model.forms import IDENTITIES, Input, Label, Nature, Row
from engine.model.forms.jury import COMPUTED
from engine.model.marks import SIGNATURE_INPUT
from engine.office import metrics, styles
from engine.templates import header, help, inputs
from engine.templates.canvas import Canvas
from engine.templates.layout import Band

_CENTRED = frozenset({"Mini", "Barème", COMPUTED})
_SIGNATURE_PROMPT = "Signez à la main sur le papier, ou tapez votre code personnel."
_CODE_PROMPT = (
    "Tapez le code personnel que le secrétariat vous a remis : sans lui, cette feuille n'est pas prise en compte. "
    "Une signature sur papier ou une image ne suffit pas."
)


def draw(canvas: Canvas) -> int:
    """Draw everything from the headings down; the last row used."""
    _headings(canvas)
    for band in canvas.grid.bands:
        if band.title is not None:
            _section(canvas, band, band.title)
        for row, item in enumerate(band.section.rows, start=band.first):
            _item(canvas, row, item)
    for entry in canvas.form.inputs:
        inputs.column(canvas, entry)
    return _closing(canvas)


def _headings(canvas: Canvas) -> None:
    row, lines = canvas.grid.heading, 1
    for index, column in enumerate(canvas.form.columns):
        free = isinstance(column, Label) or (column.domain.nature is Nature.TEXT and not column.blocks)
        centred = not free or column.heading in _CENTRED
        align = {} if centred else {"indent": 1 if index == 0 or isinstance(column, Input) else 0}
        canvas.exact(row, index, column.heading, "heading", "center" if centred else "left_aligned", **align)
        lines = max(lines, metrics.wrap(column.heading, canvas.layout.widths[index], 8, bold=True))
    canvas.height(row, max(20.25, metrics.row_height(lines, 8)))


# ------------------------------------------------------------------------------------------- sections


def _section(canvas: Canvas, band: Band, row: int) -> None:
    section, last, room = band.section, canvas.layout.last, 0.0
    canvas.fill(row, range(last + 1), *_TITLE, **_RULE)
    live = help.in_title(canvas.tally, canvas.grid, band, canvas.referential)
    if canvas.form.kind is Kind.ORAL:
        canvas.number(row, last - 1, help.section_maximum(section), *_TITLE, "center", **_RULE)
        canvas.formula(row, last, live, *_TITLE, "center", **_RULE)
        room = canvas.layout.widths[1]
    elif canvas.form.kind is Kind.SYNTHESE:
        _commission(canvas, row, band, live)
        room = canvas.layout.widths[1]
    elif canvas.form.kind is Kind.TRANSVERSALE:
        canvas.formula(row, last, live, "small", "hairline", "center", **_RULE)
        room = canvas.layout.width(1, last - 1)
    else:
        header.state(canvas, row, live, "hairline", bold=False, **_RULE)
        room = canvas.layout.width(1, last) - 1.2 * metrics.text_width(str(live.value), 8, bold=True)
    _section_title(canvas, row, section.heading, room)


_TITLE, _RULE = ("section", "hairline"), {"top": 1, "top_color": styles.ACCENT}
"""The style of a section's title, and of the line above it."""


def _commission(canvas: Canvas, row: int, band: Band, live: help.Formula) -> None:
    """How many competences are needed, how many are demonstrated, where that validates the bloc; and its state."""
    columns, section = canvas.grid.columns, band.section
    if section.required is not None:
        needed = f"{section.required} sur {len(section.rows)}"
        canvas.text(row, columns["Mini"], needed, "small", "hairline", "center", **_RULE)
        counted = help.demonstrated(canvas.tally, canvas.grid, band)
        canvas.formula(row, columns[COMPUTED], counted, *_TITLE, "center", **_RULE)
    header.state(canvas, row, live, "hairline", bold=False, **_RULE)


def _section_title(canvas: Canvas, row: int, title: str, room: float) -> None:
    """Write a section's title in B, on one line if it has room to run on, else wrapped."""
    height, runs_on = canvas.layout.section_height, metrics.text_width(title, 10.5, bold=True) <= (room - 10) * 0.92
    if not runs_on:
        lines = metrics.wrap(title, canvas.layout.widths[1], 10.5, bold=True)
        height = max(height, metrics.row_height(lines, 10.5))
    canvas.text(row, 1, title, *_TITLE, *(() if runs_on else ("wrap",)), **_RULE)
    canvas.height(row, height)


# ---------------------------------------------------------------------------------------------- items


def _item(canvas: Canvas, row: int, item: Row) -> None:
    form, layout = canvas.form, canvas.layout
    unknown = item.code == ""  # a row of a blank sheet, where the person is typed
    look = ("input", "free_text") if unknown else ("code", "hairline")
    canvas.exact(row, 0, item.code, *look, "text", indent=1)
    height = layout.item_height
    for label in form.labels:
        column, content = canvas.grid.columns[label.heading], form.shown(item, label)
        if unknown:
            canvas.exact(row, column, "", "input", "free_text", "text")
        elif isinstance(content, Decimal):
            canvas.number(row, column, content, "figure", "hairline", num_format=_figure_format(canvas, label))
        elif label.heading in ("Mini", COMPUTED) and content in canvas.referential.scales.level.ladder:
            canvas.exact(row, column, content, "figure", "hairline", "text")
        else:
            height = max(height, _label(canvas, row, column, label, item))
    canvas.height(row, height)


def _figure_format(canvas: Canvas, label: Label) -> str:
    """Minima show the decimals of the levels; maxima show their own."""
    return help.decimals(canvas.referential.scales.level.step) if label.heading == "Mini" else "General"


def _label(canvas: Canvas, row: int, column: int, label: Label, item: Row) -> float:
    """Write a label and return the height it needs, in points; 0 when the least is enough."""
    form, first = canvas.form, label is canvas.form.labels[0]
    text, size = str(form.shown(item, label)), 9 if first or form.by_candidate_rows else 8
    if item.statement and first:
        return _with_statement(canvas, row, column, item, label)
    if form.by_candidate_rows:
        canvas.exact(row, column, text, "body", "hairline", "wrap", bold=first)
    else:
        centred = ("center",) if label.heading == COMPUTED else ()
        canvas.text(row, column, text, "body" if first else "small", "hairline", "wrap", *centred)
    lines = metrics.wrap(styles.printed(text), canvas.layout.widths[column], size, bold=form.by_candidate_rows)
    return metrics.row_height(lines, size) if lines > 1 else 0


def _with_statement(canvas: Canvas, row: int, column: int, item: Row, label: Label) -> float:
    title, statement = styles.printed(str(item.labels[label.heading])), styles.printed(item.statement)
    parts = (canvas.style("body"), f"{title}\n", canvas.style("small"), styles.safe_text(statement))
    if canvas.sheet.write_rich_string(row, column, *parts, canvas.style("body", "hairline", "wrap")) != 0:
        raise ValueError(f"cell {row},{column} of {canvas.sheet.get_name()} could not be written")
    width = canvas.layout.widths[column]
    return metrics.stacked_height((metrics.wrap(title, width, 9), 9), (metrics.wrap(statement, width, 8), 8))


# -------------------------------------------------------------------------------------------- closing


def _closing(canvas: Canvas) -> int:
    """The single inputs below the table: answers beside their label, texts stacked, the date on the row of the last."""
    row = canvas.grid.answers
    canvas.fill(row - 1, range(canvas.layout.last + 1), "body", top=1, top_color=styles.ACCENT)
    canvas.height(row - 1, 9)
    singles = [single for single in canvas.form.singles if single.name not in IDENTITIES]
    for single in (single for single in singles if single.beside):
        _answer(canvas, single, row)
        row += 1
    dates = [single for single in singles if single.domain.nature is Nature.DATE]
    for single in (single for single in singles if not single.beside and single not in dates):
        _boxed(canvas, single, row + 1, canvas.layout.texts)
        row += 2
    for single in dates:
        _boxed(canvas, single, row - 1, canvas.layout.closing_column)
    for (first, last), label in zip(canvas.layout.paper_boxes, _on_paper(canvas), strict=False):
        _paper_box(canvas, row - 1, first, last, label)
    return row - 1


def _on_paper(canvas: Canvas) -> tuple[str, ...]:
    """Who signs the printed sheet besides the person who fills it; the référent where there is room for one alone."""
    if Role.TUTOR not in canvas.form.kind.record.filled_by:
        return ()
    return _PAPER_SIGNATURES[-len(canvas.layout.paper_boxes) :]


_PAPER_SIGNATURES = ("Signature du candidat, sur le papier", "Signature du référent, sur le papier")


def _paper_box(canvas: Canvas, row: int, first: int, last: int, label: str) -> None:
    """Room for a signature by hand, columns ``first`` to ``last``; nothing is typed there."""
    canvas.text(row - 1, first, label, "label", valign="bottom")
    for column in range(first, last + 1):
        sides = {"left": column == first, "right": column == last, "top": True, "bottom": True}
        lines = {side: 1 for side, drawn in sides.items() if drawn}
        canvas.fill(row, [column], "body", **lines, **{f"{side}_color": styles.HAIRLINE for side in lines})
    canvas.height(row, _PAPER_HEIGHT)


_PAPER_HEIGHT = 45  # points: a signature by hand


def _answer(canvas: Canvas, single: Input, row: int) -> None:
    last = canvas.grid.columns[canvas.form.inputs[-1].heading]
    canvas.text(row, 1, single.label, "name")
    canvas.text(row, last - 1, wording.hint(single), "label", "right", indent=1)
    inputs.single(canvas, single, row, last, "points")
    canvas.height(row, 22.5)


def _box_label(canvas: Canvas, row: int, column: int, label: str) -> None:
    """A label runs over the blank cells beside it; in the last column, beside which nothing prints, it is folded."""
    width = canvas.layout.widths[column]
    folded = column == canvas.layout.last and metrics.text_width(styles.printed(label), 8) > width
    canvas.text(row, column, label, "label", *(["wrap"] if folded else []), valign="bottom")
    canvas.taller(row, metrics.row_height(metrics.wrap(styles.printed(label), width, 8), 8) if folded else 14.25)


def _boxed(canvas: Canvas, single: Input, row: int, column: int) -> None:
    """A label above its box; ``row`` is the box's."""
    signed = canvas.cover.signed and single.required_label
    _box_label(canvas, row - 1, column, single.required_label if signed else single.label)
    canvas.taller(row, 30)
    if single.domain.nature is Nature.DATE:
        inputs.single(canvas, single, row, column, "points")
    else:
        inputs.single(canvas, single, row, column, "body", "wrap", indent=1, align="left")
    if single.name == SIGNATURE_INPUT:
        canvas.prompt(row, column, "Signature", _CODE_PROMPT if signed else _SIGNATURE_PROMPT)
