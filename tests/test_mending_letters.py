"""The drafts of reminders: whom they are for, what they ask, and that any mail program opens them."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import date, datetime
from email import policy

import pytest

from engine.model import Candidate, Evaluator, Kind, Role, Roster, Session
from engine.model.anomalies import make
from engine.office import mail
from engine.outputs import reminders
from engine.outputs.reminders.needs import Item, Needs

NOW = datetime(2025, 6, 2, 8, 30)
TUTOR = Evaluator(id="T01", last_name="Benali", first_name="Karim", roles=frozenset({Role.TUTOR}), email="k@x.example")
OFFICE = Evaluator(
    id="S01", last_name="Blanc", first_name="Lise", roles=frozenset({Role.SECRETARIAT}), email="s@x.example;t@x.example"
)
ELOISE = Candidate(id="007", last_name="Lefèvre", first_name="Éloïse")
ADAM = Candidate(id="C02", last_name="Éric-Adam", first_name="Bao")
SESSION = Session(cohort="Promotion des Tilleuls", centre="Lyon", session="juin 2025")
ROSTER = Roster(session=SESSION, candidates=(ELOISE, ADAM), evaluators=(TUTOR, OFFICE))
FAULT = make(
    "V03", "1.1, Niveau : « 4+ » n'est pas un nombre clair.", file="tuteurs/à moi.xlsx", sheet="Grille", cell="H12"
)
WANTED = Needs(
    TUTOR, missing=[Item(Kind.TRAVAUX, ADAM)], to_mend=[Item(Kind.GRILLE, ELOISE, (FAULT,))], unfinished=[], refused=[]
)


def parsed(wanted=WANTED, copies=None, roster=ROSTER, now=NOW):
    content = reminders.draft(wanted, {"Grille d'Éloïse.xlsx": b"PK"} if copies is None else copies, roster, now)
    return email.message_from_bytes(content, policy=policy.default)


def body(**changes):
    return parsed(**changes).get_body().get_content()


def test_a_draft_opens_ready_to_be_sent():
    message = parsed()
    assert (message["X-Unsent"], message["From"], message["To"]) == ("1", "", "k@x.example")
    assert message["Subject"] == "Promotion des Tilleuls, juin 2025 : 1 fiche attendue, 1 fiche à reprendre"
    assert message["Date"].datetime.replace(tzinfo=None) == NOW
    assert message.get_body().get_content_charset() == "utf-8"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "Grille d'Éloïse.xlsx"
    assert attached.get_content() == b"PK"
    assert attached.get_content_type().endswith("spreadsheetml.sheet")
    assert not message.defects


@pytest.mark.parametrize("cohort", ["Été", "Promotion « Élodie Ébène » à l'été, " * 3, "P\r\nBcc: z@x.example"])
def test_a_subject_is_read_as_it_was_written(cohort):
    message = parsed(roster=replace(ROSTER, session=replace(SESSION, cohort=cohort)))
    shown = " ".join(f"{cohort}, juin 2025 : 1 fiche attendue, 1 fiche à reprendre".split())
    assert message["Subject"] == shown
    assert message["Bcc"] is None


def test_it_says_what_is_missing_and_what_is_wrong_in_plain_words():
    said = body()
    assert "Bonjour Karim Benali," in said
    assert "Travaux évalués d’ÉRIC-ADAM Bao" in said
    assert "Grille de compétences de LEFÈVRE Éloïse (votre fichier « à moi.xlsx »)" in said
    assert "1.1, Niveau : « 4+ » n'est pas un nombre clair (case H12)." in said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, None),
        (date(2025, 7, 1), "Le jury se réunit le 1er juillet 2025"),
        (date(2025, 6, 2), "Le jury se réunit le 2 juin 2025"),
        (date(2025, 6, 1), "Le jury était fixé au 1er juin 2025"),
    ],
)
def test_the_day_of_the_jury_is_the_deadline(day, said):
    text = body(roster=replace(ROSTER, session=replace(SESSION, jury_date=day)))
    assert said in text if said else "jury" not in text


@pytest.mark.parametrize("address", ["", "pas une adresse@", "élo@x.example", "a@b@c", "k@x.example\nBcc: z@x.example"])
def test_an_address_that_no_message_can_bear_leaves_an_empty_line(address):
    message = parsed(replace(WANTED, evaluator=replace(TUTOR, email=address)))
    assert message["To"] == ""
    assert message["Bcc"] is None


def test_the_secretariat_is_written_to_at_each_address():
    message = parsed(Needs(None, missing=[Item(Kind.NOTES, None)]), {})
    assert message["To"] == "s@x.example, t@x.example"
    assert "Notes de la cohorte" in message.get_body().get_content()
    assert reminders.file_name(Needs(None)) == "Secrétariat.eml"


def test_nothing_read_in_a_return_breaks_the_letter():
    sly = replace(FAULT, message="a\r\nBcc: z@x.example\u202e\x00 b\n.\n", file="x\u202efdp.xlsx")
    said = body(wanted=replace(WANTED, to_mend=[Item(Kind.GRILLE, ELOISE, (sly,))]))
    assert "\u202e" not in said
    assert "a Bcc: z@x.example<U+202E>" in said


def test_long_lists_of_cells_are_cut():
    blank = make("V09", "27 valeurs manquent.", gravity=None, cell="; ".join(f"H{row}" for row in range(1, 28)))
    said = body(wanted=Needs(TUTOR, unfinished=[Item(Kind.GRILLE, ELOISE, (blank,))]))
    assert "H12 et 15 autres" in said


def test_a_refused_sheet_says_what_its_author_can_do():
    refusal = make("I07", "Grand oral : la fiche n'est pas signée.", cell="B50", file="a.xlsx")
    said = body(wanted=Needs(TUTOR, refused=[Item(Kind.ORAL, ELOISE, (refusal,))]), copies={})
    assert "Tapez votre code personnel" in said
    assert "joint" not in said


def test_the_day_it_was_made_is_the_only_difference():
    once, twice = (reminders.draft(WANTED, {"a.xlsx": b"PK"}, ROSTER, now) for now in (NOW, NOW.replace(day=3)))
    assert once != twice
    assert mail.same_but_for_date(once, twice)
    assert reminders.draft(WANTED, {"a.xlsx": b"PK"}, ROSTER, NOW) == once
    assert not mail.same_but_for_date(once, reminders.draft(WANTED, {"a.xlsx": b"PK2"}, ROSTER, NOW))


def test_file_names_suit_every_system():
    person = replace(TUTOR, last_name='Be<n>a/li"', first_name="Ka:rim")
    assert reminders.file_name(Needs(person)) == "BE_N_A_LI_ Ka_rim (T01).eml"
