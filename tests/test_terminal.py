"""Whatever happens, a command ends with one sentence and a status that means what it says; and no text from elsewhere
commands the terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import process
from engine import referential
from engine.browser import server
from engine.commands import (
    accrochage,
    check,
    close,
    codes,
    consolidate,
    deliver,
    demo,
    doctor,
    fetch,
    fiches,
    history,
    purge,
    reopen,
    restore,
    rollup,
    send,
    templates,
    verify,
)
from engine.commands.forget import erasing
from engine.model.errors import CohortError
from engine.model.texts import visible
from engine.workspace import clock, cohort
from tests import cohorts

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "dossier"
INPUTS = [word for name in ("births", "xsd", "settings") for word in (f"--{name}", f"{FOLDER}/cohorte.xlsx")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("cohorte") / FOLDER).path


COMMANDS = {
    "init": (["init", FOLDER], referential, "load"),
    "templates": (["templates", FOLDER], templates, "issue"),
    "templates --blank": (["templates", "--blank", FOLDER], templates, "write_blanks"),
    "check": (["check", FOLDER], check, "check"),
    "referential": (["referential", "cgco_rncp34465", f"{FOLDER}/r.xlsx"], referential, "load"),
    "consolidate": (["consolidate", FOLDER], cohort.Folder, "disk_of_returns"),
    "consolidate --dry-run": (["consolidate", FOLDER, "--dry-run"], cohort.Folder, "disk_of_returns"),
    "status": (["status", FOLDER], cohort.Folder, "disk_of_returns"),
    "send": (["send", FOLDER, "--smtp", "smtp://127.0.0.1"], send, "send"),
    "fetch": (["fetch", FOLDER, "--imap", "imap://127.0.0.1"], fetch, "fetch"),
    "fiches": (["fiches", FOLDER], fiches, "write_fiches"),
    "history": (["history", FOLDER, "007"], history.ledger, "history"),
    "restore": (["restore", FOLDER, "0123456"], restore, "_found"),
    "jury": (["jury", FOLDER], cohort.Folder, "disk_of_returns"),
    "close": (["close", FOLDER], close, "consolidate"),
    "reopen": (["reopen", FOLDER, "--reason", "recours"], reopen.ledger, "opened"),
    "forget": (["forget", FOLDER, "007"], erasing, "_to_do_first"),
    "purge": (["purge", FOLDER, "--older-than", "2a"], purge, "purge"),
    "deliver": (["deliver", FOLDER], deliver, "deliver"),
    "verify": (["verify", FOLDER], verify, "verify"),
    "rollup": (["rollup", "n.xlsx", FOLDER], rollup, "rollup"),
    "accrochage": (["accrochage", "d.xml", FOLDER, *INPUTS], accrochage, "declare"),
    "codes": (["codes", FOLDER], codes, "codes"),
    "doctor": (["doctor", FOLDER], doctor, "examine"),
    "open": (["open", FOLDER, "--no-browser"], server, "prepare"),
    "demo": (["demo", FOLDER], demo, "prepare_demo"),
}


def test_every_command_is_tried():
    assert {name.split()[0] for name in COMMANDS} == set(process.main.commands)


@pytest.mark.parametrize("fault", [KeyError("LEFÈVRE"), RecursionError("trop profond"), MemoryError(), OSError(5, "?")])
@pytest.mark.parametrize("name", COMMANDS)
def test_an_error_that_no_one_foresaw_is_one_sentence_and_3(name, fault, made, monkeypatch):
    arguments, owner, function = COMMANDS[name]
    log = made / ".cohorte" / "journal.jsonl"
    log.unlink(missing_ok=True)

    def fail(*_, **__):
        raise fault

    monkeypatch.setattr(owner, function, fail)
    monkeypatch.chdir(made.parent)
    done = CliRunner().invoke(process.main, arguments)
    assert done.exit_code == 3
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)
    assert "LEFÈVRE" not in done.stderr
    assert "Traceback" not in done.stderr
    told = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    (failure,) = (line for line in told if line["fait"] == "échec")
    assert failure["erreur"] == type(fault).__name__
    assert any("fail" in place for place in failure["trace"])


@pytest.mark.parametrize("name", ["check", "consolidate", "status", "jury", "verify", "rollup"])
def test_a_program_that_asked_for_json_is_told_why_in_json_too(name, made, monkeypatch):
    arguments, owner, function = COMMANDS[name]

    def refuse(*_, **__):
        raise CohortError("Le partage est absent.")

    monkeypatch.chdir(made.parent)
    done = CliRunner().invoke(process.main, [*arguments, "--json"])
    usual = json.loads(done.stdout) if done.exit_code != 3 else None
    monkeypatch.setattr(owner, function, refuse)
    done = CliRunner().invoke(process.main, [*arguments, "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (3, "Le partage est absent.\n")
    assert (told.pop("error"), set(told.values())) == ("Le partage est absent.", {None})
    assert usual is None or list(told) == list(usual)


def test_a_refusal_of_several_cohorts_at_once_is_a_list(made, monkeypatch):
    monkeypatch.chdir(made.parent)
    several = ["consolidate", FOLDER, "autre", "--scheduler", "tcp://127.0.0.1:1", "--json"]
    done = CliRunner().invoke(process.main, several)
    assert (done.exit_code, [set(each) - {"error"} for each in json.loads(done.stdout)]) == (
        3,
        [{"candidates", "decisions", "files", "anomalies", "result", "seconds"}] * 2,
    )


def test_the_trace_outside_any_cohort_is_in_a_file_that_the_sentence_names(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(templates, "write_blanks", fail)
    done = CliRunner().invoke(process.main, ["templates", "--blank", str(tmp_path / "vierges")])
    trace = Path(done.stderr.split("«")[1].split("»")[0].strip())
    assert (done.exit_code, "ZeroDivisionError" in trace.read_text(encoding="utf-8")) == (3, True)
    trace.unlink()


def test_one_cohort_that_breaks_down_does_not_stop_the_next(made, tmp_path, monkeypatch):
    other, seen = cohorts.make(tmp_path / "autre").path, []
    opened = consolidate.consolidate

    def first_fails(folder, *given):
        seen.append(folder)
        if len(seen) == 1:
            raise KeyError("?")
        return opened(folder, *given)

    monkeypatch.setattr(consolidate, "consolidate", first_fails)
    done = CliRunner().invoke(process.main, ["consolidate", str(made), str(other), "--dry-run"])
    assert (done.exit_code, seen) == (3, [made, other])


def test_an_interrupted_command_is_not_done(made, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(consolidate, "consolidate", interrupt)
    done = CliRunner().invoke(process.main, ["consolidate", str(made)])
    assert (done.exit_code, done.stderr.startswith("Interrompu")) == (3, True)


# -------------------------------------------------------------------------------------------- output


def run(arguments, out, **environment):
    return subprocess.run(
        [sys.executable, str(ROOT / "process.py"), *map(str, arguments)],
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["status"], ["status", "--json"], ["codes"], ["--help"]])
def test_an_output_that_cannot_be_written_is_one_sentence_and_3(arguments, made):
    command, *options = arguments
    with Path("/dev/full").open("w") as full:
        done = run([command, *([made] if command != "--help" else []), *options], full)
    assert done.returncode == 3
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("Ce que la commande affiche ne peut pas être écrit")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_what_cannot_be_shown_is_done_all_the_same(made, tmp_path):
    other = cohorts.make(tmp_path / "autre").path
    with Path("/dev/full").open("w") as full:
        assert run(["consolidate", made, other], full).returncode == 3
    assert cohort.Folder(made).results_workbook.exists()
    assert cohort.Folder(other).results_workbook.exists()


def test_a_terminal_without_accents_shows_what_it_can(made):
    plain = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    assert run(["status", made], subprocess.PIPE, **plain).returncode in (0, 1)
    done = run(["status", made, "--json"], subprocess.PIPE, **plain)
    assert json.loads(done.stdout)["candidates"] == 4


def test_names_do_not_command_the_terminal(made, monkeypatch):
    def refuse(*_, **__):
        raise CohortError("« \x1b[2J\u202egpj.xlsx\r » est refusé.")

    monkeypatch.setattr(consolidate, "consolidate", refuse)
    done = CliRunner().invoke(process.main, ["consolidate", str(made)])
    assert done.stderr == "« <U+001B>[2J<U+202E>gpj.xlsx<U+000D> » est refusé.\n"


def test_what_is_made_visible_is_every_sign_that_commands():
    signs = [chr(code) for code in (*range(32), *range(127, 160), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F))]
    assert not any(sign in visible("".join(signs)) for sign in signs)
    assert visible("Zoë\tÉmilie\u202f!", keep="\t") == "Zoë\tÉmilie\u202f!"


# ---------------------------------------------------------------------------------------- environment


@pytest.mark.parametrize("epoch", ["abc", "-1", "1.5", "1e9", "9" * 12, "9" * 5000, "٣"])
def test_a_time_that_is_none_is_refused_with_the_name_of_the_variable(epoch, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(CohortError, match="SOURCE_DATE_EPOCH"):
        clock.now()


@pytest.mark.parametrize("epoch", ["0", "1750000000", " 1750000000 ", "4102444799"])
def test_a_time_is_taken(epoch, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert clock.now().timestamp() is not None


PARTS = ["cle", "verrou", "memoire.sqlite", "actes", "archive", "journal.jsonl"]
TRIED = [("", command) for command in ("consolidate", "status", "templates", "doctor", "codes")]
TRIED += [(part, "consolidate") for part in PARTS]


@pytest.mark.parametrize("shape", ["file", "dangling link", "folder"])
@pytest.mark.parametrize(("part", "command"), TRIED)
def test_a_private_folder_that_is_none_is_told(part, shape, command, made, tmp_path):
    made = Path(shutil.copytree(made, tmp_path / "cohorte"))
    place = made / ".cohorte" / part if part else made / ".cohorte"
    if place.exists():
        place.rename(tmp_path / "ailleurs")
    if shape == "file":
        place.write_bytes(b"?")
    elif shape == "folder":
        place.mkdir(exist_ok=True)
    else:
        place.symlink_to(tmp_path / "nulle part" / "rien")
    done = CliRunner().invoke(process.main, [command, str(made)])
    assert done.exit_code in (0, 1, 3)
    assert "imprévue" not in done.output
    assert "Traceback" not in done.output
