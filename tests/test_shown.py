"""Values that a sheet shows otherwise than it holds them, as each kind of workbook writes it: read, or told."""

from __future__ import annotations

import pytest

from engine.intake.readers import workbook
from engine.intake.safety import guard
from engine.model.values import Tell
from tests.packages import ods, xlsx, zipped

_STYLES = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</styleSheet>'
_FONT = (b"", b"<strike/>", b'<strike val="0"/>', b'<vertAlign val="subscript"/>')
_FONTS = b"<fonts>%s</fonts>" % b"".join(b"<font>%s</font>" % each for each in _FONT)
_XFS = b"<cellXfs>%s</cellXfs>"


def first(content):
    """The tell of A1 and what its formats may show."""
    book = workbook.read(guard.open_package(content))
    assert not book.damaged
    (grid,) = book.grids
    return grid.tell((0, 0)), grid.displays.get((0, 0), ())


def styles(xfs, more=b"", dxfs=b""):
    return _STYLES % (more + _FONTS + _XFS % xfs + dxfs)


def row(attributes=b"", content=b"<v>4</v>"):
    return b'<row r="1"><c r="A1"%s>%s</c></row>' % (attributes, content)


def shared(runs):
    return xlsx(row(b' t="s"', b"<v>0</v>"), strings=b"<si>%s</si>" % runs)


def run(text, look=b""):
    return b"<r><rPr>%s</rPr><t>%s</t></r>" % (look, text)


RAISED, STRUCK = b'<vertAlign val="superscript"/>', b"<strike/>"


@pytest.mark.parametrize(
    ("xfs", "style", "tell"),
    [
        (b'<xf fontId="0"/><xf fontId="1"/>', b' s="1"', Tell.STRUCK),
        (b'<xf fontId="0"/><xf fontId="2"/>', b' s="1"', Tell.NONE),
        (b'<xf fontId="1"/>', b"", Tell.STRUCK),  # a cell without a style has the first one
        (b'<xf fontId="0"/><xf fontId="3"/>', b' s="1"', Tell.NONE),  # all of it is lowered: it reads the same
    ],
)
def test_the_font_of_a_cell(xfs, style, tell):
    assert first(xlsx(row(style), styles=styles(xfs)))[0] is tell


def test_a_font_that_a_style_leaves_to_its_named_style():
    named = b'<cellStyleXfs><xf fontId="0"/><xf fontId="1"/></cellStyleXfs>'
    kept, left = (b'<xf fontId="0" xfId="1"%s/>' % more for more in (b"", b' applyFont="0"'))
    assert first(xlsx(row(), styles=styles(kept, named)))[0] is Tell.NONE
    assert first(xlsx(row(), styles=styles(left, named)))[0] is Tell.STRUCK


@pytest.mark.parametrize(
    ("runs", "tell"),
    [
        (run(b"1") + run(b"2", RAISED), Tell.RAISED),
        (run(b"1", RAISED) + run(b"2", RAISED), Tell.NONE),
        (b"<r><t>1</t></r>" + run(b"2", RAISED), Tell.RAISED),
        (run(b"1") + run(b" ", RAISED), Tell.NONE),
        (run(b"1") + run(b"2", b'<vertAlign val="baseline"/>'), Tell.NONE),
        (run(b"1") + run(b"2", STRUCK), Tell.STRUCK),
        (run(b"12", STRUCK), Tell.STRUCK),
        (run(b"1") + run(b"2", b'<strike val="false"/>'), Tell.NONE),
        (b"<t>12</t>", Tell.NONE),
    ],
)
def test_the_runs_of_a_text(runs, tell):
    assert first(shared(runs))[0] is tell
    assert first(xlsx(row(b' t="inlineStr"', b"<is>%s</is>" % runs)))[0] is tell


def test_a_text_whose_cell_is_raised_and_not_its_runs():
    """A run without properties looks as the cell does."""
    content = row(b' s="1" t="s"', b"<v>0</v>")
    look = styles(b'<xf fontId="0"/><xf fontId="3"/>')
    assert (
        first(xlsx(content, strings=b"<si>%s</si>" % (b"<r><t>1</t></r>" + run(b"2")), styles=look))[0] is Tell.RAISED
    )
    assert first(xlsx(content, strings=b"<si><t>12</t></si>", styles=look))[0] is Tell.NONE


@pytest.mark.parametrize(("code", "shown"), [(b"&quot;5&quot;", ("5",)), (b"0.00", ()), (b";;;", ("",))])
def test_the_number_format_of_a_cell(code, shown):
    formats = b'<numFmts><numFmt numFmtId="170" formatCode="%s"/></numFmts>' % code
    assert first(xlsx(row(), styles=styles(b'<xf numFmtId="170"/>', formats)))[1] == shown


@pytest.mark.parametrize(
    ("rule", "tell", "shown"),
    [
        (b'<cfRule type="expression" dxfId="0"><formula>1</formula></cfRule>', Tell.STRUCK, ()),
        (b'<cfRule type="expression" dxfId="1"><formula>1</formula></cfRule>', Tell.NONE, ("5",)),
        (b'<cfRule type="expression" dxfId="2"><formula>1</formula></cfRule>', Tell.NONE, ()),
        (b'<cfRule type="iconSet"><iconSet showValue="0"/></cfRule>', Tell.NONE, ("",)),
        (b'<cfRule type="iconSet"><iconSet/></cfRule>', Tell.NONE, ()),
    ],
)
@pytest.mark.parametrize("where", [b"A1:B3", b"C5 A1", b"A:A", b"1:1"])
def test_a_conditional_format(rule, tell, shown, where):
    """Whether its condition is met is for a spreadsheet program to say: it may be."""
    tail = b'<conditionalFormatting sqref="%s">%s</conditionalFormatting>' % (where, rule)
    dxfs = b"<dxfs><dxf><font><strike/></font></dxf><dxf><numFmt numFmtId='171' formatCode='&quot;5&quot;'/></dxf>"
    look = styles(b"<xf/>", dxfs=dxfs + b"<dxf><font><u/></font></dxf></dxfs>")
    assert first(xlsx(row(), tail=tail, styles=look)) == (tell, shown)
    elsewhere = tail.replace(where, b"C9")
    assert first(xlsx(row(), tail=elsewhere, styles=look)) == (Tell.NONE, ())


# ------------------------------------------------------------------------------------- OpenDocument

_ODF = b'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"'
_NAMES = (b"style", b"table", b"text", b"office")
_SPACES = b" ".join(
    _ODF % pair for pair in (*zip(_NAMES, _NAMES, strict=True), (b"number", b"datastyle"), (b"calcext", b"calcext"))
)


def written(cell, automatic=b"", shared=b"", columns=b"", line=b"", tail=b""):
    """A workbook whose A1 is this cell; ``automatic`` and ``shared``: the styles of its document, and of all."""
    content = b"<office:document-content %s><office:automatic-styles>%s</office:automatic-styles>" % (
        _SPACES,
        automatic,
    )
    content += b'<office:body><office:spreadsheet><table:table table:name="F0">' + columns
    content += b"<table:table-row%s>%s</table:table-row>" % (line, cell) + tail
    content += b"</table:table></office:spreadsheet></office:body></office:document-content>"
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    if shared:
        parts["styles.xml"] = b"<office:document-styles %s>%s</office:document-styles>" % (_SPACES, shared)
    return zipped(parts)


def number(style=b""):
    about = b' table:style-name="%s"' % style if style else b""
    return (
        b'<table:table-cell%s office:value-type="float" office:value="4"><text:p>4</text:p></table:table-cell>' % about
    )


def cell_style(name, properties=b"", more=b""):
    text = b"<style:text-properties %s/>" % properties if properties else b""
    return b'<style:style style:name="%s" style:family="table-cell"%s>%s</style:style>' % (name, more, text)


LINE = b'style:text-line-through-style="solid"'


@pytest.mark.parametrize(
    ("workbook", "tell"),
    [
        (written(number(b"a"), cell_style(b"a", LINE)), Tell.STRUCK),
        (written(number(b"a"), cell_style(b"a", b'style:text-line-through-type="double"')), Tell.STRUCK),
        (written(number(b"a"), cell_style(b"a", b'style:text-line-through-style="none"')), Tell.NONE),
        (
            written(number(b"a"), cell_style(b"a", more=b' style:parent-style-name="b"'), cell_style(b"b", LINE)),
            Tell.STRUCK,
        ),
        (
            written(
                number(b"a"),
                cell_style(b"a", b'style:text-line-through-style="none"', b' style:parent-style-name="b"'),
                cell_style(b"b", LINE),
            ),
            Tell.NONE,
        ),
        (
            written(
                number(), cell_style(b"a", LINE), columns=b'<table:table-column table:default-cell-style-name="a"/>'
            ),
            Tell.STRUCK,
        ),
        (written(number(), cell_style(b"a", LINE), line=b' table:default-cell-style-name="a"'), Tell.STRUCK),
        (written(number(), b"", cell_style(b"Default", LINE)), Tell.STRUCK),
        (written(number(b"a"), cell_style(b"a", more=b' style:parent-style-name="a"')), Tell.NONE),
        (written(number(b"a"), cell_style(b"a", b'style:text-position="super 58%"')), Tell.NONE),
        (
            written(
                number(b"a"),
                cell_style(b"a").replace(
                    b"></", b'><style:map style:condition="value()>1" style:apply-style-name="b"/></'
                )
                + cell_style(b"b", LINE),
            ),
            Tell.STRUCK,
        ),
    ],
)
def test_the_style_of_an_open_document_cell(workbook, tell):
    assert first(workbook)[0] is tell


@pytest.mark.parametrize(
    ("position", "tell"),
    [
        (b'style:text-position="super 58%"', Tell.RAISED),
        (b'style:text-position="-33% 58%"', Tell.RAISED),
        (b'style:text-position="0% 100%"', Tell.NONE),
        (LINE, Tell.STRUCK),
    ],
)
def test_the_runs_of_an_open_document_text(position, tell):
    style = b'<style:style style:name="T1" style:family="text"><style:text-properties %s/></style:style>' % position
    text = b'<text:p>1<text:span text:style-name="T1">2</text:span></text:p>'
    cell = b'<table:table-cell office:value-type="string">%s</table:table-cell>' % text
    assert first(written(cell, style))[0] is tell


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"<number:text>5</number:text>", ("5",)),
        (
            b'<number:number number:decimal-places="0" number:min-integer-digits="1"/><number:text>0</number:text>',
            ("40",),
        ),
        (b'<number:number number:decimal-places="2" number:min-integer-digits="1"/>', ()),
        (
            b'<number:number number:decimal-places="0" number:min-integer-digits="1" number:display-factor="1000"/>',
            ("0",),
        ),
        (b'<number:number number:min-integer-digits="1"/>', ()),
        (
            b'<number:number number:decimal-places="0" number:min-integer-digits="2">'
            b'<number:embedded-text number:position="1">1</number:embedded-text></number:number>',
            ("014",),
        ),
        (
            b'<number:number number:min-integer-digits="1"/>'
            b'<style:map style:condition="value()&gt;=1" style:apply-style-name="n2"/>',
            ("5",),
        ),
        (b"<number:year/>", ("?",)),
        (b'<style:text-properties style:color="#ffffff"/><number:number/>', ("",)),
    ],
)
def test_the_number_format_of_an_open_document_cell(content, shown):
    formats = b'<number:number-style style:name="n1">%s</number:number-style>' % content
    formats += b'<number:number-style style:name="n2"><number:text>5</number:text></number:number-style>'
    style = cell_style(b"a", more=b' style:data-style-name="n1"')
    assert first(written(number(b"a"), formats + style))[1] == shown


@pytest.mark.parametrize(
    ("kind", "content", "tell"),
    [
        (b"percentage", b"<number:number/><number:text>%</number:text>", Tell.PERCENT),
        (b"percentage", b"<number:number/><number:text>\xc2\xa0% !</number:text>", Tell.PERCENT),
        (b"number", b"<number:number/><number:text>%</number:text>", Tell.NONE),  # it is written after the number
    ],
)
def test_a_number_shown_as_a_percentage_is_one(kind, content, tell):
    """Gnumeric writes it as any other number, and its style alone tells."""
    formats = b'<number:%s-style style:name="n1">%s</number:%s-style>' % (kind, content, kind)
    style = cell_style(b"a", more=b' style:data-style-name="n1"')
    assert first(written(number(b"a"), formats + style))[0] is tell


def test_a_conditional_format_of_an_open_document():
    rule = (
        b'<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="F0.A1:F0.B2">'
        b'<calcext:condition calcext:apply-style-name="b" calcext:value="&gt;1"/></calcext:conditional-format>'
        b"</calcext:conditional-formats>"
    )
    style, elsewhere = cell_style(b"b", LINE), rule.replace(b"F0.A1:F0.B2", b"F0.B2")
    assert first(written(number(), b"", style, tail=rule))[0] is Tell.STRUCK
    assert first(written(number(), b"", style, tail=elsewhere))[0] is Tell.NONE


@pytest.mark.parametrize(
    "rule",
    [
        b'<calcext:data-bar calcext:show-value="false"/>',
        b'<calcext:icon-set><calcext:formatting-entry calcext:show-value="false"/></calcext:icon-set>',
    ],
)
def test_a_bar_or_an_icon_may_hide_its_value(rule):
    start = b'<calcext:conditional-format calcext:target-range-address="F0.A1:F0.A1">'
    shown = rule.replace(b"false", b"true")
    for content, found in ((rule, ("",)), (shown, ())):
        assert first(written(number(), tail=start + content + b"</calcext:conditional-format>"))[1] == found


def test_a_conditional_format_calls_its_style_as_people_do():
    """LibreOffice writes ``ConditionalStyle_5f_1`` for the style that it shows as ``ConditionalStyle_1``."""
    rule = (
        b'<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="F0.A1:F0.A1">'
        b'<calcext:condition calcext:apply-style-name="Sans titre_1" calcext:value="formula-is(1)"/>'
        b"</calcext:conditional-format></calcext:conditional-formats>"
    )
    style = cell_style(b"Sans_20_titre_5f_1", LINE, b' style:display-name="Sans titre_1"')
    assert first(written(number(), b"", style, tail=rule))[0] is Tell.STRUCK
    assert first(written(number(), b"", style))[0] is Tell.NONE
    of_that_name = cell_style(b"Sans titre_1")
    assert first(written(number(), of_that_name, style, tail=rule))[0] is Tell.NONE


def test_an_open_document_without_styles_is_read():
    assert first(ods(b"<table:table-row>" + number() + b"</table:table-row>")) == (Tell.NONE, ())
