"""Archives that nobody vouches for: whatever they declare, what is read of them is bounded and checked."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from engine.intake.safety import archive
from engine.intake.safety.archive import inflate, pack
from engine.intake.safety.refusal import RefusedError
from engine.model import Kind
from tests import cohorts, packages

SHEET = "xl/worksheets/sheet1.xml"
ENTRY = 46  # bytes of an entry of the directory before its name
PARTS = {"xl/workbook.xml": b"<workbook/>" * 50, "xl/é.xml": "é".encode(), "vide": b""}


def refusal(data):
    with pytest.raises(RefusedError) as refused:
        inflate(data)
    return refused.value.code


def test_what_is_packed_reads_the_same_for_everyone():
    packed = pack(PARTS)
    assert inflate(packed) == PARTS
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == PARTS


def test_what_others_compress_is_inflated():
    assert inflate(packages.zipped(PARTS)) == PARTS


def test_a_member_that_expands_beyond_what_it_declares_is_refused():
    assert refusal(packages.expanding(declared=1_000, megabytes=5)) == "F05"


def test_a_member_that_declares_more_than_the_bound_is_not_inflated():
    assert refusal(packages.expanding(declared=3_000_000_000, megabytes=5)) == "F05"


def test_members_are_bounded_together():
    half = b"\0" * (archive.MAX_PART - 1)
    assert refusal(packages.zipped({str(rank): half for rank in range(4)})) == "F05"


def test_members_that_share_their_bytes_are_counted_each():
    """One compressed member listed many times, as bombs that inflate twice what they hold."""
    data = packages.expanding(declared=15_000_000, megabytes=15)
    end = data.rindex(b"PK\x05\x06")
    start = data.rindex(b"PK\x01\x02")
    entry = data[start:end]
    names = [b"xl/sharedStrings%d.xml" % rank for rank in range(4)]
    listing = b"".join(entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name for name in names)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 4, 4, len(listing), start, 0)
    assert refusal(data[:start] + listing + tail) == "F05"


def test_too_many_members_are_refused_before_they_are_listed():
    assert refusal(packages.zipped({str(rank): b"" for rank in range(archive.MAX_MEMBERS + 1)})) == "F05"


@pytest.mark.parametrize("at", [0, 26, 60, -20])
def test_a_byte_changed_where_it_matters_is_damage(at):
    data = bytearray(packages.zipped({"xl/workbook.xml": bytes(range(256)) * 20}))
    data[at] ^= 0xFF
    assert refusal(bytes(data)) == "F01"


def test_a_wrong_crc_is_damage():
    data = packages.zipped({"xl/workbook.xml": b"<workbook/>"})
    entry = data.rindex(b"PK\x01\x02")
    assert refusal(data[: entry + 16] + b"\0\0\0\0" + data[entry + 20 :]) == "F01"


def test_an_unknown_compression_is_no_damage():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
    assert refusal(made.getvalue()) == "F05"


@pytest.mark.parametrize("name", ["/etc/hosts", "../a.xml", "xl\\..\\..\\a.xml", "C:a.xml"])
def test_names_that_leave_the_workbook_are_refused(name):
    assert refusal(packages.zipped({name: b""})) == "F05"


def test_names_that_differ_by_case_alone_are_refused():
    assert refusal(packages.zipped({"xl/a.xml": b"", "XL/A.xml": b""})) == "F05"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A return, as bytes."""
    cohort = cohorts.make(tmp_path_factory.mktemp("archive") / "cohorte")
    return cohort.filled(Kind.ORAL).save("oral.xlsx").read_bytes()


def test_zeros_anywhere_in_a_member_are_told_as_damage(real):
    """Whatever the damaged data inflates to: nothing, something else, or more than the member declares."""
    with zipfile.ZipFile(io.BytesIO(real)) as package:
        members = package.infolist()
    for member in members:
        first = member.header_offset + 30 + len(member.filename)
        for part in range(12):
            place = first + member.compress_size * part // 12
            end = min(place + 50, first + member.compress_size)
            spoiled = real[:place] + bytes(end - place) + real[end:]
            assert refusal(spoiled) == "F01", (member.filename, place)


@pytest.mark.parametrize("field", [8, 10, 16], ids=["its flags", "its compression", "its CRC"])
def test_what_the_directory_says_of_a_member_may_be_damaged_too(real, field):
    place = real.rindex(SHEET.encode()) - ENTRY + field
    assert refusal(real[:place] + bytes([real[place] ^ 1]) + real[place + 1 :]) == "F01"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("size", [4_000, 2 * archive.MAX_PART])
def test_a_sound_member_that_holds_more_than_it_declares_is_refused_for_safety(method, size):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        package.writestr(SHEET, bytes(size))
    data = bytearray(made.getvalue())
    struct.pack_into("<L", data, data.rindex(SHEET.encode()) - ENTRY + 24, 100)
    assert refusal(bytes(data)) == "F05"
