"""What surrounds every run that writes: the lock, what an interrupted run left, the log, and faults nobody foresaw."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from click.exceptions import Abort, ClickException, Exit

from engine.commands.logbook import Logbook
from engine.ledger import DamagedError
from engine.model.errors import BusyError, CohortError, EngineError, UnexpectedError
from engine.model.faults import reason
from engine.workspace import lock
from engine.workspace.cohort import Folder, enclosing
from engine.workspace.files import clear

_open: dict[Path, Logbook] = {}
"""The logs of the runs of this process, by lock: a command made of several runs is one."""


@contextmanager
def alone(folder: Folder, command: str) -> Iterator[Logbook]:
    """The only run on this cohort that writes, its log open; the block reports to it. Within another one of this
    process, it is that one.

    Raises :class:`CohortError` for a folder that is no cohort or cannot be written, :class:`BusyError` when another
    run is in progress, :class:`UnexpectedError` for any error of the block that is not an :class:`EngineError`. What
    stopped the block is in the log.
    """
    folder.require()
    place = folder.lock.absolute()
    if place in _open:
        yield _open[place]
        return
    try:
        folder.private.mkdir(mode=0o700, exist_ok=True)
    except OSError as fault:
        raise CohortError(f"« {folder.private} » ne peut pas être écrit : {reason(fault)}.") from fault
    log = Logbook(folder.log, command)
    try:
        with lock.hold(folder.lock):
            _open[place] = log
            log.begin()
            with _logged(log):
                clear(folder.leftovers())
                yield log
                log.end()
    except BusyError as refusal:
        log.fail(refusal)
        raise
    finally:
        if _open.get(place) is log:
            del _open[place]


@contextmanager
def _logged(log: Logbook) -> Iterator[None]:
    """Whatever stops the block goes into the log, and out as an :class:`EngineError`."""
    try:
        yield
    except Exception as fault:
        log.fail(fault)
        log.end()
        if isinstance(fault, EngineError):
            raise
        raise _unforeseen(fault, log.path) from fault
    except BaseException as stopped:  # interrupted by somebody
        log.fail(stopped)
        log.end()
        raise


@contextmanager
def told(place: Path | None, command: str) -> Iterator[None]:
    """Whatever nobody foresaw comes out of the block as an :class:`UnexpectedError`, its trace in the log of the cohort
    at ``place``; outside any cohort, in a file of its own. So does the trace of what made a memory a suspect."""
    try:
        yield
    except DamagedError as suspect:
        if suspect.__cause__ is not None:
            _trace(suspect.__cause__, place, command)
        raise
    except (EngineError, ClickException, Exit, Abort):
        raise
    except Exception as fault:
        raise _unforeseen(fault, _trace(fault, place, command)) from fault


def _where(fault: OSError) -> str:
    return f"« {fault.filename} », " if isinstance(fault.filename, str) else ""


def _unforeseen(fault: Exception, trace: Path) -> UnexpectedError:
    if isinstance(fault, OSError):
        return UnexpectedError(
            f"Le disque ou le partage ne répond plus comme il faut : {_where(fault)}{reason(fault)}."
        )
    if isinstance(fault, MemoryError):
        return UnexpectedError("La mémoire de la machine ne suffit pas : rien n'a été fait.")
    return UnexpectedError(f"Erreur imprévue du programme ({type(fault).__name__}) ; la trace est dans « {trace} ».")


def _trace(fault: BaseException, place: Path | None, command: str) -> Path:
    """Write down where a fault came from; the file it is in."""
    folder = enclosing(place) if place is not None else None
    if folder is not None and folder.private.is_dir():
        log = Logbook(folder.log, command)
        log.begin()
        log.fail(fault)
        log.end()
        return folder.log
    with NamedTemporaryFile("w", prefix="cohorte-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(fault)))
    return Path(file.name)
