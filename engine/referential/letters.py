"""Scales of letters: what they must not contradict, and the same file with the ranks of their letters instead.

The file gives letters where another gives numbers: the minima of competences, the values that have a wording. The rest
of the program compares ranks, from 1 for the lowest letter (:class:`engine.model.Scale`).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from engine.model.parts import ladder
from engine.referential.document import COMPETENCES, ITEMS, Key, Problem, find, shown
from engine.referential.weights import weighed

_LETTERED = ("level", "work")
_BOUNDS = ("minimum", "maximum", "step")
_LETTER = re.compile("[A-Z]")
_FEWEST, MOST = 2, 6
"""How many letters: the formulas that count them while a sheet is being filled must stay short enough."""
_MINIMA = (f"{COMPETENCES}.minimum", f"{ITEMS}.minimum")
_BETWEEN = ("mean", "median")
_FROM = (("competence_from", COMPETENCES), ("transversal_from", ITEMS))
_EXAMPLE = 'par exemple "A > B > C > D" si A est la plus haute'


def ranked(document: dict[str, Any]) -> dict[str, Any]:
    """The parsed file as one of numbers: each letter is its rank, each scale of letters has bounds and a step.

    The same object where no scale has letters. What is faulty there is told by :func:`problems`, and replaced by
    something that is not told twice.
    """
    if not any(_letters(document, name) is not None for name in _LETTERED):
        return document
    changed = copy.deepcopy(document)
    for name in _LETTERED:
        letters = _letters(document, name)
        if letters is None:
            continue
        steps = _steps(letters)
        scale = changed["scales"][name]
        scale |= {"minimum": 1, "maximum": max(_FEWEST, len(steps)), "step": 1}
        if isinstance(scale.get("labels"), dict):
            named = {str(steps.index(key) + 1): text for key, text in scale["labels"].items() if key in steps}
            scale["labels"] = named
        if name == "level":
            _replace(changed, partial(_rank, steps))
    return changed


def spelled(document: dict[str, Any]) -> dict[str, Any]:
    """The inverse, of a file without faults: letters where the file of such a scale has letters."""
    for name in _LETTERED:
        letters = _letters(document, name)
        if not letters:
            continue
        steps, scale = ladder(letters), document["scales"][name]
        document["scales"][name] = {key: value for key, value in scale.items() if key not in _BOUNDS}
        if "labels" in scale:
            labels = {steps[int(key) - 1]: text for key, text in scale["labels"].items()}
            document["scales"][name]["labels"] = labels
        if name == "level":
            _replace(document, partial(_letter, steps))
    return document


def _rank(steps: Sequence[str], letter: Any) -> int:
    return steps.index(letter) + 1 if letter in steps else 1


def _letter(steps: Sequence[str], rank: Any) -> str:
    return steps[int(rank) - 1]


def _replace(document: Any, change: Callable[[Any], Any]) -> None:
    """Put something else, in place, for each minimum of a competence."""
    for pattern in (COMPETENCES, ITEMS):
        for _, part in find(document, pattern):
            if isinstance(part, dict) and "minimum" in part:
                part["minimum"] = change(part["minimum"])


def _letters(document: Any, name: str) -> Any:
    """The letters of a scale as the file writes them, whatever that is; ``None`` where it has none."""
    return next((value for _, value in find(document, f"scales.{name}.letters")), None)


def _steps(letters: Any) -> tuple[str, ...]:
    return ladder(letters) if isinstance(letters, str) else ()


# ------------------------------------------------------------------------------------------------- faults


def problems(document: dict[str, Any]) -> Iterator[Problem]:
    """Every contradiction of the scales of letters of a parsed file."""
    for key, _ in find(document, "scales.mark.letters"):
        yield key, "des notes ne sont pas des lettres : seules les échelles level et work peuvent en avoir"
    for name in _LETTERED:
        letters = _letters(document, name)
        if letters is None:
            continue
        key = ("scales", name, "letters")
        sound = isinstance(letters, str)  # what is no text is told with the types
        faults = list(_faults(letters)) if sound else []
        yield from ((key, fault) for fault in faults)
        yield from _beside(document, name)
        if sound and not faults:
            yield from _labels(document, name, letters)
            yield from _minima(document, letters) if name == "level" else ()
    if _letters(document, "level") is not None:
        yield from _from(document)


def _faults(letters: str) -> Iterator[str]:
    """The faults of the letters themselves."""
    steps = ladder(letters)
    if "<" in letters and ">" in letters:
        yield f"on attend un seul des signes > et <, {_EXAMPLE}, et non {shown(letters)}"
        return
    if not _FEWEST <= len(steps) <= MOST:
        yield f"on attend de {_FEWEST} à {MOST} lettres, de la plus haute à la plus basse, {_EXAMPLE}"
    for step in steps:
        if not _LETTER.fullmatch(step):
            yield f"on attend une seule lettre capitale de A à Z, sans accent, et non {shown(step)}"
    read = [step.upper() for step in steps]
    for letter in dict.fromkeys(step for step in read if step and read.count(step) > 1):
        yield f"la lettre {shown(letter)} y est deux fois (sans tenir compte de la casse)"


def _beside(document: Any, name: str) -> Iterator[Problem]:
    for bound in _BOUNDS:
        for key, _ in find(document, f"scales.{name}.{bound}"):
            yield key, "une échelle en lettres (letters) n'a ni minimum, ni maximum, ni step : ôtez cette clé"


def _labels(document: Any, name: str, letters: str) -> Iterator[Problem]:
    for key, labels in find(document, f"scales.{name}.labels"):
        for label in labels if isinstance(labels, dict) else ():
            if label not in ladder(letters):
                yield (*key, label), f"ce n'est pas une lettre de l'échelle ({letters})"


def _minima(document: Any, letters: str) -> Iterator[Problem]:
    for pattern in _MINIMA:
        for key, minimum in find(document, pattern):
            if minimum not in ladder(letters):
                yield key, f"on attend une lettre de l'échelle ({letters}), et non {shown(minimum)}"


def _from(document: Any) -> Iterator[Problem]:
    """Several letters are one of them, never something between two; nor are they worth marks."""
    for key, bloc in find(document, "bloc.*"):
        if weights := weighed(bloc):
            message = "une lettre ne vaut aucune note : une moyenne de rôles demande une échelle de nombres"
            yield (*key, weights[0]), message
    for name, items in _FROM:
        path: Key = ("policy", name)
        for _, word in find(document, ".".join(map(str, path))):
            if word in _BETWEEN and find(document, items):
                yield path, f'entre deux lettres il n\'y a rien : on attend "min" ou "max", et non {shown(word)}'
