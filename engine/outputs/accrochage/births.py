"""The birth data of holders: a table that the certifier keeps, read for the declaration and written nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from engine.model.errors import EngineError
from engine.office.typed import cells
from engine.office.typed.cells import MisreadError, Value, fold
from engine.office.typed.layout import Column, Layout
from engine.office.typed.table import Problems, Row, has_headings, read_table

if TYPE_CHECKING:
    from engine.intake.readers.grid import Book

T = TypeVar("T")

CENTRE, SESSION, IDENTIFIER, LAST_NAME, FIRST_NAME = "Centre", "Session", "Identifiant", "Nom", "Prénom"
BIRTH_NAME, FIRST_NAMES, SEX, BORN = "Nom de naissance", "Prénoms", "Sexe", "Date de naissance"
INSEE, POSTCODE, PLACE = "Code INSEE", "Code postal", "Commune de naissance"
_REQUIRED = (CENTRE, SESSION, IDENTIFIER, LAST_NAME, FIRST_NAME, BIRTH_NAME, FIRST_NAMES, SEX, BORN, PLACE)
LAYOUT = Layout(
    0,
    "Naissances",
    tuple(Column(heading, 0, "", required=heading in _REQUIRED) for heading in (*_REQUIRED, INSEE, POSTCODE)),
)
REQUIRED = LAYOUT.required
_YEARS = range(1900, 2100)
_SEXES = {"m": "M", "h": "M", "homme": "M", "masculin": "M", "f": "F", "femme": "F", "feminin": "F"}
_EXPECTED = {
    SESSION: "un texte, et un tableur en a fait une date",
    SEX: "M ou F",
    BORN: "une date jj/mm/aaaa",
    INSEE: "cinq signes",
    POSTCODE: "cinq chiffres",
}
UNREAD = "\0"
"""Stands for a session that cannot be read: « Juin 2025 » becomes a date where it is typed in a spreadsheet."""
_CODE = re.compile(r"[0-9]{5}|[0-9][ABab][0-9]{3}")  # Corsica: 2A004

Key = tuple[str, str, str]
"""Whose row it is, folded: centre, session, identifier."""
Births = Mapping[Key, Sequence["Birth"]]
"""The rows of each key: two cohorts of a centre may give the same identifier to two people."""


@dataclass(frozen=True)
class Birth:
    """What a row says of somebody's birth. ``faults``: why it cannot be declared, each with its cell."""

    last_name: str
    first_name: str
    birth_name: str = ""
    first_names: str = ""
    sex: str = ""
    born: date | None = None
    insee: str = ""
    postcode: str = ""
    place: str = ""
    faults: tuple[str, ...] = ()

    def names(self, last_name: str, first_name: str) -> bool:
        """Whether it is the row of somebody of this name."""
        return (same(self.last_name), same(self.first_name)) == (same(last_name), same(first_name))


def key(centre: str, session: str, identifier: str) -> Key:
    """How a holder and a row are put together."""
    return same(centre), same(session), same(identifier)


def same(text: str) -> str:
    """A text as two writings of it share it, whichever apostrophe and hyphen a program typed. A row copied from
    `titulaires.csv` keeps the apostrophe before what a spreadsheet would take for a date, ``'Juin 2025``, or for an
    apostrophe of its own, ``''t Hooft``."""
    return fold(text).lstrip("'")


def read_births(book: Book, source: str) -> Births:
    """The birth data of each person of a table.

    Raises :class:`EngineError` when no sheet has the headings. What one row lacks is only that row's fault.
    """
    found = [sheet for sheet in book.grids if has_headings(sheet, LAYOUT)]
    if len(found) != 1:
        which = "plusieurs feuilles portent" if found else "aucune feuille ne porte"
        raise EngineError(f"« {source} » : {which} les titres {', '.join(REQUIRED)}.")
    problems = Problems()
    table = read_table(replace(found[0], name="Naissances"), LAYOUT, problems)
    if table is None or problems:
        raise EngineError("\n  - ".join([f"« {source} » est à corriger :", *problems.sentences()]))
    births: dict[Key, list[Birth]] = {}
    for row in table.rows:
        whose = key(*(_text(row, heading) for heading in (CENTRE, SESSION, IDENTIFIER)))
        birth, others = _birth(row), births.setdefault(whose, [])
        if any(other.names(birth.last_name, birth.first_name) for other in others):
            twice = f"{row.place(IDENTIFIER)} : cette personne est déjà plus haut ; gardez une seule ligne."
            birth = replace(birth, faults=(*birth.faults, twice))
        others.append(birth)
    return births


def _text(row: Row, heading: str) -> str:
    cell = row.cells.get(heading)
    try:
        return cells.as_text(cell.value) if cell is not None else ""
    except MisreadError:
        return UNREAD


def _birth(row: Row) -> Birth:
    faults: list[str] = []

    def take(heading: str, convert: Callable[[Value], T], default: T, *, required: bool = True) -> T:
        cell = row.cells.get(heading)
        if cell is None:
            if required:
                faults.append(f"« {heading} » est vide.")
            return default
        try:
            return convert(cell.content if convert is _plain else cell.precise)
        except MisreadError:  # its sentence would quote birth data
            expected = _EXPECTED.get(heading, "un texte lisible")
            faults.append(f"{row.place(heading)} (« {heading} ») : on attend {expected}.")
            return default

    take(SESSION, _plain, "", required=False)  # a cohort may have none
    birth = Birth(
        last_name=take(LAST_NAME, _plain, ""),
        first_name=take(FIRST_NAME, _plain, ""),
        birth_name=take(BIRTH_NAME, _plain, ""),
        first_names=take(FIRST_NAMES, _plain, ""),
        sex=take(SEX, _sex, ""),
        born=take(BORN, _day, None),
        insee=take(INSEE, _code, "", required=False),
        postcode=take(POSTCODE, _code, "", required=False),
        place=take(PLACE, _plain, ""),
    )
    if not birth.insee and not birth.postcode and INSEE not in row.cells and POSTCODE not in row.cells:
        faults.append(f"ni « {INSEE} » ni « {POSTCODE} ».")
    return replace(birth, faults=tuple(faults))


def _plain(value: Value) -> str:
    text = cells.as_text(value)
    if not text.isprintable():
        raise MisreadError("signes illisibles.")
    return text


def _sex(value: Value) -> str:
    found = _SEXES.get(fold(cells.as_text(value)))
    if found is None:
        raise MisreadError(f"« {cells.shown(value)} » au lieu de M ou F.")
    return found


def _day(value: Value) -> date | None:
    return cells.as_date(value, _YEARS)


def _code(value: Value) -> str:
    """A code of five signs; a spreadsheet takes the zero of the first departments away."""
    text = cells.as_text(value)
    if isinstance(value, int | float) and len(text) == 4:
        text = f"0{text}"
    if not _CODE.fullmatch(text):
        raise MisreadError(f"« {cells.shown(value)} » n'est pas un code de cinq signes.")
    return text.upper()
