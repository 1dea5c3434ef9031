"""Days that a workbook counts from 1904 on, as those of old Macs do."""

import re
from datetime import date

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from engine.intake.context import Context
from engine.intake.files import read_file
from engine.model import Kind
from tests import cohorts

TRAVAUX = Kind.TRAVAUX


@pytest.mark.parametrize("epoch", [CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900])
@pytest.mark.parametrize("bare", [False, True])
def test_a_day_is_read_as_it_was_typed_wherever_days_are_counted_from(tmp_path, epoch, bare):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(TRAVAUX)
    book.workbook.epoch = epoch
    cell = book.cell(TRAVAUX, "date")
    cell.value = (date(2025, 6, 2) - epoch.date()).days if bare else date(2025, 6, 2)
    cell.number_format = "General" if bare else "dd/mm/yyyy"
    path = book.save()
    report = read_file(path, path.name, Context(cohort.referential, cohort.roster))
    (value,) = (
        mark.value
        for sheet in report.sheets
        if sheet.kind is TRAVAUX
        for mark in sheet.marks
        if mark.input == "date" and not mark.code
    )
    assert value == date(2025, 6, 2)
    told = [anomaly for sheet in report.sheets for anomaly in sheet.anomalies if anomaly.code == "V05"]
    assert len(told) == bare
    assert all(re.search("02/06/2025", anomaly.message) for anomaly in told)
