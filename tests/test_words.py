"""No English reaches the people who use the program: what the system and click say is said in French."""

from __future__ import annotations

import ast
import errno
import re
import shlex
import shutil
import types
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner

import process
from engine.model import Kind
from engine.model.faults import reason
from engine.model.texts import of
from engine.terminal import french
from engine.workspace import shell
from tests import cohorts

_FOR_DEVELOPERS = (
    "DeprecationWarning",
    "Name '",
    "Boolean option",
    "Could not determine name",
    "No options defined",
    "Arguments take exactly",
    "Value must be an iterable",
    "Invalid start character",
)
_NOT_USED = ("Do you want to continue?", "Confirm the action", "%(prog)s", "Choice(", "{len_type}")
_SAME = ("{value!r} is not a valid UUID.",)


def said_by_click():
    """Every sentence that click hands to ``gettext`` in the modules that speak of a command line."""
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "types"):
        tree = ast.parse(Path(click.__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext"):
                sentences = call.args[: 1 if call.func.id == "_" else 2]
                yield from (each.value for each in sentences if isinstance(each, ast.Constant))


def test_click_says_nothing_in_english():
    spared = (*_FOR_DEVELOPERS, *_NOT_USED, *_SAME)
    english = [text for text in said_by_click() if french.translate(text) == text and not text.startswith(spared)]
    assert english == []


@pytest.mark.parametrize("command", [[], *([name] for name in sorted(process.main.commands))])
def test_the_help_of_every_command_is_in_french(command):
    shown = CliRunner().invoke(process.main, [*command, "--help"]).output
    assert "Utilisation :" in shown
    for word in ("required", "Usage", "default", "Show this", "[default", "env var", " exit"):
        assert word not in shown
    assert re.findall(r"\w:$", shown, re.MULTILINE) == []


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EIO, errno.EISDIR, errno.ENOTDIR])
def test_the_reasons_of_the_system_are_in_french(number):
    told = reason(OSError(number, "In English"))
    assert "English" not in told
    assert str(number) not in told


def test_an_error_without_french_words_keeps_its_number():
    assert "99999" in reason(OSError(99999, "In English"))
    assert reason(OSError("In English")) == "le système n'a pas dit pourquoi"


def test_no_module_shows_the_system_s_own_words():
    """`strerror` and the error itself are English on most machines: one function has the words."""
    root = Path(process.__file__).parent
    kept = {"engine/commands/logbook.py"}  # the log is for developers
    using = {
        path.relative_to(root).as_posix()
        for path in (root / "engine").rglob("*.py")
        if "strerror" in path.read_text(encoding="utf-8")
    }
    assert using <= kept


# ------------------------------------------------------------------------- what is told of a path, and what to do next


@pytest.fixture
def cohort(tmp_path):
    return cohorts.make(tmp_path / "Promotion d'été 2025")


def asked(*arguments, status=0):
    found = CliRunner().invoke(process.main, [str(argument) for argument in arguments])
    assert found.exit_code == status, found.output
    return found.output


def test_check_says_what_holds_no_return_and_what_to_do(cohort, tmp_path):
    (tmp_path / "vide").mkdir()
    assert "vide" in asked("check", tmp_path / "vide").splitlines()[0]
    told = asked("check", cohort.path / "cohorte.xlsx")
    assert "registre" in told
    assert "4 candidats, 8 évaluateurs" in told
    assert shell.line("templates", cohort.path) in told
    told = asked("check", cohort.path)
    assert shell.line("status", cohort.path) in told
    cohort.consolidate()
    told = asked("check", cohort.path / "resultats" / "resultats.xlsx")
    assert "résultats" in told
    assert shell.line("check", cohort.returns) in told


def test_check_says_of_a_folder_of_cohorts_that_it_is_one(cohort, tmp_path):
    copy = shutil.copytree(cohort.path, tmp_path / "Promotion d'hiver")
    told = asked("check", tmp_path)
    assert "ce dossier contient 2 cohortes, et non des fiches remplies" in told
    assert shell.line("check", copy, cohort.path) in told
    assert "Anomalies" not in told


def test_check_of_a_roster_with_errors_tells_them(cohort):
    cohort.enrol(lambda table: table)
    path = cohort.path / "cohorte.xlsx"
    book = openpyxl.load_workbook(path)
    book["Candidats"]["A2"] = "deux mots"
    book.save(path)
    for asked_for in (path, cohort.path):
        assert "Candidats!A2" in asked("check", asked_for, status=3)


def test_what_holds_no_return_does_not_hide_a_return(cohort):
    returned = cohort.filled(Kind.GRILLE).save()
    told = asked("check", cohort.path / "cohorte.xlsx", returned)
    assert "registre" in told
    assert "retour.xlsx : Accepté" in told


@pytest.mark.parametrize("name", ["posix", "nt"])
def test_the_next_command_can_be_copied_whole(tmp_path, monkeypatch, name):
    folder = tmp_path / "Promotion d'été"
    written = shell.line("templates", folder, "--only", "C01")
    monkeypatch.setattr(shell, "os", types.SimpleNamespace(name=name))
    command = shell.line("templates", folder, "--only", "C01").removeprefix("« ").removesuffix(" »")
    if name == "nt":
        assert command == f'cohorte templates "{folder}" --only C01'
    else:
        assert f"« {command} »" == written
        assert shlex.split(command) == ["cohorte", "templates", str(folder), "--only", "C01"]


def test_init_and_templates_name_the_folder_in_the_next_command(tmp_path):
    folder = tmp_path / "une cohorte"
    assert shell.line("init", tmp_path) in asked("status", tmp_path, status=3)
    assert shell.line("templates", folder) in asked("init", folder)


def test_no_elision_nor_plural_is_missed_in_what_is_told_of_returns():
    """On the table of spoiled returns, which holds every message."""
    told = (Path(process.__file__).parent / "docs" / "anomalies.md").read_text(encoding="utf-8")
    missed = re.findall(
        r"(?<!-)\b(?:[dD]e|[qQ]ue|[jJ]usque|[nN]e|[sS]e|[lL]e|[lL]a) (?=[aàâeéèêiîoôuû])(?!oui|onze)\w+", told
    )
    assert missed == []
    assert re.findall(r"(?<![\d.,/])[01] (?:\w+[^s\W]s|bloquantes|fiches) ", told) == []


@pytest.mark.parametrize(("name", "said"), [("BENALI Karim", "de BENALI Karim"), ("ÉMERY Luc", "d'ÉMERY Luc")])
def test_a_name_follows_its_preposition(name, said):
    assert of(name) == said


@pytest.mark.parametrize("typed", ["0", "-3", "2,5", "²", "trois"])
def test_a_count_that_is_none_is_refused_in_french(cohort, typed):
    told = asked("consolidate", cohort.path, "--workers", typed, status=2)
    assert f"« {typed} » n'est pas un nombre entier, 1 au moins." in told
