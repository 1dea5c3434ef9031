"""One page per candidate who acquired a bloc: what a certificate must bear, ruled blanks where the roster has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from engine.model import Decision, Outcome, Referential, Roster
from engine.outputs.record.press import in_full, printed


def holders(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The candidates who are admitted, wholly or in part."""
    return [outcome for outcome in outcomes if outcome.decision in (Decision.ADMITTED, Decision.PARTIAL)]


def attestations(
    outcomes: Iterable[Outcome], roster: Roster, referential: Referential, made_at: datetime
) -> Iterator[tuple[str, bytes]]:
    """(identifier, PDF) of each holder who acquired a bloc."""
    session, certification = roster.session, referential.certification
    for outcome in holders(outcomes):
        if not outcome.acquired:
            continue
        person = outcome.candidate
        held = {code.casefold() for code in person.held_blocs}
        facts = {
            "name": person.name,
            "id": person.id,
            "title": certification.title,
            "code": certification.code,
            "level": certification.level,
            "certifier": certification.legal_name or certification.certifier,
            "legal": bool(certification.legal_name),
            "registered_on": in_full(certification.registered_on),
            "nsf": ", ".join(certification.nsf),
            "decision": str(outcome.decision),
            "admitted": outcome.decision is Decision.ADMITTED,
            "blocs": [
                [
                    bloc.code,
                    bloc.title,
                    "session antérieure" if bloc.code.casefold() in held else "à cette session",
                ]
                for bloc in referential.blocs
                if bloc.code in outcome.acquired
            ],
            "centre": session.centre,
            "session": ", ".join(filter(None, (session.session, session.cohort))),
            "day": in_full(session.jury_date),
            "place": session.place or session.centre,
        }
        yield person.id, printed("attestation.typ", facts, made_at)
