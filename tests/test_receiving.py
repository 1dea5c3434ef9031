"""Which deliveries are of one cohort, when what says so has changed between them."""

from types import SimpleNamespace

import pytest

from engine.commands.certifier.receiving import Reading, counting

OURS = [("C1", "Durand", "Ana"), ("C2", "Petit", "Léo")]


def delivered(name, number, key, session="2025", people=OURS, previous=""):
    cohort = SimpleNamespace(
        file=name, certification="R", name="P", centre="Lyon", session=session, people=frozenset(people), unlisted=0
    )
    return Reading(name, f"s{name}", f"d{name}", key, number, previous, cohort)


@pytest.mark.parametrize(
    ("session", "people", "counted"),
    [
        ("2026", [("C1", "Roux", "Inès"), ("C2", "Blanc", "Noé")], ["a", "b"]),  # its folder was copied from the first
        ("2026", OURS, ["b"]),  # one of the titles was mended
        ("2025", [OURS[0], ("C3", "Roux", "Inès")], ["b"]),
        ("2025", [("C3", "Roux", "Inès")], ["b"]),
    ],
)
def test_a_session_that_follows_another_under_another_key_is_another_when_all_differs(session, people, counted):
    both = [delivered("a", 1, "K1"), delivered("b", 2, "K2", session, people, previous="da")]
    for order in (both, both[::-1]):
        assert sorted(each.file for each in counting(order, one_certification=False)[0]) == counted
