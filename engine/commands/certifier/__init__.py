"""Deliveries, at both ends.

::

    receiving.py    each read once, the latest of each cohort counted
    passphrases.py  what opens them
    secrets.py      what none may hold
"""
