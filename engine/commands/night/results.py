"""What stands in ``resultats/`` whatever a night found: the morning page, the copy that a closure keeps, and one digest
of the rest, which says whether it still stands as it was left."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from engine.commands.report import FollowUp
from engine.model import Act
from engine.outputs import briefing
from engine.workspace.cohort import Folder
from engine.workspace.digest import of_readable
from engine.workspace.files import Writer, holding, write_whole


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The results workbook (``None``: nothing was written), what had to get a dated name, what stands ready to be
    sent."""

    workbook: Path | None = None
    aside: tuple[Path, ...] = ()
    follow_up: FollowUp = field(default_factory=FollowUp)


def pages(folder: Folder, facts: briefing.Facts) -> dict[Path, Writer]:
    """The writers of the morning page, one for each of its forms."""
    return {folder.briefing.with_suffix(suffix): holding(content) for suffix, content in briefing.forms(facts).items()}


def complete_closure(folder: Folder, closure: Act | None, workbook: Path) -> None:
    """Keep the dated copy of the results that a closure promises, unless it is there: one that was interrupted after
    its decisions were frozen is taken up where it stopped."""
    if closure is not None and closure.certain and not folder.closing_copy(closure.at).exists():
        write_whole(folder.closing_copy(closure.at), lambda beside: shutil.copyfile(workbook, beside))


def outputs(folder: Folder) -> str:
    """What stands beside the results workbook, by content: something that was taken away or changed is made again. The
    archive only by number: it is checked against its names whenever it is read. What is handed out, and what hands it
    out, by look: all that weighs much, and only what is told of it may have to be withdrawn."""
    tables = (sorted(folder.data.glob(f"*.{kind}")) for kind in ("csv", "parquet"))
    told = hashlib.sha256(str(len(list(folder.archive.glob("??/*.gz")))).encode())
    for path in (*folder.corrected(), *folder.drafts(), *(path for kind in tables for path in kind)):
        told.update(_named(folder, path) + of_readable(path).encode())
    for path in (*folder.first_drafts(), *folder.issued()):
        told.update(_named(folder, path) + _look(path))
    return told.hexdigest()


def _named(folder: Folder, path: Path) -> bytes:
    return path.relative_to(folder.path).as_posix().encode("utf-8", "surrogateescape")


def _look(path: Path) -> bytes:
    """What a file looks like from outside; what cannot be looked at (gone meanwhile, a link to nothing) is told apart
    from every file, and stops no night."""
    try:
        stat = path.stat()
    except OSError:
        return b"\0-\0"
    return f"\0{stat.st_size} {stat.st_mtime_ns}\0".encode()
