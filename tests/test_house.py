"""The house keeps its shape: who may import whom, and how fast the command line answers."""

import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent


def test_stages_do_not_import_each_other(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_help_imports_nothing_heavy():
    heavy = ("pandas", "pydantic", "xlsxwriter", "openpyxl", "python_calamine", "pebble")
    assert loaded_by("import process", heavy) == []


def test_the_readers_of_returns_start_without_pandas():
    assert loaded_by("import engine.intake.pool", ("pandas", "openpyxl", "xlsxwriter")) == []


def loaded_by(statement, modules):
    code = f"{statement}; import sys; print(*(name for name in {modules!r} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.split()
