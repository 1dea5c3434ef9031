"""What a run puts out, each from tables: nothing here reads a return or decides.

::

    workbook/      resultats.xlsx
    data/          the same as CSV and Parquet, with its dictionary
    fiches/        one page per candidate
    briefing/      the morning page
    reminders/     what is asked for again: contents of copies to mend, drafts
    delivery/      what the certifier gets of a closed session, and whether it is whole
    redaction.py   a shared workbook without one of its people
"""
