"""What a run puts out, each from tables: nothing here reads a return or decides.

::

    tables/        what each table of the results holds: heading, value, meaning, source
    workbook/      resultats.xlsx: the tables with looks and formulas
    data/          the same as CSV and Parquet, with its dictionary
    fiches/        one page per candidate
    briefing/      the morning page
    reminders/     what is asked for again: contents of copies to mend, drafts
    delivery/      what the certifier gets of a closed session, and whether it is whole
    redaction.py   a shared workbook without one of its people
"""
