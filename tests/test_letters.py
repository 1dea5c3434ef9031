"""Scales of letters: what a file may not ask, what a cell is worth, what sheets and results show and calculate."""

import copy
import csv
import re
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from engine import referential, templates
from engine.model import Kind
from engine.office.styles import Styles, new_workbook
from engine.outputs.fiches import book
from engine.outputs.workbook.integrity import Fingerprint
from engine.outputs.workbook.near import near_cases
from engine.outputs.workbook.sources import Rows
from engine.referential import toml
from engine.templates import synopsis
from tests import cohorts
from tests.descriptions import FILES, LETTERS, TEXTS, candidate, outcome_of
from tests.libreoffice import Sort, Type
from tests.promotion import MADE_AT
from tests.results import LETTERS as EXAMPLE
from tests.results import headings, person, rows, session, sheets, table_of, workbook

EVERY = {each.code: LETTERS.scales.level.shown(each.minimum) for each in LETTERS.competences}


# ------------------------------------------------------------------------------------- typed, then decided


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """A cohort whose tutor, trainer and juror typed letters, well and badly; its folder, and its results."""
    cohort = cohorts.make(tmp_path_factory.mktemp("lettres") / "cohorte", referential=str(FILES["lettres"]))
    for evaluator, levels in (
        ("T01", {"R1.1": "b", "R1.2": " A ", "R1.4": "А", "R2.1": 3, "R2.2": "E", "R2.3": "ne"}),
        ("F01", {"R1.1": "D", "R1.2": "B", "R1.3": "A"}),
    ):
        book = cohort.filled(Kind.GRILLE, "007", evaluator)
        for code, letter in levels.items():
            book.put(Kind.GRILLE, "niveau", code, letter)
        book.put(Kind.TRAVAUX, "niveau", "CARNET", "c")
        book.save(f"{evaluator}.xlsx")
    for juror, letter in (("J01", "D"), ("J02", "b")):
        book = cohort.filled(Kind.TRANSVERSALE, "007", juror)
        book.put(Kind.TRANSVERSALE, "niveau", "TL1", letter)
        book.save(f"{juror}.xlsx")
    return cohort, cohort.consolidate()


def test_each_bad_one_is_told_where_it_stands_with_its_remedy(typed):
    found = {row["Message"].partition(",")[0]: row for row in typed[1].anomalies("V01", "V03")}
    assert {code: row["Code"] for code, row in found.items()} == {"R1.4": "V03", "R2.1": "V01", "R2.2": "V01"}
    assert {row["Gravité"] for row in found.values()} == {"bloquante"}
    assert all(row["Cellule"] and "A, B, C, D (A la plus haute)" in row["Message"] for row in found.values())


def test_the_lowest_or_the_highest_is_retained_and_shown_as_a_letter(typed):
    results = typed[1]
    assert [results.level("007", code) for code in ("R1.1", "R1.2", "R1.3", "R1.4", "R2.3")] == ["D", "B", "A", "", "A"]
    assert person(results.path, "007", "Transversales")["TL1"] == "B"
    assert results.value("007", "niveau", "R1.1", "T01") == "B"
    assert results.value("007", "niveau", "CARNET", "F01") == "C"
    assert results.summary("007")["R1 état"] == "Non validé"  # R1.1 is mandatory, and D


def test_gaps_count_steps_and_show_letters(typed):
    results = typed[1]
    assert "D par MOREL Anne (F01) et B par BENALI Karim (T01)." in results.anomaly("R02", Valeur="R1.1")["Message"]
    gap = next(row for row in results.sheets["Écarts"] if row["Code"] == "R1.1")
    assert (gap["Écart"], gap["Plus bas"], gap["Plus haut"]) == (2, "D", "B")
    assert (gap["Tuteurs"], gap["Formateurs"]) == ("B (T01)", "D (F01)")


def test_data_files_say_that_levels_are_letters(typed):
    folder = typed[0].path / "resultats" / "donnees"
    table = {
        name: list(csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8-sig"), delimiter=";"))
        for name in ("niveaux", "saisies", "dictionnaire")
    }
    levels = {row["Code"]: (row["Minimum"], row["Niveau"], row["État"]) for row in table["niveaux"][:7]}
    assert levels["R1.1"] == ("B", "D", "Non démontrée")
    assert levels["R1.4"] == ("C", "", "À corriger")
    kept = [row["Texte retenu"] for row in table["saisies"] if (row["Code"], row["Évaluateur"]) == ("R1.2", "T01")]
    assert kept == ["A"]
    told = {(row["Table"], row["Colonne"]): row for row in table["dictionnaire"]}
    assert told["niveaux", "Niveau"]["Unité"] == "lettre : A > B > C > D"
    assert "une lettre (A > B > C > D ; A > B > C)" in told["saisies", "Texte retenu"]["Signification"]


def test_a_commission_sets_letters_beside_computed_ones(tmp_path):
    """Its sheet shows letters; what it sets prevails, and a computed level that moved since is told."""
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(FILES["lettres"]))
    graded(cohort, "T01", {"R1.1": "D", "R1.4": "А"}, "avant.xlsx")
    synthesis = cohort.book(Kind.SYNTHESE)
    shown = {row[0].value: [cell.value for cell in row] for row in synthesis.sheet(Kind.SYNTHESE).iter_rows(max_col=5)}
    assert (shown["R1.1"][2:4], shown["R1.4"][2:4]) == (["B", "D"], ["C", "à corriger"])
    synthesis.put(Kind.SYNTHESE, "niveau", "R1.1", "a")
    synthesis.put(Kind.SYNTHESE, "niveau", "R1.4", "B")
    synthesis.save("commission.xlsx")
    results = cohort.consolidate()
    assert (results.level("007", "R1.1"), results.level("007", "R1.4")) == ("A", "B")
    assert not results.anomalies("R10", "S05", "I04")
    (cohort.returns / "avant.xlsx").unlink()
    graded(cohort, "T01", {"R1.1": "C"}, "après.xlsx")
    results = cohort.consolidate()
    message = results.anomaly("R10", Candidat="007", Valeur="D → C")["Message"]
    assert "fixé R1.1 à A, le niveau calculé étant D\u202f; il est maintenant C." in message
    assert results.level("007", "R1.1") == "A"


def graded(cohort, evaluator, levels, name):
    """A grid that came back: these letters, the best one elsewhere."""
    book = cohort.filled(Kind.GRILLE, "007", evaluator)
    for code, letter in levels.items():
        book.put(Kind.GRILLE, "niveau", code, letter)
    book.put(Kind.TRAVAUX, "niveau", "CARNET", "c")
    book.save(name)


def test_letters_typed_when_the_scale_had_another_order_wait(tmp_path):
    """An order that was mended after sheets went out turns the best letter into the worst: neither is taken."""
    file = tmp_path / "essai.toml"
    file.write_text(TEXTS["lettres"], encoding="utf-8")
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(file))
    graded(cohort, "T01", {"R1.1": "A", "R2.3": "NE"}, "tuteur.xlsx")
    graded(cohort, "F01", {"R1.1": "B"}, "formateur.xlsx")  # without the candidate's columns, its panel is in two lines
    file.write_text(TEXTS["lettres"].replace('"A > B > C > D"', '"D > C > B > A"'), encoding="utf-8")
    results = cohort.consolidate()
    assert [results.level("007", code) for code in ("R1.1", "R2.3")] == ["", ""]
    found = [row for row in results.anomalies("S05") if row["Gravité"] == "bloquante"]
    assert {row["Fichier"] for row in found} == {"tuteur.xlsx", "formateur.xlsx"}
    assert {row["Valeur"] for row in found} == {"A > B > C > D"}
    assert results.value("007", "niveau", "CARNET", "T01") == "C"  # a scale of its own, which is as it was
    file.write_text(TEXTS["lettres"].replace('"A > B > C > D"', '"A > B > C > D > E"'), encoding="utf-8")
    results = cohort.consolidate()
    assert results.level("007", "R1.1") == "B"
    assert {row["Gravité"] for row in results.anomalies("S05")} == {"avertissement"}


def test_words_are_weighed_as_a_sort_ranges_them():
    """Of all orders, a sort then weighs most or least, whatever the order of the letters in their scale."""

    class Column:
        def cells(self, _span, name="value"):
            return name

    values = ["F", "T", "NE", "I", "S"]
    rows_read = Rows(pd.DataFrame({"value": values, "state": ["value"] * 5}), np.arange(5))
    formula = Fingerprint(rows_read, ("I", "F", "S", "T")).unchanged(Column(), (0, 4))
    weighed = {word: int(rank) for rank, word in re.findall(r'(\d+)\*\(value="(\w+)"\)', formula)}
    assert sorted(weighed, key=weighed.get) == ["ABS", "DISP", "F", "I", "NE", "Non", "Oui", "S", "T"]


def test_a_minimum_typed_over_is_told_and_another_row_s_is_no_displaced_row(tmp_path):
    """Many rows share a letter: one that shows another's is an edited text, and no row that moved."""
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(FILES["lettres"]))
    book = cohort.filled(Kind.GRILLE)
    sheet = book.sheet(Kind.GRILLE)
    sheet.cell(cohorts.row_of(sheet, "R1.1"), cohorts.column_of(sheet, "Mini")).value = "C"
    book.save()
    results = cohort.consolidate()
    assert "R1.1, Mini" in results.anomaly("S05")["Message"]
    assert results.level("007", "R1.1") == "A"


# ------------------------------------------------------------------------------------ sheets and results


@pytest.mark.parametrize("many", [20, 40])
def test_every_formula_of_a_sheet_holds_whatever_the_scale(many):
    """Six letters, each a minimum, and many mandatory competences in a bloc: what a cell can hold is 8,192 signs."""
    document = copy.deepcopy(toml.document(LETTERS))
    document["scales"]["level"] = {"letters": "A > B > C > D > E > F"}
    one = document["bloc"][0]["competences"][0]
    more = [one | {"code": f"R1.{rank}", "minimum": "ABCDEF"[rank % 6]} for rank in range(many)]
    document["bloc"][0] |= {"competences": more, "required": many}
    document["transversal"]["domains"][0]["items"] = [
        {"code": f"TL{rank}", "title": "Item", "minimum": "ABCDEF"[rank % 6]} for rank in range(4, 30)
    ]
    rules = referential.build(document, "essai")
    found = [len(text) for text in formulas_of(rules)]
    assert len(found) > 10
    assert max(found) < 8_192


def formulas_of(rules):
    """The formulas of every sheet made of a certification."""
    for content in templates.blank(rules).values():
        for sheet in openpyxl.load_workbook(BytesIO(content)):
            for line in sheet.iter_rows():
                yield from (cell.value for cell in line if cell.data_type == "f")


@pytest.mark.gnumeric
def test_another_program_counts_letters_alike(gnumeric, tmp_path):
    """What a grid and a commission's sheet show while they are filled, in a program of other hands."""
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(FILES["lettres"]))
    graded(cohort, "T01", {"R1.1": "B", "R1.2": "A", "R1.3": "B", "R1.4": "D", "R2.2": "b"}, "grille.xlsx")
    assert {
        "■■□□\u00a0\u00a0\u00a02 démontrées sur 4, 3 requises\u202f: × non validé",
        "■■□\u00a0\u00a0\u00a02 démontrées sur 3, 2 requises\u202f: × non validé",
    } <= calculated(gnumeric, cohort.returns / "grille.xlsx", tmp_path)
    book = cohort.book(Kind.SYNTHESE)
    for code, letter in {"R1.3": "a", "R2.2": "A"}.items():
        book.put(Kind.SYNTHESE, "niveau", code, letter)
    found = calculated(gnumeric, book.save("synthèse.xlsx"), tmp_path)
    assert {"2 niveaux fixés", "● validé"} <= found
    assert not {"× non validé", "○ en attente"} & found


def calculated(program, path, folder):
    """The texts of a workbook that a program calculated again."""
    again = program.convert(path, folder / f"recalculé {path.name}")
    book = openpyxl.load_workbook(again, data_only=True)
    return {str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None}


@pytest.mark.libreoffice
def test_a_letter_that_changes_in_the_detail_moves_what_follows(office):
    """Small or capital; what is no letter of the scale opens the decision; a sort of the rows shows."""
    path = workbook(EXAMPLE)
    before = {row["Identifiant"]: row for row in rows(path, "Synthèse")}
    person_id = next(row["Identifiant"] for row in before.values() if row["Décision"] == "ADMIS")
    known = headings(path, "Détail")
    at = {
        (line[known.index("Candidat")], line[known.index("Code")], line[known.index("Évaluateur")]): number
        for number, line in enumerate(sheets(path)["Détail"], start=1)
        if "niveau" in line
    }
    own = at[person_id, "R2.2", "T01"]

    def after(*actions):
        found = office.follow(path, actions, ["Synthèse", "Compétences"])
        tables = (table_of(lines, name) for name, lines in found.items())
        return [next(row for row in table if row["Identifiant"] == person_id) for table in tables]

    summary, levels = after(Type(f"G{own}", "d", sheet="Détail"))
    assert (levels["R2.2"], summary["R2 état"], summary["Décision"]) == ("D", "Non validé", "PARTIEL")
    for typed in ("E", "3"):
        assert after(Type(f"G{own}", typed, sheet="Détail"))[0]["Décision"] not in ("ADMIS", "PARTIEL", "AJOURNÉ")
    book = openpyxl.load_workbook(path)["Détail"]
    _, top, right, bottom = range_boundaries(book.auto_filter.ref)
    sort = Sort("Détail", f"A{top + 1}:{get_column_letter(right)}{bottom}", by="G")
    assert after(sort)[0]["Décision"] == "LIGNES DÉPLACÉES"


def test_what_is_near_its_bar_is_told_in_letters():
    cells = EVERY | {"R1.2": "C", "R1.3": "C", "R2.2": "B"}
    outcome = outcome_of(candidate(grilles=[("T1", cells)]), LETTERS)
    found = {case.condition: case for case in near_cases([outcome], LETTERS)}
    assert found["R1"].deciding == "R1.2 (C pour B)"  # R1.3 is two steps under
    assert (found["R2.2"].value, found["R2.2"].bar, found["R2.2"].margin) == (3, 4, -1)


def test_a_candidate_s_page_shows_letters_and_no_mean_of_them(tmp_path):
    content = session(EXAMPLE)
    common = book.shared(LETTERS, content["roster"], content["outcomes"])
    assert common.means == {}
    assert [common.strip.heading(index) for index in range(common.strip.segments)] == [1, 2, 3, 4]
    page = openpyxl.load_workbook(BytesIO(book.workbook(common, content["outcomes"][:1], MADE_AT)))
    (sheet,) = page.worksheets
    texts = [cell.value for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {"D", "C", "B", "A"} <= set(texts)
    assert "Cohorte" not in texts
    assert not sheet._charts


def test_what_jurors_read_shows_letters(tmp_path):
    target = tmp_path / "lecture.xlsx"
    made = new_workbook(target, title="Lecture", made_at=MADE_AT)
    outcome = outcome_of(candidate(grilles=[("T1", EVERY | {"R1.2": "D", "R1.3": "excluded"})]), LETTERS)
    synopsis.draw(made, Styles(made), LETTERS, outcome)
    made.close()
    shown = {row[0]: row[2:4] for row in sheets(target)["Synthèse"]}
    assert (shown["R1.1"], shown["R1.2"], shown["R1.3"]) == (["B", "B"], ["B", "D"], ["A", "à corriger"])


def test_the_rules_of_the_results_say_the_order_of_the_letters():
    found = {row["Intitulé"]: (row["Règle"], row["Seuil"]) for row in rows(workbook(EXAMPLE), "Référentiel")}
    assert found["Échelle des niveaux"][0].startswith("A > B > C > D")
    assert found["Vérifier le matériel"][1] == "A"
