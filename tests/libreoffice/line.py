"""A child process that is spoken to in lines, with time limits, and that never outlives its parent's wish."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.libreoffice.installation import OfficeError, OfficeStopped, foreign_environment

GROUPS = hasattr(os, "killpg")


class Line:
    """One child process and its descendants; what they write on stderr goes to ``log``."""

    def __init__(self, command: list[str], log: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                env=foreign_environment(),
                start_new_session=GROUPS,
            )
        self._log = log
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        """Reading with a time limit needs a thread: Windows cannot wait on a pipe."""
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def send(self, line: str) -> None:
        """Send one line; a child that is gone is noticed when its answer is awaited."""
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError:
            self._lines.put(None)

    def receive(self, seconds: float) -> str:
        """Return the next line; raise :class:`OfficeError` on a silent child, :class:`OfficeStopped` on a dead one."""
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise OfficeError(f"LibreOffice did not answer within {seconds:g} s") from None
        if line is None:
            raise OfficeStopped(f"LibreOffice stopped: {self._last_words()}")
        return line

    def _last_words(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-2000:].strip() or "without a word"

    def close(self, patience: float = 20) -> None:
        """End the child: ask, wait ``patience`` seconds, then kill it and its descendants."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._process.stdin.close()
            self._process.wait(timeout=patience)
        self._kill()
        self._process.wait()

    def _kill(self) -> None:
        if GROUPS:
            with contextlib.suppress(OSError):  # nobody is left, the usual case
                os.killpg(self._process.pid, signal.SIGKILL)
        elif sys.platform == "win32":
            tree = ["taskkill", "/F", "/T", "/PID", str(self._process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
