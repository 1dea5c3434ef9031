"""How long the engine takes beside the script that a user would write with pandas, on the same filled returns.

python benchmarks/compare.py [--returns 2000] [--workers N] [--plain-sample K] [--repeat N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Measure, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MEGABYTE = 1_000_000


def main() -> None:
    """Make the returns, let each contestant read them, print the figures and the ratios."""
    options = _options()
    with tempfile.TemporaryDirectory() as place:
        folder = options.folder or Path(place) / "cohorte"
        _make(folder, options.returns)
        _compare(folder, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--returns", type=int, default=2000, help="how many filled returns (2000)")
    parser.add_argument("--workers", type=int, help="processes that read returns, as for consolidate")
    parser.add_argument("--plain-sample", type=int, help="read only so many with pandas, and extrapolate")
    parser.add_argument("--repeat", type=int, default=1, help="run each contestant so often, and keep its best (1)")
    parser.add_argument("--folder", type=Path, help="keep the cohort there, and use it again when it is there already")
    return parser.parse_args()


def _make(folder: Path, returns: int) -> None:
    found = len(list(folder.glob("retours/**/*.xlsx")))
    if not found:
        _say(f"Making {returns} filled returns...")
        _python(HERE / "returns.py", folder, "--returns", returns)
    elif found != returns:
        sys.exit(f"{folder} holds {found} returns: give --returns {found}, or another folder.")
    size = sum(path.stat().st_size for path in folder.glob("retours/**/*.xlsx"))
    _say(f"{returns} returns, {size / MEGABYTE:.0f} MB, in {folder}\n")


def _compare(folder: Path, options: argparse.Namespace) -> None:
    workers = [] if options.workers is None else ["--workers", options.workers]
    sample = [] if options.plain_sample is None else ["--limit", options.plain_sample]
    rounds = [_round(folder, workers, sample) for _ in range(options.repeat)]
    figures = {name: min((each[name] for each in rounds), key=lambda one: one.seconds) for name in rounds[0]}
    _say_figures(figures, options.returns)
    _say_stages(json.loads(figures["stages"].output))
    _say_start()


def _round(folder: Path, workers: list, sample: list) -> dict[str, Measure]:
    """Each contestant once. ``consolidate`` goes first: the plain script writes what it wrote in `Détail`."""
    contestants = HERE / "contestants.py"
    for memory in (folder / ".cohorte").glob("memoire.sqlite*"):
        memory.unlink()  # a first night
    shutil.rmtree(folder / ".cohorte" / "archive", ignore_errors=True)
    return {
        "consolidate": _python(ROOT / "process.py", "consolidate", folder, "--json", *workers, allowed=(0, 1)),
        "intake": _python(contestants, "intake", folder, *workers),
        "calamine": _python(contestants, "calamine", folder),
        "plain": _python(contestants, "plain", folder, *sample),
        "stages": _python(contestants, "stages", folder, *workers),
    }


def _say_figures(figures: dict[str, Measure], returns: int) -> None:
    plain, intake = json.loads(figures["plain"].output), json.loads(figures["intake"].output)
    reading = plain["reading"] * returns / plain["files"]
    if plain["files"] < returns:
        _say(f"pandas read {plain['files']} returns; its reading time is extrapolated to {returns}.")
    script, consolidate = reading + plain["writing"], figures["consolidate"]
    _say(f"{'':44}{'seconds':>9}{'ratio':>9}{'wanted':>9}{'memory, MB: all, largest':>28}")
    _row("pandas.read_excel on every return", reading)
    _row(f"to_excel of {plain['rows']} rows", plain["writing"])
    _row("the plain script, both", script, memory=figures["plain"])
    floor = json.loads(figures["calamine"].output)["reading"]
    _row("a bare calamine loop", floor, reading, memory=figures["calamine"])
    _row("the intake alone", intake["reading"], reading, "1/6", memory=figures["intake"])
    _row("consolidate, the whole process", consolidate.seconds, script, "1/3", memory=consolidate)


def _row(
    what: str, seconds: float, beside: float | None = None, wanted: str = "", memory: Measure | None = None
) -> None:
    """One line: ``beside`` are the seconds to compare with, ``wanted`` the ratio not to exceed."""
    ratio = f"1/{beside / seconds:.1f}" if beside else ""
    sizes = f"{memory.total / MEGABYTE:.0f}, {memory.largest / MEGABYTE:.0f}" if memory else ""
    _say(f"{what:44}{seconds:9.2f}{ratio:>9}{wanted:>9}{sizes:>28}")


def _say_stages(seconds: dict[str, float]) -> None:
    whole = seconds.pop("all")
    _say(f"\nWhere consolidate's time goes{'':17}{'seconds':>8}{'share':>9}")
    for stage, spent in [*seconds.items(), ("the rest", whole - sum(seconds.values()))]:
        _say(f"{stage:44}{spent:9.2f}{spent / whole:9.0%}")


def _say_start() -> None:
    """The command line answers before pandas could even be imported."""
    answers = [_python(ROOT / "process.py", "--help").seconds for _ in range(5)]
    imports = [_python("-c", "import pandas").seconds for _ in range(5)]
    _say(f"\n{'process.py --help (median of 5)':44}{statistics.median(answers):9.3f}")
    _say(f"{'import pandas (median of 5)':44}{statistics.median(imports):9.3f}")


def _python(*arguments: object, allowed: tuple[int, ...] = (0,)) -> Measure:
    """Run Python on a script, the engine on its path; the benchmark ends when it fails."""
    command = [sys.executable, *map(str, arguments)]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"}
    measure = run(command, env=environment)
    if measure.status not in allowed:
        raise subprocess.CalledProcessError(measure.status, command, measure.output)
    return measure


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
