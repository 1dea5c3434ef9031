"""CONTRIBUTING.md and docs/architecture.md name files, symbols and commands that are there."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)((?:, `\w+`)*)")
RECIPES = dict(re.findall(r"^### (.+?)\n(.+?)(?=^### |\Z)", GUIDE, re.MULTILINE | re.DOTALL))
STEPS = [(title, step) for title, text in RECIPES.items() for step in re.findall(r"^\d+\. .+$", text, re.MULTILINE)]
FOLDERS = ("engine", "tests", "docs", "templates_xlsx", "sample_data", ".ci")


def test_every_way_to_grow_has_its_recipe():
    assert list(RECIPES) == [
        "A decision rule",
        "An anomaly",
        "A kind of sheet",
        "A column of the results",
        "A command",
        "A certification",
    ]


@pytest.mark.parametrize(("title", "step"), STEPS)
def test_a_step_names_files_that_exist_and_symbols_that_they_define(title, step):
    links = LINK.findall(step)
    assert links, f"{title}: a step begins with its file"
    for shown, path, symbols in links:
        assert shown == path
        assert (ROOT / path).is_file()
        assert set(re.findall(r"`(\w+)`", symbols)) <= defined(ROOT / path)


def defined(path):
    """The names that a module defines at its top; none for another file."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body if path.suffix == ".py" else ():
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(target.id for target in targets if isinstance(target, ast.Name))
    return names


@pytest.mark.parametrize("text", [GUIDE, ARCHITECTURE], ids=["CONTRIBUTING", "architecture"])
def test_every_path_that_is_named_exists(text):
    named = {name for name in re.findall(r"`([^`\s]+/[^`\s]*)`", text) if name.split("/")[0] in FOLDERS}
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_module_that_is_run_exists():
    modules = set(re.findall(r"python -m ([\w.]+)", GUIDE))
    assert modules >= {"tests.spoil", "tests.sample_cohort", "tests.sample_cohort.pictures"}
    for module in modules:
        found = importlib.util.find_spec(module)
        assert found is not None
        if found.submodule_search_locations:
            assert importlib.util.find_spec(f"{module}.__main__") is not None


def test_every_floor_of_the_contract_is_in_the_architecture():
    settings = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    layers = settings.partition("layers =\n")[2].partition("\n\n")[0]
    for module in re.findall(r"engine\.(\w+)", layers):
        assert f"`engine/{module}`" in ARCHITECTURE


def test_the_readme_leads_to_both():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](CONTRIBUTING.md)" in readme
    assert "](docs/architecture.md)" in readme
