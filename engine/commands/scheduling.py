"""Many cohorts on many machines: each is consolidated whole, by one worker of a Dask cluster.

The unit is a cohort. Its files never go through Dask: a worker opens the folder where it stands, and is alone on it, as
any run is. A worker that is lost takes nothing along: its cohort is run again elsewhere, and what the lost run left
half done is what any next run finds. Workers must not be daemons (``distributed.worker.daemon: false``), for the
processes that read returns are their children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from logging import ERROR
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from engine.commands.options import Options
from engine.commands.report import Report
from engine.model.errors import EngineError

Result = TypeVar("Result")

LOCAL = "local"
"""The address that stands for this machine: one worker per processor."""

PATIENCE = 20
"""Seconds to wait for a scheduler."""

LIVES = 3
"""Workers that may be lost on one cohort before it is given up: it is then what kills them."""


def consolidate_on(
    address: str, folders: Sequence[Path], options: Options
) -> Iterator[tuple[Path, Report | EngineError]]:
    """Each cohort with what its consolidation gave, or what stopped it, as they end.

    ``address``: a scheduler's (``tcp://host:8786``), or :data:`LOCAL`. Raises :class:`EngineError` when Dask is not
    installed or nobody answers there.
    """
    for rank, outcome in spread(address, _night, [(folder.absolute(), options) for folder in folders]):
        yield folders[rank], outcome


def spread(
    address: str, work: Callable[..., Result | EngineError], tasks: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Result | EngineError]]:
    """The rank of each task with what the work gave for its arguments, on the workers of a cluster, as they end."""
    with _client(address) as (distributed, client):
        futures = {
            client.submit(work, *arguments, key=f"cohorte-{rank}", pure=False): rank
            for rank, arguments in enumerate(tasks)
        }
        for future in distributed.as_completed(futures):
            fault = future.exception()
            yield futures[future], future.result() if fault is None else _lost(fault, distributed.KilledWorker)
            future.release()


def _lost(fault: BaseException, killed: type[BaseException]) -> EngineError:
    """Why a cohort has no result."""
    if isinstance(fault, killed):
        return EngineError(
            f"{LIVES} processus ont été perdus sur cette cohorte : rien n'est fait pour elle. Recommencez avec elle "
            "seule, sur une machine, pour voir ce qui les arrête."
        )
    return EngineError(f"Le calcul n'a pas pu être mené : {fault}.")


def _night(folder: Path, options: Options) -> Report | EngineError:
    """One consolidation, where the worker is. An error goes back as its sentence: not all can be sent."""
    from engine.commands import consolidate, runs

    try:
        with runs.told(folder, "consolidate"):
            return consolidate.consolidate(folder, options)
    except EngineError as refusal:
        return EngineError(str(refusal))


@contextmanager
def _client(address: str) -> Iterator[tuple[Any, Any]]:
    """Dask, and a client of the cluster."""
    try:
        dask, distributed = import_module("dask"), import_module("distributed")
    except ImportError as fault:
        raise EngineError(
            "L'option --scheduler demande Dask : installez-le avec « pip install 'cohorte[nation]' »."
        ) from fault
    settings = {"distributed.worker.daemon": False, "distributed.scheduler.allowed-failures": LIVES - 1}
    with dask.config.set(settings), TemporaryDirectory(prefix="cohorte-", ignore_cleanup_errors=True) as scratch:
        if address == LOCAL:
            here = {"threads_per_worker": 1, "dashboard_address": None, "local_directory": scratch}
            with distributed.LocalCluster(**here, silence_logs=ERROR) as cluster, distributed.Client(cluster) as client:
                yield distributed, client
            return
        try:
            client = distributed.Client(address, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as fault:
            raise EngineError(
                f"Aucun ordonnanceur Dask ne répond à l'adresse « {address} ». Vérifiez-la, et qu'il est lancé."
            ) from fault
        with client:
            yield distributed, client
