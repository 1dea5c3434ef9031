"""Everything that is wrong with a parsed file, whatever it was written in."""

from __future__ import annotations

from typing import Any

from engine.model import Referential
from engine.referential import letters, rules, structure
from engine.referential.document import Problem, place


def examine(document: dict[str, Any]) -> tuple[Referential | None, list[Problem]]:
    """The referential, ``None`` where it cannot be made, and every fault in the order of the file."""
    ranked = letters.ranked(document)
    referential, problems = structure.validate(ranked)
    problems += rules.problems(ranked)
    problems += letters.problems(document)
    problems.sort(key=lambda problem: place(document, problem[0]))
    return referential, problems
