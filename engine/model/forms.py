"""The one description of each sheet: what is written by the templates is what the intake reads back.

A :class:`Form` is built from the referential (and, for NOTES and VALIDATION, from the candidates). It lists
the sheet's columns by heading, its rows by code, and for each input cell a :class:`Domain`: what may be typed
there. Values are located by code row and heading column, never by address, so that inserted or moved rows
and columns change nothing. Pure: no I/O, nothing about colours or files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from engine.model import Candidate, Kind, Referential, Scale

ABSENT, NOT_ASSESSED, EXEMPT = "ABS", "NE", "DISP"
DECLARED = (ABSENT, NOT_ASSESSED, EXEMPT)
"""The declared states a person may type instead of a value."""

PLAGIARISM = "Plagiat vérifié"
CANDIDATE_INPUTS = frozenset({"auto", "preuve", "experience"})
"""The inputs of GRILLE that the candidate fills before handing the workbook on."""


class Nature(StrEnum):
    """What an input cell expects."""

    NUMBER = "number"
    YES_NO = "yes_no"
    TICK = "tick"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True)
class Domain:
    """What may stand in one input cell; bounds and step in the unit of the sheet (levels, points, marks)."""

    nature: Nature
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None
    states: frozenset[str] = frozenset()

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every allowed number when there is a step, smallest first; empty otherwise."""
        if self.nature is not Nature.NUMBER or self.step is None:
            return ()
        return Scale(minimum=self.minimum, maximum=self.maximum, step=self.step).values


TEXT = Domain(Nature.TEXT)
DATE = Domain(Nature.DATE)
TICK = Domain(Nature.TICK)
YES_NO = Domain(Nature.YES_NO)


@dataclass(frozen=True)
class Label:
    """A locked column: text or figures for the reader, compared with what was issued, never read as a rule."""

    heading: str


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


@dataclass(frozen=True)
class Row:
    """One row of the table. ``labels`` maps the headings of the locked columns to what they show;
    ``domains`` maps input names to what this row's cell expects, where it differs from the column's."""

    code: str
    labels: Mapping[str, str | Decimal | tuple[str, ...]]
    domains: Mapping[str, Domain] = field(default_factory=dict)
    statement: str = ""


@dataclass(frozen=True)
class Section:
    """A group of rows under a title (a bloc, a domain, an oral section); ``code`` only for blocs.

    ``required``: how many rows must reach their minimum (blocs), ``None`` elsewhere.
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
        """Whether each row is a candidate (NOTES, VALIDATION): identifiers in the code column, no defined names."""
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

    def shown(self, row: Row, label: Label) -> str | Decimal:
        """What a locked cell holds, typography aside: one piece of evidence per line, the statement under the title."""
        content = row.labels.get(label.heading, "")
        if isinstance(content, tuple):
            return "\n".join(content)
        if row.statement and label is self.labels[0]:
            return f"{content}\n{row.statement}"
        return content

    def domain(self, entry: Input, row: Row) -> Domain:
        """What the cell of this input on this row expects."""
        return row.domains.get(entry.name, entry.domain)

    def defined_name(self, entry: Input, code: str = "") -> str:
        """The workbook name of an input cell: ``grille_niveau_1.1``; ``oral_rapport`` for a single input."""
        parts = (self.kind.lower(), entry.name, code) if code else (self.kind.lower(), entry.name)
        return "_".join(parts)


# ------------------------------------------------------------------------------------------- builders


def build(
    referential: Referential,
    kind: Kind,
    *,
    candidates: Iterable[Candidate] = (),
    candidate_columns: bool = False,
    blank: bool = False,
) -> Form | None:
    """The form of a kind, or ``None`` when the referential leaves its part out.

    ``candidates`` are the rows of NOTES and VALIDATION; ``candidate_columns`` adds the candidate's own columns
    to GRILLE; ``blank`` adds the inputs where an unassigned sheet takes the identifiers.
    """
    form = _BUILDERS[kind](referential, _Asked(tuple(candidates), candidate_columns))
    if form is None or not blank:
        return form
    identities = tuple(
        Input(name, label=label, beside=True)
        for name, label in (("candidat", "Identifiant du candidat"), ("evaluateur", "Votre identifiant"))
        if name in blank_identities(kind)
    )
    return Form(form.kind, form.code_heading, form.columns, form.sections, identities + form.singles)


@dataclass(frozen=True)
class _Asked:
    """What a form depends on beside the referential: the people of its rows, and whether the candidate fills a part."""

    candidates: tuple[Candidate, ...]
    candidate_columns: bool


def blank_identities(kind: Kind) -> tuple[str, ...]:
    """The identities a blank sheet of this kind asks for."""
    record = kind.record
    asked = {"candidat": record.per_candidate, "evaluateur": record.per_evaluator}
    return tuple(name for name, needed in asked.items() if needed)


IDENTITIES = frozenset({"candidat", "evaluateur"})
"""The single inputs of a blank sheet that say whom it concerns: in the header, the others being below the table."""


def available(referential: Referential) -> tuple[Kind, ...]:
    """The kinds of sheet this referential calls for."""
    return tuple(kind for kind in Kind if build(referential, kind) is not None)


_CLOSING = (
    Input("date", label="Date", domain=DATE),
    Input("signature", label="Signature ou code personnel", required_label="Code personnel (exigé)"),
)


def _on(scale: Scale, *states: str) -> Domain:
    return Domain(Nature.NUMBER, scale.minimum, scale.maximum, scale.step, frozenset(states))


def _grille(referential: Referential, asked: _Asked) -> Form:
    level = _on(referential.scales.level, NOT_ASSESSED)
    minima = referential.policy.show_minima_to_evaluators
    columns: list[Label | Input] = [Label("Code"), Label("Compétence")]
    if minima:
        columns.append(Label("Mini"))
    columns.append(Label("Éléments de preuve"))
    if asked.candidate_columns:
        columns += [
            Input("auto", "Auto-évaluation", domain=level),
            Input("preuve", "Preuve", domain=TICK),
            Input("experience", "Expérience"),
        ]
    columns.append(Input("niveau", "Niveau", decides=True, expected=True, blocks=True, domain=level))
    sections = tuple(
        Section(
            bloc.title,
            tuple(
                Row(
                    competence.code,
                    {"Compétence": competence.title, "Éléments de preuve": competence.evidence}
                    | ({"Mini": competence.minimum} if minima else {}),
                    statement=competence.statement,
                )
                for competence in bloc.competences
            ),
            code=bloc.code,
            required=bloc.required,
        )
        for bloc in referential.blocs
    )
    return Form(Kind.GRILLE, "Code", tuple(columns), sections, _CLOSING)


_FILES = {"RA": "Rapport d'activités", "DP": "Dossier projet"}
"""The titles of the files that group the works; another file's own name serves as its title."""


def _travaux(referential: Referential, _asked: _Asked) -> Form | None:
    if not referential.works or referential.scales.work is None:
        return None
    level = _on(referential.scales.work, NOT_ASSESSED)
    columns = (
        Label("Code"),
        Label("Travail"),
        Input("sujet", "Sujet"),
        Input("apport", "Apport"),
        Input("niveau", "Niveau", expected=True, blocks=True, domain=level),
        Input("date", "Date", domain=DATE),
    )
    files = dict.fromkeys(work.file or "" for work in referential.works)
    sections = tuple(
        Section(
            _FILES.get(file, file or Kind.TRAVAUX.record.title),
            tuple(Row(work.code, {"Travail": work.title}) for work in referential.works if (work.file or "") == file),
        )
        for file in files
    )
    return Form(Kind.TRAVAUX, "Code", columns, sections, _CLOSING)


def _transversale(referential: Referential, _asked: _Asked) -> Form | None:
    if referential.transversal is None:
        return None
    level = _on(referential.scales.level, NOT_ASSESSED)
    columns = (
        Label("Code"),
        Label("Compétence"),
        Label("Mini"),
        Input("niveau", "Niveau", decides=True, expected=True, blocks=True, domain=level),
    )
    sections = tuple(
        Section(
            domain.title,
            tuple(Row(item.code, {"Compétence": item.title, "Mini": item.minimum}) for item in domain.items),
        )
        for domain in referential.transversal.domains
    )
    return Form(Kind.TRANSVERSALE, "Code", columns, sections, _CLOSING)


def _oral(referential: Referential, _asked: _Asked) -> Form | None:
    oral = referential.oral
    if oral is None:
        return None
    columns = (
        Label("Code"),
        Label("Critère"),
        Label("Barème"),
        Input("points", "Points", decides=True, expected=True, blocks=True),
    )
    sections = tuple(
        Section(
            section.title,
            tuple(
                Row(
                    item.code,
                    {"Critère": item.title, "Barème": item.points},
                    {"points": Domain(Nature.NUMBER, Decimal(0), item.points, oral.step, frozenset({ABSENT}))},
                )
                for item in section.items
            ),
        )
        for section in oral.sections
    )
    report = Input(
        "rapport",
        decides=True,
        expected=True,
        blocks=True,
        label="Rapport d'activité conforme",
        beside=True,
        domain=YES_NO,
    )
    asked = "Motif, si le rapport n'est pas conforme" if referential.requires_report else "Motif ou remarque"
    reason = Input("motif", label=asked)
    singles = ((report, reason) if referential.requires_report else (reason,)) + _CLOSING
    return Form(Kind.ORAL, "Code", columns, sections, singles)


_PEOPLE = (Label("Identifiant"), Label("Nom"), Label("Prénom"))


def _people(candidates: tuple[Candidate, ...]) -> tuple[Section, ...]:
    rows = tuple(
        Row(candidate.id, {"Nom": candidate.last_name, "Prénom": candidate.first_name}) for candidate in candidates
    )
    return (Section("", rows),)


def _notes(referential: Referential, asked: _Asked) -> Form | None:
    exam, scale = referential.national_exam, referential.scales.mark
    columns: list[Label | Input] = list(_PEOPLE)
    if scale is not None:
        decisive = _on(scale, ABSENT, EXEMPT)
        codes = [unit.code for unit in referential.units] + ([exam.code] if exam else [])
        columns += [Input(code, code, decides=True, expected=True, blocks=True, domain=decisive) for code in codes]
        columns += [
            Input(other.code, other.code, expected=True, blocks=True, domain=_on(scale, ABSENT))
            for other in referential.exams
        ]
    if exam and exam.requires_plagiarism_check:
        columns.append(Input(PLAGIARISM, PLAGIARISM, expected=True, blocks=True, domain=YES_NO))
    if len(columns) == len(_PEOPLE):
        return None
    return Form(Kind.NOTES, "Identifiant", tuple(columns), _people(asked.candidates), _CLOSING)


def _validation(referential: Referential, asked: _Asked) -> Form | None:
    codes = [work.code for work in referential.works] + [document.code for document in referential.documents]
    if not codes:
        return None
    columns = _PEOPLE + tuple(Input(code, code, blocks=True, domain=YES_NO) for code in codes)
    return Form(Kind.VALIDATION, "Identifiant", columns, _people(asked.candidates), _CLOSING)


_BUILDERS: Mapping[Kind, Callable[[Referential, _Asked], Form | None]] = {
    Kind.GRILLE: _grille,
    Kind.TRAVAUX: _travaux,
    Kind.TRANSVERSALE: _transversale,
    Kind.ORAL: _oral,
    Kind.NOTES: _notes,
    Kind.VALIDATION: _validation,
}
