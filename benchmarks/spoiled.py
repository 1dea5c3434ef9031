"""How much longer, and in how much memory, a cohort is consolidated with every spoiled return of the tests beside it.

python -m benchmarks.spoiled [--repeat N] [--workers N]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measure, run
from tests.spoil.case import Desk
from tests.spoil.judge import Corpus

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
SECONDS, MEMORY = 10, 500  # what the spoiled returns may add; what all processes may hold, in MB


def main() -> None:
    """Consolidate both folders turn by turn; print the best of each. Ends with 1 beyond what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="consolidate each folder so often, and keep its best (3)")
    parser.add_argument("--workers", type=int, default=2, help="processes that read returns (2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        alone = Desk(Path(place) / "seule")
        alone.drop_valid()
        mixed = Corpus(Path(place) / "mêlée").desk
        turns = [[_consolidate(desk, options.workers) for desk in (alone, mixed)] for _ in range(options.repeat)]
        files = [sum(1 for path in desk.returns.rglob("*") if not path.is_dir()) for desk in (alone, mixed)]
    clean, spoiled = (min(each, key=lambda one: one.seconds) for each in zip(*turns, strict=True))
    longer, memory = spoiled.seconds - clean.seconds, max(spoiled.total for _, spoiled in turns) / MEGABYTE
    print(f"{files[0]} good returns alone: {clean.seconds:.1f} s, {clean.total / MEGABYTE:.0f} MB")
    print(f"{files[1]} with the spoiled ones: {spoiled.seconds:.1f} s, {memory:.0f} MB (wanted: {MEMORY})")
    print(f"longer by {longer:.1f} s (wanted: {SECONDS})")
    sys.exit(longer > SECONDS or memory > MEMORY)


def _consolidate(desk: Desk, workers: int) -> Measure:
    command = [sys.executable, ROOT / "process.py", "consolidate", desk.cohort.path, "--workers", workers]
    measure = run(list(map(str, command)), stderr=subprocess.DEVNULL)
    if measure.status not in (0, 1):
        raise subprocess.CalledProcessError(measure.status, command, measure.output)
    return measure


if __name__ == "__main__":
    main()
