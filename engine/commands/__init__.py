"""One job for each word of the command line, in the module of that name; the only folder that puts stages together.

What they share::

    cohorts.py    a cohort opened, and its key; rosters.py: its roster, read with the care that a return takes
    runs.py       around whatever writes: alone, in the log (logbook.py), unforeseen faults told
    grounds.py    the cohort and its memory opened, the returns read
    judgement.py  what was read -> anomalies, decisions, changes
    night/        what a consolidation writes, remembers and tells; what goes out of the cohort by message
    session/      the jury's days, sheets and papers; what closed sessions leave to the next one
    certifier/    deliveries as the certifier receives them; what none may hold
    no_return.py  what a path is that holds nothing to check
    options.py    how a consolidation is to be done
    report.py     what a command found; exits.py: what its exit status says of it; mailing.py: the same of mail

Each job returns what it did; none prints. They raise :class:`engine.model.errors.EngineError` when nothing could be
done. Nothing is imported here: a command takes what it needs, and no more.
"""
