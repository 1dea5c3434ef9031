"""The order in which the sample is made: roster, workbooks sent, returns."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from engine.commands.init import initialise
from engine.commands.templates import issue
from engine.workspace import seals
from engine.workspace.cohort import Folder
from tests.libreoffice import Action, DeleteRows, Office, Type
from tests.sample_cohort import filling, marks, people
from tests.sample_cohort.desk import Desk, usual_name
from tests.sample_cohort.incidents import AFTERWARDS, APART, INCIDENTS, NAMES
from tests.sample_cohort.sent import Sent


def build(target: Path, office: Office) -> None:
    """Make the cohort in a private folder, then put what is worth keeping in ``target``."""
    with tempfile.TemporaryDirectory() as place:
        cohort = Folder(Path(place, "cohorte"))
        write_roster(cohort, office)
        desk = Desk(office, cohort.outgoing, cohort.returns, Path(place, "à côté"))
        desk.aside.mkdir()
        _fill_everything(desk)
        shutil.rmtree(target, ignore_errors=True)
        for kept in (cohort.roster, seals.key_path(cohort.path), cohort.returns):
            copy = target / kept.relative_to(cohort.path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if kept.is_dir() else shutil.copyfile)(kept, copy)


def write_roster(cohort: Folder, office: Office) -> None:
    """Make the cohort: type the roster, send the workbooks, then change the juries that changed and tell who left."""
    cohort.make()
    seals.key_path(cohort.path).write_text(people.KEY + "\n", encoding="ascii")
    initialise(cohort.path, "cgco_rncp34465")
    rows = people.candidate_rows()
    when_sent = [[*row[:7], people.JURY_WHEN_SENT.get(row[0], row[7]), row[8], ""] for row in rows]
    actions = [DeleteRows(sheet, 2) for sheet in ("Candidats", "Évaluateurs")]
    actions += _typed("Candidats", when_sent) + _typed("Évaluateurs", people.evaluator_rows())
    fields = Sent(cohort.roster)
    actions += [Type(fields.beside("Session", field), text, "Session") for field, text in people.SESSION.items()]
    office.edit(cohort.roster, cohort.roster, actions)
    issue(cohort.path)
    office.edit(cohort.roster, cohort.roster, _typed("Candidats", rows))


def _typed(sheet: str, rows: list[list[str]]) -> list[Type]:
    return [
        Type(f"{column}{number}", text, sheet)
        for number, row in enumerate(rows, 2)
        for column, text in zip("ABCDEFGHIJ", row, strict=False)
        if text
    ]


def _fill_everything(desk: Desk) -> None:
    desk.fill(*_whole_cohort(desk, "secretariat/Notes.xlsx", "secrétariat/Notes janvier 2025.ods", filling.secretariat))
    desk.fill(*_whole_cohort(desk, "referent/R01/Validation.xlsx", "Validation FAURE.xlsx", filling.referent))
    for who in (*marks.grids(), *marks.juries()):
        if who not in APART:
            fill(desk, *who)
    for incident in INCIDENTS:
        incident(desk)


def fill(desk: Desk, candidate: str, evaluator: str) -> Path:
    """Fill the workbook that an evaluator received for a candidate, and put it among the returns."""
    who, sent = (candidate, evaluator), desk.received(candidate, evaluator)
    typed = (filling.juror if evaluator.startswith("J") else filling.rater)(candidate, evaluator)
    if who in AFTERWARDS:
        typed += AFTERWARDS[who](sent)
    return desk.fill(sent.path, desk.place(NAMES.get(who, usual_name(candidate, evaluator))), typed)


def _whole_cohort(desk: Desk, received: str, returned: str, typed: Callable[[Sent], list[Action]]) -> tuple:
    sent = Sent(desk.sent / received)
    return sent.path, desk.place(returned), typed(sent)
