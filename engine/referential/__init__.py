"""TOML -> :class:`engine.model.Referential`. Every fault of a file is reported at once, each with its key.

:mod:`.structure` finds missing and unknown keys and wrong types, :mod:`.rules` (with :mod:`.averages`,
:mod:`.scales` and :mod:`.letters`) what contradicts itself, :mod:`.document` finds the values of a file and
names them for people.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine import REFERENTIAL
from engine.model import Referential
from engine.model.errors import ReferentialError
from engine.model.faults import reason
from engine.referential.checking import examine
from engine.referential.document import shown_key

_WORKBOOK = b"PK\x03\x04"  # how a .xlsx or an .ods begins
_SHIPPED = Path(__file__).parent / "shipped"


def shipped() -> list[str]:
    """The names of the referentials that come with the program, in alphabetical order."""
    return sorted(path.stem for path in _SHIPPED.glob("*.toml"))


def load(name_or_path: str, *, base: Path | None = None) -> Referential:
    """The referential of a shipped name, or of a TOML file: absolute, or relative to ``base`` (else to where we are).

    Raises :class:`ReferentialError` when there is no such file, when it cannot be read, or when it has faults.
    """
    if name_or_path in shipped():
        return parse(_text(_SHIPPED / f"{name_or_path}.toml", name_or_path), name_or_path)
    return parse(_text((base or Path()) / name_or_path, name_or_path), name_or_path)


def parse(text: str, source: str) -> Referential:
    """The referential written in ``text``; ``source`` is how errors call it.

    Numbers are exact: ``0.25`` is ``Decimal("0.25")``. Raises :class:`ReferentialError` with every fault found.
    """
    return build(_document(text, source), source)


def build(document: dict[str, Any], source: str) -> Referential:
    """The referential of a parsed file. Raises :class:`ReferentialError` with every fault, in the file's order."""
    referential, problems = examine(document)
    if referential is None or problems:
        raise ReferentialError(source, [f"{shown_key(document, key)} : {message}" for key, message in problems])
    return referential if referential.sources is not None else replace(referential, sources=_usual_sources())


@cache
def _usual_sources() -> dict[str, str]:
    """The abbreviations of a referential that says nothing of them: those of the usual one."""
    usual = _document(_text(_SHIPPED / f"{REFERENTIAL}.toml", REFERENTIAL), REFERENTIAL)
    sources: dict[str, str] = usual["sources"]
    return sources


def _text(path: Path, source: str) -> str:
    try:
        if not path.is_file():
            raise ReferentialError(source, [_not_a_file(path)])
        content = path.read_bytes()
        if content.startswith(_WORKBOOK):
            message = "c'est un classeur : la commande « referential » en fait un fichier .toml, à indiquer à sa place."
            raise ReferentialError(source, [message])
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ReferentialError(
            source, ["le fichier n'est pas du texte UTF-8 : réenregistrez-le avec l'encodage UTF-8."]
        ) from fault
    except OSError as fault:
        raise ReferentialError(source, [f"le fichier ne peut pas être lu : {reason(fault)}."]) from fault
    except ValueError as fault:  # a path that holds a NUL
        raise ReferentialError(
            source, ["le fichier ne peut pas être lu : ce nom n'est celui d'aucun fichier."]
        ) from fault


def _not_a_file(path: Path) -> str:
    names = ", ".join(shipped())
    if path.exists():
        return f"{path} n'est pas un fichier TOML : indiquez un fichier, ou un référentiel fourni ({names})."
    return f"le fichier {path} n'existe pas, et ce n'est pas le nom d'un référentiel fourni ({names})."


def _document(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as fault:  # the last ones: absurd numbers, absurd nesting
        advice = "vérifiez les guillemets, les crochets, les virgules, et qu'aucune clé n'est écrite deux fois"
        raise ReferentialError(source, [f"ce n'est pas du TOML correct{_where(str(fault))} : {advice}."]) from fault


def _where(fault: str) -> str:
    """Where the TOML parser stopped, out of its English sentence."""
    if at := re.search(r"line (\d+), column (\d+)", fault):
        return f" à la ligne {at[1]}, colonne {at[2]}"
    return " à la fin du fichier" if "end of document" in fault else ""
