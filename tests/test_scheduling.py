"""Cohorts consolidated by the workers of a cluster: the same bytes, whatever becomes of a worker."""

import configparser
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from engine.commands.consolidate import consolidate
from engine.commands.demo import prepare_demo
from engine.commands.night import scheduling
from engine.commands.options import USUAL
from engine.model.errors import EngineError
from engine.terminal.main import main


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("une") / "cohorte"
    prepare_demo(folder)
    return folder


@pytest.fixture
def cluster(tmp_path):
    with (
        scheduling.import_module("dask").config.set({"distributed.worker.daemon": False}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")
        ) as cluster,
    ):
        yield cluster


@pytest.fixture
def light():
    """A cluster within this process, for work that may not kill it."""
    with LocalCluster(processes=False, n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def copies(cohort, folder, *names):
    return [Path(shutil.copytree(cohort, folder / name)) for name in names]


def results(folder):
    written = folder / "resultats"
    return {path.relative_to(written).as_posix(): path.read_bytes() for path in written.rglob("*") if path.is_file()}


def test_the_same_bytes_as_without_it_though_a_worker_is_killed(cohort, cluster, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1738300000")
    with Client(cluster) as client:
        client.run(lambda: os.environ.update(SOURCE_DATE_EPOCH="1738300000"))
        (alone,) = copies(cohort, tmp_path / "seule", "promotion")
        consolidate(alone)
        folders = [copies(cohort, tmp_path / name, "promotion")[0] for name in ("a", "b", "c", "d")]
        nights = scheduling.consolidate_on(cluster.scheduler_address, folders, USUAL)
        ended = [next(nights)]
        victim = next(iter(client.run(os.getpid).values()))
        os.kill(victim, signal.SIGKILL)
        ended += nights
    assert {folder for folder, _ in ended} == set(folders)
    assert [report for _, report in ended if isinstance(report, EngineError)] == []
    expected = results(alone)
    before, *after = [folder for folder, _ in ended]
    assert results(before) == {
        name: content.replace(str(alone).encode(), str(before).encode()) for name, content in expected.items()
    }
    for folder in after:  # that of the lost worker is a run after another, and its page and its Évolution may say so
        found = results(folder)
        assert found.keys() == expected.keys()
        assert {name: found[name] for name in found if name.startswith("donnees/")} == {
            name: expected[name] for name in expected if name.startswith("donnees/")
        }


def test_one_that_cannot_be_done_does_not_stop_the_others(cohort, cluster, tmp_path):
    good, bad = copies(cohort, tmp_path, "bonne", "mauvaise")
    (bad / "cohorte.xlsx").write_bytes(b"rien")
    outcomes = dict(scheduling.consolidate_on(cluster.scheduler_address, [bad, good], USUAL))
    assert outcomes[good].result == good / "resultats" / "resultats.xlsx"
    assert isinstance(outcomes[bad], EngineError)
    assert "cohorte.xlsx" in str(outcomes[bad])


def test_nobody_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "PATIENCE", 1)
    with pytest.raises(EngineError, match="ordonnanceur"):
        list(scheduling.consolidate_on("tcp://127.0.0.1:9", [tmp_path], USUAL))
    with pytest.raises(EngineError, match="ordonnanceur"):
        list(scheduling.consolidate_on("ailleurs://rien", [tmp_path], USUAL))


def test_without_dask_it_says_what_to_install(tmp_path, monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(scheduling, "import_module", absent)
    with pytest.raises(EngineError, match="nation"):
        list(scheduling.consolidate_on("local", [tmp_path], USUAL))


def test_a_folder_after_the_option_is_no_address(cohort, tmp_path, monkeypatch):
    asked = {}

    def nights(address, folders, options):
        asked[address] = folders
        return iter((folder, EngineError("pas ici")) for folder in folders)

    monkeypatch.setattr(scheduling, "consolidate_on", nights)
    one, other = copies(cohort, tmp_path, "une", "autre")
    for words in ([other, "--scheduler", one], [one, other, "--scheduler"], [one, other, "--scheduler", "tcp://h:1"]):
        ended = CliRunner().invoke(main, ["consolidate", *map(str, words)])
        assert ended.exit_code == 3
    assert asked == {"local": [one, other], "tcp://h:1": [one, other]}


# ------------------------------------------------------------------------------------ as it is installed

NATION = Path(__file__).resolve().parent.parent / "deploy" / "nation"
PROGRAMS = Path(sys.executable).parent


def started(unit, folder, address):
    """A service as its unit starts it, away from the program's folder, at another address."""
    read = configparser.RawConfigParser(strict=False, delimiters=["="])
    read.optionxform = str
    read.read(NATION / unit, encoding="utf-8")
    settings = [
        line.partition("=")[2] for line in (NATION / unit).read_text("utf-8").splitlines() if "Environment=" in line
    ]
    host, port = address
    told = read["Service"]["ExecStart"].replace("10.0.0.1", host).replace("8786", str(port))
    words = [str(folder) if word == "/tmp" else word for word in shlex.split(told)]
    words[0] = str(PROGRAMS / Path(words[0]).name)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= dict(each.split("=", 1) for each in settings)
    with (folder / f"{unit}.txt").open("wb") as said:
        return subprocess.Popen(words, cwd=folder, env=environment, stdout=said, stderr=said)


@pytest.fixture
def services(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    (folder := tmp_path / "services").mkdir()
    made = [started(f"cohorte-dask-{name}.service", folder, address) for name in ("scheduler", "worker")]
    yield "tcp://{}:{}".format(*address)
    for each in made:
        each.terminate()
    for each in made:
        each.wait(30)


def test_the_services_that_are_installed_do_what_the_command_asks(cohort, services, tmp_path):
    folders = copies(cohort, tmp_path, "une", "deux")
    (tmp_path / "clé").write_bytes((cohort / ".cohorte" / "cle").read_bytes())
    words = ["consolidate", "une", "deux", "--quiet", "--key-file", "clé", "--scheduler", services]
    done = subprocess.run([PROGRAMS / "cohorte", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert [name for name in ("une", "deux") if f"{name} : une personne est attendue." in done.stdout] == [
        "une",
        "deux",
    ]
    assert all((folder / "resultats" / "resultats.xlsx").is_file() for folder in folders)


# ------------------------------------------------------------------------------------- what may go wrong


def test_two_nights_on_one_cluster_take_nothing_from_each_other(light):
    one = scheduling.spread(light.scheduler_address, str.upper, [("a",), ("b",)])
    first = next(one)
    other = dict(scheduling.spread(light.scheduler_address, str.upper, [("c",), ("d",)]))
    assert other == {0: "C", 1: "D"}
    assert dict([first, *one]) == {0: "A", 1: "B"}


def test_a_cohort_that_kills_its_workers_is_told_with_how_many(cluster):
    ((rank, outcome),) = scheduling.spread(cluster.scheduler_address, os._exit, [(1,)])
    allowed = cluster.scheduler.allowed_failures
    assert (rank, str(outcome).partition(" ")[0]) == (0, str(allowed + 1))
    assert "rien n'est fait" in str(outcome)


def test_a_cluster_without_workers_is_not_waited_for_and_the_morning_page_says_so(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "PATIENCE", 0.5)
    folders = copies(cohort, tmp_path, "une", "deux")
    with LocalCluster(n_workers=0, dashboard_address=None) as nobody:
        outcomes = dict(scheduling.consolidate_on(nobody.scheduler_address, folders, USUAL))
        looked = dict(scheduling.consolidate_on(nobody.scheduler_address, folders[:1], replace(USUAL, dry_run=True)))
    assert set(outcomes) == set(folders)
    assert len(looked) == 1
    for folder, outcome in outcomes.items():
        assert "Aucun ouvrier" in str(outcome)
        page = (folder / "resultats" / "rapport.txt").read_text("utf-8")
        assert "n’a pas été faite" in page.splitlines()[0]
        assert "Aucun ouvrier" in page


def test_a_scheduler_that_goes_is_told_for_each_cohort_left(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "PATIENCE", 2)
    folders = copies(cohort, tmp_path, "une", "deux")
    with LocalCluster(n_workers=0, dashboard_address=None) as going:
        Timer(1, going.close).start()
        outcomes = dict(scheduling.consolidate_on(going.scheduler_address, folders, USUAL))
    assert set(outcomes) == set(folders)
    assert all("ne répond plus" in str(outcome) for outcome in outcomes.values())


def test_a_machine_with_another_version_does_nothing(light, monkeypatch):
    sent = iter(["celle de qui envoie"])
    monkeypatch.setattr(scheduling.digest, "program", lambda: next(sent, "une autre"))
    ((_, outcome),) = scheduling.spread(light.scheduler_address, str.upper, [("a",)])
    assert socket.gethostname() in str(outcome)
    assert "version" in str(outcome)


def absent():
    """What stands for a function that only the machine which sends it knows."""
    raise ModuleNotFoundError("No module named 'engine'")


class Sent:
    """Found where it is sent from, and nowhere else."""

    def __reduce__(self):
        return absent, ()


def test_a_program_that_the_cluster_does_not_know_is_told_with_the_remedy(light):
    ((_, outcome),) = scheduling.spread(light.scheduler_address, str.upper, [(Sent(),)])
    assert "--preload cohorte.process" in str(outcome)
    assert "\n" not in str(outcome)


def test_an_address_that_asks_for_a_certificate_says_where_to_read(tmp_path):
    with pytest.raises(EngineError, match="certificat"):
        list(scheduling.consolidate_on("tls://127.0.0.1:9", [tmp_path], USUAL))
