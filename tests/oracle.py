"""The decision rules once more: slow, obvious, and written apart from the engine, to be compared with it.

Nothing of the engine is imported. The rules are the referential's TOML as ``rules_of`` reads it; a candidate is
a plain description::

    {
        "held": ["B2"],                    # blocs acquis
        "presented": ["B1"],               # the only blocs presented; none: all of them
        "kept": ["UE1", "EN", "ORAL"],     # held too: UEs, exam, TRANSVERSALES, ORAL
        "left": False,                     # Abandon
        "grilles": [sheet, ...],           # sheet: (evaluator, {code: cell})
        "transversales": [sheet, ...],
        "orals": [(juror, {code: cell}, answer), ...],
        "notes": {"UE1": cell, "EN": cell},
        "commission": {"1.1": cell},       # the levels that it sets
        "tutors": ["T1"],                  # who rates in which role, where a mean of roles asks it
        "trainers": ["F1", "F2"],
        "jury": row,                       # of the signed deliberation, None without one
    }

A cell is ``None`` (blank), a number as text (``"3"``, ``"10.01"``), a letter of a scale of letters (``"B"``), a
declared state (``"NE"``, ``"ABS"``, ``"DISP"``), ``"excluded"`` (it holds what cannot be used) or ``"lost"`` (its row
is gone, or its sheet is refused: nobody knows whether it holds anything); an answer is ``None``, ``"Oui"``, ``"Non"``,
``"excluded"`` or ``"lost"``.
The same evaluator may have a refused sheet beside a good one. The jury's row::

    {"decision": "PARTIEL", "blocs": ["B1"], "reason": True, "proposed": ("ADMIS", ["B1", "B2"])}

where ``decision`` and ``blocs`` may be ``None`` (blank) or ``"excluded"``, and ``proposed`` ``None`` (nothing shown).
Wherever something is unknown, the rules are not solved: everything it could turn out to be is tried.
"""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache
from itertools import product

from tests.oracle_levels import (
    ABSENT,
    EXCLUDED,
    FAILED,
    LOST,
    PENDING,
    UNKNOWN,
    VALIDATED,
    count,
    items_of,
    jury_of,
    levels_of,
    report_of,
    rounded,
    state_of,
    worth,
)


def rules_of(text, **policy):
    """The TOML of a referential as plain dicts with exact numbers; ``policy`` replaces some of its choices."""
    rules = _parsed(text)
    return rules | {"policy": rules["policy"] | policy}


@cache
def _parsed(text):
    return tomllib.loads(text, parse_float=Fraction)


def decide(rules, candidate):
    """Everything the rules say of one candidate, as plain dicts (numbers are fractions)."""
    levels = levels_of(rules, "competence_from", items_of(rules["bloc"], "competences"), candidate["grilles"])
    for code, cell in candidate["commission"].items():
        if cell not in (None, "NE"):  # whatever the evaluators say, and even what cannot be read of them
            known = cell not in UNKNOWN
            levels[code] |= {"value": worth(rules, cell) if known else None, "pending": not known}
    blocs, jury = {}, jury_of(rules, candidate)
    for bloc in rules["bloc"]:
        if ROLES.keys() & bloc.keys():
            blocs[bloc["code"]] = _by_roles(rules, bloc, candidate, jury["oral"])
        elif "at_least" in bloc:
            blocs[bloc["code"]] = _average(rules, bloc, candidate["notes"])
        else:
            mandatory = [levels[item["code"]] for item in bloc["competences"] if item.get("mandatory")]
            mine = [levels[item["code"]] for item in bloc["competences"]]
            blocs[bloc["code"]] = count(mine, bloc["required"], mandatory)
        blocs[bloc["code"]]["held"] = bloc["code"] in candidate["held"]
        if blocs[bloc["code"]]["held"]:
            blocs[bloc["code"]]["state"] = VALIDATED
        elif candidate["presented"] and bloc["code"] not in candidate["presented"]:
            blocs[bloc["code"]]["state"] = ABSENT
    found = {"levels": levels, "blocs": blocs}
    found |= jury | _marks(rules, candidate)
    if ABSENT in [bloc["state"] for bloc in blocs.values()]:
        _not_awaited(rules, found, candidate)
    found["acquired"] = [code for code, bloc in blocs.items() if bloc["state"] == VALIDATED]
    found["decision"] = "SORTI" if candidate["left"] else _decision(rules, found)
    return found | _stands(rules, candidate, found)


def _not_awaited(rules, found, candidate):
    """Who does not present the title owes nothing of the oral, its items and the marks, unless some of it came; nor of
    the oral, unless the jury's mark counts in a bloc that is presented."""
    came = {
        "transversal": [cell for _, cells in candidate["transversales"] for cell in cells.values()],
        "oral": [cell for _, cells, _ in candidate["orals"] for cell in cells.values()],
    }
    heard = [bloc["code"] for bloc in rules["bloc"] if "jury_weight" in bloc]
    if any(code in candidate["presented"] and code not in candidate["held"] for code in heard):
        del came["oral"]
    for part, cells in came.items():
        blank = set(cells) <= ({None, "NE"} if part == "transversal" else {None})
        if found[part] and found[part]["state"] == PENDING and blank:
            found[part]["state"] = ABSENT
    parts = found["units"] | ({rules["national_exam"]["code"]: found["exam"]} if found["exam"] else {})
    for code, part in parts.items():
        if part["state"] == PENDING and candidate["notes"][code] is None:
            part["state"] = ABSENT
    states = {unit["state"] for unit in found["units"].values()}
    if found["unit_state"] == PENDING and PENDING not in states:
        found["unit_state"] = ABSENT


def _stands(rules, candidate, found):
    """What stands once the jury has spoken, who decided it, and the codes of what is told."""
    ruled = (found["decision"], set(found["acquired"]))
    stands = {"ruled": (found["decision"], found["acquired"]), "decided_by": "Règles", "told": set()}
    row = candidate["jury"]
    if candidate["left"] or row is None:
        return stands
    if EXCLUDED in (row["decision"], row["blocs"]):
        return stands | {"decision": "EN ATTENTE"}
    if row["decision"] is None:
        return stands | {"told": {"V13"} if row["blocs"] else set()}
    every = [bloc["code"] for bloc in rules["bloc"]]
    typed = set(row["blocs"] or []) | set(candidate["held"])
    blocs, fits = {
        "ADMIS": (set(every), row["blocs"] is None or typed == set(every)),
        "PARTIEL": (typed, typed != set()),
        "AJOURNÉ": (set(), typed == set()),
        "EN ATTENTE": (ruled[1], True),
    }[row["decision"]]
    departs = (row["decision"], blocs) != ruled
    moved = row["proposed"] is not None and (row["proposed"][0], set(row["proposed"][1])) != ruled
    if not fits or (departs and not row["reason"] and not moved):
        return stands | {"decision": "EN ATTENTE", "told": {"V13"}}
    told = ({"R12"} | ({"R11"} if moved else set())) if departs else set()
    acquired = [code for code in every if code in blocs]
    return stands | {"decision": row["decision"], "acquired": acquired, "decided_by": "Jury", "told": told}


# ----------------------------------------------------------------------------------------------- marks


def _marks(rules, candidate):
    notes = candidate["notes"]
    found = {"exam": None, "units": {}, "unit_state": None, "credits": 0}
    if "national_exam" in rules:
        exam = rules["national_exam"]
        found["exam"] = _mark(notes[exam["code"]])
        found["exam"]["state"] = state_of({mark >= exam["at_least"] for mark in _possible(notes[exam["code"]])})
        if exam["code"] in candidate["kept"]:
            found["exam"]["state"] = VALIDATED
    report = report_of([answer for _, _, answer in candidate["orals"]])
    compliant = {VALIDATED: {True}, FAILED: {False}, PENDING: {True, False}}[report]
    for unit in rules.get("ue", []):
        reports = compliant if unit.get("requires_report") else {True}
        outcomes = {
            mark > rules["ue_rule"]["above"] and answer
            for mark, answer in product(_possible(notes[unit["code"]]), reports)
        }
        outcomes = {True} if unit["code"] in candidate["kept"] else outcomes
        found["units"][unit["code"]] = _mark(notes[unit["code"]]) | {"state": state_of(outcomes)}
        found["credits"] += unit["credits"] if outcomes == {True} else 0
    if found["units"]:
        found["unit_state"] = _all([unit["state"] for unit in found["units"].values()])
    return found


def _mark(cell):
    declared = cell if cell in ("ABS", "DISP") else ""
    return {"value": None if declared or cell in {None} | UNKNOWN else Fraction(cell), "code": declared}


def _possible(cell):
    """The marks this cell may turn out to mean: below every bar and above every bar stand for all of them."""
    below, above = Fraction(-1), Fraction(1000)
    if cell in {None} | UNKNOWN:
        return {below, above}
    return {"ABS": {below}, "DISP": {above}}.get(cell) or {Fraction(cell)}


def _average(rules, bloc, notes):
    """A mean: what every way of filling its marks comes to, an absence among them; so do the marks before its own."""
    exams = [exam for exam in rules["exam"] if exam.get("bloc") == bloc["code"]]
    gates = {exam["code"]: (exam["after"], exam["after_at_least"]) for exam in exams if "after" in exam}
    codes = list(dict.fromkeys([*(exam["code"] for exam in exams), *(before for before, _ in gates.values())]))
    lowest, highest = rules["scales"]["mark"]["minimum"], rules["scales"]["mark"]["maximum"]
    floor, outcomes = bloc.get("floor", lowest), set()
    ways = [{"ABS", lowest, highest} if notes[code] in {None} | UNKNOWN else {notes[code]} for code in codes]
    for way in product(*ways):
        given = dict(zip(codes, way, strict=True))
        opened = all(given[before] != "ABS" and Fraction(given[before]) >= bar for before, bar in gates.values())
        own = [given[exam["code"]] for exam in exams]
        floored = "ABS" in own or any(Fraction(mark) < floor for mark in own)
        outcomes.add(opened and not floored and _mean(rules, exams, own) >= bloc["at_least"])
    marks = {exam["code"]: _bearing(notes[exam["code"]], floor) for exam in exams}
    before = {code: _bearing(notes[other], bar) for code, (other, bar) in gates.items()}
    known = [mark["value"] for mark in marks.values()]
    counts = None not in known and all(mark["state"] == VALIDATED for mark in before.values())
    value = _mean(rules, exams, known) if counts else None
    return {"value": value, "marks": marks, "gates": before, "state": state_of(outcomes)}


ROLES = {"trainers_weight": "formateurs", "tutor_weight": "tuteur", "jury_weight": "jury"}


def _by_roles(rules, bloc, candidate, oral):
    """A mean of roles: what every way of marking it comes to, where the mark of a role is not known yet."""
    weights = {word: bloc[key] for key, word in ROLES.items() if key in bloc}
    people = {"formateurs": candidate.get("trainers", ()), "tuteur": candidate.get("tutors", ())}
    cells = {
        word: _jury_mark(rules, oral) if word == "jury" else _role_mark(rules, bloc, candidate, people, word)
        for word in weights
    }
    highest, floor, outcomes = rules["scales"]["mark"]["maximum"], bloc.get("floor", 0), set()
    for way in product(
        *({"ABS", Fraction(0), Fraction(highest)} if cell is None else {cell} for cell in cells.values())
    ):
        floored = "ABS" in way or any(mark < floor for mark in way)
        outcomes.add(not floored and _of_hundred(rules, weights, way) >= bloc["at_least"])
    marks = {word: _bearing(cell, floor) for word, cell in cells.items()}
    known = [mark["value"] for mark in marks.values()]
    value = None if None in known else _of_hundred(rules, weights, known)
    return {"value": value, "marks": marks, "gates": {}, "state": state_of(outcomes)}


def _of_hundred(rules, weights, marks):
    total = sum(Fraction(weight) * mark for weight, mark in zip(weights.values(), marks, strict=True))
    return rounded(rules["policy"], total / 100)


def _role_mark(rules, bloc, candidate, people, word):
    """Each competence weighs the same, whoever rated it; one that the commission set is set for every role."""
    means = []
    for item in bloc["competences"]:
        code = item["code"]
        others = [name for role, names in people.items() if role != word for name in names if name not in people[word]]
        given = [(name, cells[code]) for name, cells in candidate["grilles"] if name not in others]
        given = [cell if name in people[word] or cell in (None, "NE") else LOST for name, cell in given]
        fixed = candidate["commission"].get(code)
        given = given if fixed in (None, "NE") else [fixed]
        levels = [Fraction(cell) for cell in given if cell not in {None, "NE"} | UNKNOWN]
        if UNKNOWN & set(given) or not levels:
            return None
        means.append(sum(levels) / len(levels))
    zero, full = rules["policy"].get("level_worth_zero", 0), rules["scales"]["level"]["maximum"]
    share = (sum(means) / len(means) - zero) / (full - zero)
    return rounded(rules["policy"], share * rules["scales"]["mark"]["maximum"])


def _jury_mark(rules, oral):
    if oral["value"] is None:
        return "ABS" if oral["state"] == FAILED else None
    points = sum(item["points"] for item in items_of(rules["oral"]["sections"], "items"))
    return rounded(rules["policy"], Fraction(oral["value"]) * rules["scales"]["mark"]["maximum"] / points)


def _bearing(cell, bar):
    return _mark(cell) | {"state": state_of({mark >= bar for mark in _possible(cell)})}


def _mean(rules, exams, marks):
    coefficients = [Fraction(exam.get("coefficient", 1)) for exam in exams]
    total = sum(each * Fraction(mark) for each, mark in zip(coefficients, marks, strict=True))
    return rounded(rules["policy"], total / sum(coefficients))


# ------------------------------------------------------------------------------------------ the decision

POSSIBLE = {VALIDATED: [True], FAILED: [False], PENDING: [True, False], ABSENT: [False]}


def _all(states):
    return state_of({all(outcome) for outcome in product(*(POSSIBLE[state] for state in states))})


def _decision(rules, found):
    """The one decision that every way of filling what is missing leads to, with the same blocs; else it waits."""
    blocs = [bloc["state"] for bloc in found["blocs"].values()]
    others = [found[part]["state"] for part in ("transversal", "oral", "exam") if found[part]]
    if rules["policy"].get("title_requires_ues") and found["unit_state"]:
        others.append(found["unit_state"])
    endings = set()
    for outcome in product(*(POSSIBLE[state] for state in blocs + others)):
        acquired = outcome[: len(blocs)]
        word = "ADMIS" if all(outcome) else "PARTIEL" if any(acquired) else "AJOURNÉ"
        endings.add((word, acquired))
    return endings.pop()[0] if len(endings) == 1 else "EN ATTENTE"
