"""``python -m tests.sample_cohort``: write ``sample_data/`` anew, or another folder that is given."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from engine import pipeline, seals
from engine.cohort import Folder
from tests.libreoffice import DeleteRows, Office, Type
from tests.sample_cohort import filling, marks, people
from tests.sample_cohort.desk import Desk, usual_name
from tests.sample_cohort.incidents import AFTERWARDS, APART, INCIDENTS, NAMES
from tests.sample_cohort.sent import Sent


def build(target: Path, office: Office) -> None:
    """Make the cohort in a private folder, then put what is worth keeping in ``target``."""
    with tempfile.TemporaryDirectory() as place:
        cohort = Folder(Path(place, "cohorte"))
        _write_roster(cohort, office)
        desk = Desk(office, cohort.outgoing, cohort.returns, Path(place, "à côté"))
        desk.aside.mkdir()
        _fill_everything(desk)
        shutil.rmtree(target, ignore_errors=True)
        for kept in (cohort.roster, seals.key_path(cohort.path), cohort.returns):
            copy = target / kept.relative_to(cohort.path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if kept.is_dir() else shutil.copyfile)(kept, copy)


def _write_roster(cohort: Folder, office: Office) -> None:
    """Type the roster, send the workbooks, then change the juries that changed."""
    cohort.make()
    seals.key_path(cohort.path).write_text(people.KEY + "\n", encoding="ascii")
    pipeline.initialise(cohort.path, "cgco_rncp34465")
    rows = people.candidate_rows()
    when_sent = [[*row[:7], people.JURY_WHEN_SENT.get(row[0], row[7]), *row[8:]] for row in rows]
    actions = [DeleteRows(sheet, 2) for sheet in ("Candidats", "Évaluateurs")]
    actions += _typed("Candidats", when_sent) + _typed("Évaluateurs", people.evaluator_rows())
    fields = Sent(cohort.roster)
    actions += [Type(fields.beside("Session", field), text, "Session") for field, text in people.SESSION.items()]
    office.edit(cohort.roster, cohort.roster, actions)
    pipeline.issue(cohort.path)
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
    everyone = {**dict.fromkeys(marks.grids(), filling.rater), **dict.fromkeys(marks.juries(), filling.juror)}
    for who, typed in everyone.items():
        if who not in APART:
            sent = desk.received(*who)
            afterwards = AFTERWARDS.get(who, lambda _: [])
            desk.fill(sent.path, desk.place(NAMES.get(who, usual_name(*who))), [*typed(*who), *afterwards(sent)])
    for incident in INCIDENTS:
        incident(desk)


def _whole_cohort(desk: Desk, received: str, returned: str, typed):
    sent = Sent(desk.sent / received)
    return sent.path, desk.place(returned), typed(sent)


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[2] / "sample_data"
    with Office() as running:
        build(Path(sys.argv[1]) if len(sys.argv) > 1 else default, running)
