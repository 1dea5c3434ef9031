"""Pages to the bytes of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from engine.model import Outcome, Referential, Roster
from engine.office.styles import Styles, new_workbook
from engine.outputs.fiches.names import sheet_names
from engine.outputs.fiches.page import Page, Shared
from engine.outputs.fiches.sheet import draw
from engine.outputs.fiches.strip import strip_for
from engine.outputs.fiches.transversal import transversal_means


def shared(referential: Referential, roster: Roster, outcomes: Iterable[Outcome]) -> Shared:
    """The facts that the pages of a cohort share; ``outcomes`` are those of all its candidates."""
    means = {} if referential.scales.level.letters else transversal_means(outcomes)  # there is no mean of letters
    return Shared(referential, roster, means, strip_for(referential))


def workbook(common: Shared, outcomes: Sequence[Outcome], made_at: datetime) -> bytes:
    """The bytes of a workbook of one page per outcome; the same arguments give the same bytes."""
    buffer = BytesIO()
    title = outcomes[0].candidate.name if len(outcomes) == 1 else "Fiches des candidats"
    book = new_workbook(buffer, title=title, made_at=made_at)
    styles = Styles(book)
    for name, outcome in zip(sheet_names([outcome.candidate for outcome in outcomes]), outcomes, strict=True):
        draw(Page(book, book.add_worksheet(name), styles, common, outcome), made_at)
    book.close()
    return buffer.getvalue()
