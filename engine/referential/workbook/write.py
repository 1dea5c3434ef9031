"""The workbook of a referential: keys as headings, what they mean under them, lists, and room for more rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model.errors import ReferentialError
from engine.office import metrics
from engine.office.styles import MAX_TEXT, Styles, new_workbook, printed, set_page, write_number, write_text
from engine.office.typed.layout import NO, YES
from engine.referential.workbook import texts
from engine.referential.workbook.sheets import LABEL, VALUE, Shape, Sheet, is_list, sheets
from engine.referential.workbook.wording import SHEETS, WORDS, said

MADE_AT = datetime(2024, 1, 1)  # recorded in the file: the same bytes whenever it is written
GUIDE = "Lisez-moi"
FIRST_ROW = 2  # under the keys and their meaning
_MORE = 60  # empty rows that have lists and help too
_YEARS = range(1901, 9999)  # the dates that every spreadsheet program can hold
_WIDTHS = {"title": 330, "statement": 380, "evidence": 330, LABEL: 330, "certifier": 180, "legal_name": 240}
_WIDTH, _NARROW = 120, 84  # pixels
_SIZE = 9
_MARGINS_MM = (10, 10, 12, 13)
_RULES = (
    "Chaque feuille est une partie du référentiel ; chaque ligne, un élément. L'ordre des lignes est celui des fiches.",
    "La première ligne porte les clés : ne les changez pas. La deuxième les dit en français ; elle n'est pas lue.",
    "Une feuille sans ligne est une partie absente : sa condition, ses fiches et ses colonnes le sont aussi.",
    "Un code est du texte : 2.10 n'est pas 2.1. Une colonne inconnue est une erreur : rien n'est laissé de côté.",
    "Plusieurs textes dans une cellule : un par ligne (Alt+Entrée).",
    "Enregistrez au format .xlsx, puis : cohorte referential ce_classeur.xlsx mon_referentiel.toml. Tous les défauts "
    "sont dits ensemble, chacun avec sa feuille et sa cellule.",
)

Row = dict[str, Any]


def write(document: Mapping[str, Any], source: str) -> bytes:
    """The workbook (.xlsx) of a parsed and valid file; equal documents give equal bytes.

    Raises :class:`ReferentialError` when a text is longer than a cell can hold.
    """
    target = io.BytesIO()
    book = new_workbook(target, title="Référentiel", made_at=MADE_AT)
    styles = Styles(book)
    _write_guide(book, styles)
    for sheet in sheets():
        if sheet.shape is Shape.WORDS and sheet.owner is None and sheet.key not in document:
            continue  # left out is not empty
        rows = list(_rows(document, sheet))
        too_long = [key for row in rows for key, value in row.items() if _units(_content(value)) > MAX_TEXT]
        if too_long:
            raise ReferentialError(source, [f"{sheet.name}.{too_long[0]} : un texte est trop long pour une cellule."])
        _write(book, styles, sheet, rows)
    book.close()
    return target.getvalue()


# ------------------------------------------------------------------------------------------- what a sheet holds


def _rows(document: Mapping[str, Any], sheet: Sheet) -> Iterator[Row]:
    """The rows of a sheet, by heading."""
    for name, owner in _owners(document, sheet):
        mine = {sheet.link: name} if sheet.owner and sheet.link else {}
        found = owner.get(sheet.key, {})
        if sheet.shape is Shape.WORDS:
            yield from (mine | {VALUE: value, LABEL: label} for value, label in found.items())
        elif sheet.shape is Shape.LIST:
            yield from (mine | _cells(sheet, element) for element in found or ())
        elif sheet.shape is Shape.TABLES:
            yield from ({sheet.key: key} | _cells(sheet, table) for key, table in found.items())
        elif found:
            yield _cells(sheet, found)


def _cells(sheet: Sheet, part: Mapping[str, Any]) -> Row:
    return {key: part[key] for key in sheet.columns if key in part}


def _owners(document: Mapping[str, Any], sheet: Sheet) -> list[tuple[str, Mapping[str, Any]]]:
    """What the rows of a sheet belong to: the name of each, and its part of the file."""
    if sheet.owner is None:
        part: Any = document
        for key in sheet.path[:-1]:
            part = part.get(key, {})
        return [("", part)]
    above = [part.get(sheet.owner.key, ()) for _, part in _owners(document, sheet.owner)]
    if sheet.owner.shape is Shape.TABLES:
        return [(key, table) for tables in above for key, table in tables.items()]
    return named([element for elements in above for element in elements])


def named(elements: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Elements with what names each: its code, else its title, else its rank (``n° 2``) where two share one."""
    names = [element.get("code", element.get("title")) for element in elements]
    return [
        (texts.shown(name) if isinstance(name, str) and names.count(name) == 1 else f"n° {rank}", element)
        for rank, (name, element) in enumerate(zip(names, elements, strict=True), start=1)
    ]


def _content(value: Any) -> str:
    """A value that is neither a number nor a date, as its cell holds it."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return texts.shown_list(value)
    return texts.shown(value) if isinstance(value, str) else str(value)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# ------------------------------------------------------------------------------------------------ how it looks


def _write(book: Workbook, styles: Styles, sheet: Sheet, rows: Sequence[Row]) -> None:
    page = book.add_worksheet(sheet.name)
    set_page(page, landscape=True, margins_mm=_MARGINS_MM, footer=("Référentiel", SHEETS[sheet.name][0]))
    page.hide_gridlines(2)
    page.freeze_panes(FIRST_ROW, 0)
    page.repeat_rows(0, FIRST_ROW - 1)
    page.print_area(0, 0, FIRST_ROW + max(1, len(rows)) - 1, len(sheet.headings) - 1)
    page.set_row(0, 16)
    page.set_row(1, 27)
    last = FIRST_ROW + len(rows) + _MORE
    for column, key in enumerate(sheet.headings):
        title, advice = said(sheet.name, key)
        page.set_column_pixels(column, column, _width(sheet, key))
        write_text(page, 0, column, key, styles("pale_heading", indent=1))
        write_text(page, 1, column, printed(title), styles("heading", indent=1))
        page.data_validation(FIRST_ROW, column, last, column, _validation(sheet, key, title, advice))
    for number in range(FIRST_ROW, last if sheet.shape is not Shape.TABLE else FIRST_ROW + 1):
        row = rows[number - FIRST_ROW] if number < FIRST_ROW + len(rows) else {}
        page.set_row(number, _height(sheet, row))
        for column, key in enumerate(sheet.headings):
            _write_cell(page, styles, (number, column), row.get(key), sheet.columns.get(key, str))
    page.set_selection(FIRST_ROW, 0, FIRST_ROW, 0)


def _write_cell(page: Worksheet, styles: Styles, place: tuple[int, int], value: Any, hint: Any) -> None:
    typed = ("body", "input", "wrap")
    if hint is date:
        style = styles(*typed, "date", align="left", indent=1)
        if isinstance(value, date) and value.year in _YEARS:
            page.write_datetime(*place, datetime(value.year, value.month, value.day), style)
            return
    elif hint in (int, Decimal) and not isinstance(value, str):  # a text there is the letter of a scale
        style = styles(*typed, align="left", indent=1)
        if value is not None:
            write_number(page, *place, value, style)
            return
    else:
        style = styles(*typed, "text", indent=1)
    write_text(page, *place, "" if value is None else _content(value), style)


def _width(sheet: Sheet, key: str) -> int:
    """Pixels: room for what is typed, and for the key itself."""
    return max(_typical_width(sheet, key), int(metrics.text_width(key, 8, bold=True)) + 24)


def _typical_width(sheet: Sheet, key: str) -> int:
    if key in (sheet.link, *_WIDTHS):
        return _WIDTHS.get(key, 200)
    return _NARROW if sheet.columns[key] in (int, Decimal) or key == "code" else _WIDTH


def _height(sheet: Sheet, row: Row) -> float:
    lines = [
        metrics.wrap(_content(value), _width(sheet, key), _SIZE, indent=1)
        for key, value in row.items()
        if isinstance(value, str | list)
    ]
    return min(409.0, max(18.0, metrics.row_height(max(lines, default=1), _SIZE) + 4))


def _validation(sheet: Sheet, key: str, title: str, advice: str) -> dict[str, Any]:
    help_ = {"input_title": title[:32], "input_message": printed(advice)[:255], "ignore_blank": True}
    hint = sheet.columns.get(key)
    words = _words(sheet, key, hint)
    if words:
        meant = " ; ".join(f"{word} : {WORDS[word]}" for word in words if word in WORDS)
        message = f"{advice} {meant}".strip()
        return help_ | {"validate": "list", "source": list(words), "input_message": printed(message)[:255]}
    source = _listed(sheet, key)
    if source:
        return help_ | {"validate": "list", "source": source, "show_error": False}
    return help_ | {"validate": "any"}


def _words(sheet: Sheet, key: str, hint: Any) -> tuple[str, ...]:
    """The words that a cell admits; none: any."""
    if hint is bool:
        return (YES, NO)
    if get_origin(hint) is Literal:
        return get_args(hint)
    tables = sheet.owner or sheet
    return tables.members if key == sheet.link and tables.shape is Shape.TABLES else ()


def _listed(sheet: Sheet, key: str) -> str:
    """The cells that hold the names a cell may bear, as a formula; none for other keys."""
    by_name = {each.name: each for each in sheets()}
    named_in = sheet.owner if key == sheet.link else by_name.get({"competence": "bloc.competences"}.get(key, key))
    if named_in is None or named_in.shape is not Shape.LIST or is_list(sheet.columns.get(key)):
        return ""
    naming = "code" if "code" in named_in.columns else "title"
    letter = xl_col_to_name(named_in.headings.index(naming))
    return f"='{named_in.name}'!${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + 200}"


def _write_guide(book: Workbook, styles: Styles) -> None:
    page = book.add_worksheet(GUIDE)
    set_page(page, landscape=False, margins_mm=_MARGINS_MM, footer=("Référentiel", GUIDE))
    page.hide_gridlines(2)
    page.set_column_pixels(0, 0, 190)
    page.set_column_pixels(1, 1, 220)
    page.set_column_pixels(2, 2, 420)
    page.set_row(0, 30)
    write_text(page, 0, 0, "Le référentiel d'une certification", styles("title"))
    for row, rule in enumerate(_RULES, start=1):
        page.merge_range(row, 0, row, 2, "", styles("body", "wrap"))
        page.set_row(row, metrics.row_height(metrics.wrap(rule, 830, _SIZE), _SIZE) + 6)
        write_text(page, row, 0, printed(rule), styles("body", "wrap"))
    first = len(_RULES) + 2
    for column, heading in enumerate(("Feuille", "Partie", "Ce qu'elle contient")):
        write_text(page, first, column, printed(heading), styles("heading", indent=1))
    for row, sheet in enumerate(sheets(), start=first + 1):
        title, what = SHEETS[sheet.name]
        page.set_row(row, 18)
        page.write_url(row, 0, f"internal:'{sheet.name}'!A{FIRST_ROW + 1}", styles("body", "link"), sheet.name)
        write_text(page, row, 1, printed(title), styles("body", "hairline"))
        write_text(page, row, 2, printed(what), styles("body", "hairline"))
