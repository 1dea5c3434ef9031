"""A closed session stays closed: what closes it, what stands afterwards, what opens it again."""

import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from engine.commands.close import close, last_act
from engine.commands.reopen import reopen
from engine.ledger import frozen, hold
from engine.model import Act, ActKind, Kind
from engine.model.errors import CohortError
from engine.terminal import summary
from engine.workspace.cohort import Folder
from tests import cohorts
from tests.descriptions import at_every_bar, outcome_of
from tests.nights import Nights, again, date_back

GRILLE, ORAL, TRANSVERSALE, NOTES = Kind.GRILLE, Kind.ORAL, Kind.TRANSVERSALE, Kind.NOTES


@pytest.fixture(scope="module")
def returned(tmp_path_factory):
    """A cohort of which everything came back, filled at the best."""
    cohort = cohorts.make(tmp_path_factory.mktemp("complete") / "cohorte", referential=cohorts.OTHER)
    for candidate in cohort.roster.candidates:
        if candidate.dropped_out:
            continue
        for kind, people in ((GRILLE, candidate.tutors + candidate.trainers), (ORAL, candidate.jurors)):
            for evaluator in people:
                date_back(cohort.filled(kind, candidate.id, evaluator).save(f"{kind}-{candidate.id}-{evaluator}.xlsx"))
    date_back(cohort.filled(NOTES).save("notes.xlsx"))
    return cohort.path


@pytest.fixture(scope="module")
def looked_at(returned, tmp_path_factory):
    """The same after one night."""
    place = Path(shutil.copytree(returned, tmp_path_factory.mktemp("nuit") / "cohorte"))
    with pytest.MonkeyPatch.context() as patch:
        Nights(cohorts.Cohort(place), patch).run()
    return place


@pytest.fixture
def nights(looked_at, tmp_path, monkeypatch):
    """The same, for one test alone."""
    return again(looked_at, tmp_path / "cohorte", monkeypatch, number=1)


def test_a_return_whose_name_is_no_text_keeps_no_session_open(nights):
    if os.name == "nt":
        return
    path = nights.cohort.returns / "notes.xlsx"
    try:
        path.rename(path.with_name(os.fsdecode(b"re\xe7u.xlsx")))
    except OSError:  # a file system that takes no such name
        return
    closed = close(nights.cohort.path)
    assert last_act(Folder(nights.cohort.path)) == closed.act
    reopen(nights.cohort.path, os.fsdecode(b"re\xe7u"))
    assert close(nights.cohort.path).act.returns == closed.act.returns


def spoil(nights, level):
    """The tutor of 007 sends another grid, every level so low."""
    book = nights.cohort.filled(GRILLE)
    for row in book.form(GRILLE).rows:
        book.put(GRILLE, "niveau", row.code, level)
    (nights.cohort.returns / "GRILLE-007-T01.xlsx").unlink()
    date_back(book.save("GRILLE-007-T01.xlsx"))
    (nights.cohort.returns / "GRILLE-007-F01.xlsx").unlink()


def acts(nights):
    return sorted((nights.private() / "actes").glob("*.json"))


def test_a_complete_session_is_closed_with_what_its_decisions_rest_on(nights):
    closed = close(nights.cohort.path)
    body = json.loads(acts(nights)[0].read_text(encoding="utf-8"))
    assert {who: word for who, word, *_ in body["decisions"]} == {
        "007": "ADMIS",
        "C02": "ADMIS",
        "C03": "ADMIS",
        "C04": "SORTI",
    }
    assert set(body["returns"]) == {path.name for path in nights.cohort.returns.iterdir()}
    assert set(body["rest_on"]) == {"program", "referential", "roster"}
    assert (body["accepted"], body["seal"]) == ([], closed.act.seal)
    assert closed.copy.read_bytes() == (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes()
    book = openpyxl.load_workbook(closed.copy)
    told = [cell.value for line in book["Référentiel"].iter_rows() for cell in line if cell.value]
    assert any("4 décisions figées" in str(value) and closed.act.seal[:16] in str(value) for value in told)
    assert any("Session close le" in str(cell.value) for line in book["Synthèse"].iter_rows(max_row=6) for cell in line)


def test_what_is_pending_is_listed_and_nothing_is_written(nights):
    nights.cohort.write("photo.xlsx", b"%PDF-1.7")
    (nights.cohort.returns / "ORAL-C03-J02.xlsx").unlink()
    results = nights.cohort.path / "resultats" / "resultats.xlsx"
    before = results.read_bytes()
    with pytest.raises(CohortError) as refusal:
        close(nights.cohort.path)
    lines = str(refusal.value).splitlines()
    assert any(line.startswith("  - F02, photo.xlsx") for line in lines)
    assert any("NGUYEN Bao (C03)" in line for line in lines)
    assert results.read_bytes() == before
    assert acts(nights) == []
    assert f" close {nights.cohort.path} --accept-provisional " in lines[-1]
    closed = close(nights.cohort.path, accept_provisional=True)
    assert len(closed.act.accepted) == len(lines) - 2
    with pytest.raises(CohortError, match="déjà close"):
        close(nights.cohort.path, accept_provisional=True)


def test_credits_that_alone_would_change_are_told_on_both_sides():
    """Also where one side has none: the two decisions would read the same."""
    with_credits = at_every_bar()
    without = with_credits | {"notes": dict.fromkeys(with_credits["notes"], "10") | {"EN": "12"}}
    for before, now, told in ((with_credits, without, ("60", "0")), (without, with_credits, ("0", "60"))):
        at = datetime(2026, 3, 2, 12, tzinfo=UTC)
        closure = Act(number=1, kind=ActKind.CLOSE, at=at, decisions=(frozen(outcome_of(before)),))
        (held,), (anomaly,) = hold([outcome_of(now)], closure)
        said = re.findall(r"ADMIS \(B1, B2, B3, B4\), (\d+) crédit", f"{anomaly.message}")
        assert tuple(said) == told
        assert f"{told[1]} crédit" in held.reasons[0]


def test_a_frozen_decision_stands_and_what_would_change_it_is_told(nights):
    close(nights.cohort.path)
    spoil(nights, 0)
    night = nights.run()
    assert night.summary("007")["Décision"] == "ADMIS"
    assert re.search(r"figée à la clôture.*donneraient AJOURNÉ[^.]*\. \w", night.summary("007")["Motifs"])
    told = night.anomaly("R08")
    assert (told["Gravité"], told["Candidat"], told["Valeur"]) == ("bloquante", "007", "ADMIS → AJOURNÉ")
    assert "cohorte reopen DOSSIER" in told["Correction"]
    assert any(
        f" reopen {nights.cohort.path} " in line for line in summary.consolidation(nights.cohort.path, night.report)
    )
    assert night.report.needs_a_person
    sheet = openpyxl.load_workbook(night.path)["Synthèse"]
    (decision,) = (cell for cell in sheet[cohorts.row_of(sheet, "007")] if cell.value == "ADMIS")  # no formula
    assert decision.column == cohorts.column_of(sheet, "Décision")
    assert any("Session close" in remark for remark in night.report.remarks)
    assert nights.run().anomaly("R08")  # every night, until somebody decides


def test_what_changes_no_decision_is_only_read(nights):
    close(nights.cohort.path)
    date_back(nights.cohort.filled(Kind.VALIDATION).save("pièces.xlsx"))
    night = nights.run()
    assert "R08" not in night.codes
    assert night.states["pièces.xlsx"] == "Accepté"


def test_a_frozen_candidate_that_leaves_the_roster_is_told(nights):
    close(nights.cohort.path)
    nights.cohort.enrol(lambda table: "\n".join(line for line in table.splitlines() if not line.startswith("C02")))
    assert nights.run().anomaly("R08", Candidat="C02")


def test_reopening_needs_a_reason_which_the_results_show(nights):
    with pytest.raises(CohortError, match="n'est pas close"):
        reopen(nights.cohort.path, "pour voir")
    close(nights.cohort.path)
    with pytest.raises(CohortError, match="raison"):
        reopen(nights.cohort.path, "  ")
    spoil(nights, 0)
    reopen(nights.cohort.path, "Recours de 007")
    night = nights.run()
    assert night.summary("007")["Décision"] == "AJOURNÉ"
    assert "R08" not in night.codes
    book = openpyxl.load_workbook(night.path)
    told = [str(cell.value) for line in book["Référentiel"].iter_rows() for cell in line]
    assert any("Recours de 007" in value for value in told)


def test_a_session_stays_closed_when_its_memory_is_lost(nights):
    close(nights.cohort.path)
    (nights.private() / "memoire.sqlite").write_bytes(b"spoiled" * 999)
    spoil(nights, 0)
    night = nights.run()
    assert night.anomaly("R08")
    assert night.summary("007")["Décision"] == "ADMIS"


def test_an_act_that_was_changed_by_hand_is_mended_by_the_other(nights):
    close(nights.cohort.path)
    (act,) = acts(nights)
    whole = act.read_text(encoding="utf-8")
    act.write_text(whole.replace("ADMIS", "AJOURNÉ"), encoding="utf-8")
    assert nights.run(dry_run=True).report.outcomes[0].decision == "ADMIS"
    nights.run()
    assert act.read_text(encoding="utf-8") == whole


def test_a_closure_whose_results_cannot_be_written_is_taken_back(nights, monkeypatch):
    def full(*_, **__):
        raise CohortError("disque plein")

    with monkeypatch.context() as disk:
        disk.setattr("engine.commands.night.publishing.write_results", full)
        with pytest.raises(CohortError, match="disque plein"):
            close(nights.cohort.path)
    assert acts(nights) == []
    spoil(nights, 0)
    assert nights.run().summary("007")["Décision"] == "AJOURNÉ"


def test_what_is_frozen_is_what_was_looked_at_though_the_memory_says_otherwise(nights):
    with closing(sqlite3.connect(nights.private() / "memoire.sqlite")) as base:
        base.execute("UPDATE decisions SET decision = 'AJOURNÉ'")
        base.commit()
    act = close(nights.cohort.path).act
    assert {str(each.decision) for each in act.decisions} == {"ADMIS", "SORTI"}


def test_a_closure_stopped_after_its_act_is_taken_up_by_the_next_night(nights, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as death:
        death.setattr("engine.commands.night.publishing.complete_closure", die)
        death.setattr("engine.ledger.Ledger.take_back", lambda *_: None)  # nobody is left to do it
        with pytest.raises(Killed):
            close(nights.cohort.path)
    copies = nights.cohort.path / "resultats" / "clotures"
    assert (len(acts(nights)), copies.exists()) == (1, False)
    nights.run()
    (copy,) = copies.iterdir()
    assert copy.read_bytes() == (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes()


def test_whoever_comes_after_the_closure_is_pending_and_told(nights):
    nights.cohort.enrol(lambda table: "\n".join(line for line in table.splitlines() if not line.startswith("C02")))
    nights.run()
    close(nights.cohort.path, accept_provisional=True)
    nights.cohort.enrol(str)
    night = nights.run()
    assert night.anomaly("R08", Candidat="C02")["Gravité"] == "bloquante"
    assert night.summary("C02")["Décision"] == "EN ATTENTE"


def test_another_person_under_a_frozen_identifier_is_told(nights):
    close(nights.cohort.path)
    name = nights.run().summary("C02")["Nom"]
    nights.cohort.enrol(lambda table: table.replace(name, "KOWALSKI"))
    told = nights.run().anomaly("R08", Candidat="C02")
    assert (told["Gravité"], "KOWALSKI" in told["Valeur"]) == ("bloquante", True)
