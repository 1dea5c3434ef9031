"""The sheet `Évolution`: what changed since an earlier run, one row per change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.model.anomalies import Anomaly, Gravity
from engine.model.changes import Change, Evolution, FileChange, Turn
from engine.model.snapshot import Decided, Mark
from engine.model.texts import counted
from engine.office.styles import ACCENT, BRICK, BRICK_TINT, INK, SOFT, printed
from engine.outputs.tables import evolution as described
from engine.outputs.tables.names import names, with_names
from engine.outputs.workbook.column import Column, headed
from engine.outputs.workbook.frame import Frame, Line
from engine.outputs.workbook.grid import Shape, Table
from engine.outputs.workbook.looks import Rule
from engine.outputs.workbook.places import EVOLUTION

Row = tuple[str, ...]
"""One text per column of :data:`engine.outputs.tables.evolution.EVOLUTION`."""

_LISTED = 20_000
"""How many marks are told one by one; beyond, those that are new are counted sheet by sheet: `Détail` has them all."""

_CODE = ("note", "text", "wrap")
_WORDS = {Turn.NEW: "nouvelle", Turn.CHANGED: "changée", Turn.GONE: "disparue"}


def _signed(word: str, sign: str, **look: object) -> Rule:
    return Rule(f'{{here}}="{word}"', {"num_format": f';;;"{sign} "@', **look})


_RULES = (
    _signed("apparue", "×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
    _signed("disparue", "×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
    _signed("retiré", "×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
    *(
        _signed(word, "▲", bold=True, font_color=INK)
        for word in ("changée", "aggravée", "contenu changé", "état changé")
    ),
    *(_signed(word, "●", font_color=ACCENT) for word in ("nouvelle", "nouveau", "levée")),
    *(_signed(word, "–", font_color=SOFT) for word in ("renommé", "copie", "allégée")),
)

_LOOKS = {
    "object": Column(width=76, style=("note", "bold", "text", "wrap")),
    "turn": Column(width=118, style=("note", "text", "indented"), rules=_RULES),
    "candidate": Column(width=76, style=_CODE),
    "evaluator": Column(width=86, style=_CODE),
    "names": Column(width=150, style=_CODE),
    "kind": Column(width=112, style=_CODE),
    "input": Column(width=76, style=_CODE),
    "code": Column(width=62, style=("note", "bold", "text", "wrap")),
    "before": Column(width=200, style=_CODE),
    "after": Column(width=200, style=_CODE),
    "file": Column(width=228, style=(*_CODE, "indented")),
    "sheet": Column(width=112, style=(*_CODE, "indented")),
    "cell": Column(width=80, style=_CODE),
}


def write_evolution(book: Frame, evolution: Evolution) -> None:
    """`Évolution`: decisions, anomalies, marks, then returns; a first run has nothing to show and says so."""
    columns = headed(with_names(described.EVOLUTION), _LOOKS)
    table = Table(book, EVOLUTION, columns, lines=_lines(evolution), shape=Shape(frozen=2))
    for thing, turn, candidate, evaluator, *about in _rows(evolution):
        who = (candidate, evaluator, names(book.roster, candidate, evaluator))
        table.add([thing, turn, *who, *about], links={2: book.candidate_link(candidate)})
    table.close()


def _lines(evolution: Evolution) -> Sequence[Line]:
    since = evolution.since
    if since is None:
        return ((("Première consolidation en mémoire", "strong"), (" : rien à quoi la comparer", "caption")),)
    when = f" n° {since.number}, du {since.made_at:%d/%m/%Y} à {since.made_at:%H\u00a0h\u00a0%M}"
    when += " : rien n'a changé" if evolution.nothing else ""
    first = (("Depuis la consolidation", "strong"), (when, "caption"))
    return (first, *(((note, "caption"),) for note in evolution.notes))


def _rows(evolution: Evolution) -> Iterator[Row]:
    yield from map(_decision, evolution.decisions)
    yield from map(_anomaly, sorted(evolution.anomalies, key=lambda change: not change.thing.blocking))
    yield from map(_mark, evolution.marks_that(Turn.CHANGED, Turn.GONE))
    new = list(evolution.marks_that(Turn.NEW))
    yield from map(_mark, new) if len(new) <= _LISTED else _by_sheet(new)
    yield from map(_return, evolution.files)


def _decision(change: Change[Decided]) -> Row:
    before, after = (each.shown if each else "" for each in (change.before, change.after))
    candidate = change.thing.candidate
    return ("Décision", _WORDS[change.turn], candidate, "", "", "", "", before, after, "", "", "")


def _anomaly(change: Change[Anomaly]) -> Row:
    before, after = change.before, change.after
    anomaly = change.thing
    if before and after:
        turn = "aggravée" if after.gravity == Gravity.BLOCKING else "allégée"
        told = (str(before.gravity), printed(f"{after.gravity} : {after.message}"))
    else:
        turn = "apparue" if after else "levée"
        told = (printed(before.message) if before else "", printed(after.message) if after else "")
    where = (anomaly.file, anomaly.sheet, anomaly.cell)
    people = (anomaly.candidate, anomaly.evaluator)
    return ("Anomalie", turn, *people, str(anomaly.gravity), "", anomaly.code, *told, *where)


def _mark(change: Change[Mark]) -> Row:
    mark = change.thing
    before, after = (each.shown if each else "" for each in (change.before, change.after))
    what = (mark.candidate, mark.evaluator, mark.kind, mark.input, mark.code)
    return ("Valeur", _WORDS[change.turn], *what, before, after, mark.file, mark.sheet, mark.cell)


def _by_sheet(changes: Sequence[Change[Mark]]) -> Iterator[Row]:
    """How many new marks came in each sheet."""
    marks = (change.thing for change in changes)
    counts = Counter((mark.candidate, mark.evaluator, mark.kind, mark.file, mark.sheet) for mark in marks)
    for (candidate, evaluator, kind, file, sheet), number in counts.items():
        told = counted(number, "valeur nouvelle", "valeurs nouvelles")
        yield ("Valeur", _WORDS[Turn.NEW], candidate, evaluator, kind, "", "", "", told, file, sheet, "")


def _return(change: FileChange) -> Row:
    before, after, file = change.before, change.after, change.thing
    renamed = before and after and before.path != after.path
    told = ((each.path if renamed else each.state) if each else "" for each in (before, after))
    return ("Retour", str(change.arrival), file.candidate, file.evaluator, file.kind, "", "", *told, file.path, "", "")
