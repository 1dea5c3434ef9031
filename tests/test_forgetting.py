"""A person who is forgotten is nowhere left; nobody else loses anything."""

from __future__ import annotations

import email
import gzip
import io
import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing, suppress
from datetime import datetime
from email import policy
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from engine.commands.close import close
from engine.commands.fiches import write_fiches
from engine.commands.forget import forget
from engine.commands.history import history
from engine.commands.restore import restore
from engine.commands.templates import issue
from engine.model import Kind
from engine.model.errors import CohortError
from engine.outputs import redaction
from engine.terminal import histories
from tests import cohorts
from tests.faults import watching
from tests.nights import DAWN, again, date_back, first
from tests.read_results import Results

GRILLE, ORAL, NOTES, VALIDATION = Kind.GRILLE, Kind.ORAL, Kind.NOTES, Kind.VALIDATION
WORDS = ("LEFÈVRE", "Lefèvre", "Éloïse", "Eloïse")


@pytest.fixture(scope="module")
def three_nights(tmp_path_factory):
    """Three nights of a cohort: 007 sent much, was corrected, had something to mend; so had others."""
    with pytest.MonkeyPatch.context() as patch:
        return gone_through(first(tmp_path_factory.mktemp("nuits"), patch))


def gone_through(nights):
    """The cohort, three nights later."""
    for who in ("007", "C02", "C03"):
        for kind in (GRILLE, ORAL):
            date_back(nights.cohort.filled(kind, who).save(f"{who}/{kind} {who}.xlsx"))
    notes = nights.cohort.filled(NOTES)
    cohorts.date(notes.save("notes.xlsx"), *moments(0))
    date_back(nights.cohort.filled(VALIDATION).save("pièces.xlsx"))
    nights.run()
    book = nights.cohort.filled(ORAL)
    book.put(ORAL, "points", "P1", "sept")
    cohorts.date(book.save("007/oral.xlsx"), *moments(1))
    notes.put(NOTES, "EN", "", 63, "007")
    cohorts.date(notes.save("notes v2.xlsx"), *moments(2))
    nights.run()
    write_fiches(nights.cohort.path)
    (nights.cohort.returns / "007" / "GRILLE 007.xlsx").unlink()
    nights.run()
    (nights.private() / "memoire 2025-01-01 00h00 abîmée.sqlite").write_bytes("LEFÈVRE".encode())
    return nights.cohort.path


@pytest.fixture
def nights(three_nights, tmp_path, monkeypatch):
    """The same, for one test alone."""
    return again(three_nights, tmp_path / "cohorte", monkeypatch, number=3)


def moments(rank):
    """Both clocks of a version, so many hours after the first."""
    moment = datetime.fromtimestamp(DAWN + 3600 * rank)
    return moment, moment


def mend(nights, who="007"):
    """What the command asks people to do by hand."""
    told = forget(nights.cohort.path, who)
    for line in told.first:
        if line.startswith("Supprimez "):
            (nights.cohort.path / line.removeprefix("Supprimez ").removesuffix(".")).unlink()
        elif line.startswith("Remplacez "):
            name, copy = re.fullmatch(r"Remplacez (.+) par sa copie expurgée, (.+)\.", line).groups()
            shutil.move(nights.cohort.path / copy, nights.cohort.path / name)
    nights.cohort.enrol(lambda table: "\n".join(line for line in table.splitlines() if not line.startswith(who)))
    return told


def blobs(folder: Path):
    """Everything the folder holds, unpacked, with where it stands; what people write is theirs."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(("retours/", "cohorte.xlsx")):
            yield name, name.encode()
            yield from unpacked(name, path.read_bytes())


def unpacked(name, content):
    if name.endswith(".gz"):
        yield name, content[:500]
        yield from unpacked(name[:-3] + ".xlsx", gzip.decompress(content))
    elif name.endswith(".eml"):
        message = email.message_from_bytes(content, policy=policy.default)
        for part in message.walk():
            if not part.is_multipart():
                yield from unpacked(part.get_filename() or f"{name}.txt", part.get_payload(decode=True))
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield f"{name}!{member}", archive.read(member)
    else:
        yield name, content


def found(folder, *words):
    return sorted({name for name, content in blobs(folder) for word in words if word.encode() in content})


def of_others(results):
    return {
        name: [row for row in results.sheets[name] if "007" not in (row.get("Identifiant"), row.get("Candidat"))]
        for name in ("Synthèse", "Compétences", "Notes", "Détail")
    }


# ------------------------------------------------------------------------------------------ two steps


def test_nothing_is_erased_before_people_have_done_their_part(nights):
    nights.cohort.write("courriers/Éloïse LEFÈVRE.pdf", b"%PDF-1.7")
    before = {name: content for name, content in blobs(nights.cohort.path) if "journal" not in name}
    told = forget(nights.cohort.path, "007")
    assert not told.done
    assert told.first[0] == "Retirez 007 de la feuille Candidats de cohorte.xlsx."
    assert "Supprimez retours/007/oral.xlsx." in told.first
    assert "Remplacez retours/notes v2.xlsx par sa copie expurgée, resultats/expurges/notes v2.xlsx." in told.first
    assert (
        "Ouvrez retours/courriers/Éloïse LEFÈVRE.pdf, qui porte son nom, et supprimez-le s'il parle de cette personne."
        in (told.first)
    )
    assert not any("C02" in line or "C03" in line for line in told.first)
    after = {name: content for name, content in blobs(nights.cohort.path) if "journal" not in name}
    assert {name: content for name, content in after.items() if "expurges" not in name} == before


def test_somebody_forgotten_is_nowhere_left_and_nobody_else_loses_anything(nights):
    folder = nights.cohort.path
    assert found(folder, *WORDS)
    earlier = [list(histories.told(history(folder, who))) for who in ("C02", "C03")]
    mend(nights)
    before = of_others(nights.run())
    done = forget(folder, "007")
    assert done.done
    assert (done.deleted, done.redacted) == (3, 3)
    assert found(folder, *WORDS, "/007/") == []
    with closing(sqlite3.connect(nights.private() / "memoire.sqlite")) as base:
        text = "\n".join(base.iterdump())
    assert "'007'" not in text
    assert "007/" not in text
    results = nights.again()
    assert of_others(results) == before
    assert "007" not in {row["Candidat"] for row in results.sheets["Anomalies"]}
    assert not results.codes & {"R07", "R08", "I01"}
    told = [list(histories.told(history(folder, who))) for who in ("C02", "C03")]
    for lines, old in zip(told, earlier, strict=True):
        assert [line for line in lines if "saisie" in line] == [line for line in old if "saisie" in line]
    with pytest.raises(CohortError):
        history(folder, "007")


def test_what_is_left_of_a_shared_return_is_given_back_and_reads_the_same(nights):
    mend(nights)
    forget(nights.cohort.path, "007")
    for name, mark in (("notes.xlsx", 100), ("notes v2.xlsx", 100)):
        (version,) = {
            version.digest
            for version in history(nights.cohort.path, "C02").versions
            if any(stay.path == name for stay in version.stays)
        }
        path = restore(nights.cohort.path, version, nights.cohort.path / name)
        sheet = openpyxl.load_workbook(path)["Notes"]
        assert sheet.cell(cohorts.row_of(sheet, "C02"), cohorts.column_of(sheet, "EN")).value == mark
        assert "007" not in [cell.value for cell in sheet["A"]]


def test_the_trace_tells_when_and_how_much_not_who(nights):
    mend(nights)
    forget(nights.cohort.path, "007")
    (line,) = (nights.private() / "oublis.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told["retours effacés"] == 3
    assert told["valeurs effacées"] > 20
    assert "007" not in told.values()
    log = (nights.private() / "journal.jsonl").read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.-])007(?![\w.])", log)  # no chance digits of a SHA-256, a number or a process


def test_identifiers_are_compared_without_regard_to_case_and_as_a_whole(nights):
    mend(nights)
    for other in ("00", "07", "0077", "7"):
        with pytest.raises(CohortError, match="Rien dans la cohorte"):
            forget(nights.cohort.path, other)
    assert forget(nights.cohort.path, "c02").first[0].startswith("Retirez c02")


def test_twice_is_once(nights):
    mend(nights)
    forget(nights.cohort.path, "007")
    with pytest.raises(CohortError, match="Rien dans la cohorte ne parle de « 007 »"):
        forget(nights.cohort.path, "007")


def test_somebody_who_was_never_there_is_told(nights):
    with pytest.raises(CohortError, match="Rien dans la cohorte"):
        forget(nights.cohort.path, "C99")


def test_a_name_given_for_an_identifier_is_told_whose_it_is(nights):
    with pytest.raises(CohortError, match=r"« lefevre », pris comme identifiant ; LEFÈVRE Éloïse est 007\.$"):
        forget(nights.cohort.path, "lefevre")
    with pytest.raises(CohortError, match=r"ne parle de lui ; LEFÈVRE Éloïse est 007\.$"):
        history(nights.cohort.path, "Éloïse Lefèvre")
    with pytest.raises(CohortError, match=r"inconnu au registre : Lefèvre ; LEFÈVRE Éloïse est 007\.$"):
        issue(nights.cohort.path, only=["Lefèvre"])


# -------------------------------------------------------------------------------- a closed session


def test_a_closed_session_forgets_one_decision_and_holds_to_the_others(nights):
    folder = nights.cohort.path
    close(folder, accept_provisional=True)
    mend(nights)
    assert forget(folder, "007").done
    assert found(folder, *WORDS, '"007"') == []
    (act,) = (nights.private() / "actes").glob("*.json")
    body = json.loads(act.read_text(encoding="utf-8"))
    assert sorted(who for who, *_ in body["decisions"]) == ["C02", "C03", "C04"]
    night = nights.run()
    assert "R08" not in night.codes, night.anomalies("R08")
    assert any("Session close" in remark for remark in night.report.remarks)
    (copy,) = (folder / "resultats" / "clotures").iterdir()
    assert "007" not in {row["Identifiant"] for row in Results(copy, None).sheets["Synthèse"]}


# --------------------------------------------------------------------------------- killed on the way


class KilledError(BaseException):
    """The process ends there."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a file that nobody closed
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_run_killed_on_the_way_is_finished_by_the_next_one(nights, share):
    folder = nights.cohort.path
    mend(nights)
    copy = shutil.copytree(folder, folder.with_name("copie"))
    with watching(copy) as watch:
        forget(copy, "007")

    def kill():
        raise KilledError

    with watching(folder, at=max(1, int(watch.count * share)), befall=kill), pytest.raises(KilledError):
        forget(folder, "007")
    with suppress(CohortError):  # nothing was left to do
        forget(folder, "007")
    assert found(folder, *WORDS, "/007/") == []
    assert history(folder, "C02").versions


# ---------------------------------------------------------------------------------- shared workbooks


def exam_marks(results):
    return {row["Identifiant"]: row["EN"] for row in results.sheets["Notes"]}


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_workbook_of_a_real_program_is_redacted_too(nights, office, tmp_path, suffix):
    book = nights.cohort.filled(NOTES)
    source = book.save("source.xlsx")
    saved = office.convert(source, tmp_path / f"notes{suffix}")
    content = redaction.redact(saved.read_bytes(), "007", {"Notes"})
    assert not redaction.rows_about(content, "007", {"Notes"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any("Éloïse".encode() in archive.read(name) for name in archive.namelist())
    for path in nights.cohort.returns.glob("*otes*"):
        path.unlink()
    source.unlink()
    nights.cohort.enrol(lambda table: "\n".join(line for line in table.splitlines() if not line.startswith("007")))
    before = exam_marks(nights.run())
    nights.cohort.write(f"notes{suffix}", content)
    after = nights.run()
    assert (before["C02"], before["C03"]) == ("", "")
    marks = exam_marks(after)
    assert (marks["C02"], marks["C03"]) == (100, 100)
    assert after.anomalies("S03") == []


def test_a_workbook_of_several_people_loses_one_sheet_and_keeps_the_others(nights):
    mine, other = nights.cohort.filled(ORAL), nights.cohort.filled(ORAL, "C02")
    both = other.save("deux.xlsx")
    book = openpyxl.load_workbook(both)
    title = mine.sheet(ORAL).title
    sheet = book.create_sheet("Oral de l'autre")
    for line in mine.workbook[title].iter_rows():
        for cell in line:
            if cell.value is not None and not isinstance(cell, openpyxl.cell.cell.MergedCell):
                sheet[cell.coordinate] = cell.value
    book.save(both)
    content = redaction.redact(both.read_bytes(), "007", (), {"Oral de l'autre"})
    left = openpyxl.load_workbook(io.BytesIO(content))
    assert left["Oral de l'autre"].max_row <= 1
    assert [[c.value for c in row] for row in left[title].iter_rows()] == [
        [c.value for c in row] for row in book[title].iter_rows()
    ]


def test_what_stands_in_a_note_beside_the_row_goes_with_it(nights):
    book = nights.cohort.filled(NOTES)
    cell = book.cell(NOTES, "EN", "", "007")
    cell.comment = Comment("Éloïse était souffrante", "secrétariat")
    book.cell(NOTES, "EN", "", "C02").comment = Comment("copie rendue", "secrétariat")
    content = redaction.redact(book.save("n.xlsx").read_bytes(), "007", {"Notes"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, part in parts.items() if b"souffrante" in part]
    assert [name for name, part in parts.items() if b"copie rendue" in part]


def test_what_cannot_be_taken_out_is_told_rather_than_left(nights):
    book = nights.cohort.filled(NOTES)
    book.workbook.properties.description = "Lefèvre"
    path = book.save("n.xlsx")
    with pytest.raises(redaction.CannotRedactError):
        redaction.redact(path.read_bytes(), "007", {"Notes"})
    with pytest.raises(redaction.CannotRedactError):
        redaction.redact(b"PK\x03\x04 no package", "007", {"Notes"})
