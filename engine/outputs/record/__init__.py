"""What a closed session leaves on paper: the jury's record, an attestation per holder, the list of the holders."""

from engine.outputs.record.attestations import attestations, holders
from engine.outputs.record.minutes import Closing, Minutes, minutes
from engine.outputs.record.titulaires import titulaires

__all__ = ["Closing", "Minutes", "attestations", "holders", "minutes", "titulaires"]
