"""The roster, ``cohorte.xlsx``: the only file of a cohort written by hand. Read it, check it, write an empty one."""

from engine.office.typed.layout import RESAVE
from engine.roster.layout import NOBODY
from engine.roster.read import read
from engine.roster.statements import stated

__all__ = ["NOBODY", "RESAVE", "read", "stated"]
