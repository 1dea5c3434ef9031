"""What a later version lacks: told where it was taken back, and no half that is missing where it was not asked for."""

from __future__ import annotations

from engine.commands.templates import issue
from tests.readings import GRILLE, TRAVAUX, WARNING
from tests.test_versions import level, save, travaux
from tests.test_versions_parts import grid, said


def test_what_a_candidate_changes_in_their_share_alone_is_told(cohort):
    save(grid(cohort, auto={"1.1": 4, "1.2": 3}, niveau={"1.1": 3}), "a.xlsx", 1)
    save(grid(cohort, auto={"1.1": 2}), "b.xlsx", 2)
    told = cohort.consolidate().anomaly("I06")
    assert (told["Gravité"], told["Fichier"]) == (WARNING, "b.xlsx")
    assert "auto 1.1 : 4 → 2 ; auto 1.2 : 3 → vide" in said(told)


def test_blocs_that_are_no_longer_presented_are_no_missing_half(cohort):
    """The sheet sent out again has no cell to copy their levels into."""
    codes = [row.code for row in cohort.book(GRILLE).form(GRILLE).rows]
    save(grid(cohort, niveau=dict.fromkeys(codes, 4)), "tout.xlsx", 1)
    fewer = cohort.enrol(
        lambda table: table.replace("| Statut\n", "| Statut | Blocs présentés\n").replace(
            "F01        | J01;J02 |\n", "F01        | J01;J02 |        | B1\n"
        )
    )
    issue(fewer.path)
    save(grid(fewer, niveau={code: 4 for code in codes if code.startswith("1.")}), "B1.xlsx", 2)
    results = fewer.consolidate()
    told = results.anomaly("I06")
    assert (told["Gravité"], results.summary("007")["B1 état"]) == (WARNING, "Validé")
    assert "niveau 2.1 : 4 → vide" in said(told)


def test_remarks_that_are_taken_back_are_told_and_block_nothing(cohort):
    book = cohort.book(GRILLE)
    for code in ("RA1", "RA2", "RA3"):
        book.put(TRAVAUX, "sujet", code, f"Sujet de {code}")
    save(book, "sujets.xlsx", 1)
    save(travaux(cohort, RA1=3, RA2=4), "niveaux.xlsx", 2)
    results = cohort.consolidate()
    told = results.anomaly("I06")
    assert (told["Gravité"], level(results)) == (WARNING, 3)
    assert "sujet RA1 : Sujet de RA1 → vide" in said(told)
