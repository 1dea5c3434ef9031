"""What "changed" means is the same in versions (I06), R07, the history, the sheet Évolution and the morning page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import ledger
from engine.intake.versions import resolve
from engine.ledger import comparison
from engine.ledger.changes import Mark as CountedMark
from engine.ledger.changes import changes
from engine.ledger.comparison import Tonight
from engine.ledger.night import Night, mark_text
from engine.ledger.past import MarkRow
from engine.model import Kind, Mark, Roster, Run, Session, awaiting
from engine.model.marks import EXCLUDED, MISSING, VALUE
from engine.model.readings import differ, differences
from engine.model.returns import FileReport, SheetReport
from engine.model.snapshot import Mark as SeenMark
from engine.outputs.briefing import Facts, as_text, compose
from engine.workspace.cohort import Folder

FOUR, DAY = Decimal(4), date(2025, 6, 2)
SAVED = datetime(2025, 6, 2, 9, 0)

BLANK = ("", None, MISSING)
CASES = {
    "another value": (("4", FOUR, VALUE), ("3", Decimal(3), VALUE), True),
    "the same in other words": (("4", FOUR, VALUE), (" 4,0 ", Decimal("4.0"), VALUE), False),
    "a declared state instead": (("4", FOUR, VALUE), ("NE", None, "NE"), True),
    "the same state in other words": (("NE", None, "NE"), ("ne", None, "NE"), False),
    "what cannot be taken instead": (("4", FOUR, VALUE), ("4+", None, EXCLUDED), True),
    "still not to be taken": (("4+", None, EXCLUDED), ("4 ou 5", None, EXCLUDED), False),
    "blank instead": (("4", FOUR, VALUE), BLANK, True),
    "lost with its row": (("4", FOUR, VALUE), ("", None, EXCLUDED), True),
    "still blank, its row lost": (BLANK, ("", None, EXCLUDED), False),
}


def marks(changing, *, entry="niveau", code="1.1", file="a.xlsx"):
    """A sheet of four marks, the last of which is the one in question."""
    kept = [("H1", "sujet", "RA1", "Étude", "Étude", VALUE), ("H2", "niveau", "1.2", "2", Decimal(2), VALUE)]
    kept += [("H3", "niveau", "1.3", "NE", None, "NE"), ("H4", entry, code, *changing)]
    return [
        Mark(file, "Travaux", cell, "TRAVAUX", "007", "T01", name, row, raw, value, state)
        for cell, name, row, raw, value, state in kept
    ]


def report(changing, digest, **where):
    found = marks(changing, file=f"{digest}.xlsx", **where)
    sheet = SheetReport("Travaux", Kind.TRAVAUX, "007", "T01", marks=found, found=found, fingerprint=digest)
    saved = SAVED.replace(hour=9 + (digest == "b"))
    return FileReport(f"{digest}.xlsx", digest=digest, saved=saved, program="Microsoft Excel", sheets=[sheet])


def told_by_versions(before, after, where):
    reports = [report(before, "a", **where), report(after, "b", **where)]
    resolve(reports)
    told = [anomaly for each in reports for sheet in each.sheets for anomaly in sheet.anomalies]
    return [anomaly.code for anomaly in told]


def night(past, moment, read, tmp_path):
    kept = Night(
        made_at=moment, program="0", clock=0, context="", files=[read], states={}, anomalies=(), outcomes=(),
        readings=(),
    )  # fmt: skip
    past.deliver(past.keep(kept, tmp_path / "none.xlsx"))


def page_of(evolution):
    owed = awaiting.awaited([], session=Session(), today=DAY)
    return as_text(
        compose(
            Facts(
                run=Run(made_at=SAVED, program_version="0"),
                roster=Roster(session=Session(), candidates=(), evaluators=()),
                decided=(), files={}, anomalies=(), expected=(), owed=owed, evolution=evolution,
            )
        )
    )  # fmt: skip


def told_at_night(before, after, where, tmp_path):
    """What R07, Évolution, the morning page and the history tell of the mark in question."""
    folder, later = Folder(tmp_path), SAVED.replace(day=3)
    folder.private.mkdir()
    with ledger.opened(folder, write=True, now=SAVED) as past:
        night(past, SAVED, report(before, "a", **where), tmp_path)
    with ledger.opened(folder, write=True, now=later) as past:
        read = report(after, "b", **where)
        lost = [change for change in changes(past, read.sheets) if change.nature != "new"]
        found = ledger.regressions(past, read.sheets, ())
        assert bool(lost) == ([anomaly.code for anomaly in found] == ["R07"])
        evolution = comparison.against(
            past, Tonight(given_at=None, program="0", files=[], reports=[read], outcomes=(), anomalies=())
        )
        night(past, later, read, tmp_path)
    with ledger.opened(folder, write=False, now=later) as past:
        _, second = ledger.history(past, "007")
    return bool(lost), bool(evolution.marks), "aucune valeur" not in page_of(evolution), bool(second.changes)


@pytest.mark.parametrize(("before", "after", "changed"), CASES.values(), ids=CASES)
def test_the_five_agree_on_what_changed(before, after, changed, tmp_path):
    lost, evolved, on_the_page, in_history = told_at_night(before, after, {}, tmp_path)
    assert (evolved, on_the_page, in_history) == (changed,) * 3
    assert ("I06" in told_by_versions(before, after, {})) is changed
    assert lost is changed


def test_what_was_not_there_is_new_and_no_loss(tmp_path):
    for rank, before in enumerate((BLANK, ("4+", None, EXCLUDED))):
        place = tmp_path / str(rank)
        place.mkdir()
        assert told_at_night(before, ("4", FOUR, VALUE), {}, place) == (False, True, True, True)


def test_the_date_of_a_work_is_a_value_and_that_of_a_sheet_closes_it(tmp_path):
    before, after = ("02/06/2025", DAY, VALUE), ("03/06/2025", date(2025, 6, 3), VALUE)
    for code, changed in (("RA1", True), ("", False)):
        where, place = {"entry": "date", "code": code}, tmp_path / (code or "sheet")
        place.mkdir()
        assert told_at_night(before, after, where, place) == (changed,) * 4
        assert ("I06" in told_by_versions(before, after, where)) is changed


# ------------------------------------------------------------------------------------------- every shape

CELLS = st.one_of(
    st.just(BLANK),
    st.builds(lambda raw: (raw, None, EXCLUDED), st.sampled_from(("", "4+", "x"))),
    st.builds(lambda state: (state.lower(), None, state), st.sampled_from(("ABS", "NE", "DISP"))),
    st.builds(lambda number: (str(number), number, VALUE), st.decimals("0", "20", places=2)),
    st.builds(lambda day: (f"{day:%d/%m/%Y}", day, VALUE), st.dates(date(2000, 1, 1))),
    st.builds(lambda text: (f" {text} ", text, VALUE), st.text(min_size=1, max_size=8)),
)
SHEETS = st.dictionaries(st.sampled_from(("1.1", "1.2", "2.10", "RA1")), CELLS)


def shapes(code, cell):
    """One mark as each stage keeps it; a blank is not kept."""
    mark = Mark("a.xlsx", "F", "H1", "GRILLE", "007", "T01", "niveau", code, *cell)
    candidate, entry, row, raw, value, state = mark_text(mark)
    yield mark
    yield MarkRow("H1", candidate, entry, row, raw, value, state) if raw else None
    yield CountedMark("GRILLE", candidate, "T01", entry, row, raw, value, state, "a.xlsx", "F", "H1")
    yield SeenMark.of(mark)


@given(SHEETS, SHEETS)
def test_every_shape_of_the_same_marks_tells_the_same_changes(before, after):
    told = []
    for rank in range(4):
        sheets = ({code: list(shapes(code, cell))[rank] for code, cell in sheet.items()} for sheet in (before, after))
        old, new = ({code: mark for code, mark in sheet.items() if mark is not None} for sheet in sheets)
        told.append({(one or other).code for one, other in differences(old, new)})
    assert told == told[:1] * 4


@given(SHEETS, SHEETS)
def test_what_changed_is_changed_back(before, after):
    old, new = ({code: next(shapes(code, cell)) for code, cell in sheet.items()} for sheet in (before, after))
    there, back = set(differences(old, new)), set(differences(new, old))
    assert there == {(one, other) for other, one in back}
    assert not any(differ(mark, mark) for mark in old.values())
