"""The certifier's view over many cohorts: alerts from exact probabilities, tables that lead back to a delivery."""

import random
from datetime import datetime
from fractions import Fraction
from itertools import product
from math import sqrt
from statistics import fmean, stdev

import openpyxl
import pytest

from engine.outputs import nation
from engine.outputs.nation import Cohort, Received, State, alerts

MADE_AT = datetime(2025, 7, 1)


def cohort(number, admitted=30, partial=15, refused=5, pending=0, **parts):
    known = {
        "file": f"CGCo {number:03}.zip",
        "sha256": f"{number:064x}",
        "cohort_id": f"{number:032x}",
        "number": 1,
        "certification": "RNCP34465",
        "version": "2024-03-15",
        "centre": f"Centre {number:03}",
        "session": "Juin 2025",
        "name": "Promotion",
        "candidates": admitted + partial + refused + pending,
        "decisions": {"ADMIS": admitted, "PARTIEL": partial, "AJOURNÉ": refused, "EN ATTENTE": pending},
        "departures": 0,
        "oral": 40.0,
        "exam_code": "EN",
        "exam": 12.5,
        "blocs": {"B1": admitted},
    }
    return Cohort(**known | parts)


def table(found, name):
    (wanted,) = (each for each in found.tables if each.name == name)
    return [dict(zip([column.heading for column in wanted.columns], row, strict=True)) for row in wanted.rows]


# ------------------------------------------------------------------------------------------------ alerts


@pytest.mark.parametrize(
    ("admitted", "decided", "probability", "alert"),
    [(19, 20, 0.00084, "À regarder"), (30, 30, 4.0e-7, "À regarder"), (12, 20, 1, None), (3, 4, None, None)],
)
def test_a_cohort_unlike_the_others(admitted, decided, probability, alert):
    others = [cohort(number, 30, 20, 0) for number in range(20)]
    mine = cohort(99, admitted, decided - admitted, 0)
    row = table(nation.gather([*others, mine], []), "Centres")[-1]
    assert row["Alerte"] == alert
    assert row["p"] == (probability if probability is None else pytest.approx(probability, rel=0.02))
    assert row["Taux d'admission"] == admitted / decided


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(7, 9), Fraction(1)])
def test_the_probability_is_that_of_every_sequence_counted_one_by_one(rate):
    trials = 6
    weight = {count: Fraction(0) for count in range(trials + 1)}
    for sequence in product((0, 1), repeat=trials):
        chance = Fraction(1)
        for one in sequence:
            chance *= rate if one else 1 - rate
        weight[sum(sequence)] += chance
    for seen in range(trials + 1):
        expected = sum(each for each in weight.values() if each <= weight[seen])
        assert alerts.binomial(seen, trials, rate) == expected


def test_a_cohort_alone_has_nothing_to_be_held_against():
    (row,) = table(nation.gather([cohort(1)], []), "Centres")
    assert (row["p"], row["Alerte"]) == (None, None)


def test_who_waits_is_not_decided():
    rows = table(nation.gather([cohort(1, 4, 0, 0, pending=9), cohort(2)], []), "Centres")
    assert (rows[0]["Candidats"], rows[0]["EN ATTENTE"], rows[0]["Taux d'admission"], rows[0]["p"]) == (
        13,
        9,
        1.0,
        None,
    )


def test_a_juror_far_from_the_others():
    draw = random.Random(7)
    usual = {f"J{rank}": tuple(draw.gauss(42, 4) for _ in range(30)) for rank in range(8)}
    severe, rare = tuple(value - 9 for value in usual["J0"][:10]), (20.0,) * 9
    found = table(nation.gather([cohort(1, totals=usual | {"J8": severe, "J9": rare})], []), "Jurés")
    assert {row["Juré"] for row in found if row["Alerte"]} == {"J8"}
    mine = next(row for row in found if row["Juré"] == "J8")
    others = [total for juror, totals in usual.items() for total in totals] + list(rare)
    assert mine["Moyenne nationale"] == pytest.approx(fmean(others))
    assert mine["z"] == pytest.approx((fmean(severe) - fmean(others)) / (stdev(others) / sqrt(10)))
    assert next(row for row in found if row["Juré"] == "J9")["z"] is None


def test_jurors_who_all_say_the_same_raise_nothing():
    found = table(nation.gather([cohort(1, totals={"J1": (40.0,) * 12, "J2": (40.0,) * 12})], []), "Jurés")
    assert [row["Alerte"] for row in found] == [None, None]


# ------------------------------------------------------------------------------------------------ tables


def test_what_is_known_of_jurors_is_what_their_totals_give_one_by_one():
    dice = random.Random(7)
    totals = [[dice.randrange(0, 121) / 2 for _ in range(dice.randrange(1, 30))] for _ in range(40)]
    for rank, found in enumerate(alerts.of_jurors(totals)):
        mine, others = totals[rank], [each for other, given in enumerate(totals) if other != rank for each in given]
        z = (fmean(mine) - fmean(others)) / (stdev(others) / sqrt(len(mine))) if len(mine) >= 10 else None
        assert (found.mean, found.others) == (pytest.approx(fmean(mine)), pytest.approx(fmean(others)))
        assert found.z == (None if z is None else pytest.approx(z))


def test_jurors_are_held_against_those_whose_points_are_out_of_as_many():
    totals = {f"J{rank:02}": tuple(30.0 + (rank + each) % 7 for each in range(12)) for rank in range(5)}
    wider = {juror: tuple(2 * total for total in mine) for juror, mine in totals.items()}
    old, new = ("points, sur 60", "note, sur 20"), ("points, sur 120", "note, sur 20")
    cohorts = [cohort(1, totals=totals, units=old), cohort(2, totals=wider, units=new, version="2026-01")]
    found = nation.gather(cohorts, [])
    assert found.alerts == 0
    assert {row["Moyenne nationale"] // 30 for row in table(found, "Jurés")} == {1, 2}
    assert [row["Barèmes"] for row in table(found, "Centres")] == [
        "points, sur 60 ; note, sur 20",
        "points, sur 120 ; note, sur 20",
    ]
    assert "Barèmes" not in table(nation.gather(cohorts[:1], []), "Centres")[0]


def test_cohorts_are_counted_by_their_rate_of_admission_whatever_their_number(tmp_path):
    cohorts = [cohort(rank, admitted, 50 - admitted, 0) for rank, admitted in enumerate([30] * 70 + [5, 50, 25, 29])]
    found = nation.gather([*cohorts, cohort(90, 0, 0, 0, 4)], [])
    told = {band.label: (band.usual, band.alerts) for band in found.bands if band.usual + band.alerts}
    assert told == {
        "10 à 20\u202f%": (0, 1),
        "50 à 60\u202f%": (2, 0),
        "60 à 70\u202f%": (70, 0),
        "90 à 100\u202f%": (0, 1),
    }
    assert found.raised == [
        "Centre 070, Juin 2025 : 5 ADMIS, probabilité moins de 0,0001.",
        "Centre 071, Juin 2025 : 50 ADMIS, probabilité moins de 0,0001.",
    ]
    nation.write(tmp_path / "n.xlsx", found, "Vue", MADE_AT)
    home = openpyxl.load_workbook(tmp_path / "n.xlsx")["Accueil"]
    rows = {row[0]: row[1:3] for row in home.iter_rows(values_only=True) if str(row[0]).endswith("\u202f%")}
    assert (rows["60 à 70\u202f%"], rows["90 à 100\u202f%"], len(rows)) == ((70, 0), (1, 1), 10)
    assert len(home._charts) == 1  # bars of 75 cohorts would be too thin
    shown = nation.page(found, "Vue")
    assert "Centre 070, Juin 2025" in shown.split("<table>")[0]
    assert shown.count('<i class="far" style') == 2


def test_an_alert_tells_its_figures_where_a_bloc_has_the_code_of_a_heading():
    usual = [cohort(number, 30, 20, 0) for number in range(20)]
    plain, odd = (
        nation.gather([*usual, cohort(99, 5, 45, 0, blocs=dict.fromkeys(codes, 1))], [])
        for codes in (["B1"], ["p", "Centre", "ADMIS"])
    )
    assert odd.raised == plain.raised == ["Centre 099, Juin 2025 : 5 ADMIS, probabilité moins de 0,0001."]


def test_the_order_in_which_deliveries_come_changes_nothing(tmp_path):
    cohorts = [cohort(number, 20 + number) for number in range(6)]
    received = [Received(each.file, State.READ, each.sha256) for each in cohorts]
    one, other = nation.gather(cohorts, received), nation.gather(cohorts[::-1], received[::-1])
    nation.write(tmp_path / "a.xlsx", one, "Vue nationale", MADE_AT)
    nation.write(tmp_path / "b.xlsx", other, "Vue nationale", MADE_AT)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert nation.page(one, "Vue") == nation.page(other, "Vue")


def test_the_workbook_leads_every_holder_back_to_a_delivery(tmp_path):
    holders = [{"Centre": "Lyon", "Session": "Juin", "Identifiant": "007", "Nom": "=1+1", "Décision": "ADMIS"}]
    found = nation.gather(
        [cohort(1, holders=tuple(holders)), cohort(2, exam=None, oral=None, blocs={"B1": 2, "B9": 1})],
        [Received("CGCo 001.zip", State.READ, "ab"), Received("x.zip", State.REFUSED, "", "mot de passe")],
    )
    nation.write(tmp_path / "nation.xlsx", found, "Vue nationale", MADE_AT)
    book = openpyxl.load_workbook(tmp_path / "nation.xlsx")
    for name in ("Centres", "Jurés"):
        (alert,) = [cell for cell in book[name][1] if cell.value == "Alerte"]
        assert alert.alignment.horizontal == "center"  # beside a number, which keeps to the right
    assert book.sheetnames == ["Accueil", "Centres", "Jurés", "Blocs", "Titulaires", "Livraisons"]
    (titles, row) = list(book["Titulaires"].iter_rows(values_only=True))
    said = dict(zip(titles, row, strict=True))
    assert (said["Identifiant"], said["Nom"], said["Livraison"]) == ("007", "=1+1", "CGCo 001.zip")
    assert book["Titulaires"]["D2"].data_type == "s"
    assert [row[0] for row in book["Blocs"].iter_rows(min_row=2, values_only=True)] == ["B1", "B9"]
    assert [row[1] for row in book["Livraisons"].iter_rows(min_row=2, values_only=True)] == ["Lue", "Refusée"]
    assert (found.cohorts, found.refused) == (2, 1)


def test_long_names_of_centres_are_folded_and_digests_are_not(tmp_path):
    long = cohort(1, centre="Établissement supérieur privé d'enseignement technique de Villeurbanne")
    found = nation.gather([long], [Received("CGCo 001.zip", State.READ, "a1" * 32)])
    nation.write(tmp_path / "nation.xlsx", found, "Vue nationale", MADE_AT)
    book = openpyxl.load_workbook(tmp_path / "nation.xlsx")
    assert book["Centres"]["A2"].alignment.wrap_text
    assert book["Centres"].column_dimensions["A"].width < 36
    assert book["Centres"].row_dimensions[2].height > 20
    assert book["Livraisons"].row_dimensions[2].height is None


def test_a_small_probability_never_reads_as_none_at_all(tmp_path):
    found = nation.gather([*(cohort(number, 30, 20, 0) for number in range(20)), cohort(99, 30, 0, 0)], [])
    nation.write(tmp_path / "nation.xlsx", found, "Vue nationale", MADE_AT)
    told = [row[0] for row in openpyxl.load_workbook(tmp_path / "nation.xlsx")["Accueil"].iter_rows(values_only=True)]
    assert "Centre 099, Juin 2025\u202f: 30 ADMIS, probabilité moins de 0,0001." in told
    assert "moins de 0,0001" in nation.page(found, "Vue")


def test_names_are_never_markup_on_the_page():
    holders = ({"Nom": "<script>alert(1)</script>", "Centre": '"><b>'},)
    written = nation.page(nation.gather([cohort(1, centre="<i>Lyon</i>", holders=holders)], []), "Vue & nation")
    assert "<script" not in written
    assert "<i>" not in written
    assert "Vue &amp; nation" in written
