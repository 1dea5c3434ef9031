"""An invented session, under any referential: what the results are written from, decided by the engine itself."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from engine.assessment.decide import decide
from engine.jury import admit
from engine.ledger.comparison import Evolution
from engine.model import Candidate, Evaluator, Kind, Role, Roster, Run, Session
from engine.model.anomalies import CATALOGUE, Gravity, make
from engine.model.tables import EXCLUDED, FILES, MARKS, MISSING, MISSING_SHEETS, VALUE, anomaly_rows, table

MADE_AT = datetime(2025, 6, 14, 2, 10)
RUN = Run(made_at=MADE_AT, program_version="0.1.0", returns=96)

JURORS = ("J01", "J02")
PEOPLE = (
    ("C001", "Aubert", "Manon"),
    ("C002", "Belkacem", "Inès"),
    ("C003", "Brunet", "Théo"),
    ("C004", "Carvalho", "Diogo"),
    ("C005", "Da Silva-Moreau", "Léa"),
    ("C006", "Diallo", "Aminata"),
    ("C007", "Lefèvre", "Éloïse"),
    ("C008", "Garnier", "Hugo"),
    ("C009", "Hamidi", "Yanis"),
    ("C010", "Le Goff-Kerbrat", "Maëlle"),
    ("C011", "Marchetti", "Lucas"),
    ("C012", "N'Guessan", "Prisca"),
    ("C013", "Roux", "Baptiste"),
    ("C014", "Schmitt", "Clara"),
)
EVALUATORS = tuple(
    Evaluator(id=id_, last_name=last, first_name=first, roles=frozenset({role}))
    for id_, last, first, role in (
        ("T01", "Benali", "Karim", Role.TUTOR),
        ("F04", "Osmani", "Nadia", Role.TRAINER),
        ("J01", "Perrin", "Luc", Role.JUROR),
        ("J02", "Vasseur", "Anne", Role.JUROR),
        ("R01", "Meyer", "Paul", Role.REFERENT),
    )
)

# What differs from a candidate who passes everything; see `_marks_of`.
STORIES = {
    "C003": {"failed_bloc": 2, "notes": {2: "9.50"}},
    "C004": {"unrated": 1, "jurors": 1},
    "C005": {"held": 0, "failed_bloc": 0, "points": "bar", "notes": {0: "10.01", "exam": "bar"}},
    "C006": {"notes": {"exam": "below"}, "jurors": 0},
    "C007": {"unrated": 1, "jurors": 1, "notes": {1: None, 5: None}},
    "C008": {"failed_bloc": "all", "transversal": "below", "points": "ABS", "notes": {0: "9.10", 2: "10.00", 3: "ABS"}},
    "C010": {"transversal": "below"},
    "C011": {"points": "both"},
    "C012": {"notes": {0: "DISP", "exam": "DISP"}},
    "C013": {"jurors": 0},
    "C014": {"notes": {5: "10.00", 6: "10.004"}, "report": "Non"},
}


def promotion(referential):
    """Every argument of :func:`engine.outputs.workbook.write` but the target."""
    roster = _roster(referential)
    marks = table(MARKS, (row for candidate in roster.candidates for row in _marks_of(candidate, referential)))
    awaited = {"C002": ["grille de F04"], "C004": ["grand oral de J02"], "C006": ["grand oral de J01"]}
    outcomes = decide(marks, roster, referential, awaited)
    return {
        "referential": referential,
        "roster": roster,
        "run": RUN,
        "outcomes": outcomes,
        "admissions": admit(marks, outcomes, roster, referential),
        "marks": marks,
        "anomalies": anomaly_rows(_anomalies()),
        "files": table(FILES, _files()),
        "missing": table(MISSING_SHEETS, _missing()),
        "evolution": Evolution(since=None),
    }


def _roster(referential):
    candidates = []
    for id_, last, first in PEOPLE:
        story = STORIES.get(id_, {})
        held = (referential.blocs[story["held"]].code,) if "held" in story else ()
        candidates.append(
            Candidate(
                id=id_,
                last_name=last,
                first_name=first,
                tutors=("T01",),
                trainers=("F04",),
                jurors=JURORS,
                held_blocs=held,
                dropped_out=id_ == "C013",
            )
        )
    session = Session(cohort="Promotion 12", centre="Lyon", session="juin 2025")
    return Roster(session=session, candidates=tuple(candidates), evaluators=EVALUATORS)


def _marks_of(candidate, referential):
    story, rank = STORIES.get(candidate.id, {}), int(candidate.id[1:])
    if candidate.id == "C013":
        return
    yield from _levels(candidate, referential, story, rank)
    if referential.transversal:
        yield from _transversal(candidate, referential, story, rank)
    if referential.oral:
        yield from _oral(candidate, referential, story, rank)
    yield from _notes(candidate, referential, story, rank)
    yield from _validation(candidate, referential, rank)


def _row(kind, candidate, evaluator, entry, code, value, state=VALUE, cell="H12", raw=None):
    raw = raw if raw is not None else ("" if value is None else str(value).replace(".", ","))
    folder = {"T01": "tuteurs/T01", "F04": "formateurs/F04"}.get(evaluator, f"jurys/{evaluator}")
    folder = {Kind.NOTES: "secretariat", Kind.VALIDATION: "referent"}.get(kind, folder)
    file = f"{folder}/{candidate.name} {kind.value.lower()}.xlsx"
    return (file, kind.value.capitalize(), cell, kind.value, candidate.id, evaluator, entry, code, raw, value, state)


def _level(candidate, referential, kind, evaluator, code, level, cell="H12"):
    """A mark on the scale of levels, a letter where it has letters."""
    return _row(kind, candidate, evaluator, "niveau", code, referential.scales.level.shown(level), cell=cell)


def _levels(candidate, referential, story, rank):
    step, scale = referential.scales.level.step, referential.scales.level
    for index, bloc in enumerate(referential.blocs):
        failed = story.get("failed_bloc") in (index, "all")
        for place, competence in enumerate(bloc.competences):
            good = place < (
                bloc.required - 1 if failed else max(bloc.required, len(bloc.competences) - (rank + index) % 2)
            )
            level = min(competence.minimum + step * ((rank + place) % 2), scale.maximum) if good else None
            level = max(competence.minimum - step, scale.minimum) if level is None else level
            if story.get("unrated") == index and place >= bloc.required - 1:
                excluded = place == bloc.required
                state, raw = (EXCLUDED, "4+") if excluded else (MISSING, "")
                yield _row(Kind.GRILLE, candidate, "T01", "niveau", competence.code, None, state, raw=raw)
                continue
            yield _level(candidate, referential, Kind.GRILLE, "T01", competence.code, level)
            if place % 3 == 0 or bloc.weights:  # a mean of roles waits for every level of each
                other = min(level + step, scale.maximum) if good else level
                yield _level(candidate, referential, Kind.GRILLE, "F04", competence.code, other)


def _transversal(candidate, referential, story, rank):
    part, step = referential.transversal, referential.scales.level.step
    reached = part.required - 1 if story.get("transversal") == "below" else part.required + rank % 4
    for place, item in enumerate(part.items):
        level = item.minimum if place < reached else max(item.minimum - step, referential.scales.level.minimum)
        for juror in JURORS:
            yield _level(candidate, referential, Kind.TRANSVERSALE, juror, item.code, level, cell="D9")


def _oral(candidate, referential, story, rank):
    oral, points = referential.oral, story.get("points")
    for index, juror in enumerate(JURORS[: story.get("jurors", 2)]):
        share = Decimal(0) if points == "bar" else Decimal((rank * 7 + index * 3) % 20 - (4 if rank == 3 else 0)) / 60
        for place, (item, given) in enumerate(_spread(oral, oral.at_least + share * oral.points)):
            absent = points == "ABS" or (points == "both" and index == 0 and place == 0)
            value, state, raw = (None, "ABS", "ABS") if absent else (given, VALUE, None)
            yield _row(Kind.ORAL, candidate, juror, "points", item.code, value, state, f"D{place + 9}", raw)
        yield _row(Kind.ORAL, candidate, juror, "rapport", "", story.get("report", "Oui"), cell="D44")


def _spread(oral, total):
    """Points on step for each item, whose sum is ``total`` cut to the step."""
    reached = given = Decimal(0)
    for item in oral.items:
        reached += item.points
        points = total * reached / oral.points // oral.step * oral.step - given
        given += points
        yield item, points


def _notes(candidate, referential, story, rank):
    notes, exam = story.get("notes", {}), referential.national_exam
    for place, unit in enumerate(referential.units):
        text = notes.get(place, f"{11 + (rank * 7 + place * 5) % 6}.{(rank * 35) % 100:02d}")
        yield _note(candidate, unit.code, text)
    if exam:
        bars = {"bar": exam.at_least, "below": exam.at_least - Decimal("0.5")}
        text = notes.get("exam", str(exam.at_least + rank % 5))
        yield _note(candidate, exam.code, str(bars.get(text, text)))
    for place, other in enumerate(referential.exams):
        yield _note(candidate, other.code, None if (rank + place) % 9 == 0 else f"{9 + (rank + place * 3) % 9}")
    if exam and exam.requires_plagiarism_check:
        yield _row(Kind.NOTES, candidate, "", "Plagiat vérifié", "Plagiat vérifié", "Non" if rank == 8 else "Oui")


def _note(candidate, code, text):
    declared = text in ("ABS", "DISP")
    state = MISSING if text is None else text if declared else VALUE
    value = None if text is None or declared else Decimal(text)
    return _row(Kind.NOTES, candidate, "", code, code, value, state, raw=text if declared else None)


def _validation(candidate, referential, rank):
    for place, part in enumerate(referential.works + referential.documents):
        if (rank + place) % 8:
            answer = "Non" if (rank * place) % 17 == 5 else "Oui"
            yield _row(Kind.VALIDATION, candidate, "R01", part.code, part.code, answer)


def _anomalies():
    where = {"candidate": "C004", "evaluator": "T01", "file": "tuteurs/T01/CARVALHO Diogo Grille.xlsx"}
    yield make("R01", "Personne n'a évalué les compétences 2.6 et 2.9.", candidate="C004")
    yield make("V03", "« 4+ » n'est pas un niveau clair.", sheet="Grille", cell="H21", value="4+", **where)
    yield make("V04", "« 3/5 » a été compris comme 3.", sheet="Grille", cell="H9", value="3/5", **where)
    yield make(
        "V05",
        "La cellule contient la date du 3 mai : le tableur change « 3/5 » en date dès la saisie.",
        sheet="Grille",
        cell="H3",
        value="03/05/2025",
        **where,
    )
    yield make("F01", "Le fichier est vide (0 octet).", file="à trier/Copie de grille (2).xlsx")
    yield make(
        "R02",
        "Un juré a noté ABS, l'autre des points.",
        gravity=Gravity.BLOCKING,
        candidate="C011",
        evaluator="J01",
        file="jurys/J01/MARCHETTI Lucas oral.xlsx",
        sheet="Grand oral",
        cell="D9",
        value="ABS",
    )
    for code in ("S05", "I04", "R03", "V11", "I05"):
        yield make(code, f"{CATALOGUE[code].title}.", candidate="C007", evaluator="J02", file="jurys/J02/LEFÈVRE.xlsx")


def _files():
    states = ("Accepté", "Accepté avec réserves", "Refusé", "Remplacé", "Ignoré", "Accepté")
    for rank, state in enumerate(states):
        yield (
            f"tuteurs/T{rank:02d}/{PEOPLE[rank][1].upper()} {PEOPLE[rank][2]} Grille de compétences.xlsx",
            state,
            "" if state in ("Refusé", "Ignoré") else "GRILLE; TRAVAUX",
            f"C{rank + 1:03d}",
            f"T{rank:02d}",
            datetime(2025, 6, rank + 1, 9, 30),
            18_000 + 977 * rank,
            f"{rank:x}" * 64,
        )


def _missing():
    yield ("F04", "OSMANI Nadia", "nadia.osmani@exemple.fr", "C002", "GRILLE")
    yield ("J02", "VASSEUR Anne", "anne.vasseur@exemple.fr", "C004", "ORAL")
    yield ("J02", "VASSEUR Anne", "anne.vasseur@exemple.fr", "C004", "TRANSVERSALE")
    yield ("R01", "MEYER Paul", "", "", "VALIDATION")
