"""Messages and archives in ``retours/``: each workbook in them is a return, as if it lay beside."""

from __future__ import annotations

import gzip
import hashlib
import random
from datetime import datetime, timedelta

import pytest

from engine.commands.forget import forget
from engine.commands.restore import restore
from engine.intake.context import Context
from engine.intake.files import read_file
from engine.intake.packing import pack, unpack
from engine.model import Kind
from engine.model.anomalies import Gravity
from engine.outputs.workbook import links
from tests import cohorts
from tests.mails import archive, eml, msg
from tests.nights import DAWN, date_back

ORAL, NOTES, GRILLE = Kind.ORAL, Kind.NOTES, Kind.GRILLE
MORNING = datetime.fromtimestamp(DAWN)
MAKERS = {"envoi.eml": eml, "envoi.zip": archive, "envoi.msg": msg}


def oral(nights, typed=1, candidate="007"):
    """A juror's filled sheet, its first item given."""
    book = nights.cohort.filled(ORAL, candidate)
    book.put(ORAL, "points", nights.cohort.referential.oral.items[0].code, typed)
    return taken(book.save())


def taken(path):
    content = path.read_bytes()
    path.unlink()
    return content


def drop(nights, name, content, seconds=DAWN):
    path = nights.cohort.returns / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return date_back(path, seconds)


def read(nights, name, content):
    """The report of a file, its pieces named, as a run has it."""
    context = Context(nights.cohort.referential, nights.cohort.roster)
    return unpack(pack(read_file(drop(nights, name, content), name, context)))


def told(report):
    return [
        (anomaly.code, anomaly.gravity, anomaly.file)
        for each in (report, *report.inside)
        for anomaly in each.anomalies
        if anomaly.code[0] == "F"
    ]


def decisions(results):
    return [(each.candidate.id, each.decision, each.acquired, each.credits) for each in results.report.outcomes]


def marks(results):
    return sorted((row["Candidat"], row["Saisie"], row["Code"], row["Valeur lue"]) for row in results.sheets["Détail"])


def page_of(results):
    """The morning page, its lines end to end."""
    return " ".join(results.path.with_name("rapport.txt").read_text(encoding="utf-8").split())


# ------------------------------------------------------------------------------------- as if it lay beside


@pytest.mark.parametrize("name", MAKERS)
def test_a_workbook_in_a_container_counts_as_if_it_lay_beside(nights, name):
    content = oral(nights)
    path = drop(nights, "fiche.xlsx", content)
    beside = nights.run()
    path.unlink()
    drop(nights, name, MAKERS[name]({"fiche.xlsx": content}))
    inside = nights.run()
    assert decisions(inside) == decisions(beside)
    assert inside.states[f"{name} › fiche.xlsx"] == "Accepté"
    assert inside.states[name] == "Accepté"
    assert not [each for each in inside.report.anomalies if each.code == "R07"]


def test_every_workbook_of_a_message_is_a_return(nights):
    pieces = {"a.xlsx": oral(nights), "b.xlsx": oral(nights, 1, "C02")}
    report = read(nights, "m.eml", eml(pieces))
    assert [each.path for each in report.inside] == ["m.eml › a.xlsx", "m.eml › b.xlsx"]
    assert [sheet.candidate for each in report.inside for sheet in each.sheets if sheet.kind is ORAL] == ["007", "C02"]
    assert [each.digest for each in report.inside] == [hashlib.sha256(each).hexdigest() for each in pieces.values()]


def test_a_message_as_apples_program_keeps_it_is_opened(nights):
    content = eml({"a.xlsx": oral(nights)})
    kept = b"%-10d\n" % len(content) + content + b'<?xml version="1.0"?><plist version="1.0"/>'
    report = read(nights, "1234.emlx", kept)
    assert [each.path for each in report.inside] == ["1234.emlx › a.xlsx"]
    assert report.inside[0].sheets


@pytest.mark.parametrize("name", ["Budget.gsheet", "Grille de Nguyen.gsheet"])
def test_what_an_online_drive_leaves_in_place_of_a_document_warns(nights, name):
    report = read(nights, name, b'{"doc_id": "1", "email": "a@exemple.test"}')
    assert not report.ignored
    assert told(report) == [("F02", Gravity.WARNING, name)]
    assert "Microsoft Excel (.xlsx)" in report.anomalies[0].remedy


def test_what_a_container_is_does_not_depend_on_its_name(nights):
    content = oral(nights)
    for name in ("fiche.xlsx", "fiche", "fiche.txt"):
        for make in MAKERS.values():
            report = read(nights, name, make({"a.xlsx": content}))
            assert [each.path for each in report.inside] == [f"{name} › a.xlsx"]
    assert not read(nights, "fiche.zip", content).inside


def test_the_same_bytes_in_a_message_and_beside_count_once(nights):
    content = oral(nights)
    drop(nights, "fiche.xlsx", content)
    drop(nights, "m.eml", eml({"fiche.xlsx": content}, sent=MORNING + timedelta(days=1)))
    drop(nights, "z.zip", archive({"fiche.xlsx": content}), DAWN + 5000)
    results = nights.run()
    copies = [each for each in results.report.anomalies if each.code == "I05"]
    assert len(copies) == 2
    assert sorted(results.states.values()) == ["Accepté", "Accepté", "Accepté", "Remplacé", "Remplacé"]


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_called_as_a_piece_beside_it_is_told_apart(nights, name):
    """Both count, each under its own name; the night after, too, where nothing is read again."""
    drop(nights, name, MAKERS[name]({"a.xlsx": oral(nights)}))
    drop(nights, f"{name} › a.xlsx", oral(nights, 0, "C02"))
    for _ in range(2):
        results = nights.run()
        files = {row["Fichier"]: row["Candidat"] for row in results.sheets["Fichiers"]}
        assert files == {name: "", f"{name} › a.xlsx": "C02", f"{name} › a.xlsx (2)": "007"}
        held = {(row["Fichier"], row["Candidat"]) for row in results.sheets["Détail"]}
        assert held == {(f"{name} › a.xlsx", "C02"), (f"{name} › a.xlsx (2)", "007")}
        assert set(results.states.values()) == {"Accepté"}


@pytest.mark.parametrize("name", MAKERS)
def test_a_piece_whose_name_a_file_bears_is_remembered_whole(nights, name):
    drop(nights, name, MAKERS[name]({"a.xlsx": oral(nights)}))
    drop(nights, f"{name} › a.xlsx", oral(nights, 0, "C02"))
    nights.run()
    (nights.cohort.returns / name).unlink()
    (nights.cohort.returns / f"{name} › a.xlsx").unlink()
    drop(nights, "b.xlsx", oral(nights, 0))
    results = nights.run(accept_loss=True)
    assert "007" in {each.candidate for each in results.report.anomalies if each.code == "R07"}


@pytest.mark.parametrize("name", MAKERS)
def test_a_copy_called_as_the_piece_beside_it_is_told_apart(nights, name):
    content = oral(nights)
    drop(nights, name, MAKERS[name]({"a.xlsx": content}))
    drop(nights, f"{name} › a.xlsx", content)
    results = nights.run()
    both = {f"{name} › a.xlsx", f"{name} › a.xlsx (2)"}
    assert {results.states[each] for each in both} == {"Accepté", "Remplacé"}
    (copy,) = [each for each in results.report.anomalies if each.code == "I05"]
    (other,) = both - {copy.file}
    assert f"« {other} »" in copy.message


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("names", [("m.eml", "n.eml"), ("m.eml", "z.zip"), ("a.zip", "m.eml")])
def test_the_latest_version_counts_whatever_container_bears_it(nights, names, swap):
    versions = []
    for day, typed in enumerate((0.5, 1)):
        book = nights.cohort.filled(ORAL)
        book.put(ORAL, "points", nights.cohort.referential.oral.items[0].code, typed)
        moment = MORNING + timedelta(days=day)
        versions.append((moment, taken(cohorts.date(book.save(), moment, moment))))
    for name, (moment, content) in zip(reversed(names) if swap else names, versions, strict=True):
        make = eml({"fiche.xlsx": content}, sent=moment) if name.endswith(".eml") else archive({"fiche.xlsx": content})
        drop(nights, name, make, int(moment.timestamp()))
    code = nights.cohort.referential.oral.items[0].code
    (kept,) = {value for _, entry, where, value in marks(nights.run()) if (entry, where) == ("points", code)}
    assert float(kept) == 1


def test_a_piece_has_the_date_of_its_message_otherwise_of_the_file(nights):
    content, sent = oral(nights), MORNING - timedelta(days=9)
    assert read(nights, "m.eml", eml({"a.xlsx": content}, sent=sent)).inside[0].modified == sent
    assert read(nights, "m.eml", eml({"a.xlsx": content})).inside[0].modified == MORNING
    assert read(nights, "z.zip", archive({"a.xlsx": content})).inside[0].modified == MORNING


# ------------------------------------------------------------------------------------------------ nights


@pytest.mark.parametrize("name", MAKERS)
def test_an_unchanged_container_is_not_opened_again(nights, name):
    path = drop(nights, name, MAKERS[name]({"fiche.xlsx": oral(nights)}))
    first = nights.run()
    assert set(nights.opened) == {name}
    path.with_name("libre.txt").write_text("Bonjour", encoding="utf-8")
    second = nights.run()
    assert name not in nights.opened
    assert nights.parsed == 0
    assert decisions(second) == decisions(first)
    assert marks(second) == marks(first)
    incremental, full = nights.twice()
    assert incremental == full


@pytest.mark.parametrize("name", [*MAKERS, "envoi"])
def test_the_morning_page_tells_of_what_came_in_a_container_and_not_of_the_container(nights, name):
    nights.run()
    make = MAKERS.get(name, archive)
    drop(nights, name, make({"a.xlsx": oral(nights), "b.xlsx": oral(nights, 1, "C02")}))
    results = nights.run()
    page = page_of(results)
    assert "2 nouveaux retours ; 2 retours lus en tout." in page
    assert "sans fiche reconnue" not in page
    assert len(results.report.evolution.brought) == 2


def test_the_morning_page_tells_of_a_container_in_which_nothing_was_recognised(nights):
    nights.run()
    drop(nights, "m.eml", eml({"a.pdf": b"%PDF-1.7", "b.xlsx": b"PK"}))
    assert "× Fichier sans fiche reconnue m.eml " in page_of(nights.run())


def test_a_moved_container_gives_the_new_names(nights):
    path = drop(nights, "m.eml", eml({"fiche.xlsx": oral(nights)}))
    nights.run()
    path.rename(path.with_name("renommé.eml"))
    results = nights.run()
    assert "renommé.eml › fiche.xlsx" in results.states
    assert {row["Fichier"] for row in results.sheets["Détail"]} == {"renommé.eml › fiche.xlsx"}


def test_taken_out_of_its_message_a_return_is_no_loss(nights):
    content = oral(nights)
    path = drop(nights, "m.eml", eml({"fiche.xlsx": content}))
    nights.run()
    path.unlink()
    drop(nights, "autre nom.xlsx", content)
    assert nights.run().states["autre nom.xlsx"] == "Accepté"


def test_a_piece_is_archived_and_given_back(nights):
    content = oral(nights)
    drop(nights, "z.zip", archive({"juin/fiche.xlsx": content}))
    nights.run()
    (kept,) = (nights.private() / "archive").glob("??/*.gz")
    assert gzip.decompress(kept.read_bytes()) == content
    given = restore(nights.cohort.path, hashlib.sha256(content).hexdigest()[:12])
    assert (given.name, given.read_bytes()) == ("fiche.xlsx", content)


def test_what_is_forgotten_is_named_within_its_container(nights):
    drop(nights, "m.eml", eml({"fiche.xlsx": oral(nights), "autre.xlsx": oral(nights, 1, "C02")}))
    notes = taken(nights.cohort.filled(NOTES).save())
    drop(nights, "z.zip", archive({"juin/notes.xlsx": notes}))
    nights.run()
    first = "\n".join(forget(nights.cohort.path, "007").first)
    assert "Supprimez retours/m.eml, où « fiche.xlsx » parle de 007" in first
    assert "« juin/notes.xlsx » par sa copie expurgée" in first
    assert "autre.xlsx" not in first
    (copy,) = nights.cohort.path.rglob("z.zip - notes.xlsx")
    report = read(nights, "copie.xlsx", copy.read_bytes())
    told_of = {mark.candidate for sheet in report.sheets for mark in sheet.marks if mark.raw}
    assert "C02" in told_of
    assert "007" not in told_of


def test_links_lead_to_the_container():
    assert links.to_return("juin/m.eml › a.xlsx") == "../retours/juin/m.eml"
    assert links.to_return("juin/12.emlx › a.xlsx") == "../retours/juin/12.emlx"
    assert "#" not in links.cell_link("m.eml › a.xlsx", "Grille", "H12")


# ---------------------------------------------------------------------------------------------- hostile


def test_no_spoiled_container_gives_a_trace_or_another_mark(nights):
    content = oral(nights)
    good = {mark[1:] for sheet in read(nights, "a.xlsx", content).sheets for mark in sheet.marks}
    chance = random.Random(8)
    for make in MAKERS.values():
        whole = make({"a.xlsx": content})
        for _ in range(60):
            spoiled = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
            report = read(nights, "x", bytes(spoiled))
            assert not any(anomaly.code == "F08" for each in (report, *report.inside) for anomaly in each.anomalies)
            found = {mark[1:] for each in (report, *report.inside) for sheet in each.sheets for mark in sheet.marks}
            assert found <= good


def test_a_container_is_bounded(nights, monkeypatch):
    many = {f"{rank}.txt": b"x" for rank in range(201)}
    assert told(read(nights, "z.zip", archive(many))) == [("F05", Gravity.BLOCKING, "z.zip")]
    assert told(read(nights, "z.zip", archive({"../a.xlsx": b"x"}))) == [("F05", Gravity.BLOCKING, "z.zip")]
    assert told(read(nights, "z.zip", archive({"a.txt": bytes(21_000_000)}))) == [("F05", Gravity.BLOCKING, "z.zip")]
    deep = b"From: a@b.fr\nTo: c@d.fr\nSubject: x\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 600
    assert told(read(nights, "m.eml", deep)) == [("F05", Gravity.BLOCKING, "m.eml")]
