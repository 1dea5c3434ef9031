"""The sheets about the cohort, each row a candidate: NOTES, VALIDATION."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.certification import Referential
from engine.model.forms.form import ABSENT, EXEMPT, YES_NO, Form, Input, Label, Row, Section, Shown
from engine.model.forms.parts import CLOSING, Asked, on
from engine.model.kinds import Kind
from engine.model.people import Candidate

PLAGIARISM = "Plagiat vérifié"
_NOTHING: Mapping[tuple[str, str], Shown] = {}

PEOPLE = (Label("Identifiant"), Label("Nom"), Label("Prénom"))


def people(
    candidates: Iterable[Candidate], issued: Mapping[tuple[str, str], Shown] = _NOTHING, headings: Iterable[str] = ()
) -> tuple[Section, ...]:
    """A row per candidate; ``issued``: what stands under more ``headings``, by identifier and heading."""
    rows = tuple(
        Row(
            candidate.id,
            {"Nom": candidate.last_name, "Prénom": candidate.first_name}
            | {heading: issued.get((candidate.id, heading), "") for heading in headings},
        )
        for candidate in candidates
    )
    return (Section("", rows),)


def notes(referential: Referential, asked: Asked) -> Form | None:
    """NOTES: a column per UE and exam; those of a bloc decide."""
    exam, scale = referential.national_exam, referential.scales.mark
    columns: list[Label | Input] = list(PEOPLE)
    if scale is not None:
        decisive = on(scale, ABSENT, EXEMPT)
        codes = [unit.code for unit in referential.units] + ([exam.code] if exam else [])
        columns += [Input(code, code, decides=True, expected=True, blocks=True, domain=decisive) for code in codes]
        columns += [
            Input(
                other.code,
                other.code,
                decides=other.code in referential.deciding_exams,
                expected=True,
                blocks=True,
                domain=on(scale, ABSENT),
            )
            for other in referential.exams
        ]
    if exam and exam.requires_plagiarism_check:
        columns.append(Input(PLAGIARISM, PLAGIARISM, expected=True, blocks=True, domain=YES_NO))
    if len(columns) == len(PEOPLE):
        return None
    return Form(Kind.NOTES, "Identifiant", tuple(columns), people(asked.candidates), CLOSING)


def validation(referential: Referential, asked: Asked) -> Form | None:
    """VALIDATION: a column per work and piece of the file."""
    codes = [work.code for work in referential.works] + [document.code for document in referential.documents]
    if not codes:
        return None
    columns = PEOPLE + tuple(Input(code, code, blocks=True, domain=YES_NO) for code in codes)
    return Form(Kind.VALIDATION, "Identifiant", columns, people(asked.candidates), CLOSING)
