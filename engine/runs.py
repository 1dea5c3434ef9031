"""What surrounds every run that writes: the lock, what an interrupted run left, the log, and faults nobody foresaw."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import lock
from engine.cohort import Folder
from engine.errors import BusyError, CohortError, EngineError, UnexpectedError
from engine.files import clear
from engine.logbook import Logbook

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
        raise CohortError(f"« {folder.private} » ne peut pas être écrit : {fault.strerror or fault}.") from fault
    log = Logbook(folder.log, command)
    try:
        with lock.hold(folder.lock):
            _open[place] = log
            log.begin()
            with _told(log):
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
def _told(log: Logbook) -> Iterator[None]:
    """Whatever stops the block goes into the log, and out as an :class:`EngineError`."""
    try:
        yield
    except EngineError as refusal:
        log.fail(refusal)
        log.end()
        raise
    except Exception as fault:
        log.fail(fault)
        log.end()
        if isinstance(fault, OSError):
            raise UnexpectedError(f"Le disque ou le partage ne répond plus comme il faut : {fault}.") from fault
        traceback.print_exc(file=sys.stderr)
        raise UnexpectedError(f"Erreur imprévue du programme ({type(fault).__name__}), trace ci-dessus.") from fault
    except BaseException as stopped:  # interrupted by somebody
        log.fail(stopped)
        log.end()
        raise
