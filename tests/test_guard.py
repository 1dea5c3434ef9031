"""What is refused before any parser sees it, and that it never stops the rest."""

from __future__ import annotations

import errno
import gzip
import io
import os
import random
import re
import struct
import zipfile

import pytest

from engine.intake.context import Context
from engine.intake.files import collect, read_file
from engine.intake.safety import guard
from engine.model import Kind
from engine.model.texts import fold
from tests import cohorts
from tests.libreoffice import Office

ORAL, NOTES = Kind.ORAL, Kind.NOTES
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
"""What begins as an OLE container, and holds no stream; :func:`ole` makes one that holds some."""


def ole(*streams: str) -> bytes:
    """An OLE container of empty streams, three at most: its header, its table of sectors, its directory."""
    header = bytearray(OLE[:8] + bytes(504))
    struct.pack_into("<HH", header, 30, 9, 6)
    struct.pack_into("<L", header, 44, 1)
    struct.pack_into("<L", header, 48, 1)
    struct.pack_into("<109L", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128L", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = b""
    for rank, name in enumerate(("Root Entry", *streams)):
        encoded = (name + "\0").encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), 2 if rank else 5) + bytes(61)
    return bytes(header) + table + entries.ljust(512, b"\0")


SHEET = "xl/worksheets/sheet1.xml"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
XML_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
GNUMERIC = b'<?xml version="1.0"?><gnm:Workbook xmlns:gnm="http://www.gnumeric.org/v10.dtd"/>'
DTD = b"<!DOCTYPE w [<!ENTITY a 'b'>]>"
NOISE = random.Random(1).randbytes(5000)


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return made.getvalue()


def holding(name: str, content: bytes = b"x"):
    return lambda _: archive(**{name: content})


def with_member(real: bytes, name: str, content: bytes) -> bytes:
    made = io.BytesIO(real)
    with zipfile.ZipFile(made, "a") as package:
        package.writestr(name, content)
    return made.getvalue()


def twice(real: bytes) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return with_member(real, SHEET, b"<worksheet/>")


def with_sheet(change):
    """The real workbook, the XML of its first sheet changed."""

    def spoil(real: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(real)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = change(old.read(name)) if name == SHEET else old.read(name)
                if content is not None:
                    new.writestr(name, content)
        return made.getvalue()

    return spoil


def far_cell(sheet: bytes) -> bytes:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return sheet.replace(b"</sheetData>", row)


# file name, its bytes from those of a real return, code, what the message names
REFUSED = [
    ("vide.xlsx", lambda _: b"", "F01", "vide"),
    ("zéros.xlsx", lambda _: bytes(4000), "F01", "que des zéros"),
    ("tronqué.xlsx", lambda real: real[: len(real) // 2], "F01", "tronqué ou endommagé"),
    ("altéré.xlsx", lambda real: real[:3000] + bytes(50) + real[3050:], "F01", "endommagé"),
    ("hasard.xlsx", lambda _: NOISE, "F01", "aucun classeur"),
    ("sans feuille.xlsx", with_sheet(lambda _: None), "F01", "« Grand oral » manque"),
    ("sans contenu.ods", holding("mimetype", ODS), "F01", "incomplet"),
    ("scan.xlsx", lambda _: b"%PDF-1.7\n...", "F02", "PDF"),
    ("page.xls", lambda _: b"<html><body><table><tr><td>4</td></tr></table>", "F02", "HTML"),
    ("tableau.csv", lambda _: "Code;Niveau\r\n1.1;4\r\n".encode("cp1252"), "F02", "CSV"),
    ("texte unicode.xlsx", lambda _: "Code\tNiveau\r\n".encode("utf-16"), "F02", "texte"),
    ("mot.txt", lambda _: b"bonjour", "F02", "texte"),
    ("lettre.xlsx", holding("word/document.xml"), "F02", "Word"),
    ("ancienne lettre.doc", lambda _: ole("WordDocument"), "F02", "Word"),
    ("grille.numbers", holding("Index/Document.iwa"), "F02", "Numbers"),
    ("photo.xlsx", lambda _: b"\xff\xd8\xff\xe0 JFIF", "F02", "JPEG"),
    ("photo de téléphone.heic", lambda _: b"\0\0\0\x18ftypheic\0\0\0\0", "F02", "HEIC"),
    ("archive.xlsx", holding("xl/media/grille.txt"), "F02", "archive ZIP"),
    ("protégé.xlsx", lambda _: ole("EncryptedPackage"), "F03", "mot de passe"),
    ("ancien.xls", lambda _: ole("Workbook"), "F04", ".xls"),
    ("2003.xml", lambda _: XML_2003, "F04", "XML 2003"),
    ("grille.gnumeric", lambda _: gzip.compress(GNUMERIC), "F04", "Gnumeric"),
    ("sans compression.gnumeric", lambda _: GNUMERIC, "F04", "Gnumeric"),
    ("grille.xlsx.gz", gzip.compress, "F02", "archive gzip"),
    ("binaire.xlsb", holding("xl/workbook.bin"), "F04", ".xlsb"),
    ("entités.xlsx", with_sheet(lambda sheet: sheet.replace(b"<worksheet", DTD + b"<worksheet", 1)), "F05", "DTD"),
    ("entités 16.xlsx", with_sheet(lambda _: DTD.decode().encode("utf-16")), "F05", "DTD"),
    ("double.xlsx", twice, "F05", "même nom"),
    ("échappé.xlsx", lambda real: with_member(real, "../../cle", b""), "F05", "sort du classeur"),
    ("immense.xlsx", with_sheet(far_cell), "F05", "1048576 lignes"),
]  # fmt: skip


DROPPINGS = [
    *("~$oral.xlsx", "._oral.xlsx", ".~lock.oral.xlsx#", ".DS_Store", "Thumbs.db", "desktop.ini"),
    *("oral.xlsx.part", "oral.xlsx.crdownload"),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """One cohort that received every bad file, and one good return among them."""
    cohort = cohorts.make(tmp_path_factory.mktemp("garde") / "Promotion d'été")
    good = cohort.filled(ORAL).save("jurys/grand oral.xlsx")
    for name, make, *_ in REFUSED:
        cohort.write(f"vrac/{name}", make(good.read_bytes()))
    for name in DROPPINGS:
        cohort.write(f"vrac/{name}", b"x")
    return cohort.consolidate()


@pytest.mark.parametrize(("name", "make", "code", "said"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_no_readable_workbook_is_refused_and_named(results, name, make, code, said):
    row = results.anomaly(code, Fichier=f"vrac/{name}")
    plainly_none = name in ("tableau.csv", "mot.txt")  # a text that names no sheet and nobody
    assert row["Gravité"] == ("avertissement" if plainly_none else "bloquante")
    assert fold(said) in fold(row["Message"])
    assert row["Correction"]
    assert results.states[f"vrac/{name}"] == "Refusé"
    assert len(results.anomalies(Fichier=f"vrac/{name}")) == 1


def test_bad_files_never_stop_the_good_one(results):
    assert results.states["jurys/grand oral.xlsx"] == "Accepté"
    assert results.value("007", "points", "O01", "J01") == 1


@pytest.mark.parametrize("name", DROPPINGS)
def test_droppings_of_systems_are_counted_and_not_read(results, name):
    assert results.states[f"vrac/{name}"] == "Ignoré"
    assert results.anomalies(Fichier=f"vrac/{name}") == []


def test_macros_are_told_and_the_values_read(cohort):
    path = cohort.filled(ORAL).save("oral.xlsm")
    cohorts.rewrite(path, {"xl/vbaProject.bin": b"Sub Auto_Open()"})
    results = cohort.consolidate()
    row = results.anomaly("F09")
    assert (row["Gravité"], row["Fichier"]) == ("avertissement", "oral.xlsm")
    assert results.states == {"oral.xlsm": "Accepté avec réserves"}
    assert results.value("007", "points", "O08", "J01") == 5


def test_a_damaged_sheet_does_not_spoil_its_neighbours(cohort):
    path = cohort.filled(ORAL).save("oral.xlsx")
    points_nowhere = b'<c r="A13" t="s"><v>999999</v></c>'
    cohorts.rewrite(path, {SHEET: lambda sheet: re.sub(rb'<c r="A13".*?</c>', points_nowhere, sheet)})
    results = cohort.consolidate()
    row = results.anomaly("F01")
    assert (row["Gravité"], row["Fichier"], row["Feuille"]) == ("bloquante", "oral.xlsx", "Grand oral")
    assert results.summary("007")["Transversales"] == 15
    assert results.states == {"oral.xlsx": "Accepté avec réserves"}
    assert ("J01", "007", "ORAL") in results.missing()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such thing as a named pipe here")
def test_links_and_pipes_are_refused_without_being_followed(cohort, tmp_path):
    book = cohort.filled(ORAL).save("vrai.xlsx")
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    book.rename(elsewhere / "oral.xlsx")
    (cohort.returns / "lien.xlsx").symlink_to(elsewhere / "oral.xlsx")
    (cohort.returns / "boucle").symlink_to(cohort.returns)
    (cohort.returns / "dossier").symlink_to(elsewhere)
    os.mkfifo(cohort.returns / "tube.xlsx")
    cohort.filled(NOTES).save("notes.xlsx")
    results = cohort.consolidate()
    links = {"lien.xlsx", "boucle", "dossier", "tube.xlsx"}
    assert {row["Fichier"] for row in results.anomalies("F06")} == links
    assert {name for name, state in results.states.items() if state == "Refusé"} == links
    assert results.states["notes.xlsx"] == "Accepté"
    assert results.value("007", "points", "O01") is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_what_may_not_be_read_is_told_by_name(cohort):
    cohort.filled(ORAL).save("interdit.xlsx").chmod(0)
    closed = cohort.filled(Kind.GRILLE).save("fermé/grille.xlsx").parent
    closed.chmod(0)
    cohort.filled(NOTES).save("notes.xlsx")
    try:
        results = cohort.consolidate()
    finally:
        closed.chmod(0o700)
    assert {row["Fichier"] for row in results.anomalies("F06")} == {"interdit.xlsx", "fermé"}
    assert results.states["notes.xlsx"] == "Accepté"


def test_a_folder_that_may_not_be_read_is_told_and_its_neighbours_read(cohort, monkeypatch):
    cohort.filled(ORAL).save("fermé/oral.xlsx")
    notes = cohort.filled(NOTES).save("notes.xlsx")
    scan = os.scandir

    def refuse(folder):
        if str(folder).endswith("fermé"):
            raise PermissionError(13, "Permission non accordée", str(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = collect(cohort.returns)
    assert found == [cohort.returns / "fermé", notes]
    report = read_file(found[0], "fermé", Context(cohort.referential, cohort.roster))
    assert [(each.code, each.message) for each in report.anomalies] == [
        ("F06", "Le dossier « fermé » ne peut pas être lu.")
    ]


def test_a_disk_that_fails_costs_one_file(cohort, monkeypatch):
    path = cohort.filled(ORAL).save("oral.xlsx")

    def fail(descriptor, _):
        os.close(descriptor)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdopen", fail)
    report = read_file(path, "oral.xlsx", Context(cohort.referential, cohort.roster))
    assert [(each.code, "le disque ou le réseau" in each.message) for each in report.anomalies] == [("F06", True)]


def test_a_program_error_costs_one_file_and_is_told(cohort, monkeypatch):
    path = cohort.filled(ORAL).save("oral.xlsx")
    monkeypatch.setattr("engine.intake.readers.workbook.read", lambda _: 1 / 0)
    report = read_file(path, "oral.xlsx", Context(cohort.referential, cohort.roster))
    assert [each.code for each in report.anomalies] == ["F08"]
    assert "ZeroDivisionError" in report.anomalies[0].message


def test_a_file_still_growing_waits(cohort, monkeypatch):
    path = cohort.filled(ORAL).save("oral.xlsx")
    look = os.fstat

    def grow(descriptor):
        seen = look(descriptor)
        with path.open("ab") as file:
            file.write(b"more")
        return seen

    monkeypatch.setattr(os, "fstat", grow)
    with pytest.raises(guard.RefusedError) as refused:
        guard.load(path)
    assert refused.value.code == "F07"


def test_a_file_too_large_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "MAX_FILE", 10)
    path = tmp_path / "gros.xlsx"
    path.write_bytes(bytes(11))
    with pytest.raises(guard.RefusedError) as refused:
        guard.load(path)
    assert refused.value.code == "F05"


def test_a_folder_of_returns_that_is_gone_holds_nothing(cohort):
    cohort.returns.rmdir()
    assert collect(cohort.returns) == []
    assert cohort.consolidate().states == {}


def test_any_byte_may_be_spoiled_without_an_unknown_error(cohort):
    """Whatever happens to a real return, its reading ends with the codes of the catalogue, never with a surprise."""
    real = bytearray(cohort.filled(ORAL).save("oral.xlsx").read_bytes())
    chance = random.Random(7)
    context = Context(cohort.referential, cohort.roster)
    for _ in range(60):
        spoiled = bytearray(real)
        for _ in range(chance.randint(1, 4)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        path = cohort.write("oral.xlsx", bytes(spoiled))
        assert "F08" not in {each.code for each in read_file(path, "oral.xlsx", context).anomalies}


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("name", "code"), [("p.xlsx", "F03"), ("p.ods", "F03"), ("ancien.xls", "F04"), ("g.pdf", "F02")]
)
def test_files_as_a_real_program_saves_them(cohort, office: Office, name, code):
    book = cohort.filled(ORAL).save("oral.xlsx")
    password = "secret" if code == "F03" else None
    office.edit(book, cohort.returns / name, password=password)
    results = cohort.consolidate()
    assert results.anomaly(code)["Fichier"] == name
    assert results.states == {"oral.xlsx": "Accepté", name: "Refusé"}
