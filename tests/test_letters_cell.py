"""One cell of a scale of letters: what is taken for one of them, and what is told and never guessed."""

import pytest

from engine.intake.sheets import remarks
from engine.model import Kind, forms
from engine.model.values import Tell, normalise
from tests.descriptions import CGCO, LETTERS

LEVEL = next(entry.domain for entry in forms.build(LETTERS, Kind.GRILLE).inputs if entry.name == "niveau")


# ------------------------------------------------------------------------------------------- one cell


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("A", "A"),
        ("a", "A"),
        (" B ", "B"),
        ("\u00a0c\u200b", "C"),
        ("Ａ", "A"),
        ("ｄ", "D"),
        ("ne", "NE"),
        ("NE", "NE"),
    ],
)
def test_a_letter_is_read_whatever_its_case_its_width_and_its_blanks(raw, value):
    reading = normalise(raw, LEVEL)
    assert (reading.value or reading.state, reading.notes) == (value, ())


@pytest.mark.parametrize(
    ("raw", "code", "said"),
    [
        (3.0, "V01", "3 est un nombre, et l'échelle est en lettres."),
        ("3", "V01", "« 3 » est un nombre, et l'échelle est en lettres."),
        ("2,5", "V01", "« 2,5 » est un nombre"),
        ("E", "V01", "« E » n'est pas une lettre de l'échelle."),
        ("А", "V03", "de l'alphabet cyrillique"),
        ("Α", "V03", "de l'alphabet grec"),
        ("Á", "V03", "n'est pas une lettre claire."),
        ("ª", "V03", "n'est pas une lettre claire."),
        ("Ⓐ", "V03", "n'est pas une lettre claire."),
        ("A+", "V03", "« A+ » n'est pas une lettre claire."),
        ("B/C", "V03", "« B/C » n'est pas une lettre claire."),
        ("AB", "V03", "« AB » n'est pas une lettre claire."),
        ("–", "V03", "« – » n'est pas une lettre claire."),
        ("NA", "V03", "« NA » n'est pas une lettre claire."),
        ("ABS", "V10", "Le code ABS n'est pas admis ici."),
        (True, "V07", "La cellule contient VRAI."),
    ],
)
def test_what_is_no_letter_of_the_scale_is_told_and_never_guessed(raw, code, said):
    reading = normalise(raw, LEVEL)
    (note,) = reading.notes
    assert (reading.state, reading.value, note.code) == ("excluded", None, code)
    assert said in note.message
    assert note.message.endswith("Attendu : une des lettres A, B, C, D (A la plus haute) ou NE.")


def test_a_letter_that_is_struck_or_shown_otherwise_is_not_believed():
    assert normalise("B", LEVEL, Tell.STRUCK).notes[0].code == "V12"
    assert normalise("B", LEVEL, Tell.NONE, ("A",)).notes[0].code == "V12"
    assert normalise(0.5, LEVEL, Tell.PERCENT).notes[0].code == "V01"


def test_a_letter_on_a_scale_of_numbers_is_told_as_before():
    numbers = next(entry.domain for entry in forms.build(CGCO, Kind.GRILLE).inputs if entry.name == "niveau")
    assert normalise("B", numbers).notes[0].code == "V03"


def test_a_comment_that_says_another_letter_is_told():
    told_so = ("plutôt B", "plutôt B.", "b", "B.", "NE")
    not_told = ("A", "a", "A.", "A revoir avec le tuteur", "B. Martin était absente", "c'est acquis")
    for comment, told in [(each, True) for each in told_so] + [(each, False) for each in not_told]:
        reading = normalise("A", LEVEL)
        assert remarks.contradicts(comment, reading, LEVEL) is told, comment
