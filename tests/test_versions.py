"""Several returns of one sheet: which one counts, what is told of it, and when none does."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine.intake.versions import resolve
from engine.model import Kind, Mark
from engine.model.returns import FileReport, SheetReport
from engine.model.tables import VALUE
from tests import cohorts
from tests.readings import BLOCKING, GRILLE, INFO, NOTES, ORAL, TRAVAUX, WARNING, reference_cell

JUNE = datetime(2025, 6, 2, 10)


def save(book, name, saved, modified=None):
    """Save a version; the two clocks are days of June 2025, the file's following the workbook's unless told."""
    modified = saved if modified is None else modified
    return cohorts.date(
        book.save(name), None if saved is None else JUNE + timedelta(days=saved), JUNE + timedelta(days=modified)
    )


def travaux(cohort, **levels):
    """A tutor's workbook where the first work's level, or several, is filled."""
    book = cohort.book(GRILLE)
    for code, level in levels.items():
        book.put(TRAVAUX, "niveau", code, level)
    return book


def level(results, code="RA1"):
    return results.value("007", "niveau", code, "T01")


def test_the_same_bytes_count_once(cohort):
    path = save(cohort.filled(ORAL), "jurys/oral.xlsx", 1)
    copy = cohort.drop(path, "boîte/Copie de oral (1).xlsx")
    results = cohort.consolidate()
    row = results.anomaly("I05")
    assert (row["Gravité"], row["Fichier"], row["Valeur"]) == (INFO, "boîte/Copie de oral (1).xlsx", "jurys/oral.xlsx")
    assert results.states == {"jurys/oral.xlsx": "Accepté", "boîte/Copie de oral (1).xlsx": "Remplacé"}
    assert copy.exists()
    assert results.value("007", "points", "O08", "J01") == 5
    assert results.codes == {"I05"}


def test_two_unusable_files_are_both_told(cohort):
    for name in ("a.xlsx", "b.xlsx"):
        cohort.write(name, b"")
    results = cohort.consolidate()
    assert {row["Fichier"] for row in results.anomalies("F01")} == {"a.xlsx", "b.xlsx"}
    assert set(results.states.values()) == {"Refusé"}


def test_a_completed_version_replaces_the_first_without_a_word(cohort):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    save(travaux(cohort, RA1=3, RA2=4), "b.xlsx", 2)
    results = cohort.consolidate()
    assert (level(results), level(results, "RA2")) == (3, 4)
    assert results.anomalies("I06") == []
    assert results.states["b.xlsx"] == "Accepté avec réserves"  # it is not finished


def test_the_marks_of_a_version_that_counts_altogether_stay_as_they_were_read():
    def version(day):
        mark = Mark("", "Grand oral", "D12", "ORAL", "007", "J01", "points", "O01", str(day), Decimal(day), VALUE)
        sheet = SheetReport("Grand oral", Kind.ORAL, "007", "J01", marks=[mark], found=[mark])
        sheet.marks = sheet.found
        return FileReport(
            f"{day}.xlsx", saved=JUNE + timedelta(weeks=day), modified_ns=1, digest=str(day), sheets=[sheet]
        )

    reports = [version(day) for day in (1, 2)]
    resolve(reports)
    (first,), (last,) = (report.sheets for report in reports)
    assert (list(first.marks), last.marks is last.found) == ([], True)


def test_a_corrected_version_replaces_the_first_and_says_what_changed(cohort):
    save(travaux(cohort, RA1=3, RA2=2, RA3=1), "a.xlsx", 1)
    book = travaux(cohort, RA1=4, RA2=2)
    cells = [book.cell(TRAVAUX, "niveau", code).coordinate for code in ("RA1", "RA3")]
    save(book, "b.xlsx", 2)
    results = cohort.consolidate()
    row = results.anomaly("I06")
    assert (row["Gravité"], row["Candidat"], row["Évaluateur"]) == (WARNING, "007", "T01")
    assert (row["Fichier"], row["Feuille"], row["Cellule"]) == ("b.xlsx", "Travaux évalués", "; ".join(cells))
    assert "niveau RA1 : 3 → 4" in row["Message"].replace("\u202f", " ").replace("\N{NO-BREAK SPACE}", " ")
    assert "niveau RA3 : 1 → vide" in row["Message"].replace("\u202f", " ").replace("\N{NO-BREAK SPACE}", " ")
    assert "RA2" not in row["Message"]
    assert (level(results), level(results, "RA2"), level(results, "RA3")) == (4, 2, None)


def test_a_new_date_and_signature_are_no_correction(cohort):
    first, second = cohort.filled(ORAL), cohort.filled(ORAL)
    second.put(ORAL, "date", "", JUNE.date())
    second.put(ORAL, "signature", "", "N. Osmani")
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", 2)
    results = cohort.consolidate()
    assert results.codes == set()
    assert results.states == {"a.xlsx": "Remplacé", "b.xlsx": "Accepté"}


def test_marks_of_notes_changed_name_the_person(cohort):
    first, second = cohort.filled(NOTES), cohort.filled(NOTES)
    second.put(NOTES, "EN", "", 11, "C02")
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", 2)
    results = cohort.consolidate()
    assert "C02, EN" in results.anomaly("I06")["Message"]
    assert results.summary("C02")["EN"] == 11


def test_many_changes_are_counted_rather_than_all_listed(tmp_path):
    cohort = cohorts.make(tmp_path / "tous", stayed=True)
    first, second = cohort.filled(NOTES), cohort.filled(NOTES)
    sheet = second.sheet(NOTES)
    for row in range(cohorts.row_of(sheet, "007"), cohorts.row_of(sheet, "C04") + 1):
        for column in range(cohorts.column_of(sheet, "UE1"), cohorts.column_of(sheet, "CC9") + 1):
            sheet.cell(row, column).value = 8
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", 2)
    message = cohort.consolidate().anomaly("I06")["Message"]
    assert message.count("→") == 60
    assert f"et {4 * 17 - 60} autres" in message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1, 1), (1, 2)),
        ((1, 1), (1, 1)),
        ((None, 1), (2, 1)),
        ((None, 1), (1, 2)),
        ((5, 1), (None, 2)),
        ((None, 1), (None, 1)),
        ((2, 1), (1, 2)),
    ],
    ids=[
        "equal dates",
        "equal twice",
        "one workbook has no date, file dates equal",
        "one workbook has no date",
        "the other has none",
        "no date but the file's, equal",
        "clocks disagree",
    ],
)
def test_versions_that_nothing_orders_count_for_nothing(cohort, first, second):
    save(travaux(cohort, RA1=3, RA2=1), "a.xlsx", *first)
    save(travaux(cohort, RA1=4, RA2=1), "b.xlsx", *second)
    results = cohort.consolidate()
    rows = results.anomalies("I06")
    assert {row["Fichier"] for row in rows} == {"a.xlsx", "b.xlsx"}
    assert {(row["Gravité"], row["Candidat"], row["Évaluateur"]) for row in rows} == {(BLOCKING, "007", "T01")}
    assert all("a.xlsx" in row["Message"] and "b.xlsx" in row["Message"] for row in rows)
    assert (level(results), level(results, "RA2")) == (None, None)
    assert set(results.states.values()) == {"Refusé"}
    assert ("T01", "007", "TRAVAUX") not in results.missing()


@pytest.mark.parametrize(
    ("first", "second"),
    [((1, 2), (2, 2)), ((None, 1), (None, 2))],
    ids=["file dates equal", "file dates only"],
)
def test_either_clock_orders_versions(cohort, first, second):
    save(travaux(cohort, RA1=3), "b.xlsx", *first)
    save(travaux(cohort, RA1=4), "a.xlsx", *second)
    results = cohort.consolidate()
    assert level(results) == 4
    assert results.anomaly("I06")["Gravité"] == WARNING


def test_equal_versions_need_no_order(cohort):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    save(travaux(cohort, RA1=3), "b.xlsx", 1, 2)
    results = cohort.consolidate()
    assert level(results) == 3
    assert results.anomalies("I06") == []
    assert sorted(results.states.values()) == ["Accepté avec réserves", "Remplacé"]


def test_contested_marks_wait_with_those_that_only_one_version_has(cohort):
    first, second = cohort.filled(ORAL), cohort.filled(ORAL)
    first.put(ORAL, "points", "O01", 0)
    second.put(ORAL, "points", "O02", None)
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", 1)
    save(cohort.filled(ORAL, "007", "J02"), "J02.xlsx", 1)
    results = cohort.consolidate()
    assert results.summary("007")["Oral état"] == "En attente"
    assert results.summary("007")["Provisoire"] == "Oui"
    assert {
        row["Code"] for row in results.sheets["Détail"] if row["Évaluateur"] == "J01" and row["Nature"] == "ORAL"
    } == set()
    assert results.summary("007")["Transversales"] == 15  # where the two versions agree


def test_many_contested_versions_are_counted_rather_than_all_listed():
    def version(rank):
        mark = Mark("", "Grand oral", "D12", "ORAL", "007", "J01", "points", "O01", str(rank), Decimal(rank), VALUE)
        sheet = SheetReport("Grand oral", Kind.ORAL, "007", "J01", marks=[mark])
        return FileReport(f"{rank:02}.xlsx", saved=JUNE, modified_ns=1, digest=str(rank), sheets=[sheet])

    reports = [version(rank) for rank in range(30)]
    resolve(reports)
    for report in reports:
        (contest,) = report.sheets[0].anomalies
        assert "« 11.xlsx » ; et 18 autres" in contest.message


def test_an_empty_version_never_replaces_one_that_holds_something(cohort):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    save(cohort.book(GRILLE), "b.xlsx", 2)
    results = cohort.consolidate()
    assert level(results) == 3
    assert results.anomalies("I06") == []


def test_empty_versions_are_not_received(cohort):
    save(cohort.book(ORAL), "a.xlsx", 1)
    save(cohort.book(ORAL), "b.xlsx", 2)
    results = cohort.consolidate()
    assert {("J01", "007", "ORAL"), ("J01", "007", "TRANSVERSALE")} <= results.missing()
    assert results.codes == {"V09"}
    assert results.states == {"a.xlsx": "Remplacé", "b.xlsx": "Accepté avec réserves"}


def refused(cohort):
    """A version whose seal is spoiled."""
    book = travaux(cohort, RA1=5)
    cell = reference_cell(book, TRAVAUX)
    cell.value = cell.value[:-1] + ("2" if cell.value[-1] != "2" else "3")
    return book


def test_a_newer_refused_version_holds_the_older_one_back(cohort):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    save(refused(cohort), "b.xlsx", 2)
    results = cohort.consolidate()
    assert level(results) is None
    assert results.anomaly("I03")["Gravité"] == BLOCKING
    assert ("T01", "007", "TRAVAUX") not in results.missing()


def test_a_newer_good_version_mends_a_refused_one(cohort):
    save(refused(cohort), "a.xlsx", 1)
    save(travaux(cohort, RA1=3), "b.xlsx", 2)
    results = cohort.consolidate()
    assert level(results) == 3
    assert results.anomaly("I03")["Gravité"] == INFO
    assert results.report.blocking == 0


def test_anomalies_of_a_replaced_version_do_not_block(cohort):
    save(travaux(cohort, RA1="quatre"), "a.xlsx", 1)
    save(travaux(cohort, RA1=4), "b.xlsx", 2)
    results = cohort.consolidate()
    row = results.anomaly("V03")
    assert (row["Gravité"], row["Fichier"]) == (INFO, "a.xlsx")
    assert "ne compte pas" in row["Message"]
    assert results.report.blocking == 0
    assert level(results) == 4


def test_versions_are_settled_sheet_by_sheet(cohort):
    """The grid of one file and the works of the other may both be the latest that hold something."""
    first, second = cohort.book(GRILLE).fill(GRILLE), travaux(cohort, RA1=4)
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", 2)
    results = cohort.consolidate()
    assert results.level("007", "1.1") == 5
    assert level(results) == 4
    assert results.states == {"a.xlsx": "Accepté", "b.xlsx": "Accepté avec réserves"}


def unsealed(cohort, **levels):
    """An unassigned sheet that claims to be of the same people."""
    book = cohort.blank(TRAVAUX).identify(TRAVAUX, "007", "T01")
    for code, given in levels.items():
        book.put(TRAVAUX, "niveau", code, given)
    return book


def test_unassigned_sheets_are_versions_of_the_same_sheet(cohort):
    save(unsealed(cohort, RA1=3), "a.xlsx", 1)
    save(unsealed(cohort, RA1=4), "b.xlsx", 2)
    results = cohort.consolidate()
    assert level(results) == 4
    assert "niveau RA1" in results.anomaly("I06")["Message"]
    assert {row["Gravité"] for row in results.anomalies("I08")} == {WARNING, INFO}


@pytest.mark.parametrize("day", [1, 2, 3])
def test_an_unsealed_sheet_never_replaces_a_sealed_one(cohort, day):
    save(travaux(cohort, RA1=3, RA2=2), "a.xlsx", 2)
    save(unsealed(cohort, RA1=5, RA3=5), "b.xlsx", day)
    results = cohort.consolidate()
    assert (level(results), level(results, "RA2"), level(results, "RA3")) == (3, 2, None)
    row = results.anomaly("I08")
    assert (row["Gravité"], row["Fichier"]) == (BLOCKING, "b.xlsx")
    assert "a.xlsx" in row["Message"]
    assert results.states == {"a.xlsx": "Accepté avec réserves", "b.xlsx": "Refusé"}
    assert not results.anomalies("I06")
    assert ("T01", "007", "TRAVAUX") not in results.missing()


def test_reading_twice_gives_the_same(cohort, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    save(travaux(cohort, RA1=4), "b.xlsx", 1)
    save(cohort.filled(ORAL), "oral.xlsx", 1)
    first = cohort.consolidate().path.read_bytes()
    assert cohort.consolidate().path.read_bytes() == first
