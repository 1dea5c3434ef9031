"""The commission's sheet: what it sets prevails over every evaluator, and what is left blank stays computed."""

from datetime import timedelta

import openpyxl
import pytest

from engine.model import Kind
from tests import juries
from tests.cohorts import date


@pytest.fixture
def sitting(tmp_path):
    return juries.make(tmp_path / "jury")


def test_its_levels_prevail(sitting):
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    results = sitting.consolidate()
    row = results.summary("C11")
    assert (row["B3"], row["B3 état"], row["Décision"]) == (3, "Validé", "ADMIS")
    assert (row["Blocs acquis"], row["Décision calculée"], row["Décidé par"]) == ("B1; B2; B3; B4", "ADMIS", "Règles")
    assert results.level("C11", "3.1") == 3
    assert not results.anomalies("R10")
    marks = [row for row in results.sheets["Détail"] if row["Nature"] == Kind.SYNTHESE]
    assert {(row["Code"], row["Valeur retenue"]) for row in marks if row["Saisie"] == "niveau"} == {
        ("3.1", 3),
        ("3.4", 3),
    }
    assert not any(row["Nature"] == Kind.SYNTHESE for row in results.sheets["Manquants"])


def test_what_it_replaces_no_longer_blocks(sitting):
    def faults():
        results = sitting.consolidate()
        found = {row["Message"].partition(",")[0]: row["Gravité"] for row in results.anomalies(Candidat="C14")}
        return {code: found[code] for code in ("1.2", "1.3", "2.9", "4.2")}, results

    assert set(faults()[0].values()) == {"bloquante"}
    sitting.synthesis("C14", {"1.2": 3})
    found, results = faults()
    assert found == {"1.2": "avertissement", "1.3": "bloquante", "2.9": "bloquante", "4.2": "bloquante"}
    row = results.summary("C14")
    assert (row["B1"], row["B1 état"], row["Décision"]) == (3, "Validé", "ADMIS")


def test_an_unreadable_one_holds_the_competence_back(sitting):
    sitting.synthesis("C12", {"1.1": "quatre"})
    results = sitting.consolidate()
    assert results.anomaly("V03", Candidat="C12")["Gravité"] == "bloquante"
    row = results.summary("C12")
    assert (row["B1 état"], row["Décision"]) == ("En attente", "EN ATTENTE")
    assert "à corriger\u202f: 1.1 (commission)" in row["Motifs"]


def test_a_blank_one_says_nothing(sitting):
    before = sitting.consolidate().sheets["Synthèse"]
    sitting.synthesis("C12", {})
    sitting.synthesis("C11", {"3.1": "NE"}, "autre.xlsx", motif="Rien à redire")
    results = sitting.consolidate()
    assert results.sheets["Synthèse"] == before
    assert not any(row["Nature"] == Kind.SYNTHESE for row in results.sheets["Détail"] if row["Candidat"] == "C12")


def test_a_computed_level_that_moved_since_is_told(sitting):
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    (grid,) = sitting.returns.rglob("MÜLLER Noé Grille de compétences (1).xlsx")
    book = openpyxl.load_workbook(grid)
    ((title, address),) = book.defined_names["grille_niveau_3.1"].destinations
    assert book[title][address].value == 2
    book[title][address].value = 1
    book.save(grid)
    date(grid, sitting.clock + timedelta(hours=1), sitting.clock + timedelta(hours=1))
    results = sitting.consolidate()
    assert results.level("C11", "3.1") == 3
    told = results.anomaly("R10")
    assert (told["Gravité"], told["Candidat"], told["Valeur"]) == ("avertissement", "C11", "2 → 1")
    assert results.summary("C11")["Décision"] == "ADMIS"


def test_one_of_another_cohort_holds_back_what_it_set(sitting):
    path = sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    forge(path, Kind.SYNTHESE)
    results = sitting.consolidate()
    assert results.anomaly("I03", Fichier="synthèse.xlsx")["Gravité"] == "bloquante"
    assert results.level("C11", "3.1") == results.level("C11", "3.4") == ""
    assert results.level("C11", "3.2") == 2
    assert results.summary("C11")["Décision"] == "EN ATTENTE"


def test_a_later_one_that_cannot_be_used_leaves_no_level_to_the_rules(sitting):
    """Whether the commission took back what only the earlier one sets is not known until the later one is mended."""
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    forge(sitting.synthesis("C11", {"4.1": 3}, "deuxième.xlsx"), Kind.SYNTHESE)
    date(sitting.returns / "deuxième.xlsx", sitting.clock, sitting.clock)
    results = sitting.consolidate()
    assert [results.level("C11", code) for code in ("3.1", "3.4", "4.1")] == ["", "", ""]
    told = results.anomaly("I06", Fichier="deuxième.xlsx")
    assert told["Gravité"] == "bloquante"
    assert "« synthèse.xlsx » : niveau 3.1 (3) ; niveau 3.4 (3)" in told["Message"].replace("\u202f", " ")
    assert results.summary("C11")["Décision"] == "EN ATTENTE"


def forge(path, kind):
    book = openpyxl.load_workbook(path)
    for line in book[kind.record.title].iter_rows(max_row=15):
        for cell in line:
            if isinstance(cell.value, str) and f"/{kind}/" in cell.value:
                cell.value = cell.value[:-9] + "AAAA-AAAA"
    book.save(path)


def test_a_later_one_counts_and_what_it_changed_is_told(sitting):
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    sitting.synthesis("C11", {"3.1": 3, "3.4": 2}, "deuxième.xlsx")
    results = sitting.consolidate()
    assert results.summary("C11")["B3"] == 2
    assert "niveau 3.4 : 3 → 2" in results.anomaly("I06", Fichier="deuxième.xlsx")["Message"].replace("\u202f", " ")


def test_a_reason_that_comes_alone_undoes_no_level_unseen(sitting):
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    sitting.synthesis("C11", {}, "deuxième.xlsx", motif="Niveaux retirés")
    results = sitting.consolidate()
    assert results.anomaly("I06", Fichier="deuxième.xlsx")["Gravité"] == "bloquante"
    assert (results.level("C11", "3.1"), results.summary("C11")["Décision"]) == ("", "EN ATTENTE")


def test_once_every_level_is_set_no_grid_is_awaited(sitting):
    levels = {item.code: 3 for item in sitting.referential.competences}
    assert any(row["Candidat"] == "C05" for row in sitting.consolidate().sheets["Manquants"])
    sitting.synthesis("C05", levels)
    results = sitting.consolidate()
    assert not any((row["Candidat"], row["Nature"]) == ("C05", "GRILLE") for row in results.sheets["Manquants"])


def test_the_sheets_go_out_again_only_where_they_say_something_else(sitting):
    assert sitting.issue() == []
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    again = sitting.issue()
    assert sorted(path.name for path in again) == ["Délibération.xlsx", "MÜLLER Noé Synthèse.xlsx"]
    book = openpyxl.load_workbook(sitting.issued(Kind.SYNTHESE, "C11"))
    ((title, address),) = book.defined_names["synthese_niveau_3.1"].destinations
    assert book[title][address].value == 3
