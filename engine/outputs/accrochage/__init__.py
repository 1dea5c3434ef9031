"""What the certifier declares to the Caisse des Dépôts: the holders of a certification, as XML.

::

    settings.py   who declares, and how: a TOML file of four keys
    births.py     the birth data of holders, from a table that goes nowhere else
    holders.py    holders joined with their birth data; who cannot be declared, and why
    flux.py       the XML, in parts that the receiver takes
    schema.py     the XSD of the receiver, and what the XML is held to
"""

from engine.outputs.accrochage.births import REQUIRED, Birth, read_births
from engine.outputs.accrochage.flux import Declaration, parts
from engine.outputs.accrochage.holders import Holder, LeftOut, join, technical_identifier
from engine.outputs.accrochage.schema import Schema
from engine.outputs.accrochage.settings import Settings, read_settings

__all__ = [
    "REQUIRED",
    "Birth",
    "Declaration",
    "Holder",
    "LeftOut",
    "Schema",
    "Settings",
    "join",
    "parts",
    "read_births",
    "read_settings",
    "technical_identifier",
]
