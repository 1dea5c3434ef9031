"""Real returns with bytes or XML spoiled at random: nothing crashes, nothing hangs, nothing is misread.

::

    mutate.py   ways to spoil a package
    witness.py  what a spoiled package really holds, told by a reader that owes nothing to the engine's
    run.py      many cases in processes that may die, and what went wrong
"""
