"""What each person types in the workbook received, cell by cell, as actions for LibreOffice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from engine import referential
from engine.model.forms import PLAGIARISM
from tests.libreoffice import Action, Type
from tests.sample_cohort import marks
from tests.sample_cohort.people import PEOPLE, first_raters
from tests.sample_cohort.sent import Sent
from tests.sample_cohort.words import CONTRIBUTIONS, EXPERIENCES, SUBJECTS

CGCO = referential.load("cgco_rncp34465", base=Path())
LEVELS = {".": "NE", "_": "", "?": ""}
JURY_DAY = "30/01/2025"


def rater(candidate: str, evaluator: str) -> list[Action]:
    """A tutor or a trainer: the grid, what the candidate wrote there before, and the works."""
    dice = random.Random(f"{candidate} {evaluator}")
    grid = dict(zip((each.code for each in CGCO.competences), marks.grids()[candidate, evaluator], strict=True))
    typed = {f"grille_niveau_{code}": LEVELS.get(sign, sign) for code, sign in grid.items()}
    if first_raters()[candidate] == evaluator:
        typed |= _written_by_the_candidate(grid, dice)
    typed |= _works(grid, dice)
    typed |= _closing(evaluator, f"{dice.randint(2, 20):02}/12/2024", "grille", "travaux")
    return _actions(candidate, evaluator, typed)


def juror(candidate: str, evaluator: str) -> list[Action]:
    """A juror: the grand oral and the transversal competences."""
    total, levels, report = marks.juries()[candidate, evaluator]
    codes = [item.code for item in CGCO.transversal.items]
    typed = _points(total, random.Random(f"{candidate} {evaluator}")) | {"oral_rapport": report}
    if report == "Non":
        typed["oral_motif"] = "Annexes chiffrées absentes"
    typed |= {f"transversale_niveau_{code}": LEVELS.get(sign, sign) for code, sign in zip(codes, levels, strict=True)}
    return _actions(candidate, evaluator, typed | _closing(evaluator, JURY_DAY, "oral", "transversale"))


def secretariat(sent: Sent) -> list[Action]:
    """The marks of the cohort, UE6 left to a formula here and there."""
    typed = {}
    for candidate, line in marks.notes().items():
        cells = {heading: sent.cell("Notes", candidate, heading) for heading in (*line, PLAGIARISM)}
        for heading, mark in line.items():
            typed[cells[heading]] = f"=AVERAGE({cells['CC6']}:{cells['CC9']})" if mark == "=CC" else mark
        typed[cells[PLAGIARISM]] = "Oui"
    at_cells = [Type(cell, text, "Notes") for cell, text in typed.items() if text]
    return at_cells + _actions("", "S01", _closing("S01", "24/01/2025", "notes"))


def referent(sent: Sent) -> list[Action]:
    """The works and documents found right, or not, candidate by candidate."""
    sheet = "Validation des pièces"
    pieces = [each.code for each in (*CGCO.works, *CGCO.documents)]
    typed = {
        sent.cell(sheet, candidate, piece): marks.NOT_VALIDATED.get(candidate, {}).get(piece, "Oui")
        for candidate in marks.notes()
        for piece in pieces
    }
    at_cells = [Type(cell, text, sheet) for cell, text in typed.items() if text]
    return at_cells + _actions("", "R01", _closing("R01", "27/01/2025", "validation"))


def _written_by_the_candidate(grid: dict[str, str], dice: random.Random) -> dict[str, str]:
    """A self-assessment near the tutor's level, a tick where there is a proof, some experience."""
    typed = {}
    for code, sign in grid.items():
        if sign == "_":
            continue
        level = int(sign) if sign.isdigit() else 3
        typed[f"grille_auto_{code}"] = str(min(5, max(1, level + dice.choice((-1, 0, 0, 1)))))
        typed[f"grille_preuve_{code}"] = dice.choice(("x", "x", "x", ""))
        typed[f"grille_experience_{code}"] = EXPERIENCES[code] if dice.random() < 0.7 else ""
    return typed


def _works(grid: dict[str, str], dice: random.Random) -> dict[str, str]:
    """A work is rated as the competence it shows; nothing is written about those that are not."""
    typed = {}
    for work in CGCO.works:
        sign = grid[work.competence]
        typed[f"travaux_niveau_{work.code}"] = {"?": "3"}.get(sign, sign if sign.isdigit() else "NE")
        if sign.isdigit():
            typed[f"travaux_sujet_{work.code}"] = SUBJECTS[work.code]
            typed[f"travaux_apport_{work.code}"] = dice.choice(CONTRIBUTIONS)
            typed[f"travaux_date_{work.code}"] = f"{dice.randint(1, 28):02}/{dice.randint(9, 11):02}/2024"
    return typed


def _points(total: str, dice: random.Random) -> dict[str, str]:
    """A total shared out among the criteria, by half points, about in proportion to what each is worth."""
    items = CGCO.oral.items
    if total == "ABS":
        return {f"oral_points_{item.code}": total for item in items}
    worth = [int(item.points * 2) for item in items]
    halves = round(float(total.replace(",", ".")) * 2)
    given = [most * halves // sum(worth) for most in worth]
    while sum(given) < halves:
        _move(given, worth, dice, taken=0)
    for _ in range(12):
        _move(given, worth, dice, taken=1)
    points = [f"{half / 2:g}".replace(".", ",") for half in given]
    return {f"oral_points_{item.code}": point for item, point in zip(items, points, strict=True)}


def _move(given: list[int], worth: list[int], dice: random.Random, taken: int) -> None:
    """Give half a point to a criterion that can take it; ``taken`` from another one that has it."""
    rich = dice.choice([index for index, half in enumerate(given) if half >= 1]) if taken else None
    poor = dice.choice([index for index, half in enumerate(given) if half < worth[index] and index != rich])
    given[poor] += 1
    if rich is not None:
        given[rich] -= 1


def _closing(evaluator: str, day: str, *kinds: str) -> dict[str, str]:
    signed = {f"{kind}_signature": PEOPLE[evaluator].signature for kind in kinds}
    return signed | {f"{kind}_date": day for kind in kinds}


def _actions(candidate: str, evaluator: str, typed: dict[str, str]) -> list[Action]:
    """Type each text by the name of its cell, slips included; nothing is typed where the text is empty."""
    slips = marks.SLIPS.get((candidate, evaluator), {})
    texts = typed | {name: slip.format(typed.get(name, "")) for name, slip in slips.items()}
    return list(_typed(texts))


def _typed(texts: dict[str, str]) -> Iterator[Action]:
    for name, text in texts.items():
        if text:
            yield Type(name, text)
