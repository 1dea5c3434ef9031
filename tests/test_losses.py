"""Returns that vanish: a share that is not there is refused, an ordinary day is not; and no settled decision moves in
silence."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl.styles import Font

import process
from engine.commands.consolidate import consolidate
from engine.commands.night.publishing import troubles_of
from engine.commands.options import Options
from engine.commands.report import FollowUp, Report
from engine.commands.status import status
from engine.ledger.comparison import Evolution
from engine.model import Awaited, Kind, Roster, Run, Session
from engine.model.anomalies import Gravity, make
from engine.model.errors import LossError
from engine.outputs.briefing import Facts, as_text, compose
from engine.terminal import summary
from engine.workspace.cohort import Folder
from tests import cohorts
from tests.nights import Nights


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """A cohort whose every sheet came back, consolidated once; what a test must copy."""
    made = cohorts.make(tmp_path_factory.mktemp("pleine") / "cohorte", referential=cohorts.OTHER)
    for path in sorted((made.path / "envois").rglob("*.xlsx")):
        book = cohorts.Book(path, made)
        for kind in book.kinds:
            book.fill(kind)
        book.save(path.relative_to(made.path / "envois").as_posix())
    made.consolidate()
    return made.path


@pytest.fixture
def cohort(complete, tmp_path):
    """The same, to be spoiled."""
    return cohorts.Cohort(shutil.copytree(complete, tmp_path / "cohorte"))


@pytest.fixture
def nights(cohort, monkeypatch):
    made = Nights(cohort, monkeypatch)
    made.run()
    return made


def returns(cohort):
    return sorted(path for path in cohort.returns.rglob("*") if path.is_file())


def everything(folder):
    return {path: path.read_bytes() for path in Folder(folder).results.rglob("*") if path.is_file()}


def no_page(files):
    return {path: content for path, content in files.items() if path.stem != "rapport"}


def remove(cohort, share):
    """Remove so much of the returns, the last ones first."""
    files = returns(cohort)
    for path in files[len(files) - round(share * len(files)) :]:
        path.unlink()


# --------------------------------------------------------------------------------- what is refused


def test_an_emptied_folder_is_refused_and_nothing_is_touched(nights):
    cohort = nights.cohort
    before = no_page(everything(cohort.path))
    number = sum("PRISCA" not in path.name.upper() for path in returns(cohort))  # who left
    remove(cohort, 1)
    for _ in range(2):  # and it does not become what the next night compares with
        with pytest.raises(LossError, match=rf"^{number} des {number} retours .*partage.*--accept-loss »\.$"):
            nights.run()
    assert no_page(everything(cohort.path)) == before
    accepted = nights.run(accept_loss=True)
    assert {row["Décision"] for row in accepted.sheets["Synthèse"]} == {"EN ATTENTE", "SORTI"}
    assert accepted.report.needs_a_person
    nights.run()  # accepted once for all


def test_half_is_accepted_and_one_more_is_not(nights):
    cohort = nights.cohort
    files = returns(cohort)
    kept, half = cohort.path / "ailleurs", len(files) // 2
    shutil.copytree(cohort.returns, kept)
    for path in files[:half]:
        path.unlink()
    consolidate(cohort.path, Options(dry_run=True))
    for path in files[half : half + 1 + len(files) % 2]:
        path.unlink()
    with pytest.raises(LossError):
        consolidate(cohort.path, Options(dry_run=True))


def test_what_is_lost_little_by_little_is_told_and_goes_on(nights):
    while len(returns(nights.cohort)) > 2:
        before = len(returns(nights.cohort))
        remove(nights.cohort, 0.4)
        lost = before - len(returns(nights.cohort))
        assert len(nights.run().report.evolution.files) == lost


def test_other_contents_under_the_same_names_are_a_loss(nights):
    for path in returns(nights.cohort):
        path.write_bytes(b"%PDF-1.7")
    with pytest.raises(LossError):
        nights.run()


def test_the_memory_may_be_lost_with_the_returns(nights):
    Folder(nights.cohort.path).memory.unlink()
    remove(nights.cohort, 1)
    with pytest.raises(LossError, match="archive"):
        nights.run()


# -------------------------------------------------------------------------------- what is no loss


def test_files_renamed_moved_or_copied_are_no_loss(nights):
    for rank, path in enumerate(returns(nights.cohort)):
        path.rename(nights.cohort.returns / f"fichier {rank}.xlsx")
    assert not nights.run().report.needs_a_person


def test_returns_sent_again_are_no_loss(nights):
    for path in returns(nights.cohort):
        cohorts.rewrite(path, {"docProps/app.xml": b""})  # other bytes, the same sheets
    assert not nights.run().report.needs_a_person


def test_returns_about_people_who_left_are_no_loss(nights):
    leaving = ("007", "C02")
    names = tuple(nights.cohort.roster.candidate(identifier).name for identifier in leaving)

    def leave(table):
        return "\n".join(line + " Abandon" * line.startswith(leaving) for line in table.splitlines())

    cohort = nights.cohort.enrol(leave)
    for path in returns(cohort):
        if path.name.startswith(names) and "(C03)" not in path.name:
            path.unlink()
    decided = {each.candidate.id: each.decision for each in nights.run().report.outcomes}
    assert [decided[identifier] for identifier in leaving] == ["SORTI", "SORTI"]


def test_before_any_consolidation_there_is_nothing_to_lose(tmp_path):
    assert cohorts.make(tmp_path / "neuve", referential=cohorts.OTHER).consolidate().report.evolution.first


# --------------------------------------------------------------------------------- other commands


def run(capsys, *arguments):
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        process.main([str(argument) for argument in arguments])
    return ended.value.code, capsys.readouterr()


@pytest.mark.parametrize("command", [("consolidate",), ("consolidate", "--dry-run"), ("close",), ("fiches",)])
def test_every_command_that_decides_refuses(cohort, capsys, command):
    remove(cohort, 1)
    name, *options = command
    code, said = run(capsys, name, cohort.path, *options)
    assert (code, said.out) == (3, "")
    assert "--accept-loss" in said.err


def test_status_says_it_and_goes_on(cohort, capsys):
    remove(cohort, 1)
    code, said = run(capsys, "status", cohort.path)
    assert code == 1
    assert "qui comptaient" in said.out.splitlines()[0]


def test_while_most_is_gone_nothing_that_goes_out_is_told_as_untrue(cohort, monkeypatch):
    nights = Nights(cohort, monkeypatch)
    (cohort.returns / "secretariat" / "Notes.xlsx").unlink()
    nights.run()
    before = status(cohort.path).follow_up
    assert (before.reminders, before.untrue) == (1, 0)
    for path in returns(cohort):
        path.unlink()
    assert status(cohort.path).follow_up == before


def test_json_says_why_and_each_folder_is_weighed_alone(cohort, complete, tmp_path, capsys):
    whole = shutil.copytree(complete, tmp_path / "entière")
    remove(cohort, 1)
    code, said = run(capsys, "consolidate", cohort.path, whole, "--json")
    refused, done = json.loads(said.out)
    assert code == 3
    assert "--accept-loss" in refused["error"]
    assert done["candidates"] == 4
    assert run(capsys, "consolidate", cohort.path, "--accept-loss")[0] == 1


# ------------------------------------------------------------------------------ decisions that move


def decided(results):
    return {row["Identifiant"]: row["Décision"] for row in results.sheets["Synthèse"]}


def oral(cohort, juror, candidate="007"):
    return cohort.returns / "jurys" / juror / f"{cohort.roster.candidate(candidate).name} Grand oral.xlsx"


def test_a_settled_decision_that_went_back_blocks_on_that_night_alone(nights):
    for juror in ("J01", "J02"):
        oral(nights.cohort, juror).unlink()
    went = nights.run()
    assert decided(went)["007"] == "EN ATTENTE"
    rows = went.anomalies("R07")
    assert {(row["Gravité"], row["Candidat"]) for row in rows} == {("bloquante", "007")}
    assert all("ADMIS → EN ATTENTE" in row["Message"] for row in rows)
    assert went.report.needs_a_person
    assert not nights.run().anomalies("R07")


def test_a_mark_that_changes_no_decision_only_warns(nights):
    cohort = nights.cohort
    path = oral(cohort, "J01")
    book = cohorts.Book(path, cohort)
    code = next(row.code for row in book.form(Kind.ORAL).rows)
    book.put(Kind.ORAL, "motif", "", "Autre avis")
    cell = book.cell(Kind.ORAL, "points", code)
    cell.value = float(cell.value) - 0.5
    book.workbook.save(path)
    told = nights.run()
    assert decided(told)["007"] == "ADMIS"
    assert {row["Gravité"] for row in told.anomalies("R07")} == {"avertissement"}


def test_a_mark_that_is_no_longer_taken_is_not_said_to_be_what_it_was(nights):
    path = oral(nights.cohort, "J01")
    book = cohorts.Book(path, nights.cohort)
    cell = book.cell(Kind.ORAL, "points", next(row.code for row in book.form(Kind.ORAL).rows))
    cell.font = Font(strike=True)
    book.workbook.save(path)
    assert nights.run().anomaly("R07")["Valeur"] == f"{cell.value:g} → (écartée)".replace(".", ",")


def test_a_settled_decision_that_a_new_return_changes_is_told(nights):
    cohort = nights.cohort
    path = oral(cohort, "J02")
    book = cohorts.Book(path, cohort)
    path.unlink()
    assert decided(nights.run())["007"] == "ADMIS"
    form = book.form(Kind.TRANSVERSALE)
    (level,) = form.inputs
    for row in form.rows:
        book.put(Kind.TRANSVERSALE, "niveau", row.code, form.domain(level, row).minimum)  # the lowest juror decides
    book.workbook.save(path)
    told = nights.run()
    row = told.anomaly("R07")
    assert (row["Gravité"], row["Candidat"], row["Fichier"]) == ("bloquante", "007", "")
    assert row["Valeur"].startswith("ADMIS → PARTIEL")
    assert told.report.needs_a_person
    assert not nights.run().report.needs_a_person


def test_a_candidate_out_of_the_roster_is_told_once(nights):
    nights.cohort.enrol(lambda table: "\n".join(line for line in table.splitlines() if not line.startswith("C03")))
    rows = nights.run().anomalies("R07", Candidat="C03")
    assert {row["Gravité"] for row in rows} == {"bloquante"}
    assert all("absent du registre" in row["Message"] for row in rows)
    assert not nights.run().anomalies("R07")


# ------------------------------------------------------------- page, --quiet and exit status agree

MOVED = make("R07", "Une décision arrêtée a changé.", gravity=Gravity.BLOCKING, candidate="007")
FAULTS = {
    "nothing": [],
    "a warning": [make("R07", "Une valeur a changé.", candidate="007")],
    "a blocking anomaly": [make("V03", "« 4+ » n'est pas clair.", file="a.xlsx")],
    "a decision moved": [MOVED],
}


@pytest.mark.parametrize("notices", [(), ("La mémoire de la cohorte était abîmée.",)], ids=["", "notice"])
@pytest.mark.parametrize("trouble", ["", "le disque est plein."], ids=["", "reminders"])
@pytest.mark.parametrize("aside", [(), (Path("resultats 2025-06-14 02h10.xlsx"),)], ids=["", "dated"])
@pytest.mark.parametrize("found", FAULTS.values(), ids=FAULTS)
def test_the_first_line_the_quiet_run_and_the_status_agree(found, aside, trouble, notices):
    report = Report(
        files={}, anomalies=found, seconds=0, aside=aside, follow_up=FollowUp(trouble=trouble), notices=notices
    )
    page = as_text(
        compose(
            Facts(
                run=Run(made_at=datetime(2025, 6, 14, 6, 0), program_version="0", returns=0),
                roster=Roster(session=Session(), candidates=(), evaluators=()),
                decided=(),
                owed=Awaited(sheets=0, people=0, today=date(2025, 6, 14)),
                files={},
                anomalies=found,
                expected=(),
                evolution=Evolution(since=None),
                troubles=troubles_of(aside, report.follow_up),
                notices=notices,
            )
        )
    )
    needed = bool(aside or trouble or any(anomaly.blocking for anomaly in found))
    assert summary.status(report) == needed
    assert bool(list(summary.attention(Path("cohorte"), report))) is needed
    assert page.startswith("× Quelqu’un doit intervenir" if needed else "● Rien à faire")


def test_a_decision_that_moved_counts_as_new(nights):
    for juror in ("J01", "J02"):
        oral(nights.cohort, juror).unlink()
    nights.run()
    page = Folder(nights.cohort.path).briefing.with_suffix(".txt").read_text(encoding="utf-8")
    assert ", toutes nouvelles." in page.splitlines()[0]
