"""What a closed session hands to the certifier: one encrypted archive that says what it holds, and checking one.

::

    manifest.py     what a delivery is and holds, in bytes that are always the same
    passphrase.py   what opens it, told by another channel
    packing.py      members -> the archive
    reading_me.py   what its reader needs to know
    opening.py      an archive, or a folder where one was extracted, read within bounds
    checking.py     what was read against its manifest, decisions against each other
    synthesis.py    the decisions that a results workbook shows, and what they rest on
    agreeing.py     whether data tell the same
    names.py        the names that members may bear
    faults.py       what can be wrong, each thing told apart
"""

from engine.outputs.delivery.agreeing import unlike
from engine.outputs.delivery.checking import DATA, DELIBERATION, RESULTS, Checked, check, rows
from engine.outputs.delivery.faults import Fault, Nature
from engine.outputs.delivery.manifest import Closure, File, Manifest, ManifestError, parse
from engine.outputs.delivery.opening import Member, Opened, open_archive, open_folder
from engine.outputs.delivery.packing import files, pack
from engine.outputs.delivery.synthesis import decisions_of_workbook

__all__ = [
    "DATA",
    "DELIBERATION",
    "RESULTS",
    "Checked",
    "Closure",
    "Fault",
    "File",
    "Manifest",
    "ManifestError",
    "Member",
    "Nature",
    "Opened",
    "check",
    "decisions_of_workbook",
    "files",
    "open_archive",
    "open_folder",
    "pack",
    "parse",
    "rows",
    "unlike",
]
