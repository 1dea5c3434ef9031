"""The order of the stages. The only folder that imports them all; the command line calls nothing else.

::

    cohorts.py        opening a cohort, making one, its key; the sample one
    sending.py        what goes out to be filled
    consolidation.py  the nightly job, in order:
        grounds.py        the cohort and its memory opened, the returns read
        judgement.py      what was read -> anomalies, decisions, changes
        delivery.py       what goes to resultats/, swapped in together
        follow_up.py      what goes out again: copies to mend, reminders
        failing.py        a night that failed begins the morning page
    looking.py        workbooks checked, a cohort examined, on the spot
    pages.py          one page per candidate

Each function does one command's whole job and returns what it did; none prints. They raise
:class:`engine.model.errors.EngineError` when nothing could be done.
"""

from engine.commands.cohorts import DEFAULT, Initialised, initialise, open_cohort, prepare_demo
from engine.commands.consolidation import consolidate, status
from engine.commands.looking import check, examine
from engine.commands.options import Options
from engine.commands.pages import write_fiches
from engine.commands.sending import codes, issue, write_blanks, write_codes

__all__ = [
    "DEFAULT",
    "Initialised",
    "Options",
    "check",
    "codes",
    "consolidate",
    "examine",
    "initialise",
    "issue",
    "open_cohort",
    "prepare_demo",
    "status",
    "write_blanks",
    "write_codes",
    "write_fiches",
]
