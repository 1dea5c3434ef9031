"""The locked texts of a sheet, against those it was issued with: title, scale, captions, sections, labels.

Each is looked for where its neighbours stand, not by address; what was issued is described once, for the templates too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from engine.intake.readers.grid import Grid, Place
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import HEADER_ROWS, caption, find_single, header_label, shown_beside
from engine.intake.sheets.located import Located
from engine.intake.sheets.naming import names_in_full
from engine.intake.sheets.recognise import CANDIDATE, is_panel, sides
from engine.model import wording
from engine.model.forms import IDENTITIES, Form, Input, Row
from engine.model.texts import fold
from engine.model.values import Raw, Tell, clip, exact, figure, shown


@dataclass(frozen=True)
class Change:
    """A text that is no longer what was issued: ``what`` it is, where, and both texts ("" for none).

    ``misleads``: people may have rated by another scale.
    """

    what: str
    place: Place | None
    found: str
    issued: str
    misleads: bool = False

    def __str__(self) -> str:
        if fold(self.found) == fold(self.issued) != "":
            return f"{self.what} (« {clip(' '.join(self.found.split()))} » est barré, ou de la couleur du fond)"
        found, issued = _apart(self.found, self.issued)
        return f"{self.what} ({f'« {found} »' if found else 'rien'} au lieu de « {issued} »)"


_BEFORE = 20  # signs that are shown before two texts begin to differ


def _apart(found: str, issued: str) -> tuple[str, str]:
    """Two texts short enough for a message: from shortly before they differ, where what is cut off hides it."""
    one, other = (" ".join(text.split()) for text in (found, issued))
    start = 0
    if clip(one) == clip(other):
        pairs = enumerate(zip(one, other, strict=False))
        differing = next((rank for rank, (sign, wanted) in pairs if sign != wanted), min(len(one), len(other)))
        start = one.rfind(" ", 0, max(differing - _BEFORE, 0)) + 1
    ahead = "…" if start else ""
    return ahead + clip(one[start:]), ahead + clip(other[start:])


class Locked:
    """The comparison of one sheet; ``rows``: where each code stands."""

    def __init__(self, sheet: Located, rows: Mapping[str, int]) -> None:
        self.grid, self.table, self.form = sheet.grid, sheet.table, sheet.form
        self.referential = sheet.context.referential
        self.top, self.rows = sheet.identity.place[0], rows
        texts = enumerate(self.grid.texts)
        self._texts = [(fold(value), (row, column)) for row, line in texts for column, value in line]
        self._places: dict[str, list[Place]] = {}
        for text, place in self._texts:
            self._places.setdefault(text, []).append(place)

    def changes(self) -> Iterator[Change]:
        """Every text that was changed, from top to bottom, but for the labels of the rows."""
        yield from self._header()
        yield from self._panel()
        yield from self._captions()
        yield from self._sections()
        yield from self._closing()

    def _within(self, text: str, first: int, last: int, column: int | None = None) -> bool:
        """Whether a text stands in rows ``first`` to ``last``, last excluded."""
        places = self._places.get(fold(text), ())
        return any(first <= row < last and column in (None, at) for row, at in places)

    def _first(self, row: int) -> Place | None:
        """The first text of a row."""
        line = self.grid.rows[row] if 0 <= row < len(self.grid.rows) else []
        found = (column for column, value in enumerate(line) if isinstance(value, str) and value.strip())
        column = next(found, None)
        return None if column is None else (row, column)

    def _change(self, what: str, place: Place | None, issued: str, **more: bool) -> Change:
        found = shown(self.grid.value(place)) if place is not None else ""
        return Change(what, place, found, issued, **more)

    def _header(self) -> Iterator[Change]:
        heading = self.table.heading_row
        texts = (("le titre", self.form.title), ("la certification", wording.certification(self.referential)))
        for below, (what, text) in enumerate(texts, start=1):
            if not self._within(text, 0, heading):
                yield self._change(what, self._first(self.top + below), text)

    def _panel(self) -> Iterator[Change]:
        """The panel of the scale; a sheet issued without the candidate's columns may have either wording."""
        forms, heading = wording.variants(self.form, self.referential), self.table.heading_row
        if not any(self._within(wording.panel_text(form, self.referential), 0, heading) for form in forms):
            place = next((place for _, place in self._texts if self._may_be_panel(place)), None)
            issued = wording.panel_text(self.form, self.referential)
            yield self._change("l'échelle et les consignes", place, issued, misleads=True)

    def _may_be_panel(self, place: Place) -> bool:
        """Whether the panel may have stood here: between title and headings, where neither people nor states are."""
        row, column = place
        beside_label = column == self.table.code_column + 1 and self.grid.value((row, self.table.code_column)) != ""
        people = column <= self.table.code_column or beside_label
        within = self.top + 2 < row < self.table.heading_row
        return within and not people and Tell.FORMULA not in self.grid.tell(place) and place not in self._captioned

    @cached_property
    def _captioned(self) -> set[Place]:
        """Where the captions of columns stand."""
        wanted = {fold(text) for _, text in wording.captions(self.form, self.referential)}
        return {place for text, place in self._texts if text in wanted}

    def _captions(self) -> Iterator[Change]:
        heading, issued = self.table.heading_row, list(wording.captions(self.form, self.referential))
        if wording.captioned_since(self.form.kind) and not any(self._within(text, 0, heading) for _, text in issued):
            return
        for column, text in issued:
            at = self.table.columns.get(column)
            if at is not None and not self._within(text, 0, heading, at):
                rows = (row for row in range(heading - 1, self.top + 2, -1) if self._is_strange((row, at)))
                yield self._change(f"l'en-tête de « {column} »", (next(rows, heading - 1), at), text)

    def _is_strange(self, place: Place) -> bool:
        """Whether a text above the headings is no caption that was issued."""
        return isinstance(self.grid.value(place), str) and self.grid.value(place) != "" and place not in self._captioned

    def _sections(self) -> Iterator[Change]:
        """The title of each part: above its rows where they stand as issued, else wherever they were moved to.

        One whose row is gone misleads nobody.
        """
        first = self.table.heading_row + 1
        found = [self.rows[row.code] for row in self.form.rows if row.code in self.rows]
        moved = found != sorted(found)
        for section in self.form.sections:
            rows = sorted(self.rows[row.code] for row in section.rows if row.code in self.rows)
            zone = (self.table.heading_row + 1, len(self.grid.rows)) if moved or not rows else (first, rows[0])
            instead = next((row for row in range(first, rows[0]) if self._first(row)), None) if rows else None
            if section.title and instead is not None and not self._within(section.heading, *zone):
                place = (instead, self.table.code_column + 1)
                yield self._change("un titre de partie", place, section.heading)
            first = max([first, *(row + 1 for row in rows)])

    def _closing(self) -> Iterator[Change]:
        for entry in self.form.singles:
            zone = (0, HEADER_ROWS) if entry.name in IDENTITIES else (self.table.heading_row, len(self.grid.rows))
            place = find_single(self.grid, self.form, entry, self.table)
            if place is not None and not self._is_captioned(entry, *zone):
                row, column = place
                beside = self._first(row) if entry.beside else (max(row - 1, 0), column)
                yield self._change(f"l'intitulé de la case {entry.name}", beside, entry.label)
            hint = wording.hint(entry)
            if place is not None and hint and not self._within(hint, self.table.heading_row, len(self.grid.rows)):
                yield Change("la consigne de réponse", (place[0], max(place[1] - 1, 0)), "", hint)

    def _is_captioned(self, entry: Input, first: int, last: int) -> bool:
        """Whether a label of a single input stands in rows ``first`` to ``last``, last excluded."""
        labels = set(map(fold, entry.captions))
        rows = range(min(last, len(self.grid.rows)) - 1, first - 1, -1)  # most boxes stand at the end
        return any(caption(text) in labels for row in rows for _, text in self.grid.texts[row])


def names(sheet: Located) -> Iterator[Change]:
    """Each name that is gone from the header, or whose label is; somebody else's is another matter (I04)."""
    grid, before = sheet.grid, sheet.table.heading_row
    for words, person, _ in sides(sheet.identity, sheet.context):
        whose, said = ("du candidat", "Candidat") if words is CANDIDATE else _evaluator(sheet.form)
        label, display = header_label(grid, words, before), shown_beside(grid, words, before)
        if label is None:
            yield Change(f"l'intitulé du nom {whose}", None, "", said)
        elif display is not None and names_in_full(display[0], person.name, person.id):
            continue  # as in nearly every sheet: the panel need not be written out
        elif display is None or is_panel(display[0], sheet.form, sheet.context):
            yield Change(f"le nom {whose}", (label[0], label[1] + 1), "", f"{person.name} ({person.id})")


def _evaluator(form: Form) -> tuple[str, str]:
    """How a change calls whoever fills a form, and how its header does."""
    said = wording.evaluator(form.kind.record.filled_by[0])
    return "de l'évaluateur" if said.startswith("É") else f"du {said.lower()}", said


def labels(grid: Grid, table: Table, form: Form, row: Row, index: int) -> Iterator[Change]:
    """The locked cells of a row that no longer say what was issued; struck ones no longer do."""
    for label in form.lasting_labels:
        column = table.columns.get(label.heading)
        if column is None or any(
            is_label(grid, (index, column), each) for each in form.issued[row.code, label.heading]
        ):
            continue
        issued = form.shown(row, label)
        text = figure(issued) if isinstance(issued, Decimal) else issued
        yield Change(f"{row.code}, {label.heading}", (index, column), shown(grid.value((index, column))), text)


_NO_LONGER_SAYS = Tell.STRUCK | Tell.UNSEEN


def is_label(grid: Grid, place: Place, issued: str | Decimal) -> bool:
    """Whether a locked cell shows what was issued."""
    found = grid.value(place)
    if grid.tell(place) & _NO_LONGER_SAYS and issued != "":
        return False
    if isinstance(issued, Decimal):
        return _is_figure(found, issued)
    return found == issued or fold(shown(found)) == fold(issued)


def _is_figure(found: Raw, issued: Decimal) -> bool:
    return (isinstance(found, float) and exact(found) == issued) or fold(shown(found)) == figure(issued)


_MOST = 4


def tell(changes: list[Change], turned: Mapping[str, int]) -> str:
    """Every change of a sheet in one message, what misleads first; "" where there is none."""
    told = sorted(changes, key=lambda change: not change.misleads)
    parts = [str(change) for change in told[:_MOST]]
    parts += [f"et {len(told) - _MOST} autres"] if len(told) > _MOST else []
    sentences = [f"Textes verrouillés modifiés : {' ; '.join(parts)}."] if parts else []
    if any(change.misleads for change in told):
        sentences.append("Les valeurs ont pu être données selon une autre échelle.")
    if len(turned) == 1:
        sentences.append(f"Le code « {next(iter(turned))} » est devenu un nombre ; il a été reconnu.")
    elif turned:
        listed = ", ".join([*list(turned)[:_MOST], *(["…"] if len(turned) > _MOST else [])])
        sentences.append(f"{len(turned)} codes sont devenus des nombres ({listed}) ; ils ont été reconnus.")
    return " ".join(sentences)
