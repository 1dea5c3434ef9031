"""One thing at a time, in the background: what is asked for, and the readings that keep the pages up to date.

Nothing that runs here runs beside another: the commands of one process know no lock against each other. Other
processes meet the lock of the cohort, and are told who holds it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from engine.browser import reading
from engine.browser.reading import Reading
from engine.commands import runs
from engine.model.errors import BusyError, EngineError
from engine.workspace.cohort import Folder
from engine.workspace.progress import Count


@dataclass
class Job(Count):
    """Something that was asked for: its ``title``, how far it is, what was ``said`` at its end, or why it was
    refused. ``told_once``: what is said stands nowhere else."""

    title: str = ""
    said: tuple[str, ...] = ()
    refusal: EngineError | None = None
    ended: datetime | None = None
    told_once: bool = False


T = TypeVar("T")
Work = Callable[[Job], Iterable[str]]
"""Does what was asked for, telling the job how far it is; gives the sentences to say. Raises EngineError."""


class Desk:
    """What is being done, what was last done for each cohort, and what each was last seen to hold."""

    def __init__(self, key_file: Path | None = None) -> None:
        self.key_file = key_file
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cohorte")
        self._guard = threading.Lock()
        self._running: Job | None = None
        self._jobs: dict[Path, Job] = {}
        self._readings: dict[Path, tuple[str, Reading]] = {}
        self._looking: dict[Path, Job] = {}

    @property
    def working(self) -> bool:
        """Whether something that was asked for is being done."""
        return self._running is not None

    def start(self, folder: Folder, title: str, work: Work) -> Job:
        """Begin something, as soon as a reading that is under way has ended. Raises :class:`BusyError` when something
        else is being done, or what was last done for the cohort said something that would be lost."""
        with self._guard:
            if self._running is not None:
                raise BusyError(f"Un autre travail est en cours : {self._running.title}. Attendez qu'il finisse.")
            last = self._jobs.get(folder.path)
            if last is not None and last.told_once:
                raise BusyError(f"« {last.title} » a dit ce qui n'est gardé nulle part : notez-le, puis « C'est lu ».")
            job = self._running = self._jobs[folder.path] = Job(title=title)
        self._worker.submit(self._run, folder, job, work)
        return job

    def _run(self, folder: Folder, job: Job, work: Work) -> None:
        try:
            with runs.told(folder.path, "open"):
                job.said = tuple(work(job))
        except EngineError as refusal:
            job.refusal = refusal
        finally:
            job.ended = datetime.now()
            self._running = None

    def alone(self, work: Callable[[], T]) -> T:
        """The result of a short job, which is waited for; nothing else runs meanwhile."""
        return self._worker.submit(work).result()

    def note(self, folder: Folder, title: str, said: Iterable[str]) -> None:
        """Say of a cohort what was done for it at once."""
        with self._guard:
            self._jobs[folder.path] = Job(title=title, said=tuple(said), ended=datetime.now())

    def job(self, folder: Folder) -> Job | None:
        """The job that runs for a cohort, or that last ran."""
        return self._jobs.get(folder.path)

    def dismiss(self, folder: Folder) -> None:
        """Say no more of what was last done."""
        with self._guard:
            job = self._jobs.get(folder.path)
            if job is not None and job.ended:
                del self._jobs[folder.path]

    def reading(self, folder: Folder) -> tuple[str, Reading | None]:
        """The last reading of a cohort, and its version; another reading begins when it is outdated."""
        now = reading.version(folder)
        seen, found = self._readings.get(folder.path, ("", None))
        if seen != now:
            self._look(folder)
        return seen, found

    def looking(self, folder: Folder) -> Job | None:
        """The look at a cohort that is under way."""
        return self._looking.get(folder.path)

    def _look(self, folder: Folder) -> None:
        with self._guard:
            if folder.path in self._looking:
                return
            job = self._looking[folder.path] = Job(title="Lecture de la cohorte")
        self._worker.submit(self._read, folder, job)

    def _read(self, folder: Folder, job: Job) -> None:
        try:
            now = reading.version(folder)
            try:
                with runs.told(folder.path, "open"):
                    found = reading.read(folder, self.key_file, job)
            except EngineError as refusal:
                found = Reading(datetime.now(), refusal=str(refusal))
            self._readings[folder.path] = (now, found)
        finally:
            del self._looking[folder.path]

    def settle(self) -> None:
        """Wait until nothing is being done."""
        self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Let what is being done finish, and do nothing more."""
        self._worker.shutdown(wait=True, cancel_futures=True)
