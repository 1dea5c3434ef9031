"""Spoiled returns: what people really send back, made from our own workbooks, with what must come of each.

::

    case.py        one case; the desk that fills workbooks; ways to spoil them
    mail.py        messages and archives
    containers.py  files that are no readable workbook, or an odd one
    structure.py   sheets turned upside down
    cells.py       inputs badly filled
    identity.py    people, seals, signatures, versions, rules
    jury.py        what the commission and the jury fill
    hostile.py     texts and names that would harm a careless program
    judge.py       all of them dropped, read and judged
    document.py    the table of the documentation
"""

from __future__ import annotations

from tests.spoil import cells, containers, hostile, identity, jury, mail, structure
from tests.spoil.case import Case

CASES: tuple[Case, ...] = tuple(
    case for part in (containers, mail, structure, identity, jury, cells, hostile) for case in part.CASES
)
