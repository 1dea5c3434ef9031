"""What an input takes, in the words of a message: ``un nombre de 1 à 5 ou NE``, ``une des lettres A, B, C, D``."""

from __future__ import annotations

from engine.model.forms import DECLARED, Domain, Nature
from engine.model.values.cells import figure


def expected(domain: Domain) -> str:
    """The values that may be typed, in French, without a final stop: ``un nombre de 1 à 5 ou NE``."""
    if domain.nature is Nature.YES_NO:
        return "Oui ou Non"
    if domain.nature is Nature.TICK:
        return "x, ou rien"
    if domain.nature is Nature.DATE:
        return "une date jj/mm/aaaa"
    if domain.nature is Nature.TEXT:
        return "un texte"
    if domain.nature is Nature.CHOICE:
        return f"{', '.join(domain.choices[:-1])} ou {domain.choices[-1]}"
    if domain.nature is Nature.CODES:
        return f"des codes parmi {', '.join(domain.choices)}, séparés par « ; »"
    codes = "".join(f" ou {state}" for state in DECLARED if state in domain.states)
    if domain.nature is Nature.LETTER:
        return f"une des lettres {listed(domain)}{codes}"
    bounds = f"de {figure(domain.minimum)} à {figure(domain.maximum)}"
    whole = domain.step is not None and domain.step == domain.step.to_integral_value()
    kind = "un nombre entier" if whole else "un nombre"
    step = "" if whole or domain.step is None else f", par pas de {figure(domain.step)}"
    return f"{kind} {bounds}{step}{codes}"


def listed(domain: Domain) -> str:
    """The letters of a scale: ``A, B, C, D (A la plus haute)``."""
    return f"{', '.join(reversed(domain.choices))} ({domain.choices[-1]} la plus haute)"
