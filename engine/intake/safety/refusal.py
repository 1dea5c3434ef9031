"""Why a file, or one of its sheets, is not read."""

from __future__ import annotations

from engine.model.catalogue import CATALOGUE, Entry

SEND_AGAIN = "Demandez à l'expéditeur de renvoyer le classeur."
"""The remedy of what is not whole, and so opens nowhere."""

TAKE_OUT = "Sortez-en les classeurs et déposez-les eux-mêmes dans « retours »."
"""The remedy of what holds workbooks and is not opened."""


class RefusedError(Exception):
    """A file that cannot be read; ``code`` is an anomaly code F01 to F08, ``str()`` the message in French.

    ``harmless``: it is of a nature that no return has (a text, a drawing); only its name may say otherwise.
    ``remedy``: what to do, where the usual one of the code would not mend it.
    """

    def __init__(self, code: str, message: str, *, harmless: bool = False, remedy: str = "") -> None:
        self.code, self.harmless, self.remedy = code, harmless, remedy
        super().__init__(message)

    @property
    def entry(self) -> Entry:
        """The entry of its code in the catalogue."""
        return CATALOGUE[self.code]
