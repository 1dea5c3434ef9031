"""The morning page of a night that failed: which one and why, above the page of the last one that was done. Pure.

Each form is made from the same form as it stands; what it told of earlier failures is left out.
"""

from __future__ import annotations

import email
import re
from collections.abc import Mapping
from datetime import datetime
from email.policy import SMTP
from html import escape

from engine.model.texts import counted, day_and_hour
from engine.model.values import clip
from engine.office import mail
from engine.office.styles import printed
from engine.outputs.briefing.html import as_html
from engine.outputs.briefing.page import Item, Page, Section, Tone
from engine.outputs.briefing.text import as_text

_BELOW = "Ci-dessous, la page de la dernière consolidation faite."
_NONE_BEFORE = "Aucune consolidation n'a encore été faite."
_RULE = "=" * 78
_MARK = "<!-- page de la dernière consolidation faite -->"
_BODY, _END = re.compile('<div class="page"[^>]*>'), "</div>\n</body>"
_BOUNDARY = "=_cohorte_consolidation_non_faite"
_MOST, _LONGEST = 12, 400  # lines of the reason, and signs of one


def failing(name: str, reason: str, now: datetime, earlier: Mapping[str, bytes]) -> dict[str, bytes]:
    """The page in each of its forms, by file name extension.

    ``name``: that of the cohort's folder; ``reason``: a sentence, and lines that list faults. ``earlier``: the page
    that stands, by extension, as far as it can be read.
    """
    known = {suffix: content.decode("utf-8", "replace") for suffix, content in earlier.items()}
    text, html = _done_text(known.get(".txt", "")), _done_html(known.get(".html", ""))
    page = _page(name, reason, now, below=bool(text or html))
    whole_text, whole_html = as_text(page), as_html(page)
    if text:
        whole_text += f"\n{_RULE}\n\n{text}"
    if html:
        head, _, _ = whole_html.rpartition(_END)
        whole_html = f"{head}{_MARK}{html}{_END}\n</html>\n"
    letter = mail.Message(
        recipients=_recipients(earlier.get(".eml", b"")),
        subject=printed(page.subject),
        body=whole_text,
        page=whole_html,
    )
    draft = mail.draft(letter, now, boundary=_BOUNDARY)
    return {".html": whole_html.encode(), ".txt": whole_text.encode(), ".eml": draft}


def _page(name: str, reason: str, now: datetime, *, below: bool) -> Page:
    first, *faults = [line.strip().removeprefix("- ") for line in reason.splitlines() if line.strip()] or ["?"]
    more = len(faults) - _MOST
    items = tuple(Item(clip(fault, _LONGEST), tone=Tone.BAD) for fault in faults[:_MOST])
    return Page(
        verdict=Item(
            f"Quelqu'un doit intervenir : la consolidation du {day_and_hour(now)} n'a pas été faite.", tone=Tone.BAD
        ),
        subject=f"{name} : consolidation non faite, une intervention nécessaire",
        captions=(name, f"Les résultats n'ont pas été touchés. {_BELOW if below else _NONE_BEFORE}"),
        figures=(),
        sections=(Section("Pourquoi", first, items, f"Et {counted(more, 'autre', 'autres')}." if more > 0 else ""),),
        closing=("Une fois la cause levée, la consolidation suivante remplace cette page.",),
    )


def _done_text(standing: str) -> str:
    """The page of the last consolidation that was done, in the text that stands."""
    standing = standing.replace("\r\n", "\n")
    _, rule, done = standing.partition(f"\n{_RULE}\n\n")
    if rule:
        return done
    return "" if _tells_failure(standing.partition("\n")[0]) else standing


def _done_html(standing: str) -> str:
    """The same in HTML: what stands within the page."""
    _, mark, done = standing.partition(_MARK)
    if not mark:
        done = "".join(_BODY.split(standing, maxsplit=1)[1:])
        title = done.partition("</h1>")[0]
        done = "" if _tells_failure(title) else done
    within, end, _ = done.rpartition(_END)
    return within if end else ""


def _tells_failure(first_line: str) -> bool:
    ending = printed("n'a pas été faite.")
    return ending in first_line or escape(ending) in first_line


def _recipients(letter: bytes) -> list[str]:
    """To whom the draft that stands is addressed; nobody when it cannot be read."""
    try:
        header = email.message_from_bytes(letter, policy=SMTP)["To"]
        return [address.addr_spec for address in header.addresses] if header else []
    except (ValueError, LookupError, AttributeError, TypeError):  # a file that somebody else wrote
        return []
