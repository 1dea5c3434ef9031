"""An archive of files, not one of the many documents that are archives too."""

from __future__ import annotations

import io
import zipfile

from engine.intake.containers.contents import MAX_PIECES, Contents, too_many, within
from engine.intake.safety.archive import inflate
from engine.intake.safety.nature import SMALL_PICTURE
from engine.intake.safety.parts import part_name
from engine.intake.safety.refusal import TAKE_OUT, RefusedError
from engine.model.faults import ZIP_DAMAGE
from engine.model.texts import INSIDE

WHAT = "une archive ZIP"

_DOCUMENTS = ("[content_types].xml", "mimetype", "_rels/.rels", "content.xml", "index.zip", "index/document.iwa")
_FOLDERS = ("xl/", "word/", "ppt/")
_HEAD = SMALL_PICTURE + 1  # bytes of a picture: enough to tell which it is, and whether it is a logo


def holds(data: bytes) -> bool:
    """Whether bytes are an archive that is no document."""
    if not data.startswith(b"PK"):
        return False
    try:
        names = [part_name(name) for name in _names(data)]
    except ZIP_DAMAGE:
        return False
    return not any(name in _DOCUMENTS or name.startswith(_FOLDERS) for name in names)


def open_into(contents: Contents, data: bytes, name: str, sent_ns: int) -> None:
    """Take every file of an archive. Raises :class:`RefusedError` F01, F03 or F05."""
    if sum(not each.endswith(("/", "\\")) for each in _names(data)) > MAX_PIECES:
        raise too_many()
    try:
        members = inflate(data, picture_head=_HEAD)
    except RefusedError as refused:
        remedy = refused.remedy if refused.entry.damage else TAKE_OUT
        raise RefusedError(refused.code, str(refused), remedy=remedy) from refused
    for member, content in members.items():
        path = member.replace("\\", "/").replace(INSIDE, " > ")
        if not path.endswith("/"):
            contents.take(within(name, path), content, sent_ns, partial=len(content) == _HEAD)


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()
