"""Whether the name beside an identifier is that person's, in the sheets whose rows are people."""

from __future__ import annotations

from collections.abc import Mapping

from engine.intake.readers.grid import Grid, Place
from engine.intake.sheets import sides
from engine.intake.sheets.agreement import Doubt, displaced, listed
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import Codes
from engine.intake.sheets.naming import Likeness, likeness, same_name
from engine.model import Roster
from engine.model.forms import Form, Row
from engine.model.texts import bare
from engine.model.values import shown

_NAMES = ("Nom", "Prénom")
_REMEDY = (
    "Remettez chaque nom et ses valeurs en face de son identifiant (annulez le tri ou le collage), ou reportez les "
    "valeurs dans une fiche d'origine."
)


def doubt_of_people(grid: Grid, form: Form, table: Table, codes: Codes, roster: Roster | None) -> Doubt | None:
    """The rows whose name is another person's, ``None`` where there are none or nobody can tell."""
    columns = _columns(table)
    if roster is None or not columns:
        return None
    rows = {code: row for code, row in codes.rows.items() if code in form.row_by_code}
    shown_names = {code: _shown(grid, row, columns) for code, row in rows.items()}
    issued_names = {code: _issued(form.row_by_code[code]) for code in rows}
    everybody = {person.id: person.name for person in roster.candidates}
    strangers = frozenset(
        code
        for code, found in shown_names.items()
        if not same_name(found, issued_names[code]) and _is_other(found, issued_names[code], code, everybody)
    )
    swapped, doubted = _swapped(grid, form, rows, columns)
    if not (strangers or swapped):
        return None
    told = strangers | swapped
    doubted |= strangers | _involved(strangers, shown_names, issued_names)
    cells = tuple((rows[code], columns[0]) for code in rows if code in told)
    lines = "de l'identifiant" if len(told) == 1 else "des identifiants"
    cause = (
        "des lignes ont sans doute été triées ou collées sans leurs identifiants, ou un identifiant a changé de "
        f"personne : le nom en face {lines} {listed(form, told)} est celui de quelqu'un d'autre"
    )
    return Doubt(frozenset(doubted), cause, _REMEDY, cells)


def unlike(grid: Grid, table: Table, row: Row, index: int) -> tuple[str, Place] | None:
    """The name that a row shows and where, when it is not written as that of its person."""
    columns = _columns(table)
    if not columns:
        return None
    found = _shown(grid, index, columns)
    return None if same_name(found, _issued(row)) else (found, (index, columns[0]))


def is_misnamed(grid: Grid, form: Form, table: Table, codes: Codes, row: Row) -> bool:
    """Whether values stand on a row that shows a person's name, beside an identifier that is nobody's or none."""
    columns, known = _columns(table), set(codes.rows.values())
    rows = (index for index in range(table.heading_row + 1, len(grid.rows)) if columns and index not in known)
    named = (index for index in rows if same_name(_shown(grid, index, columns), _issued(row)))
    return any(sides.has_values(grid, table, form, index) for index in named)


def _is_other(found: str, issued: str, code: str, everybody: Mapping[str, str]) -> bool:
    others = [name for identifier, name in everybody.items() if identifier != code]
    return likeness(found, issued, others) is Likeness.OTHER


def _swapped(
    grid: Grid, form: Form, rows: Mapping[str, int], columns: list[int]
) -> tuple[frozenset[str], frozenset[str]]:
    """The rows whose surname alone, or first name alone, went to one another."""
    told: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()
    for heading, column in zip(_NAMES, columns, strict=True):
        issued = {code: bare(form.row_by_code[code].labels[heading]) for code in rows}
        found = {code: bare(shown(grid.value((row, column)))) for code, row in rows.items()}
        moved, doubtful = displaced(issued, found, identifying=False)
        told, doubted = told | moved, doubted | doubtful
    return told, doubted


def _involved(strangers: frozenset[str], found: Mapping[str, str], issued: Mapping[str, str]) -> frozenset[str]:
    """The rows that may have changed places with these: whose own name stands there, or is borne by several people; so
    may those of a stranger's namesakes, one of whom alone is told."""
    keys = {code: bare(name) for code, name in issued.items()}
    gone = {bare(found[code]) for code in strangers}
    names, own = list(keys.values()), {keys[code] for code in strangers}
    return frozenset(
        code
        for code, key in keys.items()
        if (key in gone and bare(found[code]) != key) or (names.count(key) > 1 and (len(strangers) > 1 or key in own))
    )


def _columns(table: Table) -> list[int]:
    found = [table.columns[heading] for heading in _NAMES if heading in table.columns]
    return found if len(found) == len(_NAMES) else []


def _shown(grid: Grid, row: int, columns: list[int]) -> str:
    return " ".join(shown(grid.value((row, column))) for column in columns).strip()


def _issued(row: Row) -> str:
    return f"{row.labels['Nom']} {row.labels['Prénom']}"
