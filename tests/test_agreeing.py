"""Data that tell something else than the closing copy: what differs is named, and two spellings of a number do not."""

from unittest.mock import patch

import pytest

from engine.outputs.delivery import agreeing


@pytest.mark.parametrize(
    ("shown", "written", "unlike"),
    [
        ({"EN": "14.5"}, {"EN": "14,5"}, []),
        ({"EN": "14.5"}, {"EN": "14,25"}, ["EN"]),
        ({"EN": "14.5"}, {"EN": ""}, ["EN"]),
        ({"EN": "ABS"}, {"EN": "", "EN code": "ABS"}, []),
        ({"EN": "ABS"}, {"EN": "", "EN code": "DISP"}, ["EN"]),
        ({"Oral": "36.6700000001"}, {"Oral": "36,67"}, []),
        ({"Motifs": "a", "Provisoire": "Oui"}, {"Motifs": "b", "Provisoire": "Non"}, []),
        ({"B1 état": "Validé"}, {"B1 état": "En attente"}, ["B1 état"]),
        ({"Ailleurs": "x"}, {"Ici": "y"}, []),
    ],
)
def test_what_differs_is_named(shown, written, unlike):
    headings = ["Identifiant", *written]
    data = "\r\n".join(";".join(line) for line in (headings, ["C01", *written.values()], ["C02", *written.values()]))
    with patch.object(agreeing, "synthesis", lambda _: {"C01": {"Identifiant": "C01"} | shown}):
        assert agreeing.unlike(b"", data.encode("utf-8-sig")) == ({"C01": unlike} if unlike else {})
