"""How long the results workbook of a large cohort takes to write, and how much memory: the marks are drawn at random.

    python benchmarks/workbook.py [--candidates 2000] [--keep FILE]

Each candidate has a tutor, a trainer and two jurors, who fill every input of their sheets, and every mark and answer.
They are drawn in a process of their own, for drawing leaves more behind than it makes. The memory is that of the whole
process that writes, the marks, the decisions and the libraries included.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import psutil

sys.path.append(str(Path(__file__).resolve().parent.parent))

from engine import referential
from engine.assessment import decide
from engine.ledger.comparison import Evolution
from engine.model import Candidate, Evaluator, Kind, Referential, Role, Roster, Run, Session, forms, tables
from engine.model.forms import Domain, Nature
from engine.outputs import workbook
from engine.outputs.content import Content

RATERS = {
    Kind.GRILLE: ("T01", "F01"),
    Kind.TRAVAUX: ("T01", "F01"),
    Kind.TRANSVERSALE: ("J01", "J02"),
    Kind.ORAL: ("J01", "J02"),
    Kind.NOTES: ("",),
    Kind.VALIDATION: ("R01",),
}
ROLES = {"T01": Role.TUTOR, "F01": Role.TRAINER, "J01": Role.JUROR, "J02": Role.JUROR, "R01": Role.REFERENT}
MEGABYTE = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="write the workbook there and leave it")
    options = parser.parse_args()
    with ProcessPoolExecutor(1, get_context("spawn")) as drawing:
        content = drawing.submit(content_of, options.candidates).result()
    before = psutil.Process().memory_info().rss
    with tempfile.TemporaryDirectory() as folder:
        target = options.keep or Path(folder) / "resultats.xlsx"
        started, busy = time.perf_counter(), time.process_time()
        workbook.write(target, Content(**content))
        seconds, used = time.perf_counter() - started, time.process_time() - busy
        size = target.stat().st_size
    print(f"{options.candidates} candidates, {len(content['marks'])} marks")
    print(f"{seconds:.1f} s ({used:.1f} s of processor), {size / MEGABYTE:.1f} MB written")
    print(f"{peak() / MEGABYTE:.0f} MB of memory at most, {before / MEGABYTE:.0f} of them before writing")


def peak() -> int:
    """The largest resident size of this process so far, in bytes."""
    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):  # Windows
        return memory.peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def content_of(candidates: int) -> dict[str, object]:
    """The fields of a :class:`engine.outputs.content.Content`."""
    certification = referential.load("cgco_rncp34465")
    people = tuple(
        Candidate(
            id=f"C{rank:04d}",
            last_name=f"Martin-Duval {rank}",
            first_name="Éloïse",
            tutors=RATERS[Kind.GRILLE][:1],
            trainers=RATERS[Kind.GRILLE][1:],
            jurors=RATERS[Kind.ORAL],
        )
        for rank in range(candidates)
    )
    staff = tuple(
        Evaluator(id=name, last_name=f"Nom {name}", first_name="Karim", roles=frozenset({role}))
        for name, role in ROLES.items()
    )
    roster = Roster(session=Session(), candidates=people, evaluators=staff)
    marks = table_of(rows(roster, certification))
    marks["value"] = shared(marks["value"])
    return {
        "referential": certification,
        "roster": roster,
        "run": Run(made_at=datetime(2025, 6, 14, 2, 10), program_version="0"),
        "outcomes": decide.decide(marks, roster, certification, {}),
        "marks": marks,
        "anomalies": tables.anomaly_rows(()),
        "files": tables.table(tables.FILES, ()),
        "missing": tables.table(tables.MISSING_SHEETS, ()),
        "evolution": Evolution(since=None),
    }


def table_of(made: Iterator[tuple]) -> pd.DataFrame:
    """As :func:`.tables.table` makes it, some rows at a time: drawing must not be what takes most memory."""
    parts = []
    while block := list(islice(made, 20_000)):
        parts.append(tables.table(tables.MARKS, block))
    categories = {
        name: pd.Index(sorted(set().union(*(part[name].cat.categories for part in parts))))
        for name in tables.MARKS
        if isinstance(parts[0][name].dtype, pd.CategoricalDtype)
    }
    for part in parts:
        for name, known in categories.items():
            part[name] = part[name].cat.set_categories(known)
    return pd.concat(parts, ignore_index=True)


def shared(values: pd.Series) -> list[object]:
    """One object for each value, as the reading of returns gives them."""
    known: dict[tuple[type, str], object] = {}
    return [known.setdefault((type(value), str(value)), value) for value in values]


def rows(roster: Roster, certification: Referential) -> Iterator[tuple]:
    """The rows of the table of marks, a plausible value in each input."""
    draw = random.Random(1)
    for kind, raters in RATERS.items():
        for rank, rater in enumerate(raters):
            form = forms.build(
                certification, kind, candidates=roster.candidates, candidate_columns=kind is Kind.GRILLE and rank == 0
            )
            for candidate in roster.candidates:
                file = f"{kind.lower()}/{rater}/{candidate.name}.xlsx"
                chosen = [row for row in form.rows if not form.by_candidate_rows] or [None]
                cells = [
                    (row.code if row else entry.name, entry, form.domain(entry, row) if row else entry.domain)
                    for row in chosen
                    for entry in form.inputs
                ]
                if not form.by_candidate_rows:
                    cells += [("", entry, entry.domain) for entry in form.singles]
                for place, (code, entry, domain) in enumerate(cells):
                    value = drawn(domain, draw)
                    yield (
                        file,
                        form.title,
                        f"D{place + 9}",
                        str(kind),
                        candidate.id,
                        rater,
                        entry.name,
                        code,
                        str(value),
                        value,
                        tables.VALUE,
                    )


def drawn(domain: Domain, draw: random.Random) -> Decimal | str | date:
    """Something that may stand in an input."""
    if domain.nature is Nature.NUMBER:
        return draw.choice(domain.values) if domain.values else Decimal(draw.randrange(800, 2000)) / 100
    if domain.nature is Nature.DATE:
        return date(2025, 6, 2)
    if domain.nature is Nature.TEXT:
        return f"Suivi du portefeuille {draw.randrange(100_000)}, relance des impayés, visite du salon professionnel"
    return {Nature.YES_NO: draw.choice(("Oui", "Oui", "Oui", "Non")), Nature.TICK: "x"}[domain.nature]


if __name__ == "__main__":
    main()
