"""Which key a cohort's sheets were sealed with: another one is told as such, and not as so many forged sheets.

A fingerprint of the key, which tells nothing of it, is noted in the private folder once sheets are issued or
recognised; before that, the workbooks under ``envois/`` tell, or the returns themselves when there are several.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from pathlib import Path

from engine.model.errors import KeyMismatchError
from engine.model.returns import SheetReport
from engine.workspace import seals
from engine.workspace.cohort import Folder
from engine.workspace.files import write_whole
from engine.workspace.issued import references

_SIGNS = 32  # of a fingerprint
_SEVERAL = 3  # sheets: fewer may be forged, one by one


def fingerprint(key: bytes) -> str:
    """The fingerprint of a key, which does not tell the key."""
    return hmac.new(key, b"fingerprint of a cohort's key", hashlib.sha256).hexdigest()[:_SIGNS]


def cohort_id(key: bytes) -> str:
    """The identifier of a cohort in the certifier's hands, the same for ever; it tells nothing of the key."""
    return hmac.new(key, b"identity of a cohort", hashlib.sha256).hexdigest()[:_SIGNS]


def note(folder: Folder, key: bytes) -> None:
    """Remember that the sheets of the cohort are sealed with this key. Raises :class:`CohortError`."""
    if _noted(folder) != fingerprint(key):
        write_whole(folder.key_fingerprint, lambda beside: _write(beside, fingerprint(key)))


def _write(beside: Path, text: str) -> None:
    beside.write_text(text + "\n", encoding="ascii")
    beside.chmod(0o600)


def _noted(folder: Folder) -> str:
    """The fingerprint that was noted, ``""`` when there is none that can be read."""
    try:
        text = folder.key_fingerprint.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return text if len(text) == _SIGNS else ""


def is_noted(folder: Folder) -> bool:
    """Whether it is known which key the sheets are sealed with."""
    return bool(_noted(folder))


def is_known(folder: Folder, key: bytes) -> bool | None:
    """Whether the sheets of the cohort are sealed with this key, ``None`` when nothing tells."""
    noted = _noted(folder)
    if noted:
        return hmac.compare_digest(noted, fingerprint(key))
    try:
        issued = [reference for reference in references(folder) if reference.seal]
    except OSError:
        return None
    return any(seals.is_genuine(key, reference) for reference in issued) if issued else None


def require(folder: Folder, key: bytes) -> None:
    """Raise :class:`KeyMismatchError` when the sheets of the cohort were sealed with another key."""
    if is_known(folder, key) is False:
        raise _mismatch()


def require_own(folder: Folder, key: bytes, sheets: Collection[SheetReport]) -> None:
    """The same from the sheets that came back, when nothing else tells: several, and none bears a seal of this key."""
    strange = sum(map(_strange, sheets))
    if strange >= _SEVERAL and not any_own(sheets) and is_known(folder, key) is None:
        raise _mismatch()


def any_own(sheets: Iterable[SheetReport]) -> bool:
    """Whether some sheet bears a seal of the key it was read with."""
    return not all(any(each.entry.unsealed or each.entry.doubts_seal for each in sheet.anomalies) for sheet in sheets)


def _strange(sheet: SheetReport) -> bool:
    """Whether a sheet bears a seal, of another key."""
    told = next((anomaly.value for anomaly in reversed(sheet.anomalies) if anomaly.entry.doubts_seal), "")
    reference = seals.parse(told)
    return bool(reference and reference.seal)


def _mismatch() -> KeyMismatchError:
    return KeyMismatchError(
        "La clé n'est pas celle avec laquelle les fiches de cette cohorte ont été scellées : rien n'a été fait. "
        f"Remettez la bonne dans .cohorte/cle, ou donnez-la par --key-file ou {seals.VARIABLE} ; si elle est perdue, "
        "docs/cle.md dit comment en changer."
    )
