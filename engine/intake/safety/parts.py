"""The parts of a package (OPC): their names, whatever way an archive writes them, and which one is the main part.

Names of parts compare without case; an archive may write them with backslashes or percent signs, and programs give the
main part any name, in any folder: only the relationships say which member is what.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote
from xml.etree import ElementTree

from engine.intake.safety.refusal import RefusedError
from engine.model.anomalies import SAVE_AGAIN

USUAL_MAIN = "xl/workbook.xml"
PACKAGE_LINKS = "_rels/.rels"


def part_name(name: str) -> str:
    """The name of a part as it compares with another: ``XL\\Feuille%201.xml`` is ``xl/feuille 1.xml``."""
    return unquote(name).replace("\\", "/").lstrip("/").casefold()


def by_part_name(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members of an archive by part name. Raises :class:`RefusedError` F05 where two have the same."""
    found = {part_name(name): content for name, content in members.items()}
    if len(found) < len(members):
        raise RefusedError("F05", "Deux éléments du fichier portent le même nom.", remedy=SAVE_AGAIN)
    return found


def links_part(part: str) -> str:
    """The name of the member that holds the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def links(content: bytes, folder: str) -> list[tuple[str, str, str]]:
    """The relationships of a part in ``folder``: identifier, kind, and name of the part each one points at.

    Raises ``ElementTree.ParseError``, ``ValueError`` or ``LookupError`` for what is no XML.
    """
    found = []
    for element in ElementTree.fromstring(content):
        target = unquote(element.get("Target", "")).replace("\\", "/")
        base = "" if target.startswith("/") else folder
        part = part_name(posixpath.normpath(posixpath.join(base, target.lstrip("/"))))
        found.append((element.get("Id", ""), element.get("Type", "").rpartition("/")[2], part))
    return found


def main_part(members: Mapping[str, bytes]) -> str:
    """The part that the package says is its document; the usual one where it does not say.

    Raises :class:`RefusedError` F01 where it names several, of which programs would show one or another.
    """
    try:
        named = {part for _, kind, part in links(members[PACKAGE_LINKS], "") if kind == "officeDocument"}
    except (KeyError, ElementTree.ParseError, ValueError, LookupError):
        named = set()
    if len(named) > 1:
        raise RefusedError("F01", "Le classeur désigne plusieurs parties principales.")
    return named.pop() if named else USUAL_MAIN
