"""The planning: who is heard in which slot."""

from engine.jury.sittings.plan import Hearing, Planning, Standing, fits, plan

__all__ = ["Hearing", "Planning", "Standing", "fits", "plan"]
