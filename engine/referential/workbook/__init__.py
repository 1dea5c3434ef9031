"""A referential as a workbook, for people who do not write TOML: one sheet per part, one row per entry.

:mod:`.sheets` derives the sheets and their columns from the model, :mod:`.texts` says how a value stands in a cell,
:mod:`.write` and :mod:`.read` go from the parsed file to the workbook and back, :mod:`.wording` is what people read.
"""

from engine.referential.workbook.read import read
from engine.referential.workbook.write import write

__all__ = ["read", "write"]
