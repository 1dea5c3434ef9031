"""Marks to decisions and warnings: the rules, what was expected and what came. Pure.

::

    decide/        marks -> outcomes, three-valued, with reasons
    evidence.py    what the checks look at
    checks.py      rules across marks -> anomalies; they decide nothing
    reception.py   what was expected -> received, refused, missing; the state of each file
"""
