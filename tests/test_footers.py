"""What a footer shows: the very text it is given, as far as there is room."""

import re
import subprocess
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.office.metrics import text_width
from engine.office.styles import MAX_FOOTER, new_workbook, set_page
from tests.libreoffice import render
from tests.promotion import MADE_AT

NAMES = [
    "P&G",
    "&P",
    "&&G",
    '&"Arial"',
    "R&D",
    "A&[Picture]B",
    "&G",
    "P&9",
    "&KFF0000x",
    "G&GG & G",
    "&&&&G",
    "AT&T && G&G",
]
_CODE = re.compile(r'&(?:(&)|"[^"]*"|K[0-9A-F]{6}|([LCRPNG])|(\d+))', re.DOTALL)


def written(folder, left, centre="centre"):
    """The code of a footer, as a workbook holds it."""
    target = folder / "pied.xlsx"
    with new_workbook(target, title="Pied", made_at=MADE_AT) as book:
        sheet = book.add_worksheet("Pied")
        sheet.write_string(0, 0, "Une page")
        set_page(sheet, landscape=False, margins_mm=(9, 9, 9, 9), footer=(left, centre))
    return target


def parts(code):
    """The text of each part of a footer, read as Excel reads its code."""
    shown, at = {"L": ""}, 0
    part = "L"
    while at < len(code):
        found = _CODE.match(code, at)
        if found is None:
            shown[part] += code[at]
            at += 1
            continue
        at = found.end()
        if found[1]:
            shown[part] += "&"
        elif found[2] and found[2] in "LCR":
            part = found[2]
            shown[part] = ""
        elif found[2]:
            shown[part] += {"P": "1", "N": "2", "G": "<image>"}[found[2]]
    return {name: text.strip() for name, text in shown.items()}


def footer(path):
    """The code of the footer of the only sheet."""
    with ZipFile(path) as package:
        sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    return sheet.findtext(".//{*}oddFooter")


@pytest.mark.parametrize("name", NAMES)
def test_an_ampersand_of_a_name_is_shown_whatever_follows_it(tmp_path, name):
    found = parts(footer(written(tmp_path, f"x{name}x", name)))
    assert found == {"L": f"x{name}x", "C": name, "R": "Page 1 sur 2"}


@given(left=st.text(alphabet='&GPNLCR7K["] x', max_size=40), centre=st.text(alphabet="&GaéN9", max_size=20))
def test_any_text_is_shown_as_it_is(tmp_path_factory, left, centre):
    found = parts(footer(written(tmp_path_factory.mktemp("pied"), left, centre)))
    assert (found["L"], found["C"]) == (left.strip(), centre.strip())


@pytest.mark.parametrize("sign", ["a", "&", "G", "&G", "\U0001f4dd"])
def test_a_text_of_any_length_leaves_a_footer(tmp_path, sign):
    code = footer(written(tmp_path, sign * 3_000, sign * 2_000))
    assert len(code.encode("utf-16-le")) <= 2 * MAX_FOOTER
    assert "…" in parts(code)["L"]
    assert parts(code)["R"] == "Page 1 sur 2"


@pytest.mark.libreoffice
def test_a_footer_is_printed_as_it_is(office, tmp_path):
    shown = f"[{'] ['.join(NAMES[:6])}]"
    render(written(tmp_path, shown), tmp_path, office=office, dpi=30)
    printed = subprocess.run(["pdftotext", "-layout", tmp_path / "pied.pdf", "-"], capture_output=True, check=True)
    assert shown in printed.stdout.decode()


def printed_lines(path):
    """The lines of each part of a footer, with how wide they are in pixels at its size."""
    shown = parts(footer(path))
    return {
        side: [(line.strip(), text_width(line.strip(), 7)) for line in text.split("\n")] for side, text in shown.items()
    }


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize(
    ("left", "centre"),
    [
        ("N'GUESSAN-LEFEBVRE DE LA ROCHEFOUCAULD Marie-Apolline Constance (C02), par OSMANI Nadia (J01)", "CGCo/2024"),
        ("W" * 100 + " (C02), par " + "M" * 100, "CGCo/2024-03-15/ORAL/" + "W" * 32 + "/" + "W" * 32 + "/BCHP-FMEP"),
        ("Court", "W" * 90),
        ("W" * 60, ""),
    ],
)
def test_no_text_of_a_footer_prints_over_another(tmp_path, left, centre, landscape):
    target = tmp_path / "pied.xlsx"
    with new_workbook(target, title="Pied", made_at=MADE_AT) as book:
        sheet = book.add_worksheet("Pied")
        set_page(sheet, landscape=landscape, margins_mm=(18, 18, 9, 9), footer=(left, centre))
    shown = printed_lines(target)
    page = ((297 if landscape else 210) - 36) / 25.4 * 96
    widest = {side: max(width for _, width in lines) for side, lines in shown.items()}
    assert widest["L"] + widest["C"] / 2 <= page / 2 or widest["C"] == 0
    assert widest["L"] + widest["R"] <= page
    assert widest["C"] / 2 + widest["R"] <= page / 2 or widest["C"] == 0
    assert max(len(lines) for lines in shown.values()) <= 2
