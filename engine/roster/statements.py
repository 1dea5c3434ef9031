"""The registered wording of competences, which an establishment keeps in a table of its own: a code, a statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model import Referential
from engine.office.typed.cells import MisreadError, Value, as_text, shown
from engine.office.typed.layout import Column, Layout
from engine.office.typed.table import Place, Problems, Row, Table, has_headings, read_table

if TYPE_CHECKING:
    from engine.intake.readers.grid import Book, Grid

Opener = Callable[[str], "Book"]
"""The workbook, or the text file as a workbook of one sheet, of this path as the roster writes it."""

STATEMENTS = Layout(9, "Énoncés", (Column("Code", 0, "", required=True), Column("Énoncé", 0, "", required=True)))
LONGEST = 1500
"""Signs of a statement: a cell of a sheet shows no more, however tall."""


def read(name: str, book: Book, referential: Referential, asked: Place, problems: Problems) -> dict[str, str]:
    """The statement of each competence that the table has one for, by code; what is wrong goes to ``problems``.

    ``asked``: the cell that names the file.
    """
    sheet = _sheet(name, book, asked, problems)
    table = None if sheet is None else read_table(sheet, STATEMENTS, problems)
    return {} if table is None else _statements(table, referential)


def stated(referential: Referential, statements: Mapping[str, str]) -> Referential:
    """A certification under the statements of an establishment, by code of competence."""
    if not statements:
        return referential
    blocs = []
    for bloc in referential.blocs:
        known = (replace(each, statement=statements.get(each.code, each.statement)) for each in bloc.competences)
        blocs.append(replace(bloc, competences=tuple(known)))
    return replace(referential, blocs=tuple(blocs))


def _sheet(name: str, book: Book, asked: Place, problems: Problems) -> Grid | None:
    """The sheet that bears the headings, under the name that messages give it."""
    found = [sheet for sheet in book.grids if has_headings(sheet, STATEMENTS)]
    if not found and len(book.grids) == 1:
        found = book.grids
    if len(found) != 1:
        several = "plusieurs feuilles portent" if found else "aucune feuille lisible ne porte"
        titles = _listed([sheet.name for sheet in found])
        problems.add(asked, f"dans « {shown(name)} », {several} les titres « Code » et « Énoncé »{titles}.")
        return None
    alone = len(book.grids) == 1
    return replace(found[0], name=shown(name) if alone else f"{shown(name)}, {found[0].name}")


def _listed(titles: Sequence[str]) -> str:
    return f" ({', '.join(f'« {shown(title)} »' for title in titles)}) ; gardez-en une" if titles else ""


def _statements(table: Table, referential: Referential) -> dict[str, str]:
    known = {competence.code.casefold(): competence.code for competence in referential.competences}
    found: dict[str, str] = {}
    first: dict[str, Row] = {}
    for row in table.rows:
        typed, statement = row.read("Code", _as_code, ""), row.read("Énoncé", _as_statement, "")
        code = known.get(typed.casefold())
        if code in first:
            there = first[code].place("Code").address
            row.report("Code", f"le code « {code} » a déjà un énoncé en {there} ; gardez-en un.")
        elif code is not None:
            first[code], found[code] = row, statement
        elif typed:
            row.report("Code", f"le référentiel n'a pas de compétence « {shown(typed)} » ; corrigez ce code.")
    return {code: statement for code, statement in found.items() if statement}


def _as_code(value: Value) -> str:
    return as_text(value)


def _as_statement(value: Value) -> str:
    text = as_text(value)
    if len(text) > LONGEST:
        raise MisreadError(f"l'énoncé a {len(text)} signes, une fiche en montre {LONGEST} au plus ; abrégez-le.")
    return text
