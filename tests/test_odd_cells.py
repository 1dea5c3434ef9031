"""Cells written in ways that hide something from a plain reading: what is read, and what is told of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.intake.readers import workbook
from engine.intake.safety import archive, guard, parts
from engine.intake.safety.refusal import RefusedError
from engine.model.values import Tell
from tests.packages import ods, xlsx, zipped

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CALC = b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
PLAIN, FORMULA, ERROR, PERCENT, MERGED = Tell.NONE, Tell.FORMULA, Tell.ERROR, Tell.PERCENT, Tell.MERGED


def read(content):
    """The values of the first sheet, and the tell of each of its cells; the refusal of one that is not read."""
    book = workbook.read(guard.open_package(content))
    if book.damaged:
        raise next(iter(book.damaged.values()))
    (grid,) = book.grids
    width = max(map(len, grid.rows), default=0)
    return grid.rows, [[grid.tell((row, column)) for column in range(width)] for row in range(len(grid.rows))]


def cell(content, address=b"A1"):
    return b'<row r="1"><c r="%s"%s</c></row>' % (address, content)


def text(paragraphs):
    return line(b'<table:table-cell office:value-type="string">%s</table:table-cell>' % paragraphs)


def number(shown=b"", attributes=b"", kind=b"float", tag=b"table-cell"):
    about = b'office:value-type="%s" office:value="4"%s' % (kind, attributes)
    return b"<table:%s %s><text:p>%s</text:p></table:%s>" % (tag, about, shown, tag)


def line(cells, attributes=b""):
    return b"<table:table-row%s>%s</table:table-row>" % (attributes, cells)


# ------------------------------------------------------------------------------------- OpenDocument


@pytest.mark.parametrize(
    ("value", "shown", "formula", "read_as"),
    [
        (b"1", b"VRAI", b"of:=TRUE()", True),
        (b"0", b"FALSE", b"of:=1&gt;2", False),
        (b"1", b"1", b"of:=TRUE()", 1.0),
        (b"1", b"", b"of:=TRUE()", 1.0),
        (b"2", b"VRAI", b"of:=2", 2.0),
    ],
)
def test_a_formula_that_shows_true_is_no_one(value, shown, formula, read_as):
    """LibreOffice keeps the booleans of an .xlsx so when it saves as .ods."""
    about = b'table:formula="%s" office:value-type="float" office:value="%s"' % (formula, value)
    values, tells = read(ods(line(b"<table:table-cell %s><text:p>%s</text:p></table:table-cell>" % (about, shown))))
    assert (values, tells) == ([[read_as]], [[FORMULA]])
    assert type(values[0][0]) is type(read_as)


@pytest.mark.parametrize(
    ("written", "span"),
    [
        (b"PT36H30M00S", timedelta(hours=36, minutes=30)),
        (b"PT24H", timedelta(days=1)),
        (b"-PT25H00M01.5S", -timedelta(hours=25, seconds=1.5)),
    ],
)
def test_hours_beyond_a_day_are_no_text(written, span):
    about = b'office:value-type="time" office:time-value="%s"' % written
    values, _ = read(ods(line(b"<table:table-cell %s><text:p>36:30</text:p></table:table-cell>" % about)))
    assert values == [[span]]


@pytest.mark.parametrize(
    ("paragraphs", "value"),
    [
        (b"<text:p>1<text:tab/>2</text:p>", "1\t2"),
        (b"<text:p>1<text:line-break/>2</text:p>", "1\n2"),
        (b'<text:p>1<text:s text:c="3"/>2</text:p>', "1   2"),
        (b"<text:p>1<text:span><text:tab/>2</text:span></text:p>", "1\t2"),
        (b"<text:p>1</text:p><text:p>2</text:p>", "1\n2"),
        (b"<text:p><text:span>1</text:span>2</text:p>", "12"),
        (b"<office:annotation><text:p>9</text:p></office:annotation><text:p>4</text:p>", "4"),
    ],
)
def test_two_words_are_never_run_together(paragraphs, value):
    """``1 2`` is not twelve."""
    assert read(ods(text(paragraphs)))[0] == [[value]]


@pytest.mark.parametrize("count", [b"500000000", b"9" * 5000])
def test_blanks_without_end_are_refused(count):
    with pytest.raises(RefusedError):
        read(ods(text(b'<text:p>1<text:s text:c="%s"/>2</text:p>' % count)))


@pytest.mark.parametrize("shown", [b"#DIV/0!", b"Err:502", b"Err\xc2\xa0:509"])
def test_an_error_stored_as_a_number_is_an_error(shown):
    """OpenOffice stores a zero where it shows an error."""
    assert read(ods(line(number(shown, b' table:formula="of:=1/0"'))))[1] == [[FORMULA | ERROR]]
    assert read(ods(line(number(b"4", b' table:formula="of:=2+2"'))))[1] == [[FORMULA]]


@pytest.mark.parametrize("shown", [b"#DIV/0!", b"#N/A", b"#VALEUR !", b"#NOM?"])
def test_an_error_stored_as_its_words_is_an_error(shown):
    """Gnumeric stores them where a formula shows them; what people type is a text."""
    cell = b'<table:table-cell%s office:value-type="string"><text:p>' + shown + b"</text:p></table:table-cell>"
    assert read(ods(line(cell % b' table:formula="of:=1/0"')))[1] == [[FORMULA | ERROR]]
    assert read(ods(line(cell % b"")))[1] == [[PLAIN]]


@pytest.mark.parametrize(
    ("rows", "tells"),
    [
        (line(number(b"80 %", kind=b"percentage")), [[PERCENT]]),
        (line(number(b"4 EUR", kind=b"currency")), [[PLAIN]]),
        (line(number(attributes=b' table:number-columns-repeated="3"')), [[PLAIN] * 3]),
        (line(number(attributes=b' table:number-columns-spanned="2"') + number(tag=b"covered-table-cell")),
         [[MERGED, MERGED]]),
        (line(number(attributes=b' table:number-columns-spanned="2"') + number(tag=b"covered-table-cell"),
              b' table:number-rows-repeated="2"'), [[MERGED, MERGED], [MERGED, MERGED]]),
        (line(number(tag=b"covered-table-cell")), [[MERGED]]),
        (line(number(attributes=b' table:formula="of:={4;4}" table:number-matrix-columns-spanned="2"') + number()),
         [[FORMULA, FORMULA]]),
    ],
)  # fmt: skip
def test_what_a_value_of_an_ods_hides_is_told(rows, tells):
    assert read(ods(rows))[1] == tells


def test_an_error_that_libreoffice_stores_as_a_text_is_an_error():
    cells = b'<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" %s '
    cells += b'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    assert read(ods(line(cells % CALC)))[1] == [[FORMULA | ERROR]]


# ------------------------------------------------------------------------------------------- .xlsx


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (b"<r><t>1</t></r><r><t> 2</t></r>", "1 2"),
        (b'<r><t>1</t></r><r><t xml:space="preserve"> 2</t></r>', "1 2"),
        (b'<t>4</t><rPh sb="0" eb="1"><t>5</t></rPh>', "4"),
        (b"<t>_x0034_</t>", "4"),
        (b"<t>_x005F_x0034_</t>", "_x0034_"),
        (b"<t>1_x000D_2</t>", "1\r2"),
        (b"<t>&#52;</t>", "4"),
    ],
)
def test_a_shared_text_is_read_as_it_is_shown(item, value):
    strings = b"<si>%s</si>" % item
    assert read(xlsx(cell(b' t="s"><v>0</v>'), strings=strings))[0] == [[value]]
    assert read(xlsx(cell(b' t="inlineStr"><is>%s</is>' % item)))[0] == [[value]]


@pytest.mark.parametrize("kind", [b"array", b"dataTable"])
def test_a_formula_is_told_of_in_every_cell_it_fills(kind):
    first = b'<c r="A1"><f t="%s" ref="A1:B1">1</f><v>1</v></c>' % kind
    assert read(xlsx(b'<row r="1">%s<c r="B1"><v>2</v></c></row>' % first))[1] == [[FORMULA, FORMULA]]


def test_what_a_formula_without_results_fills_is_not_merely_blank():
    book = workbook.read(guard.open_package(xlsx(cell(b'><f t="array" ref="A1:B2">1</f>'))))
    assert {book.grids[0].tell(place) for place in ((0, 0), (0, 1), (1, 0), (1, 1))} == {FORMULA}
    with pytest.raises(RefusedError) as refused:
        read(xlsx(cell(b'><f t="array" ref="A1:XFD1048576">1</f>')))
    assert refused.value.code == "F05"


@pytest.mark.parametrize("written", [b'<c r="A1"><v>0.5</v></c>', b"<c r='A1'><v>0.5</v></c>"])
def test_a_cell_without_a_style_has_the_first_one(written):
    styles = b'<styleSheet xmlns="%s"><cellXfs><xf numFmtId="9"/></cellXfs></styleSheet>' % MAIN
    assert read(xlsx(b'<row r="1">%s</row>' % written, styles=styles))[1] == [[PERCENT]]


@pytest.mark.parametrize("identifier", [b"9", b"09", b"&#57;", b"10"])
def test_a_percent_format_is_known_however_it_is_numbered(identifier):
    styles = b'<styleSheet xmlns="%s"><cellXfs><xf/><xf numFmtId="%s"/></cellXfs></styleSheet>' % (MAIN, identifier)
    assert read(xlsx(cell(b' s="1"><v>0.5</v>'), styles=styles))[1] == [[PERCENT]]


def test_merged_cells_are_known_from_whichever_corner():
    merged = b'<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'
    assert read(xlsx(cell(b"><v>1</v>"), tail=merged))[1] == [[MERGED]]


@pytest.mark.parametrize(
    "written",
    [
        b' t="s"><v>99999999999999999999</v>',
        b' t="s"><v>%s</v>' % (b"9" * 5000),
        b' s="%s"><v>1</v>' % (b"9" * 5000),
        b"><v>1_0</v>",
        b"><v>0x3</v>",
        b"><v>1,5</v>",
        b"><v>1<!-- . -->2</v>",
        b' t="inlineStr"><v>3</v><is><t>1</t></is>',
        b' t="b"><v>2</v>',
    ],
)
def test_what_readers_understand_differently_is_not_read(written):
    with pytest.raises(RefusedError) as refused:
        read(xlsx(cell(written), strings=b"<si><t>4</t></si>"))
    assert refused.value.code == "F01"


@pytest.mark.parametrize("date", [b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"hier"])
def test_a_date_of_no_calendar_dates_nothing(date):
    core = b"<p><dcterms:modified>%s</dcterms:modified></p>" % date
    package = guard.open_package(xlsx(cell(b"><v>1</v>")))
    assert workbook.read(guard.Package("xlsx", {**package.members, "docprops/core.xml": core})).saved is None


@pytest.mark.parametrize("target", [b"xl/workbook.xml", b"/xl/workbook.xml", b"XL/WorkBook.xml", b"xl\\workbook.xml"])
def test_a_main_part_is_found_however_its_name_is_written(target):
    assert values_of(relinked(target)) == [[1.0]]


@pytest.mark.parametrize("main", ["xl/workbook22.xml", "workbook.xml", "Deux mots/Classeur.xml"])
def test_the_workbook_that_is_shown_is_the_one_that_is_read(main):
    shown = renamed(xlsx(cell(b"><v>1</v>")), main)
    assert values_of(shown) == [[1.0]]
    decoy = archive.inflate(xlsx(cell(b"><v>2</v>")))
    decoy = {name: content for name, content in decoy.items() if name.startswith("xl/work") and "sheets" not in name}
    assert values_of(zipped(decoy | archive.inflate(shown))) == [[1.0]]


def test_two_main_parts_are_refused():
    with pytest.raises(RefusedError, match="plusieurs"):
        values_of(relinked(b"xl/workbook.xml", b"workbook.xml"))


def test_a_main_part_that_is_not_there_is_refused():
    with pytest.raises(RefusedError, match="pas un classeur"):
        values_of(relinked(b"xl/autre.xml"))


@pytest.mark.parametrize(
    "change", [str.upper, lambda name: name.replace("/", "\\"), lambda name: name.replace("s", "%73")]
)
def test_members_compare_as_parts_do(change):
    members = archive.inflate(relinked(b"xl/workbook.xml"))
    assert values_of(zipped({change(name): content for name, content in members.items()})) == [[1.0]]


@pytest.mark.parametrize(
    "claim", [b' count="4294967295"', b" uniqueCount='4294967295'", b' a=">" count = "99999999999"']
)
def test_the_counts_of_shared_texts_are_not_believed(claim):
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"%s><si><t>4</t></si></sst>' % claim
    )
    members = archive.inflate(xlsx(cell(b' t="s"><v>0</v>'), strings=b"<si/>"))
    assert values_of(zipped(members | {"xl/sharedStrings.xml": strings})) == [["4"]]


def values_of(data):
    return workbook.read(guard.open_package(data)).grids[0].rows


def relinked(*targets):
    """A workbook whose cell A1 holds 1, its package pointing at these main parts."""
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    listed = b"".join(
        b'<Relationship Id="r%d" Type="%s" Target="%s"/>' % (rank, office, target)
        for rank, target in enumerate(targets)
    )
    members = archive.inflate(xlsx(cell(b"><v>1</v>")))
    return zipped({"_rels/.rels": b"<Relationships>%s</Relationships>" % listed} | members)


def renamed(data, main):
    """The same workbook, its main part under another name; what it points at stands where it stood."""
    members = archive.inflate(data)
    links = members.pop("xl/_rels/workbook.xml.rels").replace(b'Target="', b'Target="/xl/')
    members = {main: members.pop("xl/workbook.xml"), parts.links_part(main): links} | members
    start = archive.inflate(relinked(main.replace(" ", "%20").encode()))["_rels/.rels"]
    return zipped({"_rels/.rels": start} | members)
