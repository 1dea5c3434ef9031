import pytest

from engine.office.metrics import row_height, text_width, wrap


def test_widths_are_those_of_arial():
    assert text_width("0" * 10, 12) == pytest.approx(10 * 1139 / 2048 * 16)
    assert text_width("é", 10) == text_width("e", 10)
    assert text_width("m", 10, bold=True) > text_width("m", 10)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("court", 1),
        ("Répondre à un cahier des charges par une expérience client numérique", 2),
        ("une ligne\nune autre", 2),
        ("x" * 200, 5),
    ],
)
def test_lines_in_a_column(text, lines):
    assert wrap(text, 320, 9) == lines


def test_a_text_breaks_after_a_hyphen():
    assert wrap("anticonstitutionnellement-anticonstitutionnellement", 180, 9) == 2


def test_a_no_break_space_holds_words_together_and_takes_room():
    loose, held = "un mot clair : " * 12, "un mot clair\u202f: " * 12
    assert wrap(held, 300, 9) >= wrap(loose, 300, 9) - 1
    assert wrap("mot\u00a0" * 30, 200, 9) >= 4


def test_an_indent_takes_room():
    text = "Valoriser l'offre, soigner le parcours client"
    assert wrap(text, 300, 9) < wrap(text, 300, 9, indent=6)


def test_heights_are_whole_screen_steps():
    for lines in range(1, 6):
        height = row_height(lines, 9)
        assert height % 0.75 == 0
        assert height >= lines * 12 + 6
