"""A session and its jury.

::

    convening.py     its days: planning, convocations, invitations; outdated.py: those that no longer hold
    jury_sheets.py   its sheets
    second_round.py  what there is to say of it
    recording.py     its papers
    carrying.py      what closed sessions leave to the next one
"""
