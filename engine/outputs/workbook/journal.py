"""The sheets that say what happened to the returns: `Anomalies`, `Fichiers`, `Manquants`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from engine.model import Awaited, Kind
from engine.model.anomalies import Gravity
from engine.model.awaiting import SHEETS
from engine.model.tables import MISSING_SHEETS
from engine.office.styles import BRICK, printed
from engine.outputs.tables import journal as described
from engine.outputs.tables.names import names, with_names
from engine.outputs.workbook.column import Column, fitted, headed
from engine.outputs.workbook.frame import Frame, Line
from engine.outputs.workbook.grid import Shape, Table
from engine.outputs.workbook.links import cell_link, file_link
from engine.outputs.workbook.looks import FILE_STATES, GRAVITIES
from engine.outputs.workbook.places import ANOMALIES, FILES, MISSING
from engine.outputs.workbook.tallies import Rows, Tally, tallied

_TEXT = ("note", "text", "wrap")


# ---------------------------------------------------------------------------------------- anomalies


def write_anomalies(book: Frame, anomalies: pd.DataFrame) -> None:
    """`Anomalies`: blocking ones first, then in the order of files, sheets and cells."""
    rows = sorted(_rows(anomalies, described.ANOMALIES), key=_anomaly_order)
    columns = headed(with_names(described.ANOMALIES), _ANOMALY_LOOKS)
    tally = Tally("Gravité", [row[0] for row in rows], _GRAVITIES, "Aucune anomalie")
    lines = tallied(book, columns, tally, _ANOMALIES)
    table = Table(book, ANOMALIES, columns, lines=lines, shape=Shape(frozen=2))
    for gravity, code, candidate, evaluator, file, sheet, cell, value, message, remedy in rows:
        who = (candidate, evaluator, names(book.roster, candidate, evaluator))
        table.add(
            [gravity, code, *who, file, sheet, cell, value, printed(message), printed(remedy)],
            links={2: book.candidate_link(candidate), 7: cell_link(file, sheet, cell)},
        )
    if any(row[0] == Gravity.BLOCKING for row in rows):
        table.sheet.set_tab_color(BRICK)
    table.close()


_ANOMALY_LOOKS = {
    "gravity": Column(width=118, style=("note", "text", "indented"), rules=GRAVITIES),
    "code": Column(width=62, style=("note", "bold", "text", "center")),
    "candidate": Column(width=76, style=_TEXT),
    "evaluator": Column(width=86, style=_TEXT),
    "names": Column(width=150, style=_TEXT),
    "file": Column(width=200, style=_TEXT),
    "sheet": Column(width=112, style=_TEXT),
    "cell": Column(style=(*_TEXT, "indented")),
    "value": Column(width=100, style=_TEXT),
    "message": Column(width=300, style=_TEXT),
    "remedy": Column(width=280, style=(*_TEXT, "indented")),
}
_ANOMALIES: Line = (
    (
        "Une anomalie bloquante écarte sa valeur ou sa fiche : ce qui en dépend reste en attente jusqu'à correction.",
        "caption",
    ),
)
_GRAVITIES = tuple(Rows(word, word, f"{word}s") for word in Gravity)
_GRAVITY_ORDER = {gravity: rank for rank, gravity in enumerate(Gravity)}
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d+)")


def _anomaly_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    gravity, code, _, _, file, sheet, cell, *_ = row
    match = _ADDRESS.match(cell)
    address = (int(match[2]), len(match[1]), match[1]) if match else (0, 0, "")
    return _GRAVITY_ORDER.get(gravity, len(_GRAVITY_ORDER)), file, sheet, address, code


def _rows(table: pd.DataFrame, columns: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].astype(object) for name in columns), strict=True)


# ------------------------------------------------------------------------------------ files, missing


def write_files(book: Frame, files: pd.DataFrame) -> None:
    """`Fichiers`: what became of each return."""
    rows = list(_rows(files, described.FILES))
    widest = fitted((row[0] for row in rows), low=340, high=560, size=8)
    looks = _FILE_LOOKS | {"file": Column(width=widest, style=_TEXT, stretch=True)}
    columns = headed(with_names(described.FILES), looks)
    states = [str(row[1]) for row in rows]
    kinds = [
        Rows("*", "fichier", "fichiers"),
        *(Rows(word, word.lower(), _several(word)) for word in sorted(set(states))),
    ]
    lines = tallied(book, columns, Tally("État", states, kinds, "Aucun fichier reçu"), ((_FILES, "caption"),))
    table = Table(book, FILES, columns, lines=lines, shape=Shape(frozen=1))
    for file, state, kind, candidate, evaluator, *about in rows:
        who = (candidate, evaluator, names(book.roster, candidate, evaluator))
        table.add([file, state, kind, *who, *about], links={0: file_link(file)})
    table.close()


_FILE_LOOKS = {
    "state": Column(width=158, style=("note", "text", "indented"), rules=FILE_STATES),
    "kind": Column(width=150, style=_TEXT),
    "candidate": Column(width=76, style=_TEXT),
    "evaluator": Column(width=86, style=_TEXT),
    "names": Column(width=170, style=_TEXT),
    "modified": Column(width=108, style=("note", "left_aligned"), number="dd/mm/yyyy hh:mm"),
    "size": Column(width=72, style=("note", "right"), number="#,##0"),
    "sha256": Column(width=356, style=("fine", "text", "indented")),
}
_FILES = "Chemins sous le dossier « retours » ; taille en octets. L'empreinte SHA-256 identifie chaque fichier reçu."


def _several(state: str) -> str:
    return state.lower().replace("é ", "és ", 1) if " " in state else f"{state.lower()}s"


def write_missing(book: Frame, missing: pd.DataFrame, awaited: Awaited) -> None:
    """`Manquants`: the sheets still expected, to be asked for."""
    rows = list(_rows(missing, MISSING_SHEETS))
    columns = headed(described.MISSING, _MISSING_LOOKS)
    counts = (Rows("*", *(f"{word} {awaited.of_whom}" for word in SHEETS)),)
    none = awaited.words[:1].upper() + awaited.words[1:]
    lines = tallied(book, columns, Tally("Nature", [row[4] for row in rows], counts, none))
    table = Table(book, MISSING, columns, lines=lines, shape=Shape(frozen=2))
    for row in rows:
        candidate = book.roster.candidate(row[3])
        said = candidate.name if candidate else "", _TITLES.get(row[4], row[4])
        table.add((*row, *said), links={3: book.candidate_link(row[3])})
    table.close()


_TITLES = {str(kind): kind.record.title for kind in Kind}
_MISSING_LOOKS = {
    "evaluator": Column(width=90, style=_TEXT),
    "name": Column(width=200, style=("note", "bold", "text", "wrap")),
    "email": Column(width=240, style=_TEXT, stretch=True),
    "candidate": Column(width=90, style=_TEXT),
    "kind": Column(width=130, style=_TEXT),
    "candidate_name": Column(width=200, style=_TEXT),
    "title": Column(width=170, style=_TEXT),
}
