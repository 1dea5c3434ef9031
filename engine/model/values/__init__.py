"""From a cell to a value: what a raw cell holds and how people see it (:mod:`.cells`), what it is worth
(:mod:`.normalise`), what is expected there (:mod:`.expecting`).
"""

from engine.model.values.cells import (
    DAYS_TO_1904,
    Raw,
    Tell,
    and_list,
    clip,
    exact,
    figure,
    percent,
    seen,
    shown,
    trim,
)
from engine.model.values.expecting import expected, listed
from engine.model.values.normalise import PICTURE, Note, Reading, normalise, sign

__all__ = [
    "DAYS_TO_1904",
    "PICTURE",
    "Note",
    "Raw",
    "Reading",
    "Tell",
    "and_list",
    "clip",
    "exact",
    "expected",
    "figure",
    "listed",
    "normalise",
    "percent",
    "seen",
    "shown",
    "sign",
    "trim",
]
