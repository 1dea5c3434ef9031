"""The page of what goes and comes by mail: what would be sent, by which account, and the two buttons."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine import post
from engine.browser import seen
from engine.browser.desk import Job
from engine.browser.next_step import Tone
from engine.browser.reading import Reading
from engine.commands import mailing
from engine.commands.fetch import Fetching, fetch
from engine.commands.report import no_longer_so
from engine.commands.send import Mailing, Sending, route, send, sender_of
from engine.model.errors import EngineError
from engine.post import Account, NoServerError, Protocol, Sent
from engine.post.servers import variable
from engine.post.smtp import Outcome
from engine.workspace.cohort import Folder

_TONES = {
    Sent.SENT: Tone.DONE,
    Sent.PARTLY: Tone.WARNING,
    Sent.BEFORE: Tone.DONE,
    Sent.REFUSED: Tone.FAULTY,
    Sent.UNCERTAIN: Tone.WARNING,
    Sent.NOBODY: Tone.WARNING,
    Sent.OUTDATED: Tone.WARNING,
    Sent.LATER: Tone.NEXT,
}
_TO_DO = {
    Sent.UNCERTAIN: "À faire : cherchez les messages « peut-être envoyés » parmi ceux qui sont partis de votre "
    "adresse ; s'ils n'y sont pas, cochez la case qui les renvoie.",
    Sent.NOBODY: "À faire : inscrivez au registre le courriel des personnes sans adresse, puis préparez les classeurs.",
    Sent.REFUSED: "À faire : envoyez de nouveau ; seuls partiront les messages qui ne sont pas partis.",
    Sent.LATER: "À faire : envoyez de nouveau ; seuls partiront les messages qui ne sont pas partis.",
    Sent.OUTDATED: "À faire : le registre a changé depuis que des convocations sont faites, et elles ne sont pas "
    "parties ; refaites-les par « Préparer le jury ».",
    Sent.PARTLY: "À faire : corrigez au registre les adresses refusées.",
}


@dataclass(frozen=True)
class Draft:
    """A draft, as the page shows it."""

    to: str
    name: str
    attached: str
    tone: Tone
    state: str
    why: str


@dataclass(frozen=True)
class Mail:
    """What would be sent now. ``seen``: what tells that list from any other; ``refusal``: why nothing can be sent;
    ``unset``: only because no server was named yet; ``untrue``: what stands beside and is no longer so; ``given``: the
    variables of the environment that prevail over the account that is kept; ``unkept``: why the account is only what
    was typed."""

    account: Account
    drafts: tuple[Draft, ...]
    in_short: str
    waiting: int
    uncertain: int
    seen: str
    refusal: str
    given: tuple[str, ...]
    can_fetch: bool
    unset: bool = False
    untrue: str = ""
    unkept: str = ""


def look(folder: Folder, found: Reading | None) -> Mail:
    """What ``send --dry-run`` finds, as the cohort was last seen; a refusal is part of it."""
    account, told, refusal, unset = Account(), Mailing(dry_run=True), _unread(found), False
    if found is not None:
        told.outcomes = list(found.letters)
    try:
        account = post.kept(folder.mail)
        if found is not None and found.cohort is not None:
            route(folder, Sending())
            told.sender = sender_of(found.cohort, Sending())
    except NoServerError:
        refusal, unset = "Dites d'abord, dans les réglages ci-dessous, par quel serveur envoyer.", True
    except EngineError as fault:
        refusal = refusal or str(fault)
    counts = mailing.counts(told)
    return Mail(
        account=account,
        drafts=tuple(map(_draft, told.outcomes)),
        in_short=mailing.in_short(told) if told.outcomes else "",
        waiting=counts[Sent.LATER],
        uncertain=counts[Sent.UNCERTAIN],
        seen=seen.digest(_listed(told.outcomes)),
        refusal=refusal,
        unset=unset,
        untrue=" ".join(no_longer_so(found.untrue if found else 0, "« Consolider »")),
        given=tuple(name for name in _VARIABLES if os.environ.get(name)),
        can_fetch=bool(post.address(Protocol.IMAP, "", os.environ, account)),
    )


def _unread(found: Reading | None) -> str:
    """Why nobody can tell what is to go; empty when it is known."""
    if found is None:
        return "La cohorte est en cours de lecture."
    return found.refusal or found.unsendable


_VARIABLES = (
    *(variable(protocol, what) for protocol in Protocol for what in ("", "USER", "PASSWORD")),
    "COHORTE_FROM",
)


def _draft(outcome: Outcome) -> Draft:
    letter = outcome.letter
    return Draft(
        to=", ".join(letter.recipients),
        name=f"{letter.path.parent.name}/{letter.path.name}",
        attached=mailing.joined(letter.attached) if letter.attached else "",
        tone=_TONES[outcome.sent],
        state=mailing.fate(outcome, dry_run=True),
        why=mailing.why(outcome),
    )


def _listed(outcomes: Iterable[Outcome]) -> list[str]:
    """What tells a list of drafts from any other."""
    return [f"{outcome.letter.path.name} {outcome.letter.digest} {outcome.sent}" for outcome in outcomes]


def sent(folder: Folder, job: Job, listed: str, how: Sending) -> Iterator[str]:
    """Send what was ``listed`` on the page; nothing when something else awaits by now."""
    approve = seen.approval(listed, "Ce qui attend")
    told = send(folder.path, how, job, approve=lambda found: approve(_listed(found)))
    yield mailing.in_short(told) if told.outcomes else "Aucun message n'attendait."
    yield from (mailing.line(outcome) for outcome in told.outcomes if outcome.needs_a_person)
    if told.trouble:
        yield f"L'envoi s'est arrêté : {told.trouble}"
    counts = mailing.counts(told)
    yield from dict.fromkeys(_TO_DO[outcome] for outcome in Sent if counts[outcome] and outcome in _TO_DO)


def fetched(folder: Folder, job: Job) -> Iterator[str]:
    """File the workbooks of unread messages."""
    told = fetch(folder.path, Fetching(), job)
    yield from (line.strip() for line in mailing.collected(folder.fetched, told))
    if told.left:
        yield "À faire : ouvrez les messages laissés non lus ; déposez vous-même ce qu'ils apportent."
