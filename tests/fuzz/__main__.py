"""``python -m tests.fuzz --cases 100000 --seed 7``: longer runs by hand; each failure can be kept as a file."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from tests.fuzz.run import prepare, run, spoil


@click.command()
@click.option("--cases", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder where the files that failed are written.")
def main(cases: int, seed: int, workers: int, keep: Path | None) -> None:
    """Spoil returns at random and read them."""
    with tempfile.TemporaryDirectory() as place:
        folder, started = prepare(Path(place)), time.perf_counter()
        failures = run(folder, cases, seed, workers)
        for failure in failures:
            click.echo(f"{failure.number} ({failure.seed_file}; {', '.join(failure.done)}): {failure.what}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{seed}-{failure.number}.xlsx").write_bytes(spoil(folder, seed, failure.number)[1])
        click.echo(f"{cases} cases, seed {seed}: {len(failures)} failures, {time.perf_counter() - started:.0f} s")
    raise SystemExit(bool(failures))


if __name__ == "__main__":
    main()
