"""From a path to bytes that are safe to parse, or to the anomaly that says why not.

Nothing in ``retours/`` is trusted: the file is read once, into memory, and looked at before any parser sees it.
calamine aborts the whole process on a value in the last cell of the grid and has no bound on expansion, so that
sizes, member names, entities and cell references are checked here, on the bytes.
"""

from __future__ import annotations

import errno
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_FILE = 30_000_000  # bytes; a filled workbook weighs some 30,000
MAX_INFLATED = 150_000_000  # bytes, all members together
MAX_MEMBERS = 2_000
MAX_CELLS = 4_000_000  # rows x columns of the smallest rectangle holding every value of a sheet

IGNORED_NAMES = re.compile(
    r"~\$.*|\._.*|\.~lock\..*|\.DS_Store|\.localized|(eh)?Thumbs\.db|desktop\.ini|\.gitkeep|\.directory|Icon\r"
    r"|.*\.(part|partial|crdownload|download|tmp|icloud|gsheet)",
    re.IGNORECASE,
)
"""Lock files, partial downloads and droppings of the system: counted, never read."""


class RefusedError(Exception):
    """A file that cannot be read; ``code`` is an anomaly code F01 to F08, ``str()`` the message in French."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Package:
    """A workbook whose members can be parsed: ``kind`` is ``xlsx`` or ``ods``; ``macros``: it contains some."""

    kind: str
    data: bytes
    members: Mapping[str, bytes]
    macros: bool = False

    def lost_name(self, start: str) -> bool:
        """Whether the cells of a defined name that starts so were deleted."""
        part = self.members["content.xml" if self.kind == "ods" else "xl/workbook.xml"]
        return any(
            b"#REF!" in name for name in re.findall(rb'name="' + re.escape(start.encode()) + rb"[^>]*>[^<]*", part)
        )


def is_ignored(name: str) -> bool:
    """Whether a file of this name is a lock, a partial download or a dropping of the system."""
    return IGNORED_NAMES.fullmatch(name) is not None


def load(path: Path) -> bytes:
    """The bytes of a regular file that nobody is writing. Raises :class:`RefusedError` (F01, F05, F06, F07)."""
    try:
        before = path.lstat()
        if stat.S_ISDIR(before.st_mode):
            raise RefusedError("F06", f"Le dossier « {path.name} » ne peut pas être lu.")
        if not stat.S_ISREG(before.st_mode):
            raise RefusedError("F06", f"« {path.name} » n'est pas un fichier ordinaire ({_nature(before.st_mode)}).")
        if before.st_size > MAX_FILE:
            raise RefusedError("F05", f"Le fichier pèse {before.st_size // 1_000_000} Mo, la limite est de 30 Mo.")
        data = path.read_bytes()
        after = path.lstat()
    except OSError as fault:
        raise RefusedError("F06", f"Le fichier ne peut pas être lu : {reason(fault)}.") from fault
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise RefusedError("F07", "Le fichier a changé pendant la lecture : il est encore en cours d'écriture.")
    return data


_REASONS = {
    errno.EACCES: "les droits d'accès ne le permettent pas",
    errno.EPERM: "les droits d'accès ne le permettent pas",
    errno.ENOENT: "il n'est plus là",
    errno.EIO: "le disque ou le réseau a fait une erreur",
    errno.ETIMEDOUT: "le réseau ne répond pas",
}


def reason(fault: OSError) -> str:
    """Why the system refused, in French where it is known."""
    return _REASONS.get(fault.errno) or fault.strerror or str(fault)


def open_package(data: bytes) -> Package:
    """The members of a workbook, inflated within bounds. Raises :class:`RefusedError` (F01 to F05)."""
    if not data.strip(b"\0"):
        raise RefusedError("F01", "Le fichier est vide." if not data else "Le fichier ne contient que des zéros.")
    if not data.startswith(b"PK"):
        raise _not_a_package(data)
    members = _inflate(data)
    kind = _kind(members)
    for name, content in members.items():
        if name.lower().endswith((".xml", ".rels")) and _has_dtd(content):
            raise RefusedError("F05", f"« {name} » contient une définition de type (DTD), refusée par sécurité.")
    return Package(kind, data, members, macros=any(map(_is_macro, members)))


def _has_dtd(content: bytes) -> bool:
    if b"\0" in content[:100]:  # UTF-16
        content = content.replace(b"\0", b"")
    return b"<!DOCTYPE" in content or b"<!ENTITY" in content


def _is_macro(name: str) -> bool:
    if name.startswith(("Basic/", "Scripts/")):  # OpenDocument; its libraries have an index even when they are empty
        return not name.endswith(("/script-lc.xml", "/script-lb.xml", "/"))
    return name.endswith("vbaProject.bin") or name.startswith("xl/macrosheets/")


def _nature(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "un lien"
    if stat.S_ISFIFO(mode):
        return "un tube"
    return "un périphérique ou un objet spécial"


# ------------------------------------------------------------------------------------ what it really is

_MAGIC = (
    (b"%PDF", "un document PDF"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"\x89PNG", "une image PNG"),
    (b"GIF8", "une image GIF"),
    (b"{\\rtf", "un document RTF"),
    (b"Rar!", "une archive RAR"),
    (b"II*\0", "une image TIFF"),
    (b"MM\0*", "une image TIFF"),
    (b"7z\xbc\xaf", "une archive 7-Zip"),
    (b"\x1f\x8b", "une archive gzip"),
)
_LATER_MAGIC = (
    (b"WEBP", "une image WebP"),
    (b"ftyphei", "une photographie HEIC"),
    (b"ftypmif1", "une photographie HEIC"),
)


def _not_a_package(data: bytes) -> RefusedError:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    for magic, what in _LATER_MAGIC:
        if magic in data[4:16]:
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return RefusedError("F04", "C'est une feuille de calcul XML 2003, un ancien format.")
    if head.startswith((b"<!doctype html", b"<html")) or b"<table" in head:
        return RefusedError("F02", "Ce n'est pas un classeur mais une page HTML.")
    if _is_text(data[:2000]):
        return RefusedError("F02", "Ce n'est pas un classeur mais un fichier texte ou CSV.")
    return RefusedError("F01", "Le contenu n'est celui d'aucun classeur : fichier endommagé.")


def _is_text(head: bytes) -> bool:
    """Whether bytes read as a text, in UTF-16 or in an encoding that leaves ASCII as it is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any((byte < 32 and byte not in b"\t\n\r\f") or byte == 127 for byte in head)


def _ole(data: bytes) -> RefusedError:
    """An OLE container: a protected workbook, or an old one. Its directory names its streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return RefusedError("F03", "Le classeur est protégé par un mot de passe d'ouverture.")
    if "WordDocument".encode("utf-16-le") in data:
        return RefusedError("F02", "Ce n'est pas un classeur mais un document Word.")
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return RefusedError("F04", "Le classeur est à l'ancien format .xls.")
    return RefusedError("F02", "Ce n'est pas un classeur mais un autre document d'un ancien format.")


_FAMILIES = (
    ("word/document.xml", "un document Word"),
    ("ppt/presentation.xml", "une présentation PowerPoint"),
    ("Index/Document.iwa", "un document Numbers, Pages ou Keynote : exportez-le au format Excel"),
    ("Index.zip", "un document Numbers, Pages ou Keynote : exportez-le au format Excel"),
)


def _kind(members: Mapping[str, bytes]) -> str:
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "xl/workbook.bin" in members:
        raise RefusedError("F04", "Le classeur est au format binaire .xlsb.")
    mimetype = members.get("mimetype", b"")
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
            raise RefusedError("F03", "Le classeur est protégé par un mot de passe d'ouverture.")
        if "content.xml" not in members:
            raise RefusedError("F01", "Le classeur est incomplet : son contenu manque.")
        return "ods"
    for name, what in _FAMILIES:
        if name in members:
            raise RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    if mimetype:
        raise RefusedError("F02", "Ce n'est pas un classeur mais un autre document OpenDocument.")
    if any(name.lower().endswith((".xlsx", ".ods", ".xls")) for name in members):
        raise RefusedError("F02", "C'est une archive de classeurs : sortez-les de l'archive.")
    if "[Content_Types].xml" in members:
        raise RefusedError("F01", "Le classeur est incomplet : sa partie principale manque.")
    raise RefusedError("F02", "Ce n'est pas un classeur mais une archive ZIP.")


# ---------------------------------------------------------------------------------- bounded inflation


def _inflate(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_names([info.filename for info in infos])
            left, members = MAX_INFLATED, {}
            for info in infos:
                if info.flag_bits & 0x1:
                    raise RefusedError("F03", "Le fichier est chiffré par un mot de passe.")
                members[info.filename] = _read_member(archive, info, left)
                left -= len(members[info.filename])
            return members
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise RefusedError("F01", "Le fichier est tronqué ou endommagé : ses données ne se relisent pas.") from fault


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """A member, never inflated beyond ``left`` bytes whatever size it declares; its CRC is checked at its end."""
    with archive.open(info) as member:
        content = member.read(left + 1)
    if len(content) > left:
        raise RefusedError("F05", f"Une fois décompressé, le fichier dépasse {MAX_INFLATED // 1_000_000} Mo.")
    return content


def _check_names(names: list[str]) -> None:
    if len(names) > MAX_MEMBERS:
        raise RefusedError("F05", f"Le fichier contient {len(names)} éléments, la limite est de {MAX_MEMBERS}.")
    folded = [name.replace("\\", "/").casefold() for name in names]
    if len(set(folded)) < len(folded):
        raise RefusedError("F05", "Deux éléments du fichier portent le même nom.")
    if any(name.startswith("/") or ".." in name.split("/") or ":" in name for name in folded):
        raise RefusedError("F05", "Un élément du fichier porte un nom qui sort du classeur.")
