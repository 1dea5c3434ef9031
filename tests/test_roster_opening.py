"""The roster's file: whatever it is and whatever wrote it, one sentence or a table, within bounds."""

from __future__ import annotations

import re

import pytest
from openpyxl.styles import PatternFill

from engine.commands.rosters import MOST_WRITTEN
from engine.model.errors import CohortError, RosterError
from tests.rosters import book, places, problems, read, rewritten, saved
from tests.test_guard import ole


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "est vide"),
        (b"Identifiant;Nom\n", "CSV"),
        (b"PK\x03\x04" + bytes(100), "endommagé"),
        (ole("EncryptionInfo", "EncryptedPackage"), "mot de passe"),
        (ole("Workbook"), "ancien format"),
        (ole("EncryptionInfo", "EncryptedPackage")[:600], "ancien format"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_with_a_remedy(tmp_path, content, word):
    path = tmp_path / "cohorte.xlsx"
    path.write_bytes(content)
    with pytest.raises(CohortError, match=word) as caught:
        read(path)
    assert "nregistrez-le" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_workbook_is_one_sentence(tmp_path):
    path = saved(book(), tmp_path)
    content = bytearray(path.read_bytes())
    content[60:400] = bytes(340)
    path.write_bytes(content)
    with pytest.raises(CohortError, match="endommagé"):
        read(path)


def test_a_missing_or_locked_file_is_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(CohortError, match="manque"):
        read(tmp_path / "cohorte.xlsx")
    with pytest.raises(CohortError, match="n'est pas un fichier"):
        read(tmp_path)

    def refuse(*_arguments):
        raise PermissionError(13, "refused")

    path = saved(book(), tmp_path)
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(CohortError, match="ouvert dans un tableur"):
        read(path)


def test_a_roster_kept_elsewhere_is_read_through_its_link(tmp_path):
    elsewhere = tmp_path / "registres"
    elsewhere.mkdir()
    link = tmp_path / "cohorte.xlsx"
    try:
        link.symlink_to(saved(book(), elsewhere))
    except OSError:
        link.hardlink_to(elsewhere / "cohorte.xlsx")  # Windows gives links to administrators only
    assert len(read(link).candidates) == 2


# ------------------------------------------------------------------------------------ whatever wrote it


def _strict(parts: dict[str, bytes]) -> dict[str, bytes]:
    """As Excel saves « Strict Open XML »: the same parts under other namespaces."""
    names = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }
    for transitional, strict in names.items():
        parts = {name: content.replace(transitional, strict) for name, content in parts.items()}
    return parts


def _bad_styles(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Colours, borders and a date of the file that a fussy reader refuses."""
    styles = (
        parts["xl/styles.xml"].replace(b"<font>", b'<font><color rgb="bleu" />').replace(b"<left", b'<left style="?"')
    )
    core = parts["docProps/core.xml"].replace(b"Z</dcterms:modified>", b"</dcterms:modified>").replace(b"20", b"xx")
    return parts | {"xl/styles.xml": styles, "docProps/core.xml": core}


def _without_types(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in parts.items() if name != "[Content_Types].xml"}


def _odd_validations(parts: dict[str, bytes]) -> dict[str, bytes]:
    rule = b'<dataValidations count="x"><dataValidation type="liste" sqref="A1:ZZZ9999999" /></dataValidations>'
    return {name: content.replace(b"<pageMargins", rule + b"<pageMargins") for name, content in parts.items()}


@pytest.mark.parametrize("change", [_strict, _bad_styles, _without_types, _odd_validations])
def test_a_roster_is_read_as_any_program_wrote_it(tmp_path, change):
    expected = read(saved(book(), tmp_path))
    assert read(rewritten(tmp_path / "cohorte.xlsx", change)) == expected


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_roster_saved_by_libreoffice_is_read_whatever_its_name_says(tmp_path, office, kind):
    expected = read(saved(book(), tmp_path))
    converted = office.convert(tmp_path / "cohorte.xlsx", tmp_path / f"enregistre.{kind}")
    assert read(converted.replace(tmp_path / "cohorte.xlsx")) == expected


def test_a_workbook_of_charts_alone_says_that_it_holds_no_sheet(tmp_path):
    made = book()
    for sheet in made.worksheets:
        made.remove(sheet)
    made.create_chartsheet("Graphique")
    found = problems(made, tmp_path)
    assert found[0] == "Session : cette feuille manque ; le classeur n'en contient aucune."
    assert not any(": ." in problem for problem in found)


# ------------------------------------------------------------------------------------------- bounds


def test_a_cell_that_is_only_formatted_costs_nothing_and_a_value_at_the_bottom_is_refused(tmp_path):
    made = book()
    made["Candidats"]["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    path = saved(made, tmp_path)
    assert len(read(path).candidates) == 2
    rewritten(path, _with_closing_tags)
    assert len(read(path).candidates) == 2
    made["Candidats"]["A1048576"] = "C 1"
    with pytest.raises(CohortError, match=r"« Candidats » s'étend sur 1048576 lignes.* Supprimez ce qui s'étend"):
        read(saved(made, tmp_path))


def _with_closing_tags(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Cells without a value as some programs write them: ``<c ...></c>``."""
    return {name: re.sub(rb"(<c [^<>]*[^<>/ ]) ?/>", rb"\1></c>", content) for name, content in parts.items()}


def _merged(path, areas):
    """The workbook, these areas merged in each of its sheets; openpyxl would write every cell of them."""
    listed = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    end = f"</sheetData><mergeCells>{listed}</mergeCells>".encode()
    return _put_in_sheets(path, b"</sheetData>", end)


def _put_in_sheets(path, mark, content):
    return rewritten(path, lambda parts: {name: one.replace(mark, content) for name, one in parts.items()})


def test_columns_merged_to_the_bottom_are_told_once(tmp_path):
    path = _merged(saved(book(), tmp_path), [f"{column}10:{column}1048576" for column in "FGH"])
    with pytest.raises(RosterError) as caught:
        read(path)
    assert places(caught.value.problems) == ["Candidats!F10", "Candidats!G10", "Candidats!H10"]


def test_a_whole_sheet_merged_is_told_once(tmp_path):
    with pytest.raises(RosterError) as caught:
        read(_merged(saved(book(), tmp_path), ["A100:XFD1048576"]))
    assert places(caught.value.problems) == ["Session!A100", "Candidats!A100", "Évaluateurs!A100"]


def test_too_many_merged_areas_are_refused(tmp_path):
    path = _merged(saved(book(), tmp_path), (f"L{row}:M{row}" for row in range(5, 2_100)))
    with pytest.raises(CohortError, match="fusions, la limite est"):
        read(path)


def test_too_many_cells_are_refused(tmp_path):
    rows = b"".join(b'<row r="%d"><c r="L%d" s="0"/></row>' % (row, row) for row in range(9, MOST_WRITTEN + 10))
    with pytest.raises(CohortError, match="cellules, la limite est"):
        read(_put_in_sheets(saved(book(), tmp_path), b"</sheetData>", rows + b"</sheetData>"))


def test_endless_validations_are_read_past(tmp_path):
    cells = b" ".join(b"A%d:J%d" % (row, row) for row in range(2, 40_000))
    rules = b"<dataValidations>" + b'<dataValidation type="list" sqref="%s"/>' % cells * 20 + b"</dataValidations>"
    path = _put_in_sheets(saved(book(), tmp_path), b"<pageMargins", rules + b"<pageMargins")
    assert len(read(path).candidates) == 2


def test_two_thousand_candidates_are_read(tmp_path):
    made = book()
    for number in range(2_000):
        made["Candidats"].append(
            [f"N{number:04}", "Nguyen", "Bao", "b@exemple.fr", "Port", "T01", "F01;F02", "J01", "", ""]
        )
    assert len(read(saved(made, tmp_path)).candidates) == 2_002
