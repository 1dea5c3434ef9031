"""The planning: the slots of the sittings, and who is heard in which."""

from engine.jury.sittings.slots import slots

__all__ = ["slots"]
