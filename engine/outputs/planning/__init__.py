"""The days of the jury, to print and to send: the planning, the convocations, their invitations."""

from engine.outputs.planning.book import Row, planning_book
from engine.outputs.planning.invitations import Event, invitation
from engine.outputs.planning.letters import Convocation, stem, to_candidate, to_juror

__all__ = ["Convocation", "Event", "Row", "invitation", "planning_book", "stem", "to_candidate", "to_juror"]
