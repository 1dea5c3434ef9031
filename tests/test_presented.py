"""A candidate who presents some blocs only, from the roster to the results: what goes out, comes back and is told."""

import openpyxl
import pytest

from engine.commands.jury import jury
from engine.commands.templates import issue
from engine.model import Kind
from engine.model.errors import RosterError
from tests.cohorts import Cohort, make
from tests.libreoffice import Clear
from tests.results import BTS, headings, sheets, table_of

GRILLE = Kind.GRILLE


@pytest.fixture
def cohort(tmp_path):
    """007 presents B1 and B4 only."""
    return presenting(make(tmp_path / "cohorte"), "B1;B4")


def presenting(cohort, blocs, more="", held=""):
    """The cohort, its first candidate presenting these blocs; ``more``: a heading and what it says of them."""
    heading, _, value = more.partition("=")

    def change(table):
        lines = [line for line in table.splitlines() if line.strip()]
        if "Jurés" not in lines[0]:
            return table
        lines[0] += f" | Blocs présentés | Blocs acquis{f' | {heading}' if more else ''}"
        lines[1] += f" | {blocs} | {held}{f' | {value}' if more else ''}"
        return "\n".join(lines) + "\n"

    changed = cohort.enrol(change)
    issue(changed.path)
    return Cohort(changed.path)


def test_the_grid_asks_only_for_what_is_presented(cohort):
    workbook = openpyxl.load_workbook(cohort.issued(GRILLE))
    assert workbook.sheetnames == ["Grille de compétences", "Mode d'emploi"]
    codes = {str(cell.value) for cell in workbook.worksheets[0]["A"]}
    assert "1.1" in codes
    assert "2.1" not in codes
    assert not list((cohort.path / "envois" / "jurys").rglob("LEFÈVRE*"))
    assert list((cohort.path / "envois" / "jurys").rglob("NGUYEN*"))


def test_what_comes_back_decides_of_the_blocs_alone(cohort):
    for evaluator in ("T01", "F01"):
        book = cohort.book(GRILLE, evaluator=evaluator)
        for bloc in (cohort.referential.blocs[0], cohort.referential.blocs[3]):
            for competence in bloc.competences:
                book.put(GRILLE, "niveau", competence.code, 5)
        book.save(f"{evaluator}.xlsx")
    results = cohort.consolidate()
    summary = results.summary("007")
    assert (summary["Décision"], summary["Blocs acquis"], summary["Provisoire"]) == ("PARTIEL", "B1; B4", "Non")
    assert [summary[f"{code} état"] for code in ("B1", "B2", "B3", "B4")] == [
        "Validé",
        "Non présenté",
        "Non présenté",
        "Validé",
    ]
    assert {summary[name] for name in ("Transversales état", "Oral état", "EN état", "UE état")} == {"Non présenté"}
    assert [row for row in results.missing() if row[1] == "007"] == []
    assert results.anomalies("R01", "R03", "V09", "S03", "S04", "S05", "R15") == []


def test_marks_are_not_owed(cohort):
    book = cohort.book(Kind.NOTES)
    book.fill(Kind.NOTES)
    for unit in (*cohort.referential.units, cohort.referential.national_exam):
        book.put(Kind.NOTES, unit.code, unit.code, None, "007")
    book.save("notes.xlsx")
    assert cohort.consolidate().anomalies("V09") == []


def test_a_grid_issued_before_reads_whole_and_owes_nothing_more(tmp_path):
    whole = make(tmp_path / "cohorte")
    book = whole.filled(GRILLE)
    for code in ("2.1", "3.1"):
        book.put(GRILLE, "niveau", code, None)
    book.save("avant.xlsx")
    cohort = presenting(whole, "B1;B4")
    results = cohort.consolidate()
    assert results.level("007", "2.2") == 5
    assert results.anomalies("V09", "S03", "S04", "S05", "S08") == []
    assert "des évaluations y ont pourtant été saisies (B2 et B3)" in results.summary("007")["Motifs"]


@pytest.mark.parametrize(
    ("blocs", "held", "more", "told"),
    [
        ("B9", "", "", "le bloc « B9 » n'est pas du référentiel"),
        ("B1;B2", "B2", "", "le bloc B2 est déjà acquis"),
        ("B1", "", "Convocation=Oui", "ne présente que des blocs, et pas le grand oral"),
    ],
)
def test_a_roster_that_contradicts_itself_is_refused(tmp_path, blocs, held, more, told):
    with pytest.raises(RosterError, match=told):
        presenting(make(tmp_path / "cohorte"), blocs, more, held)


def test_a_summons_goes_with_the_last_blocs_of_a_title(tmp_path):
    cohort = presenting(make(tmp_path / "cohorte"), "B1;B4", "Convocation=Oui", "B2;B3")
    assert cohort.issued(Kind.ORAL).exists()


@pytest.mark.libreoffice
def test_a_value_taken_away_from_the_results_leaves_what_was_not_presented(cohort, office):
    book = cohort.book(Kind.NOTES)
    for code in ("EN", "UE1"):
        book.put(Kind.NOTES, code, code, 15, "007")
    book.save("notes.xlsx")
    path = cohort.consolidate().path
    written, headed = sheets(path), headings(path, "Détail")
    place, mine = headed.index("Valeur retenue"), headed.index("Candidat")
    marks = [row for row, line in enumerate(written["Détail"], start=1) if line[mine] == "007" and line[place] == 15]
    for cleared, told in ((marks[:0], "Validé"), (marks, "Non présenté")):
        found = office.follow(path, [Clear(f"G{row}", sheet="Détail") for row in cleared], ["Synthèse", "Notes"])
        (summary,) = (row for row in table_of(found["Synthèse"], "Synthèse") if row["Identifiant"] == "007")
        (noted,) = (row for row in table_of(found["Notes"], "Notes") if row["Identifiant"] == "007")
        assert (len(marks), summary["EN état"], noted["UE1 état"], summary["UE état"]) == (
            2,
            told,
            told,
            "Non présenté",
        )


def test_no_grid_is_made_of_blocs_that_exams_alone_validate(tmp_path):
    """It had no row: `templates` stopped there for everybody."""
    cohort = presenting(make(tmp_path / "bts", referential=BTS), "B1;B2")
    assert cohort.referential.blocs[0].competences == ()
    grids = {path.name for path in (cohort.path / "envois" / "tuteurs").rglob("*.xlsx")}
    assert grids
    assert not any(name.startswith("LEFÈVRE") for name in grids)
    jury(cohort.path)
    assert "007" not in {candidate for _, candidate, _ in cohort.consolidate().missing()}
    assert {path.name.partition(" ")[0] for path in (cohort.path / "envois" / "commission").iterdir()} == {"NGUYEN"}
