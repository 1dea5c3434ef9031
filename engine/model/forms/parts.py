"""What the forms of several kinds share: the closing inputs, a scale as a domain, and what a form depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.forms.form import DATE, Domain, Input, Nature, Shown
from engine.model.marks import SIGNATURE_INPUT
from engine.model.parts import Scale
from engine.model.people import Candidate


@dataclass(frozen=True)
class Asked:
    """What a form depends on beside the referential: the people of its rows, whether the candidate fills a part, and
    what is ``issued`` under the headings that show the day of issue, by code of the row and heading."""

    candidates: tuple[Candidate, ...]
    candidate_columns: bool
    issued: Mapping[tuple[str, str], Shown] = field(default_factory=dict)


CLOSING = (
    Input("date", label="Date", domain=DATE),
    Input(SIGNATURE_INPUT, label="Signature ou code personnel", required_label="Code personnel (exigé)"),
)


def on(scale: Scale, *states: str) -> Domain:
    """A number or a letter of a scale, or one of the declared states."""
    if scale.letters:
        return Domain(Nature.LETTER, states=frozenset(states), choices=scale.ladder)
    return Domain(Nature.NUMBER, scale.minimum, scale.maximum, scale.step, frozenset(states))
