"""What goes out by message: workbooks to fill, sheets asked for again; what is no longer true is withdrawn."""

from __future__ import annotations

import email
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import process
from engine.commands.templates import issue
from engine.model import GUIDE
from engine.templates import Written
from engine.terminal import summary
from tests import cohorts, envois
from tests.mailservers import post_office
from tests.readings import GRILLE, NOTES, ORAL

SENDER = "secretariat@centre.example"


def give_addresses(cohort):
    """Everybody gets an address, which their drafts then bear."""
    book = openpyxl.load_workbook(cohort.path / "cohorte.xlsx")
    sheet = book["Évaluateurs"]
    headings = [cell.value for cell in sheet[1]]
    column = headings.index("Courriel") + 1 if "Courriel" in headings else len(headings) + 1
    sheet.cell(1, column, "Courriel")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column, f"p{row}@x.example")
    book.save(cohort.path / "cohorte.xlsx")
    issue(cohort.path)


def standing(cohort, folder="messages"):
    """The drafts of a folder of ``envois``: name of the file -> names of what is attached."""
    found = {}
    for path in sorted((cohort.path / "envois" / folder).glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert (message["X-Unsent"], message["From"]) == ("1", "")
        found[path.stem] = {part.get_filename() for part in message.iter_attachments()}
    return found


def text(cohort, name, folder="messages"):
    (path,) = (cohort.path / "envois" / folder).glob(f"{name}*.eml")
    body = email.message_from_bytes(path.read_bytes(), policy=policy.default).get_body().get_content()
    return " ".join(body.split())


def with_deadline(cohort, days):
    """The cohort, its deadline some days from today."""
    book = openpyxl.load_workbook(cohort.path / "cohorte.xlsx")
    book["Session"].append(["Date limite", datetime.now() + timedelta(days=days)])
    book.save(cohort.path / "cohorte.xlsx")
    return cohorts.Cohort(cohort.path)


def test_everybody_is_handed_their_workbooks_the_secretariat_and_the_referent_too(cohort):
    drafts = standing(cohort)
    sent = {
        path.parent.name: {each.name for each in path.parent.glob("*.xlsx")}
        for path in (cohort.path / "envois").glob("*/*/*.xlsx")
    }
    assert drafts["Secrétariat"] == {"Notes.xlsx"}
    assert {name.rpartition("(")[2].rstrip(")"): names for name, names in drafts.items() if "(" in name} == sent


@pytest.mark.parametrize(("drafts", "place"), [(0, "(ils sont dans envois)"), (2, "prêts dans envois/messages)")])
def test_messages_are_told_of_only_where_some_stand_ready(drafts, place):
    """Nobody has an address: there is none."""
    written = Written(tuple(envois.planned()), (), {}, drafts=drafts)
    assert place in " ".join(summary.issued(Path("lyon"), written))


def test_nothing_new_leaves_the_drafts_as_they_stand(cohort):
    before = {path: path.read_bytes() for path in (cohort.path / "envois" / "messages").iterdir()}
    assert issue(cohort.path).written == ()
    assert {path: path.read_bytes() for path in (cohort.path / "envois" / "messages").iterdir()} == before


def test_somebody_enrolled_later_is_handed_out_alone_once_the_others_went(cohort):
    give_addresses(cohort)
    with post_office() as served:
        url = f"smtp://127.0.0.1:{served.port}"
        done = CliRunner().invoke(process.main, ["send", str(cohort.path), "--smtp", url, "--from", SENDER])
    assert served.taken, done.output
    line = "C09         | Nouveau  | Ana    | T01    | F01        | J01;J02 |"
    cohort = cohort.enrol(lambda table: f"{table.rstrip()}\n{line}\n" if "Formateurs" in table else table)
    issue(cohort.path)
    assert {name for name in standing(cohort)["BENALI Karim (T01)"] if "Grille" in name} == {
        "NOUVEAU Ana Grille de compétences.xlsx"
    }


def test_nobody_is_asked_for_anything_on_the_first_day(cohort):
    results = cohort.consolidate()
    assert standing(cohort, "relances") == {}
    assert not results.report.awaited.late
    assert "Date limite" in results.report.awaited.next_step


@pytest.mark.parametrize(("days", "late"), [(2, False), (0, False), (-1, True)])
def test_nobody_is_late_before_the_deadline_has_passed(cohort, days, late):
    cohort = with_deadline(cohort, days)
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", "quatre")
    book.save()
    results = cohort.consolidate()
    assert bool(standing(cohort, "relances")) is late
    assert bool(standing(cohort, "a_corriger")) is not late  # what is wrong is asked for all the same
    assert ("en retard depuis" in results.report.awaited.words) is late


def test_a_night_that_changed_nothing_sees_the_deadline_pass(cohort, monkeypatch):
    cohort = with_deadline(cohort, 0)
    cohort.filled(ORAL).save()
    for _ in range(2):
        cohort.consolidate()
    assert standing(cohort, "relances") == {}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((datetime.now() + timedelta(days=1)).timestamp())))
    cohort.consolidate()
    assert standing(cohort, "relances")


def test_a_reminder_carries_what_it_asks_for_and_is_withdrawn_with_it(cohort):
    cohort.filled(ORAL).save()
    cohort.consolidate()
    asked = standing(cohort, "relances")
    assert asked["BENALI Karim (T01)"] == set(standing_books(cohort, "tuteurs/T01"))
    assert asked["Secrétariat"] == {"Notes.xlsx"}
    assert standing(cohort) == {}  # those who are reminded are not handed the same a second time
    cohort.filled(NOTES).save("n.xlsx")
    cohort.consolidate()
    assert "Secrétariat" not in standing(cohort, "relances")


def standing_books(cohort, place):
    return [path.name for path in (cohort.path / "envois" / place).glob("*.xlsx")]


def test_what_came_is_handed_out_no_more(cohort):
    cohort = with_deadline(cohort, 5)
    cohort.filled(NOTES).save()
    cohort.consolidate()
    assert "Secrétariat" not in standing(cohort)
    assert "BENALI Karim (T01)" in standing(cohort)


def test_a_signature_that_is_required_is_told_everywhere(signed):
    book = signed.book(GRILLE)
    texts = {str(cell.value) for sheet in book.workbook for line in sheet.iter_rows() for cell in line if cell.value}
    assert "Code personnel (exigé)" in texts
    assert not any("main sur le papier" in each or "Signature ou code" in each for each in texts)
    assert any("n’est pas prise en compte" in each for each in texts)
    assert GUIDE in book.workbook.sheetnames
    prompts = [each.prompt or "" for sheet in book.workbook for each in sheet.data_validations.dataValidation]
    assert any("Une signature sur papier" in each.replace("’", "'") for each in prompts)
    assert "tapant votre code personnel" in text(signed, "BENALI")
    signed.filled(ORAL).save()
    signed.consolidate()
    assert "tapant votre code personnel" in text(signed, "BENALI", "relances")


def test_one_that_is_not_required_is_asked_for_as_before(cohort):
    book = cohort.book(GRILLE)
    texts = {str(cell.value) for sheet in book.workbook for line in sheet.iter_rows() for cell in line if cell.value}
    assert "Signature ou code personnel" in texts
    assert "code personnel" not in text(cohort, "BENALI")


def test_templates_reminds_to_hand_the_codes_out_and_they_can_be_printed(signed, tmp_path):
    said = CliRunner().invoke(process.main, ["templates", str(signed.path)]).output
    assert "remettez à chacun son code personnel" in said
    out = tmp_path / "codes.xlsx"
    done = CliRunner().invoke(process.main, ["codes", str(signed.path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o077 == 0
    sheet = openpyxl.load_workbook(out).active
    assert len(sheet.row_breaks.brk) == len(signed.roster.evaluators) - 1
    again = CliRunner().invoke(process.main, ["codes", str(signed.path), "--out", str(out)])
    assert again.exit_code == 3


def test_a_file_that_is_plainly_no_return_does_not_keep_a_session_open(cohort):
    (cohort.path / "retours" / "ordre du jour.txt").write_text("Réunion à 14 h.\n", encoding="utf-8")
    (cohort.path / "retours" / "liste.csv").write_text("nom;ville\nA;B\n", encoding="utf-8")
    (cohort.path / "retours" / "logo.gif").write_bytes(b"GIF89a" + b"\0" * 64)
    done = CliRunner().invoke(process.main, ["close", str(cohort.path)])
    assert done.exit_code == 3  # everybody is pending
    assert "ordre du jour" not in done.output
    assert "liste" not in done.output
    assert "logo" not in done.output
