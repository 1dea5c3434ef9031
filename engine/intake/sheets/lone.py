"""Sheets without a reference beside others that bear one: a sheet of ours that lost it is told, never passed over.

Nobody knows whose it is, so that nothing of it is read; but the workbook reads as a good one, and what somebody typed
would be lost without a word. Sheets of the person's own, and those that go out to be read only, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.intake.context import Context
from engine.intake.readers.grid import Grid, Place, address
from engine.intake.safety.refusal import then_removed
from engine.intake.sheets.headings import Table, find_table
from engine.intake.sheets.locate import HEADER_ROWS, match_codes, text_of
from engine.intake.sheets.recognise import references
from engine.model import READ_ONLY, Kind
from engine.model.anomalies import Anomaly, Gravity, make
from engine.model.forms import Form
from engine.model.returns import SheetReport
from engine.model.texts import fold
from engine.model.values import clip

_REMEDY = (
    "Si cette feuille n'est qu'un brouillon ou une copie, supprimez-la. Sinon, reportez les valeurs de tout ce "
    "classeur dans celui envoyé pour cette personne, sans en toucher les références."
)
_EMPTY = "Rien à faire si elle n'est qu'un brouillon ; sinon, remplissez la fiche envoyée pour cette personne."


def tell(grids: Iterable[Grid], sheets: Iterable[SheetReport], context: Context, file: str) -> Iterator[Anomaly]:
    """S01 for each sheet of a workbook that bears no reference and was ours: blocking where it holds something that is
    read nowhere. ``sheets``: those of the workbook that do bear one, which may tell whose it is."""
    known = list(sheets)
    people = {
        "candidate": _shared({sheet.candidate for sheet in known}),
        "evaluator": _shared({sheet.evaluator for sheet in known}),
    }
    for grid in grids:
        form = None if references(grid) else _form(grid, context)
        if form is None:
            continue
        table = find_table(grid, form)
        filled = _holds_something(grid, form, table)
        yield make(
            "S01",
            f"La feuille « {grid.name} » a la forme d'une fiche « {form.title} », mais {_why(grid, context)} : on ne "
            f"sait de qui elle parle, {'ce qui y est saisi n’est pas lu' if filled else 'elle n’est pas lue'}.",
            gravity=Gravity.BLOCKING if filled else Gravity.WARNING,
            remedy=then_removed(_REMEDY, file) if filled else _EMPTY,
            file=file,
            sheet=grid.name,
            **people,
        )


def _shared(identifiers: set[str]) -> str:
    """The only one of these identifiers, ``""`` where there are several."""
    return identifiers.pop() if len(identifiers) == 1 else ""


def _form(grid: Grid, context: Context) -> Form | None:
    """The form that a sheet was drawn from, as far as it shows: by the names of its cells, its table, or its tab."""
    forms = [form for kind in Kind if (form := context.form(kind, candidate_columns=True))]
    by_names = next((form for form in forms if _named(grid, form)), None)
    if by_names is not None or _called(grid) in map(fold, READ_ONLY):
        return by_names
    by_table = next((form for form in forms if _has_rows(grid, form)), None)
    return by_table or next((form for form in forms if _is_its_tab(grid, form)), None)


def _named(grid: Grid, form: Form) -> list[Place]:
    """The cells of the sheet that bear a name of the form."""
    starts = tuple(form.defined_name(entry).lower() for entry in (*form.inputs, *form.singles))
    return [place for name, place in grid.names.items() if name.startswith(starts)]


def _has_rows(grid: Grid, form: Form) -> bool:
    """Whether the table of the form stands there: the heading of an input, and a row of its own."""
    table = find_table(grid, form)
    if table is None or not any(entry.heading in table.columns for entry in form.inputs):
        return False
    codes = match_codes(table, form)
    return bool(codes.rows or codes.twice)


def _called(grid: Grid) -> str:
    """The name of a tab, without the number that programs give to a copy."""
    return fold(grid.name).partition("(")[0].strip(" _0123456789")


def _is_its_tab(grid: Grid, form: Form) -> bool:
    """Whether the tab is called as the form's, a copy's number aside, and the sheet is not blank."""
    return _called(grid) == fold(form.title) and any(
        isinstance(value, str) and value for row in grid.rows for value in row
    )


def _holds_something(grid: Grid, form: Form, table: Table | None) -> bool:
    """Whether somebody typed in an input of the sheet."""
    places = _named(grid, form)
    if table is not None:
        columns = [table.columns[entry.heading] for entry in form.inputs if entry.heading in table.columns]
        places += [(row, column) for row, _ in table.codes for column in columns]
    return any(text_of(grid, place) for place in places)


def _why(grid: Grid, context: Context) -> str:
    """Where the lost reference is, as far as the sheet tells."""
    lower = next(iter(references(grid, range(HEADER_ROWS, len(grid.rows))).values()), None)
    if lower is not None:
        return f"sa référence est en {address(lower)}, sous la ligne {HEADER_ROWS} où elle n'est plus cherchée"
    start = fold(f"{context.referential.certification.short_title}/")
    for line in grid.rows[:HEADER_ROWS]:
        for value in line:
            if isinstance(value, str) and fold(value).startswith(start):
                return f"sa référence est abîmée (« {clip(value)} »)"
    return "elle ne porte pas de référence"
