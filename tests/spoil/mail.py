"""Messages and archives: workbooks within, and what is found in their place."""

from __future__ import annotations

from engine.model import Kind
from tests import mails
from tests import test_guard as guard
from tests.spoil.case import Case, Desk, File, Spoil

ALL = ("*",)
JPEG = b"\xff\xd8\xff\xe0 JFIF" + bytes(200)
SEALED = (
    b"From: benali@exemple.fr\nTo: secretariat@exemple.fr\nDate: Mon, 2 Jun 2025 10:00:00 +0200\nMIME-Version: 1.0\n"
    b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n'
    b"Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAx\n"
)


def within(make, name: str) -> Spoil:
    """The filled workbook in a container that ``make`` makes of it."""
    return lambda desk: [File(make(_grid(desk)), name)]


def _grid(desk: Desk) -> dict[str, bytes]:
    return {"Grille.xlsx": desk.bytes(Kind.GRILLE)}


def just(content: bytes, name: str) -> Spoil:
    """A file that owes nothing to ours."""
    return lambda _: [File(content, name)]


def encrypted(pieces: dict[str, bytes]) -> bytes:
    """An archive that says that its members are encrypted."""
    made = bytearray(mails.archive(pieces))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.find(mark) + flags] |= 1
    return bytes(made)


def refused(code: str, name: str, spoil: Spoil) -> Case:
    """A container of which nothing is read."""
    return Case(name, code, spoil, lost=ALL, state="Refusé")


CASES = [
    Case("message .eml auquel la fiche est jointe", "", within(mails.eml, "Grille.eml"), state="Accepté"),
    Case("message Outlook .msg auquel la fiche est jointe", "", within(mails.msg, "Grille.msg"), state="Accepté"),
    Case("archive .zip de classeurs", "", within(mails.archive, "Grilles.zip"), state="Accepté"),
    Case("archive de classeurs nommée .xlsx", "", within(mails.archive, "Grilles.xlsx"), state="Accepté"),
    Case("archive jointe à un message", "", within(
        lambda pieces: mails.eml({"Grilles.zip": mails.archive(pieces)}), "Grille.eml"
    ), state="Accepté"),
    Case("message où la fiche est jointe à côté d'un PDF", "F02", within(
        lambda pieces: mails.eml(pieces | {"Scan.pdf": b"%PDF-1.7"}), "Grille.eml"
    )),
    refused("F02", "message auquel rien n'est joint", just(mails.eml({}), "Re grille.eml")),
    refused("F02", "message Outlook auquel rien n'est joint", just(mails.msg({}), "Re grille.msg")),
    refused("F02", "archive ZIP d'images", just(guard.archive(**{"scan1.jpg": JPEG}), "Grilles.zip")),
    refused("F03", "message chiffré", just(SEALED, "Grille.eml")),
    refused("F03", "archive de classeurs protégée par mot de passe", within(encrypted, "Grilles.zip")),
    refused("F05", "archive dans une archive jointe à un message", within(
        lambda pieces: mails.eml({"a.zip": mails.archive({"b.zip": mails.archive(pieces)})}), "Grille.eml"
    )),
    refused("F05", "archive de plus de deux cents fichiers", just(
        mails.archive({f"{rank}.txt": b"x" for rank in range(201)}), "Grilles.zip"
    )),
    refused("F05", "archive dont un nom remonte hors du dossier", within(
        lambda pieces: mails.archive({"../../Grille.xlsx": pieces["Grille.xlsx"]}), "Grilles.zip"
    )),
]  # fmt: skip
