"""An .xlsx, part by part, for what a plain reading of it hides.

::

    document.py    its sheets, names and date, and what calamine is given
    plain.py       a sheet that is written as spreadsheet programs write it, by patterns
    odd.py         one that is not, by a real XML parser
    styling.py     the looks of cells and of the runs of texts
    conditions.py  looks that cells take by a condition
    attached.py    comments, and pictures that lie over cells
    dress.py       the style of each cell and the rule for what may be typed in it
"""
