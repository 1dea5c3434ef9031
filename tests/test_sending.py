"""Drafts go out by a real mail server: each once, never in clear text over a network, and nothing is told untrue."""

from __future__ import annotations

import os
import smtplib
import socket
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import process
from engine import post
from engine.commands.night.due import as_it_stands
from engine.office import mail
from engine.post import Fate, Journal, Sent
from tests import cohorts
from tests.mailservers import PASSWORD, REMOTE, USER, certificates, post_office, server_side

NOW = datetime(2025, 6, 2, 8, 30)
FROM = "secretariat@centre.example"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """(authority's file, TLS of the server) for this machine and for a remote name that leads here."""
    authority, chain, key = certificates(tmp_path_factory.mktemp("tls"), "localhost", "127.0.0.1", REMOTE)
    return authority, server_side(chain, key)


@pytest.fixture
def trusted(tls, monkeypatch):
    """Our authority is known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[0]))
    return tls[1]


@pytest.fixture
def remote(monkeypatch):
    """The remote name leads here."""
    genuine = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: genuine("127.0.0.1" if host == REMOTE else host, *rest, **more),
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cohort folder where drafts of our own stand."""
    monkeypatch.setattr("engine.commands.send.due_now", lambda opened, _: as_it_stands(opened.folder))
    made = cohorts.make(tmp_path / "cohorte").path
    for path in (made / "envois").rglob("*.eml"):
        path.unlink()
    return made


ATTACHED = {"Grille d'Éloïse.xlsx": b"PK\x03\x04\r\n.\r\n"}


def draft(folder: Path, name: str, to: str = "k@x.example", subject: str = "Été", text: str = "Bonjour.\n") -> Path:
    path = folder / "envois" / "messages" / f"{name}.eml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        mail.draft(mail.Message(recipients=[to], subject=subject, body=text, workbooks=ATTACHED), NOW, boundary="=_b")
    )
    return path


def run(*arguments: object, **environment: str):
    env = {"COHORTE_SMTP_USER": None, "COHORTE_SMTP_PASSWORD": None} | environment
    return CliRunner().invoke(process.main, [str(each) for each in arguments], env=env)


def send(folder: Path, server: object, *more: object, **environment: str):
    return run("send", folder, "--smtp", server, "--from", FROM, *more, **environment)


def local(served) -> str:
    return f"smtp://127.0.0.1:{served.port}"


def test_a_draft_goes_out_as_it_was_written(folder):
    draft(folder, "BENALI Karim (T01)", "k@x.example;é@x.example;l@x.example")
    with post_office() as served:
        done = send(folder, local(served))
    assert done.exit_code == 0, done.output
    (message,), (envelope,) = served.taken, served.envelopes
    assert envelope == (FROM, ("k@x.example", "l@x.example"))
    assert (message["From"], message["To"], message["Subject"]) == (FROM, "k@x.example, l@x.example", "Été")
    assert message["X-Unsent"] is None
    assert message["Message-ID"].endswith("@centre.example>")
    assert abs((message["Date"].datetime - datetime.now().astimezone()).total_seconds()) < 600
    assert message.get_body().get_content() == "Bonjour.\r\n"
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("Grille d'Éloïse.xlsx", b"PK\x03\x04\r\n.\r\n")
    assert "1 message envoyé" in done.output


def test_nothing_goes_out_twice_and_what_is_new_goes_out(folder):
    one = draft(folder, "A")
    with post_office() as served:
        send(folder, local(served))
        one.write_bytes(one.read_bytes().replace(b"Jun 2025", b"Aug 2026"))  # made again another day
        again = send(folder, local(served))
        assert len(served.taken) == 1
        assert again.exit_code == 0
        assert "1 déjà envoyé" in again.output
        draft(folder, "A", text="Autre chose.\n")
        send(folder, local(served))
        assert [message.get_body().get_content() for message in served.taken] == ["Bonjour.\r\n", "Autre chose.\r\n"]


def test_a_trial_connects_to_nobody_and_lists_what_would_go(folder):
    draft(folder, "A")
    draft(folder, "B", to="")
    done = send(folder, "smtps://nulle.part.invalid", "--dry-run")
    assert done.exit_code == 1  # somebody has no address
    assert "1 sans adresse, 1 à envoyer" in done.output
    assert "messages/A.eml, à k@x.example, 1 classeur joint" in done.output
    assert "Rien n'a été envoyé" in done.output
    assert not (folder / ".cohorte" / "envois.jsonl").exists()


def test_a_message_that_is_refused_stops_no_other_and_may_be_tried_again(folder):
    for name in "ABC":
        draft(folder, name, to=f"{name.lower()}@x.example", text=f"{name}\n")
    refuses = {"b@x.example"}
    with post_office(answer_to=lambda to: "550 5.1.1 inconnu ici" if to in refuses else "250 OK") as served:
        done = send(folder, local(served))
        assert done.exit_code == 1
        assert "refusé par le serveur : messages/B.eml" in done.output
        assert "b@x.example : 550 5.1.1 inconnu ici" in done.output
        assert [each[1] for each in served.envelopes] == [("a@x.example",), ("c@x.example",)]
        refuses.clear()
        assert send(folder, local(served)).exit_code == 0
        assert [each[1] for each in served.envelopes][2:] == [("b@x.example",)]


def test_a_content_that_is_refused_is_told(folder):
    draft(folder, "A")
    with post_office(answer_content=lambda _: "552 trop lourd") as served:
        done = send(folder, local(served))
    assert done.exit_code == 1
    assert "552 trop lourd" in done.output
    assert Journal(folder / ".cohorte" / "envois.jsonl").fate(only(folder).digest) is Fate.REFUSED


def test_addresses_refused_among_others_are_named(folder):
    draft(folder, "A", to="a@x.example; b@x.example")
    with post_office(answer_to=lambda to: "550 non" if to == "b@x.example" else "250 OK") as served:
        done = send(folder, local(served))
        assert (done.exit_code, served.envelopes) == (1, [(FROM, ("a@x.example",))])
        assert "b@x.example : 550 non" in done.output
        assert send(folder, local(served)).exit_code == 0
        assert len(served.taken) == 1


def only(folder: Path) -> post.Letter:
    (path,) = (folder / "envois" / "messages").glob("*.eml")
    return post.load(path)


def test_what_was_interrupted_is_neither_sent_again_nor_forgotten(folder):
    draft(folder, "A")
    Journal(folder / ".cohorte" / "envois.jsonl").note(only(folder).digest, Fate.TRIED, NOW)
    with post_office() as served:
        done = send(folder, local(served))
        assert (done.exit_code, served.taken) == (1, [])
        assert "peut-être envoyé : messages/A.eml" in done.output
        assert "--again" in done.output
        assert send(folder, local(served), "--again").exit_code == 0
        assert len(served.taken) == 1


def test_an_answer_that_never_came_leaves_it_uncertain(folder, monkeypatch):
    draft(folder, "A")
    draft(folder, "B", text="b\n")
    genuine = smtplib.SMTP.data

    def lost(line, content):
        genuine(line, content)
        monkeypatch.setattr(smtplib.SMTP, "data", genuine)
        raise smtplib.SMTPServerDisconnected("plus rien")

    monkeypatch.setattr(smtplib.SMTP, "data", lost)
    with post_office() as served:
        done = send(folder, local(served))
        assert done.exit_code == 1
        assert len(served.taken) == 2  # the first did go; the second by a new connection
        assert send(folder, local(served)).exit_code == 1
        assert len(served.taken) == 2


def test_the_journal_is_for_its_owner_names_nobody_and_survives_a_line_cut_short(folder):
    draft(folder, "BENALI Karim (T01)")
    with post_office() as served:
        send(folder, local(served))
        path = folder / ".cohorte" / "envois.jsonl"
        text = path.read_text()
        assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
        assert "BENALI" not in text
        assert "k@x.example" not in text
        path.write_text(text + '{"quand": "2025')
        draft(folder, "C", text="c\n")
        assert send(folder, local(served)).exit_code == 0
        assert send(folder, local(served)).exit_code == 0
        assert len(served.taken) == 2


def test_a_spoiled_journal_stops_everything(folder):
    draft(folder, "A")
    (folder / ".cohorte" / "envois.jsonl").write_text("?\n{}\n")
    with post_office() as served:
        done = send(folder, local(served))
    assert (done.exit_code, served.taken) == (3, [])
    assert "ligne 1" in done.output


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_be_spoken_to_in_clear(folder, host):
    draft(folder, "A")
    with post_office() as served:
        assert send(folder, f"smtp://{host}:{served.port}").exit_code == 0


def test_another_machine_is_never_spoken_to_in_clear(folder, remote):
    draft(folder, "A")
    with post_office(login=False) as served:
        done = send(folder, f"smtp://{REMOTE}:{served.port}", COHORTE_SMTP_USER=USER, COHORTE_SMTP_PASSWORD=PASSWORD)
    assert (done.exit_code, served.taken) == (3, [])
    assert "STARTTLS" in done.output


def test_starttls_and_a_password(folder, remote, trusted):
    draft(folder, "A")
    with post_office(starttls=trusted, login=True) as served:
        done = send(folder, f"smtp://{REMOTE}:{served.port}", COHORTE_SMTP_USER=USER, COHORTE_SMTP_PASSWORD=PASSWORD)
    assert done.exit_code == 0, done.output
    assert served.encrypted == [True]


def test_tls_from_the_first_byte_and_a_password_in_a_file(folder, remote, trusted, tmp_path):
    draft(folder, "A")
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    with post_office(tls=trusted) as served:
        done = send(folder, f"smtps://{REMOTE}:{served.port}")
    assert done.exit_code == 0, done.output
    with post_office(starttls=trusted, login=True) as served:
        draft(folder, "B", text="b\n")
        done = send(folder, f"smtp://{REMOTE}:{served.port}", "--user", USER, "--password-file", secret)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(folder, remote, tls, scheme, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    draft(folder, "A")
    with post_office(**{"starttls" if scheme == "smtp" else "tls": tls[1]}) as served:
        done = send(folder, f"{scheme}://{REMOTE}:{served.port}")
    assert (done.exit_code, served.taken) == (3, [])
    assert "certificat" in done.output
    assert "SSL_CERT_FILE" in done.output


def test_a_certificate_of_another_name_is_refused(folder, tmp_path, remote, monkeypatch):
    authority, chain, key = certificates(tmp_path, "autre.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    draft(folder, "A")
    with post_office(starttls=server_side(chain, key)) as served:
        assert send(folder, f"smtp://{REMOTE}:{served.port}").exit_code == 3
    assert served.taken == []


def test_a_wrong_password_is_told_and_never_shown(folder, trusted, remote):
    draft(folder, "A")
    with post_office(starttls=trusted, login=True) as served:
        done = send(folder, f"smtp://{REMOTE}:{served.port}", COHORTE_SMTP_USER=USER, COHORTE_SMTP_PASSWORD="raté-777")
    assert done.exit_code == 3
    assert USER in done.output
    assert "raté-777" not in done.output
    assert "raté-777" not in (folder / ".cohorte" / "journal.jsonl").read_text()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://nom:secret@x.example", "ni nom ni mot de passe"),
        ("smtp://nom@x.example", "ni nom ni mot de passe"),
        ("x.example", "smtps://smtp.exemple.fr"),
        ("http://x.example", "smtps://smtp.exemple.fr"),
        ("imaps://x.example", "smtps://smtp.exemple.fr"),
        ("smtp://x.example:99999", "smtps://smtp.exemple.fr"),
        ("smtp://", "smtps://smtp.exemple.fr"),
        ("smtp://x.example/dossier", "son nom et son port"),
        ("smtp://[::1", "smtps://smtp.exemple.fr"),
    ],
)
def test_addresses_of_servers_that_cannot_be_used(folder, url, told):
    done = send(folder, url)
    assert done.exit_code == 3
    assert told in done.output
    assert "secret@" not in done.output


def test_the_address_of_the_secretariat_is_where_messages_come_from(folder):
    draft(folder, "A")
    with post_office() as served:
        done = run("send", folder, "--smtp", local(served))
    assert done.exit_code == 3
    assert "--from" in done.output


def test_a_server_that_is_not_there(folder):
    draft(folder, "A")
    done = send(folder, "smtp://127.0.0.1:1")
    assert done.exit_code == 3
    assert "ne peut pas être joint" in done.output


def test_a_folder_without_drafts(folder):
    done = send(folder, "smtp://127.0.0.1:1")
    assert done.exit_code == 0
    assert "Aucun brouillon" in done.output


def test_each_fate_has_its_words():
    from engine.commands import mailing

    assert set(mailing._SENT) == set(Sent)
