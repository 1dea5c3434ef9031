"""A file that nobody could read and that bears the name of somebody who is forgotten: its name goes with them."""

import pytest

from engine.commands.close import close
from engine.commands.forget import forget
from engine.ledger.acts import bears
from tests.test_forgetting import found, mend, nights, three_nights  # noqa: F401 - fixtures


@pytest.mark.parametrize("closed", [False, True])
def test_a_scan_named_after_them_is_named_nowhere_once_it_was_taken_away(nights, closed):  # noqa: F811
    theirs = nights.cohort.write("courriers/LEFÈVRE Éloïse.pdf", b"%PDF-1.7")
    nights.cohort.write("courriers/LEFÈVRE Paul.pdf", b"%PDF-1.7 another")
    nights.run()
    if closed:
        close(nights.cohort.path, accept_provisional=True)
    assert found(nights.cohort.path, "LEFÈVRE Éloïse.pdf")
    mend(nights)
    theirs.unlink()
    assert forget(nights.cohort.path, "007").done
    assert found(nights.cohort.path, "Éloïse") == []
    assert found(nights.cohort.path, "LEFÈVRE Paul.pdf")


@pytest.mark.parametrize(
    ("path", "borne"),
    [
        ("lettres/lefevre_eloise (1).pdf", True),
        ("LEFÈVRE/Éloïse/scan.png", True),
        ("LEFÈVRE Paul.pdf", False),
        ("Lefèvres Éloïse.pdf", False),
    ],
)
def test_a_name_is_borne_word_by_word(path, borne):
    assert bears(path, ["LEFÈVRE Éloïse"]) is borne
    assert not bears(path, [])
