"""What is still awaited: counted once, and said in the same words wherever it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.model.people import Session
from engine.model.texts import counted


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """How many expected sheets have not come, from how many people, by when. ``refused``: how many came and cannot be
    used; they are not counted with those that have not come. ``came``: whether anything did."""

    sheets: int
    people: int
    refused: int = 0
    came: bool = True
    deadline: date | None = None
    today: date

    @property
    def late(self) -> bool:
        """Whether those who have not sent their sheets are late: after the deadline; without one, once something came:
        nobody is on the day when the workbooks go out."""
        return self.today > self.deadline if self.deadline else self.came

    @property
    def words(self) -> str:
        """``12 fiches attendues de 4 personnes, en retard depuis le 14/06/2025 ; 2 fiches refusées``."""
        refused = f" ; {counted(self.refused, 'fiche refusée', 'fiches refusées')}" if self.refused else ""
        if not self.sheets:
            return f"aucune fiche attendue ne manque{refused}"
        return f"{counted(self.sheets, *SHEETS)} {self.of_whom}{refused}"

    @property
    def of_whom(self) -> str:
        """``de 4 personnes, en retard depuis le 14/06/2025``: what follows the number and the word."""
        when = ""
        if self.sheets and self.deadline:
            when = f", {'en retard depuis' if self.late else 'pour'} le {self.deadline:%d/%m/%Y}"
        return f"de {counted(self.people, 'personne', 'personnes')}{when}"

    @property
    def next_step(self) -> str:
        """The next step, as a sentence; empty when nothing is awaited."""
        if not self.sheets:
            return ""
        if self.late:
            return "Les relances sont prêtes dans envois/relances."
        if self.deadline:
            return "Personne n'est en retard : les relances seront prêtes après cette date."
        return (
            "Rien de rempli n'est encore arrivé, et personne n'est en retard. Envoyez les classeurs (envois/messages), "
            "et inscrivez une Date limite au registre pour que les relances la suivent."
        )


SHEETS = ("fiche attendue", "fiches attendues")


def awaited(people: Iterable[str], *, session: Session, today: date, refused: int = 0, came: bool = True) -> Awaited:
    """From who owes each sheet that has not come, one identifier for each sheet."""
    owed = list(people)
    return Awaited(
        sheets=len(owed),
        people=len(set(owed)),
        refused=refused,
        came=came,
        deadline=session.deadline,
        today=today,
    )
