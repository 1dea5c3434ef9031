"""What every workbook we write is as a package: members that any program can open, texts shared, no ZIP64."""

import re
import struct
import zipfile
from zipfile import ZipFile

import pytest

from engine import templates
from engine.outputs import fiches
from engine.roster.blank import blank
from tests.envois import ROSTER
from tests.promotion import MADE_AT
from tests.results import CGCO, OTHER, SMALLEST, certification, session, sheets, workbook, written
from tests.test_templates_filled import filled

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def headers(content):
    """(name, version needed, flags, sizes, extra) of each member, as its local and as its central header say."""
    end = content.rindex(_END)
    count, start = (
        struct.unpack("<H", content[end + 10 : end + 12])[0],
        struct.unpack("<I", content[end + 16 : end + 20])[0],
    )
    for _ in range(count):
        assert content[start : start + 4] == _CENTRAL
        version, flags = struct.unpack("<HH", content[start + 6 : start + 10])
        sizes = struct.unpack("<II", content[start + 20 : start + 28])
        name, extra, comment = struct.unpack("<HHH", content[start + 28 : start + 34])
        local = struct.unpack("<I", content[start + 42 : start + 46])[0]
        yield content[start + 46 : start + 46 + name].decode(), version, flags, sizes, extra
        assert content[local : local + 4] == _LOCAL
        version, flags = struct.unpack("<HH", content[local + 4 : local + 8])
        sizes = struct.unpack("<II", content[local + 18 : local + 26])
        length, more = struct.unpack("<HH", content[local + 26 : local + 30])
        yield content[local + 30 : local + 30 + length].decode(), version, flags, sizes, more
        start += 46 + name + extra + comment


def packages():
    """Every kind of workbook: results, pages per candidate, roster, blank sheets, sheets sent with notes in them."""
    yield from (workbook(name).read_bytes() for name in (CGCO, OTHER, SMALLEST))
    content = session()
    people = fiches.shared(content["referential"], content["roster"], content["outcomes"])
    yield fiches.workbook(people, content["outcomes"][:3], MADE_AT)
    yield blank(certification())
    yield from templates.blank(certification()).values()
    yield from (templates.render(each, ROSTER, certification(), inside) for each, inside in filled())


def test_no_member_calls_for_more_than_the_first_version_of_zip():
    for content in packages():
        found = list(headers(content))
        assert len(found) > 10
        for name, version, flags, sizes, extra in found:
            assert version <= 20, name
            assert flags & ~0x800 == 0, name  # no sizes after the data: nothing but whether the name is UTF-8
            assert min(sizes) > 0
            assert max(sizes) < 0xFFFFFFFF, name
            assert extra == 0, name


def test_a_table_too_long_for_its_header_is_written_all_the_same(tmp_path, monkeypatch):
    expected = sheets(workbook())
    limit = workbook().stat().st_size + 10_000  # bytes, instead of two thousand million: the whole stays below
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
    found = written(tmp_path)
    assert {version for name, version, *_ in headers(found.read_bytes())} == {20, 45}
    assert sheets(found) == expected


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_texts_are_shared_but_in_the_long_table(name):
    with ZipFile(workbook(name)) as package:
        inline = {
            member: package.read(member).count(b"inlineStr")
            for member in package.namelist()
            if member.startswith("xl/worksheets/sheet")
        }
        shared = package.read("xl/sharedStrings.xml").decode()
        uses = sum(package.read(member).count(b' t="s"') for member in inline)
    assert len([member for member, count in inline.items() if count]) == 1
    declared = re.search(r'count="(\d+)" uniqueCount="(\d+)"', shared)
    assert (int(declared[1]), int(declared[2])) == (uses, shared.count("<si>"))


@pytest.mark.validator
def test_every_workbook_is_valid(validator, tmp_path):
    for rank, content in enumerate(packages()):
        (tmp_path / f"{rank}.xlsx").write_bytes(content)
    found = sorted(tmp_path.glob("*.xlsx"))
    assert len(found) > 10
    assert validator.errors(found) == {}
