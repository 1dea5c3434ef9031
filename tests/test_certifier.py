"""From deliveries to the certifier's workbook and declaration: every figure leads back to a delivery that is sound."""

import itertools
import json
import os
import stat
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree

from engine.assessment.decide import decide
from engine.commands.verify import receive
from engine.model import Session
from engine.outputs.accrochage import Birth, flux, read_settings
from engine.outputs.data.sheet import write_csv
from engine.outputs.record import titulaires
from engine.terminal.main import main
from tests import deliveries
from tests.descriptions import CQP, candidate, marks_of, roster_of
from tests.test_accrochage import TOY, births, holder

HOLDERS = "Identifiant;Nom;Prénom;Décision;Blocs acquis;Date du jury;Centre;Session;Certification;Intitulé;Niveau;NSF"
SETTINGS = """
idClient = "12345678"
idContrat = "CONTRAT1"
natureDeposant = "CERTIFICATEUR"
modaliteAcces = "CANDIDATURE_INDIVIDUELLE"
"""


def delivery(
    folder, centre, number=1, cohort="ab", code="RNCP34465", name=None, holders=None, previous=None, decisions=None
):
    """A sound delivery of a centre: C01 holds the title, C02 one bloc, unless ``holders`` and ``decisions`` say who
    does."""
    decisions = decisions or deliveries.DECISIONS
    held = deliveries.members(decisions)
    lines = [
        f"C01;Lefèvre;Éloïse;ADMIS;B1; B2;12/06/2025;{centre};Juin 2025;{code};Titre;6;312".replace(
            "B1; B2", '"B1; B2"'
        ),
        f"C02;Durand;Paul;PARTIEL;B1;12/06/2025;{centre};Juin 2025;{code};Titre;6;312",
    ]
    held["titulaires.csv"] = holders or "\r\n".join([HOLDERS, *lines]).encode("utf-8-sig")
    said = {"centre": centre, "number": number, "cohort_id": cohort * 16, "certification": code, "previous": previous}
    known = deliveries.manifest(held, candidates=len(decisions), decisions=dict(Counter(decisions.values())), **said)
    path = folder / (name or f"CGCo {centre} n{number}.zip")
    return deliveries.packed(path, held, known)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mdp.txt").write_text(deliveries.PASSPHRASE, encoding="utf-8")
    (tmp_path / "reglages.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "recues").mkdir()
    return tmp_path


def run(folder, *words):
    return CliRunner().invoke(main, [*map(str, words), "--password-file", str(folder / "mdp.txt")])


def rollup(folder, *paths, name="nation.xlsx"):
    done = run(folder, "rollup", folder / name, *paths, "--json")
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr


def states(folder, name="nation.xlsx"):
    sheet = openpyxl.load_workbook(folder / name)["Livraisons"]
    return {row[0]: (row[1], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_three_centres_one_of_which_was_tampered_with(folder):
    received = folder / "recues"
    delivery(received, "Lyon", cohort="aa")
    delivery(received, "Lille", cohort="bb")
    spoiled = delivery(received, "Brest", cohort="cc")
    content = bytearray(spoiled.read_bytes())
    content[200] ^= 1
    spoiled.write_bytes(content)
    status, told = rollup(folder, received)
    assert (status, told["deliveries"], told["refused"], told["candidates"]) == (1, 3, 1, 8)
    assert {name: state for name, (state, _) in states(folder).items()} == {
        "CGCo Lyon n1.zip": "Lue",
        "CGCo Lille n1.zip": "Lue",
        "CGCo Brest n1.zip": "Refusée",
    }
    book = openpyxl.load_workbook(folder / "nation.xlsx")
    assert [row[:5] for row in book["Centres"].iter_rows(min_row=2, values_only=True)] == [
        ("Lille", "Janvier 2025", "Promotion 14", "2024-03-15", 4),
        ("Lyon", "Janvier 2025", "Promotion 14", "2024-03-15", 4),
    ]
    assert {row[-1] for row in book["Titulaires"].iter_rows(min_row=2, values_only=True)} == {
        "CGCo Lille n1.zip",
        "CGCo Lyon n1.zip",
    }
    assert "CGCo Brest" in (folder / "nation.html").read_text("utf-8")


def test_the_latest_of_a_cohort_counts_whatever_the_order(folder):
    received = folder / "recues"
    paths = [
        delivery(received, "Lyon", 1, "aa"),
        delivery(received, "Lyon", 2, "aa"),
        delivery(received, "Lyon", 2, "aa", name="copie.zip"),
        delivery(received, "Lille", 1, "bb"),
        delivery(received, "Metz", 1, "dd", code="RNCP1"),
    ]
    paths[2].write_bytes(paths[1].read_bytes())
    written = set()
    for rank, order in enumerate(itertools.islice(itertools.permutations(paths), 0, 120, 17)):
        status, told = rollup(folder, *order, name=f"n{rank}.xlsx")
        assert (status, told["candidates"], told["refused"]) == (1, 8, 1)
        written.add(tuple(sorted(states(folder, f"n{rank}.xlsx").items())))
    ((known),) = written
    known = dict(known)
    assert known["CGCo Lyon n1.zip"] == ("Remplacée", "La livraison n° 2 de cette cohorte compte.")
    assert sorted(known[name][0] for name in ("CGCo Lyon n2.zip", "copie.zip")) == ["Lue", "Remplacée"]
    assert known["CGCo Metz n1.zip"] == ("Refusée", "Autre certification : RNCP1 au lieu de RNCP34465.")


def test_two_of_one_number_that_differ_are_both_refused(folder):
    received = folder / "recues"
    delivery(received, "Lyon", 1, "aa")
    delivery(received, "Lyon bis", 1, "aa")
    delivery(received, "Lille", 1, "bb")
    status, told = rollup(folder, received)
    assert (status, told["refused"], told["candidates"]) == (1, 2, 4)


def test_two_sessions_under_one_key_are_told_apart_and_none_is_replaced_without_a_word(folder):
    received = folder / "recues"
    delivery(received, "Lyon", 1, "aa")
    delivery(received, "Nice", 2, "aa")
    status, told = rollup(folder, received)
    assert (status, told["refused"], told["candidates"]) == (1, 1, 4)
    state, why = states(folder)["CGCo Lyon n1.zip"]
    assert state == "Refusée"
    assert "« Promotion 14, Nice, Janvier 2025 », sous la même clé" in why
    delivery(received, "LYON", 2, "aa", name="CGCo Nice n2.zip")
    status, told = rollup(folder, received, name="nation 2.xlsx")
    assert (status, states(folder, "nation 2.xlsx")["CGCo Lyon n1.zip"][0]) == (0, "Remplacée")
    paths = [*received.iterdir(), delivery(received, "Metz", 2, "aa"), delivery(received, "Lille", 1, "bb")]
    found = []
    for order in (paths, paths[::-1]):
        assert rollup(folder, *order, name="nation 3.xlsx")[1]["refused"] == 3
        found.append(states(folder, "nation 3.xlsx"))
    assert found[0] == found[1]
    assert "« Promotion 14, Metz," in found[0]["CGCo Nice n2.zip"][1]


def test_a_session_delivered_again_under_another_key_is_counted_once(folder):
    received = folder / "recues"
    first = delivery(received, "Lyon", 1, "aa")
    delivery(received, "Lille", 1, "bb")
    manifest = receive(first, lambda _: deliveries.PASSPHRASE).manifest.digest
    paths = [*received.iterdir(), delivery(folder, "Lyon", 2, "cc", previous=manifest)]
    for order in (paths, paths[::-1]):
        status, told = rollup(folder, *order)
        assert (status, told["candidates"], told["refused"]) == (0, 8, 0)
        assert states(folder)["CGCo Lyon n1.zip"] == ("Remplacée", "La livraison n° 2 de cette cohorte compte.")


def test_the_same_people_under_two_keys_are_not_counted_twice_without_a_word(folder):
    received = folder / "recues"
    delivery(received, "Lyon", 1, "aa")
    delivery(received, "LYON ", 1, "cc", name="autre.zip")
    delivery(received, "Lille", 1, "bb")
    status, told = rollup(folder, received)
    assert (status, told["candidates"], told["refused"]) == (1, 4, 2)
    assert "« CGCo Lyon n1.zip » est de la même session et des mêmes personnes" in states(folder)["autre.zip"][1]
    assert "« autre.zip »" in states(folder)["CGCo Lyon n1.zip"][1]


def test_nothing_that_can_be_read_writes_nothing(folder):
    (folder / "recues" / "x.zip").write_bytes(b"PK")
    done = run(folder, "rollup", folder / "nation.xlsx", folder / "recues")
    assert done.exit_code == 3
    assert "x.zip" in done.stderr
    assert not (folder / "nation.xlsx").exists()


def test_read_on_a_cluster_the_workbook_is_the_same(folder, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1738300000")
    delivery(folder / "recues", "Lyon", 1, "aa")
    delivery(folder / "recues", "Lille", 1, "bb")
    assert run(folder, "rollup", folder / "ici.xlsx", folder / "recues").exit_code == 0
    assert run(folder, "rollup", folder / "la.xlsx", folder / "recues", "--dask").exit_code == 0
    assert (folder / "ici.xlsx").read_bytes() == (folder / "la.xlsx").read_bytes()
    assert (folder / "ici.html").read_bytes() == (folder / "la.html").read_bytes()


# -------------------------------------------------------------------------------------- the declaration


def declare(folder, *, people=None, xsd=TOY, out="declaration.xml", born=()):
    lines = people or ["Lyon", "Lille"]
    table = [
        f"{centre} | Juin 2025 | C01 | Lefèvre | Éloïse | DUPONT | Éloïse Marie | F | 03/02/2001 | Lyon | 69123 | "
        for centre in lines
    ]
    births(*(born or table)).save(folder / "naissances.xlsx")
    named = ("--births", folder / "naissances.xlsx", "--xsd", xsd, "--settings", folder / "reglages.toml")
    return run(folder, "accrochage", folder / out, folder / "recues", *named)


def test_the_holders_of_the_whole_title_are_declared(folder):
    delivery(folder / "recues", "Lyon", 1, "aa")
    delivery(folder / "recues", "Lille", 1, "bb")
    done = declare(folder)
    assert (done.exit_code, done.stderr) == (0, "")
    root = etree.parse(str(folder / "declaration.xml")).getroot()
    names = {"c": flux.NAMESPACE}
    assert len(root.findall(".//c:passageCertification", names)) == 2  # PARTIEL is not declared: no place for blocs
    assert root.findtext(".//c:dateDebutValidite", namespaces=names) == date(2025, 6, 12).isoformat()
    if os.name == "posix":
        assert stat.S_IMODE((folder / "declaration.xml").stat().st_mode) == 0o600
    once = [each.text for each in root.iter(f"{{{flux.NAMESPACE}}}idTechnique")]
    declare(folder, out="encore.xml")
    again = [each.text for each in etree.parse(str(folder / "encore.xml")).iter(f"{{{flux.NAMESPACE}}}idTechnique")]
    assert once == again


def test_who_presents_only_some_blocs_is_not_declared_and_how_many_is_told(folder):
    levels = {competence.code: "4" for competence in CQP.competences}
    points = {item.code: str(item.points) for item in CQP.oral.items}
    given = {"tutors": ["T01"], "trainers": ["F01"], "jurors": ["J01", "J02"]}
    given |= {
        "grilles": [(who, levels) for who in ("T01", "F01")],
        "orals": [(who, points, None) for who in ("J01", "J02")],
    }
    people = [candidate(**given), candidate(**given, presented=["B1"])]
    outcomes = decide(marks_of(people), roster_of(people), CQP, {})
    assert [(str(each.decision), each.acquired) for each in outcomes] == [
        ("ADMIS", ("B1", "B2", "B3")),
        ("PARTIEL", ("B1",)),
    ]
    session = Session(centre="Lyon", session="Juin 2025", jury_date=date(2025, 6, 12))
    write_csv(titulaires(outcomes, replace(roster_of(people), session=session), CQP), folder / "titulaires.csv")
    holders, code = (folder / "titulaires.csv").read_bytes(), CQP.certification.code
    decided = {each.candidate.id: str(each.decision) for each in outcomes}
    delivery(folder / "recues", "Lyon", code=code, holders=holders, decisions=decided)
    born = [
        f"Lyon | Juin 2025 | C{rank} | Martin {rank} | Zoé | NÉE{rank} | Zoé | F | 03/02/2001 | Lyon | 69123 | "
        for rank in (0, 1)
    ]
    done = declare(folder, born=born)
    assert (done.exit_code, done.stderr) == (0, "")
    root = etree.parse(str(folder / "declaration.xml")).getroot()
    assert [each.text for each in root.iter(f"{{{flux.NAMESPACE}}}nomNaissance") if each.text.strip()] == ["NÉE0"]
    told = done.stdout.replace("\u2019", "'")
    assert "1 titulaire déclaré." in told
    assert "1 candidat n'a acquis que des blocs : rien n'en est déclaré" in " ".join(told.split())


def earlier(folder, *names, rank=None):
    """Parts of an earlier declaration, as the command wrote them; ``rank``: what they say of themselves."""
    settings = read_settings((folder / "reglages.toml").read_bytes(), "reglages.toml")
    for place, name in enumerate(names, start=1):
        someone = holder(f"C{place:02}"), Birth("Lefèvre", "Éloïse", first_names="Éloïse", insee="69123")
        declaration = flux.Declaration(settings, datetime(2025, 1, 1, tzinfo=UTC), [someone] * (rank or place))
        (folder / name).write_bytes(flux.parts(declaration, most_passages=1)[-1])


def test_the_parts_of_an_earlier_declaration_do_not_stay_beside_the_new_one(folder):
    delivery(folder / "recues", "Lyon", 1, "aa")
    earlier(folder, "declaration-1.xml", "declaration-2.xml")
    earlier(folder, "declaration-2025.xml", "autre-1.xml", rank=1)  # each a whole declaration of another name
    (folder / "declaration-3.xml").write_text("<flux/>", encoding="utf-8")
    kept = {name: (folder / name).read_bytes() for name in ("declaration-2025.xml", "autre-1.xml", "declaration-3.xml")}
    done = declare(folder, people=["Lyon"])
    assert done.exit_code == 0
    assert sorted(path.name for path in folder.glob("*.xml")) == sorted(["declaration.xml", *kept])
    assert {name: (folder / name).read_bytes() for name in kept} == kept
    for name in ("declaration-1.xml", "declaration-2.xml"):
        assert f"Ôté, d'une déclaration précédente : {folder / name}" in done.stdout


def test_a_whole_declaration_whose_name_ends_with_one_stays(folder):
    """Nothing tells it from a first part, but that no second one stands beside it."""
    delivery(folder / "recues", "Lyon", 1, "aa")
    earlier(folder, "declaration-1.xml", rank=1)
    assert declare(folder, people=["Lyon"]).exit_code == 0
    assert sorted(path.name for path in folder.glob("*.xml")) == ["declaration-1.xml", "declaration.xml"]


def test_a_part_that_cannot_be_taken_away_is_told(folder, monkeypatch):
    delivery(folder / "recues", "Lyon", 1, "aa")
    earlier(folder, "declaration-1.xml", "declaration-2.xml")

    def held(path, **_):
        raise PermissionError(path)

    monkeypatch.setattr(type(folder), "unlink", held)
    done = declare(folder, people=["Lyon"])
    assert done.exit_code == 1
    assert f"à ne pas envoyer : {folder / 'declaration-1.xml'}" in done.stdout
    assert (folder / "declaration.xml").exists()


def test_a_declaration_that_declares_nobody_leaves_the_earlier_one(folder):
    delivery(folder / "recues", "Lyon", 1, "aa")
    earlier(folder, "declaration-1.xml")
    assert declare(folder, people=["Lille"]).exit_code == 1
    assert (folder / "declaration-1.xml").exists()


def test_who_has_no_birth_data_is_listed_and_the_others_declared(folder):
    delivery(folder / "recues", "Lyon", 1, "aa")
    delivery(folder / "recues", "Lille", 1, "bb")
    done = declare(folder, people=["Lyon"])
    assert done.exit_code == 1
    assert "Non déclaré : Lille, Juin 2025, Lefèvre Éloïse (C01)" in done.stdout
    assert "2001" not in done.stdout
    assert (folder / "declaration.xml").read_bytes().count(b"<cpf:idTechnique>") == 1


def test_a_centre_that_does_not_say_the_day_of_its_jury_stops_nobody_else(folder):
    delivery(folder / "recues", "Lyon", 1, "aa")
    line = "C01;Lefèvre;Éloïse;ADMIS;B1;;Lille;Juin 2025;RNCP34465;Titre;6;312"
    delivery(folder / "recues", "Lille", 1, "bb", holders=f"{HOLDERS}\r\n{line}".encode("utf-8-sig"))
    done = declare(folder)
    assert done.exit_code == 1
    assert (
        "Non déclaré : Lille, Juin 2025, Lefèvre Éloïse (C01) : la livraison ne dit pas la date du jury" in done.stdout
    )
    assert (folder / "declaration.xml").read_bytes().count(b"<cpf:idTechnique>") == 1


def test_what_the_schema_refuses_is_not_written(folder):
    delivery(folder / "recues", "Lyon", 1, "aa")
    strict = folder / "strict.xsd"
    strict.write_text(TOY.read_text("utf-8").replace('maxLength value="60"', 'maxLength value="3"'), encoding="utf-8")
    done = declare(folder, people=["Lyon"], xsd=strict)
    assert done.exit_code == 3
    assert "n'est pas admise par le schéma" in done.stderr
    assert not (folder / "declaration.xml").exists()
