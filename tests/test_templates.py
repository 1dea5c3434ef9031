"""Each sheet as another program sees it: inputs open, named and bounded, everything else locked and word for word."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from engine import templates
from engine.model import Kind, forms
from engine.model.forms import Domain, Nature
from engine.model.texts import fold
from engine.workspace import seals
from tests.envois import (
    CANDIDATES,
    KEY,
    NAMES,
    ROSTER,
    blanks,
    certification,
    issued,
    planned,
)
from tests.envois import references as references_of


def _each(family, count):
    """A parameter for each sheet of a family, drawn when a test first asks for it."""
    return [
        pytest.param((family, name, rank), id=f"{Path(name).stem}-{family.__name__}-{rank}")
        for name in NAMES
        for rank in range(count(name))
    ]


ISSUED = _each(issued, lambda name: sum(len(each.sheets) for each in planned(name)))
BLANKS = _each(blanks, lambda name: len(forms.available(certification(name))))
SHEETS = ISSUED + BLANKS


@pytest.fixture
def sheet(request):
    family, name, rank = request.param
    return family(name)[rank]


ANYTHING = (Nature.TEXT, Nature.DATE)


def of_kind(kind, name=NAMES[0], rank=0):
    return [sheet for sheet in issued(name) if sheet.form.kind is kind][rank]


def book(rank=0, name=NAMES[0]):
    return openpyxl.load_workbook(BytesIO(templates.render(planned(name)[rank], ROSTER, certification(name))))


# --------------------------------------------------------------------------------------- inputs and locks


@pytest.mark.parametrize("sheet", ISSUED, indirect=True)
def test_inputs_alone_are_open(sheet):
    assert sheet.sheet.protection.sheet
    assert not sheet.sheet.protection.password
    assert sheet.sheet.protection.formatRows is False  # False: allowed
    open_cells = {cell.coordinate for line in sheet.sheet.iter_rows() for cell in line if not cell.protection.locked}
    assert open_cells == set(sheet.inputs)


@pytest.mark.parametrize("sheet", ISSUED, indirect=True)
def test_each_input_has_its_name(sheet):
    for entry in sheet.form.inputs:
        for row in sheet.form.rows:
            if sheet.form.by_candidate_rows:
                assert sheet.form.defined_name(entry, row.code) not in sheet.sheet.parent.defined_names
            else:
                assert sheet.named(entry, row.code).coordinate == sheet.cell(entry, row.code).coordinate


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_names_are_such_as_excel_takes(sheet):
    names = sheet.sheet.parent.defined_names
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,254}", name) for name in names)
    assert not any(re.fullmatch(r"[A-Za-z]{1,3}\d+", name) for name in names)


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_every_input_is_empty_and_alone(sheet):
    merged = [range_boundaries(str(area)) for area in sheet.sheet.merged_cells.ranges]
    for cell in sheet.inputs.values():
        assert cell.value is None
        assert not any(a <= cell.column <= c and b <= cell.row <= d for a, b, c, d in merged)
    assert len(merged) <= 2  # the counter and the panel


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_inputs_are_bounded_with_a_message(sheet):
    rules = {}
    for rule in sheet.sheet.data_validations.dataValidation:
        for area in str(rule.sqref).split():
            rules |= dict.fromkeys(cells_of(area), rule)
        assert len(rule.error or "") <= 255
        assert len(rule.errorTitle or "") <= 32
        assert len(rule.formula1 or "") <= 257
    for entry in sheet.form.inputs:
        for row in sheet.form.rows:
            domain, cell = sheet.form.domain(entry, row), sheet.cell(entry, row.code)
            rule = rules.get((cell.row, cell.column))
            if domain.nature in ANYTHING:
                assert rule is None or rule.errorStyle == "warning"
            else:
                assert rule.errorStyle in (None, "stop")
                assert all(word in rule.error for word in words_of(domain)), rule.error
            assert not (rule and rule.prompt)  # a bubble would hide the next rows


def words_of(domain: Domain):
    if domain.nature is Nature.NUMBER:
        bounds = (f"{bound.normalize():f}".replace(".", ",") for bound in (domain.minimum, domain.maximum))
        return (*bounds, *domain.states)
    return ("Oui", "Non") if domain.nature is Nature.YES_NO else ("x",)


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_signing_is_explained_where_nothing_is_hidden(sheet):
    (prompt,) = [rule for rule in sheet.sheet.data_validations.dataValidation if rule.prompt]
    signature = next(single for single in sheet.form.singles if single.name == "signature")
    assert str(prompt.sqref) == sheet.named(signature).coordinate
    assert "code personnel" in prompt.prompt


# ------------------------------------------------------------------------------------------ what is read


@pytest.mark.parametrize("sheet", ISSUED, indirect=True)
def test_headings_codes_and_labels_are_word_for_word(sheet):
    form = sheet.form
    assert [sheet.sheet.cell(sheet.heading_row, index + 1).value for index in range(len(form.columns))] == [
        column.heading for column in form.columns
    ]
    assert list(sheet.rows)[: len(form.rows)] == [row.code for row in form.rows]
    for row in form.rows:
        code = sheet.sheet.cell(sheet.rows[row.code], 1)
        assert (code.data_type, code.number_format) == ("s", "@")
        for label in form.labels:
            found = sheet.sheet.cell(sheet.rows[row.code], sheet.columns[label.heading]).value
            wanted = form.shown(row, label)
            assert fold(found or "") == fold(wanted) if isinstance(wanted, str) else found == float(wanted)


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_nothing_but_codes_stands_under_the_code_heading(sheet):
    assert set(sheet.rows) <= {row.code for row in sheet.form.rows}


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_labels_stand_beside_or_above_their_single_input(sheet):
    for single in sheet.form.singles:
        box = sheet.named(single)
        line = sheet.sheet[box.row] if single.beside else sheet.sheet[box.row - 1]
        found = [cell.column for cell in line if cell.value and fold(str(cell.value)) == fold(single.label)]
        if single.beside:
            beside = 1 if single.name in forms.IDENTITIES else None
            assert found == [beside or 2]
            assert box.column == (2 if beside else sheet.columns[sheet.form.inputs[-1].heading])
        else:
            assert found == [box.column]


@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
def test_each_sheet_bears_one_genuine_reference_alone_in_its_first_rows(name):
    for each in planned(name):
        found = references_of(openpyxl.load_workbook(BytesIO(templates.render(each, ROSTER, certification(name)))))
        assert [reference for _, reference in found] == [sheet.reference for sheet in each.sheets]
        assert [title for title, _ in found] == [sheet.assignment.kind.record.title for sheet in each.sheets]
        assert all(seals.is_genuine(KEY, reference) for _, reference in found)


def test_people_are_shown_with_their_identifiers():
    shown = {cell.value for line in of_kind(Kind.GRILLE).sheet["A1:B12"] for cell in line}
    assert {"LEFÈVRE Éloïse (007)", "BENALI Karim (T012), tuteur, Port & Fils", "Lyon, juin 2025"} <= shown
    shown = [[cell.value for cell in line] for line in of_kind(Kind.ORAL).sheet["A1:B12"]]
    assert ["Juré", "OSMANI Nadia (J03)"] in shown
    shown = [[cell.value for cell in line] for line in of_kind(Kind.VALIDATION).sheet["A1:B12"]]
    assert ["Référent", "MEYER Paul (R1)"] in shown


def test_only_the_first_tutor_or_trainer_holds_the_candidates_columns():
    columns = {cell.value for sheet in issued() if sheet.form.kind is Kind.GRILLE for cell in sheet.sheet["A"]}
    assert "Code" in columns
    grids = [sheet for sheet in issued() if sheet.form.kind is Kind.GRILLE]
    assert ["Auto-évaluation" in sheet.columns for sheet in grids] == [True, False, True]


@pytest.mark.parametrize(("name", "shown"), [(NAMES[0], False), (NAMES[1], True)])
def test_minima_show_only_where_the_policy_says(name, shown):
    grille = of_kind(Kind.GRILLE, name)
    texts = " ".join(str(cell.value) for line in grille.sheet.iter_rows() for cell in line if cell.value)
    assert ("Mini" in grille.columns) == shown
    assert ("requise" in texts) == shown


def test_a_statement_stands_under_its_title():
    grille = of_kind(Kind.GRILLE, NAMES[1])
    row = next(row for row in grille.form.rows if row.statement)
    title, statement = grille.sheet.cell(grille.rows[row.code], 2).value.split("\n")
    assert (fold(title), fold(statement)) == (fold(row.labels["Compétence"]), fold(row.statement))


# ------------------------------------------------------------------------------------------------- blank


@pytest.mark.parametrize("sheet", BLANKS, indirect=True)
def test_a_blank_sheet_takes_identifiers_by_hand(sheet):
    (reference,) = [found for title, found in references_of(sheet.sheet.parent) if title == sheet.sheet.title]
    assert str(reference).endswith(f"/{sheet.form.kind}/-/-/-")
    asked = [single for single in sheet.form.singles if single.name in forms.IDENTITIES]
    assert [single.name for single in asked] == list(forms.blank_identities(sheet.form.kind))
    for single in asked:
        cell = sheet.named(single)
        assert (cell.protection.locked, cell.number_format) == (False, "@")
        assert cell.row < sheet.heading_row


@pytest.mark.parametrize("kind", [Kind.NOTES, Kind.VALIDATION])
def test_a_blank_table_of_people_has_rows_to_fill(kind):
    (sheet,) = [sheet for sheet in blanks() if sheet.form.kind is kind]
    for row in range(sheet.heading_row + 1, sheet.heading_row + 41):
        line = [sheet.sheet.cell(row, column) for column in sheet.columns.values()]
        assert not any(cell.protection.locked for cell in line)
        assert [cell.number_format for cell in line[:3]] == ["@"] * 3
    assert sheet.sheet.cell(sheet.heading_row + 41, 1).protection.locked


FOR_THE_JURY = ("Synthèse.xlsx", "Délibération.xlsx")


def test_the_blank_workbooks():
    assert list(templates.blank(certification())) == [
        *("Grille de compétences.xlsx", "Grand oral.xlsx", "Notes.xlsx", "Validation.xlsx"),
        *FOR_THE_JURY,
    ]
    assert list(templates.blank(certification(NAMES[2]))) == ["Grille de compétences.xlsx", *FOR_THE_JURY]


# --------------------------------------------------------------------------------------- bytes and pages


@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
def test_the_same_sheets_give_the_same_bytes(name, monkeypatch):
    once = [templates.render(each, ROSTER, certification(name)) for each in planned(name)]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert [templates.render(each, ROSTER, certification(name)) for each in planned(name)] == once
    assert templates.blank(certification(name)) == templates.blank(certification(name))


def is_one_page_wide(page):
    """Fitted to the width of its paper; or, where it says itself how its rows are parted, small enough for it."""
    if page.sheet_properties.pageSetUpPr.fitToPage:
        return page.page_setup.fitToWidth in (None, 1)  # 1 goes without saying
    _, _, last, _ = range_boundaries(page.print_area.rpartition("!")[2])
    runs = [each for each in page.column_dimensions.values() if each.min <= last]  # one of neighbours as wide
    pixels = sum(round(each.width * 7) * (min(each.max, last) - each.min + 1) for each in runs)
    paper = 297 if page.page_setup.orientation == "landscape" else 210
    room = paper - 25.4 * (page.page_margins.left + page.page_margins.right)
    return page.row_breaks.brk and pixels / 96 * 25.4 * page.page_setup.scale / 100 <= room


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_pages_are_a4_and_repeat_their_headings(sheet):
    page = sheet.sheet
    assert page.page_setup.paperSize == 9
    assert is_one_page_wide(page)
    assert page.print_title_rows == f"${sheet.heading_row}:${sheet.heading_row}"
    assert "Page &P sur &N" in page.oddFooter.right.text
    assert page.freeze_panes.endswith(str(sheet.heading_row + 1))


def test_each_workbook_ends_with_its_guide():
    for rank in range(len(planned())):
        guide = book(rank).worksheets[-1]
        texts = [cell.value for line in guide.iter_rows() for cell in line if cell.value]
        assert guide.title == "Mode d'emploi"
        assert guide.protection.sheet
        states = {state for sheet in planned()[rank].sheets for state in states_of(sheet.assignment)}
        assert states <= set(texts)


def states_of(assignment):
    form = forms.build(certification(), assignment.kind, candidates=CANDIDATES)
    return {state for entry in form.inputs for row in form.rows for state in form.domain(entry, row).states}


@pytest.mark.parametrize("sheet", SHEETS, indirect=True)
def test_conditional_formats_of_different_rules_never_share_a_cell(sheet):
    """The two rules of one area are each other's contrary: LibreOffice shows only one of two that are true."""
    seen = set()
    for area in sheet.sheet.conditional_formatting:
        cells = {cell for part in str(area.sqref).split() for cell in cells_of(part)}
        assert len(area.rules) <= 2
        assert not cells & seen
        seen |= cells


def cells_of(area):
    left, top, right, bottom = range_boundaries(area)
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
