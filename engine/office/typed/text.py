"""A table that people keep in a text file: what spreadsheet programs save as CSV, in their encodings and separators."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from engine.office.typed.cells import MisreadError, fold, trim

SEPARATORS = (";", "\t", ",")
MOST = 2_000_000
"""Bytes of a table: thirty paragraphs take some ten thousand."""

_TITLE_ROWS = 20  # how many rows may stand above and with the headings
_FRENCH = "àâäæçéèêëîïôœöùûüÿñ"
_WRITTEN = frozenset(_FRENCH + _FRENCH.upper() + "áíóúåøßªº«»‘’“”–—…•·°²³¼½¾€£§©®±×÷µ\u00a0\u00ad")
_SAVE_AGAIN = "enregistrez-le depuis votre tableur au format « CSV UTF-8 » ou « Classeur Excel (.xlsx) »."


def rows(content: bytes, headings: Sequence[str]) -> list[list[str]]:
    """The rows of a table by its bytes, cell by cell; ``headings``: those that one of its first rows bears.

    Raises :class:`MisreadError` where encoding, separator or quotes leave a doubt about what the cells hold.
    """
    if len(content) > MOST:
        raise MisreadError(f"le fichier est trop gros pour une liste de textes (plus de {MOST // 1_000_000} Mo).")
    text = decoded(content)
    spoiled = False
    for separator in SEPARATORS:
        try:
            found = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error:
            spoiled = True
            continue
        heading = _heading(found, headings)
        if heading is not None:
            _require_width(found, heading)
            return found
    if spoiled:
        raise MisreadError(f"des guillemets n'y sont pas refermés ; {_SAVE_AGAIN}")
    listed = " et ".join(f"« {heading} »" for heading in headings)
    raise MisreadError(f"aucune de ses premières lignes ne porte les titres {listed}, séparés par un point-virgule.")


def decoded(content: bytes) -> str:
    """The text of a file: UTF-16 where it says so, else UTF-8, else what a French Windows writes.

    Raises :class:`MisreadError`; nothing of the text is in its message.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
            if any(not sign.isascii() and sign not in _WRITTEN for sign in text):
                raise MisreadError(f"son encodage n'est pas reconnu ; {_SAVE_AGAIN}") from None
    if "\0" in text or "\ufffd" in text:
        raise MisreadError(f"ce n'est pas un fichier de texte ; {_SAVE_AGAIN}")
    return text


def _heading(found: Sequence[Sequence[str]], headings: Sequence[str]) -> int | None:
    wanted = {fold(heading) for heading in headings}
    return next((rank for rank, row in enumerate(found[:_TITLE_ROWS]) if wanted <= {fold(cell) for cell in row}), None)


def _require_width(found: Sequence[Sequence[str]], heading: int) -> None:
    """A text that holds the separator, without quotes around it, runs over into columns without a heading."""
    for number, row in enumerate(found[heading + 1 :], start=heading + 2):
        if any(trim(cell) for cell in row[len(found[heading]) :]):
            raise MisreadError(
                f"la ligne {number} a plus de cellules que de titres : un texte y contient sans doute le séparateur ; "
                f"mettez-le entre guillemets, ou {_SAVE_AGAIN}"
            )
