"""A closed session becomes a delivery: from the sample's jury to the certifier's check, and what must not happen."""

import email
import email.policy
import json
import re
import shutil
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from click.testing import CliRunner

import process
from engine.commands.certifier.secrets import Secrets
from engine.commands.close import close
from engine.commands.cohorts import open_cohort
from engine.commands.verify import receive
from engine.model.errors import CohortError
from engine.outputs.delivery import parse, passphrase
from engine.outputs.delivery.manifest import NAME
from engine.workspace import seals
from engine.workspace.cohort import Folder
from tests import juries
from tests.cohorts import column_of, row_of
from tests.pages import Page

PHRASE = re.compile(r"(?:[2-9A-HJ-NP-Z]{4}-){5}[2-9A-HJ-NP-Z]{4}")


@pytest.fixture
def closed(tmp_path):
    """One closed session, for one test alone."""
    return juries.make_closed(tmp_path / "demo")


def run(word, *words):
    return CliRunner().invoke(process.main, [word, *map(str, words)])


def archives(sitting):
    return sorted((sitting.path / "resultats" / "livraisons").glob("*.zip"))


def test_a_closed_session_is_delivered_and_the_certifier_finds_it_whole(closed, tmp_path):
    done = run("deliver", closed.path)
    assert done.exit_code == 0, done.output
    (phrase,) = PHRASE.findall(done.stdout)
    (archive,) = archives(closed)
    assert re.fullmatch(r"CGCo Promotion 14 \d{4}-\d\d-\d\d n1\.zip", archive.name)
    received = receive(archive, lambda _: phrase)
    assert received.faults == ()
    known = received.manifest
    assert (known.number, known.previous, known.cohort, known.candidates) == (1, None, "Promotion 14", 16)
    assert known.decisions["ADMIS"] == 8
    assert {"resultats.xlsx", "deliberation.csv", "donnees/decisions.csv", "LISEZMOI.txt"} <= set(
        received.opened.members
    )
    rows = {row["Identifiant"]: row for row in received.table("deliberation.csv")}
    assert (rows["C05"]["Règles"], rows["C05"]["Décision"], rows["C05"]["Décidé par"]) == ("PARTIEL", "ADMIS", "Jury")
    assert rows["C05"]["Motif"] == "Panne de projection"
    assert (rows["C01"]["Règles"], rows["C01"]["Motif"]) == ("ADMIS", "")
    assert rows["C13"]["Décision"] == "SORTI"
    secret = tmp_path / "secret"
    secret.write_text(phrase)
    checked = run("verify", archive, "--password-file", secret)
    assert (checked.exit_code, "sans défaut" in checked.stdout) == (0, True)


def test_the_draft_carries_the_archive_and_nothing_on_the_disk_holds_the_passphrase(closed):
    done = run("deliver", closed.path)
    (phrase,) = PHRASE.findall(done.stdout)
    (archive,) = archives(closed)
    message = email.message_from_bytes(archive.with_suffix(".eml").read_bytes(), policy=email.policy.default)
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (archive.name, "application/zip")
    assert attached.get_content() == archive.read_bytes()
    assert "7-Zip" in message.get_body().get_content()
    for path in closed.path.rglob("*"):
        if path.is_file():
            assert phrase.encode() not in path.read_bytes(), path


def test_nobody_is_named_by_what_can_be_seen_without_the_passphrase(closed):
    run("deliver", closed.path)
    (archive,) = archives(closed)
    people = open_cohort(closed.path).roster
    with zipfile.ZipFile(archive) as package:
        names = "\n".join(package.namelist()).casefold()
    for person in (*people.candidates, *people.evaluators):
        assert person.last_name.casefold() not in names
    assert not {"retours", ".cohorte", "cle"} & set(re.split(r"[/\n]", names))


def test_a_second_closing_makes_the_second_delivery_which_knows_the_first(closed):
    first = run("deliver", closed.path)
    assert run("reopen", closed.path, "--reason", "recours").exit_code == 0
    assert run("deliver", closed.path).exit_code == 3
    close(closed.path, accept_provisional=True)
    second = run("deliver", closed.path)
    one, two = (
        receive(path, lambda _, said=said.stdout: PHRASE.findall(said)[0])
        for path, said in zip(archives(closed), (first, second), strict=True)
    )
    assert (two.manifest.number, two.manifest.previous) == (2, one.manifest.digest)
    assert two.manifest.cohort_id == one.manifest.cohort_id
    assert parse(one.content(NAME)).digest == one.manifest.digest
    for path in archives(closed):
        path.unlink()
    run("deliver", closed.path)
    assert [path.name[-6:] for path in archives(closed)] == ["n3.zip"]


def test_an_open_session_or_one_without_a_deliberation_is_not_delivered(closed, tmp_path):
    sitting = juries.make(tmp_path / "ouverte")
    for told in ("n'est pas close", "Aucune délibération"):
        done = run("deliver", sitting.path)
        assert (done.exit_code, told in done.stderr) == (3, True), done.stderr
        assert not (sitting.path / "resultats" / "livraisons").exists()
        if "close" in told:
            close(sitting.path, accept_provisional=True)


def test_a_deliberation_that_came_after_the_closing_is_not_passed_off_as_the_one_that_counted(closed):
    closed.clock += timedelta(days=1)
    closed.deliberate({"C01": {"Décision": "AJOURNÉ", "Motif": "Erreur"}}, name="nouvelle.xlsx")
    done = run("deliver", closed.path)
    assert (done.exit_code, "R08" in done.stderr) == (3, True)


def test_a_deliberation_that_another_disputes_since_the_closing_does_not_count_any_more(closed):
    closed.clock = juries.NOON
    closed.deliberate({"C01": {"Décision": "AJOURNÉ", "Motif": "Erreur"}}, name="autre.xlsx")
    done = run("deliver", closed.path)
    assert (done.exit_code, "ne compte plus : corrigez ce que dit la feuille Anomalies" in done.stderr) == (3, True)


def test_a_deliberation_that_was_taken_away_since_the_closing_is_named_with_how_it_is_given_back(closed):
    (closed.returns / "délibération.xlsx").unlink()
    done = run("deliver", closed.path)
    assert done.exit_code == 3
    (line,) = (line for line in done.stderr.splitlines() if "restore" in line)
    assert line.startswith("  - délibération.xlsx : ")
    (digest,) = re.findall(r"[0-9a-f]{12}", line.rpartition("demo")[2])
    assert run("restore", closed.path, digest, "--out", closed.returns).exit_code == 0
    assert run("deliver", closed.path).exit_code == 0
    told = run("history", closed.path, "C05").output
    assert "Délibération, Jury" in told
    assert "Notes, Secrétariat" in told


def test_the_local_page_delivers_and_forgets_the_passphrase_once_it_was_read(closed):
    page = Page(closed.path)
    assert "Faire la livraison" in page.page("session")
    page.do("livrer")
    (phrase,) = PHRASE.findall(page.page("session"))
    assert receive(archives(closed)[0], lambda _: phrase).sound
    page.do("vu", page="session")
    assert phrase not in page.page("session")


def test_an_attestation_of_somebody_who_holds_nothing_is_not_delivered(closed):
    folder = Folder(closed.path)
    undue = folder.attestations / "C08.pdf"
    shutil.copy(folder.attestations / "C01.pdf", undue)
    done = run("deliver", closed.path)
    assert (done.exit_code, archives(closed)) == (3, [])
    assert "attestations/C08.pdf » : ôtez-le" in done.stderr
    undue.rename(undue.with_stem("C99"))  # of somebody who was forgotten since, the papers are left
    assert run("deliver", closed.path).exit_code == 0


def test_the_local_page_makes_again_what_a_closure_lost(closed):
    page = Page(closed.path)
    assert "Refaire ce qui manque" not in page.page("session")
    lost = Folder(closed.path).attestations / "C11.pdf"
    lost.unlink()
    assert "Refaire ce qui manque" in page.page("session")
    page.do("clore")
    assert lost.is_file()
    assert "Refaire ce qui manque" not in page.page("session")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("Centre", "Autre", "Centre des Tilleuls"),
        ("Session", "Autre", "Janvier 2025"),
        ("Date du jury", "30/01/2026", "30/01/2025"),
    ],
)
def test_a_roster_that_names_another_session_since_does_not_make_a_manifest_that_its_papers_contradict(
    closed, field, value, told
):
    book = openpyxl.load_workbook(closed.path / "cohorte.xlsx")
    cell = book["Session"].cell(row_of(book["Session"], field), 2)
    kept, cell.value = cell.value, value
    book.save(closed.path / "cohorte.xlsx")
    refused = run("deliver", str(closed.path))
    assert refused.exit_code == 3
    assert told in refused.output
    assert not archives(closed)
    cell.value = kept
    book.save(closed.path / "cohorte.xlsx")
    assert run("deliver", str(closed.path)).exit_code == 0


def test_a_list_of_holders_that_a_spreadsheet_saved_otherwise_is_not_delivered(closed):
    holders = Folder(closed.path).holders
    holders.write_bytes(holders.read_bytes().decode("utf-8-sig").encode("cp1252", "replace"))
    refused = run("deliver", str(closed.path))
    assert refused.exit_code == 3
    assert "titulaires.csv" in refused.output
    assert not archives(closed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("PARTIEL", "ADMIS"),
        ('"B1; B2; B4"', '"B1; B2; B3; B4"'),
        ("\nC11;", "\nC08;"),
        ("\nC15;", "\nC99;Faux;Paul;ADMIS;B1;30/01/2025;;;;;;\r\nC15;"),
    ],
)
def test_a_list_of_holders_that_somebody_altered_is_not_delivered(closed, old, new):
    holders = Folder(closed.path).holders
    content = holders.read_bytes().decode()
    assert old in content
    holders.write_bytes(content.replace(old, new, 1).encode())
    assert run("deliver", str(closed.path)).exit_code == 3
    assert not archives(closed)


@pytest.mark.parametrize(
    ("gone", "remedy"),
    [
        ("jury/Procès-verbal.pdf", "close"),
        ("jury/titulaires.csv", "close"),
        ("jury/attestations/C11.pdf", "close"),
        ("clotures", "close"),
        ("donnees/decisions.csv", "consolidate"),
    ],
)
def test_what_the_closing_wrote_is_missed_when_it_is_gone_and_comes_back_by_the_remedy(closed, gone, remedy):
    path = closed.path / "resultats" / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = run("deliver", closed.path)
    assert (done.exit_code, len(done.stderr.splitlines()), archives(closed)) == (3, 1, []), done.stderr
    assert f"« cohorte {remedy} " in done.stderr
    run(remedy, closed.path)
    done = run("deliver", closed.path)
    assert done.exit_code == 0, done.stderr
    (phrase,), (archive,) = PHRASE.findall(done.stdout), archives(closed)
    assert "attestations/C11.pdf" in receive(archive, lambda _: phrase).opened.members


def test_a_chosen_passphrase_opens_it_and_is_not_shown(closed, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("une phrase choisie par le centre\n")
    done = run("deliver", closed.path, "--password-file", secret)
    assert (done.exit_code, PHRASE.findall(done.stdout)) == (0, [])
    assert "une phrase choisie" not in done.output
    assert receive(archives(closed)[0], lambda _: "une phrase choisie par le centre").sound
    secret.write_text("trop courte")
    assert run("deliver", closed.path, "--password-file", secret).exit_code == 3


@pytest.mark.parametrize("chosen", ["h7KqWm2zRtb9XcYvN4pLdGs8", "res ver de la grange sans clef"])
def test_a_chosen_passphrase_that_has_the_signs_of_ours_opens_it_too(closed, tmp_path, chosen):
    secret = tmp_path / "secret"
    secret.write_text(f"{chosen}\n")
    assert len(passphrase.readings(chosen)) == 2
    run("deliver", closed.path, "--password-file", secret)
    assert run("verify", archives(closed)[0], "--password-file", secret).exit_code == 0


def test_no_code_nor_key_leaves_the_centre(closed):
    opened = open_cohort(closed.path)
    key = seals.read_key(closed.path)
    secrets = Secrets.of(opened.roster, key)
    code = seals.personal_code(key, "J01")
    clean = {"a.csv": b"Identifiant;Motif\r\nC01;rien", "b.pdf": code.encode()}
    secrets.require_absent(clean)
    for told in (code, code.lower().replace("-", " "), f"Signé {code}.", key.hex()):
        with pytest.raises(CohortError, match="rien n'a été livré") as refused:
            secrets.require_absent(clean | {"deliberation.csv": f"C01;{told};x".encode()})
        assert told not in str(refused.value)


def test_the_journal_of_deliveries_names_nobody_and_is_missed_when_it_is_spoiled(closed):
    run("deliver", closed.path)
    journal = closed.path / ".cohorte" / "livraisons.jsonl"
    (line,) = journal.read_text(encoding="utf-8").splitlines()
    assert set(json.loads(line)) == {"quand", "numero", "manifeste", "archive"}
    journal.write_text("{")
    assert run("deliver", closed.path).exit_code == 3


@pytest.mark.parametrize(
    ("identifier", "heading", "value", "told"),
    [
        ("C04", "Identifiant", "C44", ("C04 (DUPONT-MOREAU Anaïs) n'y est plus", "C44 (DUPONT-MOREAU Anaïs) n'en")),
        ("C04", "Identifiant", "c04", ("C04 (DUPONT-MOREAU Anaïs) s'y écrit c04",)),
        ("C05", "Nom", "Durand", ("C05 (FABRE Joséphine) s'y appelle DURAND Joséphine",)),
    ],
)
def test_people_who_are_no_longer_those_of_the_closure_are_named_with_what_to_do(
    closed, identifier, heading, value, told
):
    book = openpyxl.load_workbook(closed.path / "cohorte.xlsx")
    sheet = book["Candidats"]
    cell = sheet.cell(row_of(sheet, identifier), column_of(sheet, heading))
    kept, cell.value = cell.value, value
    book.save(closed.path / "cohorte.xlsx")
    closed.consolidate()
    refused = run("deliver", str(closed.path))
    assert (refused.exit_code, archives(closed)) == (3, [])
    assert all(words in refused.output for words in (*told, "reopen", "consolidate"))
    cell.value = kept
    book.save(closed.path / "cohorte.xlsx")
    assert run("deliver", str(closed.path)).exit_code == 3  # the data still name somebody else
    closed.consolidate()
    assert run("deliver", str(closed.path)).exit_code == 0


def test_data_that_are_no_longer_those_of_the_closure_are_not_delivered(closed):
    (notes,) = closed.returns.rglob("Notes janvier*.ods")
    kept = notes.rename(closed.path / notes.name)
    closed.drop(closed.path / "cohorte.xlsx", "un registre.xlsx")
    closed.consolidate()
    refused = run("deliver", closed.path)
    assert (refused.exit_code, archives(closed)) == (3, [])
    told = " ".join(refused.output.split())
    assert "C01 (Décision calculée, EN, EN état, UE1, UE2)" in told
    assert "rouvrez la session" in told
    kept.rename(notes)
    assert run("deliver", closed.path).exit_code == 3
    closed.consolidate()  # with a return more, that tells nothing of anybody
    assert run("deliver", closed.path).exit_code == 0
