"""The guides: every command they give runs, in their order, on a cohort that they could be about; every link leads."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from process import main

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GUIDES = sorted(DOCS.glob("guides/*.md"))
PAGES = [DOCS / "README.md", *GUIDES]
ABOUT = "lyon-2025"
REFUSED = {"close lyon-2025": 3}
"""What a guide shows being refused, with the exit status."""


def commands(guide):
    return [
        line.removeprefix("cohorte ")
        for block in re.findall(r"^```sh\n(.*?)^```", guide.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_command_of_a_guide_runs_where_it_stands(guide, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in commands(guide):
        done = CliRunner().invoke(main, shlex.split(command))
        assert done.exit_code in ({REFUSED[command]} if command in REFUSED else {0, 1}), f"{command}: {done.output}"
        assert done.exception is None or isinstance(done.exception, SystemExit), f"{command}: {done.exception!r}"
        if command.startswith("init "):  # the roster is filled, and returns come
            shutil.copytree(ROOT / "sample_data", tmp_path / ABOUT, dirs_exist_ok=True)


def test_the_secretariat_s_guide_goes_from_opening_to_closing():
    words = [command.split()[0] for command in commands(DOCS / "guides" / "secretariat.md")]
    assert [word for word in words if word in ("init", "templates", "consolidate", "close", "reopen")] == [
        "init",
        "templates",
        "consolidate",
        "close",
        "close",
        "reopen",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_picture_of_a_page_is_there(page):
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not (page.parent / target).resolve().exists()] == []


def test_the_first_page_leads_to_every_guide_and_every_page_of_reference():
    led = set(re.findall(r"\]\(([^)#]+)\)", (DOCS / "README.md").read_text(encoding="utf-8")))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"README.md"}
    assert there - led == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_is_one_to_three_pages(guide):
    assert 200 < len(guide.read_text(encoding="utf-8").split()) < 1300
