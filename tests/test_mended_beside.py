"""What is mended by another workbook: once the good one has come beside, the remedy says what to do with the bad one.

Whoever does as told, and no more, leaves in ``retours/`` what no sentence told them to take away.
"""

from __future__ import annotations

import email
import email.policy
import re
import zipfile
from datetime import datetime

import pytest

from engine.intake.files import collect
from engine.intake.safety.refusal import then_removed
from engine.model import Kind
from engine.model.anomalies import Gravity
from tests import cohorts
from tests.cohorts import date
from tests.spoil import CASES, jury
from tests.spoil.case import Case, Desk
from tests.spoil.judge import drop, seen_by
from tests.test_mended import AGAIN, Return, send_again

LATER = datetime(2035, 9, 1)
MOST = 12  # cases for each code
AWAY = re.compile(r"retire[rz]|sortez|supprimez", re.IGNORECASE)
IN_PLACE = {"F06", "F07"}  # the file itself is good


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("remises") / "cohorte")


def _chosen() -> list[Case]:
    cases = [case for case in CASES if case.possible and case not in jury.CASES]
    codes = [code for code in (*AGAIN, "I01", "I02", "I04") if code not in IN_PLACE]
    return [case for code in codes for case in [each for each in cases if each.codes.split()[:1] == [code]][:MOST]]


@pytest.mark.parametrize("case", _chosen(), ids=lambda case: f"{case.codes} {case.name}")
def test_what_still_blocks_beside_the_good_workbook_says_to_take_it_away(desk, tmp_path, case, monkeypatch):
    back = Return(desk, case, tmp_path, seen_by(desk, case.session))
    for file in case.files(desk):
        drop(file, tmp_path / file.name)
    came = set(collect(tmp_path))
    monkeypatch.setattr(back, "remove", lambda *_: None)  # nobody said so
    send_again(back, [])
    for path in set(collect(tmp_path)) - came:
        date(path, LATER, LATER)
    for each in back.judge().anomalies:
        if each.gravity is Gravity.BLOCKING:
            assert AWAY.search(each.remedy), each


@pytest.mark.parametrize("name", ["Grille.pdf", "Message.eml › Grille.pdf"])
def test_the_rest_of_a_message_is_kept_before_it_is_taken_away(name):
    said = then_removed("Demandez-le.", name)
    assert ("« Message.eml »" in said and "autres classeurs" in said) is ("›" in name)


def test_a_cell_of_a_workbook_in_an_archive_is_mended_once_that_is_taken_out(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(Kind.GRILLE)
    book.put(Kind.GRILLE, "niveau", "1.1", 7)
    path = book.save("grille.xlsx")
    alone = cohort.consolidate().anomaly("V01")["Correction"]
    with zipfile.ZipFile(cohort.returns / "lot.zip", "w") as archive:
        archive.write(path, "grille.xlsx")
    path.unlink()
    found = cohort.consolidate().anomaly("V01")
    assert found["Fichier"] == "lot.zip › grille.xlsx"
    assert found["Correction"].startswith("Enregistrez d’abord ce classeur à part")
    assert found["Correction"].endswith(alone)


def test_a_reminder_tells_homonyms_apart(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    cohort.filled(Kind.GRILLE).save()
    cohort.consolidate()
    (draft,) = (cohort.path / "envois" / "relances").glob("*(J01).eml")
    letter = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    lines = letter.get_body(("plain",)).get_content().split("\r\n")
    named = [line.removeprefix("  - ") for line in lines if line.startswith("  - Grand oral")]
    assert named == [f"Grand oral de {name}" for name in ("LEFÈVRE Éloïse", "NGUYEN Bao (C02)", "NGUYEN Bao (C03)")]
