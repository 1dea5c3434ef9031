"""Which of several versions counts in one part: the one that comes after every other that says something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.intake.versions.version import Part, Place, Version
from engine.model import Mark


@dataclass(frozen=True)
class Verdict:
    """What became of a part: ``winner`` counts, or nobody knows which of ``disputed`` does. ``said``: what each
    version says there, the latest roughly first."""

    part: Part
    said: Mapping[Version, Mapping[Place, Mark]]
    winner: Version | None = None
    disputed: Sequence[Version] = ()

    @property
    def outdone(self) -> list[Version]:
        """The versions whose say does not count, where one does."""
        return [version for version in self.said if version is not self.winner] if self.winner else []


def judge(part: Part, said: Mapping[Version, Mapping[Place, Mark]]) -> Verdict:
    """The verdict on a part about which at least one version says something."""
    if any(version.sheet.vouched for version in said):
        said = {version: marks for version, marks in said.items() if version.sheet.vouched}
    for one in said:
        if all(one is other or not _differ(one, other, said) or one.clocks.follows(other.clocks) for other in said):
            return Verdict(part, said, winner=one)
    standing = [one for one in said if not any(other.clocks.follows(one.clocks) for other in said)]
    return Verdict(part, said, disputed=standing if len(standing) > 1 else list(said))


def _differ(one: Version, other: Version, said: Mapping[Version, Mapping[Place, Mark]]) -> bool:
    """Whether two versions say different things; what a refused one says is not known."""
    if one.refused or other.refused:
        return True
    return held(said[one]) != held(said[other])


def held(marks: Mapping[Place, Mark]) -> dict[Place, object]:
    """The worth of marks, by place; two cells that could not be taken may hold anything."""
    return {place: mark.held for place, mark in marks.items()}
