"""What the terminal says of ``send`` and ``fetch``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.model.texts import counted, day_and_hour
from engine.post import Sent

if TYPE_CHECKING:
    from engine.commands.fetch import Collected
    from engine.commands.send import Mailing
    from engine.post.smtp import Outcome

_SENT = {
    Sent.SENT: ("message envoyé", "messages envoyés"),
    Sent.PARTLY: ("message envoyé, sauf à certaines adresses", "messages envoyés, sauf à certaines adresses"),
    Sent.BEFORE: ("déjà envoyé", "déjà envoyés"),
    Sent.REFUSED: ("refusé par le serveur", "refusés par le serveur"),
    Sent.UNCERTAIN: ("peut-être envoyé", "peut-être envoyés"),
    Sent.NOBODY: ("sans adresse", "sans adresse"),
    Sent.LATER: ("pas essayé", "pas essayés"),
}


def sending(told: Mailing) -> Iterator[str]:
    """The lines of ``send``: how many, then each draft with what became of it, then what to do."""
    if not told.outcomes:
        yield "Aucun brouillon n'attend : « templates » prépare les premiers envois, « consolidate » les relances."
        return
    words = _SENT | {Sent.LATER: ("à envoyer", "à envoyer")} if told.dry_run else _SENT
    counts = Counter(outcome.sent for outcome in told.outcomes)
    yield f"De {told.sender} : {', '.join(counted(counts[sent], *words[sent]) for sent in Sent if counts[sent])}."
    yield from (_line(outcome, words) for outcome in told.outcomes)
    if told.dry_run:
        yield "Rien n'a été envoyé (essai à blanc)."
    if told.trouble:
        yield f"L'envoi s'est arrêté : {told.trouble}"
    yield from _to_do(counts, told.dry_run)


def _line(outcome: Outcome, words: dict[Sent, tuple[str, str]]) -> str:
    letter, sent = outcome.letter, outcome.sent
    why = _since(outcome.why) if sent is Sent.BEFORE else outcome.why
    about = f"  {words[sent][0]} : {letter.path.parent.name}/{letter.path.name}"
    about += f", à {', '.join(letter.recipients)}" if letter.recipients else ""
    about += f", {counted(len(letter.attached), 'classeur joint', 'classeurs joints')}" if letter.attached else ""
    return f"{about} ({why})" if why else about


def _since(moment: str) -> str:
    return f"le {day_and_hour(datetime.fromisoformat(moment).astimezone())}"


def _to_do(counts: Counter[Sent], dry_run: bool) -> Iterator[str]:
    if counts[Sent.UNCERTAIN]:
        yield (
            "À faire : cherchez les messages « peut-être envoyés » parmi ceux qui sont partis de votre adresse ; s'ils "
            "n'y sont pas, relancez avec --again."
        )
    if counts[Sent.NOBODY]:
        yield "À faire : inscrivez au registre le courriel des personnes sans adresse, puis relancez « templates »."
    if (counts[Sent.REFUSED] or counts[Sent.LATER]) and not dry_run:
        yield "À faire : relancez « send » ; seuls partiront les messages qui ne sont pas partis."
    if counts[Sent.PARTLY]:
        yield "À faire : corrigez au registre les adresses refusées."


def fetching(folder: Path, told: Collected) -> Iterator[str]:
    """The lines of ``fetch``: what was filed of each message, what stays unread and why, then what to do."""
    if not told.messages:
        yield "Aucun message non lu."
        return
    number = counted(len(told.messages), "message non lu", "messages non lus")
    yield f"{number} : {counted(told.filed, 'nouveau classeur rangé', 'nouveaux classeurs rangés')} dans {folder}."
    for message in told.messages:
        who = message.sender or "expéditeur inconnu"
        about = f"{who}, le {day_and_hour(message.arrived)}" + (f", « {message.subject} »" if message.subject else "")
        yield f"  {about}"
        yield from (f"    rangé : {path.relative_to(folder).as_posix()}" for path in message.filed)
        yield from (f"    déjà là : {path.relative_to(folder).as_posix()}" for path in message.known)
        if message.why:
            yield f"    laissé non lu : {message.why}"
    if told.left:
        yield "À faire : ouvrez les messages laissés non lus ; rangez vous-même dans retours ce qu'ils apportent."
    if told.filed:
        yield "À faire : lancez « consolidate »."
