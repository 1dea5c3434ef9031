"""What a file really is, whatever its name says: by its first bytes, or by the members of its archive."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

from engine.intake.safety import ole
from engine.intake.safety.refusal import TAKE_OUT, RefusedError

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
    (b"\x78\x9f\x3e\x22", "une pièce jointe d'Outlook (winmail.dat) : demandez le message envoyé en HTML ou en texte"),
    (b"L\0\0\0\x01\x14\x02\0", "un raccourci de Windows"),
    (b"SQLite format 3\0", "une base de données"),
    (b"\xfd7zXZ\0", "une archive xz"),
    (b"MZ", "un programme"),
    (b"BZh", "une archive bzip2"),
    (b"\x28\xb5\x2f\xfd", "une archive Zstandard"),
    (b"BM", "une image BMP"),
)
_LATER_MAGIC = (
    (b"WEBP", "une image WebP"),
    (b"ftyphei", "une photographie HEIC"),
    (b"ftypmif1", "une photographie HEIC"),
    (b"ftypavif", "une image AVIF"),
)


_DRAWN = (b"GIF8", b"\x89PNG")
SMALL_PICTURE = 60_000
"""Bytes of a drawing that can only be a logo or a signature: a filled sheet that can be read on a picture of it weighs
more. Photographs (JPEG, HEIC, TIFF) may be of a sheet whatever they weigh."""

_DOWNLOAD = (
    "Ouvrez ce raccourci, téléchargez le document au format « Microsoft Excel (.xlsx) » et déposez-le dans « retours »."
)
_UNRESTRICTED = (
    "Demandez le classeur enregistré sans restriction d'accès (Excel : Fichier, Informations, Protéger le classeur, "
    "Restreindre l'accès, Accès illimité)."
)
_SHORTCUTS = (b"[internetshortcut]", b"[desktop entry]", b"bplist00\xd1\x01\x02surl")
_GNUMERIC = b"http://www.gnumeric.org/"  # its workbooks are XML, compressed unless one asks otherwise
_CLOUD = re.compile(rb'\{[^{}]*"(?:url|doc_id)"\s*:')
"""The few words that an online drive leaves in place of a document."""


def not_an_archive(data: bytes) -> RefusedError:
    """Why bytes that do not begin as an archive are no workbook (F01 to F04)."""
    if data.startswith(ole.MAGIC):
        return _ole(data)
    if _GNUMERIC in _head(data):
        return RefusedError("F04", "C'est un classeur Gnumeric (.gnumeric).")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            small = magic in _DRAWN and len(data) < SMALL_PICTURE
            remedy = TAKE_OUT if what.startswith("une archive") else ""
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.", harmless=small, remedy=remedy)
    for magic, what in _LATER_MAGIC:
        if magic in data[4:16]:
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    if data[257:262] == b"ustar":
        return RefusedError("F02", "Ce n'est pas un classeur mais une archive tar.", remedy=TAKE_OUT)
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return RefusedError("F04", "C'est une feuille de calcul XML 2003, un ancien format.")
    if b"urn:oasis:names:tc:opendocument:xmlns:office:1.0" in head and b"office:document" in head:
        return RefusedError("F04", "C'est un classeur OpenDocument en un seul fichier XML (.fods).")
    if head.startswith((b"<svg", b"<!doctype svg")) or (head.startswith(b"<?xml") and b"<svg" in head):
        return RefusedError("F02", "Ce n'est pas un classeur mais un dessin SVG.", harmless=True)
    by_drive = _CLOUD.match(head) is not None
    if by_drive or head.startswith(_SHORTCUTS) or (b"<plist" in head and b"<key>url</key>" in head):
        message = "Ce n'est pas un classeur mais un raccourci vers un fichier en ligne."
        return RefusedError("F02", message, harmless=by_drive, remedy=_DOWNLOAD)
    if head.startswith((b"<!doctype html", b"<html")) or b"<table" in head:
        return RefusedError("F02", "Ce n'est pas un classeur mais une page HTML.")
    if _is_text(data[:2000]):
        return RefusedError("F02", "Ce n'est pas un classeur mais un fichier texte ou CSV.", harmless=True)
    return RefusedError("F01", "Le contenu n'est celui d'aucun classeur que le programme connaisse.")


def _head(data: bytes) -> bytes:
    """The first bytes of a file, or of what it compresses."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data[:2000], 2000)
    except zlib.error:
        return data[:2000]


def _is_text(head: bytes) -> bool:
    """Whether bytes read as a text, in UTF-16 or in an encoding that leaves ASCII as it is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any((byte < 32 and byte not in b"\t\n\r\f") or byte == 127 for byte in head)


def _ole(data: bytes) -> RefusedError:
    """An OLE container: a protected workbook, an old one, a message..., by the streams it holds."""
    names = ole.streams(data)
    if any("DRM" in name for name in names):
        message = "Le classeur est protégé par une gestion des droits (IRM), qui en réserve l'accès."
        return RefusedError("F03", message, remedy=_UNRESTRICTED)
    if "EncryptedPackage" in names:
        return RefusedError("F03", "Le classeur est protégé par un mot de passe d'ouverture.")
    if names & {"Workbook", "Book"}:
        return RefusedError("F04", "Le classeur est à l'ancien format .xls.")
    if any("\u3800" <= sign <= "\u4840" for name in names for sign in name):  # how an installer packs its names
        return RefusedError("F02", "Ce n'est pas un classeur mais un programme d'installation (.msi).")
    for stream, what in _OLE_DOCUMENTS.items():
        if stream in names:
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    return RefusedError("F02", "Ce n'est pas un classeur mais un autre document d'un ancien format.")


_OLE_DOCUMENTS = {
    "WordDocument": "un document Word",
    "PowerPoint Document": "une présentation PowerPoint",
    "VisioDocument": "un dessin Visio",
    "Quill": "une publication Publisher",
    "Catalog": "un cache de miniatures de Windows",
}


_FAMILIES = (
    ("word/document.xml", "un document Word"),
    ("ppt/presentation.xml", "une présentation PowerPoint"),
    ("index/document.iwa", "un document Numbers, Pages ou Keynote : exportez-le au format Excel"),
    ("index.zip", "un document Numbers, Pages ou Keynote : exportez-le au format Excel"),
)


def kind(members: Mapping[str, bytes], main: str) -> str:
    """``xlsx`` or ``ods``. Raises :class:`RefusedError` (F01 to F04) for any other archive.

    ``members`` by part name, ``main`` the main part, if there is one.
    """
    if main.endswith(".xml") and main in members and not main.startswith(("word/", "ppt/")):
        return "xlsx"
    if main.endswith(".bin") or "xl/workbook.bin" in members:
        raise RefusedError("F04", "Le classeur est au format binaire .xlsb.")
    mimetype = members.get("mimetype", b"")
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in members.get("meta-inf/manifest.xml", b""):
            raise RefusedError("F03", "Le classeur est protégé par un mot de passe d'ouverture.")
        if "content.xml" not in members:
            raise RefusedError("F01", "Le classeur est incomplet : son contenu manque.")
        return "ods"
    for name, what in _FAMILIES:
        if name in members:
            raise RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    if mimetype.startswith(b"application/epub"):
        raise RefusedError("F02", "Ce n'est pas un classeur mais un livre électronique (EPUB).")
    if mimetype:
        raise RefusedError("F02", "Ce n'est pas un classeur mais un autre document OpenDocument.")
    if "[content_types].xml" in members:
        raise RefusedError("F01", "Le classeur est incomplet : sa partie principale manque.")
    raise RefusedError("F02", "Ce n'est pas un classeur mais une archive ZIP.")
