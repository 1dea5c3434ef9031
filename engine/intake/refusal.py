"""Why a file, or one of its sheets, is not read."""

from __future__ import annotations

SAVE_AGAIN = (
    "Ouvrez le fichier dans Excel ou LibreOffice et enregistrez-le au format « Classeur Excel (.xlsx) » ; s'il ne s'y "
    "ouvre pas non plus, demandez le classeur à l'expéditeur."
)
"""The remedy of what this program cannot read and another may."""


class RefusedError(Exception):
    """A file that cannot be read; ``code`` is an anomaly code F01 to F08, ``str()`` the message in French.

    ``harmless``: it is of a nature that no return has (a text, a drawing); only its name may say otherwise.
    ``remedy``: what to do, where the usual one of the code would not mend it.
    """

    def __init__(self, code: str, message: str, *, harmless: bool = False, remedy: str = "") -> None:
        self.code, self.harmless, self.remedy = code, harmless, remedy
        super().__init__(message)
