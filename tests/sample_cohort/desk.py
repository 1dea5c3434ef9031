"""Where the sample is made: the workbooks sent, the folder of returns, and LibreOffice between the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.libreoffice import Action, Office
from tests.sample_cohort.people import PEOPLE
from tests.sample_cohort.sent import Sent

FOLDERS = {"T": "tuteurs", "F": "formateurs", "J": "jury du 30 janvier"}


@dataclass(frozen=True)
class Desk:
    """``sent`` is the folder `envois` of the cohort, ``returns`` its folder `retours`, ``aside`` a place for drafts."""

    office: Office
    sent: Path
    returns: Path
    aside: Path

    def received(self, candidate: str, evaluator: str) -> Sent:
        """The workbook that an evaluator received for a candidate."""
        (path,) = self.sent.glob(f"*/{evaluator}/{PEOPLE[candidate].name} *.xlsx")
        return Sent(path)

    def fill(self, source: Path, target: Path, actions: Iterable[Action], **options: str) -> Path:
        """Fill a workbook and save it at ``target``."""
        target.parent.mkdir(parents=True, exist_ok=True)
        return self.office.edit(source, target, actions, **options)

    def place(self, name: str) -> Path:
        """A path below `retours`, its folder made."""
        path = self.returns / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def usual_name(candidate: str, evaluator: str) -> str:
    """Where a return usually stands: by evaluator, under the name it was sent with."""
    book = "Grand oral" if evaluator.startswith("J") else "Grille de compétences"
    folder = f"{FOLDERS[evaluator[0]]}/{PEOPLE[evaluator].last_name.upper()}"
    return f"{folder}/{PEOPLE[candidate].name} {book}.xlsx"
