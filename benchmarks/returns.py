"""Make a cohort whose returns are all there: real issued workbooks, every input filled with a plausible answer.

    python benchmarks/returns.py FOLDER --returns 2000 [--versions 1]

Drawing a workbook takes some 50 ms, so that only one of each layout is drawn; the others are the same packages with
other people, references, seals and answers, written where a spreadsheet program would write them.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import python_calamine

sys.path.append(str(Path(__file__).resolve().parent.parent))

from engine import templates
from engine.commands.cohorts import open_cohort
from engine.commands.init import initialise
from engine.model import Candidate, Evaluator, forms
from engine.model.forms import Domain, Form, Nature
from engine.templates import Issued, Planned
from engine.workspace import seals
from engine.workspace.cohort import Cohort

MISTYPED = ("", "?", "abs", "4,5", "trois", 99, 2.5, -1)
RETURNS_PER_CANDIDATE = 4  # a tutor, a trainer, two jurors
LAST_NAMES = ("Aubert", "Belkacem", "Carvalho", "Diallo", "Estève", "Fabre", "Garnier", "Hamidi", "Jourdan", "Kerbrat")
FIRST_NAMES = (
    "Agathe",
    "Bao",
    "Clara",
    "Diogo",
    "Éloïse",
    "Farid",
    "Gabin",
    "Héloïse",
    "Inès",
    "Joris",
    "Lina",
    "Oscar",
)
COMPANIES = ("Halles du Port", "Maison Duvallon", "Atelier des Tilleuls", "Comptoir Saint-Éloi")
PHRASES = (
    "suivi du portefeuille de clients",
    "négociation du contrat annuel",
    "tableau de bord hebdomadaire",
    "visite du salon professionnel",
    "relance des impayés",
    "préparation de l'offre",
    "accueil d'un stagiaire",
    "analyse des ventes du trimestre",
)


def make(
    folder: Path,
    returns: int,
    versions: int = 1,
    *,
    referential: str = "cgco_rncp34465",
    seed: int | None = None,
) -> None:
    """Fill ``folder`` with a new cohort and at most ``returns`` filled workbooks under ``retours/``.

    Each is the last of so many ``versions`` that came one after the other, every one more filled than the one before.
    With a ``seed``, the people who fill them forget cells and mistype some, always the same for one seed.
    """
    initialise(folder, referential)
    candidates = max(1, -(-(returns // versions - 2) // RETURNS_PER_CANDIDATE))
    _write_roster(folder / "cohorte.xlsx", candidates)
    cohort = open_cohort(folder)
    planned = templates.plan(folder, cohort.roster, cohort.referential, seals.read_key(folder))
    planned.sort(key=lambda each: each.sheets[0].assignment.candidate is not None)  # NOTES and VALIDATION first
    specimens: dict[tuple, Specimen] = {}
    for rank, each in enumerate(planned[: returns // versions]):
        layout = tuple((sheet.assignment.kind, sheet.assignment.candidate_columns) for sheet in each.sheets)
        if layout not in specimens:
            specimens[layout] = Specimen(each, cohort)
        for version in range(1, versions + 1):
            target = cohort.folder.returns / f"envoi {version}" / each.path.relative_to(cohort.folder.outgoing)
            target.parent.mkdir(parents=True, exist_ok=True)
            slips = None if seed is None else random.Random(f"{seed} {rank} {version}")
            target.write_bytes(specimens[layout].filled(each, rank, version, versions, slips))


# ------------------------------------------------------------------------------------------- the people


def _write_roster(path: Path, candidates: int) -> None:
    tutors, trainers, jurors = candidates // 3 + 1, candidates // 25 + 1, candidates // 20 + 2
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in {
        "Session": [("Champ", "Valeur"), ("Cohorte", "Promotion 12"), ("Centre", "Lyon"), ("Session", "Juin 2024")],
        "Candidats": _candidate_rows(candidates, tutors, trainers, jurors),
        "Évaluateurs": _evaluator_rows(tutors, trainers, jurors),
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _candidate_rows(candidates: int, tutors: int, trainers: int, jurors: int) -> Iterator[tuple[str, ...]]:
    yield ("Identifiant", "Nom", "Prénom", "Entreprise", "Tuteur", "Formateurs", "Jurés")
    for rank in range(candidates):
        juror, other = rank % jurors, (rank + 1) % jurors
        company = COMPANIES[rank % tutors % len(COMPANIES)]
        tutor, trainer = f"T{rank % tutors:03}", f"F{rank % trainers:03}"
        yield (f"C{rank:04}", *_name(rank), company, tutor, trainer, f"J{juror:03}; J{other:03}")


def _evaluator_rows(tutors: int, trainers: int, jurors: int) -> Iterator[tuple[str, ...]]:
    yield ("Identifiant", "Nom", "Prénom", "Rôle")
    for letter, role, count in (("T", "Tuteur", tutors), ("F", "Formateur", trainers), ("J", "Juré", jurors)):
        for rank in range(count):
            yield (f"{letter}{rank:03}", *_name(rank * 7 + ord(letter)), role)
    yield ("R001", "Meyer", "Paul", "Référent")
    yield ("S001", "Blanc", "Lise", "Secrétariat")


def _name(rank: int) -> tuple[str, str]:
    first, rest = FIRST_NAMES[rank % len(FIRST_NAMES)], rank // len(FIRST_NAMES)
    last = LAST_NAMES[rest % len(LAST_NAMES)]
    other = rest // len(LAST_NAMES)
    return (f"{last}-{LAST_NAMES[other % len(LAST_NAMES)]}" if other else last), first


# -------------------------------------------------------------------------------------------- workbooks

Answer = str | Decimal | int | float

_EMPTY_CELL = re.compile(r'<c r="([A-Z]+\d+)" s="(\d+)"/>')
_SAVED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
_NAME = re.compile(r"<definedName name=\"([^\"]+)\"[^>]*>'?([^'!<]+)'?!\$([A-Z]+)\$(\d+)<")


class Specimen:
    """One issued workbook, and where its inputs are: the mould of all those of its layout."""

    def __init__(self, planned: Planned, cohort: Cohort) -> None:
        package = templates.render(planned, cohort.roster, cohort.referential)
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            self._members = {name: archive.read(name).decode() for name in archive.namelist()}
        self._cast = _cast(planned)
        self._tokens = re.compile("|".join(re.escape(token) for token in sorted(self._cast, key=len, reverse=True)))
        names = {f"{sheet}/{name}": column + row for name, sheet, column, row in self._names()}
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(package))
        self._inputs: dict[str, dict[str, Domain]] = {}  # member -> address -> what is expected there
        for rank, issued in enumerate(planned.sheets, start=1):
            form = _form(issued, cohort)
            rows = book.get_sheet_by_name(form.title).to_python(skip_empty_area=False)
            self._inputs[f"xl/worksheets/sheet{rank}.xml"] = dict(_places(form, names, rows))

    def _names(self) -> list[tuple[str, str, str, str]]:
        return _NAME.findall(self._members["xl/workbook.xml"])

    def filled(
        self, planned: Planned, rank: int, version: int = 1, versions: int = 1, slips: random.Random | None = None
    ) -> bytes:
        """The package of another workbook of this layout, every input filled in the last of its versions.

        ``slips`` draws the cells that are forgotten or mistyped; there are none without it.
        """
        chance = random.Random(rank)
        others = dict(zip(self._cast, _cast(planned), strict=True))
        texts: dict[str, int] = {}
        known = self._members["xl/sharedStrings.xml"].count("<si>")
        members = {}
        for name, content in self._members.items():
            inputs = self._inputs.get(name)
            if inputs:
                answers = {address: _answer(domain, chance) for address, domain in inputs.items()}
                if slips is not None:
                    answers = dict(_slipped(answers, slips))
                done = dict(list(answers.items())[: len(answers) * version // versions])
                content = _EMPTY_CELL.sub(lambda match, done=done: _cell(match, done, texts, known), content)
            members[name] = self._tokens.sub(lambda match: others[match[0]], content)
        members["xl/sharedStrings.xml"] = _with_texts(members["xl/sharedStrings.xml"], texts, known)
        members["docProps/core.xml"] = _SAVED.sub(rf"\g<1>2024-06-{version:02}T08:00:00Z", members["docProps/core.xml"])
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return target.getvalue()


def _form(issued: Issued, cohort: Cohort) -> Form:
    sheet = issued.assignment
    people, own = cohort.roster.candidates, sheet.candidate_columns
    return forms.build(cohort.referential, sheet.kind, candidates=people, candidate_columns=own)


def _places(form: Form, names: Mapping[str, str], rows: list[list]) -> Iterator[tuple[str, Domain]]:
    """The address of each input: by defined name; by row and heading where each row is a candidate."""
    for entry in form.singles:
        yield names[f"{form.title}/{form.defined_name(entry)}"], entry.domain
    if not form.by_candidate_rows:
        for row in form.rows:
            for entry in form.inputs:
                yield names[f"{form.title}/{form.defined_name(entry, row.code)}"], form.domain(entry, row)
        return
    head = next(index for index, line in enumerate(rows) if form.code_heading in line)
    for index in range(head + 1, len(rows)):
        if rows[index][0] in form.row_by_code:
            for entry in form.inputs:
                letter = openpyxl.utils.get_column_letter(rows[head].index(entry.heading) + 1)
                yield f"{letter}{index + 1}", entry.domain


def _cast(planned: Planned) -> list[str]:
    """What names the people and the sheets of a workbook, as its XML spells it: slot by slot in the same order."""
    first = planned.sheets[0].assignment
    texts = [str(sheet.reference) for sheet in planned.sheets]
    texts += [text for person in (first.candidate, first.evaluator) if person for text in _slots(person)]
    return [escape(text) for text in texts]


def _slots(person: Candidate | Evaluator) -> list[str]:
    company = [person.company] if isinstance(person, Candidate) else []
    return [person.name, f"({person.id})", *company]


def _cell(match: re.Match, answers: Mapping[str, Answer], texts: dict[str, int], known: int) -> str:
    """An empty cell, filled when there is an answer to it."""
    address, style = match.groups()
    if address not in answers:
        return match[0]
    value = answers[address]
    if isinstance(value, str):
        return f'<c r="{address}" s="{style}" t="s"><v>{known + texts.setdefault(value, len(texts))}</v></c>'
    return f'<c r="{address}" s="{style}"><v>{value}</v></c>'


def _with_texts(shared: str, texts: Mapping[str, int], known: int) -> str:
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    shared = re.sub(r'uniqueCount="\d+"', f'uniqueCount="{known + len(texts)}"', shared, count=1)
    return shared.replace("</sst>", f"{items}</sst>")


def _answer(domain: Domain, chance: random.Random) -> Answer:
    """Something a serious person could answer."""
    if domain.nature is Nature.NUMBER:
        if domain.step is None:
            return round(chance.triangular(float(domain.minimum), float(domain.maximum), 14), 2)
        return domain.values[round((len(domain.values) - 1) * chance.triangular(0.6, 1.0, 0.8))]
    if domain.nature is Nature.YES_NO:
        return "Oui"
    if domain.nature is Nature.TICK:
        return "x"
    if domain.nature is Nature.DATE:
        return (date(2024, 1, 8) + timedelta(days=chance.randrange(140)) - date(1899, 12, 30)).days
    return ", ".join(chance.choices(PHRASES, k=chance.randint(1, 5))).capitalize()


def _slipped(answers: Mapping[str, Answer], chance: random.Random) -> Iterator[tuple[str, Answer]]:
    """The same answers, one in twenty forgotten, one in a hundred mistyped."""
    for address, answer in answers.items():
        draw = chance.random()
        if draw >= 0.05:
            yield address, chance.choice(MISTYPED) if draw < 0.06 else answer


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--returns", type=int, default=2000)
    parser.add_argument("--versions", type=int, default=1, help="of each sheet, the last one whole (1)")
    options = parser.parse_args()
    make(options.folder, options.returns, options.versions)
