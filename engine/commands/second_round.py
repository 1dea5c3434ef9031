"""What there is to say of the second round, on the terminal and on the page alike."""

from __future__ import annotations

from collections.abc import Iterator

from engine.commands.jury import Round
from engine.model.texts import counted


def told(made: Round) -> Iterator[str]:
    """Who may sit the grand oral, who has a slot, and what needs a person."""
    words = ", ".join(f"{number} {word}" for word, number in made.admissibility.items())
    yield f"{counted(made.candidates, 'candidat', 'candidats')}{f' : {words}' if words else ''}."
    if made.seated is None:
        yield f"{counted(made.convened, 'convoqué', 'convoqués')} ; aucune séance au registre (feuille Journées)."
    else:
        yield f"{counted(made.convened, 'convoqué', 'convoqués')}, {counted(made.seated, 'placé', 'placés')}."
    yield from (f"  {candidate} n'a pas de créneau : {reason}." for candidate, reason in made.unseated.items())
    yield from (f"  Juré lié à {conflict}." for conflict in made.conflicts)
    yield from made.notices
    if made.result:
        yield f"Planning : {made.result}"
