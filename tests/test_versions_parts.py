"""Versions settled part by part: the cells of shared sheets, the two shares of a grid, two halves, who vouches."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.commands.templates import issue
from tests import cohorts
from tests.nights import Nights
from tests.readings import BLOCKING, GRILLE, INFO, NOTES, ORAL, TRAVAUX, VALIDATION, WARNING
from tests.test_versions import JUNE, level, save, travaux

LIBREOFFICE = b"LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2"


def written_by(path, program, hours):
    """A version that a program saved so many hours after the first of June's versions; the file's date says nothing."""

    def named(content):
        return re.sub(rb"(<Application>)[^<]*", rb"\1" + program, content)

    cohorts.date(path, JUNE + timedelta(hours=hours), JUNE)
    cohorts.rewrite(path, {"docProps/app.xml": named})
    return cohorts.date(path, JUNE + timedelta(hours=hours), JUNE)


def said(row):
    """A message, its narrow spaces made plain."""
    return row["Message"].replace("\u202f", " ").replace("\N{NO-BREAK SPACE}", " ")


def notes(cohort, day, name, **marks):
    """A version of the marks: by candidate, the marks that are typed, by code."""
    book = cohort.book(NOTES)
    for candidate, typed in marks.items():
        for code, value in typed.items():
            book.put(NOTES, code, "", value, candidate)
    return save(book, name, day)


# ------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(("hours", "counts"), [(1, None), (-1, None), (14, None), (15, 4), (-15, 3)])
def test_a_local_time_written_as_utc_orders_only_what_every_zone_would(cohort, hours, counts):
    written_by(travaux(cohort, RA1=3).save("premier.xlsx"), b"Microsoft Excel", 0)
    written_by(travaux(cohort, RA1=4).save("second.xlsx"), LIBREOFFICE, hours)
    results = cohort.consolidate()
    assert level(results) == counts
    assert {row["Gravité"] for row in results.anomalies("I06")} == {WARNING if counts else BLOCKING}


def test_two_dates_of_one_program_are_compared_as_they_stand(cohort):
    written_by(travaux(cohort, RA1=3).save("b.xlsx"), LIBREOFFICE, 0)
    written_by(travaux(cohort, RA1=4).save("a.xlsx"), LIBREOFFICE.replace(b"7.4", b"24.8"), 1)
    assert level(cohort.consolidate()) == 4


def test_an_undated_version_leaves_the_others_their_order(cohort):
    """What counted without it is contested, and nothing older comes back."""
    save(travaux(cohort, RA1=2), "c.xlsx", 1)
    save(travaux(cohort, RA1=3), "b.xlsx", 2)
    save(travaux(cohort, RA1=4), "a.xlsx", None, 3)
    results = cohort.consolidate()
    assert level(results) is None
    assert {row["Fichier"] for row in results.anomalies("I06", Gravité=BLOCKING)} == {"a.xlsx", "b.xlsx"}
    assert results.states["c.xlsx"] == "Remplacé"


def test_a_program_that_leaves_the_dates_we_issued_dates_nothing(cohort):
    """Some keep the properties of the workbook as they came: the day of the referential is not when they saved."""
    issued = cohorts.rewrite(travaux(cohort, RA1=3).save("a.xlsx"), {})
    with cohorts.zipfile.ZipFile(cohort.issued(GRILLE)) as package:
        properties = {name: package.read(name) for name in ("docProps/core.xml", "docProps/app.xml")}
    cohorts.rewrite(issued, properties)
    save(travaux(cohort, RA1=4), "b.xlsx", -400, 1)
    results = cohort.consolidate()
    assert level(results) is None
    assert len(results.anomalies("I06", Gravité=BLOCKING)) == 2


def test_the_very_bytes_sent_again_correct_a_mistake(cohort):
    good = save(travaux(cohort, RA1=3), "juste.xlsx", 1)
    save(travaux(cohort, RA1=4), "erreur.xlsx", 2)
    assert level(cohort.consolidate()) == 4
    again = cohort.drop(good, "encore.xlsx")
    stamp = (JUNE + timedelta(days=3)).timestamp()
    cohorts.os.utime(again, (stamp, stamp))
    results = cohort.consolidate()
    assert level(results) == 3
    assert "niveau RA1 : 4 → 3" in said(results.anomaly("I06"))


# ------------------------------------------------------------------------------------ shared sheets


def test_two_secretaries_each_fill_a_part_of_the_marks(cohort):
    notes(cohort, 1, "Inès.xlsx", **{"007": {"EN": 12}, "C02": {"EN": 13}})
    notes(cohort, 2, "Paul.xlsx", C03={"EN": 14})
    results = cohort.consolidate()
    assert [results.summary(each)["EN"] for each in ("007", "C02", "C03")] == [12, 13, 14]
    assert results.anomalies("I06") == []
    (missing,) = results.anomalies("V09", Fichier="Paul.xlsx")
    assert results.anomalies("V09", Fichier="Inès.xlsx") == []
    book = cohort.book(NOTES)
    filled = {book.cell(NOTES, "EN", "", each).coordinate for each in ("007", "C02", "C03")}
    assert not filled & set(missing["Cellule"].split("; "))
    assert set(results.states.values()) == {"Accepté", "Accepté avec réserves"}


@pytest.mark.parametrize(("day", "counts"), [(2, 15), (0, 12)])
def test_each_mark_comes_from_the_latest_version_that_holds_one(cohort, day, counts):
    notes(cohort, 1, "a.xlsx", **{"007": {"EN": 12, "UE1": 11}})
    notes(cohort, day, "b.xlsx", **{"007": {"EN": 15, "UE2": 13}})
    results = cohort.consolidate()
    row = results.summary("007")
    assert (row["EN"], row["UE1"], row["UE2"]) == (counts, 11, 13)
    told = results.anomaly("I06")
    assert (told["Gravité"], told["Fichier"]) == (WARNING, "b.xlsx" if day == 2 else "a.xlsx")


def test_only_the_cells_that_differ_wait_where_nothing_orders_the_versions(cohort):
    notes(cohort, 1, "a.xlsx", **{"007": {"EN": 12, "UE1": 11}})
    notes(cohort, 1, "b.xlsx", **{"007": {"EN": 15, "UE1": 11}, "C02": {"EN": 13}})
    results = cohort.consolidate()
    rows = results.anomalies("I06")
    assert {(row["Gravité"], row["Fichier"]) for row in rows} == {(BLOCKING, "a.xlsx"), (BLOCKING, "b.xlsx")}
    cell = cohort.book(NOTES).cell(NOTES, "EN", "", "007").coordinate
    assert {row["Cellule"] for row in rows} == {cell}
    assert (results.value("007", "EN", "EN"), results.value("007", "UE1", "UE1")) == (None, 11)
    assert results.value("C02", "EN", "EN") == 13
    assert results.summary("007")["EN état"] == "En attente"


def test_a_cell_that_cannot_be_read_never_falls_back_on_an_older_value(cohort):
    notes(cohort, 1, "a.xlsx", **{"007": {"EN": 12}})
    notes(cohort, 2, "b.xlsx", **{"007": {"EN": "douze ?"}})
    results = cohort.consolidate()
    assert results.value("007", "EN", "EN") is None
    assert results.anomaly("V03")["Gravité"] == BLOCKING
    notes(cohort, 3, "c.xlsx", **{"007": {"EN": 13}})
    results = cohort.consolidate()
    assert results.value("007", "EN", "EN") == 13
    assert results.anomaly("V03")["Gravité"] == INFO
    assert results.report.blocking == 0


def test_the_sheet_sent_out_again_for_a_late_candidate_erases_nobody(cohort):
    save(cohort.filled(NOTES), "Notes.xlsx", 1)
    assert cohort.consolidate().summary("007")["EN état"] == "Validé"
    late = cohort.enrol(lambda table: table.replace("C04  ", "C05  | Tardif | Luc | T02 | | J01;J02 |\nC04  "))
    issue(late.path)
    notes(late, 2, "Notes (Tardif).xlsx", C05={"EN": 14})
    results = late.consolidate()
    assert [results.summary(each)["EN"] for each in ("007", "C02", "C05")] == [20, 20, 14]
    assert not results.anomalies("R07")
    assert not results.anomalies("S03", Gravité=BLOCKING)
    assert results.report.blocking == 0


def test_a_validation_is_completed_cell_by_cell(cohort):
    for day, candidate in ((1, "007"), (2, "C02")):
        book = cohort.book(VALIDATION)
        book.put(VALIDATION, "RA1", "", "Oui", candidate)
        save(book, f"{candidate}.xlsx", day)
    results = cohort.consolidate()
    assert {results.value(each, "RA1", "RA1") for each in ("007", "C02")} == {"Oui"}


# -------------------------------------------------------------------------------- shares and halves


def grid(cohort, **inputs):
    """A tutor's workbook, by input: {code: value}."""
    book = cohort.book(GRILLE)
    for entry, typed in inputs.items():
        for code, value in typed.items():
            book.put(GRILLE, entry, code, value)
    return book


@pytest.mark.parametrize("day", [0, 2])
def test_a_fresh_copy_by_the_tutor_keeps_what_the_candidate_wrote(cohort, day):
    save(grid(cohort, auto={"1.1": 4}, experience={"1.1": "Salon de juin"}, niveau={"1.1": 3}), "a.xlsx", 1)
    save(grid(cohort, niveau={"1.1": 5, "1.2": 4}), "b.xlsx", day)
    results = cohort.consolidate()
    assert (results.value("007", "auto", "1.1"), results.value("007", "experience", "1.1")) == (4, "Salon de juin")
    assert results.value("007", "niveau", "1.1") == (5 if day == 2 else 3)
    assert results.report.blocking == 0
    assert set(results.states.values()) == (
        {"Accepté", "Accepté avec réserves"} if day == 2 else {"Accepté avec réserves", "Remplacé"}
    )


def test_a_candidate_who_sends_their_part_later_erases_no_level(cohort):
    save(grid(cohort, niveau={"1.1": 3}), "a.xlsx", 1)
    save(grid(cohort, auto={"1.1": 4}), "b.xlsx", 2)
    results = cohort.consolidate()
    assert (results.value("007", "auto", "1.1"), results.value("007", "niveau", "1.1", "T01")) == (4, 3)
    assert ("T01", "007", "GRILLE") not in results.missing()


def test_candidates_parts_that_nothing_orders_do_not_block(cohort):
    save(grid(cohort, auto={"1.1": 4}, niveau={"1.1": 3}), "a.xlsx", 1)
    save(grid(cohort, auto={"1.1": 2}, niveau={"1.1": 3}), "b.xlsx", 1)
    results = cohort.consolidate()
    assert {row["Gravité"] for row in results.anomalies("I06")} == {WARNING}
    assert (results.value("007", "auto", "1.1"), results.value("007", "niveau", "1.1", "T01")) == (None, 3)


def test_two_halves_of_a_sheet_need_a_person(cohort):
    codes = [row.code for row in cohort.book(GRILLE).form(GRILLE).rows]
    half = len(codes) // 2
    save(grid(cohort, niveau=dict.fromkeys(codes[:half], 4)), "tuteur.xlsx", 1)
    save(grid(cohort, niveau=dict.fromkeys(codes[half:], 5)), "collègue.xlsx", 2)
    results = cohort.consolidate()
    row = results.anomaly("I06")
    assert (row["Gravité"], row["Fichier"]) == (BLOCKING, "collègue.xlsx")
    assert "tuteur.xlsx" in row["Message"]
    assert f"niveau {codes[0]} (4)" in row["Message"]
    assert "un seul fichier" in row["Correction"]
    assert results.value("007", "niveau", codes[-1], "T01") == 5
    assert results.value("007", "niveau", codes[0], "T01") is None
    assert results.summary("007")["B1 état"] == "En attente"


def test_two_halves_that_nothing_orders_are_to_be_brought_together(cohort):
    """To take either of them away would lose its values; of two that fill the same cells, one has to go."""
    codes = [row.code for row in cohort.book(GRILLE).form(GRILLE).rows]
    half = len(codes) // 2
    save(grid(cohort, niveau=dict.fromkeys(codes[:half], 4)), "tuteur.xlsx", 1)
    save(grid(cohort, niveau=dict.fromkeys(codes[half:], 5)), "collègue.xlsx", 1)
    rows = cohort.consolidate().anomalies("I06", Gravité=BLOCKING)
    assert len(rows) == 2
    assert all("un seul fichier" in row["Correction"] for row in rows)
    save(grid(cohort, niveau=dict.fromkeys(codes[:half], 3)), "collègue.xlsx", 1)
    rows = cohort.consolidate().anomalies("I06", Gravité=BLOCKING)
    assert len(rows) == 2
    assert not any("un seul fichier" in row["Correction"] for row in rows)


def test_a_version_that_was_emptied_erases_nothing_without_a_word(cohort):
    """A draft saved again, or one whose juror parted the two sheets: what it still holds is no correction."""
    full = cohort.filled(ORAL)
    save(full, "complet.xlsx", 1)
    emptied = cohort.filled(ORAL)
    codes = [row.code for row in emptied.form(ORAL).rows]
    for code in codes:
        emptied.put(ORAL, "points", code, None)
    save(emptied, "vidé.xlsx", 2)
    results = cohort.consolidate()
    row = results.anomaly("I06")
    assert (row["Gravité"], row["Fichier"], row["Feuille"]) == (BLOCKING, "vidé.xlsx", "Grand oral")
    assert "complet.xlsx" in row["Message"]
    assert f"points {codes[0]}" in row["Message"]
    assert "un seul fichier" in row["Correction"]


def test_an_absence_replaces_points(cohort):
    """The points were for somebody else; whoever is absent has no others."""
    full = cohort.filled(ORAL)
    save(full, "complet.xlsx", 1)
    absent = cohort.filled(ORAL)
    first, *others = (row.code for row in absent.form(ORAL).rows)
    absent.put(ORAL, "points", first, "ABS")
    for code in others:
        absent.put(ORAL, "points", code, None)
    save(absent, "absent.xlsx", 2)
    results = cohort.consolidate()
    assert [row["Gravité"] for row in results.anomalies("I06", Feuille="Grand oral")] == [WARNING]


@pytest.mark.parametrize(("withdrawn", "gravity"), [(2, WARNING), (3, BLOCKING)])
def test_a_few_values_may_be_taken_back(cohort, withdrawn, gravity):
    codes = [row.code for row in cohort.book(GRILLE).form(GRILLE).rows][: 2 * withdrawn]
    save(grid(cohort, niveau=dict.fromkeys(codes, 4)), "a.xlsx", 1)
    save(grid(cohort, niveau=dict.fromkeys(codes[:withdrawn], 4)), "b.xlsx", 2)
    results = cohort.consolidate()
    assert results.anomaly("I06")["Gravité"] == gravity
    assert results.value("007", "niveau", codes[0], "T01") == 4


def test_a_signed_sheet_where_nothing_else_is_typed_erases_nothing(cohort):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    book = cohort.book(GRILLE)
    book.put(TRAVAUX, "signature", "", "K. Benali")
    save(book, "b.xlsx", 2)
    assert level(cohort.consolidate()) == 3


# ------------------------------------------------------------------------------- night after night


def test_the_order_in_which_files_arrive_changes_nothing(tmp_path, monkeypatch):
    """Five files over five nights, in two orders, or all at once: the same marks, and no loss is told of in the end."""
    outcomes = []
    for rank, order in enumerate(([0, 1, 2, 3, 4], [4, 2, 0, 3, 1], None)):
        cohort = cohorts.make(tmp_path / str(rank))
        nights = Nights(cohort, monkeypatch)
        drops = [
            lambda cohort=cohort: notes(cohort, 1, "a.xlsx", **{"007": {"EN": 12, "UE1": 11}}),
            lambda cohort=cohort: notes(cohort, 2, "b.xlsx", **{"007": {"EN": 15}, "C02": {"EN": 9}}),
            lambda cohort=cohort: save(grid(cohort, auto={"1.1": 4}, niveau={"1.1": 3}), "c.xlsx", 1),
            lambda cohort=cohort: save(grid(cohort, niveau={"1.1": 5}), "d.xlsx", 2),
            lambda cohort=cohort: notes(cohort, 3, "e.xlsx", C02={"EN": 14}),
        ]
        for drop in order or range(5):
            drops[drop]()
            if order:
                nights.run()
        results = nights.run()
        read = ("Candidat", "Nature", "Saisie", "Code", "Valeur lue", "Fichier", "Cellule")
        outcomes.append(sorted(tuple(row[name] for name in read) for row in results.sheets["Détail"]))
        assert not results.anomalies("R07")
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert len(outcomes[0]) == 5


def test_a_mark_that_another_version_takes_over_is_told_of_once(tmp_path, monkeypatch):
    cohort = cohorts.make(tmp_path / "cohorte")
    nights = Nights(cohort, monkeypatch)
    notes(cohort, 1, "a.xlsx", **{"007": {"EN": 12, "UE1": 11}})
    nights.run()
    notes(cohort, 2, "b.xlsx", **{"007": {"EN": 15}})
    told = said(nights.run().anomaly("R07"))
    assert "EN : 12 → 15" in told
    assert "UE1" not in told
    assert not nights.run().anomalies("R07")
    (cohort.returns / "a.xlsx").unlink()
    told = said(nights.run().anomaly("R07"))
    assert "UE1 : 11 → vide" in told
    assert "EN" not in told
