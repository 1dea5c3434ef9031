"""The sheet `Écarts`: who rated how, the largest gaps first."""

from decimal import Decimal
from itertools import pairwise

from engine.model.anomalies import make
from engine.model.tables import EXCLUDED, MARKS, anomaly_rows, table
from engine.outputs.workbook import gaps as module
from engine.outputs.workbook.gaps import gaps
from tests.results import certification, headings, rows, session, workbook, written

PERSON = "C001"
ITEMS = [item.code for item in certification().oral.sections[0].items]


def mark(kind, evaluator, entry, code, value, state="value", candidate=PERSON):
    return ("t/a.xlsx", "Grille", "H12", kind, candidate, evaluator, entry, code, str(value), value, state)


def level(evaluator, value, code="1.1", entry="niveau", **more):
    return mark("GRILLE", evaluator, entry, code, None if value is None else Decimal(value), **more)


def oral(juror, values, **more):
    cells = zip(ITEMS, values, strict=False)
    return [mark("ORAL", juror, "points", code, Decimal(value), **more) for code, value in cells]


def found(*marks):
    number, largest = gaps(table(MARKS, marks), session()["outcomes"], certification())
    assert number == len(largest)
    return largest


def test_self_assessment_tutor_and_trainer_stand_side_by_side():
    (gap,) = found(level("T01", "3"), level("T01", "5", entry="auto"), level("F04", "2"))
    assert gap.said == {"Auto-évaluation": {"": 5}, "Tuteurs": {"T01": 3}, "Formateurs": {"F04": 2}}
    assert (gap.width, gap.share) == (3, 3 / 4)


def test_one_opinion_or_the_same_twice_is_no_gap():
    assert found(level("T01", "3")) == []
    assert found(level("T01", "3"), level("F04", "3")) == []


def test_what_was_excluded_or_declared_is_no_opinion():
    others = [level("F04", None, state=state) for state in (EXCLUDED, "NE", "missing")]
    assert found(level("T01", "3"), *others) == []


def test_jurors_are_compared_by_section_once_they_gave_every_point_of_it():
    whole = len(ITEMS)
    (gap,) = found(*oral("J01", ["1"] * whole), *oral("J02", ["0.5"] * whole))
    assert gap.said == {"Jurés": {"J01": whole, "J02": whole / 2}}
    assert gap.title == certification().oral.sections[0].title
    assert found(*oral("J01", ["1"] * whole), *oral("J02", ["0.5"] * (whole - 1))) == []


def test_the_largest_share_of_its_scale_comes_first():
    marks = [level("T01", "3"), level("F04", "2"), level("T01", "5", "1.2"), level("F04", "1", "1.2")]
    assert [gap.code for gap in found(*marks)] == ["1.2", "1.1"]


def test_who_left_is_not_compared():
    assert found(level("T01", "3", candidate="C013"), level("F04", "2", candidate="C013")) == []


def test_the_sheet_tells_who_said_what(tmp_path):
    expected = ["Candidat", "Nom", "Prénom", "Objet", "Code", "Intitulé", "Anomalie", "Écart"]
    expected += ["Part de l'échelle", "Plus bas", "Plus haut", "Auto-évaluation", "Tuteurs", "Formateurs", "Jurés"]
    assert headings(workbook(), "Écarts") == expected
    marks = [level("T01", "3"), level("T01", "5", entry="auto"), level("F04", "2")]
    (row,) = rows(written(tmp_path, marks=table(MARKS, marks)), "Écarts")
    assert (row["Code"], row["Écart"], row["Plus bas"], row["Plus haut"]) == ("1.1", 3, 2, 5)
    assert (row["Auto-évaluation"], row["Tuteurs"], row["Formateurs"]) == (5, "3 (T01)", "2 (F04)")


def test_the_sheet_is_in_order_and_says_what_it_leaves_out(tmp_path, monkeypatch):
    shares = [(row["Anomalie"] == "R02", row["Part de l'échelle"]) for row in rows(workbook(), "Écarts")]
    assert len(shares) > 5
    assert all(first >= second for first, second in pairwise(shares))
    monkeypatch.setattr(module, "MOST", 5)
    assert len(rows(written(tmp_path), "Écarts")) == 5


def test_what_an_anomaly_reports_comes_first_however_small(tmp_path):
    levels = [level("T01", "3"), level("F04", "2"), level("T01", "5", "1.2"), level("F04", "1", "1.2")]
    found = [
        make("R02", "Écartés.", candidate=PERSON, value="1.1"),
        make("R06", "Zéro.", candidate=PERSON, value="1.2"),
    ]
    shown = rows(written(tmp_path, marks=table(MARKS, levels), anomalies=anomaly_rows(found)), "Écarts")
    assert [(row["Code"], row["Anomalie"]) for row in shown] == [("1.1", "R02"), ("1.2", "")]


def test_jurors_far_apart_on_a_transversal_competence_or_on_the_whole_oral_are_there_too():
    transversal = [
        mark("TRANSVERSALE", juror, "niveau", "T01", Decimal(value)) for juror, value in (("J01", 1), ("J02", 4))
    ]
    codes = [item.code for item in certification().oral.items]
    given = [
        mark("ORAL", juror, "points", code, Decimal(value))
        for juror, value in (("J01", 1), ("J02", 0))
        for code in codes
    ]
    kinds = {(gap.kind, gap.title) for gap in found(*transversal, *given)}
    assert ("Transversale", certification().transversal.items[0].title) in kinds
    assert ("Oral", "Total du grand oral") in kinds
    assert len([kind for kind, _ in kinds if kind == "Oral"]) == 1 + len(certification().oral.sections)


def test_the_total_that_an_anomaly_reports_is_told_apart_from_its_sections():
    codes = [item.code for item in certification().oral.items]
    given = [
        mark("ORAL", juror, "points", code, Decimal(value))
        for juror, value in (("J01", 1), ("J02", 0))
        for code in codes
    ]
    _, largest = gaps(table(MARKS, given), session()["outcomes"], certification(), {(PERSON, "")})
    assert [gap.title for gap in largest if gap.flagged] == ["Total du grand oral"]
    assert largest[0].flagged
