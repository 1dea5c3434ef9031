"""One spoiled return, and the desk it comes from: a cohort, the workbooks its people filled, the ways to spoil them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell

from engine.commands.init import initialise
from engine.commands.templates import issue
from engine.model import Kind
from engine.model.forms import Domain, Nature
from engine.workspace import seals
from engine.workspace.cohort import Folder
from engine.workspace.seals import Reference
from tests import cohorts, rosters
from tests.cohorts import Book, Cohort

SPOILED = "C02"
"""The candidate whose sheets come back spoiled; `VALID` are those whose sheets are good."""
VALID = ("007", "C03")
CANDIDATES = """
Identifiant | Nom      | Prénom | Tuteur | Formateurs | Jurés   | Statut
007         | Lefèvre  | Éloïse | T01    | F01        | J01;J02 |
C02         | Nguyen   | Bao    | T01    | F01        | J01;J02 |
C03         | Nguyen   | Bao    | T02    |            | J01;J02 |
C04         | N'Guessan| Prisca | T02    |            | J01;J02 | Abandon
C05         | Roux     | Léa    | T01    |            | J01;J02 |
"""
KEY = "5a" * 32
LATE = datetime(2040, 1, 1)
"""When the valid returns were saved: after every spoiled one, so that no other version of the marks outdoes theirs."""

Spoil = Callable[["Desk"], "bytes | Iterable[File]"]
Base = Kind | tuple[Kind, str, str]


@dataclass(frozen=True)
class File:
    """One file of a return: its bytes, or what makes it; ``day`` of June 2025 is its date on disk."""

    content: bytes | Callable[[Path], object]
    name: str = "retour.xlsx"
    day: int = 10


@dataclass(frozen=True)
class Case:
    """A spoiled return: ``name`` says what came back, in French; ``codes`` what it must raise, and nothing else.

    Every mark of the workbooks of ``bases`` must survive with its value, but those that match a pattern of ``lost``,
    which must not appear, and those of ``read``, which have another value. A mark is named ``GRILLE niveau 1.1``,
    ``ORAL rapport``, ``NOTES C02 EN``; one of somebody else's begins with their identifier. ``session``: what the
    roster says otherwise; ``state``: that of each file. A base is a kind of sheet, of the spoiled candidate and their
    first evaluator, or (kind, candidate, evaluator).
    """

    name: str
    codes: str
    spoil: Spoil
    bases: tuple[Base, ...] = (Kind.GRILLE,)
    lost: tuple[str, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    session: Mapping[str, object] = field(default_factory=dict)
    possible: bool = True

    @property
    def expected(self) -> frozenset[str]:
        """The codes, apart."""
        return frozenset(self.codes.split())

    def files(self, desk: Desk) -> list[File]:
        """What is dropped into ``retours/``."""
        made = self.spoil(desk)
        return [File(made)] if isinstance(made, bytes) else list(made)


# --------------------------------------------------------------------------------------------- the desk


def _issue(folder: Path, roster: Workbook) -> None:
    """Send out what a roster asks for."""
    rosters.saved(roster, folder)
    issue(folder)


class Desk:
    """A cohort issued under a known key, and its workbooks filled with values that differ from row to row."""

    def __init__(self, folder: Path) -> None:
        Folder(folder).make()
        seals.key_path(folder).write_text(KEY, encoding="ascii")
        initialise(folder, cohorts.CGCO)
        session = cohorts.SESSION.format(referential=cohorts.CGCO, signature="Non")
        rosters.saved(rosters.book(session, CANDIDATES, cohorts.EVALUATORS), folder)
        Cohort(folder).issued(Kind.DELIBERATION)  # before anything went out, or came
        _issue(folder, rosters.book(session, CANDIDATES.replace("Abandon", ""), cohorts.EVALUATORS))
        sent = {path: path.read_bytes() for path in Folder(folder).outgoing.rglob("*.xlsx")}
        _issue(folder, rosters.book(session, CANDIDATES, cohorts.EVALUATORS))
        for path in sent.keys() - set(Folder(folder).outgoing.rglob("*.xlsx")):
            path.write_bytes(sent[path])  # what somebody was sent before they left, and may still send back
        self.cohort, self.key = Cohort(folder), bytes.fromhex(KEY)
        self.returns = self.cohort.returns
        self.path = cache(self._filled)

    def _filled(self, kind: Kind, candidate: str = SPOILED, evaluator: str = "") -> Path:
        """A workbook with every input filled, ready to be sent back."""
        book = self.cohort.filled(kind, candidate, evaluator)
        signer = "S01" if kind is Kind.NOTES else evaluator or self.cohort.evaluator(kind, candidate)
        for each in book.kinds:
            vary(book, each)
            book.put(each, "signature", "", seals.personal_code(self.key, signer))
        path = self.cohort.path / "remplis" / f"{kind} {candidate} {evaluator}.xlsx"
        path.parent.mkdir(exist_ok=True)
        book.workbook.save(path)
        return path

    def bytes(self, kind: Kind, candidate: str = SPOILED, evaluator: str = "") -> bytes:
        """The same, as bytes."""
        return self.path(kind, candidate, evaluator).read_bytes()

    def book(self, kind: Kind, candidate: str = SPOILED, evaluator: str = "") -> Book:
        """The same, open."""
        return Book(self.path(kind, candidate, evaluator), self.cohort)

    def signature(self, evaluator: str) -> str:
        """An evaluator's personal code."""
        return seals.personal_code(self.key, evaluator)

    def reference(self, kind: Kind, candidate: str, evaluator: str, **changed: str) -> str:
        """A genuine reference; of another title or version when told."""
        certification = self.cohort.referential.certification
        told = {"title": certification.short_title, "version": certification.version} | changed
        bare = Reference(told["title"], told["version"], kind, candidate, evaluator)
        return f"{bare.unsealed}/{seals.seal(self.key, bare)}"

    def drop_valid(self) -> list[Path]:
        """The good returns of the good candidates and the marks of everybody, saved after all others."""
        wanted = [(Kind.NOTES, "007", "")]
        for candidate in VALID:
            person = self.cohort.roster.candidate(candidate)
            wanted += [(Kind.GRILLE, candidate, each) for each in person.tutors + person.trainers]
            wanted += [(Kind.ORAL, candidate, each) for each in person.jurors]
        return [self._drop_valid(kind, candidate, evaluator) for kind, candidate, evaluator in wanted]

    def _drop_valid(self, kind: Kind, candidate: str, evaluator: str) -> Path:
        book = self.cohort.filled(kind, candidate, evaluator)
        for each in book.kinds:
            book.put(each, "signature", "", self.signature("S01" if kind is Kind.NOTES else evaluator))
        if kind is Kind.ORAL and candidate == VALID[1]:
            for row in book.form(kind).rows:
                book.put(kind, "points", row.code, 0)
        return cohorts.date(book.save(f"valides/{kind} {candidate} {evaluator}.xlsx"), LATE, LATE)


def vary(book: Book, kind: Kind) -> None:
    """Give each input of the table a value of its own, so that none can pass for its neighbour's."""
    form = book.form(kind)
    for rank, row in enumerate(form.rows):
        for place, entry in enumerate(form.inputs):
            value = _value(form.domain(entry, row), rank, place, f"{entry.heading} {row.code}")
            book.put(kind, entry.name, "" if form.by_candidate_rows else row.code, value, _row(form, row))
    if kind is Kind.ORAL:
        book.put(kind, "motif", "", "Rien à redire")


def _row(form, row) -> str:
    return row.code if form.by_candidate_rows else ""


def _value(domain: Domain, rank: int, place: int, text: str) -> object:
    if domain.nature is Nature.NUMBER:
        scale = [value for value in domain.values if value] or [Decimal(step) / 2 for step in range(24, 41)]
        return scale[(rank * 7 + place) % len(scale)]
    answers = {Nature.YES_NO: ("Oui", "Non")[(rank + place) % 2], Nature.TICK: "x", Nature.DATE: cohorts.DAY}
    return answers.get(domain.nature, text)


# ------------------------------------------------------------------------------------- ways to spoil


def saved(book: Book) -> bytes:
    """The bytes of an open workbook."""
    made = io.BytesIO()
    book.workbook.save(made)
    return made.getvalue()


def edited(kind: Kind, change: Callable[[Book], object], candidate: str = SPOILED, evaluator: str = "") -> Spoil:
    """The filled workbook of this kind of sheet, changed by ``change(book)`` and saved."""

    def spoil(desk: Desk) -> bytes:
        book = desk.book(kind, candidate, evaluator)
        change(book)
        return saved(book)

    return spoil


def reference_cell(book: Book, kind: Kind) -> Cell:
    """Where the reference of a sheet stands."""
    lines = book.sheet(kind).iter_rows(max_row=15)
    return next(each for line in lines for each in line if isinstance(each.value, str) and seals.parse(each.value))


def restamped(change: Callable[[str], str | None], kind: Kind = Kind.GRILLE) -> Spoil:
    """Every reference of the workbook, changed."""

    def restamp(book: Book) -> None:
        for each in book.kinds:
            found = reference_cell(book, each)
            found.value = change(found.value)

    return edited(kind, restamp)


def typed(kind: Kind, entry: str, code: str, value: object, number_format: str = "") -> Spoil:
    """One input of the filled workbook typed over."""

    def change(book: Book) -> None:
        candidate = SPOILED if kind in (Kind.NOTES, Kind.VALIDATION) else ""
        cell = book.put(kind, code if candidate else entry, "" if candidate else code, value, candidate)
        if number_format:
            cell.number_format = number_format

    return edited(kind, change)


def spoiled(change: Callable[[bytes], bytes], kind: Kind = Kind.GRILLE, name: str = "retour.xlsx") -> Spoil:
    """The bytes of the filled workbook, changed."""
    return lambda desk: [File(change(desk.bytes(kind)), name)]


def member(name: str, change: Callable[[bytes], bytes] | bytes | None, kind: Kind = Kind.GRILLE) -> Spoil:
    """One member of the package changed, added, or removed (``None``)."""
    return lambda desk: repacked(desk.bytes(kind), {name: change})


def sheet(change: Callable[[bytes], bytes], kind: Kind = Kind.GRILLE) -> Spoil:
    """The XML of the first sheet, changed."""
    return member(FIRST, change, kind)


FIRST = "xl/worksheets/sheet1.xml"


def repacked(content: bytes, changes: Mapping[str, Callable[[bytes], bytes] | bytes | None]) -> bytes:
    """A package written again with some members changed, added, or removed (``None``)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in [*names, *(name for name in changes if name not in names)]:
            kept = old.read(name) if name in names else b""
            change = changes.get(name, kept)
            kept = change(kept) if callable(change) else change
            if kept is not None:
                new.writestr(name, kept)
    return made.getvalue()


def replaced(pattern: bytes, by: bytes, count: int = 0) -> Callable[[bytes], bytes]:
    """A change of bytes by pattern, which must be there."""

    def change(content: bytes) -> bytes:
        made, times = re.subn(pattern, by, content, count=count, flags=re.DOTALL)
        assert times, pattern
        return made

    return change


def cell(kind: Kind, entry: str, code: str, content: str) -> Spoil:
    """One input written as XML: ``content`` stands after the address, ``t="e"><v>#N/A</v>``."""

    def spoil(desk: Desk) -> bytes:
        book = desk.book(kind)
        address = book.cell(kind, entry, code).coordinate.encode()
        style = rb'<c r="%s"( s="\d+")?[^>]*?(?:/>|>.*?</c>)' % address
        by = b'<c r="%s"\\1 %s</c>' % (address, content.encode())
        return repacked(desk.bytes(kind), {part_of(book, kind): replaced(style, by)})

    return spoil


def part_of(book: Book, kind: Kind) -> str:
    """The member that holds a sheet."""
    return f"xl/worksheets/sheet{book.workbook.sheetnames.index(book.sheet(kind).title) + 1}.xml"
