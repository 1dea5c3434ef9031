"""Workbooks come in from a real mailbox: none lost, none twice, nothing deleted on the server, nothing overwritten."""

from __future__ import annotations

import os
from base64 import encodebytes
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

import process
from engine import post
from engine.intake.ignored import is_ignored
from engine.model.errors import CohortError
from engine.post import Filing, Protocol
from engine.post.imap import Unread, _moment
from tests import cohorts
from tests.mailservers import PASSWORD, REMOTE, USER, Dovecot

pytestmark = pytest.mark.imap
JUNE = datetime(2025, 6, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def mailbox(mail_server, monkeypatch):
    """The server, its mailbox empty, its authority known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.authority))
    mail_server.empty()
    return mail_server


@pytest.fixture
def folder(tmp_path):
    return cohorts.make(tmp_path / "cohorte").path


def message(
    *workbooks: tuple[str, bytes], sender: str = "Karim Benali <k.benali@x.example>", subject: str = "Fiches"
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, USER, subject
    made.set_content("Bonjour, voici.")
    for name, content in workbooks:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def fetch(folder: Path, server: Dovecot, url: str = "", **environment: str):
    given = {"COHORTE_IMAP_USER": USER, "COHORTE_IMAP_PASSWORD": PASSWORD} | environment
    address = url or f"imaps://localhost:{server.tls_port}"
    return CliRunner().invoke(process.main, ["fetch", str(folder), "--imap", address], env=given)


def filed(folder: Path) -> dict[str, bytes]:
    place = folder / "retours" / "courriel"
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_the_workbooks_of_unread_messages_are_filed_and_told(folder, mailbox):
    mailbox.deliver(message(("Grille.xlsx", b"PK1"), ("été.ODS", b"PK2"), ("photo.jpg", b"x")), JUNE)
    mailbox.deliver(message(sender="a@x.example"), JUNE)
    done = fetch(folder, mailbox)
    place = f"{JUNE.astimezone():%Y-%m-%d} k.benali@x.example"
    assert filed(folder) == {f"{place}/Grille.xlsx": b"PK1", f"{place}/été.ods": b"PK2"}
    assert mailbox.flags() == [True, False]
    assert done.exit_code == 1
    assert "2 messages non lus : 2 nouveaux classeurs rangés" in done.output
    assert "aucun classeur joint" in done.output
    assert "a@x.example" in done.output


def test_a_file_bears_the_date_of_its_message(folder, mailbox):
    mailbox.deliver(message(("a.xlsx", b"PK1")), JUNE)
    fetch(folder, mailbox)
    (path,) = (folder / "retours" / "courriel").rglob("*.xlsx")
    assert path.stat().st_mtime == JUNE.timestamp()


def test_the_next_command_files_nothing_twice(folder, mailbox):
    mailbox.deliver(message(("a.xlsx", b"PK1")), JUNE)
    assert fetch(folder, mailbox).exit_code == 0
    again = fetch(folder, mailbox)
    assert (again.exit_code, again.output) == (0, "Aucun message non lu.\n")
    mailbox.deliver(message(("b.xlsx", b"PK1")), JUNE.replace(day=20))  # the same bytes, later, under another name
    done = fetch(folder, mailbox)
    assert list(filed(folder).values()) == [b"PK1"]
    assert "déjà là" in done.output
    assert mailbox.flags() == [True, True]
    (path,) = (folder / "retours" / "courriel").rglob("*.xlsx")
    assert path.stat().st_mtime == JUNE.replace(day=20).timestamp()  # sent again after others: it comes after them


def test_names_never_overwrite_nor_lead_elsewhere(folder, mailbox):
    names = ["a.xlsx", "a.xlsx", "../../../b.xlsx", "C:\\x\\c.xlsx", ".d.xlsx", "~$e.xlsx", "con.xlsx", "f\u202ex.xlsx"]
    names += ["g" * 300 + ".xlsx", "h?:*.xlsx", ".xlsx", "i.xlsx ", "J.XLSX"]
    mailbox.deliver(message(*((name, f"PK{rank}".encode()) for rank, name in enumerate(names))), JUNE)
    assert fetch(folder, mailbox).exit_code == 0
    found = filed(folder)
    assert sorted(found.values()) == sorted(f"PK{rank}".encode() for rank in range(len(names)))
    assert {len(Path(name).parts) for name in found} == {2}
    assert not any(is_ignored(f"courriel/{name}") for name in found)
    assert all(name.isprintable() and len(Path(name).name) < 120 for name in found)
    assert {Path(name).suffix for name in found} == {".xlsx"}
    assert not any(Path(name).stem.casefold() == "con" for name in found)
    assert all(path.is_relative_to(folder / "retours" / "courriel") for path in folder.rglob("*PK*"))


def test_what_stands_there_by_another_hand_is_never_replaced(folder, mailbox):
    place = folder / "retours" / "courriel" / f"{JUNE.astimezone():%Y-%m-%d} k.benali@x.example"
    place.mkdir(parents=True)
    (place / "a.xlsx").write_bytes(b"mine")
    mailbox.deliver(message(("a.xlsx", b"PK1")), JUNE)
    fetch(folder, mailbox)
    assert sorted(filed(folder).values()) == [b"PK1", b"mine"]


def test_a_message_forwarded_within_a_message_is_read(folder, mailbox):
    outer = message(sender="office@x.example")
    outer.add_attachment(message(("a.xlsx", b"PK1")))
    mailbox.deliver(outer, JUNE)
    assert fetch(folder, mailbox).exit_code == 0
    assert list(filed(folder).values()) == [b"PK1"]


def test_a_workbook_without_a_name_is_known_by_its_type(folder, mailbox):
    made = message()
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    made.add_attachment(b"PK1", maintype="application", subtype=kind)
    mailbox.deliver(made, JUNE)
    assert fetch(folder, mailbox).exit_code == 0
    (name,) = filed(folder)
    assert name.endswith("/classeur.xlsx")


def test_a_message_that_is_attached_as_a_file_is_filed_as_one(folder, mailbox):
    inner = message(("a.xlsx", b"PK1")).as_bytes()
    mailbox.deliver(message(("b.xlsx", b"PK2"), ("Fwd.eml", inner), ("Fiche", b"PK3")), JUNE)
    headers = b"From: a@x.example\r\nDate: Mon, 2 Jun 2025 10:00:00 +0200\r\nContent-Type: multipart/mixed; boundary=X"
    about = b"Content-Type: message/rfc822; name=Tr.eml\r\nContent-Transfer-Encoding: base64"
    mailbox.deliver(headers + b"\r\n\r\n--X\r\n" + about + b"\r\n\r\n" + encodebytes(inner) + b"\r\n--X--\r\n", JUNE)
    assert fetch(folder, mailbox).exit_code == 0
    assert {Path(name).name for name in filed(folder)} == {"b.xlsx", "Fwd.eml", "Fiche.xlsx"}  # the same is filed once
    assert filed(folder)[next(name for name in filed(folder) if name.endswith("Fwd.eml"))] == inner
    assert mailbox.flags() == [True, True]


@pytest.mark.parametrize("name", ["Oral.7z", "Grille scannée.PDF", "winmail.dat"])
def test_what_may_be_a_sheet_and_is_no_workbook_leaves_its_message_unread(folder, mailbox, name):
    mailbox.deliver(message(("a.xlsx", b"PK1"), (name, b"x")), JUNE)
    done = fetch(folder, mailbox)
    assert (done.exit_code, mailbox.flags(), list(filed(folder).values())) == (1, [False], [b"PK1"])
    assert f"laissé non lu : « {name} » n'est pas un classeur, et peut être une fiche" in done.output.replace(
        "\u2019", "'"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Grille v1.2", b"PK2"),
        ("Grille.dat", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("scan", b"%PDF-1.4"),
        ("attachment", b"7z\xbc\xaf\x27\x1c"),
    ],
)
def test_what_is_named_like_nothing_known_is_told_by_its_bytes(folder, mailbox, name, content):
    mailbox.deliver(message(("a.xlsx", b"PK1"), (name, content)), JUNE)
    done = fetch(folder, mailbox)
    assert (done.exit_code, mailbox.flags(), list(filed(folder).values())) == (1, [False], [b"PK1"])
    assert f"laissé non lu : « {name} »" in done.output


def test_a_file_in_the_text_itself_leaves_its_message_unread(folder, mailbox):
    made = message(("a.xlsx", b"PK1"))
    next(made.iter_parts()).set_content("Voici.\n\nbegin 644 Fiche.xlsx\n#0V%T\n`\nend\n")
    mailbox.deliver(made, JUNE)
    done = fetch(folder, mailbox)
    assert (done.exit_code, mailbox.flags(), list(filed(folder).values())) == (1, [False], [b"PK1"])
    assert "laissé non lu : « sans nom »" in done.output


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: =?utf-8?b?////?= <\r\nSubject: =?x?q?=?=\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b'Content-Type: multipart/mixed; boundary="' + b"x" * 5000 + b'"\r\n\r\n',
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
    ],
)
def test_a_message_that_breaks_every_rule_stops_no_other(folder, mailbox, content):
    mailbox.deliver(content or b"\r\n", JUNE)
    mailbox.deliver(message(("a.xlsx", b"PK1")), JUNE)
    done = fetch(folder, mailbox)
    assert done.exit_code == 1, done.output
    assert list(filed(folder).values()) == [b"PK1"]
    assert mailbox.flags() == [False, True]


def test_what_is_too_heavy_stays_unread_and_is_told(folder, mailbox, monkeypatch):
    monkeypatch.setattr("engine.post.incoming.MOST_ATTACHED", 3)
    mailbox.deliver(message(("a.xlsx", b"PK1"), ("b.xlsx", b"PK22")), JUNE)
    done = fetch(folder, mailbox)
    assert done.exit_code == 1
    assert list(filed(folder).values()) == [b"PK1"]
    assert "« b.xlsx » dépasse" in done.output
    assert mailbox.flags() == [False]
    monkeypatch.setattr("engine.commands.fetch.MOST_BYTES", 10)
    assert "pèse plus" in fetch(folder, mailbox).output


def test_a_message_is_read_only_once_its_workbooks_are_safe(folder, mailbox, monkeypatch):
    mailbox.deliver(message(("a.xlsx", b"PK1")), JUNE)

    def full(*_args, **_more):
        raise CohortError("Le disque est plein.")

    with monkeypatch.context() as patch:
        patch.setattr("engine.post.incoming.write_whole", full)
        assert fetch(folder, mailbox).exit_code == 3
    assert mailbox.flags() == [False]
    assert fetch(folder, mailbox).exit_code == 0
    assert list(filed(folder).values()) == [b"PK1"]


def test_a_return_that_came_by_mail_counts(folder, mailbox):
    cohort = cohorts.Cohort(folder)
    path = cohort.filled(cohorts.Kind.GRILLE).save()
    mailbox.deliver(message(("Grille de compétences.xlsx", path.read_bytes())), JUNE)
    path.unlink()
    assert fetch(folder, mailbox).exit_code == 0
    results = cohort.consolidate()
    assert set(results.states.values()) == {"Accepté"}
    assert next(iter(results.states)).startswith("courriel/")


def test_starttls_and_another_folder_of_messages(folder, mailbox):
    mailbox.deliver(message(("a.xlsx", b"PK1")), JUNE)
    assert fetch(folder, mailbox, f"imap://localhost:{mailbox.port}").exit_code == 0
    missing = fetch(folder, mailbox, f"imaps://localhost:{mailbox.tls_port}/Archives")
    assert missing.exit_code == 3
    assert "« Archives » ne s'ouvre pas" in missing.output


def test_another_machine_is_never_spoken_to_in_clear(folder, monkeypatch):
    import socket

    genuine = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: genuine("127.0.0.1" if host == REMOTE else host, *rest, **more),
    )
    server = Dovecot(encrypts=False)
    try:
        server.deliver(message(("a.xlsx", b"PK1")), JUNE)
        done = fetch(folder, server, f"imap://{REMOTE}:{server.port}")
        assert done.exit_code == 3
        assert "STARTTLS" in done.output
        assert fetch(folder, server, f"imap://127.0.0.1:{server.port}").exit_code == 0
    finally:
        server.stop()


def test_a_certificate_that_nobody_vouches_for_is_refused(folder, mailbox, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    for url in (f"imaps://localhost:{mailbox.tls_port}", f"imap://localhost:{mailbox.port}"):
        done = fetch(folder, mailbox, url)
        assert done.exit_code == 3
        assert "certificat" in done.output


def test_a_wrong_password_is_told_and_never_shown(folder, mailbox):
    done = fetch(folder, mailbox, COHORTE_IMAP_PASSWORD="raté-777")
    assert done.exit_code == 3
    assert "refuse le nom ou le mot de passe" in done.output
    assert "raté-777" not in done.output


def test_nobody_opens_a_mailbox_without_a_name(folder, mailbox):
    done = fetch(folder, mailbox, COHORTE_IMAP_USER="", COHORTE_IMAP_PASSWORD="")
    assert done.exit_code == 3
    assert "COHORTE_IMAP_USER" in done.output


@pytest.mark.parametrize("url", ["imaps://u:p@x.example", "smtps://x.example", "imaps://x.example/Reçus", "imaps:///"])
def test_addresses_of_servers_that_cannot_be_used(url):
    with pytest.raises(CohortError):
        post.server(url, Protocol.IMAP)


def test_a_date_is_read_whatever_the_language_of_the_machine():
    assert _moment(b" 4-Jun-2025 08:30:00 +0200") == datetime(2025, 6, 4, 6, 30, tzinfo=UTC)
    assert _moment(b"24-Dec-2025 23:30:00 -0130") == datetime(2025, 12, 25, 1, tzinfo=UTC)


def test_a_link_in_the_place_of_mail_is_not_followed_for_what_is_known(tmp_path):
    place = tmp_path / "courriel"
    place.mkdir()
    (tmp_path / "ailleurs.xlsx").write_bytes(b"PK1")
    if os.name != "nt":
        (place / "lien.xlsx").symlink_to(tmp_path / "ailleurs.xlsx")
    told = Filing(place).file(Unread("1", 10, JUNE), message(("a.xlsx", b"PK1")).as_bytes())
    assert len(told.filed) == 1
