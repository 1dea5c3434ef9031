"""What a season knows of its own log: which version counts, and what the results must say in the morning.

Nothing of what the engine concludes is used: the decisions are asked of the oracle of the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.model import Kind
from tests import oracle
from tests.cohorts import OTHER

Place = tuple[str, str, str, str, str]
"""A mark as ``Détail`` names it: candidate, kind, input, code, evaluator."""

SPOILED = "spoiled"
"""What a cell holds that cannot be taken."""

BOOKS = (
    *((Kind.GRILLE, who, by) for who, by in (("007", "T01"), ("007", "F01"), ("C02", "T01"), ("C03", "T02"))),
    *((Kind.ORAL, who, by) for who in ("007", "C02", "C03") for by in ("J01", "J02")),
    (Kind.NOTES, "", ""),
    (Kind.VALIDATION, "", "R01"),
)
"""Every workbook that is awaited: its first kind, candidate, evaluator (R02 never answers)."""

WITH = {Kind.GRILLE: (Kind.GRILLE, Kind.TRAVAUX), Kind.ORAL: (Kind.ORAL, Kind.TRANSVERSALE)}
RULES = oracle.rules_of(Path(OTHER).read_text(encoding="utf-8"))
_BY_CELL = (Kind.NOTES, Kind.VALIDATION)
"""Kinds of sheet of which several people may fill a part each: a blank cell takes nothing back."""


@dataclass(frozen=True)
class Version:
    """One workbook as it was sent: which, when it was saved, what it holds (numbers, texts, :data:`SPOILED`).
    ``draft``: it says nothing yet; ``shown``: by row, what its locked columns show, where that is looked at."""

    book: tuple[Kind, str, str]
    saved: datetime
    marks: Mapping[Place, object]
    draft: bool = False
    shown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """A file of ``retours/``: its SHA-256, the version it holds, or the code of why it cannot be read."""

    digest: str
    version: Version | None
    fault: str = ""


class Log:
    """What was sent so far: ``files`` of ``retours/``, and those who ``left``."""

    files: dict[str, Sent]
    left: set[str]

    def morning(self) -> Morning:
        """What the results must say now."""
        latest = self._latest()
        marks = self._marks(latest)
        missing = self._missing(latest)
        return Morning(
            marks=marks,
            digests={name: sent.digest for name, sent in self.files.items()},
            faults={(sent.fault, name) for name, sent in self.files.items() if sent.fault},
            wrong={
                place
                for place, value in marks.items()
                if value == SPOILED and place[2] != "auto" and place[0] not in self.left
            },
            missing=missing,
            decisions={who: self._decided(who, marks, missing, latest) for who in ("007", "C02", "C03", "C04")},
        )

    def _latest(self) -> dict[tuple, Version]:
        """The version of each workbook that counts."""
        latest: dict[tuple, Version] = {}
        for sent in self.files.values():
            version = sent.version
            if version is None or version.draft:
                continue
            if version.book not in latest or version.saved > latest[version.book].saved:
                latest[version.book] = version
        return latest

    def _marks(self, latest: Mapping[tuple, Version]) -> dict[Place, object]:
        """The marks that count, from the versions that do; where each cell counts for itself, from the others too."""
        there = [sent.version for sent in self.files.values() if sent.version]
        shared = [version for version in there if version.book[0] in _BY_CELL]
        versions = [*sorted(shared, key=lambda version: version.saved), *latest.values()]
        return {place: value for version in versions for place, value in version.marks.items()}

    def _missing(self, latest: Mapping[tuple, Version]) -> set[tuple[str, str, str]]:
        """Candidate, kind, evaluator of each sheet that is awaited."""
        missing = set()
        for book in (*BOOKS, (Kind.VALIDATION, "", "R02")):
            kind, who, by = book
            if book in latest or who in self.left:
                continue
            for each in WITH.get(kind, (kind,)):
                if each is not Kind.TRAVAUX or not self._all_works_rated(who, latest):
                    missing.add((who, str(each), by))
        return missing

    def _all_works_rated(self, who: str, latest: Mapping[tuple, Version]) -> bool:
        works = {work["code"] for work in RULES.get("work", ())}
        rated = {
            place[3]
            for version in latest.values()
            for place, value in version.marks.items()
            if place[:3] == (who, "TRAVAUX", "niveau") and value != SPOILED
        }
        return works <= rated

    def _decided(
        self, who: str, marks: Mapping[Place, object], missing: set, latest: Mapping[tuple, Version]
    ) -> tuple[str, str, str]:
        """Decision, provisional or not, blocs acquired."""
        found = self._found(who, marks, latest)
        settled = found["decided_by"] == "Jury" and found["decision"] != "EN ATTENTE"
        provisional = "Non" if settled else self._provisional(who, missing)
        return found["decision"], provisional, "; ".join(found["acquired"])

    def _provisional(self, who: str, missing: set) -> str:
        """Whether a sheet is awaited that may still move what the rules give."""
        awaited = any(each[0] == who and each[1] in ("GRILLE", "ORAL", "TRANSVERSALE") for each in missing)
        return "Oui" if awaited and who not in self.left else "Non"

    def _found(self, who: str, marks: Mapping[Place, object], latest: Mapping[tuple, Version]) -> dict:
        """What the oracle makes of a candidate."""
        return oracle.decide(RULES, self._description(who, marks, latest))

    def _description(self, who: str, marks: Mapping[Place, object], latest: Mapping[tuple, Version]) -> dict:
        """A candidate as the oracle takes one."""

        def sheets(kind: str, entry: str, items: list) -> list:
            senders = [book[2] for book in latest if book[1] == who and kind in WITH.get(book[0], ())]
            return [
                (by, {item["code"]: _cell(marks.get((who, kind, entry, item["code"], by))) for item in items})
                for by in senders
            ]

        orals = sheets("ORAL", "points", oracle.items_of(RULES["oral"]["sections"], "items"))
        return {
            "held": [],
            "presented": [],
            "kept": [],
            "commission": {},
            "jury": None,
            "left": who in self.left,
            "grilles": sheets("GRILLE", "niveau", oracle.items_of(RULES["bloc"], "competences")),
            "transversales": sheets(
                "TRANSVERSALE", "niveau", oracle.items_of(RULES["transversal"]["domains"], "items")
            ),
            "orals": [(by, cells, None) for by, cells in orals],
            "notes": {"EN": _cell(marks.get((who, "NOTES", "EN", "EN", "")))},
        }


@dataclass(frozen=True)
class Morning:
    """What must be read in the results: marks that count, files, unreadable files with their code, cells that block
    because they cannot be taken (a self-assessment never does), awaited sheets, decisions with their provisional state
    and blocs."""

    marks: Mapping[Place, object]
    digests: Mapping[str, str]
    faults: set[tuple[str, str]]
    wrong: set[Place]
    missing: set[tuple[str, str, str]]
    decisions: Mapping[str, tuple[str, str, str]]
    blocking = frozenset({"F01", "F02", "R07", "V01", "V03"})

    @property
    def valued(self) -> dict[Place, object]:
        """The marks that have a value."""
        return {place: value for place, value in self.marks.items() if value != SPOILED}

    def moved_since(self, before: Morning) -> set[Place]:
        """Marks whose value is another."""
        places = self.valued.keys() | before.valued.keys()
        return {place for place in places if self.valued.get(place) != before.valued.get(place)}

    def lost_since(self, before: Morning) -> set[tuple[str, str]]:
        """Whose marks (candidate, evaluator) are gone or another: what R07 warns of."""
        return {(place[0], place[4]) for place, value in before.valued.items() if self.valued.get(place) != value}


def _cell(value: object) -> object:
    """A mark as the oracle reads it."""
    return oracle.EXCLUDED if value == SPOILED else value if value is None else str(value)
