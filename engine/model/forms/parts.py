"""What the forms of several kinds share: the closing inputs, a scale as a domain, and what a form depends on."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.certification import Scale
from engine.model.forms.form import DATE, Domain, Input, Nature
from engine.model.people import Candidate


@dataclass(frozen=True)
class Asked:
    """What a form depends on beside the referential: the people of its rows, and whether the candidate fills a part."""

    candidates: tuple[Candidate, ...]
    candidate_columns: bool


CLOSING = (
    Input("date", label="Date", domain=DATE),
    Input("signature", label="Signature ou code personnel", required_label="Code personnel (exigé)"),
)


def on(scale: Scale, *states: str) -> Domain:
    """A number of a scale, or one of the declared states."""
    return Domain(Nature.NUMBER, scale.minimum, scale.maximum, scale.step, frozenset(states))
