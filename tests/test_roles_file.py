"""A bloc validated by a mean of roles, in the file of a certification: what it may say, and what is refused."""

import pytest

from engine import referential
from engine.model.errors import ReferentialError
from tests.descriptions import TEXTS, faults_of

ORAL = TEXTS["cqp"][TEXTS["cqp"].index("[oral]") : TEXTS["cqp"].index("[policy]")]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ([("trainers_weight = 30", "trainers_weight = 20")], ["bloc[B1].trainers_weight"]),
        (
            [("trainers_weight = 30", "trainers_weight = 0"), ("tutor_weight = 20", "tutor_weight = 50")],
            ["bloc[B1].trainers_weight"],
        ),
        ([("trainers_weight = 62.5", ""), ("tutor_weight = 37.5", "jury_weight = 100")], ["bloc[B3].jury_weight"]),
        ([(ORAL, "")], ["bloc[B1].jury_weight", "bloc[B2].jury_weight"]),
        ([("at_least = 10  ", "required = 2\nat_least = 10  ")], ["bloc[B1].required"]),
        ([("at_least = 10  ", "#")], ["bloc[B1].at_least"]),
        ([("floor = 7  ", "floor = 11  ")], ["bloc[B1].floor"]),
        ([("at_least = 10  ", "at_least = 21  ")], ["bloc[B1].at_least"]),
        (
            [("minimum = 3, evidence", "minimum = 3, mandatory = true, evidence")],
            ["bloc[B1].competences[1.1].mandatory"],
        ),
        ([("[policy]", '[[exam]]\ncode = "E1"\ntitle = "Écrit"\nbloc = "B1"\n[policy]')], ["exam[E1].bloc"]),
        ([('competence_from = "mean"', 'competence_from = "max"')], ["policy.competence_from"]),
        ([("level_worth_zero = 1", "# ")], ["policy.level_worth_zero"]),
        ([("level_worth_zero = 1", "level_worth_zero = 1.5")], ["policy.level_worth_zero"]),
        ([("level_worth_zero = 1", "level_worth_zero = -1")], ["policy.level_worth_zero"]),
        ([("[scales.mark]\nminimum = 0", "[scales.mark]\nminimum = 1")], ["scales.mark.minimum"]),
        ([("[scales.mark]\nminimum = 0\nmaximum = 20", "")], ["scales.mark"]),
        (
            [("trainers_weight = 30", "trainers_weight = 20"), (ORAL, "")],
            ["bloc[B1].trainers_weight", "bloc[B1].jury_weight", "bloc[B2].jury_weight"],
        ),
    ],
)
def test_what_contradicts_itself_is_refused_and_named(changes, named):
    assert faults_of("cqp", *changes) == named


def test_a_level_worth_nothing_is_said_where_roles_weigh_only():
    text = TEXTS["bts"].replace("divergence_points = 10", "divergence_points = 10\nlevel_worth_zero = 1")
    with pytest.raises(ReferentialError, match="ne sert qu'à un bloc validé par une moyenne de rôles"):
        referential.parse(text, "essai")


@pytest.mark.parametrize(("minimum", "wanted"), [("1", "de 0 à 1,"), ("0", "on attend 0,"), ("-2", "on attend -2,")])
def test_what_the_level_worth_nothing_may_be_is_told(minimum, wanted):
    text = TEXTS["cqp"].replace("minimum = 1\nmaximum = 4\nstep = 1", f"minimum = {minimum}\nmaximum = 4\nstep = 1")
    text = text.replace('1 = "Non acquis", ', "").replace("level_worth_zero = 1 ", "level_worth_zero = -5 ")
    with pytest.raises(ReferentialError, match=f"{wanted} le plus petit niveau, et non -5"):
        referential.parse(text, "essai")
