"""What there is to say of messages that were sent or fetched, on the terminal and on the page alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from engine.commands.fetch import Collected
from engine.commands.send import Mailing
from engine.model.texts import counted, day_and_hour
from engine.post import Sent
from engine.post.smtp import Outcome

_SENT = {
    Sent.SENT: ("message envoyé", "messages envoyés"),
    Sent.PARTLY: ("message envoyé, sauf à certaines adresses", "messages envoyés, sauf à certaines adresses"),
    Sent.BEFORE: ("déjà envoyé", "déjà envoyés"),
    Sent.REFUSED: ("refusé par le serveur", "refusés par le serveur"),
    Sent.UNCERTAIN: ("peut-être envoyé", "peut-être envoyés"),
    Sent.NOBODY: ("sans adresse", "sans adresse"),
    Sent.OUTDATED: ("plus à jour", "plus à jour"),
    Sent.LATER: ("pas essayé", "pas essayés"),
}
_FORESEEN = _SENT | {Sent.LATER: ("à envoyer", "à envoyer")}


def _words(dry_run: bool) -> dict[Sent, tuple[str, str]]:
    return _FORESEEN if dry_run else _SENT


def counts(told: Mailing) -> Counter[Sent]:
    """How many drafts became what."""
    return Counter(outcome.sent for outcome in told.outcomes)


def in_short(told: Mailing) -> str:
    """« De secretariat@centre.example : 3 messages envoyés, 1 sans adresse. »"""
    found, words = counts(told), _words(told.dry_run)
    sender = f"De {told.sender} : " if told.sender else ""
    return f"{sender}{', '.join(counted(found[sent], *words[sent]) for sent in Sent if found[sent])}."


def fate(outcome: Outcome, dry_run: bool = False) -> str:
    """The fate of one draft, or what it would be: « déjà envoyé »."""
    return _words(dry_run)[outcome.sent][0]


def why(outcome: Outcome) -> str:
    """Why it had that fate, or since when; empty where there is nothing to add."""
    if outcome.sent is Sent.BEFORE:
        return f"le {day_and_hour(datetime.fromisoformat(outcome.why).astimezone())}"
    return outcome.why


def joined(attached: Sequence[str]) -> str:
    """The attachments of a draft: « 2 classeurs joints », or its invitation."""
    if all(name.endswith(".ics") for name in attached):
        return counted(len(attached), "invitation jointe", "invitations jointes")
    return counted(len(attached), "classeur joint", "classeurs joints")


def line(outcome: Outcome, dry_run: bool = False) -> str:
    """One draft: what became of it, to whom, with what, and why."""
    letter = outcome.letter
    about = f"{fate(outcome, dry_run)} : {letter.path.parent.name}/{letter.path.name}"
    about += f", à {', '.join(letter.recipients)}" if letter.recipients else ""
    about += f", {joined(letter.attached)}" if letter.attached else ""
    return f"{about} ({why(outcome)})" if outcome.why else about


def collected(folder: Path, told: Collected) -> Iterator[str]:
    """Lines on the unread messages: what was filed of each, or why it stays unread; ``folder``: where it was filed."""
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
