"""``demo``: the whole job on the sample cohort."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.commands.report import Report
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace import seals
from engine.workspace.cohort import Folder

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


def demo(path: Path) -> Report:
    """Copy the sample cohort to a folder, and consolidate it with its own key."""
    prepare_demo(path)
    return consolidate(path, Options(key_file=seals.key_path(path)))


def prepare_demo(path: Path) -> None:
    """Copy the sample cohort to a folder; a folder that already holds it is used again."""
    if not SAMPLE.is_dir():
        raise CohortError(f"Les données d'exemple manquent (« {SAMPLE} ») : installez de nouveau le programme.")
    if _holds_sample(path):
        return
    if path.exists():
        raise CohortError(f"« {path} » existe déjà et contient autre chose : choisissez un autre dossier.")
    try:
        shutil.copytree(SAMPLE, path)
        Folder(path).make()
        Folder(path).close_private()
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {reason(fault)}.") from fault


def _holds_sample(path: Path) -> bool:
    copy, original = Folder(path).roster, Folder(SAMPLE).roster
    return copy.is_file() and copy.read_bytes() == original.read_bytes()
