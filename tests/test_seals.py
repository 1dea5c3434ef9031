import stat
import sys
from pathlib import Path

import pytest

from engine import referential
from engine.commands.init import initialise
from engine.model import Kind
from engine.model.errors import CohortError
from engine.workspace import files, seals

KEY, OTHER = b"k" * 32, b"o" * 32
CGCO = referential.load("cgco_rncp34465")


def test_a_reference_reads_back_as_it_was_written():
    issued = seals.issue(KEY, CGCO, Kind.GRILLE, "007", "T.01_b-c")
    assert str(issued).startswith("CGCo/2024-03-15/GRILLE/007/T.01_b-c/")
    assert seals.parse(f" {issued}\u00a0") == issued
    assert seals.is_genuine(KEY, issued)


def test_parts_that_a_sheet_does_not_have_are_dashes():
    assert str(seals.blank(CGCO, Kind.ORAL)) == "CGCo/2024-03-15/ORAL/-/-/-"
    assert str(seals.issue(KEY, CGCO, Kind.NOTES)).startswith("CGCo/2024-03-15/NOTES/-/-/")
    assert seals.parse("CGCo/2024-03-15/ORAL/-/-/-") == seals.blank(CGCO, Kind.ORAL)


@pytest.mark.parametrize("part", ["title", "version", "candidate", "evaluator", "seal"])
def test_a_changed_part_breaks_the_seal(part):
    issued = seals.issue(KEY, CGCO, Kind.GRILLE, "C1", "T1")
    fields = {name: getattr(issued, name) for name in ("title", "version", "kind", "candidate", "evaluator", "seal")}
    assert not seals.is_genuine(KEY, seals.Reference(**fields | {part: "X"}))
    assert not seals.is_genuine(OTHER, issued)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a/b/c/d/e/f",
        "CGCo/2024/GRILLE/C1/T1",
        "CGCo/2024/GRILLE/C1/T1/s/x",
        "CGCo/2024/grille/C1/T1/s",
        "//GRILLE///",
    ],
)
def test_other_texts_are_no_reference(text):
    assert seals.parse(text) is None


def test_seals_and_codes_have_no_look_alikes():
    made = {seals.personal_code(KEY, f"T{number}") for number in range(300)}
    assert len(made) == 300
    assert not set("01IO") & set("".join(made))
    assert seals.personal_code(KEY, "t1") == seals.personal_code(KEY, "T1")


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = seals.make_key(tmp_path)
    assert seals.make_key(tmp_path) == seals.read_key(tmp_path) == key
    if sys.platform != "win32":
        path = seals.key_path(tmp_path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [None, "", "zz", "abcd"])
def test_a_lost_or_spoiled_key_is_one_sentence(tmp_path, content):
    if content is not None:
        path = seals.key_path(tmp_path)
        path.parent.mkdir()
        path.write_text(content, encoding="ascii")
    with pytest.raises(CohortError, match="clé"):
        seals.read_key(tmp_path)


@pytest.mark.parametrize("found", ["a folder that opens to nobody else", "a file"])
def test_a_key_that_cannot_be_reached_is_not_told_missing(tmp_path, monkeypatch, found):
    """Another account sees no key in a private folder: told that it is lost, somebody would make another."""
    if found == "a file":
        (tmp_path / ".cohorte").write_text("x", encoding="utf-8")
    else:

        def closed(path):
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "lstat", closed)
        monkeypatch.setattr(Path, "read_text", lambda path, **_: closed(path))
    for ask in (seals.read_key, seals.make_key):
        with pytest.raises(CohortError, match="ne peut pas être lue") as told:
            ask(tmp_path)
        assert "init" not in str(told.value)


def test_a_key_kept_elsewhere_goes_before_that_of_the_folder(tmp_path, monkeypatch):
    file = tmp_path / "clé.txt"
    file.write_text("\ufeff " + "ab" * 32 + "\r\n", encoding="utf-8")
    assert seals.given_key() is None
    monkeypatch.setenv("COHORTE_KEY", "cd" * 32)
    assert seals.given_key() == b"\xcd" * 32
    assert seals.given_key(file) == b"\xab" * 32
    monkeypatch.setenv("COHORTE_KEY", " ")
    assert seals.given_key() is None


@pytest.mark.parametrize("content", ["/etc/cohorte/cle", "abcd", "zz" * 32])
def test_a_variable_that_is_no_key_is_to_be_mended_and_no_new_key_made_for_it(content, monkeypatch):
    monkeypatch.setenv("COHORTE_KEY", content)
    with pytest.raises(CohortError, match=r"COHORTE_KEY tient la clé elle-même.* --key-file.*Corrigez-la") as told:
        seals.given_key()
    assert "init" not in str(told.value)
    assert content not in str(told.value)


@pytest.mark.parametrize("content", [b"", b"zz" * 32, b"abcd", b"\xff\xfe" * 20, None])
def test_a_given_key_that_is_spoiled_is_one_sentence_that_does_not_show_it(tmp_path, content):
    file = tmp_path / "cle"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CohortError, match="clé") as refusal:
        seals.given_key(file)
    assert "zz" not in str(refusal.value).replace(str(file), "")


def test_codes_are_compared_by_their_signs_alone():
    assert seals.plain_code(" k7m4 – 9qxt ") == seals.plain_code("K7M4-9QXT") == "K7M49QXT"
    assert seals.plain_code("K7M4-9QX") != "K7M49QXT"


@pytest.mark.parametrize(
    ("content", "said"), [("", "vide"), ("\n", "vide"), ("abcd", "trop courte"), ("zz" * 32, "abîmée")]
)
def test_a_key_file_that_holds_no_key_is_told_and_left_alone(content, said, tmp_path):
    path = seals.key_path(tmp_path)
    path.parent.mkdir()
    path.write_text(content, encoding="ascii")
    for use in (seals.read_key, seals.make_key, lambda folder: initialise(folder, "cgco_rncp34465")):
        with pytest.raises(CohortError, match=said) as refusal:
            use(tmp_path)
        assert "sauvegarde" in str(refusal.value)
    assert path.read_text(encoding="ascii") == content


def test_a_key_is_whole_or_absent(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(files.os, "fsync", full)
        with pytest.raises(OSError, match="space"):
            seals.make_key(tmp_path)
    assert not seals.key_path(tmp_path).exists()
    assert len(seals.make_key(tmp_path)) == 32


def test_the_references_of_a_sheet_are_found_with_where_they_stand():
    issued = seals.issue(KEY, CGCO, Kind.ORAL, "C01", "J01")
    rows = [["", 3.0], [None, "a/b", str(issued)], [f" {issued} ", "/////"]]
    assert list(seals.references(rows)) == [(issued, (1, 2)), (issued, (2, 0))]
