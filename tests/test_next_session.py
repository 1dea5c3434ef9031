"""What a closed session leaves to the next one: who comes along, with what they hold; and what is never guessed."""

import hashlib
import re
import shutil

import openpyxl
import pytest
from click.testing import CliRunner

import process
from engine.commands.cohorts import open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.model import Kind, State
from tests import cohorts, juries, rosters
from tests.cohorts import OTHER
from tests.pages import Page

WITHOUT_TITLE = ["C02", "C04", "C07", "C08", "C11", "C14", "C16"]


@pytest.fixture
def old(tmp_path):
    """One closed session, for one test alone."""
    return juries.make_closed(tmp_path / "d")


def run(*words):
    return CliRunner().invoke(process.main, list(map(str, words)))


def rows(path, title="Candidats"):
    """The rows of a sheet, by heading; blank cells are empty texts."""
    sheet = openpyxl.load_workbook(path)[title]
    headings, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, (value or "" for value in line), strict=True)) for line in lines if any(line)]


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree(folder):
    return {path.relative_to(folder): sha(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def renamed(cohort, identifier, last_name, title="Candidats"):
    """Have the roster of a cohort give an identifier to somebody else."""
    book = openpyxl.load_workbook(cohort / "cohorte.xlsx")
    sheet = book[title]
    (row,) = (line for line in sheet.iter_rows() if line[0].value == identifier)
    row[1].value = last_name
    book.save(cohort / "cohorte.xlsx")


# ----------------------------------------------------------------------------------- from a real session


def test_the_candidates_without_the_title_come_along_with_their_blocs(old, tmp_path):
    before, new = tree(old.path), tmp_path / "e"
    done = run("init", new, "--from", old.path)
    assert done.exit_code == 0, done.output
    assert f"{len(WITHOUT_TITLE)} candidats repris : {', '.join(WITHOUT_TITLE)}." in done.stdout
    found = {row["Identifiant"]: row for row in rows(new / "cohorte.xlsx")}
    assert list(found) == WITHOUT_TITLE
    was = open_cohort(old.path).roster
    for identifier, row in found.items():
        person = was.candidate(identifier)
        assert (row["Nom"], row["Prénom"], row["Courriel"], row["Entreprise"]) == (
            person.last_name, person.first_name, person.email, person.company
        )  # fmt: skip
        assert (row["Tuteur"], row["Formateurs"]) == (";".join(person.tutors), ";".join(person.trainers))
        assert (row["Jurés"], row["Conservés"], row["Statut"]) == ("", "", "")
        assert row["Session d'origine"] == was.session.title
    assert found["C11"]["Blocs acquis"] == "B1;B2;B4"
    assert (
        found["C11"]["À décider"]
        .replace("\u00a0", " ")
        .startswith("Transversales (14/15) ; Oral (41,25/60) ; EN (12,25/20) ; UE1 (11/20)")
    )
    assert "UE3" not in found["C11"]["À décider"]
    assert "Oral" not in found["C04"]["À décider"]
    assert tree(old.path) == before


def test_the_evaluators_who_are_named_come_along_and_nobody_else(old, tmp_path):
    run("init", tmp_path / "e", "--from", old.path)
    was, found = open_cohort(old.path).roster, open_cohort(tmp_path / "e").roster
    assert {evaluator.id for evaluator in found.evaluators} == {"T01", "T02", "F01", "F02"}
    assert all(was.evaluator(evaluator.id) == evaluator for evaluator in found.evaluators)


def test_the_next_session_is_consolidated_and_its_blocs_are_held(old, tmp_path):
    run("init", tmp_path / "e", "--from", old.path)
    report = consolidate(tmp_path / "e", Options(workers=1))
    outcomes = {outcome.candidate.id: outcome for outcome in report.outcomes}
    assert outcomes["C11"].acquired == ("B1", "B2", "B4")
    assert outcomes["C08"].acquired == ()
    assert outcomes["C11"].oral.state is State.PENDING


def test_what_is_copied_from_a_decider_is_kept(old, tmp_path):
    new = tmp_path / "e"
    run("init", new, "--from", old.path)
    book = openpyxl.load_workbook(new / "cohorte.xlsx")
    sheet = book["Candidats"]
    place = {cell.value: cell.column for cell in sheet[1]}
    (row,) = (line[0].row for line in sheet.iter_rows() if line[0].value == "C11")
    listed = str(sheet.cell(row, place["À décider"]).value).split(";")
    sheet.cell(row, place["Conservés"]).value = ";".join(each.partition("(")[0] for each in listed)
    book.save(new / "cohorte.xlsx")
    outcome = next(each for each in consolidate(new, Options(workers=1)).outcomes if each.candidate.id == "C11")
    assert {outcome.transversal.state, outcome.oral.state, outcome.exam.state} == {State.VALIDATED}
    assert [code for code, unit in outcome.units.items() if unit.state is not State.VALIDATED] == ["UE3"]


def test_a_session_whose_key_is_kept_elsewhere_is_taken_up_and_the_new_one_has_its_own(old, tmp_path):
    key, new = tmp_path / "cle", tmp_path / "e"
    (old.path / ".cohorte" / "cle").rename(key)
    refused = run("init", new, "--from", old.path)
    assert (refused.exit_code, new.exists()) == (3, False)
    assert "--key-file" in refused.output
    assert run("init", new, "--from", old.path, "--key-file", key).exit_code == 0
    assert [row["Identifiant"] for row in rows(new / "cohorte.xlsx")] == WITHOUT_TITLE
    assert (new / ".cohorte" / "cle").read_bytes() != key.read_bytes()
    assert run("init", tmp_path / "f", "--key-file", key).exit_code == 2


def test_a_roster_that_is_there_is_not_touched(old, tmp_path):
    new = tmp_path / "e"
    assert run("init", new, "--from", old.path).exit_code == 0
    before = sha(new / "cohorte.xlsx")
    done = run("init", new, "--from", old.path)
    assert (done.exit_code, sha(new / "cohorte.xlsx")) == (0, before)
    assert f"Déjà au registre, sous ce nom : {', '.join(WITHOUT_TITLE)}." in done.stdout
    assert [row["Identifiant"] for row in rows(new / "reprises.xlsx")] == WITHOUT_TITLE
    assert rows(new / "reprises.xlsx", "Évaluateurs") == []  # they have their rows
    assert "complétez les lignes" in " ".join(done.output.split())
    assert "collez" not in done.output  # nobody stands twice in a roster


def test_an_empty_roster_is_not_touched_either(old, tmp_path):
    new = tmp_path / "e"
    run("init", new)
    before = sha(new / "cohorte.xlsx")
    assert run("init", new, "--from", old.path).exit_code == 0
    assert sha(new / "cohorte.xlsx") == before
    assert len(rows(new / "reprises.xlsx")) == len(WITHOUT_TITLE)
    assert len(rows(new / "reprises.xlsx", "Évaluateurs")) == 4


def test_an_identifier_that_another_name_has_is_left_out_of_its_row(old, tmp_path):
    new = tmp_path / "e"
    run("init", new, "--from", old.path)
    renamed(new, "C04", "Abadie")
    before = sha(new / "cohorte.xlsx")
    done = run("init", new, "--from", old.path)
    assert (done.exit_code, sha(new / "cohorte.xlsx")) == (1, before)
    assert "DUPONT-MOREAU Anaïs" in done.stdout
    found = {row["Nom"]: row["Identifiant"] for row in rows(new / "reprises.xlsx")}
    assert (found["Dupont-Moreau"], found["Müller"]) == ("", "C11")


def test_a_tutor_whose_identifier_another_name_has_is_nobodys_tutor(old, tmp_path):
    new = tmp_path / "e"
    run("init", new, "--from", old.path)
    renamed(new, "T01", "Abadie", "Évaluateurs")
    done = run("init", new, "--from", old.path)
    assert done.exit_code == 1
    found = {row["Identifiant"]: row for row in rows(new / "reprises.xlsx")}
    assert (found["C04"]["Tuteur"], found["C11"]["Tuteur"]) == ("", "T02")
    (brought,) = rows(new / "reprises.xlsx", "Évaluateurs")
    assert (brought["Identifiant"], brought["Nom"]) == ("", "Benali")
    assert "BENALI Karim" in done.stdout


def test_rows_that_are_replaced_are_put_aside(old, tmp_path):
    new = tmp_path / "e"
    run("init", new)
    (new / "reprises.xlsx").write_bytes(b"typed by somebody")
    run("init", new, "--from", old.path)
    assert (new / "anciens" / "reprises.xlsx").read_bytes() == b"typed by somebody"
    before = tree(new)
    run("init", new, "--from", old.path)
    assert tree(new) == before


@pytest.mark.parametrize("there", [False, True])
def test_a_session_that_is_open_leaves_nothing_to_anybody(old, tmp_path, there):
    new, other = tmp_path / "e", cohorts.make(tmp_path / "ouverte")
    if there:
        run("init", new)
    before = tree(new)
    done = run("init", new, "--from", old.path, other.path)
    assert (done.exit_code, tree(new), new.exists()) == (3, before, there)
    assert "n'est pas close" in done.stderr


def test_another_certification_takes_nothing(old, tmp_path):
    done = run("init", tmp_path / "e", "--from", old.path, "--referential", OTHER)
    assert (done.exit_code, (tmp_path / "e").exists()) == (3, False)
    assert "RNCP34465" in done.stderr


def test_a_session_is_not_the_next_one_of_itself(old):
    before = tree(old.path)
    done = run("init", old.path, "--from", old.path)
    assert (done.exit_code, tree(old.path)) == (3, before)


def test_sessions_are_named_after_from(tmp_path):
    assert run("init", tmp_path / "e", tmp_path).exit_code == 2


def test_returns_that_changed_since_the_closure_are_told(old, tmp_path):
    shutil.copy(old.issued(Kind.DELIBERATION), old.returns / "encore.xlsx")
    done = run("init", tmp_path / "e", "--from", old.path)
    assert done.exit_code == 1
    assert "ont changé depuis la clôture" in done.stdout


def test_returns_that_are_gone_take_no_bloc_away(old, tmp_path):
    shutil.rmtree(old.returns)
    old.returns.mkdir()
    done = run("init", tmp_path / "e", "--from", old.path)
    assert done.exit_code == 1
    found = {row["Identifiant"]: row for row in rows(tmp_path / "e" / "cohorte.xlsx")}
    assert (found["C11"]["Blocs acquis"], found["C11"]["À décider"]) == ("B1;B2;B4", "")
    assert "À décider ne dit rien" in done.stdout


def test_the_page_takes_a_closed_session_up(old, tmp_path):
    page = Page(tmp_path)
    assert re.search(r'name="reprendre".*<option>d</option>', page.get("/").text)
    assert page.ask("POST", "/creer", data={"nom": "e", "reprendre": "d"}).status_code == 303
    assert [row["Identifiant"] for row in rows(tmp_path / "e" / "cohorte.xlsx")] == WITHOUT_TITLE
    page.name = "e"
    assert "7 candidats repris" in re.sub(r"\s+", " ", page.page())


def test_the_page_takes_up_no_session_that_is_open_or_elsewhere(tmp_path):
    cohorts.make(tmp_path / "ouverte")
    page = Page(tmp_path)
    for name, status in (("ouverte", 409), ("../ailleurs", 404)):
        assert page.ask("POST", "/creer", data={"nom": "e", "reprendre": name}).status_code == status
    assert not (tmp_path / "e").exists()


# ---------------------------------------------------------------------------------- columns that are not read


def test_the_columns_that_say_where_somebody_comes_from_are_not_read(tmp_path):
    made = rosters.book()
    sheet = made["Candidats"]
    last = sheet.max_column
    for row, texts in enumerate([("À décider", "Session d'origine"), ("Oral (41,5/60)", "Juin 2025")], start=1):
        for shift, text in enumerate(texts, start=1):
            sheet.cell(row, last + shift).value = text
    with_columns = rosters.read(rosters.saved(made, tmp_path))
    assert with_columns == rosters.read(rosters.saved(rosters.book(), tmp_path))
