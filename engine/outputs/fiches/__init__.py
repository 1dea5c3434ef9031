"""Outcomes to one page per candidate, to be printed or kept in an employability booklet.

No mark of an evaluator alone stands on it: levels, points and marks are those that were retained.
"""

from engine.outputs.fiches.book import shared, workbook
from engine.outputs.fiches.store import write_each, write_one

__all__ = ["shared", "workbook", "write_each", "write_one"]
