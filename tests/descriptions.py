"""Plain descriptions of candidates (the ones :mod:`tests.oracle` reads) to the engine's nouns, and outcomes back.

Around what decides, :func:`marks_of` lays what never does: the candidate's own levels, works, validations, remarks.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import engine.referential
from engine.assessment import deliberation
from engine.assessment.decide import decide
from engine.model import Average, Candidate, Kind, Roster, Session
from engine.model.errors import ReferentialError
from engine.model.tables import EXCLUDED, LABEL, MARKS, MISSING, VALUE, table

_DATA = Path(__file__).parent / "data"
_EXAMPLES = Path(__file__).parent.parent / "docs" / "exemples"
FILES = {
    "cgco": Path(engine.referential.__file__).parent / "shipped" / "cgco_rncp34465.toml",
    "other": _DATA / "autre_referentiel.toml",
    "minimal": _DATA / "referentiel_minimal.toml",
    "cycles": _EXAMPLES / "cycles.toml",
    "bts": _EXAMPLES / "bts.toml",
    "cqp": _EXAMPLES / "cqp.toml",
    "lettres": _EXAMPLES / "lettres.toml",
}
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in FILES.items()}
REFERENTIALS = {name: engine.referential.parse(text, name) for name, text in TEXTS.items()}
CGCO, OTHER, MINIMAL, BTS, CQP = (REFERENTIALS[name] for name in ("cgco", "other", "minimal", "bts", "cqp"))
LETTERS = REFERENTIALS["lettres"]
DECLARED = ("ABS", "NE", "DISP")


def candidate(**parts):
    """A description, empty but for the given parts."""
    nothing = {"held": [], "kept": [], "left": False, "grilles": [], "transversales": [], "orals": [], "notes": {}}
    return nothing | {"presented": [], "commission": {}, "jury": None} | parts


def at_every_bar():
    """A candidate of the shipped referential who passes everything with nothing to spare, rated by T1, J1 and J2."""
    grille = {}
    for bloc in CGCO.blocs:
        grille |= counted(bloc.competences, bloc.required)
    transversale = counted(CGCO.transversal.items, CGCO.transversal.required)
    return candidate(
        grilles=[("T1", grille)],
        transversales=[("J1", transversale), ("J2", dict(transversale))],
        orals=[("J1", points("36"), "Oui"), ("J2", points("36"), "Oui")],
        notes={unit.code: "10.01" for unit in CGCO.units} | {"EN": "12"},
    )


def counted(items, reached, unknown=0, *, as_unknown=None):
    """Levels of these items: so many at their minimum, so many unknown, the others one level below."""
    cells = {}
    for rank, item in enumerate(items):
        below = as_unknown if rank < reached + unknown else str(item.minimum - 1)
        cells[item.code] = str(item.minimum) if rank < reached else below
    return cells


def points(total, referential=CGCO):
    """A complete sheet of the oral with this total."""
    cells, left = {}, Decimal(total)
    for item in referential.oral.items:
        given = min(item.points, left)
        left -= given
        cells[item.code] = str(given)
    return cells


def outcome_of(description, referential=CGCO, awaited=(), **policy):
    """The engine's outcome for one candidate; ``policy`` replaces choices of the referential's policy."""
    referential = replace(referential, policy=replace(referential.policy, **policy))
    (outcome,) = decide(marks_of([description]), roster_of([description]), referential, {"C0": awaited})
    return outcome


def judged(descriptions, referential):
    """The engine's outcomes, the jury's sheet included, and the codes told of each candidate because of it."""
    marks, roster = marks_of(descriptions), roster_of(descriptions)
    ruled = decide(marks, roster, referential, {})
    outcomes, told = deliberation.overrule(ruled, deliberation.gather(marks, referential), referential)
    return outcomes, {
        person.id: {anomaly.code for anomaly in told if anomaly.candidate == person.id} for person in roster.candidates
    }


def roster_of(descriptions):
    """A roster of these candidates; their identifiers are C0, C1..."""
    people = tuple(
        Candidate(
            id=f"C{rank}",
            last_name=f"Martin {rank}",
            first_name="Zoé",
            tutors=tuple(description.get("tutors", ())),
            trainers=tuple(description.get("trainers", ())),
            jurors=tuple(description.get("jurors", ())),
            held_blocs=tuple(description["held"]),
            dropped_out=description["left"],
            kept=tuple(description["kept"]),
            presented=tuple(description["presented"]),
        )
        for rank, description in enumerate(descriptions)
    )
    return Roster(session=Session(), candidates=people, evaluators=())


def marks_of(descriptions):
    """The table of marks of these candidates; the sheets in the order of the descriptions."""
    return table(MARKS, [row for rank, each in enumerate(descriptions) for row in _rows(f"C{rank}", each)])


def _rows(identifier, description):
    for rater, cells in description["grilles"]:
        for code, cell in cells.items():
            yield _row(Kind.GRILLE, identifier, rater, "niveau", code, cell)
            yield _row(Kind.GRILLE, identifier, rater, "auto", code, EXCLUDED)
        yield _row(Kind.TRAVAUX, identifier, rater, "niveau", "RA1", "0")
    for juror, cells in description["transversales"]:
        for code, cell in cells.items():
            yield _row(Kind.TRANSVERSALE, identifier, juror, "niveau", code, cell)
    for juror, cells, answer in description["orals"]:
        for code, cell in cells.items():
            yield _row(Kind.ORAL, identifier, juror, "points", code, cell)
        yield _row(Kind.ORAL, identifier, juror, "rapport", "", answer)
        yield _row(Kind.ORAL, identifier, juror, "motif", "", "à revoir")
        yield _row(Kind.ORAL, identifier, juror, "date", "", EXCLUDED)
    for code, cell in description["notes"].items():
        yield _row(Kind.NOTES, identifier, "", code, code, cell)
    yield _row(Kind.NOTES, identifier, "", "Plagiat vérifié", "Plagiat vérifié", "Non")
    yield _row(Kind.NOTES, identifier, "", "CC1", "CC1", EXCLUDED)
    yield _row(Kind.VALIDATION, identifier, "REF1", "RA1", "RA1", "Non")
    for code, cell in description["commission"].items():
        yield _row(Kind.SYNTHESE, identifier, "", "niveau", code, cell)
    if description["jury"]:
        yield from _row_of_the_jury(identifier, description["jury"])


def _row_of_the_jury(identifier, row):
    blocs = row["blocs"] if row["blocs"] in (None, EXCLUDED) else "; ".join(row["blocs"])
    reason = "Parcours" if row["reason"] else None
    for entry, heading, cell in (
        ("decision", "Décision", row["decision"]),
        ("blocs", "Blocs", blocs),
        ("motif", "Motif", reason),
    ):
        yield _row(Kind.DELIBERATION, identifier, "", entry, heading, cell)
    decision, proposed = row["proposed"] or (None, [])
    for entry, heading, shown in (
        ("propose", "Proposé", decision),
        ("blocs_proposes", "Blocs proposés", "; ".join(proposed) or None),
    ):
        known = _row(Kind.DELIBERATION, identifier, "", entry, heading, None)
        yield (*known[:-2], shown, LABEL)


def _row(kind, identifier, evaluator, entry, code, cell):
    value, state, address = None, VALUE, "B2"
    if cell is None:
        state = MISSING
    elif cell == "lost":
        state, address = EXCLUDED, ""
    elif cell == EXCLUDED or cell in DECLARED:
        state = cell
    else:
        value = Decimal(cell) if cell[0].isdigit() else cell
    raw = {None: "", "lost": "", EXCLUDED: "4+"}.get(cell, cell)
    return ("un retour.xlsx", kind.value, address, kind.value, identifier, evaluator, entry, code, raw, value, state)


def told(outcome):
    """An outcome in the oracle's words; but for its reasons, which are words."""
    oral = outcome.oral
    return {
        "decision": outcome.decision.value,
        "ruled": (outcome.by_rules.decision.value, list(outcome.by_rules.acquired)),
        "decided_by": outcome.decided_by.value,
        "levels": {code: _level(level) for code, level in outcome.levels.items()},
        "blocs": {code: _bloc(bloc) | {"held": bloc.held} for code, bloc in outcome.blocs.items()},
        "acquired": list(outcome.acquired),
        "transversal_levels": {code: _level(level) for code, level in outcome.transversal_levels.items()},
        "transversal": outcome.transversal and _count(outcome.transversal),
        "oral": oral
        and {
            "value": _fraction(oral.value),
            "state": oral.state.value,
            "conflict": oral.conflict,
            "totals": {juror: _fraction(total) for juror, total in oral.totals.items()},
            "absences": sorted(oral.absences),
            "items": {code: round(float(mean), 9) for code, mean in oral.items.items()},
            "sections": [None if mean is None else round(float(mean), 9) for mean in oral.sections],
            "incomplete": sorted(oral.incomplete),
        },
        "report": outcome.report and outcome.report.value,
        "exam": outcome.exam and _mark(outcome.exam),
        "units": {code: _mark(unit) for code, unit in outcome.units.items()},
        "unit_state": outcome.unit_state and outcome.unit_state.value,
        "credits": outcome.credits,
    }


def _fraction(number):
    return None if number is None else Fraction(number)


def _level(level):
    return {"value": _fraction(level.value), "minimum": _fraction(level.minimum), "pending": level.pending}


def _count(count):
    names = ("demonstrated", "missing", "total", "required")
    return {name: getattr(count, name) for name in names} | {"state": count.state.value}


def _bloc(bloc):
    if not isinstance(bloc, Average):
        return _count(bloc)
    marks = {code: _mark(mark) for code, mark in bloc.marks.items()}
    found = {"value": _fraction(bloc.value), "marks": marks, "state": bloc.state.value}
    return found | {"gates": {code: _mark(mark) for code, mark in bloc.gates.items()}}


def _mark(mark):
    return {"value": _fraction(mark.value), "code": mark.code, "state": mark.state.value}


def faults_of(name, *changes):
    """Where the file of a certification is at fault once each text was changed into the other."""
    text = TEXTS[name]
    for before, after in changes:
        assert text.count(before) >= 1, before
        text = text.replace(before, after, 1)
    try:
        engine.referential.parse(text, "essai")
    except ReferentialError as fault:
        return [problem.split(" : ")[0] for problem in fault.problems]
    raise AssertionError(f"{name} is taken")
