"""The certifier's view over many deliveries: one workbook and one page, with alerts and never a decision.

::

    cohort.py     what one delivery says, from its data files
    alerts.py     what is unlikely enough to be looked at: exact binomial, standard errors
    tables.py     cohorts, jurors, blocs, holders, deliveries as tables
    workbook.py   the tables as a workbook
    page.py       the same as a page to read in a browser
"""

from engine.outputs.nation.cohort import Cohort, Received, State, read_cohort
from engine.outputs.nation.page import page
from engine.outputs.nation.tables import Nation, gather
from engine.outputs.nation.workbook import write

__all__ = ["Cohort", "Nation", "Received", "State", "gather", "page", "read_cohort", "write"]
