"""A season of returns, with its own log: what was sent, by whom, in which version, and what each morning must then say.

Nothing of what the engine concludes is used: the season knows what it typed, which version of each workbook is the
latest, what it spoiled, and asks the oracle of the tests for the decisions.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from engine.model import Kind
from engine.model.forms import Nature
from tests import oracle
from tests.cohorts import OTHER, Book, Cohort, date
from tests.nights import DAWN

Place = tuple[str, str, str, str, str]
"""A mark as ``Détail`` names it: candidate, kind, input, code, evaluator."""

SPOILED = "spoiled"
"""What a cell holds that cannot be taken."""

BEFORE = datetime.fromtimestamp(DAWN - 90 * 86_400)
BOOKS = (
    *((Kind.GRILLE, who, by) for who, by in (("007", "T01"), ("007", "F01"), ("C02", "T01"), ("C03", "T02"))),
    *((Kind.ORAL, who, by) for who in ("007", "C02", "C03") for by in ("J01", "J02")),
    (Kind.NOTES, "", ""),
    (Kind.VALIDATION, "", "R01"),
)
"""Every workbook that is awaited: its first kind, candidate, evaluator (R02 never answers)."""

WITH = {Kind.GRILLE: (Kind.GRILLE, Kind.TRAVAUX), Kind.ORAL: (Kind.ORAL, Kind.TRANSVERSALE)}
RULES = oracle.rules_of(Path(OTHER).read_text(encoding="utf-8"))
_CLOSING = ("date", "signature")
_FEW = 8
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


@dataclass
class Season:
    """One cohort through the days; ``log`` tells what happened, ``counted`` every content that ever counted."""

    cohort: Cohort
    random: Random
    files: dict[str, Sent] = field(default_factory=dict)
    left: set[str] = field(default_factory=lambda: {"C04"})
    log: list[str] = field(default_factory=list)
    counted: dict[str, bytes] = field(default_factory=dict)
    _drafts: dict[tuple, Book] = field(default_factory=dict)
    _older: list[tuple[Sent, bytes]] = field(default_factory=list)
    _hours: int = 0

    # ------------------------------------------------------------------------------------- the days

    def day(self) -> None:
        """What happens between two nights; now and then nothing."""
        for _ in range(self.random.choice((0, 1, 1, 2, 3, 4))):
            self.log.append(self.random.choice(self.happenings())())

    def happenings(self) -> tuple[Callable[[], str], ...]:
        """What may happen by day, as often as it stands here."""
        return (
            self.arrive, self.arrive, self.arrive, self.correct, self.correct, self.complete, self.spoil_a_cell,
            self.spoil_a_file, self.double, self.send_an_older_one, self.delete, self.rename, self.touch,
            self.drop_litter, self.leave_or_come_back,
        )  # fmt: skip

    def arrive(self) -> str:
        """A workbook for the first time, whole or not."""
        waiting = [book for book in BOOKS if book not in self._drafts]
        if not waiting:
            return "nothing more to come"
        book = self.random.choice(waiting)
        draft = self._drafts[book] = self.cohort.filled(*book) if book[1] else self.cohort.filled(book[0])
        if self.random.random() < 0.4:
            for cell, *_ in self._numbers(draft, book)[::3]:
                cell.value = None
        return f"{self._send(book, self._name(book))} arrives"

    def correct(self) -> str:
        """A newer version, some marks changed or taken away, under another name or in the place of the last one."""
        book = self._one_of_ours()
        if book is None:
            return "nobody to correct"
        for cell, domain, place in self.random.sample(self._numbers(self._drafts[book], book), 3):
            gone = [] if place[1] == Kind.TRAVAUX else [None]  # of two works, one that goes would leave half a sheet
            cell.value = self.random.choice([*self._values(domain), *gone])
        return f"{self._send(book, self._name(book))} corrects"

    def complete(self) -> str:
        """A newer version, everything filled."""
        book = self._one_of_ours()
        if book is None:
            return "nobody to complete"
        for cell, domain, _ in self._numbers(self._drafts[book], book):
            if cell.value is None or isinstance(cell.value, str):
                cell.value = self.random.choice(self._values(domain))
        return f"{self._send(book, self._name(book))} completes"

    def spoil_a_cell(self) -> str:
        """A newer version where a cell cannot be read for certain."""
        book = self._one_of_ours()
        if book is None:
            return "no cell to spoil"
        cell, *_ = self.random.choice(self._numbers(self._drafts[book], book))
        cell.value = self.random.choice(("deux ou trois", 999))
        return f"{self._send(book, self._name(book))} has a wrong cell"

    def spoil_a_file(self) -> str:
        """A file that is damaged, or none of ours."""
        content = self.random.choice((b"%PDF-1.7 of today", b""))
        fault = "F02" if content else "F01"
        if self.files and self.random.random() < 0.5:
            whole = self._read(self.random.choice(sorted(self.files)))
            content, fault = whole[: len(whole) // 2] or b"", "F01"
        name = f"illisible {self._tick():%d %H}.xlsx"
        self._write(name, content, self._now())
        self.files[name] = Sent(_digest(content), None, fault)
        return f"{name} cannot be read ({fault})"

    def double(self) -> str:
        """The same bytes under another name."""
        return self._again("copie de")

    def rename(self) -> str:
        """A file moved to a folder."""
        return self._again("rangé", keep=False)

    def _again(self, word: str, *, keep: bool = True) -> str:
        if not self.files:
            return "nothing to move"
        name = self.random.choice(sorted(self.files))
        other = f"{word} {self._tick():%d %H}/{Path(name).name}"
        target = self.cohort.returns / other
        target.parent.mkdir(parents=True)
        shutil.copy2(self.cohort.returns / name, target)
        self.files[other] = self.files[name]
        if not keep:
            self._remove(name)
        return f"{name} -> {other}"

    def send_an_older_one(self) -> str:
        """A version that was replaced or removed comes back."""
        if not self._older:
            return "nothing old"
        sent, content = self.random.choice(self._older)
        name = f"retrouvé {self._tick():%d %H}.xlsx"
        self._write(name, content, sent.version.saved)
        self.files[name] = sent
        return f"{name} is an older version"

    def delete(self) -> str:
        """A file goes, but not most of them: that looks like a share that is not there."""
        if len(self.files) < _FEW:
            return "too little to delete"
        name = self.random.choice(sorted(self.files))
        self._remove(name)
        return f"{name} is deleted"

    def touch(self) -> str:
        """A file gets another date, not another content."""
        if not self.files:
            return "nothing to touch"
        name = self.random.choice(sorted(self.files))
        path = self.cohort.returns / name
        _date(path, datetime.fromtimestamp(path.stat().st_mtime) + timedelta(seconds=1))
        return f"{name} is touched"

    def drop_litter(self) -> str:
        """What systems and programs leave."""
        name = self.random.choice(("~$Grille.xlsx", "Thumbs.db", ".DS_Store", "envoi.xlsx.part"))
        self.cohort.write(name, b"litter")
        return f"{name} is litter"

    def leave_or_come_back(self) -> str:
        """Somebody leaves the training, or does not after all."""
        self.left ^= {"C03"}
        self.cohort.enrol(
            lambda table: "\n".join(
                f"{line} Abandon" if line.startswith("C03") and "C03" in self.left else line
                for line in table.splitlines()
            )
        )
        return f"those who left: {sorted(self.left)}"

    # ------------------------------------------------------------------------------------- workbooks

    def _one_of_ours(self) -> tuple | None:
        """A workbook that came and holds numbers."""
        ours = sorted(book for book in self._drafts if book[0] in (Kind.GRILLE, Kind.ORAL, Kind.NOTES))
        return self.random.choice(ours) if ours else None

    def _name(self, book: tuple) -> str:
        """A new name, or the one of a version that it replaces."""
        mine = [name for name, sent in self.files.items() if sent.version and sent.version.book == book]
        if mine and self.random.random() < 0.5:
            return self.random.choice(sorted(mine))
        return f"{' '.join(filter(None, book))} {self._hours}.xlsx"

    def _send(self, book: tuple, name: str) -> str:
        if name in self.files:
            self._remove(name)
        draft, moment = self._drafts[book], self._tick()
        path = date(draft.save(name), moment, moment)
        self.files[name] = Sent(_digest(path.read_bytes()), self._version(draft, book, moment))
        return name

    def _version(self, draft: Book, book: tuple, moment: datetime) -> Version:
        marks = {
            place: _held(cell, domain) for cell, domain, place in self._cells(draft, book) if cell.value is not None
        }
        return Version(book, moment, marks)

    def _remove(self, name: str) -> None:
        sent = self.files.pop(name)
        if sent.version:
            self._older.append((sent, self._read(name)))
        (self.cohort.returns / name).unlink()

    def _read(self, name: str) -> bytes:
        return (self.cohort.returns / name).read_bytes()

    def _write(self, name: str, content: bytes, moment: datetime) -> None:
        _date(self.cohort.write(name, content), moment)

    def _tick(self) -> datetime:
        self._hours += 1
        return self._now()

    def _now(self) -> datetime:
        return BEFORE + timedelta(hours=self._hours)

    def _numbers(self, draft: Book, book: tuple) -> list[tuple]:
        """The cells of levels, points and marks."""
        return [each for each in self._cells(draft, book) if each[1].nature is Nature.NUMBER]

    def _values(self, domain: object) -> list[object]:
        return [float(value) for value in domain.values] or [40, 62, 62.5, 63, 100]

    def _cells(self, draft: Book, book: tuple) -> Iterator[tuple]:
        """Every input but date and signature: its cell, its domain, its place."""
        _, candidate, evaluator = book
        for kind in draft.kinds:
            form = draft.form(kind)
            for row in form.rows:
                for entry in form.inputs:
                    who = row.code if form.by_candidate_rows else ""
                    cell = draft.cell(kind, entry.name, row.code, who)
                    code = (entry.heading or entry.name) if who else row.code
                    yield cell, form.domain(entry, row), (who or candidate, str(kind), entry.name, code, evaluator)
            for entry in form.singles:
                if entry.name not in _CLOSING:
                    place = (candidate, str(kind), entry.name, "", evaluator)
                    yield draft.cell(kind, entry.name), entry.domain, place

    # ------------------------------------------------------------------------------------ what must be

    def remember(self) -> None:
        """Note every content that counts now, on a night that is to keep it."""
        latest = self._latest()
        for name, sent in self.files.items():
            if sent.version and latest.get(sent.version.book) == sent.version:
                self.counted[sent.digest] = self._read(name)

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

        orals = sheets("ORAL", "points", oracle._items(RULES["oral"]["sections"], "items"))
        return {
            "held": [],
            "presented": [],
            "kept": [],
            "commission": {},
            "jury": None,
            "left": who in self.left,
            "grilles": sheets("GRILLE", "niveau", oracle._items(RULES["bloc"], "competences")),
            "transversales": sheets("TRANSVERSALE", "niveau", oracle._items(RULES["transversal"]["domains"], "items")),
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


def _held(cell: object, domain: object) -> object:
    """What a cell is worth."""
    if domain.nature is Nature.NUMBER:
        wrong = isinstance(cell.value, str) or cell.value > domain.maximum
        return SPOILED if wrong else float(cell.value)
    if domain.nature is Nature.CHOICE:
        word = str(cell.value).upper()
        return word if word in domain.choices else SPOILED
    if domain.nature is Nature.CODES:  # a list says the same in any order
        return "; ".join(sorted(str(cell.value).split("; ")))
    return str(cell.value)


def _cell(value: object) -> object:
    """A mark as the oracle reads it."""
    return oracle.EXCLUDED if value == SPOILED else value if value is None else str(value)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _date(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
