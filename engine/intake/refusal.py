"""Why a file, or one of its sheets, is not read."""

from __future__ import annotations


class RefusedError(Exception):
    """A file that cannot be read; ``code`` is an anomaly code F01 to F08, ``str()`` the message in French."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)
