"""The command line as a user meets it: every example of the README, the exit statuses, the JSON object."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import openpyxl
import pytest

from tests import rosters

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ELSEWHERE = ("fetch demo", "verify ", "deliver ", "rollup ", "accrochage ")
"""They need a mailbox, deliveries, a jury: tests of their own run them against real ones."""
EXAMPLES = list(dict.fromkeys(re.findall(r"`python process\.py ([^`]+)`", README)))


def run(*arguments, cwd, **environment):
    return subprocess.run(
        [sys.executable, str(ROOT / "process.py"), *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
        check=False,
    )


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """A small cohort with its workbooks issued and nothing returned."""
    place = tmp_path_factory.mktemp("issued")
    folder = place / "cohorte d'été"
    assert run("init", folder, cwd=place).returncode == 0
    rosters.book(session="Champ | Valeur\nCohorte | Tilleuls\n").save(folder / "cohorte.xlsx")
    assert run("templates", folder, cwd=place).returncode == 0
    return folder


@pytest.fixture
def cohort(issued, tmp_path):
    """The same, for one test alone."""
    return Path(shutil.copytree(issued, tmp_path / issued.name))


@pytest.fixture(scope="module")
def examples_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    shutil.copy(ROOT / "engine/referential/shipped/cgco_rncp34465.toml", folder / "mon_referentiel.toml")
    done = run("demo", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_main_command_of_the_readme_writes_the_file_it_names(examples_folder):
    (named,) = set(re.findall(r"\(`(demo/[^`]+)`\)", README))
    done = run("demo", cwd=examples_folder)  # a second time: the folder is there already
    assert done.returncode == 0
    assert str(Path(named)) in done.stdout
    assert (examples_folder / named).stat().st_size > 10_000


LASTING = [example for example in EXAMPLES if example.startswith("open ")]
"""Examples that go on until somebody ends them: they are run by a test of their own."""


@pytest.mark.parametrize(
    "example", [each for each in EXAMPLES if not each.startswith(("COMMAND", *ELSEWHERE, "open "))]
)
def test_every_example_of_the_readme_runs(example, examples_folder):
    done = run(*example.split(), cwd=examples_folder)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout


@pytest.mark.parametrize("example", LASTING)
def test_an_example_that_lasts_answers_until_it_is_left(example, examples_folder):
    command = [sys.executable, str(ROOT / "process.py"), *example.split(), "--no-browser"]
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=examples_folder, stdout=subprocess.PIPE, text=True, env=environment) as running:
        try:
            address = re.search(r"http://\S+", running.stdout.readline())[0]
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            assert "Consolider" in browser.open(address, timeout=60).read().decode()
            origin = re.match(r"http://[^/]+", address)[0]
            leave = f"{address.rpartition('/')[0]}/quitter"
            browser.open(urllib.request.Request(leave, data=b"", headers={"Origin": origin}), timeout=60)
            assert running.wait(timeout=60) == 0
        finally:
            running.kill()


def test_the_continuous_checks_run_the_readme_s_test_command():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    (command,) = re.findall(r"^python3 -m venv \.venv && (.*) && (.*pytest .*)$", README, re.MULTILINE)
    assert all(part in script for part in command)


def test_help_shows_only_what_is_built():
    text = run("--help", cwd=ROOT).stdout
    listed = re.findall(r"^  ([a-z]+) ", text.partition("Commandes")[2], re.MULTILINE)
    documented = set(re.findall(r"^\| `([a-z]+)", README, re.MULTILINE))
    assert set(listed) == documented
    assert "..." not in text.partition("Commandes")[2], "a sentence is cut"


def test_a_clean_cohort_ends_with_status_0_and_its_json(cohort):
    done = run("consolidate", cohort, "--json", cwd=cohort.parent)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == ["candidates", "decisions", "files", "anomalies", "result", "seconds"]
    assert answer["decisions"] == {"EN ATTENTE": 1, "SORTI": 1}
    assert Path(answer["result"]) == cohort / "resultats" / "resultats.xlsx"


def test_a_blocking_anomaly_ends_with_status_1_and_everything_written(cohort):
    (cohort / "retours" / "note.xlsx").write_bytes(b"%PDF-1.7")
    done = run("consolidate", cohort, "--json", cwd=cohort.parent)
    assert done.returncode == 1
    assert json.loads(done.stdout)["anomalies"]["F02"] == 1
    assert (cohort / "resultats" / "resultats.xlsx").exists()


def test_wrong_usage_ends_with_status_2(tmp_path):
    assert run("consolidate", cwd=tmp_path).returncode == 2
    assert run("templates", cwd=tmp_path).returncode == 2
    assert run("check", tmp_path / "absent.xlsx", cwd=tmp_path).returncode == 2
    assert "Il manque" in run("consolidate", cwd=tmp_path).stderr


def test_what_cannot_be_done_ends_with_status_3_and_keeps_the_previous_results(cohort):
    run("consolidate", cohort, cwd=cohort.parent)
    results = cohort / "resultats" / "resultats.xlsx"
    before = results.read_bytes()
    (cohort / "cohorte.xlsx").write_bytes(b"not a workbook")
    done = run("consolidate", cohort, cwd=cohort.parent)
    assert done.returncode == 3
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert results.read_bytes() == before


def test_one_bad_cohort_does_not_stop_the_others_and_the_worst_status_wins(cohort):
    absent = cohort.parent / "absente"
    done = run("consolidate", absent, cohort, "--json", cwd=cohort.parent)
    assert done.returncode == 3
    first, second = json.loads(done.stdout)
    assert [first[name] for name in ("candidates", "decisions", "files", "anomalies", "result", "seconds")] == [
        None
    ] * 6
    assert "absente" in first["error"]
    assert second["candidates"] == 2


def test_a_dry_run_writes_nothing(cohort):
    done = run("consolidate", cohort, "--dry-run", "--json", cwd=cohort.parent)
    assert json.loads(done.stdout)["result"] is None
    assert list((cohort / "resultats").iterdir()) == []


def test_parquet_without_its_library_ends_with_status_3(cohort):
    hidden = cohort.parent / "sans" / "pyarrow"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    done = run("consolidate", cohort, "--parquet", cwd=cohort.parent, PYTHONPATH=str(hidden.parent))
    assert done.returncode == 3
    assert "pip install pyarrow" in done.stderr
    assert {path.stem for path in (cohort / "resultats").iterdir()} == {"rapport"}  # the page that says why
    assert run("consolidate", cohort, cwd=cohort.parent, PYTHONPATH=str(hidden.parent)).returncode == 0


def test_status_writes_nothing_and_names_who_is_late(cohort):
    before = {path: path.stat().st_mtime_ns for path in cohort.rglob("*")}
    done = run("status", cohort, cwd=cohort.parent)
    assert "BENALI Karim (T01)" in done.stdout
    assert "manquante" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in cohort.rglob("*")} == before


def test_init_never_overwrites(cohort):
    roster, key = (cohort / "cohorte.xlsx").read_bytes(), (cohort / ".cohorte" / "cle").read_bytes()
    done = run("init", cohort, cwd=cohort.parent)
    assert done.returncode == 0
    assert (cohort / "cohorte.xlsx").read_bytes() == roster
    assert (cohort / ".cohorte" / "cle").read_bytes() == key


def test_the_same_inputs_give_the_same_bytes(cohort):
    shutil.copytree(cohort / "envois", cohort / "retours", dirs_exist_ok=True)
    results = cohort / "resultats" / "resultats.xlsx"
    seen = set()
    for workers in ("1", "2"):
        results.unlink(missing_ok=True)  # or they would be left standing
        run("consolidate", cohort, "--full", "--workers", workers, cwd=cohort.parent, SOURCE_DATE_EPOCH="1750000000")
        seen.add(results.read_bytes())
    assert len(seen) == 1


def test_a_lost_key_is_told_and_nothing_is_written(cohort):
    (cohort / ".cohorte" / "cle").unlink()
    done = run("consolidate", cohort, cwd=cohort.parent)
    assert done.returncode == 3
    assert "clé" in done.stderr


def test_a_lost_key_is_never_replaced_by_itself(cohort):
    key = cohort / ".cohorte" / "cle"
    before = key.read_text(encoding="ascii")
    key.unlink()
    for command in ("templates", "status", "codes"):
        done = run(command, cohort, cwd=cohort.parent)
        assert done.returncode == 3
        assert "docs/cle.md" in done.stderr
        assert not key.exists()
    assert "nouvelle" in run("init", cohort, cwd=cohort.parent).stdout
    assert key.read_text(encoding="ascii") != before
    assert run("templates", cohort, cwd=cohort.parent).returncode == 0


def test_a_key_kept_elsewhere_serves_every_command(cohort):
    key = cohort / ".cohorte" / "cle"
    shutil.copytree(cohort / "envois", cohort / "retours", dirs_exist_ok=True)
    elsewhere = key.rename(cohort.parent / "clé à part.txt")
    secret = elsewhere.read_text(encoding="ascii").strip()
    commands = ("templates", cohort), ("check", cohort), ("consolidate", cohort), ("status", cohort), ("codes", cohort)
    commands += (("fiches", cohort, "--only", "007"),)
    for command, *where in commands:
        for options, environment in (([f"--key-file={elsewhere}"], {}), ([], {"COHORTE_KEY": secret})):
            done = run(command, *where, *options, cwd=cohort.parent, **environment)
            assert done.returncode == 0, done.stderr
            assert "I03" not in done.stdout
            assert secret not in done.stdout + done.stderr
    assert not key.exists()
    other = run("consolidate", cohort, "--json", cwd=cohort.parent, COHORTE_KEY="ab" * 32)
    assert (other.returncode, json.loads(other.stdout)["anomalies"]) == (3, None)
    assert "clé" in other.stderr


def test_codes_are_printed_one_page_each(cohort):
    done = run("codes", cohort, cwd=cohort.parent)
    assert done.returncode == 0
    pages = done.stdout.split("\f")
    assert len(pages) > 1
    assert all("Votre code" in page for page in pages)
    assert sum("BENALI Karim (T01)" in page for page in pages) == 1


def test_what_is_ready_to_be_sent_again_is_counted(cohort):
    (sent,) = (cohort / "envois" / "jurys" / "J02").iterdir()
    book = openpyxl.load_workbook(sent)
    ((title, address),) = book.defined_names["oral_points_O01"].destinations
    book[title][address.replace("$", "")] = "quatre"
    book.save(cohort / "retours" / "oral.xlsx")
    assert "1 classeur à corriger" in run("consolidate", cohort, cwd=cohort.parent).stdout
    again = run("status", cohort, cwd=cohort.parent).stdout
    assert "1 classeur à corriger" in again
    assert "relances prêtes" in again
