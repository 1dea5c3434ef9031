"""Cohorts consolidated by the workers of a cluster: the same bytes, whatever becomes of a worker."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from engine.commands import scheduling
from engine.commands.consolidate import consolidate
from engine.commands.demo import prepare_demo
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
