"""What a recognised sheet holds: each input cell as a mark, and what is wrong with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.intake.readers.grid import Place, address, covers
from engine.intake.sheets import locked, remarks
from engine.intake.sheets.agreement import Doubt, doubt_of_labels
from engine.intake.sheets.alphabet import otherwise_ordered
from engine.intake.sheets.astray import look_astray
from engine.intake.sheets.frame import bare
from engine.intake.sheets.layouts import Layout
from engine.intake.sheets.locate import Codes, find_single, match_codes
from engine.intake.sheets.located import MOST_TOLD, Located
from engine.intake.sheets.people import doubt_of_people, is_misnamed, unlike
from engine.intake.sheets.shifts import shifts
from engine.intake.sheets.structure import faults
from engine.model import Kind, Mark, State
from engine.model.anomalies import CATALOGUE, Anomaly, Family, Gravity
from engine.model.forms import CANDIDATE_SHARE, IDENTITIES, Input, Nature, Row
from engine.model.marks import closes
from engine.model.rules import gates, judged
from engine.model.tables import EXCLUDED, LABEL, MISSING, UNTYPED, VALUE
from engine.model.texts import of
from engine.model.values import PICTURE, Reading, Tell, and_list, clip, exact, normalise, seen, shown, sign, trim

_OF_ANOTHER_ROW = frozenset(code for code, entry in CATALOGUE.items() if entry.of_scale)
"""What a value of another row may be here, without any fault of its own."""

_OF_A_SHIFT = frozenset(code for code in CATALOGUE if Family(code[0]) is Family.VALUE)
"""What may be wrong with a cell only because others were pushed onto it."""

_OF_A_LINE = frozenset(code for code in CATALOGUE if Family(code[0]) is Family.IDENTITY)
"""What may be wrong with a line only because a cell was pushed under the last person."""


class Content:
    """The reading of one sheet: :meth:`read` fills ``marks`` (rows of the marks table) and ``anomalies``."""

    def __init__(self, sheet: Located, layout: Layout | None = None) -> None:
        """``layout``: that of the sheet where it is known, which spares finding again all that is as issued."""
        self.sheet, self.layout = sheet, layout
        self.identity, self.form, self.table, self.grid = sheet.identity, sheet.form, sheet.table, sheet.grid
        self.marks: list[Mark] = []
        self.anomalies: list[Anomaly] = []
        self._doubted: frozenset[str] = frozenset()
        self._changes: list[locked.Change] = []
        self.as_issued = False  # whether nothing is wrong but what was filled in, once read

    def read(self) -> None:
        """Read the table, then the single inputs; then tell what is missing."""
        known = self.layout
        codes = known.codes if known else match_codes(self.table, self.form)
        found = [] if known else list(faults(self.sheet, codes))
        self.anomalies += found
        doubt = None if known else self._doubt(codes)
        for row in self.form.rows:
            self._read_row(row, codes)
        for entry in self.form.singles:
            if entry.name not in IDENTITIES:
                self._read_single(entry)
        told = known is None and self._disbelieve(doubt, codes)
        self._disbelieve_letters()
        if known is None:
            self.marks, astray = look_astray(self.sheet, codes, self.marks)
            self.anomalies += astray
            told |= bool(astray)
        self._changes += [] if self.is_untouched else locked.names(self.sheet)
        told |= (known is None or bool(self._changes)) and self._report_locked(codes)
        self._note_missing(codes)
        self.as_issued = not (found or told)

    @property
    def is_empty(self) -> bool:
        """Whether the evaluator typed nothing; the candidate fills their share before the workbook is handed on.

        Where only what is filled counts, a date and a signature are nothing by themselves. A deliberation says
        something whatever it holds: unsigned, that it is a draft; signed, that the jury leaves everybody to the rules.
        """
        if self.form.kind is Kind.DELIBERATION:
            return False
        own = (mark for mark in self.marks if mark.input not in CANDIDATE_SHARE)
        if self.form.kind.record.sparse:
            own = (mark for mark in own if not closes(mark.input, mark.code))
        return all(mark.state in UNTYPED for mark in own)

    @property
    def is_untouched(self) -> bool:
        """Whether the candidate typed nothing either, in their share."""
        return self.is_empty and all(mark.state in UNTYPED for mark in self.marks if mark.input in CANDIDATE_SHARE)

    # ------------------------------------------------------------------------------------ rows and cells

    def _read_row(self, row: Row, codes: Codes) -> None:
        index = codes.rows.get(row.code)
        if index is not None:
            if self.layout is None:
                self._compare_labels(row, index)
            self._read_labels(row, index)
        elif self.form.by_candidate_rows and row.code not in codes.twice and self._may_lack(row, codes):
            return
        for entry in self.form.inputs:
            column = self.table.columns.get(entry.heading)
            if index is None or column is None:
                self.marks.append(self.sheet.excluded(entry, row))
            else:
                self._read_cell(entry, row, (index, column))

    def _may_lack(self, row: Row, codes: Codes) -> bool:
        """Whether a person's row need not stand there, and does not under a wrong identifier, or none."""
        if not self.sheet.may_lack(row.code):
            return False
        return not (self.form.kind.record.sparse and is_misnamed(self.grid, self.form, self.table, codes, row))

    def _read_labels(self, row: Row, index: int) -> None:
        """What the sheet shows as of the day of issue, where it was issued: to be compared with what holds since."""
        for label in self.form.labels if not self.identity.typed else ():
            column = self.table.columns.get(label.heading)
            if label.as_of_issue and column is not None:
                raw = self.grid.value((index, column))
                value = exact(raw) if isinstance(raw, float) else trim(shown(raw)) or None
                entry = Input(label.as_of_issue, label.heading)
                self.marks.append(self.sheet.mark(entry, row, address((index, column)), "", Reading(value, LABEL)))

    def _read_cell(self, entry: Input, row: Row | None, place: Place) -> None:
        raw, tell = self.grid.value(place), self.grid.tell(place)
        if self._is_pictured(entry, place):
            tell |= Tell.PICTURE
        domain = self.form.domain(entry, row) if row else entry.domain
        held = self.grid.since_1900(raw) if domain.nature is Nature.DATE else raw
        reading = normalise(held, domain, tell, self.grid.displays.get(place, ()))
        if entry.name == "signature":
            reading = sign(raw, reading)
        cell, text = address(place), ""
        if reading.state != MISSING:
            text = seen(raw, tell) or _hidden(tell)
        title = f"{row.code}, {entry.heading} : " if row else f"{entry.label} : "
        for code, message, gravity in reading.notes:
            softened = Gravity.WARNING if _blocks(code) and not entry.blocks else None
            remedy = "Rien à faire : la valeur a été comprise." if gravity is Gravity.INFO else ""
            more = {"gravity": gravity or softened, "remedy": remedy, "cell": cell, "value": clip(text, 200)}
            self._note(code, title + message, row, **more)
        comment = self.grid.notes.get(place, "") if entry.blocks else ""
        if comment and remarks.contradicts(comment, reading, domain):
            self._note_comment(comment, title, row, cell, text)
        self.marks.append(self.sheet.mark(entry, row, cell, text, reading))

    def _note_comment(self, comment: str, title: str, row: Row | None, cell: str, text: str) -> None:
        """V03, as a warning: an answer stands in a comment, where nothing is read."""
        holds = f"La case contient « {clip(text)} »" if text else "La case est vide"
        said = clip(" ".join(comment.split()))
        message = f"{title}{holds}, et son commentaire dit « {said} » : un commentaire n'est jamais lu."
        remedy = "Saisissez dans la case la valeur qui vaut, seule."
        self._note("V03", message, row, gravity=Gravity.WARNING, remedy=remedy, cell=cell, value=said)

    def _is_pictured(self, entry: Input, place: Place) -> bool:
        """Whether a picture lies over a blank box that takes one: over a signature, or within the box itself."""
        if not self.grid.pictures or self.grid.value(place) not in ("", None):
            return False
        over = [area for area in self.grid.pictures if covers(area, place)]
        alone = entry.domain.nature is Nature.TICK and (place, place) in over
        return alone or (bool(over) and entry.name == "signature")

    def _read_single(self, entry: Input) -> None:
        known = self.layout
        place = known.singles[entry.name] if known else find_single(self.grid, self.form, entry, self.table)
        if place is not None:
            self._read_cell(entry, None, place)
            return
        gravity = None if entry.decides else Gravity.WARNING
        self._note("S03", f"La case « {entry.label} » est introuvable.", gravity=gravity, value=entry.label)
        if entry.decides:
            self.marks.append(self.sheet.excluded(entry))

    # ------------------------------------------------------------------- identifications that disagree

    def _doubt(self, codes: Codes) -> Doubt | None:
        """The rows whose code and texts name different rows, or whose identifier and name different people."""
        if self.form.by_candidate_rows:
            doubt = doubt_of_people(self.grid, self.form, self.table, codes, self.sheet.context.roster)
        else:
            doubt = doubt_of_labels(self.grid, self.form, self.table, codes)
        self._doubted = doubt.codes if doubt else frozenset()
        return doubt

    def _disbelieve(self, doubt: Doubt | None, codes: Codes) -> bool:
        """Exclude what stands on rows that cannot be told from others, with one anomaly that says why, if any do."""
        moved = list(shifts(self.grid, self.form, self.table, codes))
        if (doubt is None or self.is_empty) and not moved:
            return doubt is not None
        whole = doubt.codes if doubt and not self.is_empty else frozenset()
        shifted = {(code, shift.entry.name) for shift in moved for code in shift.codes}
        effects = {(address(cell), code) for shift in moved for cell in shift.cells for code in _OF_A_LINE}
        for rank, mark in enumerate(self.marks):
            row = mark.candidate if self.form.by_candidate_rows else mark.code
            here = (row, mark.input) in shifted
            if here or (row and row in whole):
                effects |= {(mark.cell, code) for code in (_OF_A_SHIFT if here else _OF_ANOTHER_ROW)}
                self.marks[rank] = mark._replace(value=None, state=EXCLUDED)
        self.anomalies = [each for each in self.anomalies if (each.cell, each.code) not in effects]
        self._tell_doubts([each for each in (doubt, *moved) if each is not None])
        return True

    def _disbelieve_letters(self) -> None:
        """Exclude the letters of a sheet that went out when the scale had them in another order."""
        found = otherwise_ordered(self.grid, self.table, self.form)
        levels = {entry.name: entry for entry in self.form.inputs if entry.domain.nature is Nature.LETTER}
        held = [rank for rank, mark in enumerate(self.marks) if mark.input in levels and mark.state == VALUE]
        if found is None or not held:
            return
        for rank in held:
            self.marks[rank] = self.marks[rank]._replace(value=None, state=EXCLUDED)
        order = " > ".join(reversed(next(iter(levels.values())).domain.choices))
        message = (
            f"La fiche dit l'échelle {found[1]}, et le référentiel {order} : on ne sait pas ce que veulent dire ses "
            "lettres. Elles sont en attente."
        )
        remedy = (
            "Reportez les niveaux dans une fiche émise de nouveau, ou rétablissez l'ordre du référentiel (letters)."
        )
        more = {"gravity": Gravity.BLOCKING, "remedy": remedy, "cell": address(found[0]), "value": found[1]}
        self._note("S05", message, None, **more)

    def _tell_doubts(self, doubts: list[Doubt]) -> None:
        code = "I04" if self.form.by_candidate_rows else "S05"
        causes = " ; ".join(dict.fromkeys(doubt.cause for doubt in doubts))
        message = f"{causes[0].upper()}{causes[1:]}. Les valeurs de ces lignes sont en attente."
        rows = frozenset().union(*(doubt.codes for doubt in doubts))
        cells = list(dict.fromkeys(address(cell) for doubt in doubts for cell in doubt.cells))
        listed = "; ".join(cells[:MOST_TOLD])
        about = next(iter(rows)) if len(rows) == 1 else ""
        remedy = " ".join(dict.fromkeys(doubt.remedy for doubt in doubts))
        found = clip(shown(self.grid.value(doubts[0].cells[0]))) if doubts[0].cells else ""
        self._note(code, message, about, gravity=Gravity.BLOCKING, remedy=remedy, cell=listed, value=found)

    # --------------------------------------------------------------------------------- what is wrong

    def _note(self, code: str, message: str, row: Row | str | None = None, **more: Any) -> None:
        self.anomalies.append(self.sheet.anomaly(code, message, row, **more))

    def _report_locked(self, codes: Codes) -> bool:
        """S05, once for the sheet, with the cells of every locked text that was changed, if any was."""
        if self.identity.typed and self.form.by_candidate_rows and not codes.rows:
            return False
        changes = [*locked.Locked(self.sheet, codes.rows).changes(), *self._changes]
        told = locked.tell(changes, codes.turned)
        if told:
            places = [change.place for change in changes if change.place is not None]
            places += [(index, self.table.code_column) for index in codes.turned.values()]
            cells = [address(place) for place in dict.fromkeys(places)]
            value = clip(changes[0].found) if changes else next(iter(codes.turned))
            self._note("S05", told, cell="; ".join(cells[:MOST_TOLD]), value=value)
        return bool(told)

    def _compare_labels(self, row: Row, index: int) -> None:
        """S05 where locked text was changed; I04 where it is somebody's name; rows in doubt are told of together."""
        if row.code in self._doubted:
            return
        if self.form.by_candidate_rows:
            self._compare_person(row, index)
            return
        self._changes += locked.labels(self.grid, self.table, self.form, row, index)

    def _compare_person(self, row: Row, index: int) -> None:
        found = unlike(self.grid, self.table, row, index) if self.sheet.context.roster else None
        if found is not None and (found[0] or not self.identity.typed):
            issued = f"{row.labels['Nom']} {row.labels['Prénom']}"
            said = f"Le nom affiché est « {clip(found[0])} »" if found[0] else "Aucun nom n'est affiché"
            message = f"{said}, l'identifiant {row.code} est celui {of(issued)}."
            self._note("I04", message, row, cell=address(found[1]), value=clip(found[0]))

    def _note_missing(self, codes: Codes) -> None:
        """V09, once for the sheet, with the list of its blank cells; people who left the cohort aside, and what a mark
        beside keeps shut. Those that were probably cut are named."""
        expected = {entry.name for entry in (*self.form.inputs, *self.form.singles) if entry.expected}
        shut = self._shut()
        blank = [
            mark.cell
            for mark in self.marks
            if mark.state == MISSING
            and mark.input in expected
            and (mark.candidate, mark.input) not in shut
            and self.sheet.awaits(mark)
        ]
        if blank:
            what = "une valeur manque" if len(blank) == 1 else f"{len(blank)} valeurs manquent"
            self._note("V09", f"{self.form.title} : {what}.{self._cut(blank, codes)}", cell="; ".join(blank))

    def _cut(self, blank: list[str], codes: Codes) -> str:
        """Which blank cells of a list were probably cut, to be pasted beside somebody else; "" where none was."""
        holes = bare(self.grid, self.form, self.table, codes) if self.form.by_candidate_rows else []
        cut = [cell for cell in map(address, holes) if cell in blank][:MOST_TOLD]
        if not cut:
            return ""
        lost, whose = ("La case", "son contenu") if len(cut) == 1 else ("Les cases", "leur contenu")
        have = "a" if len(cut) == 1 else "ont"
        return (
            f" {lost} {and_list(cut)} {have} perdu l'aspect d'une case à remplir : {whose} a peut-être été coupé, puis "
            "collé en face de quelqu'un d'autre ; vérifiez les valeurs voisines."
        )

    def _shut(self) -> set[tuple[str, str]]:
        """The exams that may not be sat, by candidate: another one's mark on this sheet is not enough."""
        found = gates(self.sheet.context.referential.exams) if self.form.kind is Kind.NOTES else ()
        return {
            (mark.candidate, gate.code)
            for gate in found
            for mark in self.marks
            if mark.input == gate.before
            and judged(mark.value if isinstance(mark.value, Decimal) else mark.state, gate.opens) is State.FAILED
        }

    # ------------------------------------------------------------------------------------ signature

    @property
    def signature(self) -> tuple[str, str]:
        """The text typed as a signature, and its cell; both blank when its box is gone. What cannot be taken for a text
        (struck, an error, a date...) signs nothing; a code that its owner wrote in white does."""
        found = next((mark for mark in self.marks if mark.input == "signature"), None)
        text, cell = (found.raw, found.cell) if found else ("", "")
        text = "" if found and found.state == EXCLUDED else text
        codes = {
            address(place): secret
            for place, secret in self.grid.secrets.items()
            if Tell.STRUCK not in self.grid.tell(place)
        }
        return codes.get(cell, text), cell

    def hide_signature(self) -> None:
        """Remove the signature from the marks: a personal code must not reach the results."""
        self.marks = [
            mark._replace(raw="", value=None, state=MISSING) if mark.input == "signature" else mark
            for mark in self.marks
        ]


def _blocks(code: str) -> bool:
    return CATALOGUE[code].gravity is Gravity.BLOCKING


def _hidden(tell: Tell) -> str:
    """The text that stands for a cell that gives nothing to read and is not blank."""
    if Tell.PICTURE in tell:
        return PICTURE
    return "(erreur)" if Tell.ERROR in tell else "(formule)" if Tell.FORMULA in tell else "(fusionnée)"
