"""The scales of a referential, and what is measured on them: levels, marks, the points of the oral."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.model import Scale
from engine.referential.document import COMPETENCES, CRITERIA, ITEMS, Problem, find, number, numbers, plain

_NAMES = ("level", "work", "mark")
_MOST_VALUES = 1000
_BARS = ("national_exam.at_least", "bloc.*.at_least", "bloc.*.floor", "exam.*.after_at_least")  # on the scale of marks
_LABEL = re.compile(r"-?\d{1,6}(\.\d{1,6})?")


def _scales(document: Any) -> Iterator[Problem]:
    for name in _NAMES:
        scale = _scale(document, name)
        if scale is None:
            continue
        if scale.minimum >= scale.maximum:
            message = f"{plain(scale.minimum)} n'est pas inférieur à maximum ({plain(scale.maximum)})"
            yield ("scales", name, "minimum"), message
        elif fault := _step_fault(scale.step, scale.maximum - scale.minimum):
            yield ("scales", name, "step"), fault


def _labels(document: Any) -> Iterator[Problem]:
    for name in _NAMES:
        scale = _sound_scale(document, name)
        for key, labels in find(document, f"scales.{name}.labels"):
            for label in labels if isinstance(labels, dict) else ():
                if scale and not _names_value(label, scale):
                    yield (*key, label), f"ce n'est pas une valeur de l'échelle ({_described(scale)})"


def _minima(document: Any) -> Iterator[Problem]:
    scale = _sound_scale(document, "level")
    for key, minimum in numbers(document, f"{COMPETENCES}.minimum", f"{ITEMS}.minimum"):
        if scale and not scale.minimum <= minimum <= scale.maximum:  # between two steps is fine: a mean can stand there
            yield key, f"{plain(minimum)} n'est pas dans l'échelle ({_described(scale)})"


def _marks(document: Any) -> Iterator[Problem]:
    scale = _sound_scale(document, "mark")
    if scale is None:
        return
    low, high = scale.minimum, scale.maximum
    for key, bar in numbers(document, *_BARS):
        if not low <= bar <= high:
            yield key, f"on attend une note de {plain(low)} à {plain(high)}, et non {plain(bar)}"
    for key, bar in numbers(document, "ue_rule.above"):
        if not low <= bar < high:  # a mark must be able to stand strictly above it
            yield key, f"on attend une note de {plain(low)} à moins de {plain(high)}, et non {plain(bar)}"


def _oral(document: Any) -> Iterator[Problem]:
    points = list(numbers(document, f"{CRITERIA}.points"))
    total = sum((value for _, value in points), Decimal(0))
    for key, bar in numbers(document, "oral.at_least"):
        if len(points) == len(find(document, CRITERIA)) and not 0 <= bar <= total:
            yield key, f"on attend de 0 à {plain(total)} points (le total de l'oral), et non {plain(bar)}"
    step = number(document, "oral.step")
    if step is not None and step <= 0:
        yield ("oral", "step"), _step_fault(step, total)
        return
    for key, value in points:
        if value > 0 and (fault := _step_fault(step, value)):
            yield key, f"{fault} (voir oral.step)"


RULES = (_scales, _labels, _minima, _marks, _oral)


# ----------------------------------------------------------------------------------------------- measures


def _scale(document: Any, name: str) -> Scale | None:
    minimum, maximum, step = (number(document, f"scales.{name}.{key}") for key in ("minimum", "maximum", "step"))
    if minimum is None or maximum is None:
        return None
    return Scale(minimum=minimum, maximum=maximum, step=step)


def _sound_scale(document: Any, name: str) -> Scale | None:
    """The scale, when something can be measured on it."""
    scale = _scale(document, name)
    if scale is None or scale.minimum >= scale.maximum or _step_fault(scale.step, scale.maximum - scale.minimum):
        return None
    return scale


def _step_fault(step: Decimal | None, span: Decimal) -> str:
    """The fault of a step over a span, "" for none."""
    if step is None:
        return ""
    if step <= 0:
        return f"on attend un pas supérieur à 0, et non {plain(step)}"
    if span % step:
        return f"le pas {plain(step)} ne divise pas exactement {plain(span)}"
    if span / step > _MOST_VALUES:
        return f"le pas {plain(step)} donne plus de {_MOST_VALUES} valeurs"
    return ""


def _on(scale: Scale, value: Decimal) -> bool:
    on_step = scale.step is None or (value - scale.minimum) % scale.step == 0
    return scale.minimum <= value <= scale.maximum and on_step


def _names_value(label: str, scale: Scale) -> bool:
    """Whether a label's key is a value of the scale, written in its one plain form (``2.5``, not ``2.50``)."""
    return bool(_LABEL.fullmatch(label)) and plain(Decimal(label)) == label and _on(scale, Decimal(label))


def _described(scale: Scale) -> str:
    step = "" if scale.step is None else f", par pas de {plain(scale.step)}"
    return f"de {plain(scale.minimum)} à {plain(scale.maximum)}{step}"
