"""Convocations go out with their invitations, each once; what the roster has since taken back stays."""

from __future__ import annotations

import shutil
from email import message_from_bytes
from email.policy import default

import openpyxl
import pytest
import vobject

from engine.commands.cohorts import open_cohort
from engine.commands.jury import jury
from engine.commands.night.due import as_it_stands
from engine.commands.session.outdated import outdated
from engine.workspace import seals
from engine.workspace.cohort import Folder
from tests.cohorts import row_of
from tests.mailservers import post_office
from tests.test_jury import SAMPLE, SEATED, enrol, planned
from tests.test_sending import local, send


@pytest.fixture(scope="module")
def convened(tmp_path_factory):
    """The sample, its jury convened."""
    made = tmp_path_factory.mktemp("convoquée") / "promotion"
    shutil.copytree(SAMPLE, made)
    enrol(made)
    jury(made)
    for path in (*Folder(made).first_drafts(), *Folder(made).drafts()):
        path.unlink()
    return made


@pytest.fixture
def folder(convened, tmp_path, monkeypatch):
    """A copy of it; reminders are left as they are."""
    monkeypatch.setattr("engine.commands.send.due_now", lambda opened, _: as_it_stands(opened.folder))
    return shutil.copytree(convened, tmp_path / "promotion")


def events(messages) -> dict[str, list]:
    """By subject and recipient, the events of each invitation."""
    found = {}
    for message in messages:
        (attached,) = message.iter_attachments()
        assert attached.get_content_type() == "text/calendar"
        assert attached.get_param("method") == "PUBLISH"
        calendar = vobject.readOne(attached.get_content())
        found[attached.get_filename()] = calendar.vevent_list
    return found


def whose(found, identifier):
    (events_,) = (each for name, each in found.items() if name.endswith(f"({identifier}).ics"))
    return events_


def test_each_goes_once_with_its_invitation(folder):
    trial = send(folder, "smtps://nulle.part.invalid", "--dry-run")
    assert "16 à envoyer" in trial.output
    assert "(C01).eml" in trial.output
    assert "1 invitation jointe" in trial.output
    with post_office() as served:
        done = send(folder, local(served))
        assert (done.exit_code, len(served.taken)) == (0, len(SEATED) + 3), done.output
        found = events(served.taken)
        written = {path.name for path in Folder(folder).convocations.glob("*.ics")}
        assert set(found) == written
        assert whose(found, "C01")[0].sequence.value == "0"
        again = send(folder, local(served))
        assert len(served.taken) == len(SEATED) + 3
    assert "16 déjà envoyés" in again.output


def test_what_changed_goes_anew_and_nothing_else(folder):
    with post_office() as served:
        send(folder, local(served))
        before = len(served.taken)
        enrol(folder, C01=("Passage", "31/01/2025 11:30"), C16=("Convocation", "Non"))
        jury(folder)
        send(folder, local(served))
        found = events(served.taken[before:])
    assert {name.rpartition("(")[2] for name in found if "(C" in name} == {"C01).ics", "C16).ics"}
    assert whose(found, "C01")[0].sequence.value == "1"
    assert whose(found, "C16")[0].status.value == "CANCELLED"


@pytest.mark.parametrize("cell", [("Convocation", "Non"), ("Statut", "Abandon")])
def test_the_convocation_of_somebody_withdrawn_since_does_not_go(folder, cell):
    enrol(folder, C16=cell)
    with post_office() as served:
        done = send(folder, local(served))
        assert done.exit_code == 1
        names = events(served.taken)
        assert not any(name.endswith("(C16).ics") for name in names)
        others = [one for one in SEATED if one != "C16"]
        assert {name.rpartition("(")[2] for name in names} == {f"{one}).ics" for one in (*others, "J02")}  # not theirs
        assert "plus à jour : convocations/" in done.output
        assert "jury" in done.output
        jury(folder)
        assert send(folder, local(served)).exit_code == 0
        assert whose(events(served.taken), "C16")[0].status.value == "CANCELLED"


def test_a_convocation_to_an_address_that_was_mended_since_does_not_go(folder):
    enrol(folder, C16=("Courriel", "mehdi@exemple.example"))
    with post_office() as served:
        assert send(folder, local(served)).exit_code == 1
        assert not any(name.endswith("(C16).ics") for name in events(served.taken))
        jury(folder)
        before = len(served.taken)
        assert send(folder, local(served)).exit_code == 0
        (message,) = served.taken[before:]
        assert message["To"] == "mehdi@exemple.example"


def test_a_convocation_to_a_place_that_changed_since_does_not_go(folder):
    book = openpyxl.load_workbook(folder / "cohorte.xlsx")
    book["Session"].cell(row_of(book["Session"], "Lieu"), 2).value = "12 rue des Tilleuls"
    book.save(folder / "cohorte.xlsx")
    trial = send(folder, "smtps://nulle.part.invalid", "--dry-run")
    assert trial.exit_code == 1
    assert "16 plus à jour" in trial.output


def test_a_convocation_reworded_by_hand_goes(folder):
    (draft,) = Folder(folder).convocations.glob("*(C16).eml")
    draft.write_bytes(draft.read_bytes().replace(b"Bien cordialement", b"A bientot"))
    assert "16 à envoyer" in send(folder, "smtps://nulle.part.invalid", "--dry-run").output


def test_a_convocation_to_a_sitting_that_is_no_more_does_not_go(folder):
    enrol(folder, [["Date", "Salle", "Début", "Fin", "Jurés"], ["30/01/2025", "A", "08:30", "12:30", "J01;J02;J03"]])
    trial = send(folder, "smtps://nulle.part.invalid", "--dry-run")
    assert trial.exit_code == 1
    assert "12 plus à jour, 4 à envoyer" in trial.output


def told_anew(folder, candidate, heading, value) -> set[str]:
    """Whose convocations stay once a cell of the roster changed; once the jury was called again, none does."""
    enrol(folder, **{candidate: (heading, value)})
    opened = open_cohort(folder)
    stale = outdated(opened, seals.read_key(folder))
    jury(folder)
    assert not outdated(opened, seals.read_key(folder))
    return {path.stem.rpartition("(")[2].rstrip(")") for path in stale}


@pytest.mark.parametrize(
    ("heading", "value", "theirs"),
    [
        ("Passage", "30/01/2025 08:30", {"C01", "C16", "J01", "J02", "J03"}),  # C01's
        ("Jurés", "J01;J02", {"J02", "J03"}),
        ("Jurés", "J01;J02;J03", {"J02"}),
        ("Jurés", None, {"C16", "J01", "J03"}),
        ("Conservés", "ORAL", {"C16", "J01", "J03"}),
        ("Blocs présentés", "B1", {"C16", "J01", "J03"}),
    ],
)
def test_what_the_roster_says_otherwise_since_does_not_go(folder, heading, value, theirs):
    assert told_anew(folder, "C16", heading, value) == theirs


def test_a_slot_given_since_to_somebody_who_is_not_convened_stays_theirs_who_had_it(folder):
    assert told_anew(folder, "C08", "Passage", "30/01/2025 08:30") == set()  # C08 failed the exam


def test_jurors_are_told_of_the_others_once_somebody_is_no_longer_of_the_roster(folder):
    book = openpyxl.load_workbook(folder / "cohorte.xlsx")
    book["Candidats"].delete_rows(row_of(book["Candidats"], "C16"))
    book.save(folder / "cohorte.xlsx")
    opened = open_cohort(folder)
    assert len(outdated(opened, seals.read_key(folder))) == 3
    jury(folder)
    assert not outdated(opened, seals.read_key(folder))


def test_an_identifier_in_other_letters_is_the_same_person_at_the_same_hour(folder):
    enrol(folder, C01=("Convocation", "Non"))
    jury(folder)
    before = planned(folder)
    enrol(folder, C12=("Identifiant", "c12"))
    jury(folder)
    after = planned(folder)
    assert after.pop("c12") == (*before.pop("C12")[:2], "Maintenu")
    assert {who: seat[:2] for who, seat in after.items()} == {who: seat[:2] for who, seat in before.items()}
    for name in ("*(c12).ics", "*(J03).ics"):  # in no calendar is it another appointment
        (path,) = Folder(folder).convocations.glob(name)
        told = vobject.readOne(path.read_text(encoding="utf-8")).vevent_list
        assert [(each.sequence.value, each.status.value) for each in told if each.uid.value.startswith("C12-")] == [
            ("0", "CONFIRMED")
        ]
        assert not any(each.uid.value.startswith("c12-") for each in told)


def test_a_juror_who_bears_the_name_and_the_identifier_of_a_candidate_has_a_convocation_of_their_own(folder):
    path = folder / "cohorte.xlsx"
    book = openpyxl.load_workbook(path)
    person = next(row for row in book["Candidats"].iter_rows(min_row=2) if row[0].value == "C01")
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.value = cell.value.replace("J01", "C01")
    juror = next(row for row in book["Évaluateurs"].iter_rows(min_row=2) if row[0].value == "C01")
    titles = [[cell.value for cell in sheet[1]] for sheet in (book["Candidats"], book["Évaluateurs"])]
    for name in ("Nom", "Prénom"):
        juror[titles[1].index(name)].value = person[titles[0].index(name)].value
    book.save(path)
    jury(folder)
    drafts = [path for path in Folder(folder).convocation_drafts() if "(C01)" in path.stem]
    subjects = [message_from_bytes(path.read_bytes(), policy=default)["Subject"] for path in drafts]
    said = [subject.replace("\u202f", " ").rpartition(" : ")[2] for subject in subjects]
    assert sorted(said) == ["convocation au grand oral", "vos passages au jury"]
    assert outdated(open_cohort(folder), seals.read_key(folder)) == set()
