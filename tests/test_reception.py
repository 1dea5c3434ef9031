"""What was expected and what came: the state of each file, what is missing, and what stays provisional."""

from __future__ import annotations

from datetime import datetime

from engine.assessment import reception
from engine.commands.status import status
from tests import cohorts
from tests.readings import GRILLE, NOTES, ORAL, TRANSVERSALE, TRAVAUX, VALIDATION, reference_cell


def unseal(book, kind):
    """Spoil the reference of a sheet."""
    cell = reference_cell(book, kind)
    cell.value = cell.value.rpartition("/")[0] + "/-"
    return book


# ----------------------------------------------------------------------------------------- file states


def test_each_state_of_a_file_is_reached(cohort):
    day = datetime(2025, 6, 2)
    old = cohort.filled(ORAL).save("remplacé.xlsx")
    cohorts.date(old, day, day)
    cohort.filled(ORAL).save("accepté.xlsx")
    cohort.drop(old, "copie.xlsx")
    unsigned = cohort.filled(ORAL, "007", "J02")
    unsigned.put(ORAL, "signature", "", None)
    unsigned.save("information.xlsx")
    doubtful = cohort.filled(GRILLE)
    doubtful.put(GRILLE, "experience", "1.1", "=1")
    doubtful.save("avertissement.xlsx")
    bad = cohort.filled(GRILLE, "C02")
    bad.put(GRILLE, "niveau", "1.1", "mal")
    bad.save("bloquante.xlsx")
    unseal(cohort.filled(ORAL, "C02"), ORAL).save("une fiche sur deux.xlsx")
    unseal(unseal(cohort.filled(ORAL, "C03"), ORAL), TRANSVERSALE).save("aucune fiche.xlsx")
    unseal(cohort.book(GRILLE, "C03").fill(GRILLE), GRILLE).save("refusée et vide.xlsx")
    cohort.book(GRILLE, "007", "F01").save("vide.xlsx")
    cohort.write("~$accepté.xlsx", b"")
    cohort.write("cassé.xlsx", b"PK")
    assert cohort.consolidate().states == {
        "accepté.xlsx": "Accepté",
        "information.xlsx": "Accepté",
        "avertissement.xlsx": "Accepté avec réserves",
        "bloquante.xlsx": "Accepté avec réserves",
        "une fiche sur deux.xlsx": "Accepté avec réserves",
        "vide.xlsx": "Accepté avec réserves",
        "aucune fiche.xlsx": "Refusé",
        "refusée et vide.xlsx": "Refusé",
        "cassé.xlsx": "Refusé",
        "remplacé.xlsx": "Remplacé",
        "copie.xlsx": "Remplacé",
        "~$accepté.xlsx": "Ignoré",
    }


def test_a_warning_found_across_returns_marks_its_file(cohort):
    book = cohort.filled(TRAVAUX)
    book.put(TRAVAUX, "niveau", "RA1", 0)
    book.save()
    assert cohort.consolidate().states == {"retour.xlsx": "Accepté avec réserves"}


def test_the_files_say_whose_they_are(cohort):
    path = cohort.filled(ORAL).save("à ranger/Grand oral (2).xlsx")
    results = cohort.consolidate()
    (row,) = results.sheets["Fichiers"]
    assert (row["Fichier"], row["Nature"]) == ("à ranger/Grand oral (2).xlsx", "ORAL; TRANSVERSALE")
    assert (row["Candidat"], row["Évaluateur"], row["Taille"]) == ("007", "J01", path.stat().st_size)
    assert len(row["SHA-256"]) == 64
    assert abs(row["Modifié le"] - datetime.fromtimestamp(path.stat().st_mtime)).total_seconds() < 2


# -------------------------------------------------------------------------------------- missing sheets


def test_every_expected_sheet_is_missing_at_first(cohort):
    results = cohort.consolidate()
    people = {
        "007": (("T01", "F01"), ("J01", "J02")),
        "C02": (("T01",), ("J01", "J02")),
        "C03": (("T02",), ("J01", "J02")),
    }
    expected = {("", "", "NOTES"), ("R01", "", "VALIDATION"), ("R02", "", "VALIDATION")}
    for candidate, (raters, jurors) in people.items():
        expected |= {(rater, candidate, kind) for rater in raters for kind in ("GRILLE", "TRAVAUX")}
        expected |= {(juror, candidate, kind) for juror in jurors for kind in ("ORAL", "TRANSVERSALE")}
    assert results.missing() == expected
    assert len(results.sheets["Manquants"]) == len(expected)
    by_id = {row["Évaluateur"]: row["Nom"] for row in results.sheets["Manquants"]}
    assert (by_id["T02"], by_id[""]) == ("ROCHE-DUVAL Aurèle", "Secrétariat")


def test_what_came_or_was_refused_is_not_missing(cohort):
    cohort.filled(ORAL).save("oral.xlsx")
    unseal(cohort.filled(ORAL, "007", "J02"), ORAL).save("refusée.xlsx")
    cohort.filled(NOTES).save("notes.xlsx")
    cohort.filled(VALIDATION).save("pièces.xlsx")
    missing = cohort.consolidate().missing()
    assert not {each for each in missing if each[1] == "007" and each[2] in ("ORAL", "TRANSVERSALE")}
    assert {each for each in missing if each[2] in ("NOTES", "VALIDATION")} == {("R02", "", "VALIDATION")}


def test_works_are_asked_for_while_one_was_rated_by_nobody(cohort):
    book = cohort.book(TRAVAUX)
    codes = [work.code for work in cohort.referential.works]
    for code in codes[1:]:
        book.put(TRAVAUX, "niveau", code, 3)
    book.save()
    assert ("F01", "007", "TRAVAUX") in cohort.consolidate().missing()
    book.put(TRAVAUX, "niveau", codes[0], "NE")  # nobody rated it yet
    book.save()
    assert ("F01", "007", "TRAVAUX") in cohort.consolidate().missing()
    book.put(TRAVAUX, "niveau", codes[0], 0)
    book.save()
    results = cohort.consolidate()
    assert ("F01", "007", "TRAVAUX") not in results.missing()
    assert ("F01", "007", "GRILLE") in results.missing()


# ----------------------------------------------------------------------------------------- provisional


def test_a_result_is_provisional_until_every_sheet_that_may_move_it_came(cohort):
    for kind, evaluator in ((GRILLE, "T01"), (GRILLE, "F01"), (ORAL, "J01")):
        cohort.filled(kind, "007", evaluator).save(f"{kind} {evaluator}.xlsx")
    last = cohort.filled(ORAL, "007", "J02")
    unseal(last, TRANSVERSALE).save("dernière.xlsx")
    assert cohort.consolidate().summary("007")["Provisoire"] == "Oui"
    cohort.filled(ORAL, "007", "J02").save("dernière.xlsx")
    row = cohort.consolidate().summary("007")
    assert (row["Provisoire"], row["Décision"]) == ("Non", "EN ATTENTE")  # the marks are still to come
    assert cohort.consolidate().summary("C02")["Provisoire"] == "Oui"


def test_what_is_awaited_is_told_with_or_without_names(cohort):
    expected = status(cohort.path).expected
    assert reception.awaited(expected)["007"][:2] == ["grille de compétences (T01)", "grille de compétences (F01)"]
    assert reception.awaited(expected, named=False)["007"] == [
        "grille de compétences",
        "grand oral",
        "compétences transversales",
    ]


def test_the_status_says_what_came_without_writing(cohort):
    cohort.filled(ORAL).save("oral.xlsx")
    unseal(cohort.filled(ORAL, "007", "J02"), ORAL).save("refusée.xlsx")
    report = status(cohort.path)
    receipts = {each.assignment.key: str(each.receipt) for each in report.expected}
    assert receipts["ORAL", "007", "j01"] == "reçue"
    assert receipts["ORAL", "007", "j02"] == "refusée"
    assert receipts["GRILLE", "007", "t01"] == "manquante"
    assert not (cohort.path / "resultats" / "resultats.xlsx").exists()
