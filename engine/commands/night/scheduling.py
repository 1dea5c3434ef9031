"""Many cohorts on many machines: each is consolidated whole, by one worker of a Dask cluster.

The unit is a cohort. Its files never go through Dask: a worker opens the folder where it stands, and is alone on it, as
any run is. A worker that is lost takes nothing along: its cohort is run again elsewhere, and what the lost run left
half done is what any next run finds. Workers must not be daemons (``distributed.worker.daemon: false``), for the
processes that read returns are their children; the scheduler and they must find this program, which an installation
keeps below one package (``--preload cohorte.process``).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from logging import CRITICAL, ERROR, getLogger
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import uuid4

from engine.commands.night.failing import told_in_the_morning
from engine.commands.options import Options
from engine.commands.report import Report
from engine.model.errors import EngineError
from engine.workspace import digest
from engine.workspace.cohort import Folder

Result = TypeVar("Result")

LOCAL = "local"
"""The address that stands for this machine: one worker per processor."""

PATIENCE = 20
"""Seconds to wait for a scheduler, and between two looks at who works."""

DESERTED = 3
"""Looks in a row that find nobody at work, after which what is left is given up."""

LIVES = 3
"""Workers of this machine that may be lost on one cohort before it is given up: it is then what kills them."""


class UndoneError(EngineError):
    """Dask did not do a task, or nobody has it any more: nothing else will tell of it."""


def consolidate_on(
    address: str, folders: Sequence[Path], options: Options
) -> Iterator[tuple[Path, Report | EngineError]]:
    """Each cohort with what its consolidation gave, or what stopped it, as they end.

    ``address``: a scheduler's (``tcp://host:8786``), or :data:`LOCAL`. Raises :class:`EngineError` when Dask is not
    installed or nobody answers there.
    """
    there = replace(options, key_file=options.key_file.absolute() if options.key_file else None)
    for rank, outcome in spread(address, _night, [(folder.absolute(), there) for folder in folders]):
        if isinstance(outcome, UndoneError) and not options.dry_run:
            _note(folders[rank], outcome)
        yield folders[rank], outcome


def _note(folder: Path, undone: UndoneError) -> None:
    """Begin the morning page of a cohort with what no worker could write there, unless one is at it still."""
    from engine.commands import runs

    with suppress(EngineError), told_in_the_morning(Folder(folder)), runs.alone(Folder(folder), "consolidate"):
        raise undone


def spread(
    address: str, work: Callable[..., Result | EngineError], tasks: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Result | EngineError]]:
    """The rank of each task with what the work gave for its arguments, on the workers of a cluster, as they end.

    Raises :class:`EngineError` as :func:`consolidate_on` does."""
    with _client(address) as (distributed, client):
        night, program = uuid4().hex, digest.program()  # a cluster takes two tasks of one name for the same
        waiting = {
            client.submit(_there, program, work, arguments, key=f"cohorte-{night}-{rank}", pure=False): rank
            for rank, arguments in enumerate(tasks)
        }
        for future in _as_they_end(client, waiting):
            if future is None:
                yield from ((rank, UndoneError(_NOBODY)) for rank in waiting.values())
                return
            with suppress(TimeoutError):  # who had the result is lost: it is being made again
                outcome = _outcome(future, distributed)
                yield waiting.pop(future), outcome


def _as_they_end(client: Any, waiting: dict[Any, int]) -> Iterator[Any]:
    """The futures that ended, until none is ``waiting``; ``None`` once nobody works any more."""
    ended: SimpleQueue[Any] = SimpleQueue()
    for future in waiting:
        future.add_done_callback(ended.put)
    idle = 0
    while waiting:
        try:
            future = ended.get(timeout=PATIENCE)
        except Empty:
            idle = 0 if _at_work(client) else idle + 1
            if idle == DESERTED:
                yield None
        else:
            idle = 0
            yield future
            if future in waiting:
                future.add_done_callback(ended.put)


def _at_work(client: Any) -> bool:
    """Whether the cluster has a worker."""
    try:
        return bool(client.nthreads())
    except (OSError, TimeoutError):
        return False


def _outcome(future: Any, distributed: Any) -> Any:
    """What a task gave, or why it has no result. Raises :class:`TimeoutError` when that is not known yet."""
    try:
        return future.result(timeout=PATIENCE)
    except TimeoutError:
        raise
    except distributed.KilledWorker as fault:
        return UndoneError(
            f"{fault.allowed_failures + 1} processus ont été perdus sur cette cohorte : rien n'est fait pour elle. "
            "Recommencez avec elle seule, sur une machine, pour voir ce qui les arrête."
        )
    except Exception as fault:  # whatever cannot be sent, found or read there
        if future.cancelled():
            return EngineError(_CUT_OFF)
        why = str(fault).strip().partition("\n")[0] or type(fault).__name__
        return UndoneError(
            f"Le calcul n'a pas pu être mené ({why}). L'ordonnanceur et les ouvriers doivent connaître ce programme : "
            "lancez-les avec « --preload cohorte.process », comme le fait deploy/nation."
        )


_NOBODY = (
    "Aucun ouvrier Dask n'est au travail : rien n'est fait pour cette cohorte. Vérifiez que les ouvriers sont lancés, "
    "et qu'ils ont l'adresse de l'ordonnanceur."
)
_CUT_OFF = (
    "L'ordonnanceur Dask ne répond plus : on ne sait pas ce qui a été fait de cette cohorte. Relancez la consolidation "
    "quand il répond : ce qui est fait ne l'est pas deux fois."
)


def _there(program: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The work, where the worker is; refused where the program is not that of who sent it: a cohort must not be decided
    one night by one version, the next by another."""
    if program != digest.program():
        return UndoneError(
            f"La machine « {socket.gethostname()} » n'a pas le programme, ou ses bibliothèques, en même version que "
            "celle qui le lui demande : rien n'est fait. Installez partout la même, et relancez les ouvriers."
        )
    return work(*arguments)


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
        for handler in getLogger("distributed").handlers:  # what becomes of the cluster is told in our own words
            handler.setLevel(CRITICAL + 1)
        try:
            client = distributed.Client(address, timeout=PATIENCE)
        except TypeError as fault:  # no certificate is given, or this sort of network needs something more
            raise EngineError(
                f"L'adresse « {address} » demande un certificat, ou une bibliothèque, que cette machine n'a pas : "
                "deploy/nation/LISEZMOI.md dit comment donner un certificat."
            ) from fault
        except (OSError, ValueError, TimeoutError) as fault:
            raise EngineError(
                f"Aucun ordonnanceur Dask ne répond à l'adresse « {address} ». Vérifiez-la, et qu'il est lancé."
            ) from fault
        with client:
            yield distributed, client
