"""An .ods, for what a plain reading of it hides.

::

    document.py  its sheets, names and date, and what calamine is given
    held.py      what a cell holds, and what people see of it
    looks.py     the looks of cells and of the runs of texts
    formats.py   its number formats, as the codes that other spreadsheets use
"""
