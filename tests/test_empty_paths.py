"""A path that is an empty text, as a variable of the shell that was never set leaves it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from engine.terminal.main import main


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", ""),
        ("init", "x", "--from", ""),
        ("templates", " "),
        ("templates", "--blank", ""),
        ("check", ""),
        ("consolidate", ""),
        ("status", ""),
        ("forget", "", "C01"),
        ("verify", ""),
        ("rollup", "", "x"),
        ("referential", "cgco_rncp34465", ""),
        ("demo", ""),
    ],
)
def test_an_empty_path_is_not_the_folder_one_is_in(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "le nom est vide ; « . » désigne le dossier où vous êtes." in done.output.replace("\u202f", " ")
    assert list(tmp_path.iterdir()) == []
