"""What the secretariat reads in the morning, in one minute: what came, what is wrong, what changed, who is awaited.

:mod:`.facts` is what is known; :mod:`.compose` puts it in words, a :class:`.page.Page` that :mod:`.html`, :mod:`.text`
and :mod:`.letter` show alike (one section each: :mod:`.arrivals`, :mod:`.faults`, :mod:`.moves`,
:mod:`.awaited`). :mod:`.failing` is the page of a night that could not be done. Pure.
"""

from engine.outputs.briefing.compose import compose
from engine.outputs.briefing.facts import Facts
from engine.outputs.briefing.failing import failing
from engine.outputs.briefing.html import as_html
from engine.outputs.briefing.letter import letter
from engine.outputs.briefing.text import as_text

__all__ = ["Facts", "as_html", "as_text", "compose", "failing", "forms", "letter"]


def forms(facts: Facts) -> dict[str, bytes]:
    """The page in each of its forms, by file name extension; the same facts give the same bytes."""
    page = compose(facts)
    return {
        ".html": as_html(page).encode(),
        ".txt": as_text(page).encode(),
        ".eml": letter(page, facts.roster, facts.run.made_at),
    }
