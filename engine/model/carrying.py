"""What a session leaves to the next one: the candidates without the title, and who assessed them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.model.people import Candidate, Evaluator
from engine.model.texts import counted, plural


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A row of the next session's roster. ``identifier``: empty when another name has it there; ``undecided``: what
    else was acquired, with its figure, by the word that keeps it; ``origin``: the sessions the candidate comes from."""

    identifier: str
    candidate: Candidate
    undecided: Mapping[str, str]
    origin: str

    @property
    def to_decide(self) -> str:
        """``Transversales (12/15) ; Oral (41,5/60)``, broken between two words only."""
        return "\u00a0; ".join(f"{word}\u00a0({told})" for word, told in self.undecided.items())


@dataclass(frozen=True, kw_only=True)
class Carrying:
    """The rows that come along: candidates, their evaluators by the identifier that the roster gives each of them (an
    empty one where another name has it); in French, what somebody has to see to, and what is good to know. ``already``:
    the identifiers of those whom the roster has under this name."""

    candidates: tuple[Carried, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    already: tuple[str, ...] = ()

    def told(self) -> Iterator[str]:
        """What came along, what somebody has to see to, what is good to know: a sentence each."""
        who = ", ".join(each.identifier or each.candidate.name for each in self.candidates)
        if who:
            yield f"{counted(len(self.candidates), 'candidat repris', 'candidats repris')} : {who}."
            they = plural(len(self.candidates), "il avait", "ils avaient")
            yield f"À décider dit ce qu'{they} aussi validé : copiez dans Conservés ce que vos règles gardent."
        else:
            yield "Aucun candidat à reprendre : personne n'est resté sans titre."
        yield from (f"À voir : {fault}" for fault in self.faults)
        yield from self.notes
