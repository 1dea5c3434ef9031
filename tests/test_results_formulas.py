"""The formulas of the results: recalculated for real, they say what the engine says, and follow the marks."""

from dataclasses import replace

import openpyxl
import pytest

from tests import oracle
from tests.descriptions import REFERENTIALS, TEXTS
from tests.recalculation import differences, results_of
from tests.results import CGCO, OTHER, SMALLEST, workbook
from tests.test_decide import Chance

POLICIES = {
    "cgco": [
        {},
        {"competence_from": "median", "transversal_from": "max", "oral_from": "min", "rounding": 0},
        {"competence_from": "min", "oral_from": "median", "rounding": 1, "minimum_jurors": 1},
        {"transversal_from": "median", "rounding": 3, "minimum_jurors": 3, "title_requires_ues": True},
    ],
    "other": [{}, {"competence_from": "mean", "transversal_from": "mean", "oral_from": "mean", "rounding": 2}],
    "minimal": [{}],
}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_an_invented_session_is_recalculated_as_decided(office, tmp_path, name):
    formulas, found = differences(office, workbook(name), tmp_path)
    assert found == []
    assert formulas > 90


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("name", "policy"), [(name, policy) for name, policies in POLICIES.items() for policy in policies]
)
def test_random_cohorts_are_recalculated_as_decided(office, tmp_path, name, policy):
    referential = REFERENTIALS[name]
    referential = replace(referential, policy=replace(referential.policy, **policy))
    rules = oracle.rules_of(TEXTS[name], **policy)
    descriptions = [Chance(seed, rules).candidate() for seed in range(60)]
    target = results_of(tmp_path / "resultats.xlsx", descriptions, referential)
    assert differences(office, target, tmp_path)[1] == []


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_every_decision_and_state_is_a_formula(name):
    sheet = openpyxl.load_workbook(workbook(name))["Synthèse"]
