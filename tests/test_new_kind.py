"""A kind of sheet that the program does not know: what it takes to add it, and that no part of it can be forgotten.

A diary, one per candidate and tutor, is added here as a change of the code would, one place per file.
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from engine import templates
from engine.assessment.decide import evidence
from engine.intake.context import Context
from engine.intake.files import read_file
from engine.model import WORKBOOKS, Kind, KindRecord, Measure, Role, forms, kinds, wording
from engine.model.forms import Form, Input, Label, Row, Section
from engine.model.forms.parts import CLOSING, on
from engine.model.returns import SheetStatus
from engine.model.tables import MARKS, table
from tests.envois import FOLDER, KEY, ROSTER, certification

DIARY = str.__new__(Kind, "JOURNAL")
DIARY._name_ = DIARY._value_ = "JOURNAL"
RECORD = KindRecord(
    title="Journal", noun="journal", workbook="Journal", filled_by=(Role.TUTOR,), measure=Measure.LEVEL, decides=True
)


def form(referential, _asked):
    level = Input("niveau", "Niveau", decides=True, expected=True, blocks=True, domain=on(referential.scales.level))
    rows = tuple(Row(f"J{week}", {"Compétence": f"Semaine {week}"}) for week in (1, 2))
    return Form(DIARY, "Code", (Label("Code"), Label("Compétence"), level), (Section("Semaines", rows),), CLOSING)


PLACES = {  # what a change of the code adds, by file: (where, the key, what)
    "engine/model/kinds.py": (kinds._RECORDS, DIARY, RECORD),
    "engine/model/forms/__init__.py": (forms._BUILDERS, DIARY, form),
    "engine/model/wording.py": (wording._PANELS, DIARY, lambda *_: iter(["Un niveau par semaine."])),
    "engine/assessment/decide/evidence.py": (
        evidence._GATHERERS,
        DIARY,
        {"niveau": lambda found, code, cell: found.competences[code].append(cell)},
    ),
}
"""Beside them: the module of the form, and its test. The member itself and its workbook are in the first file."""


@pytest.fixture
def add(monkeypatch):
    """Add the kind, all its places but the ``forgotten`` one."""

    def known(forgotten=""):
        for names in (Kind._member_map_, Kind._value2member_map_):
            monkeypatch.setitem(names, "JOURNAL", DIARY)
        monkeypatch.setattr(Kind, "_member_names_", [*Kind._member_names_, "JOURNAL"])
        monkeypatch.setitem(WORKBOOKS, "Journal", (DIARY,))
        DIARY.__dict__.pop("record", None)
        for file, (where, key, what) in PLACES.items():
            if file != forgotten:
                monkeypatch.setitem(where, key, what)

    yield known
    DIARY.__dict__.pop("record", None)


def gathered(tmp_path):
    """What the evidence holds of a diary that went out, was filled and came back."""
    cgco = certification()
    (planned,) = [
        each
        for each in templates.plan(FOLDER, ROSTER, cgco, KEY)
        if each.path.name.endswith("Journal.xlsx") and "007" not in each.path.name
    ][:1]
    book = openpyxl.load_workbook(BytesIO(templates.render(planned, ROSTER, cgco)))
    for name, value in (("journal_niveau_J1", 3), ("journal_niveau_J2", 4), ("journal_signature", "K. Benali")):
        ((title, address),) = book.defined_names[name].destinations
        book[title][address.replace("$", "")] = value
    book.save(tmp_path / "journal.xlsx")
    (sheet,) = read_file(tmp_path / "journal.xlsx", "journal.xlsx", Context(cgco, ROSTER, KEY)).sheets
    assert (sheet.kind, sheet.status, [each.code for each in sheet.anomalies]) == (DIARY, SheetStatus.RECEIVED, [])
    return evidence.Gathered(table(MARKS, sheet.marks)).of(sheet.candidate)


def test_a_kind_takes_a_place_in_at_most_six_files(add, tmp_path):
    assert len(PLACES) + len(["the module of its form", "tests/test_forms.py"]) <= 6
    add()
    found = gathered(tmp_path)
    assert {code: [cell.number for cell in cells] for code, cells in found.competences.items()} == {
        "J1": [Decimal(3)],
        "J2": [Decimal(4)],
    }


@pytest.mark.parametrize("forgotten", PLACES)
def test_a_place_that_is_forgotten_is_an_error_and_nothing_is_dropped(add, tmp_path, forgotten):
    add(forgotten)
    with pytest.raises(LookupError):
        gathered(tmp_path)
