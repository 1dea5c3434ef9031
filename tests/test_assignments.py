from engine import referential
from engine.model import Candidate, Evaluator, Kind, Role, Roster, Session
from engine.model.assignments import assignments

CGCO = referential.load("cgco_rncp34465")


def person(identifier, *roles):
    return Evaluator(id=identifier, last_name=identifier, first_name="", roles=frozenset(roles))


PEOPLE = (
    person("T1", Role.TUTOR),
    person("TF", Role.TUTOR, Role.TRAINER),
    person("F1", Role.TRAINER),
    person("J1", Role.JUROR, Role.REFERENT),
)


def sheets(**candidate):
    one = Candidate(id="C1", last_name="A", first_name="B", **candidate)
    roster = Roster(session=Session(), candidates=(one,), evaluators=PEOPLE)
    return assignments(roster, CGCO)


def told(found):
    return [(each.kind.value, each.evaluator.id if each.evaluator else "") for each in found]


def test_every_sheet_of_a_candidate_then_those_of_the_cohort():
    assert told(sheets(tutors=("T1",), trainers=("F1",), jurors=("J1",))) == [
        ("GRILLE", "T1"),
        ("TRAVAUX", "T1"),
        ("GRILLE", "F1"),
        ("TRAVAUX", "F1"),
        ("ORAL", "J1"),
        ("TRANSVERSALE", "J1"),
        ("NOTES", ""),
        ("VALIDATION", "J1"),
    ]


def test_the_first_tutor_s_grid_is_the_candidate_s_too():
    first = {
        each.evaluator.id: each.candidate_columns
        for each in sheets(tutors=("T1", "TF"), trainers=("F1",))
        if each.kind is Kind.GRILLE
    }
    assert first == {"T1": True, "TF": False, "F1": False}


def test_without_a_tutor_the_first_trainer_s_is():
    first = [each.candidate_columns for each in sheets(trainers=("F1", "TF")) if each.kind is Kind.GRILLE]
    assert first == [True, False]


def test_somebody_both_tutor_and_trainer_gets_one_sheet():
    assert told(sheets(tutors=("TF",), trainers=("TF",)))[:2] == [("GRILLE", "TF"), ("TRAVAUX", "TF")]
    assert told(sheets(tutors=("TF",), trainers=("TF",)))[2][0] == "NOTES"
