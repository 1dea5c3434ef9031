"""From a path to a workbook that is safe to parse, or to the anomaly that says why not.

Nothing in ``retours/`` is trusted: the file is read once, into memory, and looked at before any parser sees it.
calamine aborts the whole process on a value in the last cell of the grid and has no bound on expansion, so that
sizes, member names, declarations and encodings are checked here, on the bytes; what is in the sheets, by the closer
look of ``readers/ooxml`` and ``readers/ods``.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.intake.safety import nature, parts
from engine.intake.safety.archive import inflate, megabytes, weight_of_pictures
from engine.intake.safety.bounds import MAX_TAGS, check_tags
from engine.intake.safety.refusal import SEND_AGAIN, RefusedError
from engine.model.anomalies import SAVE_AGAIN
from engine.model.faults import reason

MAX_FILE = 30_000_000  # bytes; a filled workbook weighs some 30,000

_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*\sencoding\s*=\s*["'](?!utf-8["']|us-ascii["'])""", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"

# neither followed through a link, nor waited for when it is a pipe
_OPENING = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


@dataclass(frozen=True)
class Package:
    """A workbook whose parts can be parsed: ``kind`` is ``xlsx`` or ``ods``; ``macros``: it contains some.

    ``members`` by part name (:func:`engine.intake.safety.parts.part_name`); ``main``: the one that lists the sheets.
    """

    kind: str
    members: Mapping[str, bytes]
    macros: bool = False
    main: str = parts.USUAL_MAIN

    def lost_name(self, start: str) -> bool:
        """Whether the cells of a defined name that starts so were deleted."""
        part = self.members["content.xml" if self.kind == "ods" else self.main]
        return any(
            b"#REF!" in name for name in re.findall(rb'name="' + re.escape(start.encode()) + rb"[^>]*>[^<]*", part)
        )


# -------------------------------------------------------------------------------------- path to bytes


def load(path: Path) -> bytes:
    """The bytes of a regular file that nobody is writing. Raises :class:`RefusedError` (F05, F06, F07)."""
    try:
        _require_regular(path, path.lstat().st_mode)
        with os.fdopen(os.open(path, _OPENING), "rb") as file:
            before = os.fstat(file.fileno())
            _require_regular(path, before.st_mode)
            if before.st_size > MAX_FILE:
                size, bound = megabytes(before.st_size), megabytes(MAX_FILE)
                raise _too_large(f"Le fichier pèse {size}, la limite est de {bound}.", weight_of_pictures(file))
            data = file.read(before.st_size + 1)
            after = os.fstat(file.fileno())
    except OSError as fault:
        raise RefusedError("F06", f"Le fichier ne peut pas être lu : {reason(fault)}.") from fault
    if len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise still_written()
    return data


def _too_large(message: str, pictures: int) -> RefusedError:
    """The refusal of a file by its size, of which pictures take so many bytes."""
    if pictures * 2 < MAX_FILE:
        return RefusedError("F05", message)
    remedy = "Supprimez ou compressez les images du classeur (Format de l'image, Compresser), puis enregistrez-le."
    return RefusedError("F05", f"{message} Les images en font {megabytes(pictures)}.", remedy=remedy)


def still_written() -> RefusedError:
    """The refusal of a file that changed between two looks."""
    return RefusedError("F07", "Le fichier a changé pendant la lecture : il est encore en cours d'écriture.")


def _require_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise RefusedError("F06", f"Le dossier « {path.name} » ne peut pas être lu.")
    if not stat.S_ISREG(mode):
        raise RefusedError("F06", f"« {path.name} » n'est pas un fichier ordinaire ({_nature(mode)}).")


def _nature(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "un lien"
    if stat.S_ISFIFO(mode):
        return "un tube"
    return "un périphérique ou un objet spécial"


# ------------------------------------------------------------------------------------ bytes to parts


def open_package(data: bytes) -> Package:
    """The parts of a workbook, inflated within bounds. Raises :class:`RefusedError` (F01 to F05)."""
    if not data.strip(b"\0"):
        message = "Le fichier est vide." if not data else "Le fichier ne contient que des zéros."
        raise RefusedError("F01", message, remedy=SEND_AGAIN)
    if not data.startswith(b"PK"):
        raise nature.not_an_archive(data)
    members = parts.by_part_name(inflate(data))
    for name in {parts.PACKAGE_LINKS} & members.keys():  # parsed here and now
        check_text(name, members[name])
        check_tags(name, members[name], MAX_TAGS)
    main = parts.main_part(members)
    kind = nature.kind(members, main)
    for name, content in members.items():
        if name.endswith((".xml", ".rels")):
            check_text(name, content)
    return Package(kind, members, any(map(_is_macro, members)), main)


def check_text(name: str, content: bytes) -> None:
    """Refuse what may hide something from the closer look: declarations, and any encoding but UTF-8.

    A declaration may be hidden by an encoding (UTF-16, UTF-7...) that this look does not read.
    """
    if b"\0" in content:
        content = content.replace(b"\0", b"")
        if not _DECLARATION.search(content):
            raise RefusedError("F05", f"« {name} » n'est pas écrit en UTF-8.", remedy=SAVE_AGAIN)
    if _DECLARATION.search(content):
        raise RefusedError(
            "F05", f"« {name} » contient une définition de type (DTD), refusée par sécurité.", remedy=SAVE_AGAIN
        )
    if _ENCODING.match(content.removeprefix(_BOM)):
        raise RefusedError("F05", f"« {name} » n'est pas écrit en UTF-8.", remedy=SAVE_AGAIN)
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError as fault:
            raise RefusedError("F01", f"« {name} » contient des octets qui ne sont pas du texte.") from fault


def _is_macro(name: str) -> bool:
    if name.startswith(("basic/", "scripts/")):  # OpenDocument; its libraries have an index even when they are empty
        return not name.endswith(("/script-lc.xml", "/script-lb.xml", "/"))
    return name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/")
