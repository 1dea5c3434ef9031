"""What changed between two runs: what a run knew, and what another one found new, changed or gone. Pure.

:mod:`.snapshot` is what a run knew; :mod:`.changes` what differs; :mod:`.compare` finds it (:mod:`.files` by the bytes
of the returns, :mod:`.faults` by what an anomaly is about, whatever its words and its file). :mod:`.recall` has the
memory tell what an earlier run knew; :mod:`.since` which one.
"""

from engine.evolution.changes import Arrival, Change, Evolution, FileChange, Turn
from engine.evolution.compare import compare
from engine.evolution.recall import Tonight, against
from engine.evolution.since import Since, parse
from engine.evolution.snapshot import Decided, File, Mark, Origin, Snapshot, marks_seen

__all__ = [
    "Arrival",
    "Change",
    "Decided",
    "Evolution",
    "File",
    "FileChange",
    "Mark",
    "Origin",
    "Since",
    "Snapshot",
    "Tonight",
    "Turn",
    "against",
    "compare",
    "marks_seen",
    "parse",
]
