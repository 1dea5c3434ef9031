"""How the sheets of a workbook name the candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.model import Candidate
from engine.workspace.files import alike, file_names

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST = 31


def sheet_names(candidates: Sequence[Candidate]) -> list[str]:
    """One name per candidate, as spreadsheets take them: short, and different whatever the case."""
    taken: set[str] = set()
    names = file_names(candidates)
    return [_free(_FORBIDDEN.sub("_", names[candidate.id]).strip("'"), candidate.id, taken) for candidate in candidates]


def _free(name: str, identifier: str, taken: set[str]) -> str:
    chosen = name[:_LONGEST].rstrip(" '")
    if len(name) > _LONGEST or alike(chosen) in taken:
        end = f" ({identifier})"[-_LONGEST:]
        chosen = name[: _LONGEST - len(end)].rstrip() + end
    rank = 1
    while alike(chosen) in taken or alike(chosen) == "history":
        rank += 1
        chosen = f"{name[: _LONGEST - 6].rstrip()} ({rank})"
    taken.add(alike(chosen))
    return chosen
