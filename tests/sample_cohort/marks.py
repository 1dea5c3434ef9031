"""What people type. Only the tables of this file decide; the rest (words, works, points by item) fills the sheets.

Levels are one character per competence, in the order of the sheet: a digit, ``.`` for NE, ``_`` for a cell left blank,
``?`` for one of the ``SLIPS``. The minima, which the sheets of tutors and trainers do not show:

        23332 | 2333332333 | 3223332 | 23333
"""

from __future__ import annotations

from tests.sample_cohort.people import lines

GRILLES = """
C01 T01 | 54445 | 4444444544 | 5444444 | 44444
C01 F01 | .4... | .......3.. | .4..... | ..4.4
C02 T02 | 34334 | 3343433343 | 3434333 | 33432
C02 F01 | 3.... | ....3.3..3 | .3..... | .34..
C03 T03 | 33433 | .......... | 4334333 | 24343
C03 F01 | ..3.. | .......... | ..3.... | ..3..
C04 T01 | 34333 | 3333434343 | 3343333 | 34334
C04 F02 | ..... | ...3.44... | 3...... | ...4.
C05 T02 | 33333 | 2343333233 | 3334332 | 33322
C05 F02 | 3.... | ....3..... | ..3.... | ..3..
C06 T03 | 44344 | 4434334443 | 3444343 | 43443
C06 F01 | ..... | ..4....4.. | .4..... | .3..4
C07 T01 | 44434 | 3443444343 | 4434344 | 44343
C07 F01 | 4.... | .....4..3. | ..4.... | .4...
C08 T02 | 12221 | 2222212222 | 2212221 | 22222
C08 F02 | .2... | .2...2.... | ...2... | ..2..
C09 T03 | 43343 | 4344343433 | 4434343 | 34434
C09 F01 | _4___ | ___3______ | 4______ | ___3_
C10 T01 | 45444 | 5445454544 | 4454544 | 45445
C10 F01 | 4.4.. | .4...4.5.4 | .44...4 | .4454
C10 F02 | .4... | ..4.5..... | ...5... | .....
C11 T02 | 33433 | 3334333433 | 221222. | 34333
C11 F02 | 3.... | ...4...3.. | .21.2.. | ..3..
C12 T03 | 23222 | 2333322222 | 3213221 | 23322
C12 F02 | .3... | 2........2 | ..1.... | ...3.
C13 T01 | 33___ | __________ | _______ | _____
C14 T02 | 3??23 | 33434?33?3 | 3334333 | 3?433
C14 F01 | ..... | .....3.4.. | ..3.... | ..3.3
C15 T03 | 34343 | 3343434333 | 3433433 | 34332
C15 F01 | .3... | .....4.3.. | ..3.... | .4...
C16 T01 | 44343 | 4434344343 | 4343434 | 43434
C16 F02 | ..3.. | 4......3.. | ....4.. | .4...
"""

JURIES = """
C01 J01 | 38   | 333343334333333 | Non
C01 J02 | 50,5 | 444434434443444 | Oui
C02 J01 | 43,5 | 344334433433343 | Oui
C03 J01 | 47   | 434443444343443 | Oui
C03 J02 | 44,5 | 334334443433343 | Oui
C04 J01 | ABS  | ............... | Oui
C04 J02 | ABS  | ............... | Oui
C05 J01 | 30,5 | 333233333322222 | Oui
C05 J02 | 32   | 333333333322222 | Oui
C06 J01 | 44,5 | 333343433333333 | Oui
C06 J02 | 46   | 434343433333232 | Oui
C07 J01 | 48   | 444344434443444 | Oui
C07 J02 | 46,5 | 434344443343434 | Oui
C08 J01 | 22,5 | 222222322232222 | Non
C08 J02 | 20   | 222222322232322 | Non
C09 J01 | 46   | 324343434343443 | Oui
C09 J03 | 43,5 | 333343344333333 | Oui
C10 J01 | 55   | 455545454545455 | Oui
C10 J02 | 53,5 | 445444554445544 | Oui
C10 J03 | 56   | 545455445454454 | Oui
C11 J01 | 40,5 | 333323343333333 | Oui
C11 J02 | 42   | 343323333343333 | Oui
C12 J01 | 35,5 | 333233333322222 | Oui
C12 J03 | 36,5 | 333233333222222 | Oui
C14 J01 | 41   | 333333333333333 | Oui
C14 J02 | 39,5 | 343433333333323 | Oui
C15 J01 | 44   | 333433343333343 | Oui
C15 J02 | 46,5 | 444343434344434 | Oui
C15 J03 | 45   | 434343434343434 | Oui
C16 J01 | 42   | 433343433343434 | Oui
C16 J02 | 41   | 333333333333333 | Oui
C16 J03 | 40   | 343334343334333 | Oui
"""
"""Total of the oral, levels of the transversal competences, whether the activity report is compliant."""

NOTES = """
    | UE1   | UE2   | UE3   | UE4   | UE5  | UE6   | UE7   | EN    | CC1 | CC2 | CC3 | CC4 | CC5 | CC6 | CC7 | CC8 | CC9
C01 | 14,5  | 13    | 12,25 | 15    | 13,5 | 12    | 14    | 14,5  | 12  | 14  | 13  | 15  | 12  | 11  | 13  | 12  | 14
C02 | 12    | 11,5  | 10,75 | 13    | 12,5 | =CC   | 12    | 13,5  | 11  | 12  | 11  | 13  | 9,5 |     |     |     |
C03 | 13    | 14    | 12    | 12,5  | 13   | =CC   | 13    | 12,75 | 13  | 15  | 14  | 12  | 11  | 15  | 13  | 14  | 14
C04 | 11    | 12    | 10,5  | 11,25 | 12   | 13    | 12    | 12,5  | 12  | 13  | 11  | 12  | ABS | 13  | 12  | 14  | 13
C05 | 9,75  | 12    | 11    | 13    | 12,5 | 11    | 12    | 14    | 12  | 11  | 13  | 11  | 8   | 10  | 11  | 12  | 11
C06 | 13,5  | DISP  | 14    | 12    | 13   | 14,25 | 13,75 | 13,25 | DISP| 14  | 15  | 13  | 17  | 13  | 14  | 13  | 15
C07 | 15    | 14,5  | 13    | 16    | 14   | 15    | 15,5  | 15    | 14  | 15  | 14  | 13  | 14  | 15  | 14  | 16  | 15
C08 | 8,5   | 10,25 | 11    | 7,75  | 10,5 | 10,75 | 9     | ABS   | 10  | 11  | 9   | 8   | 6   | 7,5 | 9   | 8   | 9
C09 | 13    | 12,5  | 14    | 13,25 | 12   | 13    | 14    | 13    | 12  | 13  | 12  | 15  | 12  | 14  | 13  | 12  | 13
C10 | 16,5  | 17    | 15,75 | 18    | 16   | 17,25 | 17    | 17,5  | 16  | 18  | 17  | 16  | 17  | 18  | 17  | 16  | 18
C11 | 11    | 12    | 9,5   | 12    | 13   | 11,5  | 12    | 12,25 | 11  | 13  | 12  | 9   | 10  | 12  | 11  | 12  | 13
C12 | 10,01 | 10,5  | 10    | 10,01 | 11   | 10,01 | 10,01 | 12    | 10  | 11  | 10  | 10  | 9   | 10  | 11  | 10  | 10
C14 | 12    | 11    | 13    | ABS   | 12   | 12,5  | 12    | 13    | 11  | 10  | 12  | 13  | 12  | 13  | 12  | 12  | 13
C15 | 13    | 12    | 11,5  | 14    | 13   | 12    | 13,5  | 14,25 | 12  | 12  | 13  | 11  | 9,5 | 12  | 12  | 13  | 12
C16 | 14    | 13,5  | 13    | 14    | 12   | 13    | 14    | 13,75 | 13  | 14  | 13  | 13  | 12  | 13  | 14  | 12  | 13
"""
"""``=CC``: the average of the four last examinations, left to a formula."""

NOT_VALIDATED = {"C08": {"RA3": "Non", "DP6": "Non", "LIV": "Non"}, "C02": {"DP6": "", "LIV": "Non"}}
"""What the référent did not find right (or has not looked at), among works and documents; the rest is `Oui`."""

SLIPS = {
    ("C03", "T03"): dict.fromkeys(
        (f"travaux_niveau_{code}" for code in ["RA3", "DP1", "DP2", "DP4", "DP5", "DP6"]), "3"
    ),
    ("C04", "F02"): {"travaux_niveau_DP2": "80%"},
    ("C06", "J01"): {"oral_points_O09": "{} sur 2", "oral_points_O07": "'{}"},
    ("C07", "F01"): dict.fromkeys(
        (f"travaux_niveau_{code}" for code in ["RA1", "RA2", "RA3", "RA4", "RA5", "DP1", "DP3", "DP4", "DP5"]), "4"
    ),
    ("C08", "T02"): {"travaux_niveau_RA3": "0"},
    ("C11", "F02"): {"travaux_niveau_RA3": "6"},
    ("C11", "J02"): {"oral_signature": ""},
    ("C13", "T01"): {"grille_signature": "", "grille_date": "", "travaux_signature": "", "travaux_date": ""},
    ("C14", "T02"): {
        "grille_niveau_1.2": "3/5",
        "grille_niveau_1.3": "3,5",
        "grille_niveau_2.6": "4 / 5",
        "grille_niveau_2.9": "3 ou 4",
        "grille_niveau_4.2": "35",
    },
    ("C15", "F01"): {"grille_signature": "", "travaux_signature": ""},
    ("C16", "T01"): {"travaux_niveau_DP6": ""},
    ("C16", "F02"): {"travaux_niveau_DP6": "3"},
}
"""What is typed in a cell instead of what the tables say: nothing at all, or ``{}`` with something around it."""


def grids() -> dict[tuple[str, str], str]:
    """By (candidate, tutor or trainer), the characters of the whole grid."""
    return {_who(line): "".join(line[1:]) for line in lines(GRILLES)}


def juries() -> dict[tuple[str, str], tuple[str, str, str]]:
    """By (candidate, juror): total, levels, report."""
    return {_who(line): tuple(line[1:]) for line in lines(JURIES)}


def notes() -> dict[str, dict[str, str]]:
    """By candidate, the mark typed under each heading."""
    (_, *headings), *rows = lines(NOTES)
    return {row[0]: dict(zip(headings, row[1:], strict=True)) for row in rows}


def _who(line: list[str]) -> tuple[str, str]:
    candidate, evaluator = line[0].split()
    return candidate, evaluator
