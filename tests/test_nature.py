"""What a file is, told by what makes it so and never by words that it happens to hold."""

from __future__ import annotations

import random

import pytest

from engine import referential
from engine.intake.context import Context
from engine.intake.files import read_file
from engine.intake.safety import guard
from engine.intake.safety.refusal import RefusedError
from engine.model.anomalies import Gravity
from tests.packages import zipped
from tests.test_guard import ole

WORDS = "Workbook MacBook WordDocument EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("streams", "code", "word"),
    [
        (["\u4840\u3f3f\u4577"], "F02", ".msi"),
        (["EncryptedPackage", "EncryptionInfo"], "F03", "mot de passe"),
        (["EncryptedPackage", "DRMEncryptedTransform"], "F03", "gestion des droits"),
        (["Workbook"], "F04", ".xls"),
        (["WordDocument"], "F02", "Word"),
        (["PowerPoint Document"], "F02", "PowerPoint"),
        (["Autre"], "F02", "ancien format"),
    ],
)
def test_an_ole_container_is_what_its_streams_make_it(streams, code, word):
    with pytest.raises(RefusedError, match=word) as refused:
        guard.open_package(ole(*streams) + WORDS)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"bplist00\xd1\x01\x02SURL_\x10\x14https://exemple.fr", "raccourci"),
        (
            b'<?xml version="1.0"?><plist version="1.0"><dict><key>URL</key><string>x</string></dict></plist>',
            "raccourci",
        ),
        (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "raccourci"),
        (bytes(257) + b"ustar\x0000", "archive tar"),
        (zipped({"mimetype": b"application/epub+zip"}), "EPUB"),
        (b"\x78\x9f\x3e\x22" + bytes(50), "winmail.dat"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "SVG"),
        (b"[InternetShortcut]\r\nURL=https://exemple.fr\r\n", "raccourci"),
    ],
)
def test_other_natures_are_named(data, word):
    with pytest.raises(RefusedError, match=word):
        guard.open_package(data)


def test_pictures_are_never_inflated_however_big_they_are():
    big = {"xl/media/image1.bmp": bytes(60_000_000), "xl/workbook.xml": b"<workbook/>"}
    assert guard.open_package(zipped(big)).members["xl/media/image1.bmp"] == b""
    with pytest.raises(RefusedError) as refused:
        guard.open_package(zipped({"xl/styles.xml": bytes(21_000_000)}))
    assert refused.value.code == "F05"


def test_a_file_too_large_says_when_its_pictures_make_it_so(tmp_path):
    path, noise = tmp_path / "gros.xlsx", random.Random(1).randbytes(31_000_000)
    path.write_bytes(zipped({"xl/media/image1.png": noise, "xl/workbook.xml": b"<workbook/>"}))
    with pytest.raises(RefusedError, match="images en font 31 Mo") as refused:
        guard.load(path)
    assert refused.value.code == "F05"
    assert "compressez" in refused.value.remedy
    path.write_bytes(noise)
    with pytest.raises(RefusedError) as refused:
        guard.load(path)
    assert "images" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "gravity"),
    [
        ("Lisez-moi.txt", b"Bonjour", Gravity.WARNING),
        ("logo.gif", b"GIF89a", Gravity.WARNING),
        ("logo.png", b"\x89PNG" + bytes(59_000), Gravity.WARNING),
        ("capture.png", b"\x89PNG" + bytes(60_000), Gravity.BLOCKING),
        ("Grille de Martin.txt", b"Bonjour", Gravity.BLOCKING),
        ("mot.xlsx", b"Bonjour", Gravity.BLOCKING),
        ("scan.pdf", b"%PDF-1.7", Gravity.BLOCKING),
        ("IMG_1.jpg", b"\xff\xd8\xff\xe0", Gravity.BLOCKING),
    ],
)
def test_what_is_plainly_no_return_warns(tmp_path, name, content, gravity):
    cgco = referential.load("cgco_rncp34465", base=tmp_path)
    path = tmp_path / name
    path.write_bytes(content)
    (anomaly,) = read_file(path, name, Context(cgco)).anomalies
    assert (anomaly.code, anomaly.gravity) == ("F02", gravity)
