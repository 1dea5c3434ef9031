"""The words of the command line: what each takes, which command it runs, what is said of what that found.

::

    before.py    init, templates, codes, check: before the returns
    nightly.py   consolidate, status, fiches, doctor: once they come
    post.py      send, fetch: what goes and comes by mail
    session.py   history, restore, close, reopen: the memory, and the end of a session
    certifier.py deliver, verify, rollup, accrochage: between the centre and the certifier
    people.py    forget, purge: what is erased
    here.py      open, demo: on this machine

Nothing is imported from the engine before a word runs, so that ``--help`` answers at once.
"""
