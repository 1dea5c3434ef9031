"""The time that a run records."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from engine.model.errors import CohortError


def is_given() -> bool:
    """Whether ``SOURCE_DATE_EPOCH`` says what time it is: only then is it the same moment again."""
    return bool(_epoch())


def now() -> datetime:
    """The time to record: ``SOURCE_DATE_EPOCH`` (UTC) when it is set, else the clock (local); no zone attached.

    Raises :class:`CohortError` when the variable is no time.
    """
    epoch = _epoch()
    if not epoch:
        return datetime.now().replace(microsecond=0)
    if not (epoch.isascii() and epoch.isdecimal() and len(epoch) <= 10 and int(epoch) <= _LAST_SECOND):
        raise CohortError(
            f"La variable SOURCE_DATE_EPOCH (« {epoch[:40]} ») n'est pas une date : on attend un nombre entier de "
            "secondes depuis le 1er janvier 1970. Corrigez-la, ou retirez-la."
        )
    return datetime.fromtimestamp(int(epoch), UTC).replace(tzinfo=None)


def _epoch() -> str:
    return os.environ.get("SOURCE_DATE_EPOCH", "").strip()


_LAST_SECOND = 4_102_444_799  # of the year 2099
