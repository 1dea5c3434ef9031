"""The results workbook as a whole: its sheets, its summary, other certifications, its pages and its bytes."""

import errno

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from xlsxwriter.workbook import Workbook

from engine.assessment.decide import decide
from engine.model import Roster
from engine.model.tables import MARKS, table
from engine.outputs.content import Content
from engine.outputs.workbook import write
from tests.results import (
    CGCO,
    OTHER,
    SMALLEST,
    certification,
    headings,
    person,
    rows,
    session,
    sheets,
    workbook,
    written,
)

SHEETS = [
    *("Accueil", "Synthèse", "Compétences", "Transversales", "Oral", "Notes", "Validation", "Jury"),
    *("Cas limites", "Écarts", "Anomalies", "Fichiers", "Manquants", "Évolution", "Candidats"),
    *("Détail", "Statistiques", "Référentiel"),
]
SUMMARY = [
    *("Identifiant", "Nom", "Prénom", "Décision", "Provisoire", "Blocs acquis", "Décision calculée", "Décidé par"),
    *("B1", "B1 état", "B2", "B2 état", "B3", "B3 état", "B4", "B4 état"),
    *("Transversales", "Transversales état", "Oral", "Oral état", "EN", "EN état"),
    *("UE1", "UE2", "UE3", "UE4", "UE5", "UE6", "UE7", "UE état", "Crédits", "Motifs"),
]


@pytest.fixture(scope="module")
def opened():
    return openpyxl.load_workbook(workbook(), data_only=True)


def cell_of(sheet, identifier, heading):
    """The cell of a candidate under a heading, with its format."""
    row = range_boundaries(sheet.auto_filter.ref)[1]
    column = next(cell.column for cell in sheet[row] if cell.value == heading)
    line = next(line for line in sheet.iter_rows(min_row=row) if line[0].value == identifier)
    return line[column - 1]


def test_the_sheets_stand_in_order():
    assert list(sheets(workbook())) == SHEETS


# --------------------------------------------------------------------------------------------- Synthèse


def test_the_summary_has_its_headings_in_one_row():
    assert headings(workbook(), "Synthèse") == SUMMARY


def test_one_row_tells_an_admitted_candidate():
    row = person(workbook(), "C005")
    assert (row["Nom"], row["Prénom"], row["Décision"], row["Provisoire"]) == ("Da Silva-Moreau", "Léa", "ADMIS", "Non")
    assert (row["Blocs acquis"], row["B1"], row["B1 état"]) == ("B1; B2; B3; B4", 2.0, "Validé")
    assert (row["Oral"], row["EN"], row["UE1"], row["Crédits"]) == (36.0, 12.0, 10.01, 60.0)
    assert row["Motifs"] == "B1\u202f: déjà acquis à une session antérieure."


def test_counts_credits_and_marks_are_numbers():
    row = person(workbook(), "C005")
    assert {type(row[name]) for name in ("B1", "B2", "Transversales", "Oral", "EN", "UE1", "UE7", "Crédits")} == {float}


def test_states_and_decisions_are_words():
    decisions = {row["Identifiant"]: row["Décision"] for row in rows(workbook(), "Synthèse")}
    assert [decisions[name] for name in ("C003", "C004", "C008")] == ["PARTIEL", "EN ATTENTE", "AJOURNÉ"]
    row = person(workbook(), "C004")
    assert [row[f"{name} état"] for name in ("B1", "B2", "Oral", "UE")] == [
        "Validé",
        "En attente",
        "En attente",
        "Validé",
    ]
    assert person(workbook(), "C008")["B4 état"] == "Non validé"
    assert person(workbook(), "C002")["Provisoire"] == "Oui"


def test_declared_marks_show_as_such():
    assert [person(workbook(), "C012")[name] for name in ("EN", "EN état", "UE1")] == ["DISP", "Validé", "DISP"]
    assert person(workbook(), "C008")["UE4"] == "ABS"


def test_the_oral_is_empty_unless_points_settled_it():
    absent, waiting = person(workbook(), "C008"), person(workbook(), "C007")
    assert (absent["Oral"], absent["Oral état"]) == ("", "Non validé")
    assert (waiting["Oral"], waiting["Oral état"]) == ("", "En attente")


def test_who_dropped_out_has_nothing_but_a_reason():
    row = person(workbook(), "C013")
    decided = ("SORTI", "SORTI", "Règles")
    assert [value for value in row.values() if value != ""] == ["C013", "Roux", "Baptiste", *decided, row["Motifs"]]
    assert row["Motifs"] == "Abandon inscrit au registre."


def test_zero_is_written(tmp_path):
    roster = Roster(session=session()["roster"].session, candidates=session()["roster"].candidates[:1], evaluators=())
    none = table(MARKS, ())
    target = written(tmp_path, roster=roster, marks=none, outcomes=decide(none, roster, certification(), {}))
    row = person(target, "C001")
    assert [row[name] for name in ("B1", "B4", "Transversales", "Crédits")] == [0.0] * 4
    assert [row[name] for name in ("Oral", "EN", "UE1", "Blocs acquis")] == [""] * 4
    assert person(target, "C001", "Oral")["Fiches complètes"] == 0.0


def test_a_mark_just_above_the_bar_does_not_read_as_the_bar(opened):
    at_bar, above = (cell_of(opened["Synthèse"], "C014", name) for name in ("UE6", "UE7"))
    assert (at_bar.value, at_bar.number_format) == (10, "0.00")
    assert (above.value, above.number_format) == (10.004, '"× "0.00##')  # above, and held back by the report


def test_a_good_mark_held_back_by_the_report_looks_neither_good_nor_below_its_bar(opened):
    held, good = (cell_of(opened["Synthèse"], "C014", name) for name in ("UE7", "UE1"))
    assert not held.font.underline
    assert (held.fill.fgColor.rgb, held.font.color.rgb) != (good.fill.fgColor.rgb, good.font.color.rgb)
    assert held.number_format.startswith('"× "')
    assert any("retenue par le rapport" in str(cell.value) for row in opened["Synthèse"]["A1:A4"] for cell in row)


@pytest.mark.parametrize("name", SHEETS[1:7])
def test_candidates_stand_in_the_order_of_their_names(name):
    names = [row["Nom"] for row in rows(workbook(), name)]
    assert len(names) == 14
    assert names[:2] == ["Aubert", "Belkacem"]
    assert names.index("Lefèvre") < names.index("Le Goff-Kerbrat") < names.index("Marchetti")


# ---------------------------------------------------------------------------------- other certifications


def test_another_certification_needs_no_other_code():
    target = workbook(OTHER)
    found = headings(target, "Synthèse")
    assert found[8:12] == ["A", "A état", "B", "B état"]
    assert found[-5:] == ["Oral", "Oral état", "EN", "EN état", "Motifs"]
    assert person(target, "C003")["Oral"] == 22.5
    assert headings(target, "Notes")[3:] == ["EN"]
    assert headings(target, "Validation")[3:] == ["W1", "W2"]


def test_what_a_referential_leaves_out_takes_its_sheets_along():
    target = workbook(SMALLEST)
    gone = ("Transversales", "Oral", "Notes", "Validation", "Jury")
    assert list(sheets(target)) == [name for name in SHEETS if name not in gone]
    assert headings(target, "Synthèse")[3:] == [
        *("Décision", "Provisoire", "Blocs acquis", "Décision calculée", "Décidé par"),
        *("G", "G état", "Motifs"),
    ]


# ------------------------------------------------------------------------------------------- page and bytes


@pytest.mark.parametrize("name", [name for name in SHEETS if name not in ("Accueil", "Statistiques")])
def test_sheets_are_ready_to_filter_scroll_and_print(opened, name):
    sheet = opened[name]
    first, heading, last, bottom = range_boundaries(sheet.auto_filter.ref)
    assert (first, last, bottom) == (1, sheet.max_column, sheet.max_row)
    assert sheet.freeze_panes.lstrip("ABCDEFGHIJ") == str(heading + 1)
    assert sheet.print_title_rows.endswith(f"${heading}")
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert "Page &P sur &N" in sheet.oddFooter.right.text


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_no_two_rules_of_a_cell_are_the_same(name):
    for sheet in openpyxl.load_workbook(workbook(name)):
        for place in sheet.conditional_formatting:
            formulas = [rule.formula[0] for rule in place.rules]
            assert len(set(formulas)) == len(formulas)


def test_the_same_session_gives_the_same_bytes(tmp_path):
    assert written(tmp_path).read_bytes() == workbook().read_bytes()


def test_a_target_that_cannot_be_written_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "absent" / "resultats.xlsx", Content(**session()))


def test_a_full_disk_is_an_error_of_the_system(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Workbook, "_store_workbook", full)
    with pytest.raises(OSError, match="No space left"):
        written(tmp_path)


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_libreoffice_opens_it_without_an_error(office, name):
    contents = office.read(workbook(name), wanted=["Synthèse"])
    assert list(contents) == list(sheets(workbook(name)))
    assert "error" not in {cell.kind for sheet in contents.values() for cell in sheet.values()}
    shown = {cell.shown for cell in contents["Synthèse"].values()}
    assert SHOWN[name] <= shown


SHOWN = {
    CGCO: {"36,00", "× 10,004", "10/15", "EN ATTENTE"},
    OTHER: {"22,5", "2/3", "62,00"},
    SMALLEST: {"0/1", "AJOURNÉ"},
}
