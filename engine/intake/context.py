"""What the reading of a return needs to know: small, and able to cross process borders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from engine.model import Candidate, Kind, Referential, Roster, forms
from engine.model.errors import present
from engine.model.forms import Form
from engine.workspace import seals

if TYPE_CHECKING:
    from engine.intake.sheets.layouts import Layouts


@dataclass(frozen=True)
class Context:
    """The cohort as the readers see it. Without a roster (a file checked on its own), identities are not judged."""

    referential: Referential
    roster: Roster | None = None
    key: bytes | None = None

    def form(self, kind: Kind, *, candidate_columns: bool = False) -> Form | None:
        """The form of a kind, made once; ``None`` when the referential has no such sheet."""
        name = (kind, candidate_columns and kind.record.candidate_part)
        if name not in self._forms:
            candidates = self.roster.candidates if self.roster else ()
            self._forms[name] = forms.build(self.referential, kind, candidates=candidates, candidate_columns=name[1])
        return self._forms[name]

    def is_usual(self, form: Form) -> bool:
        """Whether a form is one that :meth:`form` gave, and no variant of it for some sheets."""
        return any(form is each for each in self._forms.values())

    @cached_property
    def _forms(self) -> dict[tuple[Kind, bool], Form | None]:
        return {}

    @cached_property
    def layouts(self) -> dict[Kind, Layouts]:
        """What sheets that were read before had in common, by kind: it spares work, and changes no reading."""
        return {}

    @cached_property
    def personal_codes(self) -> frozenset[str]:
        """The code of every evaluator, as :func:`engine.workspace.seals.plain_code` compares them."""
        if self.roster is None or self.key is None:
            return frozenset()
        codes = (seals.personal_code(self.key, evaluator.id) for evaluator in self.roster.evaluators)
        return frozenset(map(seals.plain_code, codes))

    def assigned(self, kind: Kind, candidate: Candidate | None, evaluator: str) -> bool:
        """Whether the roster lets this evaluator fill a sheet of this kind for this candidate."""
        record = kind.record
        if not record.per_evaluator:
            return True
        if not record.per_candidate:
            people = present(self.roster)
            return any(evaluator == each.id for role in record.filled_by for each in people.with_role(role))
        raters = (rater for role in record.filled_by for rater in present(candidate).assigned(role))
        return evaluator.casefold() in {rater.casefold() for rater in raters}


def local_time(seconds: float) -> datetime | None:
    """A moment as the clock on the wall shows it; ``None`` for one that no calendar holds, as a damaged disk gives."""
    try:
        return datetime.fromtimestamp(seconds).replace(microsecond=0)
    except (OverflowError, ValueError, OSError):
        return None
