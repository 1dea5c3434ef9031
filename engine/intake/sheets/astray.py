"""Answers typed beside their boxes, where nothing is read: next to the last column, or in a column that somebody added.

Beside a blank box, one may be its answer: the box waits. Beside another answer, it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.intake.readers.grid import Place, address
from engine.intake.sheets import remarks, sides
from engine.intake.sheets.locate import Codes, text_of
from engine.intake.sheets.located import MOST_TOLD, Located
from engine.model import Mark
from engine.model.anomalies import Anomaly, Gravity
from engine.model.forms import Domain, Input, Row
from engine.model.tables import EXCLUDED, MISSING
from engine.model.values import Raw, Reading, clip, normalise, shown
from engine.workspace import seals

_LISTED = 12
_REMEDY = (
    "Saisissez chaque réponse dans sa case, sur la même ligne, et effacez ce qui est à côté ; effacez-le aussi si ce "
    "n'est pas une réponse."
)
_REMEDY_REMARK = "Saisissez dans sa case la valeur qui doit compter ; rien à faire si ce n'est qu'une remarque."


@dataclass(frozen=True)
class _Stray:
    """What somebody typed on the row of a code, in a column that is none of the sheet's; ``mark``: that of the box it
    stands nearest to, ``waits`` whether it may be the answer to it."""

    place: Place
    raw: Raw
    mark: Mark
    waits: bool

    def __str__(self) -> str:
        return f"« {clip(shown(self.raw), 40)} » en {address(self.place)}"


def look_astray(sheet: Located, codes: Codes, marks: Iterable[Mark]) -> tuple[list[Mark], list[Anomaly]]:
    """The marks of a sheet, those that an answer beside leaves in doubt held back, and what is told of it (V03)."""
    kept = list(marks)
    boxes = {(mark.candidate if sheet.form.by_candidate_rows else mark.code, mark.input): mark for mark in kept}
    whole = all(column.heading in sheet.table.columns for column in sheet.form.columns)
    if sheet.form.kind.record.sparse or not whole:  # a column that lost its title is told of as such
        return kept, []
    found = [each for row in sheet.form.rows if row.code in codes.rows for each in _strays(sheet, codes, row, boxes)]
    doubtful = {id(each.mark): each for each in reversed(found) if each.waits}
    for rank, mark in enumerate(kept):
        if stray := doubtful.get(id(mark)):
            cell, raw = address(stray.place), shown(stray.raw)
            kept[rank] = mark._replace(cell=cell, raw=raw, value=None, state=EXCLUDED)
    return kept, list(_told(sheet, found))


def _strays(sheet: Located, codes: Codes, row: Row, boxes: Mapping[tuple[str, str], Mark]) -> Iterator[_Stray]:
    """What stands astray on a row, and may be an answer to one of its boxes other than the one that is given there."""
    table, form, index = sheet.table, sheet.form, codes.rows[row.code]
    inputs = {
        table.columns[each.heading]: each for each in form.inputs if each.decides and each.heading in table.columns
    }
    own = {table.code_column, *table.columns.values()}
    line = sheet.grid.rows[index] if inputs else []
    for column, raw in enumerate(line[table.code_column :], table.code_column):  # lines are numbered before it
        place = (index, column)
        text = "" if raw in ("", None) or column in own else text_of(sheet.grid, place)
        if not text or seals.reference_in(text) or _is_calculated(sheet, column):  # a reference may stand anywhere
            continue
        entry = inputs[max((each for each in inputs if each < column), default=min(inputs))]
        mark = boxes[row.code, entry.name]
        if mark.state == EXCLUDED:
            continue
        answer = _answer(raw, form.domain(entry, row))
        if answer is not None and mark.state == MISSING and column > min(inputs):
            yield _Stray(place, raw, mark, waits=True)
        elif _is_another(raw, (row, inputs.values()), sheet, boxes):
            yield _Stray(place, raw, mark, waits=False)


def _answer(raw: Raw, domain: Domain) -> object:
    """What a cell would be worth in a box, ``None`` where it is no clear answer."""
    reading = normalise(raw, domain)
    if reading.state in (EXCLUDED, MISSING):
        return None
    return reading.state if reading.value is None else reading.value


def _is_another(
    raw: Raw, of: tuple[Row, Iterable[Input]], sheet: Located, boxes: Mapping[tuple[str, str], Mark]
) -> bool:
    """Whether a text says an answer to a box of its row, and none of those that are given there."""
    row, entries = of
    said = [(entry, boxes[row.code, entry.name]) for entry in entries]
    held = [mark.held for _, mark in said]
    for entry, mark in said:
        domain = sheet.form.domain(entry, row)
        answer = _answer(raw, domain)
        if answer is not None:
            return answer not in held
        if isinstance(raw, str) and remarks.contradicts(raw, Reading(mark.value, mark.state), domain):
            return True
    return False


def _is_calculated(sheet: Located, column: int) -> bool:
    """Whether the title of a column says that it is a calculation, or a minimum that a sheet was issued with."""
    top = sheet.table.heading_row
    titles = (text_of(sheet.grid, (row, column)) for row in (top, top - 1) if row >= 0)
    return any(title and sides.is_calculation(title) for title in titles)


def _told(sheet: Located, found: Iterable[_Stray]) -> Iterator[Anomaly]:
    for waits in (True, False):
        strays = [each for each in found if each.waits is waits]
        if not strays:
            continue
        listed = " ; ".join(map(str, strays[:_LISTED]))
        listed += f" ; et {len(strays) - _LISTED} autres" if len(strays) > _LISTED else ""
        message = f"Saisi hors des cases de la fiche, où rien n'est lu : {listed}."
        if waits:
            message += " Les cases les plus proches sont vides et attendent : on ne sait si ces valeurs sont les leurs."
        yield sheet.anomaly(
            "V03",
            message,
            gravity=Gravity.BLOCKING if waits else Gravity.WARNING,
            remedy=_REMEDY if waits else _REMEDY_REMARK,
            cell="; ".join(address(each.place) for each in strays[:MOST_TOLD]),
            value=clip(shown(strays[0].raw)),
        )
