"""The sheet `Accueil`: shown on opening, it says what there is, what needs attention, and leads everywhere."""

from dataclasses import replace

import openpyxl
import pytest

from engine.assessment.decide import decide
from engine.model import Roster
from engine.model.anomalies import make
from engine.model.tables import FILES, MARKS, MISSING_SHEETS, anomaly_rows, table
from engine.office.metrics import text_width
from tests.results import CGCO, OTHER, SMALLEST, certification, rows, session, sheets, workbook, written


def shown(path):
    """Label -> (number or text, words) of each row; the last one of each label."""
    return {line[0]: tuple(line[1:3]) for line in sheets(path)["Accueil"] if line[0] != ""}


def numbers(path):
    return [(line[0], line[1]) for line in sheets(path)["Accueil"] if isinstance(line[1], float)]


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_it_opens_first_and_leads_to_every_sheet(name):
    book = openpyxl.load_workbook(workbook(name))
    assert book.active.title == book.sheetnames[0] == "Accueil"
    led = [row[0].hyperlink.location for row in book["Accueil"].iter_rows() if row[0].hyperlink]
    assert {f"'{sheet}'!A1" for sheet in book.sheetnames[1:]} == set(led)
    for sheet in book.sheetnames[1:]:
        assert "'Accueil'!A1" in [cell.hyperlink.location for cell in book[sheet][1] if cell.hyperlink]


def test_it_says_what_and_when():
    found = shown(workbook())
    assert found["Certification"][0].startswith("Chargé de gestion commerciale (CGCo), RNCP34465")
    assert found["Consolidé le"][0].startswith("14/06/2025")
    assert [line[0] for line in sheets(workbook())["Accueil"]][1] == "Promotion 12, Lyon, juin 2025"


def test_what_needs_attention_is_counted():
    assert numbers(workbook()) == [
        ("Retours lus", 6),
        ("Candidats", 14),
        *(("ADMIS", 6), ("PARTIEL", 3), ("AJOURNÉ", 1), ("EN ATTENTE", 3), ("SORTI", 1)),
        *(("Anomalies", 4), ("Synthèse", 3), ("Fichiers", 1), ("Manquants", 4), ("Synthèse", 3)),
        ("Cas limites", len(near())),
        *([("Écarts", wide())] if wide() else []),
    ]


def test_what_is_not_there_is_not_listed_as_something_to_look_at(tmp_path):
    path = written(tmp_path, anomalies=anomaly_rows(()), missing=table(MISSING_SHEETS, ()))
    listed = [label for label, number in numbers(path) if number == 0]
    assert not {"Anomalies", "Manquants", "Détail"} & {label for label, _ in numbers(path)}
    assert set(listed) <= {"ADMIS", "PARTIEL", "AJOURNÉ", "EN ATTENTE", "SORTI"}


def test_gaps_that_an_anomaly_reports_are_counted_with_the_wide_ones(tmp_path):
    first = rows(workbook(), "Écarts")[0]
    told = make("R02", "Écartés.", candidate=first["Candidat"], value=first["Code"])
    assert dict(numbers(written(tmp_path, anomalies=anomaly_rows([told]))))["Écarts"] == 1 + wide()


def test_it_says_which_decisions_are_provisional():
    found, summary = shown(workbook()), rows(workbook(), "Synthèse")
    for decision in ("ADMIS", "PARTIEL", "AJOURNÉ"):
        number = sum(row["Décision"] == decision and row["Provisoire"] == "Oui" for row in summary)
        assert found[decision][1].endswith(f", dont {number} provisoire{'s' if number > 1 else ''}") == bool(number)
    assert any(row["Décision"] == "ADMIS" and row["Provisoire"] == "Oui" for row in summary)


def near():
    return [line for line in sheets(workbook())["Cas limites"] if str(line[0]).startswith("C0")]


def wide():
    return sum(
        isinstance(line[8], float) and (line[8] >= 0.5 or line[6] == "R02") for line in sheets(workbook())["Écarts"]
    )


def test_nothing_at_all_is_nothing_to_look_at(tmp_path):
    roster = Roster(session=session()["roster"].session, candidates=(), evaluators=())
    marks, nothing = table(MARKS, ()), {"files": table(FILES, ()), "missing": table(MISSING_SHEETS, ())}
    outcomes = decide(marks, roster, certification(), {})
    path = written(tmp_path, roster=roster, marks=marks, outcomes=outcomes, anomalies=anomaly_rows(()), **nothing)
    assert {number for _, number in numbers(path)} == {0}
    assert "Rien à signaler." in [line[0] for line in sheets(path)["Accueil"]]


def test_every_number_is_a_formula():
    sheet = openpyxl.load_workbook(workbook())["Accueil"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "n" and cell.value is not None]


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_every_sheet_is_set_for_screen_and_paper(name):
    for sheet in openpyxl.load_workbook(workbook(name)):
        assert sheet.page_setup.paperSize == 9
        assert "Page &P sur &N" in sheet.oddFooter.right.text
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.sheet_view.showGridLines
        assert 70 <= (sheet.sheet_view.zoomScale or 100) <= 100
        if sheet.title != "Accueil":
            assert sheet.freeze_panes


def test_long_sheets_print_their_beginning_only():
    book = openpyxl.load_workbook(workbook())
    assert book["Détail"].print_area
    assert book["Détail"].max_row > 200 > int(book["Détail"].print_area.rsplit("$", 1)[1])
    assert not book["Synthèse"].print_area


def test_a_long_name_of_cohort_is_folded_and_leaves_the_page_its_width(tmp_path):
    roster = session()["roster"]
    long = replace(
        roster.session, cohort="=Promotion des Tilleuls et des Acacias de la rive gauche, groupe du soir " * 2
    )
    sheet = openpyxl.load_workbook(written(tmp_path, roster=replace(roster, session=long)))["Accueil"]
    assert sheet["A2"].value.startswith("=Promotion")
    assert sheet["A2"].data_type == "s"
    assert "A2:C2" in [str(merged) for merged in sheet.merged_cells.ranges]
    assert sheet["A2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height > 18


@pytest.mark.parametrize("name", ["Statistiques", "Transversales", "Manquants", "Référentiel"])
def test_nor_do_the_captions_of_the_other_sheets_run_out_of_them(tmp_path, name):
    roster = session()["roster"]
    long = replace(
        roster.session, cohort="Promotion des Tilleuls et des Acacias de la rive gauche, groupe du soir " * 6
    )
    path = written(tmp_path, roster=replace(roster, session=long))
    sheet = openpyxl.load_workbook(path, data_only=True)[name]
    told = [str(cell.value) for (cell,) in sheet.iter_rows(max_row=10, max_col=1) if cell.value]
    assert sum("Tilleuls" in text for text in told) >= 2
    assert all(text_width(text, 8) < 1_200 for text in told)  # the widest of these sheets; 2,000 unfolded
    assert "Consolidé le 14/06/2025 à 02\u00a0h\u00a010." in told  # alone: nights that draw it again change it
