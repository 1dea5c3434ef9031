"""What reads an archive of ours that the disk spoiled: it says that it cannot, and nothing stops."""

import io
import zipfile
from contextlib import suppress
from random import Random

import pytest

from engine.intake.containers import zipped
from engine.intake.safety import archive
from engine.intake.safety.refusal import RefusedError
from engine.outputs import redaction
from engine.outputs.delivery import decisions_of_workbook
from engine.outputs.fiches import store
from engine.outputs.workbook.alike import same_but_for_date
from engine.templates.workbook import origin_of
from tests import deliveries
from tests.results import workbook


def damaged(content, tries=60):
    """The same bytes spoiled: one changed, a stretch of zeros, cut short, another method, a flag of encryption."""
    chance = Random(2025)
    for _ in range(tries):
        place = chance.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        yield content[:place] + bytes(50) + content[place + 50 :]
        yield content[:place]
    for header, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = content.index(header) + at
        yield content[:place] + b"\x63\x00" + content[place + 2 :]
        yield content[: place - 2] + b"\x01\x00" + content[place:]


@pytest.fixture(scope="module")
def small():
    """A workbook with decisions, small enough for many tries."""
    return deliveries.workbook()


def test_results_that_stand_are_not_the_same_as_spoiled_ones(tmp_path):
    good = workbook()
    spoiled = tmp_path / "resultats.xlsx"
    found = set()
    for content in damaged(good.read_bytes(), tries=12):
        spoiled.write_bytes(content)
        found.add(same_but_for_date(good, spoiled))
    assert False in found
    spoiled.write_bytes(good.read_bytes())
    assert same_but_for_date(good, spoiled)


def test_a_page_that_was_spoiled_is_made_again(small, tmp_path):
    path = tmp_path / "fiche.xlsx"
    path.write_bytes(small)
    assert store._made_at(path) is not None
    for content in damaged(small):
        path.write_bytes(content)
        store._made_at(path)


def test_its_decisions_are_read_or_refused(small):
    expected = decisions_of_workbook(small)
    refused = 0
    for content in damaged(small):
        try:
            assert decisions_of_workbook(content) == expected
        except ValueError:
            refused += 1
    assert refused > 20


def test_a_workbook_without_the_sheet_is_refused_in_words():
    parts = _parts(deliveries.workbook())
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("Synthèse".encode(), b"Ailleurs")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with pytest.raises(ValueError, match="feuille « Synthèse »"):
        decisions_of_workbook(target.getvalue())


def test_nothing_else_that_opens_one_is_stopped(small):
    kept = 0
    for content in damaged(small):
        origin_of(content)
        zipped.holds(content)
        with suppress(RefusedError):
            archive.inflate(content)
        with suppress(redaction.CannotRedactError):
            kept += b"C01" in b"".join(_parts(redaction.redact(content, "C01", ("Synthèse",))).values())
    assert kept == 0


def _parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}
