"""What a consolidation does once the returns are known, and what it leaves.

::

    standing.py     a night that changed nothing leaves what stands; results.py: whether it stands as it was left
    again.py        results that told of a change told without it (retelling.py: what the night before left for that)
    anew.py         any other night: all found and written anew
    losses.py       unless too many returns are gone
    remembering.py  what the memory gives to a run, and gets back when it was lost
    publishing.py   what goes to resultats/, swapped in together
    due.py          what is to stand of what goes out, whoever writes, counts or sends it
    follow_up.py    what goes out again: copies to mend, reminders; handing.py: the first messages
    failing.py      a night that failed begins the morning page
    scheduling.py   many cohorts on many machines
"""
