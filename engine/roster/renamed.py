"""Columns and fields that were given another name: without an error, what they hold would silently go unread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from engine.model import Evaluator, Referential, Role
from engine.office.typed.cells import Cell, MisreadError, Value, as_email, as_list, as_text, fold, shown
from engine.office.typed.table import Place, Row, Table, look_alike
from engine.roster.cells import as_dropped_out
from engine.roster.hours import as_breaks

Reading = Callable[[Value], object]
_LISTED = {"Tuteur": Role.TUTOR, "Formateurs": Role.TRAINER, "Jurés": Role.JUROR}


def report_columns(table: Table, evaluators: Iterable[Evaluator], referential: Referential | None) -> None:
    """Report each column that is not known, and all of whose cells are what a known one holds that the sheet lacks."""
    readings = _readings(tuple(evaluators), referential)
    strange = [fold(str(heading.value)) for heading, *_ in table.strange.values()]
    lacking = [
        each
        for each in table.layout.headings
        if each in readings and each not in table.columns and look_alike(each, strange) is None  # told already
    ]
    for column, (heading, *cells) in table.strange.items():
        meant = [each for each in lacking if cells and all(_reads(cell, readings[each]) for cell in cells)]
        if meant:
            names = " ou ".join(f"« {each} »" for each in meant)
            table.problems.add(
                Place(table.layout.rank, table.title, table.heading_row, column),
                f"la colonne « {shown(heading.value)} » n'est pas connue, et tout ce qu'elle contient est d'une "
                f"colonne {names}, qui manque ; corrigez ce titre, ou ajoutez une colonne {names}, même vide.",
            )


def _readings(evaluators: Collection[Evaluator], referential: Referential | None) -> dict[str, Reading]:
    """What makes sure, by heading, that a cell is of its column; of others no cell can."""
    readings: dict[str, Reading] = {"Statut": as_dropped_out, "Pauses": as_breaks}
    readings["Courriel"] = partial(_of_nobody_else, {fold(each.email) for each in evaluators if each.email})
    for heading, role in _LISTED.items():
        readings[heading] = partial(_among, {each.id for each in evaluators if role in each.roles})
    if referential is not None:
        blocs = {bloc.code for bloc in referential.blocs}
        readings |= {"Blocs acquis": partial(_among, blocs), "Blocs présentés": partial(_among, blocs)}
        readings["Conservés"] = partial(_among, set(referential.keepable))
    return readings


def _among(known: Collection[str], value: Value) -> None:
    """Raise :class:`MisreadError` unless a cell lists some of these words, and nothing else."""
    listed = set(map(fold, as_list(as_text(value))))
    if not listed or not listed <= set(map(fold, known)):
        raise MisreadError


def _of_nobody_else(known: Collection[str], value: Value) -> None:
    """Raise :class:`MisreadError` unless a cell holds an address, and none of evaluators: a column that says where the
    tutor of each candidate is written to may stand beside no other."""
    if fold(as_email(value)) in known:
        raise MisreadError


def _reads(cell: Cell, reading: Reading) -> bool:
    try:
        reading(cell.content)
    except MisreadError:
        return False
    return True


def renamed(missing: Iterable[str], unknown: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    """Each field that is missing, with a filled one whose name is not known, and begins it or begins with it: a name
    that was cut (« Signature ») or drawn out (« Date limite de retour »)."""
    left: dict[tuple[str, ...], Row] = {}
    for row in unknown.values():
        if "Champ" in row.cells and "Valeur" in row.cells:
            left[_words(str(row.cells["Champ"].value))] = row
    for name in missing:
        wanted = _words(name)
        for words in filter(None, [*left]):
            shorter = min(len(words), len(wanted))
            if words[:shorter] == wanted[:shorter]:
                yield name, left.pop(words)
                break


def _words(text: str) -> tuple[str, ...]:
    """The words of a text, without case or accents."""
    return tuple(word for each in text.split() if (word := fold(each).strip(":.?!()")))
