"""Which server is used, and as whom: what is given, what the environment says, what is kept for its owner only."""

import os
from dataclasses import replace

import pytest
from click.testing import CliRunner

import process
from engine.model.errors import CohortError
from engine.post import Account, Asked, Credentials, NoServerError, Protocol, keep, kept, reach
from engine.workspace.cohort import Folder
from tests import cohorts
from tests.mailservers import PASSWORD, USER, post_office, reachable

OURS = Account("smtps://s.example", "imaps://i.example/Fiches", "nom", 'sécret "\\\u2028', "s@centre.example")


@pytest.fixture
def place(tmp_path):
    return tmp_path / ".cohorte" / "courriel.json"


def test_an_account_is_kept_for_its_owner_and_read_as_it_was(place):
    assert kept(place) == Account()
    keep(place, OURS)
    assert kept(place) == OURS
    assert os.name == "nt" or place.stat().st_mode & 0o077 == 0
    assert "cret" not in repr(OURS)


def test_an_account_that_others_may_read_is_refused(place):
    keep(place, OURS)
    place.chmod(0o640)
    with pytest.raises(CohortError, match="chmod 600"):
        kept(place)


@pytest.mark.parametrize("content", ["", "[]", "{", '"x"', "\udcff"])
def test_an_account_that_cannot_be_read_is_a_sentence(place, content):
    keep(place, OURS)
    place.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(CohortError, match=r"courriel\.json"):
        kept(place)


@pytest.mark.parametrize(
    "changed",
    [
        {"smtp": "smtps://nom:secret@s.example"},
        {"smtp": "s.example"},
        {"imap": "smtps://s.example"},
        {"sender": "centre"},
        {"user": ""},
    ],
)
def test_an_account_that_could_not_be_used_is_not_kept(place, changed):
    with pytest.raises(CohortError):
        keep(place, replace(OURS, **changed))
    assert not place.exists()


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({}, True),
        ({"sender": "x@y.example"}, True),
        ({"imap": ""}, True),
        ({"user": "autre"}, False),
        ({"smtp": "smtps://ailleurs.example"}, False),
        ({"imap": "imaps://ailleurs.example"}, False),
    ],
)
def test_a_password_that_is_not_typed_again_stays_for_the_same_name_and_servers(place, changed, stays):
    keep(place, OURS)
    keep(place, replace(OURS, password="", **changed))
    assert kept(place).password == (OURS.password if stays else "")


def test_what_is_given_prevails_over_the_environment_and_that_over_what_is_kept():
    said = {"COHORTE_SMTP": "smtps://e.example", "COHORTE_SMTP_USER": "e", "COHORTE_SMTP_PASSWORD": "ep"}

    def reached(asked, given):
        server, who = reach(Protocol.SMTP, asked, given, OURS)
        return server.host, who

    assert reached(Asked(), {}) == ("s.example", Credentials("nom", OURS.password))
    assert reached(Asked("smtps://a.example"), said) == ("a.example", Credentials("e", "ep"))
    assert reached(Asked(), said) == ("e.example", Credentials("e", "ep"))
    with pytest.raises(NoServerError, match="COHORTE_IMAP"):
        reach(Protocol.IMAP, Asked(), {}, replace(OURS, imap=""))


def test_what_is_kept_goes_to_no_other_server_and_to_no_other_name():
    elsewhere = reach(Protocol.SMTP, Asked("smtps://ailleurs.example"), {}, OURS)[1]
    clear = reach(Protocol.SMTP, Asked("smtp://s.example"), {}, OURS)[1]
    assert elsewhere == clear == Credentials()
    with pytest.raises(CohortError, match="mot de passe"):
        reach(Protocol.SMTP, Asked(user="autre"), {}, OURS)


def run(*words, **environment):
    given = {"COHORTE_SMTP": None, "COHORTE_IMAP": None, "COHORTE_SMTP_USER": None, "COHORTE_SMTP_PASSWORD": None}
    return CliRunner().invoke(process.main, [*map(str, words)], env=given | environment)


@pytest.mark.parametrize("word", ["send", "fetch"])
def test_a_command_that_nobody_told_the_server_was_used_wrongly(tmp_path, word):
    folder = cohorts.make(tmp_path / "x").path
    done = run(word, folder)
    assert (done.exit_code, "Par quel serveur" in done.stderr) == (2, True)


def test_the_command_sends_by_the_environment_or_by_the_account_that_is_kept(tmp_path):
    folder = reachable(tmp_path / "x")
    drafts = len(list((folder / "envois" / "messages").glob("*.eml")))
    with post_office() as served:
        address = f"smtp://127.0.0.1:{served.port}"
        run("send", folder, COHORTE_SMTP=address, COHORTE_FROM="s@centre.example")
        went = len(served.taken)
        assert 0 < went <= drafts
        keep(Folder(folder).mail, Account(address, sender="t@centre.example"))
        (folder / ".cohorte" / "envois.jsonl").unlink()
        run("send", folder)
    assert [sender for sender, _ in served.envelopes] == ["s@centre.example"] * went + ["t@centre.example"] * went


def test_a_password_that_is_kept_is_told_nowhere(tmp_path):
    folder = cohorts.make(tmp_path / "x").path
    with post_office() as served:
        keep(Folder(folder).mail, Account(f"smtp://127.0.0.1:{served.port}", "", USER, PASSWORD, "t@centre.example"))
        done = run("send", folder)  # this server knows no passwords
    assert done.exit_code == 3
    assert PASSWORD not in done.output + (folder / ".cohorte" / "journal.jsonl").read_text(encoding="utf-8")
