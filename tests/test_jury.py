"""The second round on the sample: who is convened, in which slot, and what is told of it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from datetime import date, datetime, time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import openpyxl
import pytest
import vobject
from click.testing import CliRunner

import process
from engine.commands.close import close
from engine.commands.consolidate import consolidate
from engine.commands.jury import jury
from engine.commands.reopen import reopen
from engine.commands.session import second_round
from engine.model import Session
from engine.model.calendars import Told
from engine.model.errors import CohortError, RosterError
from engine.outputs.planning import to_candidate
from engine.workspace.cohort import Cohort, Folder
from tests import envois

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data"
DAYS = [
    ["Date", "Salle", "Début", "Fin", "Jurés", "Pauses"],
    ["30/01/2025", "A", "08:30", "18:30", "J01;J02;J03", "12:30-13:30"],
    ["31/01/2025", "A", "08:30", "12:30", "J01;J02;J03", ""],
]
SEATED = ["C01", "C03", "C04", "C05", "C06", "C07", "C09", "C10", "C11", "C12", "C14", "C15", "C16"]


@pytest.fixture
def cohort(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1737000000")
    shutil.copytree(SAMPLE, tmp_path / "promotion")
    return tmp_path / "promotion"


def enrol(cohort, days=DAYS, **cells):
    """Write the days of the jury, and cells of candidates: identifier -> (heading, value)."""
    book = openpyxl.load_workbook(cohort / "cohorte.xlsx")
    if "Journées" in book.sheetnames:
        del book["Journées"]
    sheet = book.create_sheet("Journées")
    for line in days:
        sheet.append(line)
    people = book["Candidats"]
    headings = {cell.value: cell.column for cell in people[1]}
    for identifier, (heading, value) in cells.items():
        column = headings.setdefault(heading, max(headings.values()) + 1)
        people.cell(1, column, heading)
        row = next(row for row in range(2, people.max_row + 1) if people.cell(row, 1).value == identifier)
        people.cell(row, column).value = value
    book.save(cohort / "cohorte.xlsx")


def planned(cohort):
    """The planning: identifier -> (start, room, standing)."""
    sheet = openpyxl.load_workbook(Folder(cohort).planning)["Planning"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return {row[4]: (datetime.combine(row[0].date(), row[1]), row[3], row[8]) for row in rows}


def listed(cohort, name):
    sheet = openpyxl.load_workbook(Folder(cohort).planning)[name]
    return {row[0]: row[4] for row in sheet.iter_rows(min_row=2, values_only=True)}


def contents(cohort):
    return {
        path.relative_to(cohort).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((cohort / "envois").rglob("*"))
        if path.is_file()
    }


def invited(cohort, stem):
    (calendar,) = Folder(cohort).convocations.glob(f"*({stem}).ics")
    return vobject.readOne(calendar.read_text(encoding="utf-8"))


# ------------------------------------------------------------------------------------------ who, and when


def test_without_days_everybody_has_a_word_and_nothing_is_planned(cohort):
    made = jury(cohort)
    assert dict(made.admissibility) == {"Admissible": 13, "Dossier incomplet": 1, "Non admissible": 1}
    assert (made.convened, made.seated, made.needs_a_person) == (13, None, False)
    assert not Folder(cohort).planning.exists()
    assert not Folder(cohort).results_workbook.exists()


def test_everybody_is_seated_in_the_order_of_the_roster(cohort):
    enrol(cohort)
    made = jury(cohort)
    assert (made.convened, made.seated, dict(made.unseated), made.needs_a_person) == (13, 13, {}, False)
    found = planned(cohort)
    assert list(found) == SEATED
    hours = [8, 9, 10, 11, 13, 14, 15, 16, 17]
    expected = [datetime(2025, 1, 30, hour, 30) for hour in hours]
    expected += [datetime(2025, 1, 31, hour, 30) for hour in range(8, 12)]
    assert [start for start, _, _ in found.values()] == expected
    assert {(room, standing) for _, room, standing in found.values()} == {("A", "Nouveau")}
    assert set(listed(cohort, "Non convoqués")) == {"C02", "C08"}
    assert listed(cohort, "Non placés") == {}


def test_a_long_room_or_name_is_whole_on_the_planning_and_on_what_is_signed(cohort):
    room = "Amphithéâtre Marie-Curie, bâtiment B, deuxième étage"
    name = "de La Rochefoucauld-Montmorency-Villeneuve du Plessis-Bellière"
    enrol(cohort, [DAYS[0], [DAYS[1][0], room, *DAYS[1][2:]], *DAYS[2:]], C01=("Nom", name), C03=("Prénom", name))
    jury(cohort)
    book = openpyxl.load_workbook(Folder(cohort).planning)
    for heading in ("Salle", "Identifiant", "Jurés"):
        column = next(cell.column for cell in book["Planning"][1] if cell.value == heading)
        assert book["Planning"].cell(2, column).alignment.wrap_text
    assert book["Planning"].row_dimensions[2].height > 36
    signed = book[book.sheetnames[3]]
    heights = [signed.row_dimensions[row].height for row in (5, 6, 7)]
    assert heights[0] > heights[2] == 42


def test_run_again_nothing_is_written_again(cohort):
    enrol(cohort)
    jury(cohort)
    before = contents(cohort)
    jury(cohort)
    assert contents(cohort) == before
    assert not any("anciens" in name for name in before)


def test_one_more_moves_nobody_unless_the_planning_is_made_anew(cohort):
    enrol(cohort)
    jury(cohort)
    before = planned(cohort)
    enrol(cohort, C02=("Convocation", "Oui"))
    made = jury(cohort)
    assert (list(made.unseated), made.needs_a_person) == (["C02"], True)
    assert planned(cohort) == {who: (*where[:2], "Maintenu") for who, where in before.items()}
    again = jury(cohort, replan=True)
    assert list(again.unseated) == ["C16"]
    assert planned(cohort)["C02"][2] == "Nouveau"
    assert planned(cohort)["C03"][2] == "Déplacé"


def test_a_fixed_slot_comes_first_and_a_withdrawal_moves_nobody(cohort):
    enrol(cohort)
    jury(cohort)
    enrol(cohort, C01=("Convocation", "Non"), C16=("Passage", "30/01/2025 08:30"))
    made = jury(cohort)
    found = planned(cohort)
    assert found["C16"] == (datetime(2025, 1, 30, 8, 30), "A", "Fixé")
    assert {where[2] for who, where in found.items() if who != "C16"} == {"Maintenu"}
    assert (made.seated, list(made.unseated)) == (12, [])


ROOMS = [
    DAYS[0],
    ["30/01/2025", "A", "09:00", "10:00", "J01;J02;J03", ""],
    ["30/01/2025", "B", "10:00", "11:00", "J01;J02", ""],
]
NOBODY = dict.fromkeys(SEATED, ("Convocation", "Non"))


@pytest.mark.parametrize(
    ("jurors", "expected", "without"),
    [
        ({"C01": "J01;J02", "C03": "J03"}, {"C01": (10, "B"), "C03": (9, "A")}, []),
        ({"C01": "J01;J02", "C03": "J01;J02", "C04": "J03"}, {"C01": (9, "A"), "C03": (10, "B")}, ["C04"]),
    ],
)
def test_as_many_as_can_be_then_the_first_earliest(cohort, jurors, expected, without):
    enrol(cohort, ROOMS, **{who: cell for who, cell in NOBODY.items() if who not in jurors})
    enrol(cohort, ROOMS, **{who: ("Jurés", those) for who, those in jurors.items()})
    made = jury(cohort)
    assert {who: (start.hour, room) for who, (start, room, _) in planned(cohort).items()} == expected
    assert list(made.unseated) == without


def test_nobody_is_heard_without_a_jury_or_before_their_tutor(cohort):
    book = openpyxl.load_workbook(cohort / "cohorte.xlsx")
    for sheet, row in (("Évaluateurs", ["J01"]),):
        people = book[sheet]
        line = next(number for number in range(2, people.max_row + 1) if people.cell(number, 1).value == row[0])
        people.cell(line, 4, "Juré;Tuteur")
    book.save(cohort / "cohorte.xlsx")
    enrol(cohort, C01=("Jurés", None), C03=("Tuteur", "T03;J01"), C04=("Passage", "30/01/2025 09:30"))
    made = jury(cohort)
    assert set(made.unseated) == {"C01", "C03"}
    assert "est aussi son tuteur" in made.unseated["C03"]
    (conflict,) = made.conflicts
    assert conflict == "DE LA TOUR Jean-Baptiste (C03) : OSMANI Nadia (J01) est aussi son tuteur"
    assert made.needs_a_person


def test_what_was_published_and_is_lost_is_told(cohort):
    enrol(cohort)
    assert jury(cohort).notices == ()
    Folder(cohort).published.unlink()
    assert "n'est plus connu" in jury(cohort).notices[0]
    Folder(cohort).published.write_text("{}")
    assert len(jury(cohort).notices) == 1


def test_a_planning_of_nobody_is_not_lost(cohort):
    enrol(cohort, ROOMS, **NOBODY)
    for _ in range(2):
        assert jury(cohort).notices == ()
    assert planned(cohort) == {}


def test_a_day_of_the_jury_that_its_papers_should_not_bear_is_told(cohort):
    enrol(cohort)
    made = jury(cohort)
    assert (made.jury_date, made.days) == (date(2025, 1, 30), (date(2025, 1, 30), date(2025, 1, 31)))
    assert "Date du jury" not in " ".join(second_round.told(made))
    assert "(29/01/2025), que porteront" in " ".join(second_round.told(replace(made, jury_date=date(2025, 1, 29))))
    assert "ne donne pas la Date du jury" in " ".join(second_round.told(replace(made, jury_date=None)))


def test_where_nobody_presents_an_oral_no_sitting_is_asked_for(cohort):
    made = replace(jury(cohort), admissibility={}, convened=0, seated=None)
    told = " ".join(second_round.told(made))
    assert "Personne n'est à convoquer au grand oral." in told
    assert "Journées" not in told


def test_who_is_convened_before_too_few_jurors_is_told(cohort):
    enrol(cohort, C05=("Jurés", "J01"))
    told = CliRunner().invoke(process.main, ["jury", str(cohort)]).output
    assert "L'oral demande 2 jurés par candidat, et le registre en donne moins à C05 : complétez" in told
    enrol(cohort, C05=("Jurés", "J01;J02"))
    assert "en donne moins" not in CliRunner().invoke(process.main, ["jury", str(cohort)]).output


def test_a_day_that_is_over_is_told_lest_its_year_be_wrong(cohort):
    enrol(cohort)
    told = CliRunner().invoke(process.main, ["jury", str(cohort)]).output
    assert "passé" not in told
    assert "envoyez les convocations" in told
    enrol(cohort, [DAYS[0], ["30/01/2024", *DAYS[1][1:]], ["15/01/2025", *DAYS[1][1:]], DAYS[2]])
    told = CliRunner().invoke(process.main, ["jury", str(cohort)]).output
    assert "Jours de jury passés : 30/01/2024 et 15/01/2025." in told
    assert "envoyez les convocations" in told
    enrol(cohort, [DAYS[0], ["30/01/2024", *DAYS[1][1:]]])
    told = CliRunner().invoke(process.main, ["jury", str(cohort)]).output
    assert "Jour de jury passé : 30/01/2024." in told
    assert "envoyez les convocations" not in told


def test_a_closed_session_must_be_opened_again_first(cohort):
    close(cohort, accept_provisional=True)
    with pytest.raises(CohortError, match="close"):
        jury(cohort)
    reopen(cohort, "Erreur de salle")
    assert jury(cohort).convened == 13


def test_a_juror_in_two_places_stops_everything(cohort):
    enrol(cohort, [*DAYS, ["30/01/2025", "B", "10:00", "12:00", "J02", ""]])
    with pytest.raises(RosterError):
        jury(cohort)


def test_the_results_tell_who_is_heard_when(cohort):
    enrol(cohort)
    consolidate(cohort)
    jury(cohort)
    consolidate(cohort)
    lines = (Folder(cohort).data / "jury.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "30/01/2025 08:30:00;A" in lines[1]


# ---------------------------------------------------------------------------------------- what is sent


def test_a_candidate_is_convened_with_an_invitation_that_another_program_reads(cohort):
    enrol(cohort)
    jury(cohort)
    (path,) = Folder(cohort).convocations.glob("*(C01).eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    text = message.get_body().get_content()
    assert "jeudi 30 janvier 2025, de 08:30 à 09:30" in text
    assert "08:42 Présentation du dossier projet (10 min)" in text
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_filename() == path.with_suffix(".ics").name
    calendar = invited(cohort, "C01")
    assert calendar.method.value == "PUBLISH"
    assert (calendar.vevent.status.value, calendar.vevent.sequence.value) == ("CONFIRMED", "0")
    start = calendar.vevent.dtstart.value
    assert (start.date(), start.time(), start.utcoffset().total_seconds()) == (date(2025, 1, 30), time(8, 30), 3600)


@pytest.mark.parametrize(
    ("named", "subject"), [("", "Convocation au grand oral"), ("promo 3", "promo 3 : convocation au grand oral")]
)
def test_the_subject_of_a_convocation_is_a_sentence_also_without_the_name_of_the_session(named, subject):
    opened = Cohort(
        Folder(envois.FOLDER), replace(envois.ROSTER, session=Session(cohort=named)), envois.certification()
    )
    start = datetime(2025, 1, 30, 8, 30)
    told = Told(start=start, end=start.replace(hour=9), room="A", since=start)
    made = to_candidate(envois.CANDIDATES[0], told, opened, uid="1@x.example", now=start)
    assert message_from_bytes(bytes(made.message), policy=default)["Subject"].replace("\u202f", " ") == subject


def test_an_invitation_moves_is_cancelled_once_and_comes_back(cohort):
    enrol(cohort)
    jury(cohort)
    first = invited(cohort, "C01").vevent
    enrol(cohort, C01=("Passage", "31/01/2025 11:30"), C16=("Convocation", "Non"))
    jury(cohort)
    moved, gone = invited(cohort, "C01").vevent, invited(cohort, "C16").vevent
    assert (moved.uid.value, moved.sequence.value) == (first.uid.value, "1")
    assert (gone.status.value, gone.sequence.value) == ("CANCELLED", "1")
    before = contents(cohort)
    jury(cohort)
    assert contents(cohort) == before
    enrol(cohort, C16=("Convocation", None))
    jury(cohort)
    back = invited(cohort, "C16").vevent
    assert (back.status.value, back.sequence.value) == ("CONFIRMED", "2")


def test_a_juror_has_an_event_for_each_candidate_they_hear(cohort):
    enrol(cohort)
    jury(cohort)
    events = invited(cohort, "J03").vevent_list
    assert len(events) == sum("J03" in row for row in jurors_of(cohort))
    enrol(cohort, C16=("Convocation", "Non"))
    jury(cohort)
    states = [event.status.value for event in invited(cohort, "J03").vevent_list]
    assert (states.count("CANCELLED"), len(states)) == (1, len(events))


def jurors_of(cohort):
    sheet = openpyxl.load_workbook(Folder(cohort).planning)["Planning"]
    return [row[7] for row in sheet.iter_rows(min_row=2, values_only=True)]
