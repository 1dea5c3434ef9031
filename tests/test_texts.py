import unicodedata

import pytest

from engine.model.texts import bare, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Éloïse", unicodedata.normalize("NFD", "Éloïse")),
        ("N’Guessan", "N'GUESSAN"),
        ("Le\u00a0Goff‑Kerbrat", "Le Goff-Kerbrat"),
        ("EN\u202f: Recommandation", "EN : Recommandation"),
        ("«\u202foui\u202f»", "« oui »"),
        ("  deux   blancs ", "deux blancs"),
    ],
)
def test_two_writings_of_one_text(one, other):
    assert fold(one) == fold(other)


def test_accents_count_for_names_and_not_for_our_own_words():
    assert fold("Élodie") != fold("Elodie")
    assert bare("Évaluateurs") == bare("EVALUATEURS")


@pytest.mark.parametrize(("one", "other"), [("2.1", "2.10"), ("Martin", "Marin"), ("1,5", "1.5")])
def test_different_texts_stay_different(one, other):
    assert fold(one) != fold(other)
