"""The jury's record (procès-verbal): who sat, what was decided for each, who decided it and why it departs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model import Authority, Decision, Evaluator, MarkOutcome, Outcome, Referential, Role, Roster, State
from engine.model.admission import Admissibility, Admission
from engine.model.anomalies import Anomaly
from engine.model.deliberation import Deliberation
from engine.model.texts import counted
from engine.model.values import figure
from engine.outputs.record.press import in_full, printed

_SIGNS = {State.VALIDATED: "●", State.FAILED: "×", State.PENDING: "○", State.NOT_PRESENTED: "–"}
_HELD, _NONE = "■", "–"


@dataclass(frozen=True, kw_only=True)
class Closing:
    """The closure that a record follows: its time, its seal, the SHA-256 of its copy of the results."""

    at: datetime
    seal: str
    results: str


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """What a record is made from; without a ``closing`` it is a draft."""

    roster: Roster
    referential: Referential
    outcomes: Sequence[Outcome]
    admissions: Sequence[Admission]
    anomalies: Sequence[Anomaly]
    deliberation: Deliberation | None
    closing: Closing | None = None


def minutes(told: Minutes) -> bytes:
    """The record, as a PDF."""
    session, certification = told.roster.session, told.referential.certification
    codes = [bloc.code for bloc in told.referential.blocs]
    facts: dict[str, Any] = {
        "draft": told.closing is None,
        "identity": _identity(told),
        "members": [_member(each, told) for each in told.roster.with_role(Role.JUROR)],
        "quorum": _quorum(told),
        "columns": [*codes, *_columns(told.referential)],
        "rows": [_row(outcome, told.referential) for outcome in told.outcomes],
        "departures": [_departure(outcome) for outcome in told.outcomes if outcome.departs],
        "remarks": list(_remarks(told)),
        "only_blocs": any(outcome.only_blocs for outcome in told.outcomes),
        "counts": _counts(told.outcomes),
        "place": session.place or session.centre,
        "day": in_full(session.jury_date),
        "foot": _foot(told.closing),
        "title": certification.title,
    }
    return printed("record.typ", facts, told.closing.at if told.closing else None)


def _identity(told: Minutes) -> list[list[str]]:
    """The heading of the record: pairs of a word and what it says."""
    session, certification = told.roster.session, told.referential.certification
    when = ", ".join(filter(None, (in_full(session.jury_date), session.place)))
    found = [
        ["Certification", f"{certification.title}, {certification.code}, niveau {certification.level}"],
        ["Certificateur", certification.legal_name or certification.certifier],
        ["Centre", session.centre],
        ["Session", ", ".join(filter(None, (session.session, session.cohort)))],
        ["Date et lieu du jury", when],
        ["Référentiel", f"version {certification.version}"],
    ]
    return [[word, text or _NONE] for word, text in found]


# --------------------------------------------------------------------------------------------- the jury


def _present(told: Minutes) -> frozenset[str]:
    if told.deliberation is None:
        return frozenset()
    return frozenset(each.casefold() for each in (told.deliberation.president, *told.deliberation.members) if each)


def _member(person: Evaluator, told: Minutes) -> list[str]:
    known, there = told.deliberation, person.id.casefold() in _present(told)
    presides = known is not None and known.president.casefold() == person.id.casefold()
    quality = " ; ".join(filter(None, ("Préside le jury" if presides else "", person.quality, person.organisation)))
    external = {True: "Oui", False: "Non", None: _NONE}[person.external]
    presence = _NONE if known is None else "Oui" if there else "Non"
    return [f"{person.name} ({person.id})", quality, external, presence]


def _quorum(told: Minutes) -> str:
    """``3 membres présents, 2 exigés ; 2 extérieurs sur 3.``"""
    needed = told.referential.policy.minimum_jurors
    asked = f"{counted(needed, 'exigé', 'exigés')}"
    if told.deliberation is None:
        return f"Présences à relever, {asked}."
    present = _present(told)
    people = [each for each in told.roster.evaluators if each.id.casefold() in present]
    outside = sum(each.external is True for each in people)
    share = f"{counted(outside, 'extérieur', 'extérieurs')} sur {len(people)}"
    return f"{counted(len(people), 'membre présent', 'membres présents')}, {asked} ; {share}."


# ------------------------------------------------------------------------------------------ the decisions


def _columns(referential: Referential) -> list[str]:
    found = ["Trans."] if referential.transversal else []
    found += ["Oral"] if referential.oral else []
    found += [referential.national_exam.code] if referential.national_exam else []
    credits = "UE, cr." if referential.policy.title_requires_ues else "Cr."
    return [*found, *([credits] if referential.units else [])]


def _row(outcome: Outcome, referential: Referential) -> dict[str, Any]:
    left = outcome.decision is Decision.LEFT
    cells = [_NONE if left else cell for cell in _cells(outcome, referential)]
    by = "J" if outcome.decided_by is Authority.JURY else "R"
    person = outcome.candidate
    return {"id": person.id, "name": person.name, "cells": cells, "decision": str(outcome.decision), "by": by}


def _cells(outcome: Outcome, referential: Referential) -> Iterator[str]:
    for bloc in referential.blocs:
        count = outcome.blocs[bloc.code]
        yield _HELD if count.held else _SIGNS[count.state]
    if outcome.transversal is not None:
        yield _HELD if outcome.transversal.held else _SIGNS[outcome.transversal.state]
    if outcome.oral is not None:
        oral = outcome.oral
        points = "ABS" if oral.absent else _NONE if oral.value is None else figure(oral.value)
        yield _HELD if oral.held else f"{points} {_SIGNS[oral.state]}"
    if outcome.exam is not None:
        yield _HELD if outcome.exam.held else f"{_mark(outcome.exam)} {_SIGNS[outcome.exam.state]}"
    if referential.units:
        state = outcome.unit_state if referential.policy.title_requires_ues else None
        yield str(outcome.credits) if state is None else f"{outcome.credits} {_SIGNS[state]}"


def _mark(mark: MarkOutcome) -> str:
    return mark.code or (_NONE if mark.value is None else figure(mark.value))


def _departure(outcome: Outcome) -> list[str]:
    then = outcome.frozen.ruled if outcome.frozen is not None and outcome.frozen.ruled else outcome.by_rules
    decided = str(outcome.decision)
    if outcome.acquired and outcome.decision is not Decision.ADMITTED:
        decided += f" ({', '.join(outcome.acquired)})"
    return [outcome.candidate.id, outcome.candidate.name, then.shown, decided, outcome.motive or _NONE]


def _counts(outcomes: Sequence[Outcome]) -> str:
    found = Counter(outcome.decision for outcome in outcomes)
    words = ", ".join(f"{found[word]} {word}" for word in Decision if found[word])
    return f"{counted(len(outcomes), 'candidat', 'candidats')} : {words}."


# ------------------------------------------------------------------------------------------- what else


def _remarks(told: Minutes) -> Iterator[str]:
    """Who did not sit and why, derogations, what is told of the jury and of the files, what happened that day."""
    outcomes = {outcome.candidate.id: outcome for outcome in told.outcomes}
    for admission in told.admissions:
        yield from _about(admission, outcomes[admission.candidate.id])
    counts = {told.deliberation.file, ""} if told.deliberation else None
    for anomaly in told.anomalies:
        if anomaly.entry.of_record and (counts is None or anomaly.file in counts):
            person = told.roster.candidate(anomaly.candidate) if anomaly.candidate else None
            yield f"{anomaly.code}{f', {person.name} ({person.id})' if person else ''} : {anomaly.message}"
    if told.deliberation is not None and told.deliberation.incidents:
        yield f"Incidents : {' '.join(told.deliberation.incidents.split())}"


def _about(admission: Admission, outcome: Outcome) -> Iterator[str]:
    person, oral, known = admission.candidate, outcome.oral, admission.admissibility
    who = f"{person.name} ({person.id})"
    lacks = " ; ".join(admission.reasons)
    if known is None or oral is None:
        return
    if known is Admissibility.EXEMPT:
        yield f"Dispensé du grand oral : {who}, conservé d'une session antérieure."
    elif admission.convened and not known.opens:
        yield f"Convoqué par dérogation : {who} ; {lacks}."
    elif not admission.convened:
        yield f"Non convoqué : {who} ; {lacks or 'selon le registre'}."
    if oral.absent:
        yield f"Absent au grand oral : {who}."
    elif admission.convened and not oral.held and not oral.totals and not oral.incomplete:
        yield f"Aucune fiche du grand oral : {who}."


def _foot(closing: Closing | None) -> str:
    if closing is None:
        return "PROJET : rien n'est arrêté tant que la session n'est pas close."
    return (
        f"Session close le {closing.at:%d/%m/%Y} à {closing.at:%H:%M} ; sceau de la clôture {closing.seal} ; "
        f"resultats.xlsx SHA-256 {closing.results}"
    )
