"""Which version counts, held to an independent rule; and that no name, path or arrival order changes it."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake.versions import resolve
from engine.intake.versions.clocks import Clocks
from engine.model import Kind, Mark
from engine.model.returns import FileReport, SheetReport, SheetStatus
from engine.model.tables import EXCLUDED, MISSING, VALUE
from tests.test_versions import JUNE

HOUR, SECOND = 3_600, 1_000_000_000
EXCEL, LIBREOFFICE, OTHER = "Microsoft Excel", "LibreOffice", "Tableur"


# ------------------------------------------------------------------------------------- two versions


def clocks(hour, program=EXCEL, *files):
    """A version saved at an hour of the calendar (``None``: undated), its files dated by hours too."""
    saved = None if hour is None else JUNE + timedelta(hours=hour)
    return Clocks(saved, program, [int(each * HOUR * SECOND) for each in files or (0,)])


@pytest.mark.parametrize(
    ("one", "other", "follows"),
    [
        (clocks(0), clocks(1), True),
        (clocks(1), clocks(1), False),
        (clocks(0, LIBREOFFICE), clocks(1, LIBREOFFICE), True),
        (clocks(0, OTHER), clocks(1, OTHER), True),
        (clocks(0, ""), clocks(1, ""), False),  # two programs that do not say their names may be two
        (clocks(0), clocks(14, LIBREOFFICE), False),
        (clocks(0), clocks(14.1, LIBREOFFICE), True),
        (clocks(0, LIBREOFFICE), clocks(12), False),
        (clocks(0, LIBREOFFICE), clocks(12.1), True),
        (clocks(0, LIBREOFFICE), clocks(26, OTHER), False),
        (clocks(0, LIBREOFFICE), clocks(26.1, OTHER), True),
        (clocks(None), clocks(100), False),
        (clocks(0), clocks(None, EXCEL, 100), False),
        (clocks(None, "", 0), clocks(None, "", 1), True),
        (clocks(None, "", 0), clocks(None, "", 1 / HOUR), False),  # a folder copied: its files are a moment apart
        (clocks(None, "", 0), clocks(None, "", 2 / HOUR), True),
        (clocks(0, EXCEL, 1), clocks(1, EXCEL, 0), False),
        (clocks(0, EXCEL, 1 / HOUR), clocks(1, EXCEL, 0), True),
        (clocks(0, EXCEL, 2 / HOUR), clocks(1, EXCEL, 0), False),
        (clocks(1, EXCEL, 1), clocks(0, EXCEL, 0, 2), True),  # the very bytes sent again after it
        (clocks(1, EXCEL, 1), clocks(0, EXCEL, 2, 3), False),
        (clocks(1, EXCEL, 1, 3), clocks(0, EXCEL, 0, 2), False),
    ],
)
def test_what_two_dates_say(one, other, follows):
    assert other.follows(one) is follows
    assert not one.follows(other) or not follows


@given(
    st.lists(
        st.builds(
            clocks,
            st.none() | st.integers(0, 40),
            st.sampled_from([EXCEL, LIBREOFFICE, OTHER, ""]),
            st.integers(0, 3),
        ),
        min_size=2,
        max_size=2,
    )
)
def test_no_two_versions_follow_each_other(pair):
    one, other = pair
    assert not (one.follows(other) and other.follows(one))
    assert not one.follows(one)


def test_zones_put_no_date_out_of_the_calendar():
    first, last = (Clocks(each, LIBREOFFICE, [0]) for each in (datetime.min, datetime.max))
    middle = Clocks(JUNE, EXCEL, [0])
    assert middle.follows(first)
    assert last.follows(middle)


# -------------------------------------------------------------------------- the rule, written apart


def earliest(version):
    """The earliest instant (hours) that a version may have been saved at, and the latest."""
    hour, program = version["hour"], version["program"]
    return (hour, hour) if program == EXCEL else (hour - 14, hour + 12)


def comes_after(one, other):
    """The rule in hours, for versions of one file each."""
    by_file = one["file"] - other["file"]
    if one["hour"] is None and other["hour"] is None:
        return by_file > 0
    if one["hour"] is None or other["hour"] is None:
        return False
    if one["program"] == other["program"] != "":
        own = one["hour"] > other["hour"]
    else:
        own = earliest(one)[0] > earliest(other)[1]
    return own and by_file >= 0


def expected(versions, cells):
    """What each cell holds: a number, ``None`` where nobody wrote, ``"?"`` where nobody knows."""
    result = {}
    for cell in cells:
        having = [each for each in versions if each["values"][cell] is not None]
        values = {each["values"][cell] for each in having}
        latest = [
            one["values"][cell]
            for one in having
            if all(
                one["values"][cell] == other["values"][cell] or comes_after(one, other)
                for other in having
                if one is not other
            )
        ]
        result[cell] = next(iter(latest)) if latest else ("?" if values else None)
    return result


CELLS = ("A", "B", "C")
versions = st.fixed_dictionaries(
    {
        "hour": st.none() | st.sampled_from([0, 1, 13, 15, 27, 40]),
        "program": st.sampled_from([EXCEL, LIBREOFFICE, OTHER, ""]),
        "file": st.integers(0, 3),
        "values": st.fixed_dictionaries({cell: st.none() | st.sampled_from([3, 4]) for cell in CELLS}),
    }
)


def report(version, name, rank, kind=Kind.NOTES):
    """A file that holds one version."""
    marks = []
    for cell, value in version["values"].items():
        place = (cell, "EN", "EN") if kind is Kind.NOTES else ("007", "points", cell)
        raw, state = ("", MISSING) if value is None else (str(value), VALUE)
        number = value if value is None else Decimal(value)
        marks.append(Mark(name, "F", f"{cell}1", str(kind), place[0], "", *place[1:], raw, number, state))
    empty = all(value is None for value in version["values"].values())
    status = SheetStatus.EMPTY if empty else SheetStatus.RECEIVED
    who = ("", "") if kind is Kind.NOTES else ("007", "J01")
    sheet = SheetReport("F", kind, *who, status, marks, found=marks)
    saved = None if version["hour"] is None else JUNE + timedelta(hours=version["hour"])
    return FileReport(
        name,
        modified_ns=version["file"] * HOUR * SECOND,
        digest=f"{rank:064}",
        saved=saved,
        program=version["program"],
        sheets=[sheet],
    )


def decided(reports):
    """What each place holds once the versions are settled."""
    resolve(reports)
    marks = [mark for each in reports for sheet in each.sheets for mark in sheet.marks]
    places = [mark.place for mark in marks]
    assert len(set(places)) == len(places)
    return {mark.place: "?" if mark.state == EXCLUDED else mark.value for mark in marks}


@settings(max_examples=150, deadline=None)
@given(st.lists(versions, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_cells_of_shared_sheets_follow_the_rule_whatever_their_files_are_called(found, dice):
    wanted = {(cell, "EN", "EN"): value for cell, value in expected(found, CELLS).items()}
    for _ in range(3):
        names = dice.sample([f"{letter}/{letter}.xlsx" for letter in "abcdefgh"], len(found))
        order = dice.sample(range(len(found)), len(found))
        assert decided([report(found[rank], names[rank], rank) for rank in order]) == wanted


@settings(max_examples=150, deadline=None)
@given(st.lists(versions, min_size=2, max_size=4))
def test_no_permutation_of_names_or_files_changes_what_a_whole_sheet_holds(found):
    outcomes = set()
    for names in itertools.permutations("abcd"[: len(found)]):
        reports = [
            report(each, name, rank, Kind.ORAL) for rank, (each, name) in enumerate(zip(found, names, strict=True))
        ]
        outcomes.add(tuple(sorted(decided(sorted(reports, key=lambda each: each.path)).items())))
    assert len(outcomes) == 1
