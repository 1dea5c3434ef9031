"""From workbooks filled by busy people to decisions that can be audited.

::

    referential.toml ─┐
    cohorte.xlsx ─────┼─> forms ──> templates ──> envois/        (out to tutors and jurors)
                      │     │
    retours/ ─────────┴─> intake ──> checks ──> decide ──> results ──> resultats/
                          (read)   (anomalies)  (outcomes)  (workbook)

A sheet is described once (:mod:`engine.forms`): the same description writes it, reads it and checks it.
Everything read becomes one tidy table of marks (:mod:`engine.tables`); each stage takes tables and returns new
ones; only the two ends touch the disk. :mod:`engine.pipeline` is the order of the stages.
"""

__version__ = "0.1.0"
