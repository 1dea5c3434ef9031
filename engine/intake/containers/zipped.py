"""An archive of files, not one of the many documents that are archives too."""

from __future__ import annotations

import io
import struct
import zipfile

from engine.intake.archive import inflate
from engine.intake.containers.contents import Contents, within
from engine.intake.parts import part_name
from engine.model.texts import INSIDE

WHAT = "une archive ZIP"

_DOCUMENTS = ("[content_types].xml", "mimetype", "_rels/.rels", "content.xml", "index.zip", "index/document.iwa")
_FOLDERS = ("xl/", "word/", "ppt/")
_HEAD = 64  # bytes of a picture: enough to tell that it is one


def holds(data: bytes) -> bool:
    """Whether bytes are an archive that is no document."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [part_name(name) for name in archive.namelist()]
    except (zipfile.BadZipFile, struct.error, EOFError, OSError, ValueError, NotImplementedError):
        return False
    return not any(name in _DOCUMENTS or name.startswith(_FOLDERS) for name in names)


def open_into(contents: Contents, data: bytes, name: str, sent_ns: int) -> None:
    """Take every file of an archive. Raises :class:`RefusedError` F01, F03 or F05."""
    for member, content in inflate(data, picture_head=_HEAD).items():
        path = member.replace("\\", "/").replace(INSIDE, " > ")
        if not path.endswith("/"):
            contents.take(within(name, path), content, sent_ns)
