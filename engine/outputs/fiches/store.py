"""Pages on disk: one workbook per candidate, or all in one; what did not change is not written again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

from engine.model import Outcome
from engine.model.faults import ZIP_DAMAGE
from engine.outputs.fiches.book import workbook
from engine.outputs.fiches.page import Shared
from engine.workspace.files import Delivery, alike, deliver, file_names

_LOCKS = ("~$", ".")  # .~lock.x# and other hidden files
_CREATED = re.compile(rb"<dcterms:created[^>]*>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z</dcterms:created>")


def write_each(
    shared: Shared, outcomes: Sequence[Outcome], folder: Path, made_at: datetime, *, partial: bool = False
) -> Delivery:
    """Write ``<NOM Prénom>.xlsx`` for each outcome; homonyms get their identifier.

    A page that would say the same, but for the day it was made, is left alone. What is replaced moves to ``anciens/``
    below ``folder``, and so do, unless ``partial``, the pages of people who are not among ``outcomes``. Raises
    :class:`CohortError` when the disk does not allow it.
    """
    names = file_names(shared.roster.candidates)
    paths = {folder / f"{names[outcome.candidate.id]}.xlsx": outcome for outcome in outcomes}
    wanted = {alike(path.name) for path in paths}
    stale = [] if partial else [path for path in _pages(folder) if alike(path.name) not in wanted]
    made = ((path, _content(shared, [outcome], path, made_at)) for path, outcome in paths.items())
    return deliver(folder, made, stale)


def write_one(shared: Shared, outcomes: Sequence[Outcome], target: Path, made_at: datetime) -> Delivery:
    """Write all the pages into one workbook, ``target``; the same as above otherwise."""
    return deliver(target.parent, [(target, _content(shared, outcomes, target, made_at))], ())


def _pages(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.xlsx")) if path.is_file() and not path.name.startswith(_LOCKS))


def _content(shared: Shared, outcomes: Sequence[Outcome], path: Path, made_at: datetime) -> bytes:
    """The bytes that the file must hold; those it holds already when only the day would differ."""
    before = _made_at(path)
    if before is not None:
        same = workbook(shared, outcomes, before)
        if path.read_bytes() == same:
            return same
    return workbook(shared, outcomes, made_at)


def _made_at(path: Path) -> datetime | None:
    """When the workbook that stands there was made, if one does."""
    try:
        with ZipFile(path) as archive:
            found = _CREATED.search(archive.read("docProps/core.xml"))
    except (*ZIP_DAMAGE, KeyError):
        return None
    return datetime.fromisoformat(found[1].decode()) if found else None
