"""What can be wrong with a delivery, each thing told apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What is wrong, in the words that follow the name of a member."""

    NOT_ARCHIVE = "n'est pas une archive ZIP entière"
    TOO_BIG = "dépasse ce qu'une livraison peut contenir"
    NAME = "porte un nom qui n'est pas un simple chemin relatif"
    IN_CLEAR = "n'est pas chiffré en AES-256 (AE-2)"
    PASSPHRASE = "ne s'ouvre pas avec ce mot de passe"
    DAMAGED = "est abîmé ou a été modifié"
    MANIFEST = "ne se lit pas comme un manifeste"
    IN_EXCESS = "est en trop : le manifeste ne le nomme pas"
    MISSING = "manque : le manifeste le nomme"
    SIZE = "n'a pas la taille que dit le manifeste"
    DIGEST = "n'a pas l'empreinte SHA-256 que dit le manifeste"
    DECISIONS = "ne donne pas les mêmes décisions"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; ``member``: with what, empty for the delivery as a whole; ``detail``: more of it."""

    nature: Nature
    member: str = ""
    detail: str = ""

    def __str__(self) -> str:
        subject = f"« {self.member} »" if self.member else "La livraison"
        return f"{subject} {self.nature}{f' ({self.detail})' if self.detail else ''}."
