"""What is to be mended, and how it is asked for: contents of the corrected copies, drafts of the reminders. Pure.

:mod:`.copies` says which received sheets have something to mend and what their fresh copies hold; :mod:`.needs` says
what is awaited from each evaluator; :mod:`.letters` puts it in words.
"""

from engine.outputs.reminders.copies import accepted, contents, to_mend
from engine.outputs.reminders.first import first_message
from engine.outputs.reminders.letters import draft, draft_name, file_name
from engine.outputs.reminders.needs import Needs, needs

__all__ = ["Needs", "accepted", "contents", "draft", "draft_name", "file_name", "first_message", "needs", "to_mend"]
