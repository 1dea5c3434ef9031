"""What a night costs, beside the first one, when nothing changed since, when one sheet did, and the night after.

python -m benchmarks.nights [--returns 20000] [--versions 2] [--workers N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import returns
from benchmarks.measure import Measure, run
from engine.workspace.cohort import Folder

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
FIRST, SAME = "first night", "nothing changed"
SETTLED = 3  # seconds: a return that was written just before a night is looked at again by the next one
QUIET = 10  # a night that changed nothing takes at most this part of the first one


def main() -> None:
    """Five nights over one cohort, each a process of its own. Ends with 1 when a quiet night is not quiet enough."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--returns", type=int, default=20_000)
    parser.add_argument("--versions", type=int, default=2, help="of each sheet: the last one counts (2)")
    parser.add_argument("--workers", type=int, help="processes that read returns (one per processor)")
    parser.add_argument("--folder", type=Path, help="keep the cohort there, and use it again the next time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        path = options.folder or Path(place) / "cohorte"
        if not path.exists():
            returns.make(path, options.returns, options.versions)
        found: dict[str, Measure] = {}
        for name, measure in nights(path, options.workers):
            found[name] = _told(name, measure, found.get(FIRST))
    sys.exit(found[SAME].seconds * QUIET > found[FIRST].seconds)


def nights(path: Path, workers: int | None = None) -> Iterator[tuple[str, Measure]]:
    """What each night of a cohort costs, by its name; the returns are in the end what they were."""
    folder = Folder(path)
    compileall.compile_dir(ROOT / "engine", quiet=1)  # as it is once installed
    _forget(folder)
    time.sleep(SETTLED)
    yield FIRST, _consolidate(path, workers)
    yield SAME, _consolidate(path, workers)
    one = min(folder.returns.rglob("*Grille*.xlsx"))
    away = one.rename(folder.path / one.name)
    try:
        yield "one return gone", _consolidate(path, workers)
        yield "night after", _consolidate(path, workers)
    finally:
        away.rename(one)
    yield "it came back", _consolidate(path, workers)


def _forget(folder: Folder) -> None:
    """Have the next night be the first one."""
    folder.memory.unlink(missing_ok=True)
    for place in (folder.archive, folder.results):
        shutil.rmtree(place, ignore_errors=True)


def _consolidate(path: Path, workers: int | None) -> Measure:
    command = [sys.executable, str(ROOT / "process.py"), "consolidate", str(path)]
    measure = run([*command, *(["--workers", str(workers)] if workers else [])], stderr=subprocess.DEVNULL)
    if measure.status not in (0, 1):
        raise subprocess.CalledProcessError(measure.status, command, measure.output)
    return measure


def _told(what: str, measure: Measure, first: Measure | None = None) -> Measure:
    ratio = f"  1/{first.seconds / measure.seconds:.1f} of the first" if first else ""
    cpu = "" if measure.cpu is None else f"  {measure.cpu:6.1f} s of processor"
    print(f"{what:16} {measure.seconds:7.1f} s{cpu}  {measure.total / MEGABYTE:5.0f} MB{ratio}", flush=True)
    return measure


if __name__ == "__main__":
    main()
