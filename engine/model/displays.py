"""What a number format makes a cell show, and whether that is what the cell holds.

A format is a code as spreadsheets write it: ``0.00``, ``"5"``, ``[>=1]"5";General``. Pure, and total: what a code shows
is written out where this module knows how, and told as unknown where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from itertools import takewhile

UNKNOWN = "?"
"""Stands for what a format shows where that cannot be told."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<padding>.)|\*(?P<filling>.)|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>General|Standard)|(?P<exponent>E[+-])|(?P<slot>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_CURRENCY = re.compile(r"\$([^-]*)")
_PLAIN = re.compile(r"@|General|Standard|(?:#,##)?0+(?:\.0+)?", re.IGNORECASE)
_DATE = frozenset("ymdhs")
_WHITES = frozenset({"white", "color2"})
_FIGURE = re.compile(r"-?(?:\d+(?:[.,]\d+)?|[.,]\d+)")
_BEFORE_MAXIMUM = re.compile(r"\s*(?:/|sur)\s*$", re.IGNORECASE)
_LONGEST = 255  # signs of a format, in any spreadsheet program
_FAR = Decimal(10) ** 15  # from there on a number is shown with an exponent
_WIDE = Context(prec=600)
_TESTS = {
    "=": lambda number, bound: number == bound,
    "<>": lambda number, bound: number != bound,
    "<": lambda number, bound: number < bound,
    ">": lambda number, bound: number > bound,
    "<=": lambda number, bound: number <= bound,
    ">=": lambda number, bound: number >= bound,
}


def is_plain(code: str) -> bool:
    """Whether a format shows the number itself, rounded at most, whatever it is."""
    return _PLAIN.fullmatch(code) is not None


def is_percent(code: str) -> bool:
    """Whether a format shows a percentage."""
    return any(token.lastgroup == "other" and token[0] == "%" for token in _TOKEN.finditer(code))


@lru_cache(maxsize=4096)
def of_number(code: str, number: Decimal) -> str:
    """The text that a cell of this format shows for a number; :data:`UNKNOWN` where it cannot be told."""
    if len(code) > _LONGEST or not number.is_finite() or abs(number) >= _FAR:
        return UNKNOWN
    sections = _sections(code)
    chosen, signed = _section_of(sections, number)
    if chosen is None:
        return UNKNOWN
    text = "" if _is_white(chosen) else _written(chosen, abs(number))
    return f"-{text}" if number < 0 and signed and text else text


def of_text(code: str, text: str) -> str:
    """The text that a cell of this format shows for a text."""
    if len(code) > _LONGEST:
        return UNKNOWN
    sections = _sections(code)
    if len(sections) >= _WITH_TEXT:
        section = sections[_WITH_TEXT - 1]
    elif _has(sections[-1], "@"):
        section = sections[-1]
    else:
        return text
    if _is_white(section):
        return ""
    return "".join(text if part.kind == "other" and part.text == "@" else part.literal for part in section)


def tells(shown: str, number: Decimal, maximum: Decimal | None = None) -> bool:
    """Whether a reader of ``shown`` understands the number, rounded at most; ``3 / 5`` does where 5 is the maximum."""
    shown = shown.translate(_SPACES).strip()
    found = _FIGURE.search(shown) if len(shown) <= _LONGEST + 50 and number.is_finite() else None
    if found is None or "(" in shown:  # accountants put what is negative between parentheses
        return False
    said = Decimal(found[0].replace(",", "."))
    _, _, decimals = found[0].replace(",", ".").partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _WIDE)
    before, after = shown[: found.start()], shown[found.end() :]
    if said != rounded or "-" in before or any(sign.isnumeric() for sign in before):
        return False
    return not any(sign.isnumeric() for sign in after) or _is_maximum(after, maximum)


# --------------------------------------------------------------------------------------- the parts of a code


_WITH_TEXT = 4  # sections: positive, negative, zero, text
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009"), " ") | {ord("\u2212"): "-"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a section: what it is, and its text."""

    kind: str
    text: str

    @property
    def literal(self) -> str:
        """The literal text that it adds to what is shown."""
        if self.kind == "bracket":
            currency = _CURRENCY.match(self.text)
            return currency[1] if currency else ""
        if self.kind == "padding":
            return " "
        return "" if self.kind == "filling" else self.text


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[tuple[_Part, ...], ...]:
    sections: list[list[_Part]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "quoted"
        if kind == "other" and match[0] == ";":
            sections.append([])
        else:
            sections[-1].append(_Part(kind, match[kind]))
    return tuple(map(tuple, sections))


def _condition(section: tuple[_Part, ...]) -> tuple[str, Decimal] | None:
    found = (_CONDITION.fullmatch(part.text) for part in section if part.kind == "bracket")
    match = next((each for each in found if each), None)
    return (match[1], Decimal(match[2])) if match else None


_GENERAL = (_Part("general", "General"),)


def _section_of(sections: tuple[tuple[_Part, ...], ...], number: Decimal) -> tuple[tuple[_Part, ...] | None, bool]:
    """The section that shows a number, and whether a minus sign stands before what it writes."""
    numeric = sections[: _WITH_TEXT - 1]
    conditions = [_condition(section) for section in numeric]
    if not any(conditions):
        wanted = 1 if number < 0 else 2 if number == 0 else 0
        rank = wanted if wanted < len(numeric) else 0
        return numeric[rank], rank == 0
    for section, condition in zip(numeric, conditions, strict=True):
        if condition is None or _TESTS[condition[0]](number, condition[1]):
            return section, True
    return (_GENERAL, True) if len(numeric) == 1 else (None, True)


def _is_white(section: tuple[_Part, ...]) -> bool:
    """Whether a section writes in the colour of the paper: nobody sees what it shows."""
    return any(part.kind == "bracket" and part.text.replace(" ", "").lower() in _WHITES for part in section)


def _has(section: tuple[_Part, ...], sign: str) -> bool:
    return any(part.kind == "other" and part.text == sign for part in section)


# ------------------------------------------------------------------------------------------ writing it out


def _written(section: tuple[_Part, ...], number: Decimal) -> str:
    """The text of a section for a number that is not negative."""
    if any(map(_is_whole, section)):
        return "".join(_figure(number) if _is_whole(part) else part.literal for part in section)
    if any(part.kind == "other" and part.text.lower() in _DATE for part in section):
        return UNKNOWN
    if any(part.kind == "exponent" for part in section) or _is_fraction(section):
        return _approximate(section, number)
    return "".join(_filled(section, number))


def _is_whole(part: _Part) -> bool:
    """Whether a part shows the whole number as it is."""
    return part.kind == "general" or (part.kind, part.text) == ("other", "@")


def _figure(number: Decimal) -> str:
    text = f"{number:f}" if number.is_finite() else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_fraction(section: tuple[_Part, ...]) -> bool:
    return _has(section, "/") and any(part.kind == "slot" for part in section)


def _approximate(section: tuple[_Part, ...], number: Decimal) -> str:
    """A number that is shown as a fraction or with an exponent: the number itself, where nothing else is written."""
    own = "".join(part.literal for part in section if part.kind not in ("slot", "exponent", "other"))
    whole = re.match(r"[#0?,]+\s", "".join(part.text for part in section)) if _is_fraction(section) else True
    return _figure(number) if whole and not any(sign.isnumeric() for sign in own) else UNKNOWN


def _filled(section: tuple[_Part, ...], number: Decimal) -> Iterator[str]:
    """The parts of what a section writes: digits take the place of its slots, what stands between them stays."""
    parts = list(section)
    point = next((rank for rank, part in enumerate(parts) if (part.kind, part.text) == ("other", ".")), len(parts))
    slots = [rank for rank, part in enumerate(parts) if part.kind == "slot"]
    before, after = [rank for rank in slots if rank < point], [rank for rank in slots if rank > point]
    if not slots:
        yield from (part.literal for part in parts if (part.kind, part.text) != ("other", ","))
        return
    scale = sum(_commas_after(parts, each[-1]) for each in (before, after) if each)
    percents = sum((part.kind, part.text) == ("other", "%") for part in parts)
    scaled = number.scaleb(2 * percents - 3 * scale).quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP, _WIDE)
    whole, _, decimals = f"{scaled:f}".partition(".")
    digits = _digits_before(parts, before, whole.lstrip("0")) | _digits_after(parts, after, decimals)
    for rank, part in enumerate(parts):
        if part.kind == "slot":
            yield digits[rank]
        elif (part.kind, part.text) != ("other", ","):
            yield "" if rank == point and not "".join(digits[each] for each in after).strip() else part.literal


def _commas_after(parts: list[_Part], slot: int) -> int:
    """How many commas follow the last slot of a side: each divides by a thousand what is shown."""
    rest = takewhile(lambda part: (part.kind, part.text) == ("other", ","), parts[slot + 1 :])
    return sum(1 for _ in rest)


def _digits_before(parts: list[_Part], slots: list[int], whole: str) -> dict[int, str]:
    """The digits in each slot before the decimal point; the first one takes the digits that have none."""
    found = {}
    for rank in reversed(slots):
        if rank == slots[0]:
            found[rank], whole = whole or _empty(parts[rank]), ""
        else:
            found[rank], whole = (whole[-1:] or _empty(parts[rank])), whole[:-1]
    return found


def _digits_after(parts: list[_Part], slots: list[int], decimals: str) -> dict[int, str]:
    kept = decimals.rstrip("0")
    return {rank: decimals[place] if place < len(kept) else _empty(parts[rank]) for place, rank in enumerate(slots)}


def _empty(slot: _Part) -> str:
    return {"0": "0", "?": " "}.get(slot.text, "")


def _is_maximum(after: str, maximum: Decimal | None) -> bool:
    """Whether what follows a number only says out of how many it is."""
    found = _FIGURE.search(after)
    if found is None or maximum is None or not _BEFORE_MAXIMUM.fullmatch(after[: found.start()]):
        return False
    rest = after[found.end() :]
    return Decimal(found[0].replace(",", ".")) == maximum and not any(sign.isnumeric() for sign in rest)
