"""What earlier nights know of the returns: a file that did not change is not read again, nor a content seen before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.intake.context import Context
from engine.intake.files import describe
from engine.intake.ignored import is_ignored
from engine.intake.packing import unpack
from engine.model.returns import FileReport
from engine.workspace.digest import digest, program


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it stood when it was read: bytes, the two clocks of the system (ns), and the SHA-256 of the content."""

    size: int
    modified_ns: int
    changed_ns: int
    digest: str


@dataclass(frozen=True)
class Memory:
    """``looks``: by path below ``retours/``, files that have surely not changed as long as they look the same.

    ``readings``: by SHA-256, what was read in that content (:mod:`engine.intake.packing`), under the same context.
    """

    looks: Mapping[str, Look] = field(default_factory=dict)
    readings: Mapping[str, bytes] = field(default_factory=dict)

    def recall(self, path: Path, name: str) -> FileReport | None:
        """The report of a file that needs no reading, ``None`` for any other; what it holds is not unfolded."""
        try:
            report = describe(path, name)
        except OSError:
            return None
        report.ignored = is_ignored(name)
        if report.ignored:
            return report
        look = self.looks.get(name)
        if look is None or look != Look(report.size, report.modified_ns, report.changed_ns, look.digest):
            return None
        return replace(report, digest=look.digest, lasting=True) if look.digest in self.readings else None

    def unfold(self, report: FileReport) -> FileReport:
        """The report of a file with what was read in it, be it another night; its content only where it is new."""
        if report.digest not in self.readings:
            return report
        return replace(unpack(replace(report, content=self.readings[report.digest])), content=b"")


def fingerprint(context: Context) -> str:
    """What the reading of a file depends on, beside the file: the program, the referential, the roster and the key."""
    return digest(program(), context.referential, context.roster, context.key)


def lasting(reports: list[FileReport]) -> Iterator[tuple[str, bytes]]:
    """The readings to remember that are not yet: (SHA-256, content) of each file that would be read the same again."""
    return ((report.digest, report.content) for report in reports if report.lasting and report.content)
