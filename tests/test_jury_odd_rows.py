"""Rows of the jury's sheet that may be read in more than one way, all on one sheet: each waits, told with its cell; and
what a candidate brings from an earlier session stays beside what the jury gives."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from engine import referential
from engine.model import Decision, Kind
from tests import cohorts, juries
from tests.cohorts import column_of, row_of
from tests.test_jury_deliberation import NAME, REASON, decided


@pytest.fixture
def sitting(tmp_path):
    return juries.make(tmp_path / "jury")


BLOCS = {
    "C01": "1, 3",
    "C03": "Bloc 1 et 3",
    "C04": "B1 B3",
    "C05": "B1/B3",
    "C06": "B1-B3",
    "C08": "tous",
    "C09": "aucun",
    "C10": 1,
    "C11": True,
    "C12": "B1\nB3",
    "C15": "B1 ; B2 (acquis)",
}
WORDS = {
    "C01": "Admis.",
    "C03": "ADMIS ?",
    "C04": "Ajournée",
    "C05": "partiel (B1)",
    "C06": "En-attente",
    "C08": "oui",
    "C09": "Rattrapage",
    "C10": "=1/0",
    "C11": "X",
    "C12": "ADMIS PARTIEL",
    "C15": "Admis sous réserve",
}


@pytest.mark.parametrize(("heading", "typed"), [("Blocs", BLOCS), ("Décision", WORDS)])
def test_what_may_be_read_in_two_ways_decides_nothing(sitting, heading, typed):
    partial = {"Décision": "PARTIEL", "Blocs": "B1", "Motif": REASON}
    path = sitting.deliberate({person: partial | {heading: text} for person, text in typed.items()})
    found = sitting.judge()
    assert found.by_jury == set()
    sheet = openpyxl.load_workbook(path)[Kind.DELIBERATION.record.title]
    cells = {person: sheet.cell(row_of(sheet, person), column_of(sheet, heading)).coordinate for person in typed}
    told = [each for each in found.anomalies(file=NAME) if each.code in ("V03", "V06")]
    assert {each.candidate: each.cell for each in told} == cells
    assert all(each.blocking for each in told)
    assert {found.outcomes[person].decision for person in typed} == {Decision.PENDING}


CLEAR = {
    "C01": ("a d m i s", None, ("ADMIS", ("B1", "B2", "B3", "B4"))),
    "C03": ("partiel", "b4;", ("PARTIEL", ("B2", "B4"))),
    "C06": ("En  attente", None, ("EN ATTENTE", ("B1", "B2", "B3", "B4"))),
    "C08": ("Partiel", "B4 ; ; b1, B1", ("PARTIEL", ("B1", "B4"))),
    "C09": ("ajourne", None, ("AJOURNÉ", ())),
}


def test_case_accents_blanks_and_order_are_no_matter(sitting):
    rows = {who: {"Décision": word, "Blocs": blocs} for who, (word, blocs, _) in CLEAR.items()}
    sitting.deliberate({who: row | {"Motif": REASON} for who, row in rows.items()})
    found = sitting.judge()
    assert {who: found.decisions[who] for who in CLEAR} == {who: decided for who, (*_, decided) in CLEAR.items()}
    assert found.by_jury >= CLEAR.keys()


def test_what_is_pasted_over_a_row_decides_nothing_without_its_own_reason(sitting):
    """Another candidate's answers alone are a departure without a reason; with what was proposed to the other, they are
    told as rules that moved, which keeps the session from being closed."""
    path = sitting.deliberate()
    book = openpyxl.load_workbook(path)
    sheet = book[Kind.DELIBERATION.record.title]
    for person, first in (("C01", "Décision"), ("C09", "Proposé")):
        for column in range(column_of(sheet, first), column_of(sheet, "Motif") + 1):
            sheet.cell(row_of(sheet, person), column).value = sheet.cell(row_of(sheet, "C11"), column).value
    sitting.save(book, NAME)
    found = sitting.judge()
    assert found.anomaly("V13", candidate="C01").blocking
    assert found.outcomes["C01"].decision is Decision.PENDING
    assert found.anomaly("R11", candidate="C09").blocking


@pytest.mark.parametrize(("typed", "waits"), [(None, True), ("C99", True), ("c01", False)])
def test_a_row_whose_identifier_is_lost_waits_as_its_name_says(sitting, typed, waits):
    """The rules would say something else than the jury did, and nobody would wait for it."""
    path = sitting.deliberate({"C01": {"Décision": "AJOURNÉ", "Motif": REASON}})
    book = openpyxl.load_workbook(path)
    sheet = book[Kind.DELIBERATION.record.title]
    sheet.cell(row_of(sheet, "C01"), column_of(sheet, "Identifiant")).value = typed
    sitting.save(book, NAME)
    found = sitting.judge()
    assert found.outcomes["C01"].decision is (Decision.PENDING if waits else Decision.REFUSED)
    assert bool(found.anomalies("I01")) is waits
    assert "C03" in found.by_jury


@pytest.mark.parametrize(
    ("typed", "font", "code"),
    [("Van den Berghe", Font(strike=True), "V12"), ("#REF!", None, "V06"), ("=A1", None, "V06")],
)
def test_what_cannot_be_taken_for_a_signature_signs_nothing(sitting, typed, font, code):
    """Each was read as some text, which signs where no code is required."""
    path = sitting.deliberate({"C01": {"Décision": "AJOURNÉ", "Motif": REASON}}, signature=typed)
    if font:
        book = openpyxl.load_workbook(path)
        ((title, address),) = book.defined_names["deliberation_signature"].destinations
        book[title][address].font = font
        sitting.save(book, NAME)
    found = sitting.judge()
    assert found.by_jury == set()
    assert {each.code for each in found.anomalies(file=NAME)} == {"I07", code}


def test_a_row_that_was_taken_out_leaves_the_rules(sitting):
    path = sitting.deliberate()
    book = openpyxl.load_workbook(path)
    sheet = book[Kind.DELIBERATION.record.title]
    sheet.delete_rows(row_of(sheet, "C01"))
    sitting.save(book, NAME)
    found = sitting.judge()
    assert ("C01" in found.by_jury, found.decisions["C01"][0]) == (False, "ADMIS")


def registered(path, **cells):
    """Write cells of candidates in the roster: identifier -> (heading, value)."""
    book = openpyxl.load_workbook(path / "cohorte.xlsx")
    people = book["Candidats"]
    for person, (heading, value) in cells.items():
        people.cell(row_of(people, person), column_of(people, heading)).value = value
    book.save(path / "cohorte.xlsx")


def test_what_is_brought_from_an_earlier_session_goes_with_what_the_jury_gives(sitting):
    registered(sitting.path, C11=("Blocs acquis", "B1;B3"), C05=("Conservés", "ORAL"), C04=("Blocs acquis", "B1"))
    sitting.issue()
    sitting.deliberate(
        {
            "C11": {"Décision": "PARTIEL", "Blocs": "B2", "Motif": REASON},
            "C04": {"Décision": "AJOURNÉ", "Blocs": None, "Motif": REASON},
        }
    )
    found = sitting.judge()
    assert found.decisions["C11"] == ("PARTIEL", ("B1", "B2", "B3"))
    assert (found.decisions["C05"][0], "C05" in found.by_jury) == ("ADMIS", True)  # as the sheet now proposes
    assert found.anomaly("V13").candidate == "C04"
    assert found.outcomes["C04"].decision is Decision.PENDING


def test_a_jury_with_too_few_members_from_outside_is_told_and_still_decides(tmp_path):
    shipped = Path(referential.__file__).parent / "shipped" / f"{cohorts.CGCO}.toml"
    rules = tmp_path / "moitié d'extérieurs.toml"
    rules.write_text(
        shipped.read_text("utf-8").replace("minimum_jurors", "external_share = 0.5\nminimum_jurors"), "utf-8"
    )
    cohort = cohorts.make(tmp_path / "cohorte", referential=str(rules))
    decided(cohort, {"007": {"Décision": "AJOURNÉ", "Motif": "Parcours"}}, "délibération.xlsx", 9)

    def judged(outside):
        told = cohort.enrol(
            lambda table: table.replace("| Rôle\n", "| Rôle | Extérieur\n").replace(
                "| Juré\n", f"| Juré | {outside}\n", 1
            )
        ).consolidate()
        assert told.summary("007")["Décidé par"] == "Jury"
        return told.anomalies("R14")

    (told,) = judged("Non")
    assert (told["Gravité"], told["Fichier"]) == ("avertissement", "délibération.xlsx")
    assert "0 membre extérieur sur 2" in told["Message"].replace("\u202f", " ").replace("\xa0", " ")
    assert judged("Oui") == []


def test_a_later_signed_one_that_decides_of_nobody_gives_everybody_back_to_the_rules(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    people = ("007", "C02", "C03")
    failed = {"Décision": "AJOURNÉ", "Motif": "Parcours"}
    decided(cohort, dict.fromkeys(people, failed), "première.xlsx", 9)
    decided(cohort, {}, "deuxième.xlsx", 10, incidents="Recours du candidat")
    results = cohort.consolidate()
    assert {results.summary(one)["Décidé par"] for one in people} == {"Règles"}
    told = results.anomaly("I06", Fichier="deuxième.xlsx")
    assert told["Gravité"] == "avertissement"
    assert "C02, Décision : AJOURNÉ → vide" in told["Message"].replace("\u202f", " ")
    assert results.anomalies("I08") == []


def test_a_later_one_that_decides_nothing_says_which_it_leaves(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    failed = {"Décision": "AJOURNÉ", "Motif": "Parcours"}
    decided(cohort, {"007": failed}, "première.xlsx", 9)
    decided(cohort, {"C02": failed}, "deuxième.xlsx", 10, membres="J01")
    results = cohort.consolidate()
    assert [results.summary(one)["Décidé par"] for one in ("007", "C02")] == ["Jury", "Règles"]
    message = results.anomaly("R14", Fichier="deuxième.xlsx")["Message"]
    assert "ne remplace pas la feuille signée qui est là (« première.xlsx »)." in message.replace("\u202f", " ")


@pytest.mark.parametrize("president", ["J01", None])
def test_one_sent_back_as_it_went_out_is_a_draft_even_where_nothing_was_proposed(tmp_path, president):
    cohort = cohorts.make(tmp_path / "cohorte")
    decided(cohort, {}, "projet.xlsx", 9, president=president, membres=None, signature=None)
    results = cohort.consolidate()
    assert results.anomaly("I07", Fichier="projet.xlsx")["Gravité"] == "avertissement"
    assert results.anomalies("I08") == []
