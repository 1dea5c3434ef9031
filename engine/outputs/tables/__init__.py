"""The tables of the results, each described once: heading, type, meaning, source, and how a value is read.

The data files and their dictionary are made of the descriptions alone. A sheet of the workbook that shows the same rows
takes its columns from here, in this order, and adds looks and formulas by heading.
"""
