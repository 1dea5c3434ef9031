"""The live help, computed by a real spreadsheet program: what it shows while people type."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from engine import templates
from engine.model import WORKBOOKS, Kind
from engine.templates import commission
from engine.templates.workbook import Renderer
from tests.descriptions import FILES, outcome_of
from tests.descriptions import candidate as described
from tests.envois import FOLDER, KEY, NAMES, ROSTER, certification, planned
from tests.libreoffice import Recalculate, Type

pytestmark = pytest.mark.libreoffice

POINTS = [f"O{rank:02}" for rank in range(1, 28)]
EXAMPLE = str(FILES["cycles"])
LETTERS = str(FILES["lettres"])
ITEMS = [f"T{rank:02}" for rank in range(1, 16)]


def contents(name):
    """One workbook of each sort, issued and blank, by a name for the test's folder."""
    found = {}
    for each in planned(name):
        title = f"{each.role} {len(each.sheets)}"
        found.setdefault(title, templates.render(each, ROSTER, certification(name)))
    return found | templates.blank(certification(name))


def values(path):
    """Every stored value, by sheet and address; a formula that shows nothing is left out."""
    book = openpyxl.load_workbook(path, data_only=True)
    cells = (cell for sheet in book for line in sheet.iter_rows() for cell in line)
    return {(cell.parent.title, cell.coordinate): cell.value for cell in cells if cell.value not in (None, "")}


@pytest.mark.parametrize("name", [*NAMES, EXAMPLE, LETTERS], ids=lambda name: Path(name).stem)
def test_stored_values_are_those_a_program_computes(office, tmp_path, name):
    for rank, content in enumerate(contents(name).values()):
        formulas = [
            cell.value
            for sheet in openpyxl.load_workbook(BytesIO(content))
            for line in sheet.iter_rows()
            for cell in line
            if cell.data_type == "f"
        ]
        assert formulas
        sent, again = tmp_path / f"{rank}.xlsx", tmp_path / f"{rank} bis.xlsx"
        sent.write_bytes(content)
        office.edit(sent, again, [Recalculate()])
        assert values(again) == values(sent)


# ------------------------------------------------------------------------------------- while people type


@pytest.fixture
def shown(office, tmp_path):
    """What a sheet shows once something was typed: ``shown(kind, {input: text}, name)``."""

    def type_and_look(kind, typed, name=NAMES[0]):
        form_kinds = next(kinds for kinds in WORKBOOKS.values() if kind in kinds)
        each = next(each for each in planned(name) if each.sheets[0].assignment.kind in form_kinds)
        sent, filled = tmp_path / "fiche.xlsx", tmp_path / "fiche remplie.xlsx"
        sent.write_bytes(templates.render(each, ROSTER, certification(name)))
        title = openpyxl.load_workbook(sent).worksheets[form_kinds.index(kind)].title
        office.edit(sent, filled, [Type(where, text, title) for where, text in typed.items()])
        contents = office.read(filled, wanted=[title])[title].values()
        texts = {content.shown.replace("\u202f", " ").replace("\xa0", " ") for content in contents}
        assert not any(text.startswith(("#", "Err:")) for text in texts - {"#DIV/0!"})
        return texts

    return type_and_look


def test_grille_counts_what_is_given_wrong_and_left(shown):
    typed = {f"grille_niveau_1.{rank}": "3" for rank in range(1, 6)}
    typed |= {
        "grille_niveau_2.1": "ne",
        "grille_niveau_2.2": "8",
        "grille_niveau_2.3": "3,5",
        "grille_niveau_2.4": "trois",
    }
    typed |= {"grille_niveau_2.5": "=1/0", "grille_niveau_2.6": "3/5", "grille_auto_2.7": "9"}
    texts = shown(Kind.GRILLE, typed)
    assert {"6 / 27", "▲ 5 à corriger, 16 à remplir"} <= texts
    assert {"■■■■■   5 niveaux saisis sur 5 : ● complet", "■□□□□□□□□□   1 niveau saisi sur 10 : ○ en cours"} <= texts
    assert "□□□□□□□   0 niveau saisi sur 7 : ○ en cours" in texts


def test_grille_says_when_it_is_complete(shown):
    codes = [competence.code for competence in certification().competences]
    texts = shown(Kind.GRILLE, {f"grille_niveau_{code}": "NE" for code in codes})
    assert {"27 / 27", "● complet"} <= texts


def test_grille_with_minima_counts_what_is_demonstrated(shown):
    typed = {
        "grille_niveau_A.1": "2",
        "grille_niveau_A.10": "2,5",
        "grille_niveau_B.1": "1,5",
        "grille_niveau_B.2": "2,5",
    }
    typed |= {"grille_niveau_D.1": "0,5", "grille_niveau_D.2": "NE", "grille_niveau_F.1": "2,25"}
    texts = shown(Kind.GRILLE, typed, NAMES[1])
    assert {
        "■■□   2 démontrées sur 3, 2 requises : ● validé",
        "□□   0 démontrée sur 2, 1 requise : × non validé",
        "■□   1 démontrée sur 2, 2 requises : ○ en cours",
        "▲ 1 à corriger, 5 à remplir",
    } <= texts


def test_travaux_counts_zero_as_a_level(shown):
    texts = shown(Kind.TRAVAUX, {"travaux_niveau_RA1": "0", "travaux_niveau_DP6": "6", "travaux_sujet_RA2": "Foire"})
    assert {"1 / 11", "▲ 1 à corriger, 9 à remplir", "■□□□□   1 niveau saisi sur 5 : ○ en cours"} <= texts


@pytest.mark.parametrize(
    ("reaching", "below", "others", "state", "remark"),
    [
        (9, 0, 0, "9 requises : ● validé", "6 niveaux à saisir"),
        (8, 6, 0, "9 requises : ○ en cours", "1 niveau à saisir"),
        (8, 7, 0, "9 requises : × non validé", "● complet"),
        (8, 6, 1, "9 requises : ○ en cours", "● complet"),  # NE: somebody else may still rate it
    ],
)
def test_transversale_counts_what_reaches_its_minimum(shown, reaching, below, others, state, remark):
    given = ["3"] * reaching + ["1"] * below + ["NE"] * others
    typed = {f"transversale_niveau_{code}": text for code, text in zip(ITEMS, given, strict=False)}
    assert {f"{reaching} / 15", state, remark, "■■   2 sur 2"} <= shown(Kind.TRANSVERSALE, typed)


def points(*given):
    return {f"oral_points_{code}": text for code, text in zip(POINTS, given, strict=False)}


AT_36 = [*["1"] * 6, "3", "5", *["2"] * 6, "3", "3", "2", "2"]  # 36 points in 18 criteria


@pytest.mark.parametrize(
    ("typed", "total", "state", "remark"),
    [
        (points(), "/ 60", "Seuil 36", "27 critères à noter"),
        (points("0"), "0,0 / 60", "Seuil 36 : ○ en cours", "26 critères à noter"),
        (points(*AT_36), "36,0 / 60", "Seuil 36 : ● atteint", "9 critères à noter"),
        (points(*AT_36[:-1], "1,5", *["0"] * 9), "35,5 / 60", "Seuil 36 : × non atteint", "○ rapport à renseigner"),
        (points(*AT_36, *["0"] * 9) | {"oral_rapport": "Non"}, "36,0 / 60", "Seuil 36 : ● atteint", "● complet"),
        (points(*AT_36, "3"), "36,0 / 60", "Seuil 36 : ● atteint", "▲ 1 à corriger, 8 critères à noter"),
        (points("3/5", "0,25", "1"), "1,0 / 60", "Seuil 36 : ○ en cours", "▲ 2 à corriger, 24 critères à noter"),
        (points("=1/0", "1"), "1,0 / 60", "Seuil 36 : ○ en cours", "▲ 1 à corriger, 25 critères à noter"),
        (points("abs"), "/ 60", "× absent", None),
        (points("ABS", "1"), "1,0 / 60", "▲ ABS et points à la fois", "25 critères à noter"),
    ],
)
def test_oral_adds_up_what_may_be_given(shown, typed, total, state, remark):
    texts = {text.strip() for text in shown(Kind.ORAL, typed)}
    assert {total, state} | ({remark} if remark else set()) <= texts


def test_oral_in_quarters_of_a_point(shown):
    texts = shown(Kind.ORAL, {"oral_points_P1": "7,25", "oral_points_P3": "15,25"}, NAMES[1])
    assert {"22,50 / 40", "Seuil 22,5 : ● atteint", "2 critères à noter", "7,25", "15,25"} <= texts


def test_scales_with_too_many_values_to_list_are_bounded(shown, fine):
    """Levels with any decimal, points by twentieths: formulas stay within what a cell holds, and count alike."""
    texts = shown(
        Kind.GRILLE, {"grille_niveau_A.1": "2,345", "grille_niveau_A.10": "5", "grille_niveau_B.2": "3"}, fine
    )
    assert {"2 / 12", "▲ 1 à corriger, 9 à remplir", "■□□   1 démontrée sur 3, 2 requises : ○ en cours"} <= texts
    assert "■□   1 démontrée sur 2, 1 requise : ● validé" in texts
    texts = shown(Kind.ORAL, {"oral_points_P1": "7,25", "oral_points_P2": "12,05", "oral_points_P3": "15,25"}, fine)
    assert {"22,50 / 40", "Seuil 22,5 : ● atteint", "▲ 1 à corriger, 1 critère à noter", "12,05"} <= texts


@pytest.fixture
def fine(tmp_path):
    text = Path(NAMES[1]).read_text(encoding="utf-8").replace("maximum = 4\nstep = 0.5", "maximum = 4")
    path = tmp_path / "fin.toml"
    path.write_text(text.replace("step = 0.25", "step = 0.05"), encoding="utf-8")
    return str(path)


def test_notes_counts_what_each_column_takes(shown):
    sheet = "Notes"
    each = next(each for each in planned() if each.path.stem == sheet)
    book = openpyxl.load_workbook(BytesIO(templates.render(each, ROSTER, certification())))
    (row,) = [cell.row for cell in book[sheet]["A"] if cell.value == "Identifiant"]
    at = {cell.value: f"{cell.column_letter}{row + 1}" for cell in book[sheet][row]}
    typed = {at["UE1"]: "12,257", at["UE2"]: "disp", at["EN"]: "ABS", at["CC1"]: "20", at["Plagiat vérifié"]: "oui"}
    wrong = {at["CC2"]: "DISP", at["UE3"]: "20,5", at["UE4"]: "-1"}
    texts = shown(Kind.NOTES, typed | wrong)
    assert {"5 / 36", "▲ 3 à corriger, 28 à remplir", "12,257"} <= texts


def test_a_bloc_says_whether_its_mandatory_competences_are_reached(shown):
    typed = {f"grille_niveau_M1.{rank}": "4" for rank in (1, 2, 3, 4)}  # M1.5 is left, M1.2 is reached
    typed |= {"grille_niveau_M2.1": "2", "grille_niveau_M2.2": "4", "grille_niveau_M2.3": "4"}
    texts = shown(Kind.GRILLE, typed, EXAMPLE)
    assert {
        "■■■■□□   4 démontrées sur 6, 4 requises : ○ en cours",
        "■■□   2 démontrées sur 3, 2 requises : × non validé",
        "Remettre en état le freinage (obligatoire)",
    } <= texts
    reached = {**typed, "grille_niveau_M1.5": "4", "grille_niveau_M2.1": "3"}
    texts = shown(Kind.GRILLE, reached, EXAMPLE)
    assert {
        "■■■■■□   5 démontrées sur 6, 4 requises : ● validé",
        "■■■   3 démontrées sur 3, 2 requises : ● validé",
    } <= texts


def test_letters_are_counted_in_the_order_of_their_scale(shown):
    typed = {"grille_niveau_R1.1": "b", "grille_niveau_R1.2": "A", "grille_niveau_R1.3": "B", "grille_niveau_R1.4": "С"}
    typed |= {"grille_niveau_R2.1": "3", "grille_niveau_R2.2": "ne", "grille_niveau_R2.3": "=1/0"}
    texts = shown(Kind.GRILLE, typed, LETTERS)
    assert {"4 / 7", "▲ 3 à corriger"} <= texts  # the last of R1 is Cyrillic
    assert "■■□□   2 démontrées sur 4, 3 requises : ○ en cours" in texts
    assert "□□□   0 démontrée sur 3, 2 requises : ○ en cours" in texts
    reached = typed | {"grille_niveau_R1.3": "A", "grille_niveau_R2.1": "A", "grille_niveau_R2.2": "B"}
    texts = shown(Kind.GRILLE, reached | {"grille_niveau_R2.3": "c"}, LETTERS)
    assert "■■■□   3 démontrées sur 4, 3 requises : ● validé" in texts
    assert "■■□   2 démontrées sur 3, 2 requises : × non validé" in texts  # B for the mandatory A
    texts = shown(Kind.TRANSVERSALE, {"transversale_niveau_TL1": "C", "transversale_niveau_TL2": "c"}, LETTERS)
    assert {"1 / 3", "2 requises : ○ en cours", "1 niveau à saisir", "■□   1 sur 2"} <= texts


def test_a_commission_sees_whether_the_mandatory_ones_are_reached(office, tmp_path):
    """By its levels, else by the computed ones: M1 waits for M1.5, M2 lacks M2.1 until a level is typed."""
    rules = certification(EXAMPLE)
    levels = {each.code: "4" for each in rules.competences} | {"M1.5": None, "M2.1": "2"}
    outcome = replace(outcome_of(described(grilles=[("T1", levels)]), rules), candidate=ROSTER.candidates[0])
    inside = commission.contents([outcome], {}, None, ROSTER, rules)
    sent, filled = tmp_path / "synthèse.xlsx", tmp_path / "remplie.xlsx"
    sent.write_bytes(Renderer(ROSTER, rules).render(commission.plan(FOLDER, ROSTER, rules, KEY)[0], inside))
    states = {"M1": "○ en attente", "M2": "× non validé", "M3": "● validé"}
    assert bloc_states(sent) == states
    office.edit(sent, filled, [Recalculate()])
    assert bloc_states(filled) == states
    office.edit(sent, filled, [Type("synthese_niveau_M1.5", "3"), Type("synthese_niveau_M2.1", "3")])
    assert bloc_states(filled) == {"M1": "× non validé", "M2": "● validé", "M3": "● validé"}


def test_a_commission_types_letters_beside_computed_ones(office, tmp_path):
    """R1 waits for R1.4 alone, R2 lacks its mandatory R2.2; a letter typed lower prevails too."""
    rules = certification(LETTERS)
    levels = {"R1.1": "A", "R1.2": "B", "R1.3": "B", "R1.4": None, "R2.1": "B", "R2.2": "B", "R2.3": "D"}
    outcome = replace(outcome_of(described(grilles=[("T1", levels)]), rules), candidate=ROSTER.candidates[0])
    inside = commission.contents([outcome], {}, None, ROSTER, rules)
    sent, filled = tmp_path / "synthèse.xlsx", tmp_path / "remplie.xlsx"
    sent.write_bytes(Renderer(ROSTER, rules).render(commission.plan(FOLDER, ROSTER, rules, KEY)[0], inside))
    assert bloc_states(sent) == {"R1": "○ en attente", "R2": "× non validé"}
    office.edit(sent, filled, [Recalculate()])
    assert bloc_states(filled) == bloc_states(sent)
    office.edit(sent, filled, [Type("synthese_niveau_R1.4", "c"), Type("synthese_niveau_R2.2", "A")])
    assert bloc_states(filled) == {"R1": "● validé", "R2": "● validé"}
    office.edit(sent, filled, [Type("synthese_niveau_R1.1", "C"), Type("synthese_niveau_R2.1", "NE")])
    assert bloc_states(filled) == {"R1": "× non validé", "R2": "× non validé"}


def bloc_states(path):
    """What the title of each bloc says at its right."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    lines = ([cell.value for cell in line if cell.value not in (None, "")] for line in sheet.iter_rows())
    return {
        line[0].split()[0]: line[-1]
        for line in lines
        if len(line) > 2 and str(line[0])[:3] in ("M1 ", "M2 ", "M3 ", "R1 ", "R2 ")
    }
