"""Codes of a certification head columns of sheets, results and data, beside the headings that are there already."""

import tomllib
from copy import deepcopy
from decimal import Decimal
from itertools import chain

import pytest

from engine import referential
from engine.model.errors import ReferentialError
from engine.model.forms import build
from engine.model.kinds import Kind
from engine.model.texts import bare
from engine.outputs.tables import decisions, jury
from tests.test_referential_faults import SHIPPED

DOCUMENT = tomllib.loads(SHIPPED, parse_float=Decimal)
CODED = {
    "bloc": lambda document: document["bloc"][0],
    "competence": lambda document: document["bloc"][0]["competences"][0],
    "transversal": lambda document: document["transversal"]["domains"][0]["items"][0],
    "oral": lambda document: document["oral"]["sections"][0]["items"][0],
    "ue": lambda document: document["ue"][0],
    "national_exam": lambda document: document["national_exam"],
    "exam": lambda document: document["exam"][0],
    "work": lambda document: document["work"][0],
    "document": lambda document: document["document"][0],
}


def recoded(part, code):
    """The shipped certification where the first code of this part is another; its deliverables and references aside."""
    document = deepcopy(DOCUMENT)
    for other in (*document["exam"], *document["work"], *document["national_exam"]["deliverable"]):
        other.pop("competence", None), other.pop("ue", None)
    CODED[part](document)["code"] = code
    return referential.build(document, "essai.toml")


def tables(read):
    """The headings of each table that codes stand in: what is read back, what is decided, who may sit."""
    for kind in Kind:
        yield [column.heading for column in build(read, kind).columns]
    yield [field.column.name for field in decisions.fields(read)]
    yield [field.column.name for field in jury.fields(read)]


def words():
    """Every heading that a code could be, and every word that makes one with « état »."""
    found = set(chain(*tables(referential.load("cgco_rncp34465"))))
    found |= {heading.removesuffix(" état") for heading in found}
    return sorted({word for word in map(bare, found) if word.isalnum() and word.isascii()})


@pytest.mark.parametrize("part", CODED)
def test_a_code_is_never_the_heading_of_another_column(part):
    refused = 0
    for word in words():
        try:
            read = recoded(part, word.title())
        except ReferentialError:
            refused += 1
            continue
        for headings in tables(read):
            twice = [heading for heading in map(bare, headings) if list(map(bare, headings)).count(heading) > 1]
            assert not twice, (word, twice)
    assert refused >= 3  # Identifiant, Nom, Prénom, at least: the others are no headings of that part


@pytest.mark.parametrize(
    ("part", "code", "said"),
    [
        ("ue", "Nom", "ue[Nom].code : « Nom » se confond avec le titre de colonne « Nom » : choisissez un autre code"),
        ("work", "PRENOM", "work[PRENOM].code : « PRENOM » se confond avec le titre de colonne « Prénom »"),
        ("ue", "oral", "ue[oral].code : « oral » se confond avec le titre de colonne « Oral »"),
        ("bloc", "UE", "bloc[UE].code : « UE » se confond avec le titre de colonne « UE »"),
        ("bloc", "Tuteur", "bloc[Tuteur].code : « Tuteur » se confond avec le titre de colonne « Tuteur »"),
        ("national_exam", "Travaux", "national_exam.code : « Travaux » se confond avec le titre de colonne"),
    ],
)
def test_such_a_code_is_told_with_the_heading(part, code, said):
    with pytest.raises(ReferentialError) as told:
        recoded(part, code)
    assert any(problem.startswith(said) for problem in told.value.problems), told.value.problems


@pytest.mark.parametrize(("part", "code"), [("exam", "ORAL"), ("document", "UE"), ("competence", "Oral"), ("ue", "CR")])
def test_a_code_that_heads_no_column_beside_it_is_free(part, code):
    assert recoded(part, code)
