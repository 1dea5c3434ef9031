"""No English reaches the people who use the program: what the system and click say is said in French."""

from __future__ import annotations

import ast
import errno
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import process
from engine.model.faults import reason
from engine.terminal import french

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
_SAME = ("{value!r} is not a valid UUID.", "Options")


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
