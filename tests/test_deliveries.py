"""What a delivery is: one archive that other programs open, a manifest of always the same bytes, a passphrase."""

import json
import shutil
import subprocess
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import CohortError
from engine.outputs import delivery
from engine.outputs.delivery import ManifestError, Nature, parse, passphrase
from engine.outputs.delivery.names import is_plain
from engine.workspace.seals import ALPHABET
from tests import deliveries
from tests.deliveries import PASSPHRASE, manifest, members, packed


def opened(path, phrase=PASSPHRASE):
    return delivery.check(delivery.open_archive(path, lambda _: phrase))


# --------------------------------------------------------------------------------------------- manifest


def test_a_manifest_has_the_same_bytes_whatever_the_order_and_is_read_back():
    one = manifest(members())
    other = manifest(dict(reversed(members().items())), files=list(reversed(one.files)))
    assert one.as_bytes() == other.as_bytes()
    assert parse(one.as_bytes()).as_bytes() == one.as_bytes()
    assert (one.digest, len(one.digest)) == (other.digest, 64)
    told = json.loads(one.as_bytes())
    assert list(told) == sorted(told)
    assert [file["chemin"] for file in told["fichiers"]] == sorted(members())
    assert set(told) == {
        "format", "cohorte", "cohorte_id", "numero", "certification", "version", "centre", "session", "cloture",
        "programme", "candidats", "decisions", "deliberation", "precedente", "fichiers",
    }  # fmt: skip


def spoiled(change):
    told = json.loads(manifest(members()).as_bytes())
    change(told)
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        spoiled(lambda told: told.pop("numero")),
        spoiled(lambda told: told.update(format="cohorte-livraison/2")),
        spoiled(lambda told: told.update(numero=0)),
        spoiled(lambda told: told.update(numero="1")),
        spoiled(lambda told: told.update(autre=1)),
        spoiled(lambda told: told["fichiers"][0].update(sha256="00")),
        spoiled(lambda told: told["fichiers"][0].update(chemin="../x")),
        spoiled(lambda told: told["fichiers"].append(told["fichiers"][0])),
        spoiled(lambda told: told["fichiers"][0].update(chemin="manifeste.json")),
    ],
)
def test_what_is_no_manifest_is_refused_with_a_reason(content):
    with pytest.raises(ManifestError, match=r"\w"):
        parse(content)


@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_break_the_reading_of_a_manifest(content):
    with pytest.raises(ManifestError):
        parse(content)


# ------------------------------------------------------------------------------------------- passphrase


def test_a_passphrase_is_six_groups_of_four_signs_without_look_alikes_and_never_the_same():
    found = {passphrase.make() for _ in range(50)}
    assert len(found) == 50
    for phrase in found:
        groups = phrase.split("-")
        assert [len(group) for group in groups] == [4] * 6
        assert set("".join(groups)) <= set(ALPHABET)
    assert len(ALPHABET) == 32  # 24 signs of 5 bits


@pytest.mark.parametrize("typed", [PASSPHRASE, PASSPHRASE.lower(), PASSPHRASE.replace("-", " "), f" {PASSPHRASE}\n"])
def test_a_passphrase_is_known_however_it_is_typed(typed):
    assert passphrase.readings(typed)[0] == PASSPHRASE


def test_a_passphrase_of_ones_own_is_taken_as_it_is_unless_it_is_short_or_cannot_be_typed():
    assert passphrase.readings("Une phrase à moi ") == ("Une phrase à moi",)
    assert passphrase.given("x" * 20 + "\n") == "x" * 20
    for phrase in ("x" * 19, "é" * 20, ""):
        with pytest.raises(CohortError):
            passphrase.given(phrase)


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize("name", ["a", "resultats.xlsx", "attestations/C01.pdf", "a/b/c", "donnees/x.csv", "a b.txt"])
def test_plain_names(name):
    assert is_plain(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "/a", "a/", "a//b", "../a", "a/../b", "a\\b", "c:a", "a:b", "é.csv", "a\0", "a\n", "CON",
     "a/nul.txt", "a.", "a ", ".a", "-a", "a" * 101, "a/b/c/d/e"],
)  # fmt: skip
def test_names_that_are_not(name):
    assert not is_plain(name)


# ---------------------------------------------------------------------------------------------- archive


def test_every_member_is_aes_256_and_comes_back_as_it_was(tmp_path):
    path = packed(tmp_path / "l.zip")
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            assert (entry.flag_bits & 1, entry.compress_type, entry.CRC) == (1, 99, 0)
            assert b"\x01\x99\x07\x00\x02\x00AE\x03" in entry.extra  # AE-2, 256 bits
    found = opened(path)
    assert found.faults == ()
    assert set(found.opened.members) == {*members(), "manifeste.json"}
    assert found.content("resultats.xlsx") == members()["resultats.xlsx"]
    assert found.opened.members["proces-verbal.pdf"].content is None  # documents to print are only weighed
    assert [row["Identifiant"] for row in found.table("donnees/decisions.csv")] == list(deliveries.DECISIONS)


def test_nothing_of_what_is_inside_can_be_read_without_the_passphrase(tmp_path):
    content = packed(tmp_path / "l.zip").read_bytes()
    for hidden in (b"DURAND", "Décision".encode(), b"%PDF", b"Tilleuls", PASSPHRASE.encode()):
        assert hidden not in content


def test_nobody_is_packed_under_their_name(tmp_path):
    with pytest.raises(ValueError, match="Durand"):
        packed(tmp_path / "l.zip", members() | {"attestations/Durand Zoé.pdf": b""})


@pytest.mark.archivers
@pytest.mark.parametrize("program", ["7zz", "bsdtar"])
def test_other_programs_open_it(tmp_path, archiver, program):
    path, out = packed(tmp_path / "l.zip"), tmp_path / "out"
    out.mkdir()
    words = {
        "7zz": ["x", f"-p{PASSPHRASE}", f"-o{out}", str(path)],
        "bsdtar": ["-x", "-f", str(path), "--passphrase", PASSPHRASE, "-C", str(out)],
    }[program]
    done = subprocess.run([archiver(program), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()} == set(deliveries.whole())
    assert delivery.check(delivery.open_folder(out)).faults == ()
    wrong = [word.replace(PASSPHRASE, "autre-chose") for word in words]
    shutil.rmtree(out)
    out.mkdir()
    assert subprocess.run([archiver(program), *wrong], capture_output=True, check=False).returncode != 0


def test_a_folder_is_checked_whatever_systems_leave_in_it(tmp_path):
    for name, content in deliveries.whole().items():
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
    for litter in (".DS_Store", "Thumbs.db", "donnees/desktop.ini"):
        (tmp_path / litter).write_bytes(b"x")
    assert delivery.check(delivery.open_folder(tmp_path)).faults == ()
    (tmp_path / "attestations" / "C01.pdf").unlink()
    (tmp_path / "attestations" / "C01.pdf").symlink_to("/etc/passwd")
    (fault,) = delivery.check(delivery.open_folder(tmp_path)).faults
    assert (fault.nature, fault.member) == (Nature.DAMAGED, "attestations/C01.pdf")
