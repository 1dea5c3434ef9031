"""The top of a page: who, which title, and the decision; what is not final says so in large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial

from engine.model import Decision, Outcome
from engine.office.metrics import LINE_HEIGHTS, text_width, wrap
from engine.office.styles import ACCENT, INK, PENDING, printed
from engine.outputs.fiches.looks import SYMBOLS, decision_look
from engine.outputs.fiches.page import Page, Piece

_NAME_SIZES = (20, 12, 10)  # points: the largest that fits


def write_heading(page: Page, made_at: datetime) -> None:
    """Write the title block, who the candidate is, and the notice of what is not final."""
    layout, certification = page.layout, page.referential.certification
    page.sheet.hide_gridlines(2)
    made = f"Fiche établie le {made_at:%d/%m/%Y}, référentiel {_version(certification.version)}"
    page.add(12, lambda row: page.put(row, layout.last, printed(made), "reference"))
    page.add(*_name(page))
    level = f"{certification.title} ({certification.short_title}), niveau {certification.level}, {certification.code}"
    page.add(15, lambda row: page.put(row, 0, printed(level), "caption"))
    page.add(5, lambda row: _rule(page, row))
    page.add(4)
    for pieces in _identity(page):
        text = printed("".join(text for text, _ in pieces))
        height = page.fitted(text, 0, 9, last=layout.last, bold=True)
        page.add(height, partial(_spread, page, pieces))
    _write_notice(page)
    page.add(6)


def _rule(page: Page, row: int) -> None:
    for column in range(page.layout.last + 1):
        page.put(row, column, None, "rule")


def _spread(page: Page, pieces: Sequence[Piece], row: int) -> None:
    page.spread(row, 0, page.layout.last, pieces, "body", "wrap")


def _name(page: Page) -> tuple[float, Callable[[int], None]]:
    """The name in the largest size that fits, and the decision beside it."""
    layout, outcome = page.layout, page.outcome
    name, last = outcome.candidate.name, layout.right - 2
    room = layout.width(0, last) * 0.9
    size = next((size for size in _NAME_SIZES if text_width(name, size, bold=True) < room), _NAME_SIZES[-1])
    lines = wrap(name, layout.width(0, last), size, bold=True)

    def write(row: int) -> None:
        look = {"font_size": size, "bold": True, "font_color": ACCENT, "text_wrap": True}
        page.sheet.merge_range(row, 0, row, last, "", page.styles("text", **look))
        page.put(row, 0, name, "text", **look)
        look = page.styles(**{"font_size": 16, "bold": True, "align": "center"} | decision_look(outcome))
        page.sheet.merge_range(row, layout.right, row, layout.last, str(outcome.decision), look)

    return max(31.5, lines * LINE_HEIGHTS[size] + 6), write


def _version(version: str) -> str:
    try:
        return f"du {date.fromisoformat(version):%d/%m/%Y}"
    except ValueError:
        return version


def _identity(page: Page) -> Iterator[list[Piece]]:
    candidate, session = page.outcome.candidate, page.shared.roster.session
    jury = f"{session.jury_date:%d/%m/%Y}" if session.jury_date else ""
    told = (
        (("Identifiant", candidate.id), ("Entreprise", candidate.company), ("Blocs acquis", _blocs(page.outcome))),
        (("Cohorte", session.cohort), ("Centre", session.centre), ("Session", session.session), ("Jury", jury)),
    )
    for line in told:
        known = [(label, value) for label, value in line if value]
        if known:
            yield [
                piece for label, value in known for piece in ((f"{label}  ", "label"), (f"{value}        ", "strong"))
            ]


def _blocs(outcome: Outcome) -> str:
    if outcome.decision is Decision.LEFT:
        return ""
    return ", ".join(outcome.acquired) or "aucun"


# ---------------------------------------------------------------------------------------- what is not final


def notice(outcome: Outcome) -> tuple[str, str] | None:
    """The notice of a result that is not final: in large, then why; nothing when it is."""
    decision = outcome.decision
    if decision is Decision.LEFT:
        return "SORTI DE LA SESSION", "Abandon inscrit au registre : aucun résultat n'est arrêté."
    if decision is Decision.PENDING and outcome.provisional:
        return "EN ATTENTE ET PROVISOIRE", "Des éléments manquent ou sont à corriger : rien n'est arrêté."
    if decision is Decision.PENDING:
        return "EN ATTENTE", "Un élément manque ou est à corriger : la décision n'est pas arrêtée."
    if outcome.provisional:
        return "PROVISOIRE", "Une fiche attendue manque : une moyenne peut encore changer."
    return None


def _write_notice(page: Page) -> None:
    told = notice(page.outcome)
    if told is None:
        return
    large, why = told
    left = page.outcome.decision is Decision.LEFT
    pieces = [(f"{SYMBOLS[Decision.LEFT if left else Decision.PENDING]} {large}", "notice"), (f"      {why}", "body")]
    look = {"bg_color": PENDING, "font_color": INK, "top": 2, "bottom": 2, "border_color": INK}
    page.add(5)
    page.add(30, lambda row: page.spread(row, 0, page.layout.last, pieces, "indented", **look))
