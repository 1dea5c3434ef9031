"""What there is to say of the second round, on the terminal and on the page alike."""

from __future__ import annotations

from collections.abc import Iterator

from engine.commands.jury import Round
from engine.model.texts import counted, plural
from engine.model.values import and_list


def told(made: Round) -> Iterator[str]:
    """Who may sit the grand oral, who has a slot, and what needs a person."""
    words = ", ".join(f"{number} {word}" for word, number in made.admissibility.items())
    yield f"{counted(made.candidates, 'candidat', 'candidats')}{f' : {words}' if words else ''}."
    if not made.admissibility:  # no oral in this certification, or nobody left who presents it
        yield "Personne n'est à convoquer au grand oral."
    elif made.seated is None:
        yield f"{counted(made.convened, 'convoqué', 'convoqués')} ; aucune séance au registre (feuille Journées)."
    else:
        yield f"{counted(made.convened, 'convoqué', 'convoqués')}, {counted(made.seated, 'placé', 'placés')}."
    yield from (f"  {candidate} n'a pas de créneau : {reason}." for candidate, reason in made.unseated.items())
    yield from (f"  Juré lié à {conflict}." for conflict in made.conflicts)
    if made.short:
        yield (
            f"L'oral demande {counted(made.quorum, 'juré')} par candidat, et le registre en donne moins à "
            f"{and_list(made.short)} : complétez la colonne Jurés, puis préparez les fiches."
        )
    yield from made.notices
    if made.gone_by:
        days = and_list(f"{day:%d/%m/%Y}" for day in made.gone_by)
        over = plural(len(made.gone_by), "Jour de jury passé", "Jours de jury passés")
        yield (
            f"{over} : {days}. Si l'année est fausse, corrigez la feuille Journées et "
            "recommencez ; sinon, n'envoyez plus ces convocations."
        )
    yield from _day(made)
    if made.result:
        yield f"Planning : {made.result}"


def _day(made: Round) -> Iterator[str]:
    """What is wrong with the day that the record and the attestations will bear."""
    if made.jury_date is None:
        yield (
            "Le registre ne donne pas la Date du jury (feuille Session) : le procès-verbal, les attestations et la "
            "liste des titulaires ne la porteraient pas."
        )
    elif made.days and made.jury_date < made.days[0]:
        yield (
            f"La Date du jury ({made.jury_date:%d/%m/%Y}), que porteront le procès-verbal et les attestations, précède "
            f"la première séance ({made.days[0]:%d/%m/%Y}) : corrigez l'une ou l'autre au registre."
        )
