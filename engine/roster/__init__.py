"""The roster, ``cohorte.xlsx``: the only file of a cohort written by hand. Read it, check it, write an empty one."""

from engine.roster.blank import blank
from engine.roster.read import check_against, read

__all__ = ["blank", "check_against", "read"]
