"""Tables that people typed in a spreadsheet program, such as the roster: headings found, cells read for certain.

What is not clear is told with its sheet and its cell, and never guessed.
"""
