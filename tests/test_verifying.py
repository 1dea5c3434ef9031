"""Every kind of tampering with a delivery is told, and told apart; nothing is expanded beyond its bounds."""

import io
import json
import struct
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import pyzipper
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import process
from engine.commands.certifier import passphrases
from engine.commands.verify import names, places, verify
from engine.model.errors import CohortError
from engine.outputs import delivery
from engine.outputs.delivery import Nature, opening
from engine.outputs.delivery.manifest import NAME
from engine.terminal.words import certifier
from tests import deliveries
from tests.deliveries import DECISIONS, PASSPHRASE, manifest, members, packed, table, whole, workbook, zipped


def faults(path, phrase=PASSPHRASE):
    found = delivery.check(delivery.open_archive(path, lambda _: phrase))
    assert all(str(fault).endswith(".") for fault in found.faults)
    return [(fault.nature, fault.member) for fault in found.faults]


# ------------------------------------------------------------------------------------------- the archive


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", b"PK\x05\x06" + bytes(18), bytes(1000)])
def test_what_is_no_archive(tmp_path, content):
    (tmp_path / "l.zip").write_bytes(content)
    assert faults(tmp_path / "l.zip") == [(Nature.NOT_ARCHIVE, "")]


def test_an_archive_cut_short_or_with_something_around_it(tmp_path):
    content = packed(tmp_path / "l.zip").read_bytes()
    for changed in (content[:-30], content + b"x", b"x" + content, content[: len(content) // 2]):
        (tmp_path / "l.zip").write_bytes(changed)
        assert faults(tmp_path / "l.zip") == [(Nature.NOT_ARCHIVE, "")]


def test_a_folder_or_a_pipe_under_the_name_of_an_archive(tmp_path):
    assert faults(tmp_path) == [(Nature.NOT_ARCHIVE, "")]


@pytest.mark.parametrize("phrase", ["", "autre", PASSPHRASE[::-1], PASSPHRASE[::-1].lower()])
def test_a_wrong_passphrase_is_told_once(tmp_path, phrase):
    assert faults(packed(tmp_path / "l.zip"), phrase) == [(Nature.PASSPHRASE, "")]


@pytest.mark.parametrize(
    "how",
    [
        {"encryption": None, "encryption_kwargs": None},
        {"encryption_kwargs": {"nbits": 128, "force_wz_aes_version": 2}},
        {"encryption_kwargs": {"nbits": 256, "force_wz_aes_version": 1}},
    ],
    ids=["none", "aes-128", "ae-1"],
)
def test_members_that_are_not_encrypted_as_they_must_are_not_read(tmp_path, how):
    path = zipped(tmp_path / "l.zip", whole(), **how)
    assert Counter(faults(path)) == Counter((Nature.IN_CLEAR, name) for name in whole())


def test_one_member_added_in_clear(tmp_path):
    path = packed(tmp_path / "l.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("donnees/autre.csv", "x")
    assert faults(path) == [(Nature.IN_CLEAR, "donnees/autre.csv")]


@pytest.mark.parametrize("name", ["../x.csv", "/etc/x", "a\\b.csv", "C:/x", "é.csv", "attestations/", "x/../y", "nul"])
def test_a_member_of_an_odd_name(tmp_path, name):
    assert faults(zipped(tmp_path / "l.zip", whole() | {name: b""})) == [(Nature.NAME, name)]


def test_two_members_of_one_name(tmp_path):
    held = whole()
    path = zipped(tmp_path / "l.zip", held | {"LISEZMOI.TXT": b"autre"})
    assert faults(path) == [(Nature.NAME, "LISEZMOI.txt"), (Nature.NAME, "LISEZMOI.TXT")]


SOUND = io.BytesIO()
deliveries.packed(SOUND)


@given(st.sampled_from(sorted(whole())), st.integers(0, 2**32), st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_one_bit_changed_anywhere_in_a_member_is_told(tmp_path_factory, name, place, bit):
    path, content = tmp_path_factory.mktemp("l") / "l.zip", bytearray(SOUND.getvalue())
    with zipfile.ZipFile(SOUND) as archive:
        entry = archive.getinfo(name)
    long_name, extra = struct.unpack("<HH", content[entry.header_offset + 26 : entry.header_offset + 30])
    content[entry.header_offset + 30 + long_name + extra + place % entry.compress_size] ^= 1 << bit
    path.write_bytes(content)
    assert (Nature.DAMAGED, name) in faults(path)


# ---------------------------------------------------------------------------------------- bombs and bounds


def test_a_bomb_is_told_before_anything_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_OF_ONE", 1_000_000)
    monkeypatch.setattr(opening, "_member", None)  # reading anything would fail
    path = zipped(tmp_path / "l.zip", whole() | {"donnees/gros.csv": bytes(1_000_001)})
    assert (Nature.TOO_BIG, "donnees/gros.csv") in faults(path)


def test_too_many_members_too_many_bytes(tmp_path, monkeypatch):
    path = packed(tmp_path / "l.zip")
    for bound in ("MOST_MEMBERS", "MOST_EXPANDED", "MOST_BYTES"):
        with monkeypatch.context() as patched:
            patched.setattr(opening, bound, 3)
            assert faults(path) == [(Nature.TOO_BIG, "")]


def test_a_member_that_expands_beyond_what_it_announces_is_cut_short_and_told(tmp_path):
    path = packed(tmp_path / "l.zip", members() | {"donnees/gros.csv": bytes(3_000_000)})
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 3_000_000), struct.pack("<I", 1_000)))
    found = delivery.open_archive(path, lambda _: PASSPHRASE)
    read = found.members.get("donnees/gros.csv")
    assert read is None or read.size == 1_000
    assert faults(path) in ([(Nature.SIZE, "donnees/gros.csv")], [(Nature.DAMAGED, "donnees/gros.csv")])


# ------------------------------------------------------------------------------------------- the manifest


def test_a_member_in_excess_missing_longer_other(tmp_path):
    held, known = members(), manifest(members())

    def told(changed):
        return faults(packed(tmp_path / "l.zip", changed, known))

    assert told(held | {"donnees/autre.csv": b""}) == [(Nature.IN_EXCESS, "donnees/autre.csv")]
    assert told({name: held[name] for name in held if "pdf" not in name}) == [
        (Nature.MISSING, "attestations/C01.pdf"),
        (Nature.MISSING, "proces-verbal.pdf"),
    ]
    assert told(held | {"attestations/C01.pdf": b"%PDF"}) == [(Nature.SIZE, "attestations/C01.pdf")]
    assert told(held | {"attestations/C01.pdf": b"%PDF-1.8\n"}) == [(Nature.DIGEST, "attestations/C01.pdf")]


@pytest.mark.parametrize("name", ["resultats.xlsx", "donnees/decisions.csv", "deliberation.csv", "LISEZMOI.txt"])
def test_what_every_delivery_holds_is_missed_even_where_the_manifest_forgets_it(tmp_path, name):
    held = members()
    del held[name]
    assert (Nature.MISSING, name) in faults(packed(tmp_path / "l.zip", held))


def test_a_manifest_missing_unreadable_or_of_another_format(tmp_path):
    held = whole()
    path = zipped(tmp_path / "l.zip", {name: held[name] for name in held if name != NAME})
    assert faults(path) == [(Nature.MISSING, NAME)]
    other = json.dumps(json.loads(held[NAME]) | {"format": "cohorte-livraison/9"}).encode()
    for content in (b"{", other):
        assert faults(zipped(path, held | {NAME: content})) == [(Nature.MANIFEST, NAME)]


# ------------------------------------------------------------------------------------------ the decisions

OTHER = DECISIONS | {"C02": "ADMIS"}


@pytest.mark.parametrize(
    ("changed", "known", "told"),
    [
        ({"resultats.xlsx": workbook(OTHER)}, {}, ["resultats.xlsx"]),
        ({"deliberation.csv": table(OTHER)}, {}, ["deliberation.csv"]),
        ({"donnees/decisions.csv": table(OTHER)}, {}, [NAME, "resultats.xlsx", "deliberation.csv"]),
        ({}, {"decisions": {"ADMIS": 4}}, [NAME]),
        ({}, {"candidates": 5}, [NAME]),
        ({"resultats.xlsx": workbook({"C01": "ADMIS"})}, {}, ["resultats.xlsx"]),
        ({"deliberation.csv": table({**DECISIONS, "C99": "ADMIS"})}, {}, ["deliberation.csv"]),
        ({"resultats.xlsx": b"PK"}, {}, ["resultats.xlsx"]),
        ({"deliberation.csv": b"\xff"}, {}, ["deliberation.csv"]),
        ({"deliberation.csv": table(column="Autre")}, {}, ["deliberation.csv"]),
        ({"deliberation.csv": b"Identifiant;D\xc3\xa9cision\r\nC01"}, {}, ["deliberation.csv"]),
    ],
)
def test_decisions_that_differ_between_the_places_that_tell_them(tmp_path, changed, known, told):
    held = members() | changed
    found = faults(packed(tmp_path / "l.zip", held, manifest(held, **known)))
    assert found == [(Nature.DECISIONS, name) for name in told]


def test_the_candidates_whose_decision_differs_are_named_by_identifier(tmp_path):
    held = members() | {"resultats.xlsx": workbook(OTHER)}
    (fault,) = delivery.check(delivery.open_archive(packed(tmp_path / "l.zip", held), lambda _: PASSPHRASE)).faults
    assert "C02" in str(fault)
    assert "C01" not in str(fault)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_workbook_with_entities_is_not_parsed(tmp_path):
    made = io.BytesIO(workbook())
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    held = members() | {"resultats.xlsx": made.getvalue()}
    assert faults(packed(tmp_path / "l.zip", held)) == [(Nature.DECISIONS, "resultats.xlsx")]


# ---------------------------------------------------------------------------------------------- several


def test_deliveries_are_found_by_path_folder_or_extracted_each_once(tmp_path):
    one, two = packed(tmp_path / "b.zip"), packed(tmp_path / "A.ZIP")
    (tmp_path / "notes.txt").write_text("x")
    extracted = tmp_path / "sorti"
    with pyzipper.AESZipFile(one) as archive:
        archive.extractall(extracted, pwd=PASSPHRASE.encode())
    assert list(places([tmp_path, one])) == [two, one, extracted]
    found = verify([tmp_path], lambda _: PASSPHRASE)
    assert (len(found.deliveries), found.sound, found.shut) == (3, True, False)
    assert not verify([one], lambda _: "autre").sound
    assert verify([one], lambda _: "autre").shut
    for wrong in (tmp_path / "absent", extracted / "donnees"):
        with pytest.raises(CohortError):
            list(places([wrong]))


def test_deliveries_are_found_in_the_folders_of_a_folder_and_told_apart(tmp_path):
    for folder in ("Lyon/juin", "Lyon/janvier", "Lille/janvier"):
        (tmp_path / folder).mkdir(parents=True)
        packed(tmp_path / folder / "CGCo n1.zip")
    packed(tmp_path / "Metz.zip")
    for left in (".cache", "Lyon/.Trash"):
        (tmp_path / left).mkdir()
        packed(tmp_path / left / "x.zip")
    (tmp_path / "Lyon" / "vers le haut").symlink_to(tmp_path, target_is_directory=True)
    without = tmp_path / "Brest" / "sortie"
    with pyzipper.AESZipFile(tmp_path / "Metz.zip") as archive:
        archive.extractall(without, pwd=PASSPHRASE.encode())
    (without / NAME).unlink()
    found = list(places([tmp_path]))
    assert names(found) == [
        "sortie",
        "Lille/janvier/CGCo n1.zip",
        "Lyon/janvier/CGCo n1.zip",
        "juin/CGCo n1.zip",
        "Metz.zip",
    ]
    assert [fault.nature for fault in verify([without], lambda _: "").deliveries[0].faults] == [Nature.MISSING]


def test_one_that_is_wrong_stops_no_other(tmp_path):
    packed(tmp_path / "a.zip")
    (tmp_path / "b.zip").write_bytes(b"x")
    found = verify([tmp_path], lambda _: PASSPHRASE)
    assert [each.sound for each in found.deliveries] == [True, False]
    assert not found.shut
    assert deliveries.PASSPHRASE not in repr(found)


# ------------------------------------------------------------------------------------------ the command


def run(*words):
    return CliRunner().invoke(process.main, ["verify", *map(str, words)])


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(f"{PASSPHRASE.lower()}\r\n")
    return path


def test_a_sound_delivery_is_told_with_what_it_is(tmp_path, secret):
    done = run(packed(tmp_path / "l.zip"), "--password-file", secret)
    assert done.exit_code == 0, done.output
    assert "l.zip : sans défaut" in done.stdout
    assert "RNCP34465, Promotion 14, Centre des Tilleuls, Janvier 2025 ; livraison n° 1" in done.stdout
    assert "4 candidats : 1 ADMIS, 1 PARTIEL, 1 AJOURNÉ, 1 SORTI" in done.stdout


def test_faults_end_with_1_and_nothing_opened_with_3(tmp_path, secret):
    good, bad = packed(tmp_path / "a.zip"), tmp_path / "b.zip"
    bad.write_bytes(b"x")
    done = run(good, bad, "--password-file", secret, "--json")
    assert done.exit_code == 1
    first, second = json.loads(done.stdout)["deliveries"]
    assert (first["file"], first["ok"], first["faults"]) == (str(good), True, [])
    assert (second["ok"], len(second["faults"])) == (False, 1)
    assert run(bad).exit_code == 3
    secret.write_text("une autre phrase, bien longue")
    wrong = run(good, "--password-file", secret)
    assert (wrong.exit_code, "mot de passe" in wrong.stdout) == (3, True)
    assert run(tmp_path / "absent").exit_code == 3


def test_without_a_terminal_nor_a_file_the_passphrase_is_missed_in_a_sentence(tmp_path):
    done = run(packed(tmp_path / "l.zip"))
    assert (done.exit_code, "--password-file" in done.stderr) == (3, True)


def test_each_delivery_may_have_its_own_passphrase(tmp_path, secret):
    packed(tmp_path / "Un.zip")
    held = members()
    delivery.pack(tmp_path / "deux.zip", held, manifest(held), 'une phrase; à guillemets ""')
    secret.write_text(f'﻿Fichier;Mot de passe\nun.ZIP;{PASSPHRASE}\ndeux.zip;"une phrase; à guillemets """""\n')
    done = run(tmp_path, "--password-file", secret)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("separator", [";", ",", "\t"])  # as spreadsheets of other countries save a CSV
def test_a_table_of_passphrases_is_read_whatever_parts_its_fields(tmp_path, separator):
    secret = tmp_path / "secrets.csv"
    secret.write_text(f"Fichier{separator}Mot de passe\nun.zip{separator}{PASSPHRASE}\n", encoding="utf-8")
    assert passphrases.read(secret).of(Path("un.zip")) == PASSPHRASE
    assert passphrases.read(secret).of(Path("deux.zip")) == ""


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b"Fichier;Mot de passe\nun.zip\n"])
def test_a_file_of_passphrases_that_cannot_be_read_is_a_sentence(tmp_path, secret, content):
    secret.write_bytes(content)
    done = run(packed(tmp_path / "l.zip"), "--password-file", secret)
    assert (done.exit_code, len(done.stderr.splitlines())) == (3, 1)


def test_a_passphrase_is_found_by_the_end_of_a_path_however_its_accents_are_written(tmp_path, secret):
    for folder in ("Été", "Hiver"):
        (tmp_path / folder).mkdir()
        packed(tmp_path / folder / "l.zip")
    other = "une autre phrase, bien longue"
    for written in ("E\u0301te\u0301/l.zip", "été\\L.zip", str(tmp_path / "Été" / "l.zip"), "l.zip"):
        secret.write_text(f"Fichier;Mot de passe\nHIVER/l.zip;{other}\n{written};{PASSPHRASE}\n", encoding="utf-8")
        done = run(tmp_path, "--password-file", secret, "--json")
        assert [each["ok"] for each in json.loads(done.stdout)["deliveries"]] == [False, True], written


def test_a_passphrase_is_asked_for_at_the_terminal_and_never_shown(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(certifier, "asker", lambda: lambda path: asked.append(path.name) or PASSPHRASE)
    done = run(packed(tmp_path / "l.zip"))
    assert (done.exit_code, asked) == (0, ["l.zip"])
    assert PASSPHRASE not in done.output
