"""What the oracle makes of levels and of jurors: every state is what may still come of it."""

from __future__ import annotations

import statistics
from fractions import Fraction
from math import floor

VALIDATED, FAILED, PENDING, ABSENT = "Validé", "Non validé", "En attente", "Non présenté"
EXCLUDED, LOST = "excluded", "lost"
UNKNOWN = {EXCLUDED, LOST}
AGGREGATES = {"mean": statistics.mean, "median": statistics.median, "min": min, "max": max}


def items_of(groups, key):
    return [item for group in groups for item in group.get(key, [])]


# ------------------------------------------------------------------------------------------ aggregates


def _aggregate(policy, name, values):
    return rounded(policy, AGGREGATES[policy[name]]([Fraction(value) for value in values]))


def worth(rules, level):
    """What a level is worth: its number, or how many letters of the scale are no better than it."""
    letters = rules["scales"]["level"].get("letters")
    if letters is None:
        return Fraction(level)
    best_first = letters.split(" > ")
    return Fraction(len(best_first[best_first.index(level) :]))


def rounded(policy, number):
    scaled = abs(number) * 10 ** policy["rounding"]
    away_from_zero = Fraction(floor(scaled + Fraction(1, 2)), 10 ** policy["rounding"])
    return away_from_zero if number >= 0 else -away_from_zero


def levels_of(rules, name, items, sheets):
    found = {}
    for item in items:
        cells = [cells[item["code"]] for _, cells in sheets]
        rated = [worth(rules, cell) for cell in cells if cell not in {None, "NE"} | UNKNOWN]
        pending = bool(UNKNOWN & set(cells))
        value = _aggregate(rules["policy"], name, rated) if rated and not pending else None
        found[item["code"]] = {"value": value, "minimum": worth(rules, item["minimum"]), "pending": pending}
    return found


def count(levels, required, mandatory=()):
    """How many items reach their minimum; the state follows from the worst and the best that may still come."""
    known = [level["value"] >= level["minimum"] for level in levels if level["value"] is not None]
    missing = len(levels) - len(known)
    worst, best = (
        sum(known + [luck] * missing) >= required
        and all(luck if item["value"] is None else item["value"] >= item["minimum"] for item in mandatory)
        for luck in (False, True)
    )
    return {
        "demonstrated": sum(known),
        "missing": missing,
        "total": len(levels),
        "required": required,
        "state": state_of({worst, best}),
    }


def state_of(outcomes):
    """What is said of a condition that could turn out in these ways."""
    return {frozenset({True}): VALIDATED, frozenset({False}): FAILED}.get(frozenset(outcomes), PENDING)


# ---------------------------------------------------------------------------------------------- jurors


def jury_of(rules, candidate):
    found = {"transversal_levels": {}, "transversal": None, "oral": None, "report": None}
    if "transversal" in rules:
        items = items_of(rules["transversal"]["domains"], "items")
        levels = levels_of(rules, "transversal_from", items, candidate["transversales"])
        found["transversal_levels"] = levels
        found["transversal"] = count(list(levels.values()), rules["transversal"]["required"])
        if "TRANSVERSALES" in candidate["kept"]:
            found["transversal"] |= {"state": VALIDATED}
    if "oral" in rules:
        found["oral"] = _oral(rules, candidate["orals"])
        if "ORAL" in candidate["kept"]:
            found["oral"] |= {"state": VALIDATED, "value": None, "conflict": False}
    if any(unit.get("requires_report") for unit in rules.get("ue", [])):
        found["report"] = report_of([answer for _, _, answer in candidate["orals"]])
    return found


def _oral(rules, orals):
    codes = [item["code"] for item in items_of(rules["oral"]["sections"], "items")]
    sheets = {}
    for juror, cells, _ in orals:
        sheet = sheets.setdefault(juror, dict.fromkeys(codes))
        for code in codes:  # beside another version of the same sheet, what is unknown stays so
            versions = (sheet[code], cells[code])
            sheet[code] = next((word for word in (EXCLUDED, LOST) if word in versions), cells[code] or sheet[code])
    contents = {cell for sheet in sheets.values() for cell in sheet.values() if cell is not None}
    enough = rules["policy"]["minimum_jurors"]
    absences = [juror for juror, sheet in sheets.items() if "ABS" in sheet.values()]
    started = [juror for juror, sheet in sheets.items() if any(cell is not None for cell in sheet.values())]
    complete = [juror for juror, sheet in sheets.items() if not ({None, "ABS"} | UNKNOWN) & set(sheet.values())]
    totals = {juror: sum(map(Fraction, sheets[juror].values())) for juror in complete}
    found = {"value": None, "state": PENDING, "conflict": False, "totals": totals, "absences": sorted(absences)}
    found["incomplete"] = sorted(set(started) - set(complete))
    found |= _means_for_the_reader(rules, [sheets[juror] for juror in complete])
    if absences and contents - {"ABS", LOST}:
        found["conflict"] = True
    elif len(absences) >= enough and contents == {"ABS"}:
        found["state"] = FAILED
    elif len(complete) >= enough and not found["incomplete"]:
        found["value"] = _aggregate(rules["policy"], "oral_from", totals.values())
        found["state"] = VALIDATED if found["value"] >= rules["oral"]["at_least"] else FAILED
    return found


def _means_for_the_reader(rules, sheets):
    """By item and by section, over the complete sheets; as floats, since no bar is met with them."""
    sections = [[item["code"] for item in section["items"]] for section in rules["oral"]["sections"]]
    if not sheets:
        return {"items": {}, "sections": [None for _ in sections]}
    means = {code: statistics.mean(Fraction(sheet[code]) for sheet in sheets) for codes in sections for code in codes}
    return {
        "items": {code: round(float(mean), 9) for code, mean in means.items()},
        "sections": [round(float(sum(means[code] for code in codes)), 9) for codes in sections],
    }


def report_of(answers):
    if UNKNOWN & set(answers):
        return PENDING
    if "Non" in answers:
        return FAILED
    return VALIDATED if "Oui" in answers else PENDING
