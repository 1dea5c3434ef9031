"""The cohorts that tests start from, issued once for the whole run: that is the slow part. They are copied for each."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from engine.commands.cohorts import key_of, open_cohort
from engine.commands.grounds import grounds, look, read
from engine.commands.init import initialise
from engine.commands.judgement import judge
from engine.commands.session.jury_sheets import write_sheets
from engine.commands.templates import issue, write_blanks
from engine.workspace.cohort import Cohort
from tests import rosters

SESSION = """
Champ            | Valeur
Référentiel      | {referential}
Cohorte          | Promotion des Tilleuls
Signature exigée | {signature}
"""
CANDIDATES = """
Identifiant | Nom      | Prénom | Tuteur | Formateurs | Jurés   | Statut
007         | Lefèvre  | Éloïse | T01    | F01        | J01;J02 |
C02         | Nguyen   | Bao    | T01    |            | J01;J02 |
C03         | Nguyen   | Bao    | T02    |            | J01;J02 |
C04         | N'Guessan| Prisca | T02    |            | J01;J02 | Abandon
"""
EVALUATORS = """
Identifiant | Nom           | Prénom | Rôle
T01         | Benali        | Karim  | Tuteur
T02         | Roche-Duval   | Aurèle | Tuteur
F01         | Morel         | Anne   | Formateur
J01         | Osmani        | Nadia  | Juré
J02         | Petit (Roux)  | Jules  | Juré
R01         | Meyer         | Paul   | Référent
R02         | Faure         | Zoé    | Référent
S01         | Blanc         | Lise   | Secrétariat
"""


@cache
def issued(referential: str, signature: bool, stayed: bool) -> tempfile.TemporaryDirectory:
    """A folder with its workbooks issued, nothing returned yet; ``stayed``: nobody left it."""
    keeper = tempfile.TemporaryDirectory(prefix="cohorte-")
    folder = Path(keeper.name)
    initialise(folder, referential)
    session = SESSION.format(referential=referential, signature="Oui" if signature else "Non")
    rosters.saved(rosters.book(session, CANDIDATES.replace(" Abandon" * stayed, ""), EVALUATORS), folder)
    issue(folder)
    return keeper


@cache
def opened(*made: object) -> Cohort:
    """Its roster and referential, read once."""
    return open_cohort(Path(issued(*made).name))


@cache
def _with_jury(*made: object) -> tempfile.TemporaryDirectory:
    """The same with the sheets for its jury, nothing having come."""
    keeper = tempfile.TemporaryDirectory(prefix="jury-")
    issue_for_the_jury(shutil.copytree(issued(*made).name, Path(keeper.name), dirs_exist_ok=True))
    return keeper


def issue_for_the_jury(folder: Path, made: tuple = ()) -> None:
    """Write the sheets for the jury; ``made``: what the cohort was issued from, where it may still be as it was."""
    if made and "SOURCE_DATE_EPOCH" not in os.environ and _files(folder) == _files(Path(issued(*made).name)):
        shutil.copytree(_with_jury(*made).name, folder, dirs_exist_ok=True)
        return
    cohort = open_cohort(folder)
    with grounds(cohort, key_of(cohort.folder, None)) as at:
        returns = read(at, look(at, workers=1))
        write_sheets(at, returns, judge(at, returns))


def _files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def blanks(referential: str) -> tempfile.TemporaryDirectory:
    """The unassigned workbooks of a certification."""
    keeper = tempfile.TemporaryDirectory(prefix="vierges-")
    write_blanks(Path(keeper.name), referential)
    return keeper
