"""What changed between two runs: what a run knew, and what another one found new, changed or gone. Pure.

:mod:`engine.model.snapshot` is what a run knew, :mod:`engine.model.changes` what differs; :mod:`.compare` finds it
(:mod:`.files` by the bytes of the returns, :mod:`.faults` by what an anomaly is about, whatever its words and its
file). :mod:`.recall` has the memory tell what an earlier run knew; :mod:`.since` which one.
"""

from engine.ledger.comparison.compare import compare
from engine.ledger.comparison.recall import Tonight, against, retold
from engine.ledger.comparison.since import Since, parse
from engine.model.changes import Arrival, Change, Evolution, FileChange, Turn
from engine.model.snapshot import Decided, File, Mark, Origin, Snapshot, marks_seen

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
    "retold",
]
