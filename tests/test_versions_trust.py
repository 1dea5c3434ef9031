"""A version replaces another only when what vouches for it is worth as much."""

from __future__ import annotations

import pytest

from engine.workspace import seals
from tests import cohorts
from tests.readings import BLOCKING, INFO, ORAL, TRAVAUX, reference_cell
from tests.test_versions import level, save, travaux


@pytest.mark.parametrize("day", [0, 1, 2])
def test_a_reference_without_its_seal_never_replaces_a_sealed_sheet(cohort, day):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    book = travaux(cohort, RA1=5)
    cell = reference_cell(book, TRAVAUX)
    cell.value = cell.value.rpartition("/")[0] + "/-"
    save(book, "b.xlsx", day)
    results = cohort.consolidate()
    assert level(results) == 3
    assert results.anomaly("I03")["Gravité"] == (INFO if day == 0 else BLOCKING)


@pytest.mark.parametrize(("day", "gravity"), [(0, INFO), (1, BLOCKING), (2, BLOCKING)])
def test_an_unsigned_sheet_never_replaces_a_signed_one(tmp_path, day, gravity):
    cohort = cohorts.make(tmp_path / "cohorte", signature=True)
    code = seals.personal_code(seals.read_key(cohort.path), "J01")
    first, second = cohort.book(ORAL).fill(ORAL, signature=code), cohort.book(ORAL).fill(ORAL, signature="")
    second.put(ORAL, "points", "O01", 0)
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", day)
    results = cohort.consolidate()
    assert results.value("007", "points", "O01", "J01") == 1
    assert results.anomaly("I07")["Gravité"] == gravity
    assert ("J01", "007", "ORAL") not in results.missing()
