"""What is to stand in ``envois/`` of what goes out by message, decided once for whoever writes, counts or sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine import post
from engine.commands.report import FollowUp
from engine.office import mail
from engine.post import Letter
from engine.workspace.cohort import Folder


@dataclass(frozen=True, kw_only=True)
class Due:
    """Files by path: ``copies`` to mend, drafts that ask for what is awaited (``asked``), drafts that hand workbooks
    out (``handed``). ``kept``: what stays as it stands, whatever it says."""

    copies: Mapping[Path, bytes] = field(default_factory=dict)
    asked: Mapping[Path, bytes] = field(default_factory=dict)
    handed: Mapping[Path, bytes] = field(default_factory=dict)
    kept: frozenset[Path] = frozenset()

    def holds(self, path: Path) -> bool:
        """Whether what stands at a path is what is to stand there."""
        if path in self.kept:
            return True
        made = next((each[path] for each in (self.copies, self.asked, self.handed) if path in each), None)
        try:
            return made is not None and mail.same_but_for_date(path.read_bytes(), made)
        except OSError:
            return False

    def letters(self) -> list[Letter]:
        """The drafts as they are to stand, those that hand out first. Raises :class:`CohortError` when one that stays
        cannot be read."""
        kept: dict[Path, bytes | None] = dict.fromkeys(path for path in self.kept if path.suffix == ".eml")
        found = [*sorted((kept | dict(self.handed)).items()), *sorted(self.asked.items())]
        return [post.load(path) if made is None else post.parse(path, made) for path, made in found]


def ready(folder: Folder, due: Due) -> FollowUp:
    """What stands ready to be sent, how much of it went, and how much is no longer true and did not go."""
    copies, messages, reminders = (
        _parted(paths, due) for paths in (folder.corrected(), folder.first_drafts(), folder.drafts())
    )
    old = [*messages[1], *reminders[1]]
    return FollowUp(
        corrections=len(copies[0]),
        messages=len(messages[0]),
        reminders=len(reminders[0]),
        messages_sent=post.count_sent(folder.mailed, messages[0]),
        reminders_sent=post.count_sent(folder.mailed, reminders[0]),
        untrue=len(copies[1]) + len(old) - post.count_sent(folder.mailed, old),
    )


def _parted(paths: Iterable[Path], due: Due) -> tuple[list[Path], list[Path]]:
    """What is still true, and what no longer is."""
    parted: tuple[list[Path], list[Path]] = [], []
    for path in paths:
        parted[not due.holds(path)].append(path)
    return parted


def as_it_stands(folder: Folder) -> Due:
    """All that stands, in a folder that is up to date."""
    return Due(kept=frozenset((*folder.corrected(), *folder.drafts(), *folder.first_drafts())))


def waiting(folder: Folder) -> FollowUp:
    """What stands ready to be sent, in a folder that is up to date."""
    return ready(folder, as_it_stands(folder))
