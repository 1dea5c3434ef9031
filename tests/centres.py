"""Invented centres, each with a session of its own that the program initialises, reads, closes and delivers."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyzipper
from click.testing import CliRunner, Result

from engine.commands.init import initialise
from engine.commands.templates import issue
from engine.model import Kind
from engine.outputs import delivery
from engine.outputs.delivery.manifest import NAME
from engine.terminal.main import main
from tests import rosters
from tests.cohorts import CGCO, Cohort

SESSION = """
Champ              | Valeur
Référentiel        | {referential}
Cohorte            | {cohort}
Centre             | {centre}
Session            | Juin 2025
Date du jury       | 12/06/2025
Signature exigée   | Non
"""
EVALUATORS = """
Identifiant | Nom     | Prénom | Rôle        | Extérieur
T01         | Benali  | Karim  | Tuteur      |
J01         | Osmani  | Nadia  | Juré        | Oui
J02         | Petit   | Jules  | Juré        | Oui
J03         | Van Loo | Hanna  | Juré        | Non
R01         | Meyer   | Paul   | Référent    |
S01         | Blanc   | Lise   | Secrétariat |
"""
HEADINGS = "Identifiant | Nom | Prénom | Tuteur | Jurés | Statut"
PHRASE = re.compile(r"(?:[2-9A-HJ-NP-Z]{4}-){5}[2-9A-HJ-NP-Z]{4}")


@dataclass(frozen=True)
class Candidate:
    """Somebody, with what they bring that is not the best: blocs ``failed``, a mark at the exam (out of 20), a share of
    the oral's points (0 to 1); ``left``: they gave up."""

    name: str
    first_name: str
    failed: tuple[str, ...] = ()
    exam: float = 15
    points: float = 1.0
    left: bool = False


def run(word: str, *words: object) -> Result:
    """A command, as it is typed."""
    return CliRunner().invoke(main, [word, *map(str, words)])


def prepare(folder: Path, name: str, people: Mapping[str, Candidate], cohort: str = "Promotion 14") -> Cohort:
    """A cohort of its own, everything filled and come back; no jury has sat yet."""
    initialise(folder, CGCO)
    lines = [
        f"{who} | {each.name} | {each.first_name} | T01 | J01;J02 | {'Abandon' * each.left}"
        for who, each in people.items()
    ]
    session = SESSION.format(referential=CGCO, cohort=cohort, centre=name)
    rosters.saved(rosters.book(session, "\n".join([HEADINGS, *lines]), EVALUATORS), folder)
    issue(folder)
    made = Cohort(folder)
    for who, each in people.items():
        if not each.left:
            _fill(made, who, each)
    notes = made.filled(Kind.NOTES)
    for who, each in people.items():
        if not each.left:
            notes.put(Kind.NOTES, "EN", "EN", each.exam, who)
    notes.save("Notes.xlsx")
    made.filled(Kind.VALIDATION).save("Validation.xlsx")
    return made


def _fill(made: Cohort, who: str, person: Candidate) -> None:
    grid = made.filled(Kind.GRILLE, who, "T01")
    for bloc in made.referential.blocs:
        for competence in bloc.competences if bloc.code in person.failed else ():
            grid.put(Kind.GRILLE, "niveau", competence.code, 1)
    grid.save(f"grille {who}.xlsx")
    for juror in ("J01", "J02"):
        oral = made.filled(Kind.ORAL, who, juror)
        for item in made.referential.oral.items:
            oral.put(Kind.ORAL, "points", item.code, float(item.points) * person.points)
        oral.save(f"oral {who} {juror}.xlsx")


def deliberate(made: Cohort, changed: Mapping[str, Mapping[str, str]]) -> None:
    """The jury sits: by candidate, then by input, what it decides that is not what the sheet proposes; signed."""
    assert run("jury", made.path).exit_code in (0, 1)
    sheet = made.book(Kind.DELIBERATION)
    for who, inputs in changed.items():
        for entry, value in inputs.items():
            sheet.put(Kind.DELIBERATION, entry, "", value, who)
    for entry, value in {"president": "J01", "membres": "J01;J02;J03", "signature": "Osmani"}.items():
        sheet.put(Kind.DELIBERATION, entry, "", value)
    sheet.save("Délibération.xlsx")


def deliver(folder: Path) -> tuple[Path, str]:
    """Close the session and deliver it: the archive, and its passphrase."""
    closed = run("close", folder, "--accept-provisional")
    assert closed.exit_code in (0, 1), closed.output
    done = run("deliver", folder)
    assert done.exit_code == 0, done.output
    (phrase,) = PHRASE.findall(done.stdout)
    return max((folder / "resultats" / "livraisons").glob("*.zip"), key=lambda path: path.name), phrase


@dataclass(frozen=True)
class Sent:
    """What a centre sends: an archive, and by telephone what opens it."""

    archive: Path
    passphrase: str

    def members(self) -> dict[str, bytes]:
        with pyzipper.AESZipFile(self.archive) as archive:
            archive.setpassword(self.passphrase.encode())
            return {name: archive.read(name) for name in archive.namelist()}

    def rows(self, name: str) -> list[dict[str, str]]:
        text = self.members()[name].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def tamper(path: Path, sent: Sent) -> None:
    """Somebody who knows the passphrase admits a candidate in the data, and makes the manifest say so."""
    held = sent.members()
    manifest = delivery.parse(held.pop(NAME))
    held["donnees/decisions.csv"] = held["donnees/decisions.csv"].replace(b"PARTIEL", b"ADMIS")
    forged = manifest.model_copy(update={"files": delivery.files(held), "decisions": {"ADMIS": 2}})
    delivery.pack(path, held, forged, sent.passphrase)


def rollup(folder: Path, *paths: object, name: str = "nation.xlsx") -> tuple[int, dict]:
    done = run(
        "rollup", folder / name, *(paths or [folder / "reçues"]), "--password-file", folder / "mdp.csv", "--json"
    )
    return done.exit_code, json.loads(done.stdout)


def sheet(folder: Path, title: str, name: str = "nation.xlsx") -> list[dict[str, object]]:
    lines = list(openpyxl.load_workbook(folder / name)[title].iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
