"""Where personal codes are required: a commission signs with one, a jury with those of a quorum, its president's among
them; and none of them is shown."""

import zipfile

import pytest

from engine.commands.close import close
from engine.model import Kind
from engine.model.errors import CohortError
from tests import cohorts

SYNTHESE, DELIBERATION = Kind.SYNTHESE, Kind.DELIBERATION
REASON = {"Décision": "PARTIEL", "Blocs": "B1", "Motif": "Parcours"}


def deliberate(cohort, signature, **singles):
    book = cohort.book(DELIBERATION)
    for heading, text in REASON.items():
        book.put(DELIBERATION, heading, "", text, "007")
    for entry, text in ({"president": "J01", "membres": "J01; J02", "signature": signature} | singles).items():
        book.put(DELIBERATION, entry, "", text)
    book.save("délibération.xlsx")
    return cohort.consolidate()


@pytest.mark.parametrize("order", [("J01", "J02"), ("J02", "J01")])
def test_the_president_and_a_member_decide_in_any_order(signed, order):
    results = deliberate(signed, " / ".join(signed.code(juror) for juror in order))
    row = results.summary("007")
    assert (row["Décision"], row["Blocs acquis"], row["Décidé par"]) == ("PARTIEL", "B1", "Jury")
    assert not results.anomalies("I07")
    with zipfile.ZipFile(results.path) as package:
        texts = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "replace")
    assert not any(signed.code(juror) in texts for juror in order)


@pytest.mark.parametrize(
    ("signers", "singles"),
    [
        (("J01",), {}),  # too few
        (("J02",), {}),  # not the president
        (("J01", "T01"), {}),  # somebody who was not there
        (("J01", "J02"), {"president": "J02", "membres": "J02"}),  # one who is not among those present
        ((), {}),  # some text
    ],
)
def test_any_other_signature_decides_nothing(signed, signers, singles):
    typed = " ".join(signed.code(person) for person in signers) or "Osmani Nadia"
    results = deliberate(signed, typed, **singles)
    assert results.summary("007")["Décidé par"] == "Règles"
    (told,) = results.anomalies("I07", "R14", Fichier="délibération.xlsx")
    assert told["Gravité"] == "bloquante"
    assert "le président et les membres présents" in told["Correction"]
    assert results.states["délibération.xlsx"] == "Refusé"


def test_without_any_it_is_a_draft(signed):
    results = deliberate(signed, None)
    assert results.summary("007")["Décidé par"] == "Règles"
    assert results.anomaly("I07", Fichier="délibération.xlsx")["Gravité"] == "avertissement"


@pytest.mark.parametrize(("signer", "counts"), [("R01", True), ("S01", True), ("T01", False), ("", False)])
def test_the_commission_signs_as_a_referent_or_as_the_secretariat(signed, signer, counts):
    book = signed.book(SYNTHESE)
    book.put(SYNTHESE, "niveau", "1.1", 4)
    book.put(SYNTHESE, "signature", "", signed.code(signer) if signer else None)
    book.save("synthèse.xlsx")
    results = signed.consolidate()
    assert results.level("007", "1.1") == (4 if counts else "")
    told = results.anomalies("I07", Gravité="bloquante")
    assert bool(told) is not counts
    assert all("(R01)" in row["Correction"] and "(S01)" in row["Correction"] for row in told)


def test_a_blank_deliberation_is_refused_there(signed):
    book = signed.blank(DELIBERATION)
    sheet = book.sheet(DELIBERATION)
    row = cohorts.find(sheet, "Identifiant").row + 1
    for heading, text in ({"Identifiant": "007", "Nom": "Lefèvre", "Prénom": "Éloïse"} | REASON).items():
        sheet.cell(row, cohorts.column_of(sheet, heading)).value = text
    for entry, text in {"president": "J01", "membres": "J02", "signature": signed.code("J01")}.items():
        book.put(DELIBERATION, entry, "", text)
    book.save()
    results = signed.consolidate()
    assert results.anomaly("I08")["Gravité"] == "bloquante"
    assert results.summary("007")["Décidé par"] == "Règles"


def test_a_blank_deliberation_decides_where_codes_are_not_required(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.blank(DELIBERATION)
    sheet = book.sheet(DELIBERATION)
    row = cohorts.find(sheet, "Identifiant").row + 1
    for heading, text in ({"Identifiant": "007", "Nom": "Lefèvre", "Prénom": "Éloïse"} | REASON).items():
        sheet.cell(row, cohorts.column_of(sheet, heading)).value = text
    for entry, text in {"president": "J01", "membres": "J02", "signature": "Osmani"}.items():
        book.put(DELIBERATION, entry, "", text)
    book.save()
    results = cohort.consolidate()
    assert results.anomaly("I08")["Gravité"] == "avertissement"
    assert (results.summary("007")["Décision"], results.summary("C02")["Décidé par"]) == ("PARTIEL", "Règles")


def test_a_session_is_not_closed_beside_a_deliberation_that_nobody_signed(cohort):
    """Closed by the rules alone, it froze a title that the jury had refused in writing."""
    for person in cohort.roster.candidates:
        for kind, people in ((Kind.GRILLE, person.tutors + person.trainers), (Kind.ORAL, person.jurors)):
            for evaluator in people if not person.dropped_out else ():
                cohort.filled(kind, person.id, evaluator).save(f"{person.id} {evaluator} {kind}.xlsx")
    cohort.filled(Kind.NOTES).save("notes.xlsx")
    for referent in ("R01", "R02"):
        cohort.filled(Kind.VALIDATION, "007", referent).save(f"validation {referent}.xlsx")
    book = cohort.book(DELIBERATION)
    for entry, text in {"president": "J01", "membres": "J01;J02"}.items():
        book.put(DELIBERATION, entry, "", text)
    for heading, text in {"Décision": "AJOURNÉ", "Blocs": None, "Motif": "Fraude"}.items():
        book.put(DELIBERATION, heading, "", text, "007")
    book.save("délibération.xlsx")
    with pytest.raises(CohortError, match=r"I07, délibération\.xlsx, Délibération, .*n'est pas signée"):
        close(cohort.path)
    book.put(DELIBERATION, "signature", "", "Osmani")
    book.save("délibération signée.xlsx")
    frozen = {each.candidate: str(each.decision) for each in close(cohort.path).act.decisions}
    assert frozen == {"007": "AJOURNÉ", "C02": "ADMIS", "C03": "ADMIS", "C04": "SORTI"}
