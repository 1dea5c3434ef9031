"""The rows of `Détail`, which are laid as bytes: each as if it had been spelled cell by cell."""

import re
from zipfile import ZipFile

import pytest

from engine.model.tables import MARKS, table
from engine.outputs.workbook import sources
from engine.outputs.workbook.cells import ending
from tests.results import mark, rows, workbook, written
from tests.test_xlsxwriter import TEXTS

IDENTITY = ("Candidat", "Nature", "Saisie", "Code", "Évaluateur")
LANDMARK = re.compile(r'<c r="M\d+(" s="(\d+)" t="inlineStr">.*?</c>)<c r="N', re.DOTALL)


def laid(path):
    """The XML of the sheet of marks: the only one whose texts stand in their cells."""
    with ZipFile(path) as package:
        members = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    return next(content for content in members if b"inlineStr" in content).decode()


def test_a_landmark_says_the_number_of_its_row_and_whose_mark_it_is():
    found = rows(workbook(), "Détail")
    assert [int(row["N°"]) for row in found] == list(range(1, len(found) + 1))
    assert len(found) > 2 * sources._AT_ONCE
    for row in found:
        assert row["Repère"] == "|".join([str(int(row["N°"])), *(row[heading] for heading in IDENTITY)])


@pytest.mark.parametrize("many", [1, 7, 100_000])
def test_rows_are_the_same_however_many_are_laid_together(tmp_path, monkeypatch, many):
    monkeypatch.setattr(sources, "_AT_ONCE", many)
    assert laid(written(tmp_path)) == laid(workbook())


def test_a_landmark_is_spelled_as_any_text_whatever_its_words(tmp_path):
    words = [odd for odd in TEXTS if odd != "\x01"]  # spelled as another one is
    marks = [mark(4, **{word: odd}) for word in ("evaluator", "code") for odd in words]
    identities = [f"C001|GRILLE|niveau|{code}|{evaluator}" for *_, evaluator, _, code, _, _, _ in marks]
    found = set()
    for number, (cell, style) in enumerate(LANDMARK.findall(laid(written(tmp_path, marks=table(MARKS, marks))))):
        known = {ending(f"{number + 1}|{identity}", int(style), ""): identity for identity in identities}
        found.add(known[cell])
    assert found == set(identities)


def test_words_of_any_length_leave_a_landmark_that_a_cell_can_hold(tmp_path):
    long = "😀" * 20_000
    path = written(tmp_path, marks=table(MARKS, [mark(4, code=long, evaluator=long)]))
    (landmark,) = re.findall("<t>(.*?)</t>", LANDMARK.search(laid(path))[1])
    assert landmark.startswith("1|C001|GRILLE|niveau|😀")
    assert len(landmark.encode("utf-16-le")) // 2 <= 32_767
