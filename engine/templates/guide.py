"""The sheet « Mode d'emploi » that ends each workbook: what to do, the scale, the codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook

from engine import metrics, styles
from engine.forms import ABSENT, DECLARED, EXEMPT, NOT_ASSESSED, Form
from engine.model import Kind, Referential, Scale
from engine.styles import Styles
from engine.templates import words

TITLE = "Mode d'emploi"
_WIDTHS = (24, 92, 528)  # pixels: margin, codes, text


@dataclass(frozen=True)
class Line:
    """A line of the guide: a heading when it has no text, else a code or a rank, and what it means."""

    code: str
    text: str = ""


def draw(book: Workbook, look: Styles, referential: Referential, forms: Sequence[Form]) -> None:
    """Draw the guide of a workbook that holds these forms."""
    sheet = book.add_worksheet(TITLE)
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column_pixels(column, column, width)
    styles.write_text(sheet, 0, 1, styles.printed(TITLE), look("title"))
    sheet.set_row(0, 33)
    certification = referential.certification
    about = f"{certification.title} ({certification.short_title}), référentiel du {_version(certification.version)}"
    styles.write_text(sheet, 1, 1, styles.printed(about), look("caption"))
    for column in range(1, len(_WIDTHS)):
        sheet.write_blank(2, column, None, look("rule"))
    sheet.set_row(2, 6)
    row = 3
    for line in lines(referential, forms):
        _line(sheet, look, row, line)
        row += 1
    sheet.protect("", {"format_rows": True, "format_columns": True})
    styles.set_page(sheet, landscape=False, margins_mm=(18, 18, 10, 13), footer=(TITLE, certification.short_title))
    sheet.print_area(0, 0, row - 1, len(_WIDTHS) - 1)


def _version(version: str) -> str:
    year, _, rest = version.partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day else version


def _line(sheet: object, look: Styles, row: int, line: Line) -> None:
    if not line.text:
        styles.write_text(sheet, row, 1, styles.printed(line.code), look("section", valign="bottom"))
        sheet.set_row(row, 30)
        return
    styles.write_text(sheet, row, 1, line.code, look("name", "hairline", "text", valign="top"))
    styles.write_text(sheet, row, 2, styles.printed(line.text), look("body", "hairline", "wrap", valign="top"))
    sheet.set_row(row, metrics.row_height(metrics.wrap(styles.printed(line.text), _WIDTHS[2], 9), 9))


def lines(referential: Referential, forms: Sequence[Form]) -> Iterator[Line]:
    """Every line of the guide, for the sheets that the workbook holds."""
    kinds = {form.kind for form in forms}
    yield from _steps(kinds)
    yield from _scales(referential, kinds)
    yield from _codes(forms)
    yield from _order_of_the_oral(referential, kinds)


def _steps(kinds: set[Kind]) -> Iterator[Line]:
    yield Line("Ce que vous avez à faire")
    steps = [
        "Remplissez les cases teintées. Une case bien remplie devient blanche ; une valeur en rouge brique, soulignée, "
        "n'est pas admise : corrigez-la.",
        "Suivez les compteurs : ils disent ce qui reste à remplir. Ils vous aident, et ne sont jamais repris.",
        "Datez et signez en bas de chaque feuille : à la main sur le papier, ou avec votre code personnel.",
        "Enregistrez au format Excel (.xlsx), sans mot de passe, et renvoyez le classeur au secrétariat. Vous pouvez "
        "en renvoyer un plus complet par la suite : le dernier compte.",
    ]
    if Kind.NOTES in kinds:
        steps[3] = "Enregistrez au format Excel (.xlsx), sans mot de passe, et déposez le classeur dans les retours."
    yield from (Line(str(rank), step) for rank, step in enumerate(steps, start=1))
    yield Line("Ce qu'il faut garder")
    yield Line(
        "–",
        "La référence en haut à droite, les codes et les titres des colonnes : ils disent à qui et à quoi "
        "se rapporte chaque valeur. Le nom du fichier, lui, est libre.",
    )
    yield Line("–", "Une valeur par case, tapée comme elle est : pas de formule, de fusion ni de commentaire.")


def _scales(referential: Referential, kinds: set[Kind]) -> Iterator[Line]:
    if kinds & {Kind.GRILLE, Kind.TRANSVERSALE}:
        yield from _scale("Les niveaux de compétence", referential.scales.level)
    if Kind.TRAVAUX in kinds:
        yield from _scale("Les niveaux des travaux", referential.scales.work)


def _scale(title: str, scale: Scale) -> Iterator[Line]:
    yield Line(title)
    for value in scale.values:
        yield Line(words.number(value), words.label_of(scale, value) or "Niveau intermédiaire")


_MEANINGS = {
    ABSENT: "Absent : la personne ne s'est pas présentée.",
    NOT_ASSESSED: "Non évalué : vous ne pouvez pas attester ce niveau. La case compte comme remplie.",
    EXEMPT: "Dispensé : la note est tenue pour acquise.",
}


def _codes(forms: Sequence[Form]) -> Iterator[Line]:
    states = {
        state
        for form in forms
        for entry in form.inputs
        for domain in (entry.domain, *(row.domains[entry.name] for row in form.rows if entry.name in row.domains))
        for state in domain.states
    }
    if states:
        yield Line("Les codes que vous pouvez taper à la place d'une valeur")
        yield from (Line(state, _MEANINGS[state]) for state in DECLARED if state in states)


def _order_of_the_oral(referential: Referential, kinds: set[Kind]) -> Iterator[Line]:
    if Kind.ORAL in kinds and referential.oral.sequence:
        yield Line("Le déroulement de l'oral")
        yield from (Line(f"{step.minutes} min", step.title) for step in referential.oral.sequence)
