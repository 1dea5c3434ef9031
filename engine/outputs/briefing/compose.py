"""Facts to the morning page."""

from __future__ import annotations

from datetime import date, datetime

from engine.model import Decision
from engine.model.awaiting import SHEETS
from engine.model.texts import counted
from engine.outputs.briefing.arrivals import arrivals
from engine.outputs.briefing.awaited import awaited
from engine.outputs.briefing.facts import Facts
from engine.outputs.briefing.faults import faults
from engine.outputs.briefing.moves import moves
from engine.outputs.briefing.page import Figure, Item, Page, Tone


def compose(facts: Facts) -> Page:
    """The page of a consolidation; the same facts give the same page."""
    verdict = _verdict(facts)
    return Page(
        verdict=verdict,
        subject=f"{facts.session or 'Consolidation'} : {_in_short(facts)}",
        captions=_captions(facts),
        figures=_figures(facts),
        sections=(arrivals(facts), faults(facts), moves(facts), awaited(facts)),
        closing=(
            "Le détail est dans resultats.xlsx : feuilles Évolution, Anomalies, Manquants et Synthèse.",
            f"Programme {facts.run.program_version}.",
        ),
    )


def _verdict(facts: Facts) -> Item:
    blocking = len(facts.blocking)
    if not blocking and facts.troubles:
        return Item(f"Quelqu'un doit intervenir : {facts.troubles[0]}", tone=Tone.BAD)
    if not blocking:
        return Item("Rien à faire ce matin : aucune anomalie bloquante.", tone=Tone.GOOD)
    what = counted(blocking, "anomalie bloquante", "anomalies bloquantes")
    return Item(f"Quelqu'un doit intervenir : {what}{_how_new(facts, blocking)}.", tone=Tone.BAD)


def _how_new(facts: Facts, blocking: int) -> str:
    """How many of the blocking anomalies are new, where there is something to compare with."""
    new = sum(bool(change.after and change.after.blocking) for change in facts.evolution.anomalies)
    if facts.evolution.first:
        return ""
    if new == blocking:
        return ", nouvelle" if new == 1 else ", toutes nouvelles"
    return f", dont {counted(new, 'nouvelle', 'nouvelles')}" if new else ", aucune nouvelle" * (blocking > 1)


def _in_short(facts: Facts) -> str:
    """The subject of a message: what asks for somebody, and what came."""
    blocking = counted(len(facts.blocking), "anomalie bloquante", "anomalies bloquantes")
    quiet = "une intervention nécessaire" if facts.troubles else "rien à faire"
    parts = [blocking if facts.blocking else quiet]
    new = len(facts.evolution.brought)
    return ", ".join([*parts, counted(new, "nouveau retour", "nouveaux retours")] if new else parts)


def _captions(facts: Facts) -> tuple[str, ...]:
    since = facts.evolution.since
    told = f"Consolidation du {moment(facts.run.made_at)}"
    told += f", comparée à celle du {moment(since.made_at)} (n° {since.number})." if since else "."
    return tuple(part for part in (facts.session, told, *_jury(facts)) if part)


def _jury(facts: Facts) -> list[str]:
    day, today = facts.roster.session.jury_date, facts.run.made_at.date()
    return [f"Jury le {day:%d/%m/%Y}{_delay(day, today)}."] if day else []


def _delay(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return ", aujourd'hui"
    return f", dans {counted(days, 'jour', 'jours')}" if days > 0 else f", il y a {counted(-days, 'jour', 'jours')}"


def _figures(facts: Facts) -> tuple[Figure, ...]:
    blocking, missing = len(facts.blocking), facts.owed.sheets
    decided = sum(each.decision not in (Decision.PENDING, Decision.LEFT) for each in facts.decided)
    concerned = sum(each.decision is not Decision.LEFT for each in facts.decided)
    new = "–" if facts.evolution.first else str(len(facts.evolution.brought))
    return (
        Figure(new, "nouveaux retours" if new not in ("0", "1") else "nouveau retour"),
        Figure(str(blocking), "bloquantes" if blocking > 1 else "bloquante", Tone.BAD if blocking else Tone.PLAIN),
        Figure(f"{decided}/{concerned}", "candidats décidés"),
        Figure(str(missing), SHEETS[missing > 1]),
    )


def moment(made_at: datetime) -> str:
    """``25/11/2026 à 06 h 00``."""
    return f"{made_at:%d/%m/%Y} à {made_at:%H\u00a0h\u00a0%M}"
