"""What the terminal says of ``send`` and ``fetch``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine.commands import mailing
from engine.commands.fetch import Collected
from engine.commands.report import no_longer_so
from engine.commands.send import Mailing
from engine.post import Sent
from engine.workspace.cohort import Folder
from engine.workspace.shell import line


def sending(folder: Path, told: Mailing) -> Iterator[str]:
    """The lines of ``send``: how many, then each draft with what became of it, then what to do."""
    again = line("consolidate", folder)
    if not told.outcomes:
        yield from no_longer_so(told.untrue, again)
        yield "Aucun brouillon n'attend."
        first, called = line("templates", folder), line("jury", folder)
        yield f"À faire : {first} prépare les premiers envois, {again} les relances, {called} les convocations."
        return
    yield mailing.in_short(told)
    yield from (f"  {mailing.line(outcome, told.dry_run)}" for outcome in told.outcomes)
    yield from no_longer_so(told.untrue, again)
    if told.dry_run:
        yield "Rien n'a été envoyé (essai à blanc)."
    if told.trouble:
        yield f"L'envoi s'est arrêté : {told.trouble}"
    yield from _to_do(folder, mailing.counts(told), told.dry_run)


def _to_do(folder: Path, counts: Counter[Sent], dry_run: bool) -> Iterator[str]:
    if counts[Sent.UNCERTAIN]:
        yield (
            "À faire : cherchez les messages « peut-être envoyés » parmi ceux qui sont partis de votre adresse ; s'ils "
            "n'y sont pas, relancez la même commande avec --again."
        )
    if counts[Sent.NOBODY]:
        again = line("templates", folder)
        yield f"À faire : inscrivez au registre le courriel des personnes sans adresse, puis lancez {again}."
    if (counts[Sent.REFUSED] or counts[Sent.LATER]) and not dry_run:
        yield "À faire : relancez la même commande ; seuls partiront les messages qui ne sont pas partis."
    if counts[Sent.OUTDATED]:
        yield (
            "À faire : le registre a changé depuis que ces convocations sont faites, elles ne partent pas ; relancez "
            f"{line('jury', folder)}, qui les refait."
        )
    if counts[Sent.PARTLY]:
        yield "À faire : corrigez au registre les adresses refusées."


def fetching(folder: Folder, told: Collected) -> Iterator[str]:
    """The lines of ``fetch``: what was filed of each message, what stays unread and why, then what to do."""
    yield from mailing.collected(folder.fetched, told)
    if told.left:
        yield "À faire : ouvrez les messages laissés non lus ; rangez vous-même dans retours ce qu'ils apportent."
    if told.filed:
        yield f"À faire : {line('consolidate', folder.path)}."
