"""The receiver's XSD, given by the user: nothing is fetched for it, and nothing in it stands for something else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import cast

from lxml import etree

from engine.model.errors import EngineError

_XS = "{http://www.w3.org/2001/XMLSchema}"
_POINTING = frozenset({f"{_XS}import", f"{_XS}include", f"{_XS}redefine", f"{_XS}override"})


def parser() -> etree.XMLParser:
    """A parser that fetches nothing, loads no DTD and replaces no entity."""
    return etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=False)


class Schema:
    """An XSD that XML is held to."""

    def __init__(self, path: Path) -> None:
        """Read an XSD and those beside it that it includes. Raises :class:`EngineError` when it cannot be used."""
        _require_local(path, set())
        try:
            self._schema = etree.XMLSchema(etree.parse(str(path), parser()))
        except etree.LxmlError as fault:
            raise _unusable(path, f"ce n'est pas un schéma XSD correct ({_first(fault)})") from fault
        self._path = path

    def require(self, document: bytes) -> None:
        """Raise :class:`EngineError` with the first faults of a document that the schema refuses."""
        if self._schema.validate(etree.fromstring(document, parser())):
            return
        log = cast("Iterable[etree._LogEntry]", self._schema.error_log)
        faults = [f"ligne {entry.line} : {entry.message}" for entry in islice(log, 5)]
        lines = "".join(f"\n  - {fault}" for fault in faults)
        raise EngineError(
            f"La déclaration n'est pas admise par le schéma « {self._path} » ; rien n'est écrit. Le schéma dit :{lines}"
        )


def _require_local(path: Path, seen: set[Path]) -> None:
    """Follow what a schema includes: files in its own folder only."""
    if path in seen:
        return
    seen.add(path)
    try:
        root = etree.fromstring(path.read_bytes(), parser())
    except OSError as fault:
        raise _unusable(path, "le fichier ne peut pas être lu") from fault
    except etree.LxmlError as fault:
        raise _unusable(path, f"ce n'est pas du XML correct ({_first(fault)})") from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unusable(path, "une déclaration DOCTYPE n'est pas admise")
    for element in root.iter():
        location = element.get("schemaLocation") if element.tag in _POINTING else None
        if location is None:
            continue
        beside = path.parent / location
        if ":" in location or beside.resolve().parent != path.resolve().parent:
            raise _unusable(path, f"il renvoie à « {location} », hors de son dossier ; rien n'est cherché ailleurs")
        _require_local(beside, seen)


def _first(fault: Exception) -> str:
    return str(fault).splitlines()[0][:200] if str(fault) else "illisible"


def _unusable(path: Path, why: str) -> EngineError:
    return EngineError(f"Le schéma « {path} » ne peut pas être utilisé : {why}.")
