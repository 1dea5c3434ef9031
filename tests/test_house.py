"""The house keeps its shape: who may import whom, and how fast the command line answers."""

import os
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent


def test_stages_do_not_import_each_other(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_help_imports_nothing_heavy():
    code = "import sys, process; print(*(m for m in ('pandas', 'pydantic', 'xlsxwriter', 'openpyxl') if m in sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert found.stdout.strip() == ""


def test_the_readers_of_returns_start_without_pandas():
    code = "import sys, engine.intake.pool; print('pandas' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
