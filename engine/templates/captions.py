"""What stands between the header block and the headings: whose columns they are, or what their codes mean."""

from __future__ import annotations

from itertools import groupby

from engine import metrics, styles
from engine.model import Referential
from engine.templates.canvas import Canvas

_TITLE_SIZE = 8


def draw(canvas: Canvas) -> None:
    """Draw the captions of the sheets that have some."""
    if canvas.form.by_candidate_rows:
        _people(canvas)
    elif canvas.layout.captions:
        _who_fills(canvas)


def _who_fills(canvas: Canvas) -> None:
    """« par le candidat » over the candidate's columns, « par vous » over the others."""
    row = canvas.grid.heading - 1
    for by_candidate, group in groupby(canvas.form.inputs, key=lambda entry: entry.by_candidate):
        columns = [canvas.grid.columns[entry.heading] for entry in group]
        _across(canvas, row, columns, "par le candidat" if by_candidate else "par vous")
    canvas.height(row, 18)


def _people(canvas: Canvas) -> None:
    """The families of the codes, and the title of each code turned a quarter, over NOTES and VALIDATION."""
    titles, families = _titles(canvas.referential), _families(canvas.referential)
    tops = canvas.grid.heading - 2
    widest = 0.0
    for family, group in groupby(canvas.form.inputs, key=lambda entry: families.get(entry.heading, "")):
        columns = [canvas.grid.columns[entry.heading] for entry in group]
        _across(canvas, tops, columns, family)
    for entry in canvas.form.inputs:
        title = styles.printed(titles.get(entry.heading, ""))
        column = canvas.grid.columns[entry.heading]
        canvas.exact(canvas.grid.heading - 1, column, title, "turned")
        widest = max(widest, _turned_length(title, canvas.layout.widths[column]))
    canvas.height(tops, 18)
    canvas.height(canvas.grid.heading - 1, max(60, min(widest * 0.75 + 9, 165)))


def _turned_length(title: str, width: int) -> float:
    """The pixels a turned title needs, on as many lines as its column is wide enough for."""
    lines = max(1, int((width - 6) / (metrics.LINE_HEIGHTS[_TITLE_SIZE] / 0.75)))
    length = 40.0
    while metrics.wrap(title, length, _TITLE_SIZE) > lines:
        length += 4
    return length


def _across(canvas: Canvas, row: int, columns: list[int], text: str) -> None:
    """Centre a text over neighbouring columns without merging them."""
    canvas.text(row, columns[0], text, "family")
    canvas.fill(row, columns[1:], "family")


def _titles(referential: Referential) -> dict[str, str]:
    """The title of every code of NOTES and VALIDATION."""
    exam = (referential.national_exam,) if referential.national_exam else ()
    parts = (*referential.units, *exam, *referential.exams, *referential.works, *referential.documents)
    return {part.code: part.title for part in parts}


def _families(referential: Referential) -> dict[str, str]:
    """What the codes of NOTES and VALIDATION have in common."""
    families = dict.fromkeys((unit.code for unit in referential.units), "Unités d'enseignement")
    families |= dict.fromkeys((exam.code for exam in referential.exams), "Examens en cours de formation")
    families |= dict.fromkeys((work.code for work in referential.works), "Travaux")
    families |= dict.fromkeys((document.code for document in referential.documents), "Documents")
    return families
