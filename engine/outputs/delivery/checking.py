"""Whether a delivery that was opened is what its manifest says, and says the same decisions everywhere."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.outputs.data import restored
from engine.outputs.delivery import manifest as manifests
from engine.outputs.delivery.faults import Fault, Nature
from engine.outputs.delivery.manifest import Manifest, ManifestError
from engine.outputs.delivery.opening import Opened
from engine.outputs.delivery.synthesis import DECISION, WHO, decisions_of_workbook

RESULTS, DATA, DELIBERATION = "resultats.xlsx", "donnees/decisions.csv", "deliberation.csv"
HOLDERS = "titulaires.csv"
REQUIRED = (RESULTS, DATA, DELIBERATION, "LISEZMOI.txt")
_SHOWN = 5  # identifiers that a fault names


@dataclass(frozen=True)
class Checked:
    """A delivery and all that is wrong with it; without a ``manifest``, nothing can be said of the rest."""

    opened: Opened
    manifest: Manifest | None
    faults: tuple[Fault, ...]

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.opened.path

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults

    def content(self, name: str) -> bytes:
        """The bytes of a member. Raises ``KeyError`` for one that is not there, or is a document to print."""
        found = self.opened.members[name].content
        if found is None:
            raise KeyError(name)
        return found

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV member, by heading, texts as they were before they were guarded for a spreadsheet.

        Raises ``KeyError`` as :meth:`content` does, ``ValueError`` for what is no CSV of ours.
        """
        return rows(self.content(name))

    def columns(self, name: str, *headings: str) -> Iterator[tuple[str, ...]]:
        """The same of some columns only: a fifth of the time, where the table is long. Raises as :meth:`table` does."""
        first, *lines = _lines(self.content(name))
        places = [_place(first, heading) for heading in headings]
        return (tuple(restored(line[place]) for place in places) for line in lines)


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV of ours, by heading. Raises ``ValueError``."""
    headings, *lines = _lines(content)
    return [dict(zip(headings, map(restored, line), strict=True)) for line in lines]


def _place(headings: list[str], heading: str) -> int:
    if heading not in headings:
        raise KeyError(heading)
    return headings.index(heading)


def _lines(content: bytes) -> list[list[str]]:
    """The lines of a CSV of ours, the headings first, as many fields in each. Raises ``ValueError``."""
    try:
        read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    except csv.Error as fault:
        raise ValueError("le fichier ne se lit pas") from fault
    except UnicodeDecodeError as fault:
        raise ValueError("le fichier n'est pas en UTF-8") from fault
    if len(set(map(len, read))) > 1:
        raise ValueError("une ligne n'a pas autant de champs que les titres")
    return read or [[]]


def check(opened: Opened) -> Checked:
    """All that is wrong with a delivery: what its opening found, then what its manifest contradicts."""
    if not opened.members:
        return Checked(opened, None, tuple(opened.faults))
    try:
        known = _manifest(opened)
    except ManifestError as fault:
        return Checked(opened, None, (*opened.faults, Fault(Nature.MANIFEST, manifests.NAME, str(fault))))
    if known is None:
        gone = [] if _told(opened, manifests.NAME) else [Fault(Nature.MISSING, manifests.NAME)]
        return Checked(opened, None, (*opened.faults, *gone))
    return Checked(opened, known, (*opened.faults, *_files(opened, known), *_decisions(opened, known)))


def _manifest(opened: Opened) -> Manifest | None:
    member = opened.members.get(manifests.NAME)
    return manifests.parse(member.content) if member and member.content is not None else None


def _told(opened: Opened, name: str) -> bool:
    return any(fault.member == name for fault in opened.faults)


def _files(opened: Opened, known: Manifest) -> Iterator[Fault]:
    listed = {file.path: file for file in known.files}
    for name in sorted(set(opened.members) - set(listed) - {manifests.NAME}):
        yield Fault(Nature.IN_EXCESS, name)
    for name in (*listed, *(name for name in REQUIRED if name not in listed)):
        file, member = listed.get(name), opened.members.get(name)
        if member is None:
            if not _told(opened, name):
                yield Fault(Nature.MISSING, name)
        elif file is None:
            continue  # in excess
        elif member.size != file.size:
            yield Fault(Nature.SIZE, name, f"{member.size} octets au lieu de {file.size}")
        elif member.sha256 != file.sha256:
            yield Fault(Nature.DIGEST, name)


def _decisions(opened: Opened, known: Manifest) -> Iterator[Fault]:
    """The differences between the places that tell decisions and the first of them; the list of the holders tells only
    theirs, and those of who was forgotten since."""
    readers: dict[str, Callable[[bytes], Mapping[str, str]]] = {
        DATA: _of_table,
        RESULTS: decisions_of_workbook,
        DELIBERATION: _of_table,
        HOLDERS: _of_table,
    }
    found: dict[str, Mapping[str, str]] = {}
    for name, read in readers.items():
        member = opened.members.get(name)
        if member is not None and member.content is not None:
            try:
                found[name] = read(member.content)
            except ValueError as fault:
                yield Fault(Nature.DECISIONS, name, str(fault))
    if DATA not in found:
        return
    first = found[DATA]
    if Counter(first.values()) != Counter(known.decisions) or len(first) != known.candidates:
        yield Fault(Nature.DECISIONS, manifests.NAME, f"que « {DATA} »")
    listed = found.get(HOLDERS, {})
    found[HOLDERS] = {who: listed.get(who, decision) for who, decision in first.items()}
    for name, told in found.items():
        if differing := [who for who in sorted({*first, *told}) if first.get(who) != told.get(who)]:
            more = "…" if len(differing) > _SHOWN else ""
            yield Fault(Nature.DECISIONS, name, f"que « {DATA} » : {', '.join(differing[:_SHOWN])}{more}")


def _of_table(content: bytes) -> Mapping[str, str]:
    table = rows(content)
    try:
        found = {row[WHO]: row[DECISION] for row in table}
    except KeyError as fault:
        raise ValueError(f"il n'a pas la colonne {fault}") from fault
    if len(found) < len(table):
        raise ValueError("un identifiant y figure deux fois")
    return found
