"""Why a file, or one of its sheets, is not read."""

from __future__ import annotations


class RefusedError(Exception):
    """A file that cannot be read; ``code`` is an anomaly code F01 to F08, ``str()`` the message in French.

    ``harmless``: it is of a nature that no return has (a text, a drawing); only its name may say otherwise.
    """

    def __init__(self, code: str, message: str, *, harmless: bool = False) -> None:
        self.code, self.harmless = code, harmless
        super().__init__(message)
