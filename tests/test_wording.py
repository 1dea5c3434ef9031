"""What the sheets say of a scale is true of every scale: the example given is a value that may be typed."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model import Kind, Scale
from engine.model.forms import build
from engine.model.wording import panel_text, steps, stop_message
from tests.descriptions import REFERENTIALS

CGCO = REFERENTIALS["cgco"]


def scale(lowest, highest, step=None):
    return Scale(minimum=Decimal(lowest), maximum=Decimal(highest), step=Decimal(step) if step else None)


def said(kind, **scales):
    """What a sheet says of its scale: the panel, and the message for somebody who types something else."""
    referential = replace(CGCO, scales=replace(CGCO.scales, **scales))
    form = build(referential, kind)
    main = next(entry for entry in form.inputs if entry.decides)
    return panel_text(form, referential).replace("\n", " "), stop_message(main.domain, form)


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (scale(0, 20), "avec leurs décimales (exemple : 12,25)."),
        (scale(0, 100), "avec leurs décimales (exemple : 12,25)."),
        (scale(0, 10), "avec leurs décimales (exemple : 5,25)."),
        (scale(-2, 2), "avec leurs décimales (exemple : 0,25)."),
        (scale(0, "0.2"), "avec leurs décimales."),
        (scale(0, 20, "0.5"), "Notes de 0 à 20, par demi-point."),
        (scale(0, 100, 1), "Notes de 0 à 100, en points entiers."),
        (scale(0, 100, 10), "Notes de 0 à 100, par pas de 10 points."),
    ],
)
def test_the_notes_tell_what_a_mark_may_be(marks, told):
    text, stop = said(Kind.NOTES, mark=marks)
    assert told in text
    for example in re.findall(r"exemple\D*(-?[\d,]+)\)", text + stop):
        value = Decimal(example.replace(",", "."))
        assert marks.minimum <= value <= marks.maximum
        assert marks.step is None or (value - marks.minimum) % marks.step == 0


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (scale(1, 5, 1), "Tapez un seul chiffre de 1 à 5, sans virgule ni « 3/5 »."),
        (scale(1, 2, 1), "Tapez un seul chiffre de 1 à 2, sans virgule ni « 2/2 »."),
        (scale(-2, 2, 1), "Tapez un niveau de -2 à 2, sans virgule."),
        (scale(0, 20, 1), "Tapez un niveau de 0 à 20, sans virgule."),
        (scale(0, 3), "Tapez un niveau de 0 à 3, avec ses décimales (exemple : 1,25)."),
        (scale(0, 20, "0.5"), "Tapez un niveau de 0 à 20, par demi-niveau (exemple : 1,5)."),
    ],
)
def test_the_message_of_a_level_tells_what_it_may_be(levels, told):
    assert told in said(Kind.GRILLE, level=levels)[1]


@pytest.mark.parametrize(
    ("step", "unit", "words"),
    [
        ("1", "niveau", "en niveaux entiers"),
        ("0.2", "point", "par pas de 0,2 point"),
        ("2", "point", "par pas de 2 points"),
        ("5", "niveau", "par pas de 5 niveaux"),
    ],
)
def test_a_step_is_told_with_its_plural(step, unit, words):
    assert steps(Decimal(step), unit) == words
