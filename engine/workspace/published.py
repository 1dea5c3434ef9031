"""The planning as it was last published, in the private folder of the cohort: identifiers, hours and rooms alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.model.calendars import Published, Told
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace.cohort import Folder
from engine.workspace.files import write_private

_VERSION = 1


def read(folder: Folder) -> Published | None:
    """The planning as it was published; ``None`` when nothing tells. Raises :class:`CohortError` for one that a later
    version of the program published: to plan anew would move people who were told their hour."""
    try:
        found = json.loads(folder.published.read_bytes())
        if int(found["version"]) > _VERSION:
            raise CohortError(
                f"« {folder.published} » a été écrit par une version plus récente du programme. Celui d'ici n'y touche "
                "pas, et rien n'est fait : installez la même version."
            )
        return Published(
            candidates=_calendar(found["candidates"]),
            jurors={juror: _calendar(calendar) for juror, calendar in found["jurors"].items()},
            standings={str(candidate): str(word) for candidate, word in found["standings"].items()},
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _calendar(found: Mapping[str, Any]) -> dict[str, Told]:
    return {
        str(candidate): Told(
            start=datetime.fromisoformat(told["start"]),
            end=datetime.fromisoformat(told["end"]),
            room=str(told["room"]),
            since=datetime.fromisoformat(told["since"]),
            sequence=int(told["sequence"]),
            cancelled=bool(told["cancelled"]),
        )
        for candidate, told in found.items()
    }


def write(folder: Folder, published: Published) -> None:
    """Remember what is published from now on; what says the same is not written again."""
    content = json.dumps(_plain(published), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    path = folder.published
    if not path.is_file() or path.read_bytes() != content:
        try:
            write_private(path, content)
        except OSError as fault:
            raise CohortError(f"« {path} » ne peut pas être écrit : {reason(fault)}.") from fault


def _plain(published: Published) -> dict[str, Any]:
    def calendar(told: Mapping[str, Told]) -> dict[str, Any]:
        return {
            candidate: {
                "start": each.start.isoformat(),
                "end": each.end.isoformat(),
                "room": each.room,
                "since": each.since.isoformat(),
                "sequence": each.sequence,
                "cancelled": each.cancelled,
            }
            for candidate, each in told.items()
        }

    jurors = {juror: calendar(told) for juror, told in published.jurors.items()}
    told = {"candidates": calendar(published.candidates), "jurors": jurors, "standings": dict(published.standings)}
    return {"version": _VERSION, **told}
