"""A file that nobody could read and that bears the name of somebody who is forgotten: its name goes with them."""

import io

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from engine.commands.close import close, last_act
from engine.commands.forget import forget
from engine.ledger.acts import bears
from engine.model import Kind
from engine.model.texts import identifying
from engine.outputs import redaction
from engine.workspace.cohort import Folder
from tests.nights import date_back
from tests.test_forgetting import found, mend, nights, three_nights  # noqa: F401 - fixtures


@pytest.mark.parametrize("closed", [False, True])
def test_a_scan_named_after_them_is_named_nowhere_once_it_was_taken_away(nights, closed):  # noqa: F811
    theirs = nights.cohort.write("courriers/LEFÈVRE Éloïse.pdf", b"%PDF-1.7")
    nights.cohort.write("courriers/LEFÈVRE Paul.pdf", b"%PDF-1.7 another")
    nights.run()
    if closed:
        close(nights.cohort.path, accept_provisional=True)
    assert found(nights.cohort.path, "LEFÈVRE Éloïse.pdf")
    mend(nights)
    theirs.unlink()
    assert forget(nights.cohort.path, "007").done
    assert found(nights.cohort.path, "Éloïse") == []
    assert found(nights.cohort.path, "LEFÈVRE Paul.pdf")


def test_a_scan_that_is_left_is_told_when_the_roster_had_lost_them_already(nights):  # noqa: F811
    nights.cohort.write("courriers/LEFÈVRE Éloïse.pdf", b"%PDF-1.7")
    nights.run()
    mend(nights)
    done = forget(nights.cohort.path, "007")
    assert done.first == ()
    assert done.left == (
        "Ouvrez retours/courriers/LEFÈVRE Éloïse.pdf, qui porte son nom, et supprimez-le s'il parle de cette personne.",
    )


def test_a_workbook_of_a_homonym_is_not_to_be_opened(nights):  # noqa: F811
    nights.cohort.write("courriers/Bao NGUYEN.pdf", b"%PDF-1.7 x")
    nights.cohort.write("courriers/NGUYEN Bao (C02) lettre.pdf", b"%PDF-1.7 y")
    nights.cohort.write("courriers/NGUYEN Bao (C03) lettre.pdf", b"%PDF-1.7 z")
    told = [line for line in forget(nights.cohort.path, "C02").first if line.startswith("Ouvrez")]
    assert [line.split(",")[0] for line in told] == [
        "Ouvrez retours/courriers/Bao NGUYEN.pdf",
        "Ouvrez retours/courriers/NGUYEN Bao (C02) lettre.pdf",
    ]


@pytest.mark.parametrize(
    ("path", "borne"),
    [
        ("lettres/lefevre_eloise (1).pdf", True),
        ("LEFÈVRE/Éloïse/scan.png", True),
        ("LEFÈVRE Paul.pdf", False),
        ("Lefèvres Éloïse.pdf", False),
    ],
)
def test_a_name_is_borne_word_by_word(path, borne):
    assert bears(path, ["LEFÈVRE Éloïse"]) is borne
    assert not bears(path, [])


def test_a_number_in_the_name_of_a_file_is_nobodys_identifier(nights):  # noqa: F811
    book = nights.cohort.filled(Kind.ORAL, "C02", evaluator="J02")
    book.put(Kind.ORAL, "points", "P1", "sept")
    date_back(book.save("oral (007).xlsx"))
    nights.run()
    close(nights.cohort.path, accept_provisional=True)
    (before,) = (line for line in acts(nights) if line.startswith("V03, C02, oral (007)"))
    mend(nights)
    assert forget(nights.cohort.path, "007").done
    assert before in acts(nights)


def test_somebody_of_the_same_name_loses_nothing(nights):  # noqa: F811
    date_back(nights.cohort.filled(Kind.ORAL, "C03", evaluator="J02").save("NGUYEN Bao (C03) Grand oral.xlsx"))
    nights.run()
    close(nights.cohort.path, accept_provisional=True)
    before = last_act(Folder(nights.cohort.path))
    mend(nights, "C02")
    assert forget(nights.cohort.path, "C02").done
    after = last_act(Folder(nights.cohort.path))
    assert after.by_candidate["c03"] == before.by_candidate["c03"]
    assert set(before.returns) - set(after.returns) == {"C02/GRILLE C02.xlsx", "C02/ORAL C02.xlsx"}
    assert [line for line in before.accepted if "C02" not in line] == list(after.accepted)


def test_a_scan_of_somebody_of_the_same_name_stays_known(nights):  # noqa: F811
    date_back(nights.cohort.write("courriers/NGUYEN Bao (C03) lettre.pdf", b"%PDF-1.7 z"))
    date_back(nights.cohort.write("courriers/NGUYEN Bao lettre.pdf", b"%PDF-1.7 y"))
    nights.run()
    close(nights.cohort.path, accept_provisional=True)
    mend(nights, "C02")
    (to_open,) = forget(nights.cohort.path, "C02").left
    assert "retours/courriers/NGUYEN Bao lettre.pdf" in to_open
    scans = [path for path in last_act(Folder(nights.cohort.path)).returns if path.endswith(".pdf")]
    assert scans == ["courriers/NGUYEN Bao (C03) lettre.pdf"]


def acts(nights):  # noqa: F811
    return last_act(Folder(nights.cohort.path)).accepted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Décision de LEFÈVRE Éloïse (007).", True),
        ("LEFÈVRE Éloïse\u00a0(007), absente", True),
        ("retours/oral (007).xlsx", False),
        ("message.eml › oral.xlsx (007)", False),
        ("LEFÈVRE Éloïse (0071)", False),
    ],
)
def test_an_identifier_is_known_by_the_name_before_it(text, found):
    assert bool(identifying("007").search(text)) is found


def deliberated(**properties):
    """A deliberation where a person alone has a decision, their blocs being among those of another."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Identifiant", "Nom", "Blocs proposés", "Décision", "Blocs"),
        ("007", "Lefèvre", "B1; B2; B3", "PARTIEL", "B1; B2; B3"),
        ("C02", "Durand", "B1; B2; B3; B4", "ADMIS", None),
        ("C03", "Petit", "RNCP1BC01; RNCP1BC02", "ADMIS", None),
        ("C04", "Morel", "RNCP1BC01", "ADMIS", "RNCP1BC01"),
    ):
        sheet.append(row)
    offered = DataValidation(type="list", formula1='"ADMIS,PARTIEL,AJOURNÉ"')
    offered.add("D2:D5")
    sheet.add_data_validation(offered)
    for name, text in properties.items():
        setattr(book.properties, name, text)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue(), {sheet.title}


@pytest.mark.parametrize("person", ["007", "C04"])
def test_words_that_name_nobody_keep_no_copy_from_being_made(person):
    """A decision that nobody else has is offered by its list, and codes are among those of another."""
    content, shared = deliberated()
    left = openpyxl.load_workbook(io.BytesIO(redaction.redact(content, person, shared))).active
    assert {row[0].value for row in left.iter_rows(min_row=2)} - {None} == {"007", "C02", "C03", "C04"} - {person}


@pytest.mark.parametrize("text", ["Lefèvre", "vu avec Lefèvre et PARTIEL", "007 : Lefèvre ; B1; B2; B3"])
def test_a_name_left_beside_such_words_is_told(text):
    content, shared = deliberated(description=text)
    with pytest.raises(redaction.CannotRedactError):
        redaction.redact(content, "007", shared)
