"""One person taken out of a cohort, everywhere but where only people write.

::

    traces.py     where a candidate is found: returns, archive, what was sent, results
    papers.py     what the jury's papers tell of them: what is owed stays, the rest is made again
    erasing.py    the order in which all of it goes, so that a run that was killed is finished by the next one
"""

from engine.commands.forget.erasing import Forgotten, forget

__all__ = ["Forgotten", "forget"]
