"""A recognised sheet: whom its marks and anomalies are about, and where its table stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.intake.context import Context
from engine.intake.readers.grid import Grid, address
from engine.intake.sheets.headings import Table
from engine.intake.sheets.recognise import Identity
from engine.model import Mark
from engine.model.anomalies import Anomaly, Where, make
from engine.model.catalogue import About
from engine.model.forms import Form, Input, Row
from engine.model.tables import EXCLUDED
from engine.model.values import Reading

MOST_TOLD = 200
"""How many rows that are not read are told of one by one: a person reads no more."""


@dataclass(frozen=True)
class Subject:
    """Whom a sheet is about, as a form of which kind; ``where``: its file and its tab."""

    identity: Identity
    form: Form
    where: Where

    def excluded(self, entry: Input, row: Row | None = None) -> Mark:
        """The mark of an input that cannot be read: what rests on it waits."""
        return self.mark(entry, row, "", "", Reading(None, EXCLUDED))

    def mark(self, entry: Input, row: Row | None, cell: str, raw: str, reading: Reading) -> Mark:
        """One row of the marks table."""
        candidate, code = self.identity.candidate_id, row.code if row else ""
        if self.form.by_candidate_rows:
            candidate, code = code, entry.heading
        file, sheet = self.where["file"], self.where["sheet"]
        kind, evaluator = str(self.form.kind), self.identity.evaluator_id
        about = (file, sheet, cell, kind, candidate, evaluator, entry.name, code)
        return Mark(*about, raw, reading.value, reading.state)

    def anomaly(self, code: str, message: str, row: Row | str | None = None, **more: Any) -> Anomaly:
        """An anomaly of the sheet; where each row is a person, it is about the row's one."""
        candidate = self.identity.candidate_id
        if self.form.by_candidate_rows and row is not None:
            candidate = row.code if isinstance(row, Row) else row
        people = Where(candidate=candidate, evaluator=self.identity.evaluator_id)
        told = make(code, message, **self.where | people, **more)
        of_rows = told.entry.about is About.ROW or told.entry.of_rows
        if self.form.by_candidate_rows and told.blocking and of_rows:
            return replace(told, remedy=f"{told.remedy.rstrip()} {_ALL_OF_IT}")
        return told


_ALL_OF_IT = (
    "Si une autre fiche remplace celle-ci, reportez-y toutes ses valeurs, puis retirez celle-ci de « retours »."
)


@dataclass(frozen=True)
class Located(Subject):
    """The same, with the sheet's cells and its table."""

    table: Table
    grid: Grid
    context: Context

    def code_cell(self, index: int) -> str:
        """The address of the code of a row."""
        return address((index, self.table.code_column))

    def left(self, candidate: str) -> bool:
        """Whether this is the identifier of somebody who left the cohort."""
        person = self.context.roster.candidate(candidate) if self.context.roster else None
        return person is not None and person.dropped_out

    def awaits(self, mark: Mark) -> bool:
        """Whether somebody owes the value of a blank cell: not about who left, nor of what is not presented."""
        person = self.context.roster.candidate(mark.candidate) if self.context.roster else None
        if person is None or person.dropped_out:
            return person is None
        kind, referential = self.form.kind.record, self.context.referential
        if kind.per_candidate and not kind.of_blocs:
            return True
        blocs = referential.resting_on(mark.code)
        if blocs:
            return any(person.presents(bloc.code) for bloc in blocs)
        return kind.of_blocs or all(person.presents(bloc.code) for bloc in referential.blocs)

    def may_lack(self, candidate: str) -> bool:
        """Whether the sheet need not list this person: it was unassigned, or says only what is filled in it, or they
        have left since."""
        return self.identity.typed or self.form.kind.record.sparse or self.left(candidate)
