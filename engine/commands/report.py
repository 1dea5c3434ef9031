"""What a command found: the same for the terminal, for ``--json`` and for the exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.model import Awaited, Outcome
from engine.model.admission import Admission
from engine.model.anomalies import Anomaly
from engine.model.changes import Evolution
from engine.model.expected import Expected, FileState
from engine.model.snapshot import Decided
from engine.model.texts import counted

if TYPE_CHECKING:
    from engine.commands.night.due import Due


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What stands ready to be sent: copies to mend, first messages and reminders, and how many of these went out by
    ``send``. ``untrue``: what stands beside them, did not go, and is not to go, for it is no longer so. ``trouble``:
    why they may not be up to date."""

    corrections: int = 0
    messages: int = 0
    reminders: int = 0
    messages_sent: int = 0
    reminders_sent: int = 0
    untrue: int = 0
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """``None`` (or nothing) for what the command does not have; ``seconds`` is the time it took.

    Only a command that writes nothing tells whether the results that stand are ``outdated`` (made of something else,
    or not as they were made), and what is ``due`` to stand in ``envois/``.
    ``aside``: files that stand under a dated name, because those they should replace are open elsewhere.
    ``notices``: what people must be told beside, as sentences; ``remarks``: what they may know, and needs nobody.
    ``evolution``: what changed since an earlier run. ``outcomes``: none of a
    night that changed nothing, of which only what was ``decided`` is known.
    """

    files: Mapping[str, FileState]
    anomalies: list[Anomaly]
    seconds: float = 0
    candidates: int | None = None
    decided: tuple[Decided, ...] | None = None
    outcomes: tuple[Outcome, ...] = ()
    admissions: tuple[Admission, ...] = ()
    expected: list[Expected] = field(default_factory=list)
    awaited: Awaited | None = None
    outdated: bool = False
    result: Path | None = None
    aside: tuple[Path, ...] = ()
    follow_up: FollowUp | None = None
    due: Due | None = None
    notices: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    evolution: Evolution | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    """By file, the SHA-256 of its bytes, empty when they could not be read."""

    @property
    def blocking(self) -> int:
        """How many anomalies need a person."""
        return sum(anomaly.blocking for anomaly in self.anomalies)

    @property
    def needs_a_person(self) -> bool:
        """Whether the exit status is 1: something blocks, or could not be written where it belongs."""
        return self.blocking > 0 or bool(self.aside) or bool(self.follow_up and self.follow_up.trouble)

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        return {
            "candidates": self.candidates,
            "decisions": _counted(each.decision for each in self.decided) if self.decided is not None else None,
            "files": _counted(self.files.values()),
            "anomalies": _counted(anomaly.code for anomaly in self.anomalies),
            "result": str(self.result) if self.result else None,
            "seconds": round(self.seconds, 3),
        }


_KEYS = ("candidates", "decisions", "files", "anomalies", "result", "seconds")


def no_longer_so(count: int, again: str) -> Iterator[str]:
    """That some of what stands in ``envois/`` is not to be sent; ``again``: what brings it up to date."""
    if count:
        files = counted(count, "fichier de envois n'est plus vrai", "fichiers de envois ne sont plus vrais")
        why = "un retour est arrivé, le registre a changé, la date limite est passée, ou un fichier a été modifié"
        yield f"{files} ({why}) : à ne pas envoyer tel quel ; {again} met envois à jour."


def not_done(reason: str, keys: Iterable[str] = ()) -> dict[str, Any]:
    """The object that ``--json`` prints for a command that could not be done: everything ``null``, and why.

    ``keys``: its own, where they are not those of a consolidation."""
    return dict.fromkeys(keys or _KEYS) | {"error": reason}


def _counted(words: Iterable[str]) -> dict[str, int]:
    return {str(word): count for word, count in sorted(Counter(words).items())}
