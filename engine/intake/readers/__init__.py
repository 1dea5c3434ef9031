"""From guarded parts to grids: the values that a parser gives, and beside them what a plain reading hides.

::

    workbook.py  the grids of a workbook: values by calamine, confirmed and completed by a closer look
    grid.py      a sheet as it was found
    look.py      what the closer look finds (faces.py: looks that change a meaning; showing.py: what formats show)
    ooxml/       the closer look at an .xlsx
    ods/         the closer look at an .ods
    dates.py     when a workbook says it was last saved
"""
