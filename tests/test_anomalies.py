import pytest

from engine.model.anomalies import CATALOGUE, Gravity, make

WARNINGS = {
    "F09",
    "S05",
    "I04",
    "I06",
    "I08",
    "V09",
    "R01",
    "R02",
    "R03",
    "R04",
    "R05",
    "R06",
    "R07",
    "R09",
    "R10",
    "R13",
    "R15",
}
INFOS = {"I05", "V04", "V11", "R12"}
CODES = (
    [f"F{n:02}" for n in range(1, 10)]
    + [f"S{n:02}" for n in range(1, 7)]
    + [f"I{n:02}" for n in range(1, 9)]
    + [f"V{n:02}" for n in range(1, 14)]
    + [f"R{n:02}" for n in range(1, 16)]
)


def test_every_code_has_its_usual_gravity():
    assert list(CATALOGUE) == CODES
    expected = {
        code: Gravity.WARNING if code in WARNINGS else Gravity.INFO if code in INFOS else Gravity.BLOCKING
        for code in CODES
    }
    assert {code: entry.gravity for code, entry in CATALOGUE.items()} == expected


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_to_do(code):
    made = make(code, "message")
    assert made.remedy.endswith(".")
    assert made.blocking == (made.gravity is Gravity.BLOCKING)
