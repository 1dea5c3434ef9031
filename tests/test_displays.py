"""What number formats show: the number, rounded at most, or another one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.model import displays
from engine.model.values import exact

FIVE = Decimal(5)


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("General", "3.5", "3.5"),
        ("0", "2.5", "3"),
        ("0.0", "12.46", "12.5"),
        ("00", "3", "03"),
        ("#.##", "3", "3"),
        ("0.??", "3", "3  "),
        ('0" pts"', "3", "3 pts"),
        ('0" / 5"', "3", "3 / 5"),
        ('"niveau "0', "4", "niveau 4"),
        ('#,##0.00 "€"', "12.5", "12.50 €"),
        ("[$€-40C]0", "3", "€3"),
        ("[Red]0;[Blue]-0", "3", "3"),
        ('[>=10]"5";0', "3", "3"),
        ('[=1]"5"', "3", "3"),
        ('"5"', "5", "5"),
        ("0.0E+0", "3", "3"),
        ("# ?/?", "2.5", "2.5"),
        ("_(* 0.0_)", "3", " 3.0 "),
    ],
)
def test_these_show_the_number(code, number, shown):
    assert displays.of_number(code, Decimal(number)) == shown
    assert displays.tells(shown, Decimal(number), FIVE)


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ('"5"', "1", "5"),
        ('"5";"5"', "3", "5"),
        ('[=1]"5"', "1", "5"),
        ('[>=1]"5";General', "2", "5"),
        ('[<=3]"5";0', "3", "5"),
        ('0"0"', "3", "30"),
        ('General"0"', "3", "30"),
        ('"1"0', "2", "12"),
        ('0.0"5"', "3.5", "3.55"),
        ('0",5"', "3", "3,5"),
        ("0\\.0", "35", "3.5"),
        ("5", "3", "5"),
        ("\\5", "3", "5"),
        ("[$5-40C]0", "3", "53"),
        (";;;", "3", ""),
        ("0;-0;;@", "0", ""),
        ("#", "0", ""),
        ("0,", "12", "0"),
        ("0.0,", "4", "0.0"),
        ('#,##0.00,"k"', "12", "0.01k"),
        ("0,.0,", "4", "0.0"),
        ("[White]0", "3", ""),
        ("[Color 2]General;-0", "3", ""),
        ('"-"0', "3", "-3"),
        ("(0)", "3", "(3)"),
        ('0"½"', "3", "3½"),
        ('0" / 27"', "3", "3 / 27"),
        ('0" ou 4"', "3", "3 ou 4"),
        ("?/5", "3", "?"),
        ("yyyy", "3", "?"),
        ("[>10]0;[<2]0", "5", "?"),
        ("0" * 256, "5", "?"),
    ],
)
def test_these_show_something_else(code, number, shown):
    assert displays.of_number(code, Decimal(number)) == shown
    assert not displays.tells(shown, Decimal(number), FIVE)


@pytest.mark.parametrize(
    ("code", "shown"), [("@", "Oui"), ("0.00", "Oui"), ('@"!"', "Oui!"), (";;;", ""), ('0;0;0;"Non"', "Non")]
)
def test_a_format_may_show_another_text(code, shown):
    assert displays.of_text(code, "Oui") == shown


@given(
    some.decimals(min_value=0, max_value=1000, places=3),
    some.sampled_from(["0", "0.0", "0.00", "0.000", "#.0#", "00.0", '0.00" pts"', "[Blue]0.0", "_-0.00_-", "General"]),
)
def test_rounding_is_no_other_number(number, code):
    assert displays.tells(displays.of_number(code, number), number)


@given(some.integers(min_value=0, max_value=20), some.integers(min_value=0, max_value=20))
def test_a_number_between_quotes_is_shown_whatever_the_cell_holds(held, quoted):
    assert displays.tells(displays.of_number(f'"{quoted}"', Decimal(held)), Decimal(held)) is (held == quoted)


@given(some.text(max_size=30), some.floats().map(exact))
def test_any_code_shows_something_of_any_number(code, number):
    assert isinstance(displays.of_number(code, number), str)
    assert displays.tells(displays.of_number(code, number), number, FIVE) in (True, False)
    assert isinstance(displays.of_text(code, "NE"), str)
    assert displays.is_percent(code) in (True, False)


@given(some.text(alphabet="0#,.", min_size=1, max_size=8), some.decimals(min_value=1, max_value=20, places=2))
def test_a_plain_format_shows_any_number(code, number):
    assert not displays.is_plain(code) or displays.tells(displays.of_number(code, number), number)
