"""The roster against the certification: blocs, people that it asks for, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import referential as referentials
from engine.model.errors import ReferentialError, RosterError
from tests.rosters import book, places, problems, read, saved


@pytest.fixture(scope="module")
def certification():
    return referentials.load("cgco_rncp34465")


# ------------------------------------------------------------------------------------ against the referential


def test_unknown_blocs_and_a_missing_secretariat_are_reported_with_their_cells(tmp_path, certification):
    made = book()
    made["Candidats"]["I2"], made["Candidats"]["I3"] = "B2;B9", 1
    made["Évaluateurs"].delete_rows(7)
    assert problems(made, tmp_path, referential_of=lambda _name: certification) == [
        "Session!B4 : la signature est exigée, et personne dans la feuille Évaluateurs n'a le rôle Secrétariat pour "
        "signer les notes ; ajoutez cette personne, ou répondez Non.",
        "Candidats!I2 : le bloc « B9 » n'est pas du référentiel ; codes des blocs : B1, B2, B3, B4.",
        "Candidats!I3 : le bloc « 1 » n'est pas du référentiel ; codes des blocs : B1, B2, B3, B4.",
    ]


def test_no_secretariat_is_needed_without_notes(tmp_path, certification):
    made = book()
    made["Évaluateurs"].delete_rows(7)
    without_notes = replace(certification, units=(), unit_rule=None, national_exam=None, exams=())
    assert len(read(saved(made, tmp_path), lambda _name: without_notes).candidates) == 2


def test_what_the_referential_refuses_is_reported_with_all_the_rest(tmp_path, certification):
    made = book()
    made["Candidats"]["A2"], made["Candidats"]["I2"] = "C 1", "b2"
    found = problems(made, tmp_path, referential_of=lambda _name: certification)
    assert places(found) == ["Candidats!A2", "Candidats!I2"]


def test_a_bad_referential_is_told_at_its_cell_alone_or_with_the_rest(tmp_path):
    def refuse(name):
        raise ReferentialError(name, ["bloc[B1].required : manque", "policy.rounding : manque"])

    made = book(session="Champ | Valeur\nRéférentiel | autre")
    with pytest.raises(RosterError) as refusal:
        read(saved(made, tmp_path), refuse)
    _, told, *own = str(refusal.value).splitlines()
    assert told.startswith("  - Session!B2 : le référentiel « autre » ne peut pas être utilisé")
    assert own == ["    - bloc[B1].required : manque", "    - policy.rounding : manque"]
    made["Candidats"]["A2"] = "C 1"
    assert places(problems(made, tmp_path, referential_of=refuse)) == ["Session!B2", "Candidats!A2"]
