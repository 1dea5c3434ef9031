"""What a form is made of: columns and rows, sections, single inputs, and what each input may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from engine.model.kinds import Kind
from engine.model.parts import Scale
from engine.model.people import Candidate

ABSENT, NOT_ASSESSED, EXEMPT = "ABS", "NE", "DISP"
DECLARED = (ABSENT, NOT_ASSESSED, EXEMPT)
"""The declared states a person may type instead of a value."""

CANDIDATE_INPUTS = frozenset({"auto", "preuve", "experience"})
"""The inputs of GRILLE that the candidate fills before handing the workbook on."""

CANDIDATE_SHARE = CANDIDATE_INPUTS | {"apport"}
"""Those, and what TRAVAUX has of the candidate: their share of a workbook, which the evaluator's may come without."""


Shown = str | Decimal
"""What a locked cell holds."""


class Nature(StrEnum):
    """What an input cell expects."""

    NUMBER = "number"
    YES_NO = "yes_no"
    TICK = "tick"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    CODES = "codes"
    LETTER = "letter"


@dataclass(frozen=True)
class Domain:
    """What may stand in one input cell; the bounds and step of a number are in its unit (levels, points, marks).

    ``choices``: the words, one of which is a choice, the codes, several of which may be listed, or the letters of a
    scale, the lowest first.
    """

    nature: Nature
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(0)
    step: Decimal | None = None
    states: frozenset[str] = frozenset()
    choices: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every allowed number when there is a step, smallest first; empty otherwise."""
        if self.nature is not Nature.NUMBER or self.step is None:
            return ()
        return Scale(minimum=self.minimum, maximum=self.maximum, step=self.step).values

    def at_least(self, bar: Shown) -> tuple[str, ...]:
        """The letters of a scale from ``bar`` up."""
        return self.choices[self.choices.index(str(bar)) :]

    def under(self, bar: Shown) -> tuple[str, ...]:
        """The letters of a scale under ``bar``."""
        return self.choices[: self.choices.index(str(bar))]

    def reaches(self, level: Shown, bar: Shown) -> bool:
        """Whether a level is at least ``bar``, both as a sheet shows them."""
        if isinstance(level, Decimal) and isinstance(bar, Decimal):
            return level >= bar
        return level in self.at_least(bar)


TEXT = Domain(Nature.TEXT)
DATE = Domain(Nature.DATE)
TICK = Domain(Nature.TICK)
YES_NO = Domain(Nature.YES_NO)


@dataclass(frozen=True)
class Label:
    """A locked column: text or figures for the reader, compared with what was issued, never read as a rule.

    ``as_of_issue``: the name of a figure that was true on the day of issue: it is told from what holds since, and not
    as a text that was changed. ``names_row``: a text there says which row it is, as a level that many rows share never
    does.
    """

    heading: str
    as_of_issue: str = ""
    names_row: bool = True


@dataclass(frozen=True)
class Input:
    """An input: a column of the table, or a single cell when ``heading`` is empty.

    ``decides``: a decision rests on it, so that a missing column or row leaves its items pending.
    ``expected``: a blank one is worth a V09. ``blocks``: its anomalies are blocking.
    ``label`` is the caption of a single input: above its box, or on the same row when ``beside`` (the box then
    stands in the next column within the header, in the last column of the table below it). ``required_label``: what
    stands there instead where it must be filled for the sheet to count.
    """

    name: str
    heading: str = ""
    decides: bool = False
    expected: bool = False
    blocks: bool = False
    label: str = ""
    required_label: str = ""
    beside: bool = False
    domain: Domain = TEXT

    @property
    def captions(self) -> tuple[str, ...]:
        """The labels under which it may stand."""
        return tuple(filter(None, (self.label, self.required_label)))

    @property
    def by_candidate(self) -> bool:
        """Whether the candidate, not the evaluator, fills it."""
        return self.name in CANDIDATE_INPUTS


BOX = "□ "
"""Stands before a piece of evidence that has a tick of its own."""


@dataclass(frozen=True)
class Row:
    """One row of the table. ``labels`` maps the headings of the locked columns to what they show;
    ``domains`` maps input names to what this row's cell expects, where it differs from the column's; ``mandatory``: its
    section is not validated unless it reaches its minimum."""

    code: str
    labels: Mapping[str, Shown | tuple[str, ...]]
    domains: Mapping[str, Domain] = field(default_factory=dict)
    statement: str = ""
    mandatory: bool = False

    def figure(self, heading: str) -> Decimal:
        """The number of a locked column: a minimum, a maximum. Raises ``LookupError`` where a text stands there."""
        found = self.labels[heading]
        if not isinstance(found, Decimal):
            raise LookupError(f"{heading!r} of {self.code} is no number")
        return found

    @property
    def minimum(self) -> Decimal | str:
        """The least level that the row asks for, as it shows it: a number, or a letter."""
        found = self.labels["Mini"]
        return found if isinstance(found, str) else self.figure("Mini")


@dataclass(frozen=True)
class Section:
    """A group of rows under a title (a bloc, a domain, an oral section); ``code`` only for blocs.

    ``required``: how many rows must reach their minimum (blocs that their number validates), ``None`` elsewhere.
    """

    title: str
    rows: tuple[Row, ...]
    code: str = ""
    required: int | None = None

    @property
    def heading(self) -> str:
        """Its title as a sheet shows it."""
        return f"{self.code}  {self.title}" if self.code else self.title


@dataclass(frozen=True)
class Form:
    """The description of one sheet. ``columns`` stand in order, the first one holding the codes."""

    kind: Kind
    code_heading: str
    columns: tuple[Label | Input, ...]
    sections: tuple[Section, ...]
    singles: tuple[Input, ...]

    @property
    def title(self) -> str:
        """The sheet's title, also the name of its tab."""
        return self.kind.record.title

    @property
    def by_candidate_rows(self) -> bool:
        """Whether each row is a candidate (NOTES, VALIDATION, DELIBERATION): identifiers in the code column, no defined
        names."""
        return not self.kind.record.per_candidate

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in order."""
        return tuple(row for section in self.sections for row in section.rows)

    @cached_property
    def row_by_code(self) -> Mapping[str, Row]:
        """The rows by their exact code."""
        return {row.code: row for row in self.rows}

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """The input columns, in order."""
        return tuple(column for column in self.columns if isinstance(column, Input))

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The locked columns after the code column, in order."""
        return tuple(column for column in self.columns[1:] if isinstance(column, Label))

    @cached_property
    def lasting_labels(self) -> tuple[Label, ...]:
        """Those that show the same whenever the sheet is issued."""
        return tuple(label for label in self.labels if not label.as_of_issue)

    def shown(self, row: Row, label: Label) -> Shown:
        """What a locked cell holds, typography aside: the statement under the title, one piece of evidence per line,
        each with a box to tick on paper where there are several."""
        content = row.labels.get(label.heading, "")
        if isinstance(content, tuple):
            return "\n".join(f"{BOX}{piece}" for piece in content) if len(content) > 1 else "".join(content)
        if row.statement and label is self.labels[0]:
            return f"{content}\n{row.statement}"
        return content

    def wordings(self, row: Row, label: Label) -> tuple[Shown, ...]:
        """What a locked cell may hold: what it shows now, then what sheets that went out before may show."""
        now = self.shown(row, label)
        before = now.replace(BOX, "") if isinstance(now, str) else now
        return tuple(dict.fromkeys((now, before, self.identity(label, now))))

    @cached_property
    def issued(self) -> Mapping[tuple[str, str], tuple[Shown, ...]]:
        """The wordings of every locked cell, by the code of its row and its heading."""
        return {
            (row.code, label.heading): self.wordings(row, label) for row in self.rows for label in self.lasting_labels
        }

    def identity(self, label: Label, shown: Shown) -> Shown:
        """What names the row in a locked cell, whenever the sheet went out: neither the statement under a title, which
        may be that of another day, nor boxes."""
        if not isinstance(shown, str) or self.by_candidate_rows:
            return shown
        return shown.partition("\n")[0] if label is self.labels[0] else shown.replace(BOX, "")

    def asked_of(self, candidate: Candidate) -> Form:
        """The same without the blocs that a candidate neither presents nor holds."""
        if not self.kind.record.of_blocs or not candidate.presented:
            return self
        return replace(self, sections=tuple(each for each in self.sections if candidate.presents(each.code)))

    def domain(self, entry: Input, row: Row) -> Domain:
        """What the cell of this input on this row expects."""
        return row.domains.get(entry.name, entry.domain)

    def defined_name(self, entry: Input, code: str = "") -> str:
        """The workbook name of an input cell: ``grille_niveau_1.1``; ``oral_rapport`` for a single input."""
        parts = (self.kind.lower(), entry.name, code) if code else (self.kind.lower(), entry.name)
        return "_".join(parts)
