"""The guide of the results is kept true: its sheets and headings are those of a generated workbook."""

import re
from pathlib import Path

import openpyxl
import pytest

from engine.model.values import figure
from engine.office.styles import ACCENT
from tests.results import BTS, CGCO, CQP, OTHER, SMALLEST, certification, headings, sheets, workbook

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "resultats.md"


def documented():
    """Sheet -> the first cells of its table, without their quotes."""
    found = {}
    for part in re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, text = part.partition("\n")
        found[name] = re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE)
    found.pop("S'y retrouver")
    return found


def placeholders(rules):
    """What depends on a referential, word by word."""
    oral, transversal = rules.oral, rules.transversal
    codes = {
        "<bloc>": [bloc.code for bloc in rules.blocs],
        "<compétence>": [competence.code for competence in rules.competences],
        "<item>": [item.code for item in transversal.items] if transversal else [],
        "<domaine>": [domain.title for domain in transversal.domains] if transversal else [],
        "<critère>": [item.code for item in oral.items] if oral else [],
        "<partie>": [section.title for section in oral.sections] if oral else [],
        "<examen>": [rules.national_exam.code] if rules.national_exam else [],
        "<ue>": [unit.code for unit in rules.units],
        "<contrôle>": [exam.code for exam in rules.exams],
        "<pièce>": [part.code for part in rules.works + rules.documents],
    }
    bars = [oral.at_least] if oral else []
    bars += [rules.national_exam.at_least] if rules.national_exam else []
    bars += [rules.unit_rule.above] if rules.unit_rule else []
    words = {code: name for name, group in codes.items() for code in group}
    words |= {f"{code} état": f"{name} état" for code, name in words.items() if name in ("<bloc>", "<examen>", "<ue>")}
    words |= {f"{sign} {figure(bar)}": f"{sign} <seuil>" for sign in "<≥≤>" for bar in bars}
    words |= {f"{bloc.code} {name}": "<bloc>" for bloc in rules.blocs for name in ("formateurs", "tuteur", "jury")}
    return words | {f"{word} {rank}": f"{word} <n>" for word in ("Total", "Juré") for rank in range(1, 9)}


def shown(path, name, words):
    """The headings of a sheet as the guide writes them, each once."""
    if name == "Statistiques":
        found = accented(path)
    elif name == "Accueil":
        found = [section for section in documented()[name] if section in texts(path)]
    else:
        found = headings(path, name)
    return list(dict.fromkeys(words.get(heading, heading.replace("’", "'")) for heading in found))


def accented(path):
    rows = openpyxl.load_workbook(path)["Statistiques"].iter_rows()
    return [cell.value for row in rows for cell in row if cell.fill.fgColor.rgb == f"FF{ACCENT[1:]}"]


def texts(path):
    return {str(line[0]).replace("’", "'") for line in sheets(path)["Accueil"]}


def test_every_sheet_is_in_the_guide_in_order():
    assert list(documented()) == list(sheets(workbook()))


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP])
def test_every_heading_is_in_the_guide_in_order(name):
    guide, words = documented(), placeholders(certification(name))
    for sheet in sheets(workbook(name)):
        found = shown(workbook(name), sheet, words)
        assert [heading for heading in guide[sheet] if heading in found] == found


def test_the_guide_tells_of_nothing_else():
    words = placeholders(certification())
    for sheet, told in documented().items():
        assert told == shown(workbook(), sheet, words)
