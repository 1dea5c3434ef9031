"""The roster: what is read, what is refused and where, and the blank one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from engine.model import Role, Session
from engine.model.errors import RosterError
from tests.rosters import book, calculated, places, problems, read, saved

# ------------------------------------------------------------------------------------------- what is read


def test_a_sound_roster_is_read_whole(tmp_path):
    roster = read(saved(book(), tmp_path))
    assert roster.session == Session(
        cohort="Promotion des Tilleuls", jury_date=date(2025, 6, 12), signature_required=True
    )
    first, second = roster.candidates
    assert (first.id, first.name, first.email, first.company) == (
        "007",
        "LEFÈVRE Éloïse",
        "e@exemple.fr",
        "Port & Fils",
    )
    assert (first.tutors, first.trainers, first.jurors) == (("T01",), ("F01", "F02"), ("J01", "J02"))
    assert (first.held_blocs, first.dropped_out) == (("B2", "B1"), False)
    assert second.dropped_out
    assert roster.evaluator("f01").roles == {Role.TRAINER, Role.JUROR}
    assert [person.id for person in roster.with_role(Role.SECRETARIAT)] == ["S01"]


def test_case_accents_order_unknown_columns_and_title_blocks_do_not_matter(tmp_path):
    made = book(
        session="Année | 2025\nVALEUR | note | champ\nOui | n'importe | signature exigee\n | | Centre",
        candidates="""
            Liste des candidats | | |
             | | |
            PRENOM | Téléphone | nom | IDENTIFIANT | jures
            Bao    | =1+1      | Nguyen | C02      | J01
             |   | |
             | une note | |
            Ida    |           | Roche  | C03      |
        """,
        evaluators="rôle | identifiant | nom | prénom\nJURÉ | J01 | Osmani | Nadia",
    )
    made["Évaluateurs"].title = "EVALUATEURS"
    made.create_sheet("Brouillon")["A1"] = "=1/0"
    roster = read(saved(made, tmp_path))
    assert roster.session.signature_required
    assert [(person.id, person.last_name, person.jurors) for person in roster.candidates] == [
        ("C02", "Nguyen", ("J01",)),
        ("C03", "Roche", ()),
    ]


@pytest.mark.parametrize(
    ("typed", "identifier"),
    [("007", "007"), (7, "7"), (7.0, "7"), ("\u00a0\u200bc-1.b_2 \ufeff", "c-1.b_2"), ("a" * 32, "a" * 32)],
)
def test_an_identifier_is_text_or_the_digits_of_a_whole_number(tmp_path, typed, identifier):
    made = book()
    made["Candidats"]["A2"] = typed
    assert read(saved(made, tmp_path)).candidates[0].id == identifier


@pytest.mark.parametrize(
    "typed",
    [
        7.5,
        1e15,
        -7,
        True,
        datetime(2025, 5, 3),
        "C 1",
        "É1",
        "-C1",
        "a" * 33,
        "C/1",
        "C\u200b1",
        "\u0421\u0430\u0441",
        "C1;C2",
    ],
)
def test_any_other_identifier_is_refused_with_its_cell(tmp_path, typed):
    made = book()
    made["Candidats"]["A2"] = typed
    assert places(problems(made, tmp_path)) == ["Candidats!A2"]


@pytest.mark.parametrize("typed", ["CON", "nul", "Com1", "lpt9", "aux.2", "C01.", "PRN"])
@pytest.mark.parametrize("sheet", ["Candidats", "Évaluateurs"])
def test_an_identifier_that_no_folder_can_bear_is_refused(tmp_path, sheet, typed):
    made = book()
    made[sheet]["A3"] = typed
    assert f"{sheet}!A3" in places(problems(made, tmp_path))


@pytest.mark.parametrize("typed", ["CONAN", "com10", "null", "C.01", "C01-", "auxerre.1"])
def test_an_identifier_that_only_begins_so_is_read(tmp_path, typed):
    made = book()
    made["Candidats"]["A3"] = typed
    assert read(saved(made, tmp_path)).candidates[1].id == typed


def test_the_deadline_is_a_date_of_the_session(tmp_path):
    made = book()
    made["Session"]["A5"], made["Session"]["B5"] = "Date limite", datetime(2025, 6, 2)
    assert read(saved(made, tmp_path)).session.deadline == date(2025, 6, 2)
    made["Session"]["B5"] = "mi-juin"
    assert places(problems(made, tmp_path)) == ["Session!B5"]


def test_names_are_composed_and_single_spaced(tmp_path):
    made = book()
    made["Candidats"]["B2"] = "Le\u00a0 Galle\u0301\n"
    assert read(saved(made, tmp_path)).candidates[0].last_name == "Le Gallé"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (datetime(2025, 6, 12), date(2025, 6, 12)),
        ("1/6/2025", date(2025, 6, 1)),
        ("2025-06-12", date(2025, 6, 12)),
        (None, None),
    ],
)
def test_the_jury_date_is_a_date_cell_or_its_text(tmp_path, typed, day):
    made = book()
    made["Session"]["B3"] = typed
    assert read(saved(made, tmp_path)).session.jury_date == day


@pytest.mark.parametrize("typed", ["31/02/2025", "12/06/25", "juin", 45820, datetime(205, 6, 12), True])
def test_any_other_jury_date_is_refused(tmp_path, typed):
    made = book()
    made["Session"]["B3"] = typed
    assert places(problems(made, tmp_path)) == ["Session!B3"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("o", True), ("NON", False), ("n", False), (True, True), (False, False), (None, False)],
)
def test_oui_and_non_are_read_leniently(tmp_path, typed, answer):
    made = book()
    made["Session"]["B4"] = typed
    assert read(saved(made, tmp_path)).session.signature_required is answer


@pytest.mark.parametrize(("stored", "answer"), [("1", True), ("0", False)])
def test_a_true_or_false_saved_as_a_formula_is_its_stored_value(tmp_path, stored, answer):
    made = book()
    made["Session"]["B4"] = "=TRUE()"
    assert read(calculated(saved(made, tmp_path), "B4", "b", stored)).session.signature_required is answer


def test_a_referential_path_is_kept_to_the_letter(tmp_path):
    made = book(session="Champ | Valeur\nRéférentiel | x")
    made["Session"]["B2"] = " dossier  a/re\u0301fe\u0301rentiel.toml "
    assert read(saved(made, tmp_path)).session.referential == "dossier  a/re\u0301fe\u0301rentiel.toml"


def test_evaluators_take_the_spelling_of_their_own_sheet(tmp_path):
    made = book()
    made["Candidats"]["F2"] = "t01"
    assert read(saved(made, tmp_path)).candidates[0].tutors == ("T01",)


# ---------------------------------------------------------------------------------------- what is refused


def test_every_error_is_reported_at_once_in_the_order_of_the_workbook(tmp_path):
    made = book(
        session="Champ | Valeur\nSignature exigée | peut-être\nDate du jury | demain\nCentre | A\ncentre | B",
        candidates="""
            Identifiant | Nom     | Prénom | Courriel | Tuteur  | Formateurs | Jurés   | Statut
            C 1         | Lefèvre |        | a@       | T99;T01 | F01,F02    | J01;j01 | parti
            C02         | Nguyen  | Bao    | a b@c    | J01     |            | Osmani Nadia |
            c02         |         | Ida    |          | T01     |            |         | inscrit
        """,
        evaluators="""
            Identifiant | Nom    | Prénom | Rôle
            T01         | Benali | Karim  | Tuteur;Chef
            F01         | Morel  | Anne   | Formateur
            F02         | Morel  | Luc    | Formateur
            J01         | Osmani | Nadia  | Juré
            f01         | Morel  | Anne   |
        """,
    )
    assert problems(made, tmp_path) == [
        "Session!B2 : « peut-être » au lieu de Oui ou Non.",
        "Session!B3 : « demain » n'est pas une date ; tapez-la sous la forme jj/mm/aaaa.",
        "Session!A5 : le champ « Centre » est déjà en A4 ; gardez-en un.",
        "Candidats!A2 : l'identifiant « C 1 » n'est pas valable ; il faut 1 à 32 lettres sans accent, chiffres, "
        "points ou tirets, sans espace, en commençant par une lettre ou un chiffre.",
        "Candidats!C2 : la cellule « Prénom » est vide ; remplissez-la.",
        "Candidats!D2 : « a@ » n'est pas une adresse ; corrigez-la, ou videz la cellule.",
        "Candidats!E2 : le tuteur « T99 » n'est pas dans la feuille Évaluateurs ; "
        "corrigez l'identifiant, ou ajoutez cette personne.",
        "Candidats!F2 : le formateur « F01,F02 » n'est pas dans la feuille Évaluateurs ; "
        "séparez les identifiants par « ; ».",
        "Candidats!G2 : « j01 » est écrit deux fois ; gardez-en un.",
        "Candidats!H2 : le statut « parti » n'existe pas ; laissez vide, ou choisissez Inscrit ou Abandon.",
        "Candidats!D3 : « a b@c » n'est pas une adresse ; corrigez-la, ou videz la cellule.",
        "Candidats!E3 : le tuteur « J01 » (OSMANI Nadia) n'a pas le rôle Tuteur mais Juré ; corrigez l'identifiant, "
        "ou ajoutez ce rôle dans la feuille Évaluateurs.",
        "Candidats!G3 : le juré « Osmani Nadia » n'est pas dans la feuille Évaluateurs ; s'agit-il de « J01 » ?",
        "Candidats!A4 : l'identifiant « c02 » est déjà pris en A3.",
        "Candidats!B4 : la cellule « Nom » est vide ; remplissez-la.",
        "Évaluateurs!D2 : le rôle « Chef » n'existe pas ; choisissez parmi Tuteur, Formateur, Juré, Référent, "
        "Secrétariat (plusieurs rôles : séparez-les par « ; »).",
        "Évaluateurs!A6 : l'identifiant « f01 » est déjà pris en A3.",
        "Évaluateurs!D6 : la cellule « Rôle » est vide ; remplissez-la.",
    ]


def test_an_identifier_that_lost_its_zeros_is_recognised(tmp_path):
    made = book()
    made["Évaluateurs"]["A2"] = "001"
    made["Candidats"]["F2"], made["Candidats"]["F3"] = 1, "001"
    assert problems(made, tmp_path) == [
        "Candidats!F2 : le tuteur « 1 » n'est pas dans la feuille Évaluateurs ; s'agit-il de « 001 » ?"
    ]


def test_formulas_and_error_values_are_refused_even_with_a_stored_value(tmp_path):
    made = book()
    sheet = made["Candidats"]
    sheet["B2"], sheet["E2"] = '=UPPER("lefèvre")', "#N/A"
    sheet["C2"] = ArrayFormula("C2", '=PROPER("éloïse")')
    sheet["F3"] = "=#REF!"
    path = calculated(saved(made, tmp_path), "B2", "str", "LEFÈVRE")
    with pytest.raises(RosterError) as caught:
        read(path)
    found = caught.value.problems
    assert places(found) == ["Candidats!B2", "Candidats!C2", "Candidats!E2", "Candidats!F3"]
    assert "une formule, de résultat « LEFÈVRE »" in found[0]
    assert "une formule sans résultat" in found[1]
    assert "une erreur du tableur" in found[2]


def test_merged_cells_are_refused_once_and_nothing_is_guessed_from_them(tmp_path):
    made = book()
    made["Candidats"].merge_cells("B2:B3")
    made["Candidats"].merge_cells("L2:M3")  # beside the table: not ours
    made["Évaluateurs"].insert_rows(1)
    made["Évaluateurs"]["A1"] = "Les évaluateurs"
    made["Évaluateurs"].merge_cells("A1:E1")  # a title: harmless
    assert problems(made, tmp_path) == [
        "Candidats!B2 : cellules fusionnées (B2:B3) ; défusionnez-les et écrivez la valeur sur chaque ligne."
    ]


def test_merged_cells_that_begin_with_the_headings_hide_the_rows_below_too(tmp_path):
    made = book()
    made["Candidats"].merge_cells("B1:B3")
    assert problems(made, tmp_path) == [
        "Candidats!B1 : cellules fusionnées (B1:B3) ; défusionnez-les et écrivez la valeur sur chaque ligne."
    ]


def test_missing_sheets_and_columns_are_named_without_a_flood_of_consequences(tmp_path):
    made = book(candidates="Identifiant | Nom | Tuteur\nC01 | Nguyen | T99")
    made["Évaluateurs"].title = "Tuteurs"
    del made["Session"]
    assert problems(made, tmp_path) == [
        "Session : cette feuille manque ; feuilles trouvées : « Candidats », « Tuteurs ».",
        "Candidats!A1 : la colonne « Prénom » manque sur cette ligne.",
        "Évaluateurs : cette feuille manque ; feuilles trouvées : « Candidats », « Tuteurs ».",
    ]


def test_a_sheet_or_a_heading_that_stands_twice_is_ambiguous(tmp_path):
    made = book()
    made.create_sheet("Evaluateurs")
    made["Candidats"]["K1"] = "Jures"
    assert places(problems(made, tmp_path)) == ["Candidats!K1", "Évaluateurs"]


def test_a_heading_or_field_nearly_right_is_not_silently_left_unread(tmp_path):
    made = book()
    made["Candidats"]["G1"] = "Formateur"
    made["Session"]["A4"] = "Signature exigé"
    assert problems(made, tmp_path) == [
        "Session!A4 : ce champ n'est pas connu ; le nom attendu est « Signature exigée ».",
        "Candidats!G1 : la colonne « Formateur » n'est pas connue ; le titre attendu est « Formateurs ».",
    ]


def test_an_empty_sheet_says_which_headings_it_lacks(tmp_path):
    found = problems(book(evaluators=" "), tmp_path)
    assert found == ["Évaluateurs : les titres de colonnes manquent : Identifiant, Nom, Prénom, Rôle."]


def test_a_text_that_the_spreadsheet_made_a_date_is_refused(tmp_path):
    made = book()
    made["Session"]["B2"] = datetime(2025, 6, 1)
    found = problems(made, tmp_path)
    assert places(found) == ["Session!B2"]
    assert "01/06/2025" in found[0]


def test_the_example_line_is_not_read_and_a_roster_without_candidates_is_refused(tmp_path):
    made = book(candidates="Identifiant | Nom | Prénom | Tuteur\n(Exemple) 007 | Lefèvre | Éloïse | T99")
    assert problems(made, tmp_path) == ["Candidats!A2 : aucun candidat ; écrivez-en un par ligne, sous les titres."]
