"""The declaration of holders: who is in it, who is not and why, and the schema that it is held to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from engine.commands.rosters import open_table
from engine.model.errors import EngineError
from engine.outputs import accrochage
from engine.outputs.accrochage import Declaration, Holder, Schema, Settings, flux
from engine.outputs.accrochage.births import LAYOUT, REQUIRED
from engine.outputs.data import guarded

SETTINGS = Settings("12345678", "CONTRAT1", "CERTIFICATEUR", "FORMATION_INITIALE_HORS_APPRENTISSAGE")
WHEN = datetime(2025, 7, 1, 12, 30, tzinfo=UTC)
NS = {"c": flux.NAMESPACE}
TOY = Path(__file__).parent / "data" / "declaration.xsd"
HEADINGS = (*REQUIRED, "Code INSEE", "Code postal")
LINE = "Lyon | Juin 2025 | C01 | Lefèvre | Éloïse | DUPONT | Éloïse Marie | F | 03/02/2001 | Lyon | 69123 | "


def holder(identifier="C01", last_name="Lefèvre", first_name="Éloïse", cohort="abc", code="RNCP34465"):
    return Holder(cohort, identifier, last_name, first_name, "Lyon", "Juin 2025", code, date(2025, 6, 12))


def births(*lines):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for line in lines:
        book.active.append([cell.strip() or None for cell in line.split("|")])
    return book


def read(book, folder):
    book.save(folder / "naissances.xlsx")
    return accrochage.read_births(open_table(folder / "naissances.xlsx", REQUIRED), "naissances.xlsx")


def declared(book, folder, *holders):
    return accrochage.join(holders or (holder(),), read(book, folder))


def reasons(book, folder, *holders):
    passages, left_out = declared(book, folder, *holders)
    assert passages == []
    return left_out[0].reasons


def document(passages, **bounds):
    return [etree.fromstring(part) for part in flux.parts(Declaration(SETTINGS, WHEN, passages), **bounds)]


def test_a_holder_is_declared_with_their_birth_and_the_day_of_the_jury(tmp_path):
    passages, left_out = declared(births(LINE), tmp_path)
    assert left_out == []
    (root,) = document(passages)
    told = {etree.QName(each).localname: each.text for each in root.iter() if each.text and each.text.strip()}
    assert (told["nomNaissance"], told["prenom1"], told["sexe"]) == ("DUPONT", "Éloïse", "F")
    assert (told["anneeNaissance"], told["moisNaissance"], told["jourNaissance"]) == ("2001", "02", "03")
    assert (told["codeInsee"], told["libelleCommuneNaissance"]) == ("69123", "Lyon")
    assert (told["dateDebutValidite"], told["code"], told["type"]) == ("2025-06-12", "RNCP34465", "RNCP")
    assert told["horodatage"] == "2025-07-01T12:30:00+00:00"
    Schema(TOY).require(flux.parts(Declaration(SETTINGS, WHEN, passages))[0])


def test_the_technical_identifier_is_the_same_at_each_run_and_nobody_else_s(tmp_path):
    passages, _ = declared(births(LINE), tmp_path)
    once, again = (document(passages)[0].findtext(".//c:idTechnique", namespaces=NS) for _ in range(2))
    assert once == again
    others = {holder(), holder("C02"), holder(cohort="autre"), holder(code="RNCP1")}
    assert len({accrochage.holders.technical_identifier("12345678", each) for each in others}) == 4
    assert len(once) == 32


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (("C01", "C09"), "aucune ligne"),
        (("Lefèvre", "Martin"), "un autre nom"),
        (("03/02/2001", "31/02/2001"), "Naissances!I2"),
        (("03/02/2001", ""), "« Date de naissance » est vide"),
        (("03/02/2001", "13/06/2025"), "antérieure au jury"),
        (("| F |", "| X |"), "on attend M ou F"),
        (("69123", ""), "ni « Code INSEE » ni « Code postal »"),
        (("69123", "691"), "cinq signes"),
        (("DUPONT", ""), "« Nom de naissance » est vide"),
    ],
)
def test_who_cannot_be_declared_is_told_and_why(tmp_path, spoiled, told):
    assert any(told in reason for reason in reasons(births(LINE.replace(*spoiled)), tmp_path))


def test_what_is_told_quotes_no_birth_data(tmp_path):
    line = LINE.replace("03/02/2001", "3 février").replace("69123", "Lyon 8e").replace("| F |", "| Mme |")
    said = " ".join(reasons(births(line), tmp_path))
    assert not any(secret in said for secret in ("février", "8e", "Mme", "DUPONT"))


def test_two_rows_for_one_person_declare_nobody(tmp_path):
    assert any(
        "une seule ligne" in reason for reason in reasons(births(LINE, LINE.replace("69123", "69001")), tmp_path)
    )


def test_two_people_of_one_identifier_in_two_cohorts_are_told_apart_by_their_name(tmp_path):
    other = LINE.replace("Lefèvre", "Martin").replace("DUPONT", "DURAND")
    people = holder(), holder(cohort="autre", last_name="Martin")
    for lines in ((LINE, other), (other, LINE)):
        passages, left_out = declared(births(*lines), tmp_path, *people)
        assert [(each.last_name, birth.birth_name) for each, birth in passages] == [
            ("Lefèvre", "DUPONT"),
            ("Martin", "DURAND"),
        ]
        assert left_out == []
    passages, left_out = declared(births(LINE), tmp_path, *people)
    assert [each.last_name for each, _ in passages] == ["Lefèvre"]
    assert left_out[0].reasons == ("la ligne porte un autre nom : Lefèvre Éloïse.",)


def test_one_row_is_not_taken_for_two_people(tmp_path):
    passages, left_out = declared(births(LINE), tmp_path, holder(), holder(cohort="autre"))
    assert passages == []
    assert all("deux cohortes" in each.reasons[0] for each in left_out)
    both, _ = declared(births(LINE), tmp_path, holder(), holder(cohort="autre", code="RS1"))  # two certifications
    assert len(both) == 2


def test_what_spreadsheets_do_to_codes_and_days(tmp_path):
    book = births(LINE.replace("69123", ""))
    book.active["K2"] = 1004  # 01004: the zero is gone
    book.active["I2"] = datetime(1969, 2, 3)
    book.active["H2"] = "Homme"
    ((_, birth),), _ = declared(book, tmp_path)
    assert (birth.insee, birth.born, birth.sex) == ("01004", date(1969, 2, 3), "M")


def test_a_row_copied_from_the_holders_of_a_delivery_keeps_its_guard(tmp_path):
    line = LINE.replace("Juin 2025", guarded("Juin 2025")).replace("Lefèvre", "'Lefèvre")
    assert "'Juin" in line
    ((_, birth),), _ = declared(births(line), tmp_path)
    assert birth.birth_name == "DUPONT"


def test_a_session_of_which_a_spreadsheet_made_a_date_is_told_with_its_cell(tmp_path):
    book = births(LINE)
    book.active["B2"] = datetime(2025, 6, 1)
    (reason,) = reasons(book, tmp_path)
    assert reason.startswith("Naissances!B2 (« Session »)")
    book.active["B2"] = None
    assert reasons(book, tmp_path) == ("aucune ligne ne porte ce centre, cette session et cet identifiant.",)
    passages, _ = declared(book, tmp_path, replace(holder(), session=""))
    assert len(passages) == 1


@pytest.mark.parametrize("value", [2.1, True, datetime(2025, 2, 10)])
def test_an_identifier_that_is_none_is_nobody_s(tmp_path, value):
    book = births(LINE)
    book.active["C2"] = value
    assert "aucune ligne" in reasons(book, tmp_path)[0]


def test_a_text_file_serves_as_well(tmp_path):
    path = tmp_path / "naissances.csv"
    path.write_text(";".join(HEADINGS) + "\n" + ";".join(cell.strip() for cell in LINE.split("|")), encoding="cp1252")
    found = accrochage.read_births(open_table(path, REQUIRED), "naissances.csv")
    passages, left_out = accrochage.join([holder()], found)
    assert (len(passages), left_out) == (1, [])


def test_a_table_without_the_headings_is_refused(tmp_path):
    book = births()
    book.active["C1"] = "Id"
    with pytest.raises(EngineError, match="titres"):
        read(book, tmp_path)
    assert set(REQUIRED) < {column.heading for column in LAYOUT.columns}


def test_beyond_the_bounds_the_declaration_is_parted(tmp_path):
    lines = [LINE.replace("C01", f"C{rank:02}") for rank in range(7)]
    passages, _ = declared(births(*lines), tmp_path, *(holder(f"C{rank:02}") for rank in range(7)))
    lots = document(passages, most_passages=3)
    assert [len(lot.findall(".//c:passageCertification", NS)) for lot in lots] == [3, 3, 1]
    assert len({lot.findtext("c:idFlux", namespaces=NS) for lot in lots}) == 3
    parts = flux.parts(Declaration(SETTINGS, WHEN, passages), most_bytes=8_000)
    assert len(parts) > 1
    assert all(len(part) <= 8_000 for part in parts)
    assert sum(part.count(b"<cpf:idTechnique>") for part in parts) == 7


@pytest.mark.parametrize(
    "inside",
    [
        '<xs:import namespace="urn:x" schemaLocation="http://exemple.fr/x.xsd"/>',
        '<xs:include schemaLocation="../ailleurs.xsd"/>',
        '<xs:include schemaLocation="file:///etc/hosts"/>',
        '<xs:include schemaLocation="absent.xsd"/>',
        "<xs:element/>",
        '<xs:annotation xml:base="http://exemple.fr/"/>',
    ],
)
def test_a_schema_that_looks_elsewhere_is_refused(tmp_path, inside):
    path = tmp_path / "flux.xsd"
    path.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{inside}</xs:schema>', encoding="utf-8")
    with pytest.raises(EngineError, match="ne peut pas être utilisé"):
        Schema(path)


def test_a_schema_with_entities_or_no_schema_at_all_is_refused(tmp_path):
    path = tmp_path / "flux.xsd"
    path.write_text(
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>',
        encoding="utf-8",
    )
    with pytest.raises(EngineError, match="DOCTYPE"):
        Schema(path)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(EngineError, match="XML correct"):
        Schema(path)
    with pytest.raises(EngineError, match="lu"):
        Schema(tmp_path / "absent.xsd")


def test_a_schema_may_include_one_beside_it(tmp_path):
    (tmp_path / "types.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:simpleType name="court"><xs:restriction base="xs:string"><xs:maxLength value="2"/></xs:restriction>'
        "</xs:simpleType></xs:schema>",
        encoding="utf-8",
    )
    (tmp_path / "flux.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="types.xsd"/>'
        '<xs:element name="a" type="court"/></xs:schema>',
        encoding="utf-8",
    )
    schema = Schema(tmp_path / "flux.xsd")
    schema.require(b"<a>ok</a>")
    with pytest.raises(EngineError, match="ligne 1"):
        schema.require(b"<a>trop long</a>")


def test_what_a_schema_refuses_of_a_person_quotes_nothing_and_says_who(tmp_path):
    passages, _ = declared(births(LINE), tmp_path)
    (part,) = flux.parts(Declaration(SETTINGS, WHEN, passages))
    toy, bare = TOY.read_text(encoding="utf-8"), '<xs:element name="{}" type="{}"'
    sex, only_m = bare.format("sexe", "xs:string") + "/>", '<xs:enumeration value="M"/>'
    men = f'<xs:element name="sexe"><xs:simpleType><xs:restriction base="xs:string">{only_m}'
    for changed, told in (
        (toy.replace(bare.format("nomNaissance", "name"), bare.format("nomNaissance", "xs:date")), "nomNaissance"),
        (toy.replace(bare.format("anneeNaissance", "xs:gYear"), bare.format("anneeNaissance", "xs:date")), "annee"),
        (toy.replace(sex, f"{men}</xs:restriction></xs:simpleType></xs:element>"), "sexe"),
        (toy.replace(bare.format("idContrat", "xs:string"), bare.format("idContrat", "xs:date")), "CONTRAT1"),
    ):
        assert changed != toy
        (tmp_path / "flux.xsd").write_text(changed, encoding="utf-8")
        with pytest.raises(EngineError) as refused:
            Schema(tmp_path / "flux.xsd").require(
                part, {accrochage.technical_identifier("12345678", holder()): "Lefèvre Éloïse (C01)"}
            )
        assert told in str(refused.value)
        assert ("Lefèvre Éloïse (C01) : «" in str(refused.value)) is (told != "CONTRAT1")
        assert not any(datum in str(refused.value) for datum in ("DUPONT", "2001", "'F'"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('idClient = "123"', "idContrat : clé manquante"),
        ('idClient = "123456789"', "8 signes au plus"),
        ('natureDeposant = "CENTRE"', "CERTIFICATEUR ou TIERS_CONFIANCE"),
        ("idClient = 12345678", "un texte entre guillemets"),
        ('client = "1"', "client : clé inconnue"),
        ("idClient", "TOML"),
    ],
)
def test_settings_with_faults_are_refused(text, told):
    with pytest.raises(EngineError, match=told):
        accrochage.read_settings(text.encode(), "reglages.toml")


def test_settings():
    keys = ("idClient", "idContrat", "natureDeposant", "modaliteAcces")
    text = "\n".join(f'{key} = "{value}"' for key, value in zip(keys, vars(SETTINGS).values(), strict=True))
    assert accrochage.read_settings(b"\xef\xbb\xbf" + text.encode(), "reglages.toml") == SETTINGS


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("'t Hooft", "'t Hooft"),
        ("'t Hooft", guarded("'t Hooft")),
        ("'t Hooft", "’t Hooft"),
        ("D'Almeida", "D’Almeida"),
        ("L’Haÿ‑Roze", "L'HAY-Roze"),
    ],
)
def test_a_name_is_found_whatever_its_apostrophes_and_however_its_row_was_copied(tmp_path, name, typed):
    _, left_out = declared(births(LINE.replace("Lefèvre", typed)), tmp_path, holder(last_name=name))
    assert left_out == []
