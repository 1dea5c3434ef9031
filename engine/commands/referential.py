"""A referential from TOML to a workbook, for people who do not write TOML, and back."""

from __future__ import annotations

import os
from pathlib import Path

from engine import referential
from engine.commands.rosters import open_book
from engine.model.errors import EngineError
from engine.referential import toml, workbook
from engine.workspace.files import holding, write_whole

TOML, WORKBOOK = ".toml", ".xlsx"


def convert(source: str, target: Path) -> bool:
    """Write the referential of ``source`` (a file, or a shipped name) to ``target``, as its extension says.

    Gives whether comments of a TOML file were left behind. Never overwrites. Raises :class:`ReferentialError` with
    every fault of the source, :class:`EngineError` when there is nothing to convert or ``target`` is there already.
    """
    kinds = Path(source).suffix.lower() or TOML, target.suffix.lower()
    if source in referential.shipped():
        kinds = TOML, kinds[1]
    if kinds == (TOML, WORKBOOK):
        content = workbook.write(toml.document(referential.load(source)), source)
    elif kinds == (WORKBOOK, TOML):
        read = workbook.read(open_book(Path(source), "Le classeur"), source)
        content = toml.dumps(read).encode()
    else:
        raise EngineError("Un référentiel .toml devient un classeur .xlsx, et l'inverse : donnez un fichier de chaque.")
    _write(target, content)
    return kinds[0] == TOML


def _write(target: Path, content: bytes) -> None:
    if os.path.lexists(target):
        raise EngineError(f"« {target} » existe déjà : il n'a pas été touché. Donnez un autre nom.")
    write_whole(target, holding(content))
