"""What bears another name than the expected one is told, and never silently left aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine import referential
from engine.intake.safety import ole
from tests.rosters import CANDIDATES, EVALUATORS, SESSION, book, places, problems, read, saved

SAMPLE = Path(__file__).parents[1] / "sample_data"


def _renamed(old, new, sheet="Candidats"):
    made = book()
    heading = next(cell for cell in made[sheet][1] if cell.value == old)
    heading.value = new
    return made, f"{sheet}!{heading.coordinate}"


@pytest.mark.parametrize(
    ("old", "new", "sheet"),
    [
        ("Tuteur", "Tuteur(s)", "Candidats"),
        ("Formateurs", "Intervenants", "Candidats"),
        ("Jurés", "Jury", "Candidats"),
        ("Statut", "Situation", "Candidats"),
        ("Courriel", "E-mail", "Candidats"),
        ("Courriel", "Mail", "Évaluateurs"),
    ],
)
def test_a_column_under_another_name_is_told_by_what_it_holds(tmp_path, old, new, sheet):
    made, place = _renamed(old, new, sheet)
    assert problems(made, tmp_path) == [
        f"{place} : la colonne « {new} » n'est pas connue, et tout ce qu'elle contient est d'une colonne « {old} », "
        f"qui manque ; corrigez ce titre, ou ajoutez une colonne « {old} », même vide."
    ]


def test_the_addresses_of_tutors_are_not_taken_for_those_of_candidates(tmp_path):
    made, _ = _renamed("Courriel", "Courriel du tuteur")
    address = made["Évaluateurs"]["E2"].value
    assert "@" in address
    made["Candidats"]["D2"], made["Candidats"]["D3"] = address, address
    assert read(saved(made, tmp_path)).candidates[0].email == ""


def test_held_blocs_under_another_name_are_told(tmp_path):
    made = load_workbook(SAMPLE / "cohorte.xlsx")
    made["Candidats"]["I1"] = "Blocs validés"
    assert places(problems(made, tmp_path, referential_of=referential.load)) == ["Candidats!I1"]


@pytest.mark.parametrize("cells", [["Tuteur"], ["T01;F01"], ["à voir", "T01"], []])
def test_a_column_of_something_else_is_left_alone(tmp_path, cells):
    made, _ = _renamed("Tuteur", "Remarque")
    for row in (2, 3):
        made["Candidats"].cell(row, 6).value = None
    for row, text in enumerate(cells, 2):
        made["Candidats"].cell(row, 6).value = text
    assert read(saved(made, tmp_path)).candidates[0].tutors == ()


def test_an_empty_column_of_the_expected_name_settles_it(tmp_path):
    made, _ = _renamed("Statut", "Situation")
    made["Candidats"].cell(1, 20).value = "Statut"
    assert not read(saved(made, tmp_path)).candidates[1].dropped_out


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("Signature", "Signature exigée"), ("Date limite de retour :", "Date limite"), ("Président", "Président du jury")],
)
def test_a_field_that_was_cut_or_drawn_out_is_told(tmp_path, typed, expected):
    fields = SESSION.replace("Signature exigée", "Centre").strip()
    assert problems(book(session=f"{fields}\n{typed} | 12/06/2025"), tmp_path) == [
        f"Session!A5 : ce champ n'est pas connu ; le nom attendu est « {expected} ». S'il s'agit d'autre chose, "
        f"ajoutez une ligne « {expected} », même vide."
    ]


def test_a_field_without_value_or_of_another_beginning_is_left_alone(tmp_path):
    made = book(session=f"{SESSION.strip()}\nDate limite de retour |\nRemarque | Oui")
    assert read(saved(made, tmp_path)).session.deadline is None


def test_days_of_the_jury_on_a_sheet_of_another_name_are_told(tmp_path):
    made = book()
    made.create_sheet("Planning").append(["Date", "Salle", "Début", "Fin", "Jurés"])
    assert problems(made, tmp_path) == ["Planning : cette feuille n'est pas connue ; le nom attendu est « Journées »."]


def test_headings_that_stand_twice_are_no_person(tmp_path):
    """A list pasted below another, with its headings."""
    made = book(candidates=f"{CANDIDATES.strip()}\nIDENTIFIANT | Nom | Prenom")
    assert problems(made, tmp_path) == ["Candidats!A4 : les titres des colonnes sont répétés ; supprimez cette ligne."]


def test_a_required_list_of_nothing_is_empty(tmp_path):
    made = book(evaluators=EVALUATORS.replace("tuteur ", ";      "))
    assert problems(made, tmp_path) == ["Évaluateurs!D2 : la cellule « Rôle » est vide ; remplissez-la."]


@pytest.mark.parametrize("typed", ["a@b.fr,c@d.fr", "mailto:a@b.fr", "<a@b.fr>", "a@b@c.fr", "a@b.fr/c@d.fr"])
def test_an_address_that_no_message_bears_is_told(tmp_path, typed):
    made = book()
    made["Candidats"]["D2"] = typed
    assert places(problems(made, tmp_path)) == ["Candidats!D2"]


@pytest.mark.parametrize("shift", [0, 1, 6])
def test_a_container_of_impossible_sectors_has_no_streams(shift):
    head = ole.MAGIC + b"\0" * 22 + bytes([shift, 0])
    assert ole.streams(head + b"\0" * 5000) == set()
