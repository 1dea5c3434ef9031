"""What a cell of an .ods holds: its value as it is written, and what people see of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

from engine.intake.readers.look import Held
from engine.intake.safety.refusal import RefusedError
from engine.model.values import Tell

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_BLANKS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_DURATION = re.compile(r"(-)?PT(?:([0-9]{1,7})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,7}(?:\.[0-9]+)?)S)?")
_COUNT = re.compile(r"[0-9]{1,9}")
_MOST_BLANKS = 1_000  # in a row
_MAX_DEPTH = 100


def damaged() -> RefusedError:
    """The refusal of a workbook whose content is not what it should be."""
    return RefusedError("F01", "Le contenu du classeur n'est pas écrit d'une façon que le programme sait lire.")


def held(cell: ElementTree.Element) -> Held:
    """The value of a cell; its annotation is no part of it."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    try:
        if kind in ("float", "percentage", "currency"):
            return Held(float(cell.get(f"{_OFFICE}value", "")))
        if kind == "boolean":
            return Held({"true": True, "false": False}[cell.get(f"{_OFFICE}boolean-value", "")])
    except (ValueError, KeyError) as fault:
        raise damaged() from fault
    if kind in ("date", "time"):
        written = cell.get(f"{_OFFICE}{kind}-value", "")
        return Held(written, dated=True, means=_duration(written))
    if kind not in ("string", "void", ""):
        raise damaged()
    text = cell.get(f"{_OFFICE}string-value")
    return Held(paragraphs(cell) if text is None else text)


def _duration(written: str) -> timedelta | None:
    """The hours beyond a day, of which the parser makes no time; ``None`` for any other writing."""
    match = _DURATION.fullmatch(written)
    if match is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -span if match[1] else span


def is_logical(cell: ElementTree.Element, value: Held, tell: Tell) -> bool:
    """Whether a formula shows true or false, of which this format keeps a 1 or a 0 alone: no figure is seen."""
    computed = Tell.FORMULA in tell and Tell.ERROR not in tell
    return computed and value.value in (0.0, 1.0) and paragraphs(cell).strip().isalpha()


def paragraphs(cell: ElementTree.Element) -> str:
    """The text of a cell as it is shown."""
    return "\n".join("".join(_words(each)) for each in cell.findall(f"{_TEXT}p"))


def _words(element: ElementTree.Element, depth: int = 0) -> Iterator[str]:
    """The parts of a text; blanks may be written as elements."""
    if depth > _MAX_DEPTH:
        raise RefusedError("F05", "Une partie du classeur est imbriquée sans fin.")
    yield element.text or ""
    for child in element:
        yield from [_BLANKS[child.tag] * _blanks(child)] if child.tag in _BLANKS else _words(child, depth + 1)
        yield child.tail or ""


def _blanks(element: ElementTree.Element) -> int:
    """How many blanks an element stands for: a parser would write them all."""
    count = element.get(f"{_TEXT}c", "1")
    if not _COUNT.fullmatch(count):
        raise damaged()
    if int(count) > _MOST_BLANKS:
        raise RefusedError("F05", f"Un texte contient {count} espaces à la suite.")
    return int(count)
