"""Why a file, or one of its sheets, is not read."""

from __future__ import annotations

from engine.model.catalogue import CATALOGUE, COPY_VALUES, Entry
from engine.model.texts import INSIDE

SEND_AGAIN = "Demandez à l'expéditeur de renvoyer le classeur."
"""The remedy of what is not whole, and so opens nowhere."""

TAKE_OUT = "Sortez-en les classeurs et déposez-les eux-mêmes dans « retours »."
"""The remedy of what holds workbooks and is not opened."""

_HARMLESS = "Rien à faire si ce n'est pas une fiche ; sinon, demandez le classeur Excel lui-même (.xlsx)."


def then_removed(remedy: str, file: str) -> str:
    """The remedy of what tells not whose it is: no good version of it takes its place, so it has to be taken away."""
    container, inside, _ = file.partition(INSIDE)
    if inside:
        called = container.rpartition("/")[2]
        return f"{remedy} Retirez ensuite « {called} » de « retours », après y avoir déposé ses autres classeurs."
    return f"{remedy} Retirez ensuite ce fichier de « retours », sauf si le bon y a pris sa place."


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

    def mended(self, file: str, *, blocking: bool) -> str:
        """What to do about a file that is so refused, to the end."""
        remedy = self.remedy or self.entry.remedy
        if blocking:
            stays = self.entry.passing and remedy != COPY_VALUES  # the file may be good as it is
            return remedy if stays else then_removed(remedy, file)
        return self.remedy or _HARMLESS
