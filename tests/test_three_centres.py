"""Three centres close and deliver, one delivery is tampered with: the certifier has nothing but the archives, and finds
in them every figure that the workbook and the declaration show."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import stat
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from statistics import fmean

import pytest
from lxml import etree

from engine.outputs import accrochage, delivery
from engine.outputs.accrochage import flux
from engine.outputs.delivery.manifest import NAME
from tests import centres
from tests.centres import Candidate, Sent, rollup, run, sheet, tamper
from tests.test_accrochage import TOY, births
from tests.test_certifier import SETTINGS

PEOPLE = {
    "Lyon": {
        "C01": Candidate("Lefèvre", "Éloïse"),
        "C02": Candidate("Nguyen", "Bao", ("B2",), exam=12.5, points=0.75),
        "C03": Candidate("Durand", "Léa", exam=8),
        "C04": Candidate("N'Guessan", "Prisca", left=True),
        "C05": Candidate("Roux", "Baptiste", ("B1",), exam=14),
    },
    "Lille": {
        "C01": Candidate("Benali", "Inès", points=0.5),
        "C02": Candidate("Faure", "Zoé", exam=19.25),
    },
    "Saint-Étienne": {"C01": Candidate("Petit", "Jules"), "C02": Candidate("Meyer", "Paul", ("B1", "B3"))},
}
DECIDED = {
    "Lyon": {
        "C03": {"decision": "ADMIS", "blocs": "", "motif": "Erreur matérielle à l'examen"},
        "C05": {"decision": "PARTIEL", "blocs": "B2;B3", "motif": "Dossier à reprendre"},
    }
}
TAMPERED = "Saint-Étienne"


@pytest.fixture(scope="module")
def sessions(tmp_path_factory) -> dict[str, Path]:
    """Each centre's session after its jury sat, in a folder of its own; none is closed."""
    home = tmp_path_factory.mktemp("centres")
    for rank, (name, people) in enumerate(PEOPLE.items()):
        made = centres.prepare(home / f"session {rank}", name, people)
        centres.deliberate(made, DECIDED.get(name, {}))
    return {name: home / f"session {rank}" for rank, name in enumerate(PEOPLE)}


@pytest.fixture(scope="module")
def sent(sessions) -> dict[str, Sent]:
    """What each centre delivers."""
    return {name: Sent(*centres.deliver(folder)) for name, folder in sessions.items()}


@pytest.fixture
def certifier(tmp_path, sent) -> Path:
    """The certifier's folder: each archive in the folder of its centre, for all three bear one name; one is forged."""
    (tmp_path / "mdp.csv").write_text(_passphrases(sent), encoding="cp1252")
    (tmp_path / "reglages.toml").write_text(SETTINGS, encoding="utf-8")
    for centre, each in sent.items():
        (tmp_path / "reçues" / centre).mkdir(parents=True)
        shutil.copy(each.archive, tmp_path / "reçues" / centre)
    tamper(tmp_path / "reçues" / TAMPERED / sent[TAMPERED].archive.name, sent[TAMPERED])
    return tmp_path


def _passphrases(sent: dict[str, Sent]) -> str:
    lines = [f"{centre.upper()}\\{each.archive.name};{each.passphrase}" for centre, each in sent.items()]
    return "\n".join(["Fichier;Mot de passe", *lines])


def number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def near(value: float | None) -> object:
    return None if value is None else pytest.approx(value)


def test_the_tampered_one_is_refused_and_says_why(certifier):
    done = run("verify", certifier / "reçues", "--password-file", certifier / "mdp.csv", "--json")
    told = {Path(each["file"]).parent.name: each for each in json.loads(done.stdout)["deliveries"]}
    assert done.exit_code == 1
    assert {centre: each["ok"] for centre, each in told.items()} == {"Lyon": True, "Lille": True, TAMPERED: False}
    assert {fault.split(" » ")[0] for fault in told[TAMPERED]["faults"]} == {
        "« resultats.xlsx",
        "« deliberation.csv",
        "« titulaires.csv",
    }
    assert all("C02" in fault for fault in told[TAMPERED]["faults"])
    status, rolled = rollup(certifier)
    assert (status, rolled["deliveries"], rolled["refused"], rolled["candidates"]) == (1, 3, 1, 7)
    rows = {row["Fichier"].split("/")[0]: row for row in sheet(certifier, "Livraisons")}
    assert {centre: row["État"] for centre, row in rows.items()} == {"Lyon": "Lue", "Lille": "Lue", TAMPERED: "Refusée"}
    assert "ne donne pas les mêmes décisions" in rows[TAMPERED]["Motif"]
    assert TAMPERED not in {row["Centre"] for row in sheet(certifier, "Centres")}


def test_every_figure_of_a_cohort_is_that_of_its_own_data(certifier, sent):
    rollup(certifier)
    rows = {row["Centre"]: row for row in sheet(certifier, "Centres")}
    assert list(rows) == ["Lille", "Lyon"]
    for centre, row in rows.items():
        decisions, ruled = sent[centre].rows("donnees/decisions.csv"), sent[centre].rows("deliberation.csv")
        counts = Counter(each["Décision"] for each in decisions)
        assert row["Candidats"] == len(decisions) == len(PEOPLE[centre])
        assert {word: row[word] for word in counts} == counts
        decided = sum(counts[word] for word in ("ADMIS", "PARTIEL", "AJOURNÉ"))
        assert row["Taux d'admission"] == near(counts["ADMIS"] / decided)
        departures = [
            each
            for each in ruled
            if each["Décidé par"] == "Jury"
            and (each["Règles"], each["Blocs des règles"]) != (each["Décision"], each["Blocs"])
        ]
        assert row["Écarts du jury"] == len(departures) == len(DECIDED.get(centre, {}))
        for heading in ("Oral", "EN"):
            known = [value for each in decisions if (value := number(each[heading])) is not None]
            assert row[heading] == near(fmean(known))
        for bloc in ("B1", "B2", "B3", "B4"):
            held = sum(bloc in each["Blocs acquis"].split("; ") for each in decisions)
            assert row[bloc] == near(held / len(decisions))
    assert rows["Lyon"]["Écarts du jury"] == 2


def test_blocs_and_holders_add_up_over_the_deliveries_that_count(certifier, sent):
    rollup(certifier)
    read = {centre: each for centre, each in sent.items() if centre != TAMPERED}
    held: Counter[str] = Counter()
    for each in read.values():
        for row in each.rows("donnees/decisions.csv"):
            held.update(filter(None, row["Blocs acquis"].split("; ")))
    candidates = sum(len(PEOPLE[centre]) for centre in read)
    assert {row["Bloc"]: (row["Candidats"], row["Acquis"], row["Part"]) for row in sheet(certifier, "Blocs")} == {
        bloc: (candidates, held[bloc], near(held[bloc] / candidates)) for bloc in ("B1", "B2", "B3", "B4")
    }
    told = {
        (row["Livraison"].split("/")[0], row["Identifiant"], row["Décision"]) for row in sheet(certifier, "Titulaires")
    }
    assert told == {
        (centre, row["Identifiant"], row["Décision"])
        for centre, each in read.items()
        for row in each.rows("titulaires.csv")
    }
    known = {row["Fichier"]: row["SHA-256"] for row in sheet(certifier, "Livraisons")}
    assert {row["Livraison"] for row in sheet(certifier, "Titulaires")} <= set(known)
    for centre, each in read.items():
        assert known[f"{centre}/{each.archive.name}"] == delivery.open_archive(each.archive, lambda _: "").sha256


def test_each_juror_s_mean_is_that_of_the_points_typed(certifier, sent):
    rollup(certifier)
    totals: dict[tuple[str, str], list[float]] = {}
    for centre, each in sent.items():
        points: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for row in each.rows("donnees/saisies.csv"):
            if (row["Nature"], row["Saisie"]) == ("ORAL", "points"):
                points[row["Évaluateur"], row["Candidat"]].append(number(row["Nombre retenu"]))
        for (juror, _), values in points.items():
            if None not in values:  # a quarter of a point is none: such a sheet has no total
                totals.setdefault((centre, juror), []).append(sum(values))
    mine = {whose: found for whose, found in totals.items() if whose[0] != TAMPERED}
    rows = {(row["Centre"], row["Juré"]): row for row in sheet(certifier, "Jurés")}
    assert rows.keys() == mine.keys()
    for whose, row in rows.items():
        others = [total for other, found in mine.items() if other != whose for total in found]
        assert (row["Fiches"], row["Moyenne"]) == (len(mine[whose]), near(fmean(mine[whose])))
        assert row["Moyenne nationale"] == near(fmean(others))
        assert (row["z"], row["Alerte"]) == (None, None)  # fewer than ten sheets


# ----------------------------------------------------------------------------------- the declaration


def declare(folder: Path, left_out: str = "", xsd: Path = TOY):
    born = "{} | juin 2025 | {} | {} | {} | {} | Anne Marie | F | 03/02/2001 | Lyon | 69123 | "
    lines = [
        born.format(centre.upper(), who, each.name.upper(), each.first_name.upper(), each.name)
        for centre, people in PEOPLE.items()
        for who, each in people.items()
        if f"{centre} {who}" != left_out
    ]
    births(*lines).save(folder / "naissances.xlsx")
    files = ("--births", folder / "naissances.xlsx", "--xsd", xsd, "--settings", folder / "reglages.toml")
    where = (folder / "declaration.xml", folder / "reçues")
    return run("accrochage", *where, *files, "--password-file", folder / "mdp.csv")


def passages(path: Path) -> dict[str, str]:
    """The birth name of each passage, by what names it."""
    found = etree.parse(str(path)).getroot().iter(f"{{{flux.NAMESPACE}}}passageCertification")
    return {each.findtext("{*}idTechnique"): each.findtext(".//{*}nomNaissance") for each in found}


def test_the_admitted_of_sound_deliveries_are_declared_with_names_in_capitals_without_accents(certifier, sent):
    done = declare(certifier)
    assert done.exit_code == 1  # the tampered one is refused
    assert f"Livraison refusée : {TAMPERED}/" in done.stdout
    holders = [
        row
        for centre, each in sent.items()
        for row in each.rows("titulaires.csv")
        if centre != TAMPERED and row["Décision"] == "ADMIS"
    ]
    once = passages(certifier / "declaration.xml")
    assert Counter(once.values()) == Counter(row["Nom"] for row in holders)
    if os.name == "posix":
        assert stat.S_IMODE((certifier / "declaration.xml").stat().st_mode) == 0o600
    declare(certifier)
    assert passages(certifier / "declaration.xml") == once


def test_a_holder_without_birth_data_is_left_out_and_told(certifier):
    done = declare(certifier, left_out="Lyon C03")
    assert done.exit_code == 1
    assert "Non déclaré : Lyon, Juin 2025, Durand Léa (C03)" in done.stdout
    assert "Durand" not in passages(certifier / "declaration.xml").values()
    assert "Lefèvre" in passages(certifier / "declaration.xml").values()


def test_what_the_schema_refuses_of_a_person_is_told_without_the_datum(certifier):
    strict = certifier / "strict.xsd"
    strict.write_text(
        TOY.read_text("utf-8").replace('name="codeInsee" type="xs:string"', 'name="codeInsee" type="xs:date"'),
        encoding="utf-8",
    )
    done = declare(certifier, xsd=strict)
    assert (done.exit_code, (certifier / "declaration.xml").exists()) == (3, False)
    assert "Lefèvre Éloïse (C01, Lyon) : « codeInsee » n'est pas du type attendu." in done.stderr
    assert "69123" not in done.output


def test_beyond_the_receiver_s_bound_the_declaration_is_parted_in_numbered_files(certifier, monkeypatch):
    monkeypatch.setattr(accrochage, "parts", partial(flux.parts, most_passages=1))
    declare(certifier)
    parts = sorted(path.name for path in certifier.glob("declaration*.xml"))
    assert parts == [f"declaration-{rank}.xml" for rank in range(1, len(parts) + 1)]
    assert len(parts) > 2
    assert all(len(passages(certifier / name)) == 1 for name in parts)


# ------------------------------------------------------------------------------- however they come


def test_in_any_order_extracted_or_not_the_workbook_says_the_same(certifier, sent, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    paths = sorted((certifier / "reçues").rglob("*.zip"))
    made = set()
    for rank, order in enumerate(itertools.permutations(paths)):
        rollup(certifier, *order, name=f"{rank}.xlsx")
        made.add(((certifier / f"{rank}.xlsx").read_bytes(), (certifier / f"{rank}.html").read_bytes()))
    rollup(certifier, name="nation.xlsx")
    made.add(((certifier / "nation.xlsx").read_bytes(), (certifier / "nation.html").read_bytes()))
    assert len(made) == 1
    folder = certifier / "reçues" / "Lyon" / "sortie"
    for name, content in sent["Lyon"].members().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    next((certifier / "reçues" / "Lyon").glob("*.zip")).unlink()
    rollup(certifier, name="sortie.xlsx")
    for title in ("Centres", "Jurés", "Blocs"):
        assert sheet(certifier, title, "sortie.xlsx") == sheet(certifier, title)
    (folder / NAME).unlink()
    status, _ = rollup(certifier)
    rows = {row["Fichier"]: (row["État"], row["Motif"]) for row in sheet(certifier, "Livraisons")}
    assert (status, rows["sortie"]) == (1, ("Refusée", f"« {NAME} » manque : le manifeste le nomme."))


def test_one_whose_passphrase_nobody_gave_or_that_is_not_its_own_stops_no_other(certifier, sent):
    table = (certifier / "mdp.csv").read_text(encoding="cp1252").splitlines()
    (certifier / "mdp.csv").write_text("\n".join(line for line in table if not line.startswith("LILLE")), "utf-8")
    status, told = rollup(certifier)
    rows = {row["Fichier"].split("/")[0]: row for row in sheet(certifier, "Livraisons")}
    assert (status, told["refused"], rows["Lyon"]["État"]) == (1, 2, "Lue")
    assert rows["Lille"]["Motif"] == "La livraison ne s'ouvre pas avec ce mot de passe (aucun n'a été donné pour elle)."
    (certifier / "mdp.csv").write_text(sent["Lyon"].passphrase, "utf-8")
    _, told = rollup(certifier)
    rows = {row["Fichier"].split("/")[0]: row for row in sheet(certifier, "Livraisons")}
    assert (told["refused"], rows["Lille"]["Motif"]) == (2, "La livraison ne s'ouvre pas avec ce mot de passe.")


def test_two_passphrases_for_one_name_are_refused_rather_than_one_taken(certifier, sent):
    name = sent["Lyon"].archive.name
    lines = ["Fichier;Mot de passe", *(f"{name};{each.passphrase}" for each in sent.values())]
    (certifier / "mdp.csv").write_text("\n".join(lines), "utf-8")
    done = run("rollup", certifier / "nation.xlsx", certifier / "reçues", "--password-file", certifier / "mdp.csv")
    assert (done.exit_code, "deux mots de passe" in done.stderr) == (3, True)
    assert sent["Lyon"].passphrase not in done.output


def test_delivered_twice_at_one_instant_the_manifest_is_the_same_and_then_the_next_number_counts(
    certifier, sessions, sent, tmp_path, monkeypatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    made = {}
    for copy in ("un", "deux"):
        folder = Path(shutil.copytree(sessions["Lille"], tmp_path / copy))
        done = run("deliver", folder)
        (phrase,) = centres.PHRASE.findall(done.stdout)
        (archive,) = (folder / "resultats" / "livraisons").glob("* n2.zip")
        made[copy] = Sent(archive, phrase)
    one, two = (each.members()[NAME] for each in made.values())
    assert one == two
    first, second = delivery.parse(sent["Lille"].members()[NAME]), delivery.parse(one)
    assert (second.number, second.previous, second.cohort_id) == (2, first.digest, first.cohort_id)
    shutil.copy(made["un"].archive, certifier / "reçues" / "Lille")
    with (certifier / "mdp.csv").open("a", encoding="cp1252") as table:
        table.write(f"\n{made['un'].archive.name};{made['un'].passphrase}")
    rollup(certifier)
    rows = {row["Fichier"]: (row["État"], row["Motif"]) for row in sheet(certifier, "Livraisons")}
    assert rows[made["un"].archive.name][0] == "Lue"
    assert rows[f"Lille/{sent['Lille'].archive.name}"] == ("Remplacée", "La livraison n° 2 de cette cohorte compte.")
    tamper(certifier / "reçues" / "Lille" / made["un"].archive.name, Sent(made["un"].archive, made["un"].passphrase))
    status, _ = rollup(certifier)
    rows = {row["Fichier"]: (row["État"], row["Motif"]) for row in sheet(certifier, "Livraisons")}
    assert (status, rows[made["un"].archive.name][0]) == (1, "Refusée")
    assert rows[f"Lille/{sent['Lille'].archive.name}"] == (
        "Lue",
        "La livraison n° 2 de cette cohorte est refusée : celle-ci compte en attendant qu'elle soit refaite.",
    )
