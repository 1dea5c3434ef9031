"""What must never leave the centre: the key and the personal codes, looked for in whatever is to be handed on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.model import Roster
from engine.model.errors import CohortError
from engine.workspace import seals

_TAGS = re.compile(r"<[^>]*>")
_MARKUP = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class Secrets:
    """The key, in hexadecimal, and every evaluator's personal code, as codes are compared."""

    key: str = field(repr=False)
    codes: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, roster: Roster, key: bytes) -> Secrets:
        """Those of a cohort."""
        codes = (seals.personal_code(key, person.id) for person in roster.evaluators)
        return cls(key.hex(), frozenset(map(seals.plain_code, codes)))

    def require_absent(self, members: Mapping[str, bytes]) -> None:
        """Raise :class:`CohortError` when one of these files holds a secret; it is not shown."""
        for name, content in members.items():
            for text in _texts(name, content):
                if self.key in text or seals.codes_in(text, self.codes):
                    raise CohortError(
                        f"« {name} » contient un code personnel ou la clé : rien n'a été livré. Retirez-le du texte où "
                        "il a été tapé, consolidez, puis livrez."
                    )


def _texts(name: str, content: bytes) -> Iterator[str]:
    """The texts of a file that can be read as such, cell by cell in a workbook, field by field in a table."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for part in package.namelist():
                if part.endswith(_MARKUP):
                    yield from filter(None, map(str.strip, _TAGS.split(package.read(part).decode("utf-8", "replace"))))
    elif name.endswith((".csv", ".txt", ".json")):
        yield from re.split(r"[;\r\n\"]+", content.decode("utf-8", "replace"))
