"""How a cell looks, or the runs of its text, where that changes what a reader understands."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.model.values import Tell


@dataclass(frozen=True, slots=True)
class Face:
    """How a cell looks: ``tell`` STRUCK, UNSEEN or PERCENT; ``raised`` or lowered as a whole; ``code`` of its number
    format, "" for one that shows any number as it is."""

    tell: Tell = Tell.NONE
    raised: bool = False
    code: str = ""

    def __bool__(self) -> bool:
        return bool(self.tell or self.raised or self.code)


PLAIN = Face()


@dataclass(frozen=True)
class Faces:
    """The looks out of the ordinary: of ``cells`` by the index of their style, of conditional formats (``rules``)."""

    cells: Mapping[int, Face] = field(default_factory=dict)
    rules: Mapping[int, Face] = field(default_factory=dict)

    def of(self, style: int) -> Face:
        """The look of a cell."""
        return self.cells.get(style, PLAIN)

    @property
    def any_raised(self) -> bool:
        """Whether some style raises or lowers its cells."""
        return any(face.raised for face in self.cells.values())


WHITE = "FFFFFF"
_HARDLY = 32  # of 255: two colours that differ by less are one to the eye, as white is on the tint of our boxes
_RGB = re.compile(r"[0-9A-F]{6}")


def unseen(face: Face, ink: str, fill: str) -> Face:
    """The look, told of where text is of the colour under it; colours as ``RRGGBB``, or any other name, ``""`` for one
    that is not known."""
    same = ink == fill
    if _RGB.fullmatch(ink) and _RGB.fullmatch(fill):
        same = all(
            abs(one - other) < _HARDLY for one, other in zip(bytes.fromhex(ink), bytes.fromhex(fill), strict=True)
        )
    return replace(face, tell=face.tell | Tell.UNSEEN) if ink and same else face


def is_white(colour: str) -> bool:
    """Whether a colour, ``RRGGBB``, is white, or nearly."""
    return Tell.UNSEEN in unseen(PLAIN, colour, WHITE).tell


def _is_white(colour: Mapping[str, str]) -> bool:
    """Whether the colour of a run is white, or nearly."""
    if "rgb" not in colour:
        return colour.get("theme") == "0" and not float(colour.get("tint") or 0)
    return is_white(colour["rgb"][-6:].upper())


def is_on(attributes: Mapping[str, str] | None) -> bool:
    """Whether a property of a font that is on or off is on."""
    return attributes is not None and attributes.get("val", "1").strip().lower() not in ("0", "false", "off")


def is_raised(attributes: Mapping[str, str] | None) -> bool:
    """Whether a vertical alignment raises or lowers characters."""
    return attributes is not None and attributes.get("val", "") in ("superscript", "subscript")


@dataclass(slots=True)
class Runs:
    """How the runs of a text look: whether one is ``struck``, or so ``pale`` that it hardly shows on paper, and which
    of them are raised or lowered (``None``: as the cell is)."""

    struck: bool = False
    pale: bool = False
    raised: set[bool | None] = field(default_factory=set)

    def __bool__(self) -> bool:
        return self.struck or self.pale or bool(self.raised - {None})

    def tell(self, face: Face) -> Tell:
        """The tell of a cell that looks so."""
        raised = {face.raised if each is None else each for each in self.raised}
        told = (Tell.STRUCK, self.struck), (Tell.UNSEEN, self.pale), (Tell.RAISED, len(raised) > 1)
        return functools.reduce(operator.or_, (tell for tell, is_told in told if is_told), Tell.NONE)


class RunReader:
    """Collects the :class:`Runs` of one text, element by element; ``inside`` is the path below the text's element."""

    def __init__(self) -> None:
        self.runs = Runs()
        self._struck = False
        self._raised: bool | None = None

    def opened(self, inside: list[str], attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if inside == ["r"]:
            self._struck, self._pale, self._raised = False, False, None
        elif inside == ["r", "rPr"]:
            self._raised = False
        elif inside == ["r", "rPr", "strike"]:
            self._struck = is_on(attributes)
        elif inside == ["r", "rPr", "color"]:
            self._pale = _is_white(attributes)
        elif inside == ["r", "rPr", "vertAlign"]:
            self._raised = is_raised(attributes)

    def written(self, inside: list[str], text: str) -> None:
        """Some of the text itself."""
        if text.strip() and inside[-1:] == ["t"] and "rPh" not in inside:
            own = inside[:1] == ["r"]
            self.runs.struck |= own and self._struck
            self.runs.pale |= own and self._pale
            self.runs.raised.add(self._raised if own else None)
