"""What mail makes of the returns it carries: names, messages in messages, and what it puts beside."""

from __future__ import annotations

from base64 import encodebytes
from binascii import b2a_qp, b2a_uu
from datetime import timedelta
from email.message import EmailMessage

import pytest

from engine.model.anomalies import Gravity
from tests.mails import archive, compound, eml, message, msg, outlook
from tests.test_containers import MORNING, oral, read, told
from tests.test_guard import with_member


def test_names_are_decoded_and_no_piece_takes_the_name_of_another(nights):
    content = oral(nights)
    made = eml({"Grille d'été.xlsx": content})
    assert read(nights, "m.eml", made).inside[0].path == "m.eml › Grille d'été.xlsx"
    encoded = made.replace(
        b"filename*=utf-8''Grille%20d%27%C3%A9t%C3%A9.xlsx", b'filename="=?utf-8?q?=C3=A9t=C3=A9.xlsx?="'
    )
    assert encoded != made
    assert read(nights, "m.eml", encoded).inside[0].path == "m.eml › été.xlsx"
    twice = message({"a.xlsx": content})
    twice.add_attachment(content, maintype="application", subtype="octet-stream", filename="../../a.xlsx")
    assert [each.path for each in read(nights, "m.eml", twice.as_bytes()).inside] == [
        "m.eml › a.xlsx",
        "m.eml › a.xlsx (2)",
    ]


def test_a_forwarded_message_or_an_archive_in_a_message_is_opened_once(nights):
    content = oral(nights)
    inner = message({"a.xlsx": content}, sent=MORNING - timedelta(days=2))
    outer = message({}, sent=MORNING)
    outer.add_attachment(inner)
    report = read(nights, "m.eml", outer.as_bytes())
    assert [each.path for each in report.inside] == ["m.eml › message joint.eml › a.xlsx"]
    assert report.inside[0].modified == MORNING - timedelta(days=2)
    zipped = archive({"sous/a.xlsx": content})
    report = read(nights, "m.eml", eml({"z.zip": zipped}))
    assert [each.path for each in report.inside] == ["m.eml › z.zip › sous/a.xlsx"]
    report = read(nights, "m.eml", eml({"z.zip": archive({"y.zip": zipped}), "b.xlsx": content}))
    assert told(report) == [("F05", Gravity.BLOCKING, "m.eml › z.zip › y.zip")]
    assert report.inside[1].sheets


def test_a_message_of_outlook_is_opened_with_those_attached_to_it(nights):
    content, sent = oral(nights), MORNING - timedelta(days=3)
    report = read(nights, "m.msg", msg({"été.xlsx": content, "scan.pdf": b"%PDF-1.7"}, sent=sent))
    assert [each.path for each in report.inside] == ["m.msg › été.xlsx", "m.msg › scan.pdf"]
    assert report.inside[0].modified == sent
    assert told(report) == [("F02", Gravity.BLOCKING, "m.msg › scan.pdf")]
    inner = outlook({"a.xlsx": content}, sent=sent, header=24)
    report = read(nights, "m.msg", msg({"Transmis": inner}, sent=MORNING))
    assert [each.path for each in report.inside] == ["m.msg › Transmis › a.xlsx"]
    assert report.inside[0].modified == sent
    report = read(nights, "m.msg", msg({"A": outlook({"B": inner}, header=24), "b.xlsx": content}))
    assert told(report) == [("F05", Gravity.BLOCKING, "m.msg › A › B")]
    assert report.inside[1].sheets
    assert told(read(nights, "m.msg", msg({}))) == [("F02", Gravity.WARNING, "m.msg")]


def test_a_message_of_outlook_that_is_damaged_is_to_be_opened_in_outlook(nights):
    spoiled = bytearray(msg({"a.xlsx": oral(nights)}))
    spoiled[80:84] = b"\xf0\xff\xff\0"  # where a table of its sectors is said to be
    report = read(nights, "m.msg", bytes(spoiled))
    assert told(report) == [("F02", Gravity.BLOCKING, "m.msg")]
    assert report.anomalies[0].remedy.startswith("Ouvrez le message dans Outlook")


def test_what_outlook_links_or_inserts_is_never_passed_over(nights):
    inserted = {"__substg1.0_3704001F": "Fiche".encode("utf-16-le"), "__substg1.0_3701000D": {"Package": oral(nights)}}
    linked = {"__substg1.0_3707001F": "Grille.xlsx".encode("utf-16-le"), "__substg1.0_370D001F": b"h\0t\0t\0p\0"}
    other = {"__substg1.0_3704001F": "Fiche".encode("utf-16-le"), "__substg1.0_3701000D": {"Workbook": bytes(5000)}}
    tree = outlook({"a.xlsx": oral(nights, 0.5)})
    tree |= {f"__attach_version1.0_#{rank:08X}": each for rank, each in enumerate((inserted, linked, other), start=1)}
    report = read(nights, "m.msg", compound(tree))
    assert [len(each.sheets) for each in report.inside] == [2, 2, 0, 0]
    assert told(report) == [
        ("F02", Gravity.BLOCKING, "m.msg › Grille.xlsx"),
        ("F02", Gravity.WARNING, "m.msg › Fiche (2)"),
    ]


def test_what_mail_puts_beside_is_no_return(nights):
    made = message({"a.xlsx": oral(nights)})
    made.add_attachment(b"\x89PNG" + bytes(900), maintype="image", subtype="png", filename="logo.png", cid="<1>")
    made.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    made.add_attachment(b"BEGIN:VCARD", maintype="text", subtype="vcard", filename="moi.vcf")
    report = read(nights, "m.eml", made.as_bytes())
    assert told(report) == []
    assert [each.path for each in report.inside if not each.ignored] == ["m.eml › a.xlsx"]


def test_a_message_without_a_workbook_warns(nights):
    assert told(read(nights, "Grille de Martin.eml", eml({}))) == [("F02", Gravity.WARNING, "Grille de Martin.eml")]


def test_an_archive_without_a_workbook_blocks(nights):
    for pieces in ({"lisez-moi.txt": b"Bonjour"}, {"Grille/xl/workbook.xml": b"<workbook/>"}, {}):
        report = read(nights, "envoi.zip", archive(pieces))
        assert Gravity.BLOCKING in {gravity for _, gravity, _ in told(report)}


def test_an_attachment_that_may_be_a_return_blocks_as_it_would_beside(nights):
    report = read(
        nights, "m.eml", eml({"scan.pdf": b"%PDF-1.7", "notes.txt": b"Bonjour", "a.xlsx": oral(nights)[:900]})
    )
    assert told(report) == [
        ("F02", Gravity.BLOCKING, "m.eml › scan.pdf"),
        ("F02", Gravity.BLOCKING, "m.eml › notes.txt"),
        ("F01", Gravity.BLOCKING, "m.eml › a.xlsx"),
    ]


@pytest.mark.parametrize("cut", range(4))
def test_a_message_that_was_cut_short_has_a_truncated_workbook(nights, cut):
    sent = eml({"a.xlsx": oral(nights)})
    whole = sent[: sent.rindex(b"\n--")].rstrip(b"=\n")
    report = read(nights, "m.eml", whole[: len(whole) - 5_000 - cut])
    assert told(report) == [("F01", Gravity.BLOCKING, "m.eml › a.xlsx")]


@pytest.mark.parametrize("kind", ["enveloped-data", "signed-data"])
def test_a_sealed_message_is_told_for_what_it_is(nights, kind):
    made = EmailMessage()
    made["From"], made["Date"], made["Subject"] = "a@exemple.fr", "Mon, 2 Jun 2025 10:00:00 +0200", "Fiche"
    made.set_content(b"\x30\x80", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    made.set_param("smime-type", kind)
    assert [each[:2] for each in told(read(nights, "m.eml", made.as_bytes()))] == [("F03", Gravity.BLOCKING)]


def two_parts(about: bytes, encoding: bytes, content: bytes, ends: bytes = b"\r\n") -> bytes:
    """A message of a text, and of a part that says this about itself, in lines of these ends."""
    headers = b"From: a@exemple.fr\nTo: b@exemple.fr\nDate: Mon, 2 Jun 2025 10:00:00 +0200\n"
    part = about + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n" + content
    body = b"Content-Type: multipart/mixed; boundary=X\n\n--X\n\nBonjour\n--X\n" + part + b"\n--X--\n"
    return (headers + body).replace(b"\r\n", b"\n").replace(b"\n", ends)


@pytest.mark.parametrize(
    ("about", "name"),
    [
        (b'Content-Type: text/plain; name="=?x-mac-roman?Q?g=E9.xlsx?="', "gé.xlsx"),
        (b"Content-Disposition: Attachment", "pièce 1"),
        (b"Content-Type: binary/octet-stream", "pièce 1"),
    ],
)
def test_a_file_that_is_named_badly_or_not_at_all_is_no_text_of_its_message(nights, about, name):
    report = read(nights, "m.eml", two_parts(about, b"base64", encodebytes(oral(nights))))
    assert told(report) == []
    assert [(each.path, len(each.sheets)) for each in report.inside] == [(f"m.eml › {name}", 2)]


@pytest.mark.parametrize("encoding", [b"base64;", b'"Base64"', b"base64 (RFC 2045)"])
def test_an_encoding_is_known_by_its_word(nights, encoding):
    made = two_parts(b"Content-Type: application/octet-stream; name=a.xlsx", encoding, encodebytes(oral(nights)))
    report = read(nights, "m.eml", made)
    assert told(report) == []
    assert report.inside[0].sheets


@pytest.mark.parametrize(("within", "sent"), [(b"\n", b"\r\n"), (b"\r\n", b"\n")])
def test_a_workbook_sent_as_lines_of_text_is_read_whatever_became_of_their_ends(nights, within, sent):
    lines = with_member(oral(nights), "docProps/lines.bin", b"a\nb\r\nc").split(within)
    encoded = b"\n".join(b2a_qp(line, quotetabs=True, istext=False) for line in lines)
    made = two_parts(b"Content-Type: application/octet-stream; name=a.xlsx", b"quoted-printable", encoded, sent)
    report = read(nights, "m.eml", made)
    assert told(report) == []
    assert report.inside[0].sheets


@pytest.mark.parametrize("kind", [b"message/rfc822", b"message/global"])
def test_a_forwarded_message_is_opened_encoded_or_not(nights, kind):
    inner = eml({"a.xlsx": oral(nights)}, sent=MORNING)
    for encoding, content in ((b"base64", encodebytes(inner)), (b"8bit", inner)):
        report = read(nights, "m.eml", two_parts(b"Content-Type: " + kind, encoding, content))
        assert told(report) == []
        assert [each.path for each in report.inside] == ["m.eml › message joint.eml › a.xlsx"]
        assert report.inside[0].sheets


def in_text(nights, last=b"`\nend\n\nMerci.\n", after=b"", stripped=False):
    """A message whose text holds a workbook, each line of it followed by a sign more."""
    content = oral(nights)
    parts = (content[start : start + 45] for start in range(0, len(content), 45))
    lines = [b2a_uu(part, backtick=not stripped).rstrip(b"\n") + after for part in parts]
    lines = [line.rstrip() for line in lines] if stripped else lines
    headers = b"From: a@exemple.fr\nTo: b@exemple.fr\nDate: Mon, 2 Jun 2025 10:00:00 +0200\n\n"
    return headers + b"Bonjour,\nvoici.\n\nbegin 644 Fiche orale.xlsx\n" + b"\n".join(lines) + b"\n" + last


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"stripped": True, "last": b"\nend\n"},  # a program took off the blanks at the ends of lines
        {"last": b""},  # the message was cut
        {"after": b"x"},
        {"after": b"A"},
    ],
)
def test_a_workbook_in_the_text_itself_is_read(nights, how, ends):
    report = read(nights, "m.eml", in_text(nights, **how).replace(b"\n", ends))
    assert told(report) == []
    assert [(each.path, len(each.sheets)) for each in report.inside] == [("m.eml › Fiche orale.xlsx", 2)]


def test_what_a_mac_keeps_beside_a_file_is_no_return(nights):
    made = message({"a.xlsx": oral(nights)})
    made.add_attachment(b"\0\5\x16\7\0\2\0\0", maintype="application", subtype="applefile", filename="a.xlsx")
    report = read(nights, "m.eml", made.as_bytes())
    assert told(report) == []
    assert [each.path for each in report.inside] == ["m.eml › a.xlsx"]
