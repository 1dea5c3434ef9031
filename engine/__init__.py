"""From workbooks filled by busy people to decisions that can be audited.

::

    referential.toml ─┐
    cohorte.xlsx ─────┼─> forms ──> templates ──> envois/        (out to tutors and jurors)
                      │     │
    retours/ ─────────┴─> intake ──> assessment ──> outputs ──> resultats/
                          (marks)    (outcomes)     (workbook, data, pages)
                              └── ledger: what was known last night ──┘

A sheet is described once (:mod:`engine.model.forms`): the same description writes it, reads it and checks it.
Everything read becomes one tidy table of marks (:mod:`engine.model.tables`); each stage takes tables and returns new
ones; only the two ends touch the disk. :mod:`engine.commands` is the order of the stages.

Floors, from the top; each knows only those below it::

    terminal     the words of the command line, and what is said on the terminal
    browser      the local page
    commands     one job for each word of the command line
    referential, roster, templates, intake, assessment, jury, ledger, outputs, post: the stages
    office       what our documents share
    workspace    the cohort folder
    model        the nouns
"""

__version__ = "0.1.0"

REFERENTIAL = "cgco_rncp34465"
"""The certification of a cohort that names none."""
