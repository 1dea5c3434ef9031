"""From the sample to the record, every sheet of the jury filled in a spreadsheet program, whatever it saves them as."""

from __future__ import annotations

import csv
import io

import openpyxl
import pypdf
import pytest

from engine.commands.close import close
from engine.commands.cohorts import open_cohort
from engine.commands.jury import jury
from engine.commands.templates import issue
from engine.model import Kind
from engine.model.forms import build
from engine.workspace.cohort import Folder
from tests import juries
from tests.cohorts import column_of, row_of
from tests.libreoffice import Type

pytestmark = [pytest.mark.libreoffice, pytest.mark.gnumeric]
REASON = "Panne de projection"


def flat(path):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def oral(sitting) -> list[Type]:
    """What a juror types: almost every point, every transversal level, the report, a signature."""
    points = build(sitting.referential, Kind.ORAL)
    typed = [Type(f"oral_points_{row.code}", str(row.domains["points"].maximum)) for row in points.rows]
    levels = build(sitting.referential, Kind.TRANSVERSALE)
    typed += [Type(f"transversale_niveau_{row.code}", "3") for row in levels.rows]
    closing = [Type(f"{kind}_signature", "Van Houtte") for kind in ("oral", "transversale")]
    return [*typed, Type("oral_rapport", "oui"), *closing]


def deliberation(path) -> list[Type]:
    """What the president types in the sheet filled in advance: one departure, who sat, a signature."""
    sheet = openpyxl.load_workbook(path)["Délibération"]

    def cell(person: str, heading: str) -> str:
        return sheet.cell(row_of(sheet, person), column_of(sheet, heading)).coordinate

    row = {"Décision": "admis", "Blocs": "", "Motif": REASON}
    singles = {"president": "J03", "membres": "J01; J02 ;J03", "incidents": "Aucun", "signature": "Van den Berghe"}
    return [
        *(Type(cell("C05", heading), text, "Délibération") for heading, text in row.items()),
        *(Type(f"deliberation_{name}", text) for name, text in singles.items()),
    ]


@pytest.mark.parametrize("program", ["LibreOffice .xlsx", "LibreOffice .ods", "Gnumeric .xlsx"])
def test_the_record_says_what_was_typed(office, gnumeric, tmp_path, program):
    sitting = juries.make(tmp_path / "promotion")
    issue(sitting.path)
    folder, (maker, suffix) = Folder(sitting.path), program.split()

    def fill(source, name, actions):
        saved = sitting.returns / f"{name}{suffix}"
        target = tmp_path / saved.name if maker == "Gnumeric" else saved
        office.edit(source, target, actions)
        if maker == "Gnumeric":
            gnumeric.convert(target, saved)

    person = open_cohort(sitting.path).roster.candidate("C02")
    fill(folder.outgoing / "jurys" / "J02" / f"{person.name} Grand oral.xlsx", "FICHE_ORAL", oral(sitting))
    levels = [Type("synthese_niveau_3.1", "3"), Type("synthese_niveau_3.4", "3"), Type("synthese_signature", "Roy")]
    fill(sitting.issued(Kind.SYNTHESE, "C11"), "SYNTHESE C11", levels)
    jury(sitting.path)
    issued = sitting.issued(Kind.DELIBERATION)
    fill(issued, "DELIBERATION", deliberation(issued))

    done = close(sitting.path, accept_provisional=True)
    outcomes = done.report.outcomes
    decided = {each.candidate.id: (str(each.decision), each.acquired, str(each.decided_by)) for each in outcomes}
    every = tuple(bloc.code for bloc in sitting.referential.blocs)
    assert {decided[one] for one in ("C02", "C05", "C11")} == {("ADMIS", every, "Jury")}
    assert [word for word, *_ in decided.values()].count("ADMIS") == 10
    told = flat(folder.record)
    assert "PROJET" not in told
    departures = told[told.index("3. Décisions") : told.index("4. Non présentés")]
    assert REASON in departures
    assert "C05 FABRE Joséphine PARTIEL" in departures
    assert "C11" not in departures
    assert "16 candidats : 10 ADMIS" in told
    holders = csv.DictReader(io.StringIO(folder.holders.read_text(encoding="utf-8-sig")), delimiter=";")
    assert {row["Identifiant"] for row in holders} == {
        person for person, (word, blocs, _) in decided.items() if word in ("ADMIS", "PARTIEL") and blocs
    }
