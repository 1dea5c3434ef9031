"""The receiver's XSD, given by the user: nothing is fetched for it, and nothing in it stands for something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import cast

from lxml import etree

from engine.model.errors import EngineError

_XS = "{http://www.w3.org/2001/XMLSchema}"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_SHOWN = 5  # faults of a document that are told
_PERSON, _PASSAGE, _TECHNICAL = "titulaire", "passageCertification", "{*}idTechnique"
_WORDS = {
    "MAXLENGTH": "plus long que ce qui est admis",
    "MINLENGTH": "plus court que ce qui est admis",
    "PATTERN": "n'a pas la forme admise",
    "ENUMERATION": "n'est pas une des valeurs admises",
    "DATATYPE": "n'est pas du type attendu",
    "ELEMENT_CONTENT": "n'est pas attendu là, ou ce qui doit le précéder manque",
}
"""What a person's datum does not respect, by a part of the schema's own word for it."""

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

    def require(self, document: bytes, people: Mapping[str, str] | None = None) -> None:
        """Raise :class:`EngineError` with the first faults of a document that the schema refuses.

        ``people``: how to call those declared, by their ``idTechnique``. Nobody's birth data are quoted.
        """
        root = etree.fromstring(document, parser())
        if self._schema.validate(root):
            return
        log = cast("Iterable[etree._LogEntry]", self._schema.error_log)
        told = dict.fromkeys(_sentence(root, entry, people or {}) for entry in log)
        lines = "".join(f"\n  - {fault}" for fault in islice(told, _SHOWN))
        raise EngineError(
            f"La déclaration n'est pas admise par le schéma « {self._path} » ; rien n'est écrit. Le schéma dit :{lines}"
        )


def _sentence(root: etree._Element, entry: etree._LogEntry, people: Mapping[str, str]) -> str:
    """The fault at a place as the schema finds it; values of a person, which its own sentence quotes, are left out."""
    place = _place(root, entry.path)
    if place is None:
        return f"ligne {entry.line} : {_word(entry)}."
    around = [place, *place.iterancestors()]
    passage = next((each for each in around if _is(each, _PASSAGE)), None)
    who = people.get(passage.findtext(_TECHNICAL, ""), "") if passage is not None else ""
    where = f"ligne {entry.line}{', ' * bool(who)}{who}"
    if any(_is(each, _PERSON) for each in around):
        return f"{where} : « {etree.QName(place).localname} » {_word(entry)}."
    return f"{where} : {entry.message}"


def _is(element: etree._Element, name: str) -> bool:
    return etree.QName(element).localname == name


def _word(entry: etree._LogEntry) -> str:
    return next((word for part, word in _WORDS.items() if part in entry.type_name), "n'est pas admis")


def _place(root: etree._Element, path: str | None) -> etree._Element | None:
    """The element that the schema speaks of, if it says so."""
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.xpath(path, namespaces=prefixes) if path else []
    except etree.XPathError:
        return None
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None


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
        if element.get(_BASE) is not None:
            raise _unusable(path, "l'attribut xml:base n'y est pas admis : il ferait chercher ailleurs")
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
