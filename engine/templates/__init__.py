"""Forms and assignments -> protected workbooks, ready to send.

:mod:`.planning` says which workbooks a cohort needs, :mod:`.workbook` draws them in memory, :mod:`.store` puts them on
disk. A sheet is drawn from top to bottom: :mod:`.header`, :mod:`.captions`, :mod:`.table` with its :mod:`.inputs` and
their :mod:`.rules`; :mod:`.layout` says where everything stands, :mod:`engine.model.wording` what is said, and
:mod:`.help` (with :mod:`.counts`) what formulas show while somebody fills it. :mod:`.guide` ends each workbook.
"""

from engine.templates.planning import Issued, Planned, corrected, plan
from engine.templates.store import Written, corrections, put_corrections, write
from engine.templates.workbook import blank, render

__all__ = [
    "Issued",
    "Planned",
    "Written",
    "blank",
    "corrected",
    "corrections",
    "plan",
    "put_corrections",
    "render",
    "write",
]
