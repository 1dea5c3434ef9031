"""``templates``: the workbooks to fill, for a cohort or blank."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from engine import REFERENTIAL, ledger, referential, templates
from engine.commands import runs
from engine.commands.cohorts import issuing_key, open_cohort, require_candidates
from engine.commands.grounds import grounds, look
from engine.commands.night.handing import hand_out
from engine.model.assignments import SheetKey
from engine.model.contents import Contents
from engine.model.errors import EngineError
from engine.outputs import reminders
from engine.roster.blank import blank
from engine.workspace import keys
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import holding, write_whole
from engine.workspace.progress import SILENT, Progress


def issue(
    path: Path, only: Collection[str] = (), progress: Progress = SILENT, *, key_file: Path | None = None
) -> templates.Written:
    """Write the workbooks of a cohort under ``envois/``; ``only``: identifiers of candidates."""
    with runs.alone(Folder(path), "templates"):
        opened = open_cohort(path)
        require_candidates(opened, only)
        key = issuing_key(opened.folder, key_file)
        planned = templates.plan(path, opened.roster, opened.referential, key, only)
        every = templates.plan(path, opened.roster, opened.referential, key) if only else planned
        interrupted = opened.folder.handing.exists()
        opened.folder.handing.touch(mode=0o600)
        done = templates.write(
            planned,
            opened,
            partial=bool(only),
            accepted=lambda: _accepted(opened, key),
            progress=progress,
        )
        keys.note(opened.folder, key)
        fresh = {each.path for each in (every if interrupted else done.written)}
        hand_out(opened, every, fresh=fresh)
        opened.folder.handing.unlink()
        drafts = len(opened.folder.first_drafts())
        return replace(done, signed=opened.roster.session.signature_required, drafts=drafts)


def _accepted(opened: Cohort, key: bytes) -> dict[SheetKey, Contents]:
    """What was accepted so far of the sheets about everybody, as a consolidation would read it now; nothing when the
    returns cannot be read: sheets go out all the same."""
    try:
        with grounds(opened, key) as at:
            read = look(at).read()
    except (EngineError, ledger.DamagedError, OSError):
        return {}
    shared = (sheet for sheet in read.sheets if not sheet.kind.record.per_candidate)
    return reminders.accepted(shared, opened.roster, opened.referential)


def write_blanks(out: Path, name: str = REFERENTIAL) -> list[Path]:
    """Write the unassigned sheets and an empty roster into a folder."""
    certification = referential.load(name, base=Path.cwd())
    contents = templates.blank(certification) | {"cohorte.xlsx": blank(certification, name)}
    return [write_whole(out / file, holding(content)) for file, content in contents.items()]
