"""OpenDocument workbooks, as small as they can be: what an .xlsx holds, and one that claims to be huge."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from tests.cohorts import Book

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def as_ods(book: Book) -> bytes:
    """The sheets of an open workbook with their values, formulas and names left behind."""
    return package("".join(_table(sheet) for sheet in book.workbook))


def huge_ods() -> bytes:
    """Ninety million cells in some hundred bytes."""
    cell = '<table:table-cell table:number-columns-repeated="9000" office:value-type="float" office:value="1"/>'
    return package(
        f'<table:table table:name="G"><table:table-row table:number-rows-repeated="10000">{cell}'
        "</table:table-row></table:table>"
    )


def package(tables: str) -> bytes:
    """A workbook of these tables."""
    content = f"<office:document-content {_SPACES}><office:body><office:spreadsheet>{tables}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return made.getvalue()


def _table(sheet) -> str:
    rows = "".join(
        f"<table:table-row>{''.join(_cell(cell.value) for cell in line)}</table:table-row>"
        for line in sheet.iter_rows()
    )
    return f"<table:table table:name={quoteattr(sheet.title)}>{rows}</table:table>"


def _cell(value: object) -> str:
    if value is None or (isinstance(value, str) and value.startswith("=")):
        return "<table:table-cell/>"
    if isinstance(value, date | datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"/>'
    if isinstance(value, str):
        text = escape(value).replace("\n", "</text:p><text:p>")
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
