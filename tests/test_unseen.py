"""Text of the colour that is under it: what a sheet shows is not what is read, and it is told."""

from __future__ import annotations

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color

from engine.intake.readers import workbook
from engine.intake.readers.ooxml import styling
from engine.intake.safety import guard
from engine.intake.safety.refusal import RefusedError
from engine.model.values import Tell
from tests.cohorts import find, row_of
from tests.libreoffice import HideSheet, Office
from tests.packages import ods, zipped
from tests.readings import BLOCKING, GRILLE, NOTES, ORAL, TRAVAUX, WARNING, anomalies, excluded, read, typed

WHITE, NAVY, PALE = "FFFFFFFF", "FF1F3864", Color(theme=4, tint=0.4)


def fill(rgb):
    return PatternFill("solid", fgColor=rgb)


UNSEEN = {
    "white on nothing": (Font(color=WHITE), PatternFill()),
    "white on white": (Font(color=WHITE), fill(WHITE)),
    "nearly white": (Font(color="FFFAFAFA"), fill(WHITE)),
    "navy on navy": (Font(color=NAVY), fill(NAVY)),
    "the theme's white on nothing": (Font(color=Color(theme=0)), PatternFill()),
    "the list's white on white": (Font(color=Color(indexed=9)), fill(WHITE)),
    "one tint on itself": (
        Font(color=Color(theme=4, tint=0.4)),
        PatternFill("solid", fgColor=Color(theme=4, tint=0.4)),
    ),
}
SEEN = {
    "white on navy": (Font(color=WHITE), fill(NAVY)),
    "navy on nothing": (Font(color=NAVY), PatternFill()),
    "the automatic colour on black": (Font(), fill("FF000000")),
    "grey on white": (Font(color="FFBFBFBF"), fill(WHITE)),
    "two tints": (Font(color=PALE), fill(Color(theme=4, tint=0.8))),
    "white over a pattern": (Font(color=WHITE), PatternFill("lightGray")),
}


def dress(cell, look):
    cell.font, cell.fill = look


@pytest.mark.parametrize("look", UNSEEN.values(), ids=UNSEEN)
def test_a_value_that_does_not_show_is_told_and_waits(cohort, look):
    book = cohort.filled(ORAL)
    dress(book.cell(ORAL, "points", "O01"), look)
    report = read(cohort, book.save())
    (told,) = anomalies(report)
    assert (told.code, told.gravity, told.cell) == ("V12", BLOCKING, book.cell(ORAL, "points", "O01").coordinate)
    assert "couleur du fond" in told.message
    assert excluded(report, "points") == ["O01"]


def test_white_on_the_tint_of_a_box_does_not_show(cohort):
    book = cohort.filled(ORAL)
    book.cell(ORAL, "points", "O01").font = Font(color=WHITE)
    assert [each.code for each in anomalies(read(cohort, book.save()))] == ["V12"]


@pytest.mark.parametrize("look", SEEN.values(), ids=SEEN)
def test_a_value_that_shows_is_read(cohort, look):
    book = cohort.filled(ORAL)
    dress(book.cell(ORAL, "points", "O01"), look)
    assert anomalies(read(cohort, book.save())) == []


@pytest.mark.parametrize("white", [WHITE, "FFF8F8F8"])
@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_characters_that_do_not_show_are_told_among_others_that_do(cohort, hidden, white):
    """A mark of 1, shown so, whose white 2 would make it 12."""
    book = cohort.filled(NOTES)
    ink = InlineFont(color=white)
    parts = [["1", TextBlock(ink, "2")], [TextBlock(ink, "1"), "2"], [TextBlock(ink, "12")]][hidden]
    book.put(NOTES, "EN", "", CellRichText(*parts), "007")
    found = anomalies(read(cohort, book.save()), "V12")
    assert [(each.candidate, each.gravity) for each in found] == [("007", BLOCKING)]


def test_characters_of_another_colour_are_read(cohort):
    book = cohort.filled(NOTES)
    book.put(NOTES, "EN", "", CellRichText("1", TextBlock(InlineFont(color="FFC00000"), "2")), "007")
    assert not anomalies(read(cohort, book.save()), "V12")


def test_a_mark_of_a_list_that_does_not_show_is_told_and_an_empty_box_is_not(cohort):
    book = cohort.filled(NOTES)
    dress(book.cell(NOTES, "EN", candidate="007"), UNSEEN["white on white"])
    empty = book.cell(NOTES, "EN", candidate="C02")
    empty.value = None
    dress(empty, UNSEEN["white on white"])
    found = anomalies(read(cohort, book.save()), "V12")
    assert [(each.candidate, each.gravity) for each in found] == [("007", BLOCKING)]


def test_a_label_that_does_not_show_is_told_beside_what_was_issued(cohort):
    book = cohort.filled(GRILLE)
    sheet = book.sheet(GRILLE)
    label = sheet.cell(row_of(sheet, "1.2"), find(sheet, "Compétence").column)
    dress(label, UNSEEN["white on white"])
    (told,) = anomalies(read(cohort, book.save()), "S05")
    assert told.cell == label.coordinate
    assert "1.2, Compétence" in told.message


@pytest.mark.parametrize("state", ["hidden", "veryHidden", "visible"])
def test_a_sheet_whose_tab_does_not_show_counts_and_is_told(cohort, state):
    book = cohort.filled(GRILLE)
    book.sheet(TRAVAUX).sheet_state = state
    report = read(cohort, book.save())
    told = [(each.sheet, str(each.gravity), each.cell) for each in anomalies(report, "V12")]
    assert told == [("Travaux évalués", WARNING, "")] * (state != "visible")
    assert TRAVAUX in {kind for kind, *_ in typed(report)}


def test_a_blank_sheet_whose_tab_does_not_show_says_nothing(cohort):
    book = cohort.book(GRILLE)
    book.fill(GRILLE).sheet(TRAVAUX).sheet_state = "hidden"
    assert anomalies(read(cohort, book.save()), "V12") == []


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_sheet_hidden_in_a_spreadsheet_program_is_told(cohort, office: Office, tmp_path, suffix):
    path = cohort.filled(GRILLE).save()
    hidden = office.edit(path, tmp_path / f"retour{suffix}", [HideSheet("Travaux évalués")])
    (told,) = anomalies(read(cohort, cohort.drop(hidden)), "V12")
    assert (told.sheet, "masquée" in told.message) == ("Travaux évalués", True)


DARK = PatternFill(bgColor=NAVY)


@pytest.mark.parametrize(
    ("look", "told"),
    [
        ({"font": Font(color=WHITE)}, True),
        ({"font": Font(color="FFF8F8F8")}, True),
        ({"font": Font(color=Color(theme=0))}, True),
        ({"font": Font(color=NAVY), "fill": DARK}, True),
        ({"font": Font(color=WHITE), "fill": DARK}, False),
        ({"font": Font(color=NAVY)}, False),
        ({"fill": DARK}, False),
    ],
)
def test_a_value_that_a_rule_may_hide_is_told_and_waits(cohort, look, told):
    book = cohort.filled(ORAL)
    cell = book.cell(ORAL, "points", "O01")
    rule = FormulaRule(formula=["TRUE"], **look)
    book.sheet(ORAL).conditional_formatting.add(cell.coordinate, rule)
    report = read(cohort, book.save())
    assert [each.cell for each in anomalies(report, "V12")] == [cell.coordinate] * told
    assert excluded(report, "points") == ["O01"] * told


CELLS = b"""<office:automatic-styles><style:style style:name="a" style:family="table-cell">%s</style:style>
</office:automatic-styles>"""


@pytest.mark.parametrize(
    ("said", "tell"),
    [
        (b'<style:text-properties fo:color="#ffffff"/>', Tell.UNSEEN),
        (
            b'<style:table-cell-properties fo:background-color="#1f3864"/><style:text-properties fo:color="#1f3864"/>',
            Tell.UNSEEN,
        ),
        (
            b'<style:table-cell-properties fo:background-color="#1f3864"/><style:text-properties fo:color="#ffffff"/>',
            Tell.NONE,
        ),
        (b'<style:table-cell-properties fo:background-color="#000000"/>', Tell.NONE),
        (b'<style:text-properties fo:color="#ffffff" style:use-window-font-color="true"/>', Tell.NONE),
    ],
)
def test_an_open_document_tells_it_too(said, tell):
    cell = b'<table:table-cell table:style-name="a" office:value-type="float" office:value="4"><text:p>4</text:p>'
    assert grid_of(cell + b"</table:table-cell>", CELLS % said).tell((0, 0)) is tell


def grid_of(cell, styles):
    """An open document of one cell, with its styles."""
    names = b' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    names += b' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    made = ods(b"<table:table-row>" + cell + b"</table:table-row>")
    members = dict(guard.open_package(made).members)
    content = members["content.xml"].replace(b"<office:body>", styles + b"<office:body>", 1)
    members["content.xml"] = content.replace(b"<office:document-content", b"<office:document-content" + names, 1)
    (grid,) = workbook.read(guard.open_package(zipped(members))).grids
    return grid


SPANS = b"""<office:automatic-styles><style:style style:name="a" style:family="text">
<style:text-properties fo:color="%s"/></style:style></office:automatic-styles>"""


@pytest.mark.parametrize(
    ("colour", "tell"), [(b"#ffffff", Tell.UNSEEN), (b"#f8f8f8", Tell.UNSEEN), (b"#1f3864", Tell.NONE)]
)
def test_an_open_document_tells_of_characters_that_do_not_show(colour, tell):
    text = b'<text:p>1<text:span text:style-name="a">2</text:span></text:p>'
    cell = b'<table:table-cell office:value-type="string">' + text + b"</table:table-cell>"
    assert grid_of(cell, SPANS % colour).tell((0, 0)) is tell


SHARED = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9" uniqueCount="9">\
<si><t>strike</t></si><si/>\
<si><r><rPr><strike/></rPr><t>3</t></r></si>\
<si><r><t>3</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>4</t></r></si>\
<si><r><t>3</t></r><r><rPr><color rgb="FF000000"/></rPr><t>vertAlign</t></r></si>\
<si><r><t>9</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>4</t></r></si>\
<si><r><t>3</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t xml:space="preserve"> </t></r><phoneticPr fontId="1"/></si>\
<si><r><t>1</t></r><r><t>2</t></r></si>\
<si><r><rPr><strike/></rPr><t>3</t></r></si></sst>"""


@pytest.mark.parametrize("whole", [False, True])
def test_runs_are_the_same_read_text_by_text_and_all_at_once(whole):
    alone = styling.shared_runs(SHARED, whole=whole, usual=True)
    assert alone == styling.shared_runs(SHARED, whole=whole, usual=False)
    assert {2, 3, 5, 8} <= alone.keys()
    assert not {0, 1, 7} & alone.keys()


@pytest.mark.parametrize("damage", [(b"</sst>", b""), (b"<t>strike</t>", b"<t>&none;</t>"), (b"<color", b"<x:color")])
def test_shared_texts_that_are_no_sound_xml_are_refused_either_way(damage):
    for usual in (False, True):
        with pytest.raises(RefusedError) as caught:
            styling.shared_runs(SHARED.replace(*damage), whole=False, usual=usual)
        assert caught.value.code == "F01"
