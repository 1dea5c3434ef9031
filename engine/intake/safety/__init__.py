"""From a path to the parts of a workbook that are safe to parse, or why they are not.

::

    guard.py    a file, read once into memory, and its parts, or the refusal that says why not
    nature.py   what a file really is, whatever its name says (ole.py: what an OLE container holds)
    archive.py  a ZIP, within bounds
    parts.py    the names of the parts of a package
    bounds.py   how much of a parser's memory a workbook may claim
    refusal.py  why a file is not read
"""
