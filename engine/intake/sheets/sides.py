"""Lines that people add under or within a table and that are nobody's: an average, a count, a remark, a signature."""

from __future__ import annotations

import re

from engine.intake.readers.grid import Grid
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import IDENTIFIER, text_of
from engine.model.forms import Form, Label
from engine.model.texts import bare

_CALCULATED = frozenset({"moyenne", "moyennes", "total", "totaux", "somme", "minimum", "maximum", "mediane", "nombre"})
_CALCULATED |= {"ecart-type", "effectif", "ecart", "taux", "pourcentage", "%", "coefficient", "coefficients", "bareme"}
_SHORT = frozenset({"moy", "min", "mini", "max", "maxi", "nb", "rang", "signature", "signatures", "cachet", "visa"})
_SHORT |= {"coef", "coeff", "seuil"}
_OF_ALL = frozenset({"classe", "groupe", "promo", "promotion"})
_CALCULATING = ("moyen", "maxi", "mini", "median")
_FIRST_WORD = re.compile(r"[^\s.:(=]+")


def is_beside(grid: Grid, table: Table, form: Form, index: int) -> bool:
    """Whether a row that bears no known code is plainly no row of the table.

    It bears the word for a calculation and no more than that, or words that are no code, and nothing that somebody
    typed.
    """
    text = text_of(grid, (index, table.code_column))
    word = _first_word(text)
    others = [each for each in _locked(grid, table, form, index) if each]
    if word:
        calculated = word in _CALCULATED | _SHORT | _OF_ALL or _names_calculation(text)
        nothing = not IDENTIFIER.fullmatch(text) and not has_values(grid, table, form, index)
        return not others and (calculated or nothing)
    if len(others) == 1:
        return is_calculation(others[0])
    # « Moyenne » under the surnames and « promo » beside it; « Total » and « Jean » are somebody
    return bool(others) and _first_word(others[0]) in _CALCULATED and all(map(_is_of_all, others[1:]))


def is_calculation(text: str) -> bool:
    """Whether a text says that what stands beside or under it is a calculation."""
    return _first_word(text) in _CALCULATED | _SHORT or _names_calculation(text)


def _is_of_all(text: str) -> bool:
    """Whether a text says no more than of whom a calculation is made, or which one."""
    return is_calculation(text) or not _OF_ALL.isdisjoint(bare(text).split())


def _names_calculation(text: str) -> bool:
    """Whether a text of several words says that it is a calculation: « Note moyenne », « Notes maximales »."""
    first, *others = bare(text).split() or [""]
    return first in ("note", "notes") and any(word.startswith(_CALCULATING) for word in others)


def has_values(grid: Grid, table: Table, form: Form, index: int) -> bool:
    """Whether somebody typed something in an input of a row; what a formula shows is not typed."""
    columns = (table.columns[entry.heading] for entry in form.inputs if entry.heading in table.columns)
    return any(text_of(grid, (index, column)) for column in columns)


def _locked(grid: Grid, table: Table, form: Form, index: int) -> list[str]:
    """The texts of the locked columns of a row, that of the codes aside."""
    headings = [column.heading for column in form.columns[1:] if isinstance(column, Label)]
    return [text_of(grid, (index, table.columns[heading])) for heading in headings if heading in table.columns]


def _first_word(text: str) -> str:
    """The first word of a text, bare; the whole text where it begins with none."""
    match = _FIRST_WORD.match(bare(text))
    return match[0] if match else text
