"""What is expected of evaluators and what became of it, sheet by sheet and file by file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.assignments import Assignment


class Receipt(StrEnum):
    """What became of an expected sheet."""

    RECEIVED = "reçue"
    REFUSED = "refusée"
    MISSING = "manquante"


class FileState(StrEnum):
    """What became of a file."""

    ACCEPTED = "Accepté"
    WITH_RESERVES = "Accepté avec réserves"
    REFUSED = "Refusé"
    REPLACED = "Remplacé"
    IGNORED = "Ignoré"


@dataclass(frozen=True, slots=True)
class Expected:
    """An expected sheet and what became of it."""

    assignment: Assignment
    receipt: Receipt
