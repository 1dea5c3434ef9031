"""One job for each word of the command line, in the module of that name; the only folder that puts stages together.

What they share::

    cohorts.py      a cohort opened, and its key; rosters.py: its roster, read with the care that a return takes
    runs.py         around whatever writes: alone, in the log (logbook.py), unforeseen faults told
    grounds.py      the cohort and its memory opened, the returns read; losses.py: unless too many are gone
    standing.py     a night that changed nothing leaves what stands; results.py: whether it stands as it was left
    again.py        results that told of a change told without it (retelling.py: what the night before left for that)
    anew.py         any other night: all found and written anew
    judgement.py    what was read -> anomalies, decisions, changes
    publishing.py   what goes to resultats/, swapped in together
    due.py          what is to stand of what goes out, whoever writes, counts or sends it
    follow_up.py    what goes out again: copies to mend, reminders; handing.py: the first messages
    remembering.py  what the memory gives to a run, and gets back when it was lost
    failing.py      a night that failed begins the morning page
    scheduling.py   many cohorts on many machines
    convening.py    the days of the jury: planning, convocations; jury_sheets.py: its sheets; recording.py: its papers
    receiving.py    deliveries opened and examined; passphrases.py: what opens them; secrets.py: what none may hold
    carrying.py     what closed sessions leave to the next one
    no_return.py    what a path is that holds nothing to check
    options.py      how a consolidation is to be done
    report.py       what a command found; exits.py: what its exit status says of it; mailing.py: the same of mail

Each job returns what it did; none prints. They raise :class:`engine.model.errors.EngineError` when nothing could be
done. Nothing is imported here: a command takes what it needs, and no more.
"""
