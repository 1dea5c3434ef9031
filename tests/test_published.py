"""The planning as it was published: what a later version wrote of it is left to that version."""

import json

import pytest

from engine.model.calendars import Published
from engine.model.errors import CohortError
from engine.workspace import published
from engine.workspace.cohort import Folder
from tests import cohorts


@pytest.fixture
def cohort(tmp_path):
    return cohorts.make(tmp_path / "cohorte", referential=cohorts.OTHER)


def test_what_is_published_is_read_again_and_what_is_none_tells_nothing(cohort):
    folder = Folder(cohort.path)
    assert published.read(folder) is None
    published.write(folder, Published())
    assert published.read(folder) == Published()
    for spoiled in (b"{}", b"[]", b'{"version": "hier"}', b"\xff"):
        folder.published.write_bytes(spoiled)
        assert published.read(folder) is None


def test_the_planning_of_a_later_version_is_neither_read_nor_lost(cohort):
    folder = Folder(cohort.path)
    content = json.dumps({"version": 99, "places": []}).encode()
    folder.published.write_bytes(content)
    with pytest.raises(CohortError, match="version plus récente du programme"):
        cohort.consolidate()
    assert folder.published.read_bytes() == content
    assert not folder.results_workbook.exists()
