"""What a file really is, whatever its name says: by its first bytes, or by the members of its archive."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.intake import ole
from engine.intake.refusal import RefusedError

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
)
_LATER_MAGIC = (
    (b"WEBP", "une image WebP"),
    (b"ftyphei", "une photographie HEIC"),
    (b"ftypmif1", "une photographie HEIC"),
    (b"ftypavif", "une image AVIF"),
)


_MESSAGE = re.compile(
    rb"(?:from \S+ [^\n]*\n)?(?:(?:received|return-path|delivered-to|mime-version|message-id|from|to|date|subject"
    rb"|content-type|x-[a-z-]+|dkim-signature|reply-to): ?[^\n]*\n(?:[ \t][^\n]*\n)*){3}"
)
"""Three headers of a message; compared in lower case."""


def not_an_archive(data: bytes) -> RefusedError:
    """Why bytes that do not begin as an archive are no workbook (F01 to F04)."""
    if data.startswith(ole.MAGIC):
        return _ole(data)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.", harmless=magic == b"GIF8")
    for magic, what in _LATER_MAGIC:
        if magic in data[4:16]:
            return RefusedError("F02", f"Ce n'est pas un classeur mais {what}.")
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return RefusedError("F04", "C'est une feuille de calcul XML 2003, un ancien format.")
    if b"urn:oasis:names:tc:opendocument:xmlns:office:1.0" in head and b"office:document" in head:
        return RefusedError("F04", "C'est un classeur OpenDocument en un seul fichier XML (.fods).")
    if head.startswith((b"<svg", b"<!doctype svg")) or (head.startswith(b"<?xml") and b"<svg" in head):
        return RefusedError("F02", "Ce n'est pas un classeur mais un dessin SVG.", harmless=True)
    if head.startswith((b"[internetshortcut]", b"[desktop entry]")):
        return RefusedError("F02", "Ce n'est pas un classeur mais un raccourci vers un fichier en ligne.")
    if _MESSAGE.match(head):
        return RefusedError("F02", "Ce n'est pas un classeur mais un message : enregistrez sa pièce jointe.")
    if head.startswith((b"<!doctype html", b"<html")) or b"<table" in head:
        return RefusedError("F02", "Ce n'est pas un classeur mais une page HTML.")
    if _is_text(data[:2000]):
        return RefusedError("F02", "Ce n'est pas un classeur mais un fichier texte ou CSV.", harmless=True)
    return RefusedError("F01", "Le contenu n'est celui d'aucun classeur : fichier endommagé.")


def _is_text(head: bytes) -> bool:
    """Whether bytes read as a text, in UTF-16 or in an encoding that leaves ASCII as it is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any((byte < 32 and byte not in b"\t\n\r\f") or byte == 127 for byte in head)


def _ole(data: bytes) -> RefusedError:
    """An OLE container: a protected workbook, an old one, a message..., by the streams it holds."""
    names = ole.streams(data)
    if any("DRM" in name for name in names):
        return RefusedError("F03", "Le classeur est protégé par une gestion des droits (IRM), qui en réserve l'accès.")
    if "EncryptedPackage" in names:
        return RefusedError("F03", "Le classeur est protégé par un mot de passe d'ouverture.")
    if any(name.startswith("__properties_version1") for name in names):
        return RefusedError("F02", "Ce n'est pas un classeur mais un message Outlook : enregistrez sa pièce jointe.")
    if names & {"Workbook", "Book"}:
        return RefusedError("F04", "Le classeur est à l'ancien format .xls.")
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
    if mimetype:
        raise RefusedError("F02", "Ce n'est pas un classeur mais un autre document OpenDocument.")
    if any(name.lower().endswith((".xlsx", ".ods", ".xls")) for name in members):
        raise RefusedError("F02", "C'est une archive de classeurs : sortez-les de l'archive.")
    if "[content_types].xml" in members:
        raise RefusedError("F01", "Le classeur est incomplet : sa partie principale manque.")
    raise RefusedError("F02", "Ce n'est pas un classeur mais une archive ZIP.")
