"""One cell turned into what it must be; what is not clear is a :class:`MisreadError`, never a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.model import spans
from engine.model.displays import UNKNOWN
from engine.model.spans import Span
from engine.model.texts import address, bare
from engine.model.values import Tell
from engine.model.values import shown as seen
from engine.office.typed.layout import NO, YES

Value = str | int | float | bool | date | datetime | time | timedelta

EXACT = 10**15  # a spreadsheet keeps 15 digits: beyond, the digits typed may be lost
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_EDGES = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_YEARS = range(2000, 2100)
_ADDRESS = re.compile(r'[^\s@,:<>()"\[\]\\]+@[^\s@,:<>()"\[\]\\/]+')
_AS_TEXT = "Mettez la cellule au format Texte, puis retapez la valeur"


class MisreadError(ValueError):
    """A cell that cannot be read for certain; the message ends a French sentence that starts with its place."""


def trim(text: str) -> str:
    """The text without the blanks and invisible signs around it."""
    return _EDGES.sub("", text)


def clean(text: str) -> str:
    """The text composed (NFC), trimmed, each run of blanks inside it (even a line break) made one space."""
    return " ".join(trim(unicodedata.normalize("NFC", text)).split())


def fold(text: str) -> str:
    """The text without case, accents or blanks, with one apostrophe and one hyphen, by which two texts are compared."""
    letters = unicodedata.normalize("NFKD", clean(text))
    return bare("".join(letter for letter in letters if not unicodedata.combining(letter)))


def shown(value: Value) -> str:
    """A value as a message quotes it, in French form, invisible signs made visible, long texts cut."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, datetime) and value.time() != time():
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, timedelta):
        return seen(value)
    text = "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in str(value))
    return text if len(text) <= 60 else text[:59] + "…"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank: its row and column from 1, what was read, what a plain reading hides, and what its
    number formats may show instead."""

    row: int
    column: int
    value: Value
    tell: Tell = Tell.NONE
    displays: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address within its sheet: ``D5``."""
        return address((self.row - 1, self.column - 1))

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing; a formula or an error does, whatever it left to read."""
        return not self.tell & (Tell.FORMULA | Tell.ERROR) and isinstance(self.value, str) and clean(self.value) == ""

    @property
    def content(self) -> Value:
        """The stored value. Raises :class:`MisreadError` for what only looks like a value."""
        if self.tell & Tell.ERROR:
            raise MisreadError("une erreur du tableur ; retapez la valeur.")
        # LibreOffice saves as formulas the true/false cells of a file it opened
        if self.tell & Tell.FORMULA and not isinstance(self.value, bool):
            result = (
                f"une formule, de résultat « {shown(self.value)} »" if self.value != "" else "une formule sans résultat"
            )
            raise MisreadError(f"{result} ; remplacez-la par sa valeur (copier, puis collage spécial « Valeurs »).")
        if self.tell & Tell.PERCENT and isinstance(self.value, int | float):
            raise MisreadError(f"le nombre {shown(self.value)} s'affiche en pourcentage. {_AS_TEXT}.")
        for display in self.displays:
            if type(self.value) in (str, int, float) and _tight(display) != _tight(shown(self.value)):
                seen = f"affiche « {display.strip()} »" if display not in ("", UNKNOWN) else "peut afficher autre chose"
                raise MisreadError(f"la cellule contient « {shown(self.value)} » mais {seen}. {_AS_TEXT}.")
        return self.value

    @property
    def precise(self) -> Value:
        """The same where a raised or lowered sign would change what is read: anywhere but in a free text."""
        if self.tell & Tell.RAISED:
            raise MisreadError(f"« {shown(self.value)} » a des caractères en exposant ou en indice. {_AS_TEXT}.")
        return self.content


def _tight(text: str) -> str:
    """A text without any blank: ``12 345`` is ``12345``."""
    return "".join(clean(text).split())


def as_text(value: Value) -> str:
    """A text, or the digits of a whole number."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        raise MisreadError(f"{shown(value)} au lieu d'un texte. {_AS_TEXT}.")
    if isinstance(value, int | float) and float(value).is_integer() and abs(value) < EXACT:
        return str(int(value))
    if isinstance(value, int | float):
        raise MisreadError(f"le nombre {shown(value)} au lieu d'un texte. {_AS_TEXT}.")
    raise MisreadError(f"le tableur a fait de la saisie une date ou une heure ({shown(value)}). {_AS_TEXT}.")


def as_path(value: Value) -> str:
    """A text kept as it was typed, blanks around it aside: a file name may hold any sign."""
    return trim(value) if isinstance(value, str) else as_text(value)


FREE_TEXT = frozenset({as_text, as_path})
"""The readings of texts in which a raised sign is a way of writing: ``1er``."""


def as_list(value: Value) -> tuple[str, ...]:
    """The texts that ``;`` separates, blank ones left out."""
    return tuple(part for part in map(clean, as_text(value).split(";")) if part)


def as_email(value: Value) -> str:
    """One or several addresses; only what cannot be an address is refused."""
    text = as_text(value)
    for each in as_list(value):
        if not _ADDRESS.fullmatch(each):
            raise MisreadError(f"« {shown(each)} » n'est pas une adresse ; corrigez-la, ou videz la cellule.")
    return text


def as_span(value: Value) -> Span:
    """How long something is kept."""
    try:
        return spans.parse(as_text(value))
    except MisreadError:
        raise
    except ValueError as fault:
        raise MisreadError(f"{fault}.") from fault


def as_date(value: Value, years: range = _YEARS) -> date:
    """A date cell, or a text ``jj/mm/aaaa`` or ``aaaa-mm-jj``."""
    found = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str):
        found = _parse_date(clean(value))
    if found is None or found.year not in years:
        raise MisreadError(f"« {shown(value)} » n'est pas une date ; tapez-la sous la forme jj/mm/aaaa.")
    return found


def _parse_date(text: str) -> date | None:
    match = _DAY_FIRST.fullmatch(text) or _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:  # 31/02
        return None


def as_yes_no(value: Value) -> bool:
    """``Oui`` or ``Non``, in any case, shortened or as a true/false cell."""
    words = {
        "oui": True,
        "o": True,
        "vrai": True,
        "true": True,
        "non": False,
        "n": False,
        "faux": False,
        "false": False,
    }
    if isinstance(value, bool):
        return value
    answer = words.get(fold(value)) if isinstance(value, str) else None
    if answer is None:
        raise MisreadError(f"« {shown(value)} » au lieu de {YES} ou {NO}.")
    return answer
