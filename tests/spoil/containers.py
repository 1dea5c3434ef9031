"""What is no readable workbook (F01 to F09), what is no return at all, and odd containers that read as they should."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile

from engine.model import Kind
from tests import test_guard as guard
from tests.spoil.case import FIRST, Case, File, Spoil, member, repacked, replaced, sheet, spoiled
from tests.spoil.ods import as_ods, huge_ods

ALL = ("*",)
OOXML = "http://schemas.openxmlformats.org/"
WORKBOOK, RELS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
LAUGHS = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def just(content: bytes, name: str) -> Spoil:
    """A file that owes nothing to ours."""
    return lambda _: [File(content, name)]


def refused(code: str, name: str, spoil: Spoil) -> Case:
    """A file of which nothing is read."""
    return Case(name, code, spoil, lost=ALL, state="Refusé")


def cut_in_sheet(content: bytes) -> bytes:
    return content[: content.index(b"</sheetData>") - 400]


def far(address: str, row: int) -> bytes:
    return b'<row r="%d"><c r="%s"><v>1</v></c></row></sheetData>' % (row, address.encode())


def before_root(declaration: bytes, root: bytes):
    return lambda content: content.replace(b"<" + root, declaration + b"<" + root, 1)


def bomb(_: object) -> list[File]:
    """Two hundred megabytes of spaces in some two hundred kilobytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr(WORKBOOK, b"<workbook/>")
        with package.open(FIRST, "w", force_zip64=True) as target:
            for _ in range(200):
                target.write(b" " * 1_000_000)
    return [File(made.getvalue())]


def crowded(content: bytes) -> bytes:
    return repacked(content, {f"xl/media/image{rank}.png": b"x" for rank in range(2100)})


def encrypted(content: bytes) -> bytes:
    """Each member marked as encrypted, as archivers do."""
    made = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = made.find(mark)
        while start >= 0:
            made[start + flags] |= 1
            start = made.find(mark, start + 4)
    return bytes(made)


def wrong_checksum(content: bytes) -> bytes:
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 16] + b"\x00\x01\x02\x03" + content[at + 20 :]


def large(path) -> None:
    with path.open("wb") as file:
        file.truncate(31_000_000)


DAMAGED = [
    refused("F01", "fichier de zéro octet", just(b"", "Grille.xlsx")),
    refused("F01", "fichier rempli de zéros (copie interrompue)", just(bytes(4000), "Grille.xlsx")),
    refused("F01", "première moitié du fichier seulement", spoiled(lambda real: real[: len(real) // 2])),
    refused("F01", "derniers octets perdus", spoiled(lambda real: real[:-200])),
    refused("F01", "premiers octets perdus", spoiled(lambda real: real[300:])),
    refused("F01", "octets mis à zéro au milieu", spoiled(lambda real: real[:3000] + bytes(60) + real[3060:])),
    refused("F01", "octets pris au hasard", just(random.Random(1).randbytes(5000), "Grille.xlsx")),
    refused("F01", "somme de contrôle fausse", spoiled(wrong_checksum)),
    refused("F01", "feuille absente du classeur", member(FIRST, None)),
    refused("F01", "partie principale absente", member(WORKBOOK, None)),
    refused("F01", "partie principale tronquée", member(WORKBOOK, lambda part: part[: len(part) // 2])),
    refused("F01", "liste des feuilles tronquée", member(RELS, lambda part: part[: len(part) // 2])),
    refused("F01", ".ods sans contenu", just(guard.archive(mimetype=guard.ODS), "Grille.ods")),
    refused("F01", ".ods au contenu tronqué", lambda desk: [
        File(repacked(as_ods(desk.book(Kind.GRILLE)), {"content.xml": cut_half}), "Grille.ods")
    ]),
    Case("une feuille coupée au milieu", "F01", sheet(cut_in_sheet), lost=("GRILLE *",), state="Accepté avec réserves"),
    Case("une feuille vidée de son XML", "F01", sheet(lambda _: b""), lost=("GRILLE *",)),
    Case("une cellule qui figure deux fois", "F01", sheet(replaced(rb'<c r="G13"', b'<c r="G12"')), lost=("GRILLE *",)),
    Case("une cellule dont l'élément a changé de nom", "V09", sheet(
        replaced(rb'<c (r="G12".*?</)c>', rb"<x \1x>", count=1)
    ), lost=("GRILLE niveau 1.1",)),
    Case("un texte partagé qui n'existe pas", "F01", sheet(
        replaced(rb'<c r="A11"[^>]*>.*?</c>', b'<c r="A11" t="s"><v>999999</v></c>')
    ), lost=("GRILLE *",)),
]  # fmt: skip


def cut_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


HTML = b"<html><body><table><tr><td>1.1</td><td>4</td></tr></table></body></html>"
CSV = "Code;Niveau\r\n1.1;4\r\n2.1;3\r\n".encode("cp1252")
SHORTCUT = b"[InternetShortcut]\r\nURL=https://exemple.fr/grille.xlsx\r\n"
MESSAGE = b"De : Karim Benali\nObjet : la grille\n\nVoici la grille."
OTHERS = [
    refused("F02", "PDF nommé .xlsx", just(b"%PDF-1.7\n1 0 obj\n", "Grille.xlsx")),
    refused("F02", "page web nommée .xls", just(HTML, "Grille.xls")),
    refused("F02", "CSV nommé .xlsx", just(CSV, "Grille.xlsx")),
    refused("F02", "CSV de caractères Unicode", just(CSV.decode("cp1252").encode("utf-16"), "Grille.csv")),
    refused("F02", "message enregistré en texte", just(MESSAGE, "Grille.eml")),
    refused("F02", "raccourci vers un fichier en ligne", just(SHORTCUT, "Grille.url")),
    refused("F02", "page web « .xlsx » d'un portail de connexion", just(b"<!DOCTYPE html><p>Connexion</p>", "G.xlsx")),
    refused("F02", "photographie JPEG de la grille", just(b"\xff\xd8\xff\xe0 JFIF", "Grille.xlsx")),
    refused("F02", "photographie HEIC d'un téléphone", just(b"\0\0\0\x18ftypheic\0\0\0\0", "IMG_2041.heic")),
    refused("F02", "capture d'écran PNG", just(b"\x89PNG\r\n\x1a\n", "Capture.png")),
    refused("F02", "document RTF", just(b"{\\rtf1 1.1 : 4}", "Grille.rtf")),
    refused("F02", "document Word", just(guard.archive(**{"word/document.xml": b"x"}), "Grille.xlsx")),
    refused("F02", "ancien document Word", just(guard.ole("WordDocument"), "Grille.doc")),
    refused("F02", "présentation PowerPoint", just(guard.archive(**{"ppt/presentation.xml": b"x"}), "Oral.pptx")),
    refused("F02", "document OpenDocument Texte", just(
        guard.archive(mimetype=b"application/vnd.oasis.opendocument.text"), "Grille.odt"
    )),
    refused("F02", "classeur Numbers", just(guard.archive(**{"Index/Document.iwa": b"x"}), "Grille.numbers")),
    refused("F02", "archive tar", just(bytes(257) + b"ustar\x0000" + bytes(250), "Grilles.tar")),
    refused("F02", "livre électronique EPUB", just(guard.archive(mimetype=b"application/epub+zip"), "Guide.epub")),
    refused("F02", "raccourci de Safari", just(
        b'<?xml version="1.0"?><plist version="1.0"><dict><key>URL</key></dict></plist>', "Grille.webloc"
    )),
    refused("F02", "archive RAR", just(b"Rar!\x1a\x07\x01\0", "Grilles.rar")),
    refused("F02", "archive 7-Zip", just(b"7z\xbc\xaf\x27\x1c", "Grilles.7z")),
    refused("F03", "classeur protégé par mot de passe", just(
        guard.ole("EncryptedPackage"), "Grille.xlsx"
    )),
    refused("F03", "archive chiffrée", spoiled(encrypted)),
    refused("F03", ".ods protégé par mot de passe", just(
        guard.archive(**{"mimetype": guard.ODS, "META-INF/manifest.xml": b"<encryption-data/>"}), "Grille.ods"
    )),
    refused("F04", "ancien classeur .xls", just(guard.ole("Workbook"), "Grille.xls")),
    refused("F04", "ancien classeur .xls nommé .xlsx", just(guard.ole("Book"), "Grille.xlsx")),
    refused("F04", "feuille de calcul XML 2003 nommée .xlsx", just(guard.XML_2003, "Grille.xlsx")),
    refused("F04", "classeur binaire .xlsb", just(guard.archive(**{"xl/workbook.bin": b"x"}), "Grille.xlsb")),
]  # fmt: skip

UNSAFE = [
    refused("F05", "entités en cascade dans une feuille", sheet(before_root(LAUGHS, b"worksheet"))),
    refused("F05", "entité externe dans une feuille", sheet(before_root(XXE, b"worksheet"))),
    refused("F05", "définition de type dans la partie principale", member(WORKBOOK, before_root(XXE, b"workbook"))),
    refused("F05", "définition de type écrite en UTF-16", sheet(lambda _: guard.DTD.decode().encode("utf-16"))),
    refused("F05", "deux éléments du même nom", spoiled(guard.twice)),
    refused("F05", "deux noms d'éléments à la casse près", member("XL/Worksheets/Sheet1.xml", b"<worksheet/>")),
    refused("F05", "élément qui remonte hors du classeur", spoiled(
        lambda real: guard.with_member(real, "../../cohorte.xlsx", b"")
    )),
    refused("F05", "élément au chemin absolu", spoiled(lambda real: guard.with_member(real, "/etc/hosts", b""))),
    refused("F05", "élément au chemin Windows", spoiled(lambda real: guard.with_member(real, "C:\\cle", b""))),
    refused("F05", "plus de deux mille éléments", spoiled(crowded)),
    refused("F05", "deux cents mégaoctets une fois décompressé", bomb),
    refused("F05", "fichier de trente et un mégaoctets", lambda _: [File(large)]),
    refused("F05", "valeur dans la dernière cellule de la grille", sheet(
        replaced(rb"</sheetData>", far("XFD1048576", 1048576))
    )),
    refused("F05", "valeur très à droite et valeur très en bas", sheet(
        replaced(rb"</sheetData>", far("XFD100", 100)[:-12] + far("A9999", 9999))
    )),
    refused("F05", "valeur au bout de la grille, sans adresse de ligne", sheet(
        replaced(rb"</sheetData>", b"<row><c r='XFD1048576'><v>1</v></c></row></sheetData>")
    )),
    refused("F05", ".ods de quatre-vingt-dix millions de cellules répétées", just(huge_ods(), "Grille.ods")),
]  # fmt: skip


def link(target):
    """A link, to a path told from that of the link."""
    return lambda _: [File(lambda path: path.symlink_to(target(path)), "Grille.xlsx")]


HAS_PIPES = hasattr(os, "mkfifo")
UNREADABLE = [
    Case(name, "F06", spoil, lost=ALL, state="Refusé", possible=HAS_PIPES)
    for name, spoil in (
        ("lien vers un fichier d'ailleurs", link(lambda path: path.parents[3] / "cohorte.xlsx")),
        ("lien vers un dossier", link(lambda path: path.parent)),
        ("lien vers lui-même", link(lambda path: path)),
        ("lien vers un fichier disparu", link(lambda path: path.with_name("parti.xlsx"))),
        ("lien vers un périphérique sans fin", link(lambda _: "/dev/zero")),
        ("tube nommé comme un classeur", lambda _: [File(os.mkfifo, "Grille.xlsx")]),
    )
]


MACROS = [
    Case("classeur .xlsm contenant des macros", "F09", lambda desk: [
        File(repacked(desk.bytes(Kind.GRILLE), {"xl/vbaProject.bin": b"Sub Auto_Open()"}), "Grille.xlsm")
    ], state="Accepté avec réserves"),
    Case("feuille de macros Excel 4", "F09", member("xl/macrosheets/sheet1.xml", b"<macrosheet/>")),
    Case(".ods contenant des macros", "F09", lambda desk: [
        File(repacked(as_ods(desk.book(Kind.GRILLE)), {"Basic/Standard/Module1.xml": b"<module/>"}), "Grille.ods")
    ]),
    Case("classeur .xlsm sans macro", "", lambda desk: [File(desk.bytes(Kind.GRILLE), "Grille.xlsm")]),
]  # fmt: skip

IGNORED = [
    Case(f"fichier de service « {name} »", "", just(b"x", name), lost=ALL, state="Ignoré")
    for name in (
        *("~$Grille.xlsx", "._Grille.xlsx", ".~lock.Grille.xlsx#", ".DS_Store", "Thumbs.db", "desktop.ini"),
        *(
            "Thumbs.db:encryptable",
            "Grille.xlsx:Zone.Identifier",
            ".~Grille.xlsx",
            ".nfs0000000012ab34",
            "~WRL0003.tmp",
        ),
        *("Grille.xlsx.!sync", "Grille.xlsx.filepart", "Grille.xlsx.driveupload", "Grille.xlsx.sb-1a2b3c4d-AbCdEf"),
        *("image001.png", "ATT00001.htm", "smime.p7s", "Sylvie.vcf", "Jury.ics", "Grille.xlsx.lnk"),
        *("Grille.xlsx.part", "Grille.xlsx.crdownload", "Grille.xlsx.icloud", "Grille.tmp"),
    )
]


# ----------------------------------------------------------------------- odd, and read all the same


def prefixed(content: bytes) -> bytes:
    """Every element under a namespace prefix."""
    content = content.replace(b" xmlns=", b" xmlns:x=")
    return replaced(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:")(content)


def single_quoted(content: bytes) -> bytes:
    return replaced(rb'(<c r=)"([^"]*)"', rb"\1'\2'")(content)


def unaddressed(content: bytes) -> bytes:
    """Cells and rows without their address; every cell up to the last of each row written, so that none moves."""
    return replaced(rb'(<row[^>]*?) r="\d+"|(<c)(?: r="[A-Z]+\d+")', rb"\1\2")(filled_in(content))


def filled_in(content: bytes) -> bytes:
    def line(match):
        held = {
            found[1]: found[0]
            for found in re.finditer(rb'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</c>)', match[2], re.DOTALL)
        }
        last = max(held, default=b"")
        letters = [bytes([65 + rank]) for rank in range(26) if bytes([65 + rank]) <= last]
        return match[1] + b"".join(held.get(letter, b'<c r="%s1"/>' % letter) for letter in letters) + b"</row>"

    return re.sub(rb"(<row[^>]*>)(.*?)</row>", line, content, flags=re.DOTALL)


def strict(content: bytes) -> bytes:
    """The names of the strict variant of the format."""
    return content.replace(
        b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"
    )


def strict_book(desk) -> bytes:
    relations = "schemas.openxmlformats.org/officeDocument/2006/relationships"
    real = desk.bytes(Kind.GRILLE)
    parts = [name for name in zipfile.ZipFile(io.BytesIO(real)).namelist() if name.startswith("xl/")]
    local = lambda part: strict(part).replace(  # noqa: E731
        relations.encode(), b"purl.oclc.org/ooxml/officeDocument/relationships"
    )
    return repacked(real, dict.fromkeys(parts, local))


def dimension(text: bytes):
    return sheet(replaced(rb"<dimension [^>]*/>", text))


ODD = [
    Case(name, "", spoil)
    for name, spoil in (
        ("liste des types absente", member(TYPES, None)),
        ("étendue annoncée absente", dimension(b"")),
        ("étendue annoncée trop petite", dimension(b'<dimension ref="A1:B2"/>')),
        ("étendue annoncée démesurée", dimension(b'<dimension ref="A1:XFD1048576"/>')),
        ("étendue annoncée illisible", dimension(b'<dimension ref="A0"/>')),
        ("feuille écrite avec des préfixes", sheet(prefixed)),
        ("attributs entre apostrophes", sheet(single_quoted)),
        ("cellules sans adresse", sheet(unaddressed)),
        ("variante stricte du format", strict_book),
        ("commentaires XML entre les cellules", sheet(replaced(rb"<c r=", b"<!-- . --><c r="))),
        ("déclaration et marque d'ordre UTF-8", sheet(
            lambda part: b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + part
        )),
        ("styles étendus à des colonnes entières", sheet(
            replaced(rb"</sheetData>", b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>')
        )),
        ("classeur converti en .ods", lambda desk: [File(as_ods(desk.book(Kind.GRILLE)), "Grille.ods")]),
        (".ods nommé .xlsx", lambda desk: [File(as_ods(desk.book(Kind.GRILLE)), "Grille.xlsx")]),
        ("classeur nommé .xls", lambda desk: [File(desk.bytes(Kind.GRILLE), "Grille.xls")]),
        ("classeur sans extension", lambda desk: [File(desk.bytes(Kind.GRILLE), "Grille")]),
    )
]  # fmt: skip

CASES = [*DAMAGED, *OTHERS, *UNSAFE, *UNREADABLE, *MACROS, *IGNORED, *ODD]
