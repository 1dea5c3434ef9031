"""``rollup``: the certifier's workbook and page over many deliveries."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from engine.commands.certifier.receiving import Reading, Sent, asked, counting, read_delivery
from engine.commands.night import scheduling
from engine.commands.verify import Passphrase
from engine.model.errors import EngineError
from engine.outputs import nation
from engine.outputs.nation import Received, State
from engine.workspace import clock
from engine.workspace.files import clear, forsaken, holding, write_together


@dataclass(frozen=True)
class Rolled:
    """What was put together, and where it stands."""

    nation: nation.Nation
    received: Sequence[Received]
    result: Path
    page: Path
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether there is nothing to say of any delivery, but that another replaces it."""
        return all(each.state is State.REPLACED or not each.why for each in self.received)

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        return {
            "deliveries": len(self.received),
            "refused": self.nation.refused,
            "candidates": self.nation.candidates,
            "alerts": self.nation.alerts,
            "result": str(self.result),
            "seconds": round(self.seconds, 3),
        }


def rollup(target: Path, paths: Iterable[Path], passphrase: Passphrase, scheduler: str | None = None) -> Rolled:
    """Read every delivery (on a Dask cluster with ``scheduler``) and write the workbook, with a page beside it.

    The workbook is the same whatever the order of the deliveries and wherever they are read. Raises
    :class:`EngineError` when none can be read.
    """
    started = time.perf_counter()
    if target.suffix.lower() != ".xlsx":
        raise EngineError(f"« {target} » : le classeur à écrire se termine par .xlsx.")
    readings = _readings(asked(paths, passphrase), scheduler)
    cohorts, received = counting(readings, one_certification=True)
    found = nation.gather(cohorts, received)
    title, page = f"{cohorts[0].certification} : vue nationale", target.with_suffix(".html")
    write_together(
        {
            target: partial(nation.write, nation=found, title=title, made_at=clock.now()),
            page: holding(nation.page(found, title).encode()),
        }
    )
    clear([*forsaken(target), *forsaken(page)])
    return Rolled(found, received, target, page, time.perf_counter() - started)


def _readings(sent: Sequence[Sent], scheduler: str | None) -> list[Reading]:
    if scheduler is None:
        return list(map(read_delivery, sent))
    tasks = [(replace(each, path=each.path.absolute()),) for each in sent]
    readings: dict[int, Reading] = {}
    for rank, read in scheduling.spread(scheduler, read_delivery, tasks):
        if isinstance(read, EngineError):
            read = Reading(sent[rank].name, why=str(read))
        readings[rank] = read
    return [readings[rank] for rank in range(len(sent))]
