"""Fixtures shared by the tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.libreoffice import Office, OfficeMissing


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One running LibreOffice for the whole run; without it the test is skipped, or fails where it is required."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(Office())
        except OfficeMissing as missing:
            if os.environ.get("COHORTE_REQUIRE_LIBREOFFICE") == "1":
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield running
