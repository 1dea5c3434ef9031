"""What one delivery says of its cohort, from its manifest and its data files."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from engine.model import Authority, Decision, Kind
from engine.model import State as Condition
from engine.model.marks import POINTS_INPUT
from engine.model.texts import bare
from engine.outputs.delivery import Checked

Row = Mapping[str, str]
DECIDED = (Decision.ADMITTED, Decision.PARTIAL, Decision.REFUSED)
_PERSON = ("Identifiant", "Nom", "Prénom")
_ORAL = "Oral"
_ENTRIES = "donnees/saisies.csv"
_BLOC = re.compile(r"bloc (\S+) : ")


class State(StrEnum):
    """What became of a delivery."""

    READ = "Lue"
    REPLACED = "Remplacée"
    REFUSED = "Refusée"


@dataclass(frozen=True)
class Received:
    """A delivery as it came: its file, what became of it, its SHA-256 and why it was refused or replaced."""

    file: str
    state: State
    sha256: str = ""
    why: str = ""


@dataclass(frozen=True)
class Cohort:
    """One cohort as its delivery gives it. Means in points (oral) and out of 20 (exam), ``None`` where nobody has one;
    ``totals``: the totals (points) of each juror's complete sheets; ``blocs``: candidates who hold each bloc;
    ``not_presented``: by bloc, those who do not present it. ``aside``: how many were decided of who present blocs
    and not the title. ``people``: the identifier and the name of each candidate, as they compare.
    ``unlisted``: how many were awarded the title or a bloc whom the list of the holders does not name. ``units``: what
    the oral and the exam are out of, in words."""

    file: str
    sha256: str
    cohort_id: str
    number: int
    certification: str
    version: str
    centre: str
    session: str
    name: str
    candidates: int
    decisions: Mapping[str, int]
    departures: int
    oral: float | None
    exam_code: str
    exam: float | None
    blocs: Mapping[str, int]
    totals: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    holders: tuple[Row, ...] = ()
    not_presented: Mapping[str, int] = field(default_factory=dict)
    aside: int = 0
    people: frozenset[tuple[str, ...]] = frozenset()
    unlisted: int = 0
    units: tuple[str, str] = ("", "")

    @property
    def admitted(self) -> int:
        """How many were admitted."""
        return self.decisions.get(Decision.ADMITTED, 0)

    @property
    def decided(self) -> int:
        """How many a jury decided of, among those who present the title: ADMIS, PARTIEL or AJOURNÉ."""
        return sum(self.decisions.get(decision, 0) for decision in DECIDED) - self.aside

    def asked(self, bloc: str) -> int:
        """How many present a bloc, or hold it."""
        return self.candidates - self.not_presented.get(bloc, 0)


def read_cohort(checked: Checked, file: str) -> Cohort:
    """Read the data files of a sound delivery; ``file``: its name.

    Raises ``KeyError`` or ``ValueError`` where they do not hold what they should.
    """
    known = checked.manifest
    if known is None:
        raise ValueError("sans manifeste")
    decisions = checked.table("donnees/decisions.csv")
    about = [row for row in _optional(checked, "donnees/dictionnaire.csv") if row["Table"] == "decisions"]
    blocs = [found[1] for row in about if (found := _BLOC.match(row["Source"]))]
    marks = (row["Colonne"] for row in about if row["Source"].startswith("national_exam.") and row["Unité"])
    exam = next(marks, "")
    absent = {bloc: {row["Identifiant"] for row in decisions if _absent(row, bloc)} for bloc in dict.fromkeys(blocs)}
    aside = set().union(*absent.values())
    holders = _optional(checked, "titulaires.csv")
    listed = {row["Identifiant"] for row in holders}
    held = [set(re.split(r"\s*;\s*", row.get("Blocs acquis", ""))) for row in decisions]
    return Cohort(
        file=file,
        sha256=checked.opened.sha256 or known.digest,
        cohort_id=known.cohort_id,
        number=known.number,
        certification=known.certification,
        version=known.version,
        centre=known.centre,
        session=known.session,
        name=known.cohort,
        candidates=len(decisions),
        decisions=Counter(row["Décision"] for row in decisions),
        departures=sum(map(_departs, checked.table("deliberation.csv"))),
        oral=_mean(row.get(_ORAL, "") for row in decisions),
        exam_code=exam,
        exam=_mean(row.get(exam, "") for row in decisions),
        blocs={bloc: sum(bloc in mine for mine in held) for bloc in dict.fromkeys(blocs)},
        totals=_totals(checked),
        holders=tuple(holders),
        not_presented={bloc: len(people) for bloc, people in absent.items()},
        aside=sum(row["Identifiant"] in aside and row["Décision"] in _PARTLY for row in decisions),
        people=frozenset(tuple(bare(row.get(heading, "")) for heading in _PERSON) for row in decisions),
        units=(_unit(about, _ORAL), _unit(about, exam)),
        unlisted=sum(row["Décision"] in _AWARDED and row["Identifiant"] not in listed for row in decisions),
    )


def _unit(about: Iterable[Row], column: str) -> str:
    """The unit of a column of decisions, as the dictionary tells it."""
    return next((row["Unité"] for row in about if row["Colonne"] == column), "")


def _departs(row: Row) -> bool:
    """Whether the jury decided otherwise than the rules, be it of blocs alone."""
    by_jury = row.get("Décidé par") == Authority.JURY
    return by_jury and any(
        row[ruled] != row[held] for ruled, held in (("Règles", "Décision"), ("Blocs des règles", "Blocs"))
    )


_AWARDED = (Decision.ADMITTED, Decision.PARTIAL)
_PARTLY = (Decision.PARTIAL, Decision.REFUSED)
"""What is decided of somebody who presents blocs only, unless the jury decides otherwise."""


def _absent(row: Row, bloc: str) -> bool:
    return row.get(f"{bloc} état") == Condition.NOT_PRESENTED


def _optional(checked: Checked, name: str) -> list[dict[str, str]]:
    """The rows of a file that a delivery may lack: a referential without an oral has no marks of jurors."""
    return checked.table(name) if name in checked.opened.members else []


def number(text: str) -> float | None:
    """A number as our data files write it, with a decimal comma; ``None`` for an empty cell. Raises ``ValueError``."""
    value = float(text.replace(",", ".")) if text else None
    if value is not None and not isfinite(value):
        raise ValueError(f"« {text} » n'est pas un nombre")
    return value


def _mean(texts: Iterable[str]) -> float | None:
    found = [value for text in texts if (value := number(text)) is not None]
    return sum(found) / len(found) if found else None


def _totals(checked: Checked) -> dict[str, tuple[float, ...]]:
    """The totals of each juror's complete sheets: those with a number for every criterion."""
    sheets: defaultdict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    for juror, candidate, code, given in _points(checked):
        sheets[juror, candidate][code] = number(given)
    criteria = {code for sheet in sheets.values() for code in sheet}
    totals: defaultdict[str, list[float]] = defaultdict(list)
    for (juror, _), sheet in sorted(sheets.items()):
        points = [value for value in sheet.values() if value is not None]
        if len(points) == len(criteria):
            totals[juror].append(sum(points))
    return {juror: tuple(found) for juror, found in totals.items()}


def _points(checked: Checked) -> Iterator[tuple[str, ...]]:
    """The points that jurors gave at the oral: juror, candidate, criterion, points."""
    if _ENTRIES in checked.opened.members:
        headings = ("Nature", "Saisie", "Évaluateur", "Candidat", "Code", "Nombre retenu")
        for kind, entry, *given in checked.columns(_ENTRIES, *headings):
            if (kind, entry) == (Kind.ORAL, POINTS_INPUT):
                yield tuple(given)
