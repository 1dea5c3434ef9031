"""From grids to marks and anomalies, sheet by sheet.

::

    ours.py       workbooks that are no returns: the roster, the results
    lone.py       sheets that lost what says whose they are
    recognise.py  whose sheet it is: reference, seal, roster (naming.py: whether a name is that of a person)
    sheet.py      a recognised sheet, from its grid to its report
    headings.py   the table by its headings
    locate.py     its rows by codes, single inputs by labels (located.py: what was found, and whom it is about)
    layouts.py    what was found in one sheet, for those that differ by what was filled in
    structure.py  what is wrong with the table (sides.py: lines that are nobody's)
    shifts.py     cells that are no longer on their rows, as names tell (frame.py: as what surrounds a list tells)
    agreement.py  whether what identifies a row agrees (people.py: where rows are people)
    locked.py     locked texts that changed (alphabet.py: letters in another order)
    content.py    each input cell to a mark (remarks.py: comments beside it)
    astray.py     answers typed beside their boxes
    signing.py    who signed
    grouped.py    what was typed into two sheets at once
    strangers.py  sheets beside one that shows somebody else's name
"""
