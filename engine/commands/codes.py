"""``codes``: the personal code of each evaluator, on pages to hand out."""

from __future__ import annotations

import os
from pathlib import Path

from engine.commands.cohorts import key_of, open_cohort
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.templates import personal_codes
from engine.workspace.files import write_private


def codes(path: Path, *, key_file: Path | None = None) -> list[str]:
    """The page of each evaluator's personal code, to hand out."""
    opened = open_cohort(path)
    return personal_codes.pages(opened.roster, opened.referential, key_of(opened.folder, key_file))


def write_codes(path: Path, out: Path, *, key_file: Path | None = None) -> int:
    """Write these pages as a workbook to print, for its owner only; how many. Never replaces anything."""
    if out.suffix.lower() != ".xlsx":
        raise CohortError(f"« {out} » : donnez un nom de classeur, en .xlsx.")
    if os.path.lexists(out):
        raise CohortError(f"« {out} » existe déjà : choisissez un autre nom, ou effacez-le d'abord.")
    opened = open_cohort(path)
    made = personal_codes.workbook(opened.roster, opened.referential, key_of(opened.folder, key_file))
    try:
        write_private(out, made)
    except OSError as fault:
        raise CohortError(f"« {out} » ne peut pas être écrit : {reason(fault)}.") from fault
    return len(opened.roster.evaluators)
