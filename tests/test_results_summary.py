"""The sheet `Synthèse` for people: a candidate on one line, provisional decisions that look so, a page, a screen."""

from dataclasses import replace

import openpyxl
import pytest

from engine.model import Decision, State
from engine.office.metrics import text_width, wrap
from engine.office.styles import printed
from engine.outputs.workbook.brief import SIZE, brief
from engine.outputs.workbook.looks import DECISIONS_BESIDE, SETTLED
from tests.results import CGCO, OTHER, SMALLEST, certification, rows, session, workbook, written
from tests.test_screen import A_THIRD, frozen

WIDTH = 300
LINES = 27.0  # points: two lines of the smaller type
MILLIMETRE = 72 / 25.4  # points
LONG = "Décision du jury : ADMIS au lieu de PARTIEL, pour une raison que la commission a voulu dire tout au long. " * 3


def outcome_of(identifier):
    return next(one for one in session()["outcomes"] if one.candidate.id == identifier)


def short(outcome):
    return brief(outcome, certification(), WIDTH)


def summary():
    return openpyxl.load_workbook(workbook())["Synthèse"]


# --------------------------------------------------------------------------------------------- reasons


@pytest.mark.parametrize("identifier", [one.candidate.id for one in session()["outcomes"]])
def test_reasons_take_two_lines_and_name_every_condition_or_count_them(identifier):
    outcome = outcome_of(identifier)
    told = short(outcome)
    assert wrap(told, WIDTH, SIZE, indent=1) <= 2
    states = {code: count.state for code, count in outcome.blocs.items()}
    failing = [code for code, state in states.items() if state is State.FAILED]
    assert all(code in told for code in failing) or f"{len(failing)}" in told


def test_reasons_that_fit_are_told_in_full():
    outcome = replace(outcome_of("C003"), reasons=("B3 : 2 démontrées, 3 requises, il en manque 1.",))
    assert short(outcome) == printed(outcome.reasons[0])


def test_what_fails_is_named_together_and_what_waits_keeps_its_sentence_where_there_is_room():
    outcome = outcome_of("C003")
    failing = [code for code, count in outcome.blocs.items() if count.state is State.FAILED]
    waiting = replace(outcome.oral, state=State.PENDING)
    reasons = (f"{failing[0]} : {'très peu démontrées ' * 8}.", "Oral : 1 fiche à recevoir (juré J02).")
    told = short(replace(outcome, oral=waiting, reasons=reasons))
    assert told == printed(f"Non validé : {failing[0]}. {reasons[1]}")


def test_what_is_about_no_condition_is_never_shortened():
    outcome = outcome_of("C008")
    told = short(replace(outcome, reasons=(LONG, *outcome.reasons)))
    assert told.startswith(printed(LONG))
    assert "non validées" in told


def test_every_row_is_one_line_of_people():
    sheet = summary()
    first = int(sheet.auto_filter.ref.split(":")[0][1:]) + 1
    heights = [sheet.row_dimensions[row].height for row in range(first, sheet.max_row + 1)]
    assert len(heights) == 14
    assert max(heights) <= LINES


# ------------------------------------------------------------------------------------- what is provisional


def test_a_provisional_decision_never_has_the_look_of_a_settled_one():
    for word in Decision:
        looks = [rule.look for rule in DECISIONS_BESIDE if f'"{word}"' in rule.formula]
        assert len(looks) == (2 if word in SETTLED else 1)
        assert len({str(look) for look in looks}) == len(looks)
    provisional = [rule for rule in DECISIONS_BESIDE if '="Oui"' in rule.formula]
    assert [rule.look["num_format"] for rule in provisional] == [';;;"○ "@" provisoire"'] * 3


@pytest.mark.parametrize("name", ["Synthèse", "Cas limites"])
def test_it_looks_so_wherever_a_decision_stands_beside_its_column(name):
    sheet = openpyxl.load_workbook(workbook())[name]
    row = next(row for row in sheet.iter_rows() if "Décision" in [cell.value for cell in row])
    decision = next(cell for cell in row if cell.value == "Décision")
    assert sheet.cell(decision.row, decision.column + 1).value == "Provisoire"
    here, beside = (f"{sheet.cell(1, decision.column + step).column_letter}{decision.row + 1}" for step in (0, 1))
    formulas = [rule.formula[0] for place in sheet.conditional_formatting for rule in place.rules]
    assert f'AND({here}="ADMIS",{beside}="Oui")' in formulas
    assert f'AND({here}="ADMIS",{beside}<>"Oui")' in formulas


def test_what_the_rules_give_and_the_blocs_do_not_look_settled_beside_it():
    sheet = openpyxl.load_workbook(workbook(), data_only=True)["Synthèse"]
    head = next(row for row in sheet.iter_rows() if "Décision" in [cell.value for cell in row])
    places = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        provisional = sheet.cell(row, places["Provisoire"]).value == "Oui"
        for name in ("Blocs acquis", "Décision calculée"):
            assert bool(sheet.cell(row, places[name]).font.italic) == provisional


def test_statistics_count_them_apart():
    lines = [row[:5] for row in rows_of_statistics()]
    told = {line[0]: line[1:] for line in lines if line[0] in list(Decision)}
    found = rows(workbook(), "Synthèse")
    for decision in SETTLED:
        number = sum(row["Décision"] == decision and row["Provisoire"] == "Oui" for row in found)
        assert (told[decision][2], told[decision][3]) == (number, told[decision][0] - number)


def rows_of_statistics():
    sheet = openpyxl.load_workbook(workbook(), data_only=True)["Statistiques"]
    return list(sheet.iter_rows(values_only=True))


# ------------------------------------------------------------------------------------------ screen, paper


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_at_most_a_third_of_the_screen_is_frozen(name):
    heights = {sheet.title: frozen(sheet) for sheet in openpyxl.load_workbook(workbook(name)).worksheets}
    assert {title: height for title, height in heights.items() if height > A_THIRD} == {}


def test_long_titles_freeze_no_more(tmp_path):
    oral, long = (
        certification().oral,
        "Une partie dont le titre est bien plus long que tout ce qui tient dans un en-tête",
    )
    sections = tuple(replace(section, title=f"{long} {rank}") for rank, section in enumerate(oral.sections))
    referential = replace(certification(), oral=replace(oral, sections=sections))
    book = openpyxl.load_workbook(written(tmp_path, referential=referential))
    assert frozen(book["Oral"]) <= A_THIRD


def test_sixteen_candidates_print_on_one_page():
    sheet = summary()
    head = int(sheet.auto_filter.ref.split(":")[0][1:])
    widths = sum(
        dimension.width * (dimension.max - dimension.min + 1) for dimension in sheet.column_dimensions.values()
    )
    scale = (297 - 14) * MILLIMETRE / (widths * 7 * 0.75 * 1.07)  # LibreOffice prints columns 7 % wider
    heights = sum(sheet.row_dimensions[row].height for row in range(1, head + 1)) + 16 * LINES
    assert heights * min(scale, 1) <= (210 - 23) * MILLIMETRE


def test_what_fails_and_waits_is_named_before_what_is_awaited_is_told():
    outcome = outcome_of("C003")
    failing = [code for code, count in outcome.blocs.items() if count.state is State.FAILED]
    awaited = f"Provisoire, en attente de : {'grille de compétences (T01), ' * 6}."
    reasons = (f"{failing[0]} : {'très peu démontrées ' * 8}.", "Oral : 1 fiche à recevoir (juré J02).", awaited)
    told = short(replace(outcome, oral=replace(outcome.oral, state=State.PENDING), reasons=reasons))
    assert told == printed(f"Non validé : {failing[0]}. En attente : Oral. Provisoire.")


def test_identifiers_that_differ_at_their_end_are_shown_whole_wherever_they_lead(tmp_path):
    first, *others = session()["outcomes"]
    person = replace(first.candidate, id="PROMOTION-2025-LYON-0001")
    admission, *rest = session()["admissions"]
    changes = {"outcomes": (replace(first, candidate=person), *others)}
    changes["admissions"] = (replace(admission, candidate=person), *rest)
    book = openpyxl.load_workbook(written(tmp_path, **changes))
    for name in ("Synthèse", "Compétences", "Jury", "Anomalies", "Manquants", "Écarts", "Détail"):
        headings = (cell for row in book[name].iter_rows(max_row=12) for cell in row)
        head = next(cell for cell in headings if cell.value in ("Identifiant", "Candidat"))
        pixels = book[name].column_dimensions[head.column_letter].width * 7 + 5
        assert pixels > text_width(person.id, 8) / 0.92
