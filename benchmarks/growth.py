"""What each night costs as a cohort grows, beside the plain script and the floor, in one run: a table and a picture.

python -m benchmarks.growth [--returns 200 2000] [--plain-sample 200] [--workers N] [--folder DIR] [--picture FILE.svg]

Seconds of processor of every process of each contestant together: on a machine that does other work too, they are what
can be compared. The last rows of the table are ratios, by processor then by the clock, which only a quiet machine
tells truly, and the memory of the first night. 20,000 returns take many minutes: they are measured when asked for.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import nights, returns
from benchmarks.measure import Measure, run

HERE = Path(__file__).resolve().parent
PLAIN, FIRST, FLOOR = "the plain script", nights.FIRST, "the floor"
CONTESTANTS = {
    PLAIN: "#9B2C14",
    FIRST: "#14506B",
    "one return gone": "#5F8799",
    "night after": "#C77B30",
    "nothing changed": "#4A5763",
    FLOOR: "#A0A8AF",
}
"""In the order of the table, with the colour of each in the picture."""


class Spent(NamedTuple):
    """Seconds of processor, and by the clock; the most memory that all processes held together, in bytes."""

    processor: float
    clock: float
    memory: int = 0


Seconds = Mapping[str, Spent]


def main() -> None:
    """Measure each size, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--returns", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--plain-sample", type=int, default=200, help="read so many with pandas, and extrapolate (200)")
    parser.add_argument("--workers", type=int, help="processes that read returns (one per processor)")
    parser.add_argument("--folder", type=Path, help="keep the cohorts there, and use them again the next time")
    parser.add_argument("--picture", type=Path, help="draw the growth there, as SVG")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = options.folder or Path(place)
        found = {size: measured(root / str(size), size, options) for size in options.returns}
    print(table(found))
    if options.picture:
        options.picture.write_text(picture(found), encoding="utf-8")


def measured(path: Path, size: int, options: argparse.Namespace) -> Seconds:
    """What each contestant spends over a cohort of so many returns, made unless it is there."""
    if not path.exists():
        returns.make(path, size)
    found = {name: _spent(each) for name, each in nights.nights(path, options.workers)}
    sample = min(size, options.plain_sample)
    reading, script = (_contestant(path, name, "--limit", str(sample)) for name in ("imports", "plain"))
    whole = json.loads(script.output)
    writing = Spent(whole["writing_cpu"], whole["writing"])
    scale = size / whole["files"]
    floor = json.loads(_contestant(path, "floor").output)
    return {
        **{name: found[name] for name in CONTESTANTS if name in found},
        PLAIN: Spent(
            *(
                once + (all_of_it - written - once) * scale + written
                for once, all_of_it, written in zip(_spent(reading)[:2], _spent(script)[:2], writing[:2], strict=True)
            )
        ),
        FLOOR: Spent(floor["cpu"], floor["reading"] + floor["writing"]),
    }


def _contestant(path: Path, name: str, *options: str) -> Measure:
    paths = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, str(HERE / "contestants.py"), name, str(path), *options]
    measure = run(command, env=os.environ | {"PYTHONPATH": paths, "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"})
    if measure.status:
        raise subprocess.CalledProcessError(measure.status, command, measure.output)
    return measure


def _spent(measure: Measure) -> Spent:
    if measure.cpu is None:
        sys.exit("Only Linux tells what a whole tree of processes spent.")
    return Spent(measure.cpu, measure.seconds, measure.total)


# --------------------------------------------------------------------------------------------- shown


def table(found: Mapping[int, Seconds]) -> str:
    """The seconds of processor of each contestant by size, as a table of Markdown, and what they are of others."""
    lines = ["| seconds of processor | " + " | ".join(f"{size:,} returns" for size in found) + " |"]
    lines.append("| --- |" + " ---: |" * len(found))
    for name in CONTESTANTS:
        lines.append(_row(name, (seconds[name].processor for seconds in found.values())))
    for dividend, divisor in ((PLAIN, FIRST), (FIRST, FLOOR)):
        for rank, how in enumerate(("processor", "clock")):
            ratios = (seconds[dividend][rank] / seconds[divisor][rank] for seconds in found.values())
            lines.append(_row(f"{dividend} / {divisor}, by {how}", ratios))
    for name in (FIRST, nights.SAME):
        lines.append(_row(f"{name}, MB", (seconds[name].memory / nights.MEGABYTE for seconds in found.values())))
    return "\n".join(lines)


def _row(name: str, figures: Iterable[float]) -> str:
    return f"| {name} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |"


_LEFT, _TOP, _WIDTH, _HEIGHT, _ROOM = 60, 20, 460, 300, 150  # pixels


def picture(found: Mapping[int, Seconds]) -> str:
    """The same as SVG: both scales logarithmic, so that a cost that grows with the returns is a slope of one."""
    values = [spent.processor for seconds in found.values() for spent in seconds.values()]
    across, up = _scale(list(found), _WIDTH), _scale(values, _HEIGHT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + _ROOM} {_TOP + _HEIGHT + 40}" '
        'font-family="Arial, sans-serif" font-size="12">',
        f"<title>{', '.join(CONTESTANTS)}: seconds of processor by number of returns</title>",
    ]
    for size in found:
        parts.append(
            f'<text x="{_LEFT + across(size):.0f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{size}</text>'
        )
    for power in range(math.ceil(math.log10(min(values))), math.floor(math.log10(max(values))) + 1):
        y = _TOP + _HEIGHT - up(10.0**power)
        parts.append(f'<path d="M{_LEFT} {y:.0f}h{_WIDTH}" stroke="#C9D0D6"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    for name, colour in CONTESTANTS.items():
        spots = [
            (_LEFT + across(size), _TOP + _HEIGHT - up(seconds[name].processor)) for size, seconds in found.items()
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
    parts += _names({name: _TOP + _HEIGHT - up(list(found.values())[-1][name].processor) for name in CONTESTANTS})
    return "\n".join([*parts, "</svg>", ""])


def _names(heights: Mapping[str, float]) -> Iterator[str]:
    """The name of each line at its right end, clear of the one above."""
    last = 0.0
    for name, height in sorted(heights.items(), key=lambda entry: entry[1]):
        last = max(height, last + 14)
        yield f'<text x="{_LEFT + _WIDTH + 8}" y="{last + 4:.1f}" fill="{CONTESTANTS[name]}">{name}</text>'


def _scale(values: Sequence[float], length: int):
    """Where a value stands on a logarithmic axis of this length, from the least of ``values`` to the greatest."""
    low, high = math.log10(min(values)), math.log10(max(values))
    return lambda value: length * (math.log10(value) - low) / ((high - low) or 1)


if __name__ == "__main__":
    main()
