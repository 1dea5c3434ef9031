"""Deliveries whose tables do not agree, figures that are none, and what lies among deliveries without being one."""

import os

import pytest

from engine.commands.certifier.receiving import asked
from engine.commands.verify import receive, verify
from tests import deliveries
from tests.test_certifier import HOLDERS, declare, delivery, folder, rollup, states  # noqa: F401 - a fixture

LINE = "{};Lefèvre;Éloïse;{};B1;12/06/2025;{};Juin 2025;RNCP34465;Titre;6;312"


def holders(*people, centre="Lyon"):
    return "\r\n".join([HOLDERS, *(LINE.format(*each, centre) for each in people)]).encode("utf-8-sig")


def altered(folder, name, old, new):  # noqa: F811
    """A delivery of Lyon of which one member says something else, the manifest bearing it out."""
    held = deliveries.members() | {"titulaires.csv": holders(("C01", "ADMIS"), ("C02", "PARTIEL"))}
    assert old in held[name]
    held[name] = held[name].replace(old, new, 1)
    path = folder / "recues" / "CGCo Lyon n1.zip"
    return deliveries.packed(path, held, deliveries.manifest(held, centre="Lyon", cohort_id="aa" * 16))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("titulaires.csv", b"PARTIEL", b"ADMIS", "titulaires.csv » ne donne pas les mêmes décisions"),
        ("donnees/decisions.csv", b"C01;DURAND;ADMIS", b"C01;DURAND;ADMIS\r\nC01;DURAND;ADMIS", "figure deux fois"),
        ("deliberation.csv", b"C02;DURAND;PARTIEL", b"C02;DURAND;PARTIEL\r\nC02;DURAND;PARTIEL", "figure deux fois"),
    ],
)
def test_what_contradicts_its_decisions_is_a_fault_and_counts_nowhere(folder, name, old, new, said):  # noqa: F811
    path = altered(folder, name, old, new)
    faults = [str(fault) for fault in receive(path, lambda _: deliveries.PASSPHRASE).faults]
    assert len(faults) == 1
    assert said in faults[0]
    delivery(folder / "recues", "Lille", cohort="bb")
    status, told = rollup(folder, folder / "recues")
    assert (status, told["refused"], told["candidates"]) == (1, 1, 4)


def test_somebody_who_was_forgotten_since_may_stand_among_the_holders(folder):  # noqa: F811
    path = altered(folder, "titulaires.csv", b"C02;", b"C99;Parti;Zo\xc3\xa9;ADMIS;B1;;;;;;;\r\nC02;")
    assert receive(path, lambda _: deliveries.PASSPHRASE).sound


def test_holders_that_the_list_does_not_name_are_told(folder):  # noqa: F811
    delivery(folder / "recues", "Lyon", cohort="aa", holders=holders(("C02", "PARTIEL")))
    delivery(folder / "recues", "Lille", cohort="bb")
    status, told = rollup(folder, folder / "recues")
    assert (status, told["refused"], told["candidates"]) == (1, 0, 8)
    assert states(folder)["CGCo Lyon n1.zip"] == (
        "Lue",
        "Sa liste des titulaires n'en nomme pas 1 : demandez au centre de livrer de nouveau.",
    )
    done = declare(folder, people=["Lille"])
    assert done.exit_code == 1
    assert "n'en nomme pas 1" in done.stdout


@pytest.mark.parametrize("figure", ["nan", "-Infinity", "1e999"])
def test_what_is_no_figure_refuses_its_delivery_and_stops_no_other(folder, figure):  # noqa: F811
    held = deliveries.members()
    lines = held["donnees/decisions.csv"].decode("utf-8-sig").split("\r\n")
    lines = [f"{line};{figure if rank else 'Oral'}" for rank, line in enumerate(lines)]
    held["donnees/decisions.csv"] = "\r\n".join(lines).encode("utf-8-sig")
    deliveries.packed(folder / "recues" / "x.zip", held, deliveries.manifest(held, cohort_id="cc" * 16))
    delivery(folder / "recues", "Lille", cohort="bb")
    status, told = rollup(folder, folder / "recues")
    assert (status, told["refused"], told["candidates"]) == (1, 1, 4)
    assert "n'est pas un nombre" in states(folder)["x.zip"][1]


def test_what_a_delivery_comes_in_is_told_and_its_own_draft_is_not(folder):  # noqa: F811
    received = folder / "recues"
    delivery(received, "Lyon", cohort="aa", name="Lyon n1.zip")
    for name in ("Lyon n1.eml", "Lyon n1.zip.part", "Lille n1.eml", "Metz n1.zip.crdownload", "notes.txt"):
        (received / name).write_bytes(b"From: a@exemple.fr")
    found = verify([received], lambda path: {".zip": deliveries.PASSPHRASE}[path.suffix])
    assert {each.path.name: each.sound for each in found.deliveries} == {
        "Lille n1.eml": False,
        "Lyon n1.zip": True,
        "Metz n1.zip.crdownload": False,
    }
    assert [sent.passphrase for sent in asked([received], lambda path: path.name)] == ["", "Lyon n1.zip", ""]
    status, told = rollup(folder, received)
    assert (status, told["refused"], told["candidates"]) == (1, 2, 4)
    assert "sortez-en l'archive" in states(folder)["Lille n1.eml"][1]


def test_what_a_killed_run_left_is_removed_once_nobody_can_be_writing_it(folder):  # noqa: F811
    delivery(folder / "recues", "Lyon", cohort="aa")
    left = [folder / f".{name}.0123456789ab.part" for name in ("nation.xlsx", "nation.html", "declaration.xml")]
    fresh, other = folder / ".nation.xlsx.ba9876543210.part", folder / ".autre.xlsx.0123456789ab.part"
    for path in (*left, fresh, other):
        path.write_bytes(b"Lefevre")
    for path in (*left, other):
        os.utime(path, (0, 0))
    rollup(folder, folder / "recues")
    declare(folder, people=["Lyon"])
    assert set(folder.glob(".*.part")) == {fresh, other}
