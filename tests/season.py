"""A season of returns, with its own log: what was sent, by whom, in which version, and what each morning must then say.

Nothing of what the engine concludes is used: the season knows what it typed, which version of each workbook is the
latest, what it spoiled, and asks the oracle of the tests for the decisions.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from engine.model import Kind
from engine.model.forms import Nature
from tests.cohorts import Book, Cohort, date
from tests.mornings import BOOKS, SPOILED, Log, Sent, Version
from tests.nights import DAWN

BEFORE = datetime.fromtimestamp(DAWN - 90 * 86_400)
_CLOSING = ("date", "signature")
_FEW = 8
_SHORT = (Kind.TRAVAUX, Kind.TRANSVERSALE)
"""Sheets of two or three values: one that goes would leave half a sheet."""


@dataclass
class Season(Log):
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
            gone = [] if place[1] in _SHORT else [None]
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
        whole_ones = sorted(name for name, sent in self.files.items() if not sent.fault)  # half of a PDF is one still
        if whole_ones and self.random.random() < 0.5:
            whole = self._read(self.random.choice(whole_ones))
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

    def remember(self) -> None:
        """Note every content that counts now, on a night that is to keep it."""
        latest = self._latest()
        for name, sent in self.files.items():
            if sent.version and latest.get(sent.version.book) == sent.version:
                self.counted[sent.digest] = self._read(name)

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


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _date(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
