"""What nobody could read is forgotten by its name, which may be somebody's."""

from __future__ import annotations

import pytest

from engine.commands.close import close
from engine.commands.forget import forget
from tests.test_forgetting import WORDS, found, mend, nights, three_nights

__all__ = ["nights", "three_nights"]


@pytest.mark.parametrize("closed", [False, True])
def test_a_return_that_cannot_be_read_is_forgotten_by_its_path_too(nights, closed):
    folder, returns = nights.cohort.path, nights.cohort.returns
    stays = nights.cohort.write("C02/illisible.xlsx", b"ni l'un ni l'autre")
    spoiled = [
        nights.cohort.write("Lefèvre Éloïse/fiche.xlsx", b"rien"),
        nights.cohort.write("Éloïse Lefèvre.jpg", b"\xff\xd8\xff"),
    ]
    nights.run()
    if closed:
        close(folder, accept_provisional=True)
    mend(nights)
    for path in spoiled:
        path.unlink()
    if not closed:
        nights.run()  # one of the two is known to be gone, the other way it is not
    assert forget(folder, "007").done
    assert found(folder, *WORDS) == []
    with nights.past() as past:
        assert stays.relative_to(returns).as_posix() in {file.path for file in past.files()}
        assert [anomaly.code for anomaly in past.anomalies() if anomaly.file == "C02/illisible.xlsx"] == ["F02"]
