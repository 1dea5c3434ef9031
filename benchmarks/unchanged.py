"""Which files two states of the program write otherwise: for a change that must change nothing that people see.

python -m benchmarks.unchanged [REVISION] [--returns 60] [--seed 0]

The sample, a cohort of forgetful people and one of another certification are issued and consolidated, twice each, by
the program of ``REVISION`` (the last commit) and by the one in this folder, at the same place and at the same pretended
moment. Their files are compared byte by byte, those that are packages member by member. Ends with 1 if any differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks import returns
from engine.workspace.cohort import Folder

ROOT = Path(__file__).resolve().parent.parent
MOMENT = "1750000000"  # seconds; after the sample's last return
JOBS = ("templates", "jury", "consolidate", "fiches", "consolidate")
Digests = Mapping[str, str]
"""By path, or by path and member."""


def main() -> None:
    """Compare, and say how many files are the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("revision", nargs="?", default="HEAD")
    parser.add_argument("--returns", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of what the forgetful cohort leaves out or mistypes (0)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        before = Path(place) / "before"
        _git("worktree", "add", "--quiet", "--detach", str(before), options.revision)
        try:
            differ = [
                each for name in _cohorts(Path(place), options) for each in _differences(Path(place), name, before)
            ]
        finally:
            _git("worktree", "remove", "--force", str(before))
    sys.exit(bool(differ))


def _git(*words: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *words], check=True)


def _cohorts(place: Path, options: argparse.Namespace) -> Iterator[str]:
    """Make each cohort in a folder of its name, and name it."""
    shutil.copytree(ROOT / "sample_data", place / "sample")
    yield "sample"
    returns.make(place / "forgetful", options.returns, 2, seed=options.seed)
    yield "forgetful"
    other = str(ROOT / "docs" / "exemples" / "bts.toml")
    returns.make(place / "other", options.returns, referential=other, seed=options.seed)
    yield "other"


def _differences(place: Path, name: str, before: Path) -> list[str]:
    """What the two programs write otherwise for a cohort; printed too."""
    old, new = (_written(place / name, place / "cohorte", tree) for tree in (before, ROOT))
    found = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    print(f"{name}: {len(new)} files and members, {len(found)} differ", *found, sep="\n  ", flush=True)
    return found


def _written(source: Path, cohort: Path, tree: Path) -> Digests:
    """The digest of everything the program of a tree has written, from a copy of a cohort at one place."""
    shutil.copytree(source, cohort)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": MOMENT}
    for job in JOBS:
        done = subprocess.run(
            [sys.executable, str(tree / "process.py"), job, str(cohort)],
            cwd=tree,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{tree.name}: {job} ended with {done.returncode}\n{done.stderr.decode()}")
    found = dict(_digests(cohort))
    shutil.rmtree(cohort)
    return found


def _digests(cohort: Path) -> Iterator[tuple[str, str]]:
    for folder in (Folder(cohort).outgoing, Folder(cohort).results):
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            name = path.relative_to(cohort).as_posix()
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as package:
                    for member in package.namelist():
                        yield f"{name} > {member}", hashlib.sha256(package.read(member)).hexdigest()


if __name__ == "__main__":
    main()
