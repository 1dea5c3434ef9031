from decimal import Decimal
from pathlib import Path

import pytest

from engine import referential
from engine.model import Candidate, Kind, forms
from engine.model.forms import Nature

DATA = Path(__file__).parent / "data"
CGCO = referential.load("cgco_rncp34465")
OTHER = referential.load("autre_referentiel.toml", base=DATA)
MINIMAL = referential.load("referentiel_minimal.toml", base=DATA)
PEOPLE = [Candidate(id="C1", last_name="Aubert", first_name="Manon")]

PERSON = "Identifiant Nom Prénom"
UNITS, EXAMS = "UE1 UE2 UE3 UE4 UE5 UE6 UE7 EN", "CC1 CC2 CC3 CC4 CC5 CC6 CC7 CC8 CC9"
WORKS, DOCUMENTS = "RA1 RA2 RA3 RA4 RA5 DP1 DP2 DP3 DP4 DP5 DP6", "GRI RAP PRO LIV REC"
HEADINGS = {
    Kind.GRILLE: ["Code", "Compétence", "Éléments de preuve", "Niveau"],
    Kind.TRAVAUX: ["Code", "Travail", "Sujet", "Apport", "Niveau", "Date"],
    Kind.TRANSVERSALE: ["Code", "Compétence", "Mini", "Niveau"],
    Kind.ORAL: ["Code", "Critère", "Barème", "Points"],
    Kind.NOTES: [*f"{PERSON} {UNITS} {EXAMS}".split(), "Plagiat vérifié"],
    Kind.VALIDATION: f"{PERSON} {WORKS} {DOCUMENTS}".split(),
    Kind.SYNTHESE: ["Code", "Compétence", "Mini", "Calculé", "Niveau"],
    Kind.DELIBERATION: [*PERSON.split(), "Proposé", "Blocs proposés", "Décision", "Blocs", "Motif"],
}


@pytest.mark.parametrize("kind", Kind)
def test_headings_are_those_people_and_programs_rely_on(kind):
    form = forms.build(CGCO, kind, candidates=PEOPLE)
    assert [column.heading for column in form.columns] == HEADINGS[kind]


def test_the_candidate_s_columns_stand_between_the_evidence_and_the_level():
    form = forms.build(CGCO, Kind.GRILLE, candidate_columns=True)
    assert [column.heading for column in form.columns][3:] == ["Auto-évaluation", "Preuve", "Expérience", "Niveau"]
    assert [entry.name for entry in form.inputs] == ["auto", "preuve", "experience", "niveau"]


def test_defined_names():
    grille, oral = forms.build(CGCO, Kind.GRILLE), forms.build(CGCO, Kind.ORAL)
    assert grille.defined_name(grille.inputs[0], "2.10") == "grille_niveau_2.10"
    assert [oral.defined_name(entry) for entry in oral.singles] == [
        "oral_rapport",
        "oral_motif",
        "oral_date",
        "oral_signature",
    ]


def test_what_each_cell_takes():
    oral = forms.build(CGCO, Kind.ORAL)
    o08 = oral.domain(oral.inputs[0], oral.row_by_code["O08"])
    assert (o08.minimum, o08.maximum, o08.step, o08.states) == (0, 5, Decimal("0.5"), {"ABS"})
    notes = forms.build(CGCO, Kind.NOTES, candidates=PEOPLE)
    states = {entry.heading: entry.domain.states for entry in notes.inputs}
    assert states["UE1"] == states["EN"] == {"ABS", "DISP"}
    assert states["CC1"] == {"ABS"}
    travaux = forms.build(CGCO, Kind.TRAVAUX)
    level = next(entry for entry in travaux.inputs if entry.name == "niveau")
    assert (level.domain.minimum, level.domain.states, level.decides) == (0, {"NE"}, False)


def test_codes_stay_text_and_apart():
    form = forms.build(CGCO, Kind.GRILLE)
    assert {"2.1", "2.10"} <= set(form.row_by_code)
    assert len(form.rows) == 27


def test_a_blank_sheet_asks_whom_it_concerns():
    form = forms.build_unassigned(CGCO, Kind.ORAL)
    assert [form.defined_name(entry) for entry in form.singles][:2] == ["oral_candidat", "oral_evaluateur"]
    assert forms.build_unassigned(CGCO, Kind.VALIDATION).singles[0].name == "evaluateur"
    assert [entry.name for entry in forms.build_unassigned(CGCO, Kind.NOTES).singles] == ["date", "signature"]
    names = [entry.name for entry in forms.build_unassigned(CGCO, Kind.SYNTHESE).singles]
    assert names == ["candidat", "motif", "date", "signature"]


def test_a_part_left_out_takes_its_sheet_with_it():
    assert forms.available(MINIMAL) == (Kind.GRILLE, Kind.SYNTHESE, Kind.DELIBERATION)
    assert forms.available(CGCO) == tuple(Kind)


def test_another_scale_and_shown_minima():
    form = forms.build(OTHER, Kind.GRILLE)
    assert [column.heading for column in form.columns] == ["Code", "Compétence", "Mini", "Éléments de preuve", "Niveau"]
    level = form.inputs[0].domain
    assert level.nature is Nature.NUMBER
    assert (level.values[0], level.values[-1]) == (0, 4)
    assert "rapport" not in {entry.name for entry in forms.build(OTHER, Kind.ORAL).singles}
