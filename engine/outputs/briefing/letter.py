"""The morning page as a message for the secretariat, ready to be sent: text and HTML, nothing attached."""

from __future__ import annotations

from datetime import datetime

from engine.model import Role, Roster
from engine.office import mail
from engine.office.styles import printed
from engine.outputs.briefing.html import as_html
from engine.outputs.briefing.page import Page
from engine.outputs.briefing.text import as_text

_BOUNDARY = "=_cohorte_point_du_matin"


def letter(page: Page, roster: Roster, now: datetime) -> bytes:
    """The draft, addressed to every Secrétariat of the roster whose address a message can bear."""
    recipients = [person.email for person in roster.with_role(Role.SECRETARIAT)]
    message = mail.Message(recipients=recipients, subject=printed(page.subject), body=as_text(page), page=as_html(page))
    return mail.draft(message, now, boundary=_BOUNDARY)
