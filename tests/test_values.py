from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.forms import DATE, DECLARED, TEXT, TICK, YES_NO, Domain, Nature
from engine.model.tables import EXCLUDED, MISSING, VALUE
from engine.model.values import Tell, expected, figure, normalise, shown

LEVEL = Domain(Nature.NUMBER, Decimal(1), Decimal(5), Decimal(1), frozenset({"NE"}))
POINTS = Domain(Nature.NUMBER, Decimal(0), Decimal(3), Decimal("0.5"), frozenset({"ABS"}))
MARK = Domain(Nature.NUMBER, Decimal(0), Decimal(20), None, frozenset({"ABS", "DISP"}))


def codes(reading):
    return [note.code for note in reading.notes]


@pytest.mark.parametrize(
    ("raw", "domain", "value", "notes"),
    [
        (3.0, LEVEL, "3", []),
        (0.0, POINTS, "0", []),
        (-0.0, POINTS, "0", []),
        (1.5, POINTS, "1.5", []),
        (10.0, MARK, "10", []),
        (12.345678, MARK, "12.345678", []),
        (0.1 + 0.2, MARK, "0.3", []),
        ("3", LEVEL, "3", ["V04"]),
        (" \u00a0\u202f3\u200b ", LEVEL, "3", ["V04"]),
        ("３", LEVEL, "3", ["V04"]),
        ("1,5", POINTS, "1.5", ["V04"]),
        ("1.50", POINTS, "1.5", ["V04"]),
        ("12,75", MARK, "12.75", ["V04"]),
        ("3/5", LEVEL, "3", ["V04"]),
        ("3 / 5", LEVEL, "3", ["V04"]),
        ("1,5 sur 3", POINTS, "1.5", ["V04"]),
        ("12/20", MARK, "12", ["V04"]),
    ],
)
def test_what_is_plainly_a_number_is_that_number(raw, domain, value, notes):
    reading = normalise(raw, domain)
    assert (reading.value, reading.state, codes(reading)) == (Decimal(value), VALUE, notes)


@pytest.mark.parametrize(
    "text",
    [
        "4+",
        "3-4",
        "3 ou 4",
        "quatre",
        "4 pts",
        "½",
        "²",
        "①",
        "1e1",
        "1,000",
        "NA",
        "-",
        "x",
        "?",
        "3/4",
        "3,",
        ",5",
        "+3",
        "-3",
        "3,5,1",
        "٣",
        "3 sur",
        "=3",
        "3/5/5",
        "1 1/2",
        "O",
        "l",
    ],
)
def test_any_other_text_is_unclear(text):
    reading = normalise(text, LEVEL)
    assert (reading.value, reading.state, codes(reading)) == (None, EXCLUDED, ["V03"])
    assert "de 1 à 5" in reading.notes[0][1]


@pytest.mark.parametrize(
    ("raw", "domain", "tell", "code"),
    [
        (0.0, LEVEL, Tell.NONE, "V01"),
        (6.0, LEVEL, Tell.NONE, "V01"),
        (-1.0, MARK, Tell.NONE, "V01"),
        (20.01, MARK, Tell.NONE, "V01"),
        (1e300, LEVEL, Tell.NONE, "V01"),
        (float("nan"), LEVEL, Tell.NONE, "V01"),
        (float("inf"), MARK, Tell.NONE, "V01"),
        ("9", LEVEL, Tell.NONE, "V01"),
        ("12/5", LEVEL, Tell.NONE, "V01"),
        (3.5, LEVEL, Tell.NONE, "V02"),
        ("3,5", LEVEL, Tell.NONE, "V02"),
        (1.25, POINTS, Tell.NONE, "V02"),
        (datetime(2026, 5, 3), LEVEL, Tell.NONE, "V05"),
        (date(2026, 5, 3), LEVEL, Tell.NONE, "V05"),
        (time(3, 5), LEVEL, Tell.NONE, "V05"),
        (timedelta(hours=3), LEVEL, Tell.NONE, "V05"),
        (True, LEVEL, Tell.NONE, "V07"),
        (0.8, MARK, Tell.PERCENT, "V08"),
        (3.0, LEVEL, Tell.PERCENT, "V08"),
        ("", LEVEL, Tell.ERROR, "V06"),
        ("", LEVEL, Tell.FORMULA, "V06"),
        (3.0, LEVEL, Tell.MERGED, "S06"),
        ("", LEVEL, Tell.MERGED, "S06"),
        ("abs", LEVEL, Tell.NONE, "V10"),
        ("NE", POINTS, Tell.NONE, "V10"),
        ("DISP", POINTS, Tell.NONE, "V10"),
        ("dısp", MARK, Tell.NONE, "V03"),
    ],
)
def test_what_cannot_be_used_is_named(raw, domain, tell, code):
    reading = normalise(raw, domain, tell)
    assert (reading.value, reading.state, codes(reading)) == (None, EXCLUDED, [code])


@pytest.mark.parametrize(
    ("text", "domain", "state"), [("ne", LEVEL, "NE"), (" Abs ", POINTS, "ABS"), ("disp", MARK, "DISP")]
)
def test_declared_states_in_any_case(text, domain, state):
    reading = normalise(text, domain)
    assert (reading.value, reading.state, reading.notes) == (None, state, ())


@pytest.mark.parametrize("raw", [None, "", "   ", "\u00a0\u200b\t\n"])
def test_blanks_of_any_kind_are_missing(raw):
    assert normalise(raw, LEVEL).state == MISSING


def test_a_formula_with_a_number_counts_and_is_told():
    reading = normalise(3.0, LEVEL, Tell.FORMULA)
    assert (reading.value, codes(reading)) == (Decimal(3), ["V11"])
    assert codes(normalise(9.0, LEVEL, Tell.FORMULA)) == ["V01"]


def test_a_date_says_what_was_probably_typed():
    (note,) = normalise(datetime(2026, 5, 3), LEVEL).notes
    assert "03/05/2026" in note.message
    assert "« 3/5 »" in note.message


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        *(("oui", "Oui"), ("O", "Oui"), ("NON", "Non"), (" n ", "Non"), (True, "Oui"), (False, "Non")),
        *(("VRAI", "Oui"), ("Faux", "Non"), ("true", "Oui"), ("FALSE\xa0", "Non")),  # typed in a cell of texts
    ],
)
def test_yes_no(raw, value):
    assert normalise(raw, YES_NO).value == value


@pytest.mark.parametrize(
    ("raw", "domain"),
    [
        ("peut-être", YES_NO),
        (1.0, YES_NO),
        ("ABS", YES_NO),
        ("v", TICK),
        (1.0, TICK),
        ("31/02/2025", DATE),
        (5.0, DATE),
    ],
)
def test_unclear_answers(raw, domain):
    assert codes(normalise(raw, domain)) == ["V03"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [(datetime(2025, 6, 14, 9), date(2025, 6, 14)), ("14/06/2025", date(2025, 6, 14)), ("1/2/2025", date(2025, 2, 1))],
)
def test_dates(raw, value):
    assert normalise(raw, DATE).value == value


def test_free_text_is_kept_as_it_was_read():
    assert normalise(" =1+1 ", TEXT).value == "=1+1"
    assert normalise(3.5, TEXT).value == "3,5"
    merged = normalise("vu", TEXT, Tell.MERGED)
    assert (merged.value, codes(merged)) == ("vu", ["S06"])


def test_expected_names_bounds_step_and_codes():
    assert expected(LEVEL) == "un nombre entier de 1 à 5 ou NE"
    assert expected(POINTS) == "un nombre de 0 à 3, par pas de 0,5 ou ABS"
    assert expected(MARK) == "un nombre de 0 à 20 ou ABS ou DISP"


def test_figures_are_french():
    assert figure(Decimal("35.50")) == "35,5"
    assert figure(Decimal(100)) == "100"
    assert shown(1e22) == "1e+22"
    assert shown(timedelta(days=12)) == "288:00:00"
    assert shown(-timedelta(minutes=90)) == "-1:30:00"


RAWS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.text(alphabet="0123456789,./ surABSNEDIP+-eE½³ \u00a0", max_size=8),
    st.floats(),
    st.integers(-(10**300), 10**300),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)
TELLS = st.sampled_from([Tell.NONE, *Tell, Tell.FORMULA | Tell.PERCENT])


@given(RAWS, st.sampled_from([LEVEL, POINTS, MARK, YES_NO, TICK, DATE, TEXT]), TELLS)
def test_nothing_raises_and_every_value_is_allowed(raw, domain, tell):
    reading = normalise(raw, domain, tell)
    assert reading.state in {VALUE, MISSING, EXCLUDED, *DECLARED}
    assert (reading.value is not None) == (reading.state == VALUE)
    assert (reading.state != EXCLUDED) or reading.notes
    if reading.state == VALUE and domain.nature is Nature.NUMBER:
        assert domain.minimum <= reading.value <= domain.maximum
        assert domain.step is None or (reading.value - domain.minimum) % domain.step == 0
    if reading.state in DECLARED:
        assert reading.state in domain.states


def test_a_percentage_in_a_free_text_is_read_as_it_is_shown():
    reading = normalise(0.8, TEXT, Tell.PERCENT)
    assert (reading.value, reading.state) == ("80 %", VALUE)
