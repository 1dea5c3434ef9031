"""Each input cell of real workbooks, well and badly filled: its value, its anomaly, and what they leave untouched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

import pytest

from engine.model import Kind
from engine.model.texts import fold
from tests import cohorts
from tests.libreoffice import Merge, Office
from tests.readings import BLOCKING, GRILLE, INFO, NOTES, ORAL, TRANSVERSALE, TRAVAUX, VALIDATION, WARNING

FILES = {
    GRILLE: "tuteur.xlsx",
    TRAVAUX: "tuteur.xlsx",
    ORAL: "jury.xlsx",
    NOTES: "notes.xlsx",
    VALIDATION: "pièces.xlsx",
}


@dataclass(frozen=True)
class Typed:
    """One cell: what is typed there, what is kept, and the anomaly (code, gravity, words of its message)."""

    kind: Kind
    entry: str
    code: str
    content: object
    kept: object = None
    anomaly: str = ""
    gravity: str = BLOCKING
    said: str = ""
    shown: str | None = None
    form: str = ""  # a number format

    @property
    def value(self) -> str:
        """What the anomaly shows as read."""
        return str(self.content) if self.shown is None else self.shown

    @property
    def where(self) -> tuple[Kind, str, str]:
        return self.kind, self.entry, self.code


def level(code, content, kept=None, anomaly="", **more):
    return Typed(GRILLE, "niveau", code, content, kept, anomaly, **more)


def mark(code, content, kept=None, anomaly="", **more):
    return Typed(NOTES, code, code, content, kept, anomaly, **more)


ERROR = "#N/A"
CELLS = [
    level("1.1", 6, anomaly="V01", said="hors de l'échelle"),
    level("1.2", 3.5, anomaly="V02", said="entre deux échelons", shown="3,5"),
    level("1.3", "quatre", anomaly="V03", said="« quatre »"),
    level("1.4", " 4 ", kept=4, anomaly="V04", gravity=INFO),
    level("1.5", "3 / 5", kept=3, anomaly="V04", gravity=INFO),
    level("2.1", date(2025, 5, 3), anomaly="V05", said="« 3/5 »", shown="03/05/2025"),
    level("2.2", time(3, 5), anomaly="V05", said="l'heure 03:05:00", shown="03:05:00"),
    level("2.3", "=1/0", anomaly="V06", said="formule sans résultat", shown="(formule)"),
    level("2.4", ERROR, anomaly="V06", said="erreur", shown="(erreur)"),
    level("2.5", True, anomaly="V07", said="VRAI", shown="VRAI"),
    level("2.6", 0.8, anomaly="V08", said="80 %", shown="80 %", form="0%"),
    level("2.7", "abs", anomaly="V10", said="Le code ABS"),
    level("2.8", "=2+2", kept=4, anomaly="V11", gravity=INFO, said="résultat d'une formule", shown="4"),
    level("2.9", "NE", kept="NE"),
    level("2.10", -1, anomaly="V01", said="-1"),
    level("3.1", "3/4", anomaly="V03"),
    level("3.2", "4+", anomaly="V03"),
    level("3.3", "1 1/2", anomaly="V03"),
    level("3.4", "\N{NO-BREAK SPACE} "),
    level("3.5", None),
    Typed(GRILLE, "auto", "1.1", 7, None, "V01", WARNING),
    Typed(GRILLE, "preuve", "1.1", "peut-être", None, "V03", WARNING),
    Typed(GRILLE, "preuve", "1.2", "X", "x"),
    Typed(GRILLE, "experience", "1.1", "=stage", None, "V06", WARNING, shown="(formule)"),
    Typed(GRILLE, "experience", "1.2", "Stage de 3 mois", "Stage de 3 mois"),
    Typed(TRAVAUX, "niveau", "RA1", 0, 0, "R06", WARNING),
    Typed(TRAVAUX, "niveau", "RA2", "DISP", None, "V10"),
    Typed(TRAVAUX, "niveau", "RA3", "ne", "NE"),
    Typed(TRAVAUX, "date", "RA1", "31/02/2025", None, "V03", WARNING),
    Typed(TRAVAUX, "date", "RA2", "3/2/2025", date(2025, 2, 3)),
    Typed(TRAVAUX, "date", "RA3", datetime(2025, 2, 4, 10), date(2025, 2, 4)),
    Typed(TRAVAUX, "sujet", "RA1", 12, "12"),
    Typed(ORAL, "points", "O01", 0.3, None, "V02", shown="0,3"),
    Typed(ORAL, "points", "O02", 1.5, None, "V01", shown="1,5"),
    Typed(ORAL, "points", "O03", "NE", None, "V10"),
    Typed(ORAL, "points", "O04", 0.5, 0.5),
    Typed(ORAL, "rapport", "", 1, None, "V03", said="Oui ou Non"),
    mark("UE1", 12.345678, kept=12.345678),
    mark("UE2", 20.01, anomaly="V01", shown="20,01"),
    mark("UE3", "12,5", kept=12.5, anomaly="V04", gravity=INFO),
    mark("UE4", "12,500", anomaly="V03"),
    mark("UE5", "ABS", kept="ABS"),
    mark("UE6", "disp", kept="DISP"),
    mark("UE7", None),
    mark("EN", "-", anomaly="V03"),
    mark("CC1", "DISP", anomaly="V10"),
    mark("Plagiat vérifié", "n", kept="Non"),
    Typed(VALIDATION, "RA1", "RA1", "x", None, "V03"),
    Typed(VALIDATION, "RA2", "RA2", False, "Non"),
]
ODD = [typed for typed in CELLS if typed.anomaly]


def put(book, typed):
    entry, code = (typed.code, "") if typed.kind in (NOTES, VALIDATION) else (typed.entry, typed.code)
    cell = book.put(typed.kind, entry, code, typed.content, "007" if not code and entry == typed.code else "")
    if typed.form:
        cell.number_format = typed.form
    return cell


@pytest.fixture(scope="module")
def places():
    """Where each cell of the table above was typed, filled by `results`."""
    return {}


@pytest.fixture(scope="module")
def results(tmp_path_factory, places):
    cohort = cohorts.make(tmp_path_factory.mktemp("saisies") / "cohorte")
    books = {}
    for typed in CELLS:
        name = FILES[typed.kind]
        if name not in books:
            books[name] = cohort.filled(typed.kind, "007")
        places[typed.where] = put(books[name], typed).coordinate
    for name, book in books.items():
        store_result(book.save(name))
    cohort.filled(GRILLE, "007", "F01").save("formateur.xlsx")
    cohort.filled(ORAL, "007", "J02").save("jury 2.xlsx")
    return cohort.consolidate()


def store_result(path):
    """Give the formula `2+2` its result, as a spreadsheet program does and openpyxl does not."""
    cohorts.rewrite(
        path, {"xl/worksheets/sheet1.xml": lambda xml: re.sub(rb"(<f>2\+2</f>)<v ?/>", rb"\1<v>4</v>", xml)}
    )


@pytest.mark.parametrize("typed", ODD, ids=lambda typed: f"{typed.kind} {typed.entry} {typed.content!r}")
def test_an_odd_cell_is_told_where_it_stands(results, places, typed):
    title = typed.kind.record.title
    where = {"Fichier": FILES[typed.kind], "Feuille": title, "Cellule": places[typed.where]}
    row = results.anomaly(typed.anomaly, **where)
    evaluator = {NOTES: "", VALIDATION: "R01", ORAL: "J01"}.get(typed.kind, "T01")
    assert (row["Gravité"], row["Candidat"], row["Évaluateur"]) == (typed.gravity, "007", evaluator)
    assert row["Valeur"] == typed.value
    assert fold(typed.said) in fold(row["Message"])
    assert row["Correction"]
    assert len(results.anomalies(**where)) == 1


@pytest.mark.parametrize("typed", CELLS, ids=lambda typed: f"{typed.kind} {typed.entry} {typed.content!r}")
def test_what_is_clear_is_kept_and_nothing_else(results, typed):
    evaluator = {NOTES: "", VALIDATION: "R01", ORAL: "J01"}.get(typed.kind, "T01")
    kept = results.value("007", typed.entry, typed.code, evaluator)
    assert kept == typed.kept


def test_a_bad_level_holds_its_competence_back_whoever_else_rated_it(results):
    bad = {
        typed.code for typed in ODD if typed.kind is GRILLE and typed.entry == "niveau" and typed.gravity == BLOCKING
    }
    levels = {code: results.level("007", code) for code in bad}
    assert len(levels) == 14
    assert set(levels.values()) == {""}


@pytest.mark.parametrize(
    ("code", "expected"), [("1.4", 4.5), ("1.5", 4), ("2.8", 4.5), ("2.9", 5), ("3.5", 5), ("4.1", 5)]
)
def test_the_good_cells_of_the_same_sheet_count(results, code, expected):
    assert results.level("007", code) == expected


def test_declared_states_decide(results):
    row = results.summary("007")
    assert (row["UE5"], row["UE6"]) == ("ABS", "DISP")
    assert (row["UE1"], row["UE3"], row["UE2"], row["UE7"]) == (12.345678, 12.5, "", "")
    assert row["EN état"] == "En attente"


def test_missing_cells_are_told_once_for_each_sheet(results, places):
    (grille, *others) = results.anomalies("V09", Fichier="tuteur.xlsx")
    assert others == []
    assert (grille["Gravité"], grille["Candidat"], grille["Évaluateur"]) == (WARNING, "007", "T01")
    assert grille["Cellule"] == "; ".join(places[GRILLE, "niveau", code] for code in ("3.4", "3.5"))
    assert "2 valeurs manquent" in grille["Message"]
    assert results.anomaly("V09", Fichier="notes.xlsx")["Cellule"] == places[NOTES, "UE7", "UE7"]


def test_missing_cells_are_those_that_are_expected(tmp_path):
    """Levels, points, the report and marks are; texts, dates, the candidate's columns and VALIDATION are not."""
    cohort = cohorts.make(tmp_path / "cohorte")
    for kind, entry, code, candidate in (
        (GRILLE, "auto", "1.1", ""),
        (ORAL, "motif", "", ""),
        (VALIDATION, "RA1", "", "007"),
        (NOTES, "EN", "", "007"),
    ):
        book = cohort.book(kind)
        book.put(kind, entry, code, best(kind), candidate)
        book.save(f"{kind}.xlsx")
    results = cohort.consolidate()
    counts = {row["Feuille"]: len(row["Cellule"].split("; ")) for row in results.anomalies("V09")}
    assert counts == {
        "Grille de compétences": 27,
        "Travaux évalués": 11,
        "Grand oral": 28,
        "Compétences transversales": 15,
        "Notes": 18 * 3 - 1,  # somebody who left is not waited for
    }


def best(kind):
    return {GRILLE: 3, NOTES: 12, VALIDATION: "Oui"}.get(kind, "Texte")


def test_merged_inputs_are_refused_and_their_neighbours_read(cohort):
    book = cohort.filled(GRILLE)
    first, second = book.cell(GRILLE, "niveau", "1.2"), book.cell(GRILLE, "niveau", "1.3")
    book.sheet(GRILLE).merge_cells(f"{first.coordinate}:{second.coordinate}")
    book.save()
    results = cohort.consolidate()
    rows = results.anomalies("S06")
    assert {row["Cellule"] for row in rows} == {first.coordinate, second.coordinate}
    assert {(row["Gravité"], row["Candidat"], row["Évaluateur"]) for row in rows} == {(BLOCKING, "007", "T01")}
    assert [results.anomaly("S06", Cellule=cell.coordinate)["Valeur"] for cell in (first, second)] == [
        "5",
        "(fusionnée)",
    ]
    assert [results.level("007", code) for code in ("1.1", "1.2", "1.3", "1.4")] == [5, "", "", 5]


def test_merged_texts_are_a_warning_and_keep_what_they_say(cohort):
    book = cohort.filled(TRAVAUX)
    cell = book.put(TRAVAUX, "sujet", "RA1", "Une foire")
    book.sheet(TRAVAUX).merge_cells(
        start_row=cell.row, end_row=cell.row, start_column=cell.column, end_column=cell.column + 1
    )
    book.save()
    results = cohort.consolidate()
    assert {row["Gravité"] for row in results.anomalies("S06")} == {WARNING}
    assert results.value("007", "sujet", "RA1") == "Une foire"


@pytest.mark.parametrize("change", ["title", "minimum", "gone"])
def test_changed_labels_are_told_and_never_believed(cohort, change):
    book = cohort.filled(TRANSVERSALE)
    sheet = book.sheet(TRANSVERSALE)
    heading, content, shown = {
        "title": ("Compétence", "Expression orale seulement", "Expression orale seulement"),
        "minimum": ("Mini", 1, "1"),
        "gone": ("Mini", None, ""),
    }[change]
    cell = sheet.cell(cohorts.row_of(sheet, "T01"), cohorts.column_of(sheet, heading))
    cell.value = content
    book.put(TRANSVERSALE, "niveau", "T01", 2)
    book.save()
    results = cohort.consolidate()
    row = results.anomaly("S05")
    assert (row["Gravité"], row["Cellule"], row["Valeur"]) == (WARNING, cell.coordinate, shown)
    assert (row["Candidat"], row["Évaluateur"], row["Feuille"]) == ("007", "J01", "Compétences transversales")
    assert results.summary("007")["Transversales"] == 14  # the minimum is still 3


def test_two_long_texts_are_shown_from_where_they_differ(cohort):
    book = cohort.filled(GRILLE)
    panel = next(
        cell for line in book.sheet(GRILLE).iter_rows(max_row=10) for cell in line if "Échelle" in str(cell.value)
    )
    assert "attester" in panel.value[90:]
    panel.value = panel.value.replace("attester", "prouver")
    book.save()
    message = cohort.consolidate().anomaly("S05")["Message"]
    found, issued = re.findall(r"«\s(.*?)\s»", message)
    assert found != issued
    assert "que vous pouvez prouver" in found
    assert "que vous pouvez attester" in issued


def test_the_typography_of_labels_may_change(cohort):
    book = cohort.filled(TRANSVERSALE)
    for line in book.sheet(TRANSVERSALE).iter_rows(min_row=12, max_col=2):
        if line[0].value:
            line[1].value = line[1].value.replace("’", "'").upper()
    book.save()
    assert cohort.consolidate().codes == set()


def test_text_that_looks_like_a_formula_stays_text(cohort):
    book = cohort.filled(TRAVAUX)
    cell = book.put(TRAVAUX, "sujet", "RA1", '=HYPERLINK("http://exemple.fr")')
    cell.data_type = "s"
    book.save()
    assert cohort.consolidate().value("007", "sujet", "RA1") == '=HYPERLINK("http://exemple.fr")'


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_inputs_merged_by_a_real_program_hide_nothing(cohort, office: Office, suffix):
    """LibreOffice keeps what a merged cell hides, and calamine would read it."""
    book = cohort.filled(GRILLE)
    cells = [book.cell(GRILLE, "niveau", code).coordinate for code in ("2.1", "2.2")]
    title = book.sheet(GRILLE).title
    office.edit(book.save("à fusionner.xlsx"), cohort.returns / f"fusion{suffix}", [Merge(title, ":".join(cells))])
    (cohort.returns / "à fusionner.xlsx").unlink()
    results = cohort.consolidate()
    assert {row["Cellule"] for row in results.anomalies("S06")} == set(cells)
    assert [results.level("007", code) for code in ("1.5", "2.1", "2.2", "2.3")] == [5, "", "", 5]


def test_an_error_that_the_reader_does_not_know_costs_its_cell(cohort):
    book = cohort.filled(GRILLE)
    cell = book.cell(GRILLE, "niveau", "2.10").coordinate
    path = book.save()
    spilled = f'<c r="{cell}" t="e"><v>#SPILL!</v></c>'.encode()
    cohorts.rewrite(
        path, {"xl/worksheets/sheet1.xml": lambda xml: re.sub(rb'<c r="%s".*?</c>' % cell.encode(), spilled, xml)}
    )
    results = cohort.consolidate()
    assert (results.anomaly("V06")["Cellule"], results.anomaly("V06")["Valeur"]) == (cell, "(erreur)")
    assert results.codes == {"V06"}
    assert (results.level("007", "2.9"), results.level("007", "2.10")) == (5, "")
