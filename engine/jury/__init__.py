"""Around the day of the jury: who may sit the grand oral, and when each is heard. Pure.

::

    sittings/      days and rooms -> slots, candidates -> slots
"""
