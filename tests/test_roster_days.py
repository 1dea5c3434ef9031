"""The days of the jury in the roster: what is read, and what is refused with its cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from engine import referential as referentials
from engine.model.people import Session
from engine.model.sittings import Passage, Sitting
from tests.rosters import book, places, problems, read, saved

DAYS = """
Date       | Salle | Début | Fin   | Jurés    | Pauses
30/01/2025 | A     | 09:00 | 17:00 | J01; j02 | 12:00-13:30
"""


@pytest.fixture(scope="module")
def certification():
    return referentials.load("cgco_rncp34465")


def with_days(days=DAYS, passages=(), **parts):
    made = book(**parts)
    sheet = made.create_sheet("Journées")
    for line in days.strip().splitlines():
        sheet.append([cell.strip() or None for cell in line.split("|")])
    made["Candidats"]["K1"] = "Passage"
    for row, passage in enumerate(passages, start=2):
        made["Candidats"].cell(row, 11, passage)
    return made


def test_a_roster_without_days_is_read_as_ever(tmp_path):
    roster = read(saved(book(), tmp_path))
    assert roster.sittings == ()
    assert {each.passage for each in roster.candidates} == {None}
    assert roster.session.time_zone == Session().time_zone == "Europe/Paris"


def test_an_hour_that_is_none_is_quoted_as_the_sheet_shows_it(tmp_path):
    made = with_days()
    made["Journées"]["D2"] = timedelta(hours=24)
    (told,) = problems(made, tmp_path)
    assert told == "Journées!D2 : « 24:00:00 » n'est pas une heure ; tapez-la sous la forme hh:mm."


def test_a_sitting_is_read_whole_whatever_cells_hold_its_hours(tmp_path):
    expected = Sitting(
        day=date(2025, 1, 30),
        room="A",
        start=time(9),
        end=time(17),
        jurors=("J01", "J02"),
        breaks=((time(12), time(13, 30)),),
    )
    assert read(saved(with_days(), tmp_path)).sittings == (expected,)
    made = with_days()
    made["Journées"]["A2"], made["Journées"]["C2"], made["Journées"]["D2"] = date(2025, 1, 30), time(9), time(17)
    assert read(saved(made, tmp_path)).sittings == (expected,)
    made["Journées"]["C2"] = "9h00"
    made["Journées"]["F2"] = "12:00 – 13h30 ; 15:30-15:45"
    breaks = (*expected.breaks, (time(15, 30), time(15, 45)))
    assert read(saved(made, tmp_path)).sittings == (replace(expected, breaks=breaks),)


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("A", "31/02/2025"),
        ("C", "9"),
        ("C", 0.375),
        ("C", "24:00"),
        ("C", None),
        ("B", None),
        ("D", "09:00"),
        ("D", "08:59"),
        ("E", None),
        ("E", "J99"),
        ("E", "T01"),
        ("F", "midi"),
        ("F", "12:30-1:30"),
        ("F", time(12, 30)),
    ],
)
def test_what_makes_no_sitting_is_refused_with_its_cell(tmp_path, column, typed):
    made = with_days()
    made["Journées"][f"{column}2"] = typed
    assert places(problems(made, tmp_path)) == [f"Journées!{column}2"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("30/01/2025 | B | 10:00 | 12:00 | J02", ["Journées!E3"]),
        ("30/01/2025 | a | 16:59 | 18:00 | F01", ["Journées!B3"]),
        ("30/01/2025 | A | 08:00 | 18:00 | J01;J02", ["Journées!B3", "Journées!E3", "Journées!E3"]),
        ("30/01/2025 | A | 17:00 | 18:00 | J01", []),
        ("31/01/2025 | A | 09:00 | 17:00 | J01", []),
        ("30/01/2025 | B | 09:00 | 17:00 | F01", []),
    ],
)
def test_nobody_and_no_room_is_in_two_sittings_at_once(tmp_path, line, expected):
    made = with_days(f"{DAYS.strip()}\n{line}")
    assert (places(problems(made, tmp_path)) if expected else []) == expected
    if not expected:
        assert len(read(saved(made, tmp_path)).sittings) == 2


TWO_ROOMS = f"{DAYS.strip()}\n30/01/2025 | B 2 | 10:00 | 12:00 | F01"


@pytest.mark.parametrize("typed", ["30/01/2025 13:30", datetime(2025, 1, 30, 13, 30), "30/01/2025  13h30 a"])
def test_a_fixed_slot_is_one_of_a_sitting(tmp_path, certification, typed):
    roster = read(saved(with_days(passages=[typed]), tmp_path), lambda _: certification)
    room = "a" if isinstance(typed, str) and typed.endswith("a") else ""
    assert roster.candidates[0].passage == Passage(start=datetime(2025, 1, 30, 13, 30), room=room)


def test_the_room_is_needed_only_where_two_start_together(tmp_path, certification):
    made = with_days(TWO_ROOMS, ["30/01/2025 10:00"])
    (told,) = problems(made, tmp_path, referential_of=lambda _: certification)
    assert told.startswith("Candidats!K2 : ")
    assert "« A » ou « B 2 »" in told
    made = with_days(TWO_ROOMS, ["30/01/2025 10:00 b 2"])
    assert read(saved(made, tmp_path), lambda _: certification).candidates[0].passage.room == "b 2"


@pytest.mark.parametrize("typed", ["30/01/2025 09:30", "30/01/2025 12:00", "31/01/2025 09:00", "30/01/2025 09:00 C"])
def test_a_fixed_slot_that_no_sitting_has_is_refused(tmp_path, certification, typed):
    found = problems(with_days(passages=[typed]), tmp_path, referential_of=lambda _: certification)
    assert places(found) == ["Candidats!K2"]


@pytest.mark.parametrize("typed", ["30/01/2025", "9:00", date(2025, 1, 30).isoformat(), 45687.375, "demain 09:00"])
def test_what_is_no_slot_is_refused(tmp_path, typed):
    assert places(problems(with_days(passages=[typed]), tmp_path)) == ["Candidats!K2"]


def test_a_slot_is_given_to_one_candidate_who_may_be_heard(tmp_path, certification):
    same = ["30/01/2025 09:00", "30/01/2025 09:00 A"]
    staying = book()["Candidats"]
    assert staying["J3"].value == "abandon"
    assert read(saved(with_days(passages=same), tmp_path), lambda _: certification).candidates[1].passage
    made = with_days(passages=same)
    made["Candidats"]["J3"] = None
    found = problems(made, tmp_path, referential_of=lambda _: certification)
    assert found == ["Candidats!K3 : ce créneau est déjà celui de K2."]
    made["Candidats"]["L1"], made["Candidats"]["L3"] = "Convocation", "Non"
    assert read(saved(made, tmp_path), lambda _: certification).candidates[1].convened is False


def test_a_sheet_whose_name_is_nearly_right_is_told(tmp_path):
    made = with_days()
    made["Journées"].title = "Journée"
    assert problems(made, tmp_path) == ["Journée : cette feuille n'est pas connue ; le nom attendu est « Journées »."]


def test_what_is_kept_is_named_by_its_code(tmp_path, certification):
    made = book()
    made["Candidats"]["K1"], made["Candidats"]["K2"] = "CONSERVES", "ue1; EN ;oral;Transversales"
    candidate = read(saved(made, tmp_path), lambda _: certification).candidates[0]
    assert [candidate.keeps(code) for code in ("UE1", "EN", "ORAL", "TRANSVERSALES", "UE2")] == [True] * 4 + [False]
    made["Candidats"]["K2"] = "UE99;B1"
    found = problems(made, tmp_path, referential_of=lambda _: certification)
    assert places(found) == ["Candidats!K2", "Candidats!K2"]


def test_the_people_and_the_place_of_the_jury_are_read(tmp_path):
    made = book(
        session="Champ | Valeur\nLieu | Salle des fêtes\nFuseau | Indian/Reunion\n"
        "Courriel du certificateur | c@exemple.fr"
    )
    for column, (heading, value) in enumerate(
        (("Qualité", "Directrice"), ("Organisme", "Port & Fils"), ("Extérieur", "oui")), start=6
    ):
        made["Évaluateurs"].cell(1, column, heading)
        made["Évaluateurs"].cell(5, column, value)
    roster = read(saved(made, tmp_path))
    juror = roster.evaluator("J01")
    assert (juror.quality, juror.organisation, juror.external) == ("Directrice", "Port & Fils", True)
    assert roster.evaluator("J02").external is None
    assert (roster.session.place, roster.session.time_zone, roster.session.certifier_email) == (
        "Salle des fêtes",
        "Indian/Reunion",
        "c@exemple.fr",
    )


@pytest.mark.parametrize("typed", ["Mars/Olympus", "../etc/passwd", "Europe", "+01:00"])
def test_a_time_zone_that_does_not_exist_is_refused(tmp_path, typed):
    made = book(session=f"Champ | Valeur\nFuseau | {typed}")
    assert places(problems(made, tmp_path)) == ["Session!B2"]


def test_a_room_is_the_same_whichever_apostrophe_was_typed(tmp_path):
    days = DAYS.strip().replace("| A ", "| Salle d'étude ")
    made = with_days(f"{days}\n30/01/2025 | Salle d’étude | 10:00 | 12:00 | F01")
    assert places(problems(made, tmp_path)) == ["Journées!B3"]
