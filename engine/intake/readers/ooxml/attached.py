"""What is attached to a sheet of an .xlsx beside its cells: comments, and pictures that lie over it.

Nothing of it is ever read as a value: a part that cannot be read is left alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from engine.intake.readers.grid import Area, Place, area, place
from engine.intake.readers.look import AUTHOR, Attached
from engine.intake.readers.ooxml.odd import local
from engine.intake.safety.bounds import MAX_TAGS
from engine.intake.safety.parts import part_name

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COUNT = re.compile(r"[0-9]{1,7}")
_ANCHORS = frozenset({"twoCellAnchor", "oneCellAnchor"})
_PICTURES = frozenset({"pic", "contentPart"})
_STAND_IN = "[Threaded comment]"


def to_sheet(part: str, members: Mapping[str, bytes]) -> Attached:
    """The comments and pictures of the sheet that a member describes."""
    folder, name = posixpath.split(part)
    relations = _parsed(members.get(posixpath.join(folder, "_rels", f"{name}.rels"), b""))
    found: dict[str, list[ElementTree.Element]] = {}
    for relation in relations if relations is not None else ():
        target = relation.get("Target", "").replace("\\", "/")
        path = part_name(
            posixpath.normpath(posixpath.join("" if target.startswith("/") else folder, target.lstrip("/")))
        )
        tree = _parsed(members.get(path, b"")) if path.lower().endswith(".xml") else None
        if tree is not None:
            found.setdefault(relation.get("Type", "").rpartition("/")[2], []).append(tree)
    notes = dict(_notes(found.get("comments", []))) | dict(_threads(found.get("threadedComment", [])))
    return Attached(notes, tuple(_pictures(found.get("drawing", []))))


def _parsed(content: bytes) -> ElementTree.Element | None:
    if not content or content.count(b"<") > MAX_TAGS:
        return None
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def _notes(trees: list[ElementTree.Element]) -> Iterator[tuple[Place, str]]:
    for tree in trees:
        authors = [each.text or "" for each in tree.iter() if local(each.tag) == "author"]
        for comment in (each for each in tree.iter() if local(each.tag) == "comment"):
            rank = comment.get("authorId", "")
            author = authors[int(rank)] if _COUNT.fullmatch(rank) and int(rank) < len(authors) else ""
            text, where = _text(comment), _place(comment)
            if where is not None and author != AUTHOR and not text.startswith(_STAND_IN):
                yield where, text


def _threads(trees: list[ElementTree.Element]) -> Iterator[tuple[Place, str]]:
    """The comments of a conversation, as newer versions of Excel keep them, one under the other."""
    said: dict[Place, list[str]] = {}
    for tree in trees:
        for comment in (each for each in tree.iter() if local(each.tag) == "threadedComment"):
            where = _place(comment)
            if where is not None:
                said.setdefault(where, []).append(_text(comment))
    return ((where, "\n".join(texts)) for where, texts in said.items())


def _text(comment: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in comment.iter() if local(each.tag) in ("t", "text")).strip()


def _place(comment: ElementTree.Element) -> Place | None:
    match = _CELL.fullmatch(comment.get("ref", ""))
    return place(match[1], match[2]) if match else None


def _pictures(trees: list[ElementTree.Element]) -> Iterator[Area]:
    for tree in trees:
        for anchor in (each for each in tree if local(each.tag) in _ANCHORS):
            if any(local(part.tag) in _PICTURES for part in anchor.iter()):
                corners = [corner for corner in map(_corner, anchor) if corner is not None]
                if corners:
                    yield area(corners[0], corners[-1])


def _corner(marker: ElementTree.Element) -> Place | None:
    """The cell of a corner of an anchor."""
    if local(marker.tag) not in ("from", "to"):
        return None
    found = {local(each.tag): (each.text or "").strip() for each in marker}
    row, column = found.get("row", ""), found.get("col", "")
    return (int(row), int(column)) if _COUNT.fullmatch(row) and _COUNT.fullmatch(column) else None
