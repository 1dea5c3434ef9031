"""Around the day of the jury: who may sit the grand oral, and when each is heard. Pure.

::

    admission.py   marks and outcomes -> who may sit the grand oral, and what is lacking
    bonds.py       jurors who may not hear a candidate
    warnings.py    what is told of both
"""

from engine.jury.admission import admit
from engine.jury.bonds import bonds
from engine.jury.warnings import warnings

__all__ = ["admit", "bonds", "warnings"]
