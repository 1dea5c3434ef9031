"""From a cell to a value: exact arithmetic, no guessing.

:func:`normalise` takes what a reader found in a cell and what the form expects there, and returns either the value
that the person plainly meant, or a declared state, or nothing, together with the anomalies that say why. Pure, and
total: no input raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from engine.model import displays
from engine.model.anomalies import Gravity
from engine.model.forms import DECLARED, Domain, Nature
from engine.model.marks import Value
from engine.model.tables import EXCLUDED, MISSING, VALUE
from engine.model.texts import bare
from engine.model.values.cells import Raw, Tell, clip, exact, figure, is_number, percent, seen, shown, trim
from engine.model.values.expecting import expected


class Note(NamedTuple):
    """Something to tell of a cell: anomaly code, message, and how serious where it is not as usual."""

    code: str
    message: str
    gravity: Gravity | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell is worth. ``state`` as in :data:`engine.model.tables.MARKS`."""

    value: Value
    state: str
    notes: tuple[Note, ...] = ()


PICTURE = "(image)"
"""Stands for a picture where a text is expected."""

_BLANK = Reading(None, MISSING)
_DIGITS = "[0-9０-９]"
_PLAIN = rf"{_DIGITS}+(?:[.,]{_DIGITS}{{1,2}})?"
_NUMBER = re.compile(_PLAIN)
_FRACTION = re.compile(rf"({_PLAIN})(?:\s*/\s*|\s+sur\s+)({_PLAIN})", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DAY_ZERO = date(1899, 12, 30)  # spreadsheets count days from there
_FIRST_DAY, _LAST_DAY = ((date(year, 1, 1) - _DAY_ZERO).days for year in (2000, 2100))
_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}
_WIDE_LETTERS = {ord(first) + rank: chr(ord("A") + rank) for first in "Ａａ" for rank in range(26)}
_YES_NO = {"oui": "Oui", "o": "Oui", "non": "Non", "n": "Non"}
_YES_NO |= {"vrai": "Oui", "true": "Oui", "faux": "Non", "false": "Non"}  # what a cell of texts makes of true and false
_TICKS = {"x": "x", "oui": "x"}


def normalise(raw: Raw, domain: Domain, tell: Tell = Tell.NONE, shows: Iterable[str] = ()) -> Reading:
    """Read a cell for the input whose domain is given; ``shows``: what its number formats may display."""
    for display in shows:
        if _misleads(display, raw, domain, tell):
            return _excluded("V12", f"La cellule contient {_quoted(raw)}, mais {_appears(display)}. {_wanted(domain)}")
    if isinstance(raw, str):
        raw = trim(raw)
    if tell:
        return _told(raw, domain, tell)
    return _read(raw, domain)


def sign(raw: Raw, reading: Reading) -> Reading:
    """Read a cell for the box of a signature, as a text: a date there is that of the next box."""
    if isinstance(raw, date | time | timedelta):
        return _excluded("V05", f"La case contient une date ({shown(raw)}), qui ne signe rien.")
    return reading


def _misleads(display: str, raw: Raw, domain: Domain, tell: Tell) -> bool:
    """Whether a reader of the cell would understand something else than what it holds."""
    if domain.nature in (Nature.TEXT, Nature.DATE) or tell & (Tell.MERGED | Tell.PERCENT | Tell.ERROR):
        return False
    if isinstance(raw, str):
        return trim(display) != trim(raw)
    return is_number(raw) and not displays.tells(display, exact(raw), domain.maximum)


def _appears(display: str) -> str:
    if display == displays.UNKNOWN:
        return "son format de nombre en affiche peut-être une autre"
    return f"son format de nombre affiche « {clip(display.strip())} »" if display.strip() else "son format la cache"


def _read(raw: Raw, domain: Domain) -> Reading:
    """An ordinary cell, which hides nothing."""
    return _BLANK if raw is None or raw == "" else _READERS[domain.nature](raw, domain)


def _told(raw: Raw, domain: Domain, tell: Tell) -> Reading:
    """A cell that is not what its value alone shows."""
    if tell & Tell.MERGED:
        return _merged(raw, domain)
    if tell & Tell.ERROR:
        return _excluded("V06", "La cellule affiche une erreur de calcul.")
    if tell & Tell.PICTURE:
        return _picture(domain)
    if tell & Tell.FORMULA and raw in (None, ""):
        return _excluded("V06", "La cellule contient une formule sans résultat enregistré.")
    altered = _altered(tell, domain) if raw not in (None, "") else ""
    if altered:
        return _excluded("V12", f"{_quoted(raw)} {altered}. {_wanted(domain)}")
    if tell & Tell.PERCENT and domain.nature is Nature.NUMBER and is_number(raw):
        return _excluded("V08", f"La cellule contient un pourcentage ({percent(raw)}). {_wanted(domain)}")
    if tell & Tell.PERCENT and domain.nature is Nature.TEXT:
        return _read(seen(raw, tell), domain)
    reading = _read(raw, domain)
    if tell & Tell.FORMULA and reading.state != EXCLUDED and domain.nature is not Nature.TEXT:
        note = Note("V11", f"La valeur {shown(raw)} est le résultat d'une formule.")
        return Reading(reading.value, reading.state, (note, *reading.notes))
    return reading


def _altered(tell: Tell, domain: Domain) -> str:
    """How the characters of a cell are drawn, where that changes what they say; ``1er`` in a free text does not."""
    if tell & Tell.STRUCK:
        return "est barré, en tout ou en partie"
    if tell & Tell.UNSEEN:
        return "est écrit de la couleur du fond, et ne se voit pas"
    if tell & Tell.RAISED and domain.nature is not Nature.TEXT:
        return "a des caractères en exposant ou en indice"
    return ""


def _picture(domain: Domain) -> Reading:
    """A picture signs, and is a piece of evidence; it is no answer."""
    if domain.nature is Nature.TEXT:
        return Reading(PICTURE, VALUE)
    if domain.nature is Nature.TICK:
        return Reading("x", VALUE)
    return _excluded("V03", f"La cellule contient une image. {_wanted(domain)}")


# -------------------------------------------------------------------------------- by nature of input


def _number(raw: Raw, domain: Domain) -> Reading:
    if isinstance(raw, str):
        return _number_as_text(raw, domain)
    if isinstance(raw, bool):
        return _excluded("V07", f"La cellule contient {shown(raw)}. {_wanted(domain)}")
    if isinstance(raw, date | time | timedelta):
        return _excluded("V05", f"{_how_it_became_a_date(raw)} {_wanted(domain)}")
    return _on_scale(exact(raw), raw, domain)


def _number_as_text(text: str, domain: Domain) -> Reading:
    word = text.upper() if text.isascii() else text  # the dotless ı has the same capital as i
    if word in DECLARED:
        return _state(word, domain)
    number = _plain_number(text, domain)
    if number is None:
        return _excluded("V03", f"{_quoted(text)} n'est pas un nombre clair. {_wanted(domain)}")
    reading = _on_scale(number, text, domain)
    if reading.state == VALUE:
        note = Note("V04", f"{_quoted(text)} est enregistré comme un texte ; lu : {figure(number)}.")
        return Reading(reading.value, VALUE, (note,))
    return reading


def _state(word: str, domain: Domain) -> Reading:
    """A declared state, where it is allowed."""
    if word in domain.states:
        return Reading(None, word)
    return _excluded("V10", f"Le code {word} n'est pas admis ici. {_wanted(domain)}")


def _plain_number(text: str, domain: Domain) -> Decimal | None:
    if _NUMBER.fullmatch(text):
        return _decimal(text)
    fraction = _FRACTION.fullmatch(text)
    if fraction and _decimal(fraction[2]) == domain.maximum:
        return _decimal(fraction[1])
    return None


def _decimal(text: str) -> Decimal:
    return Decimal(text.translate(_FULL_WIDTH).replace(",", "."))


def _on_scale(number: Decimal, raw: Raw, domain: Domain) -> Reading:
    """The number that ``raw`` says, where the scale has it."""
    if not number.is_finite() or not domain.minimum <= number <= domain.maximum:
        return _excluded("V01", f"{_quoted(raw)} est hors de l'échelle. {_wanted(domain)}")
    if domain.step is not None and (number - domain.minimum) % domain.step:
        return _excluded("V02", f"{_quoted(raw)} est entre deux échelons. {_wanted(domain)}")
    return Reading(number, VALUE)


def _letter(raw: Raw, domain: Domain) -> Reading:
    """A letter of a scale, small or capital, of any width; what only looks like one is refused."""
    if isinstance(raw, bool):
        return _excluded("V07", f"La cellule contient {shown(raw)}. {_wanted(domain)}")
    if isinstance(raw, date | time | timedelta):
        return _excluded("V05", f"{_how_it_became_a_date(raw)} {_wanted(domain)}")
    if not isinstance(raw, str):
        return _excluded("V01", f"{shown(raw)} est un nombre, et l'échelle est en lettres. {_wanted(domain)}")
    word = raw.translate(_WIDE_LETTERS)
    word = word.upper() if word.isascii() else word
    if word in domain.choices:
        return Reading(word, VALUE)
    if word in DECLARED:
        return _state(word, domain)
    if _CAPITAL.fullmatch(word):
        return _excluded("V01", f"{_quoted(raw)} n'est pas une lettre de l'échelle. {_wanted(domain)}")
    if _plain_number(word, domain) is not None:
        return _excluded("V01", f"{_quoted(raw)} est un nombre, et l'échelle est en lettres. {_wanted(domain)}")
    return _excluded("V03", f"{_quoted(raw)} n'est pas une lettre claire{_alphabet(raw)}. {_wanted(domain)}")


_CAPITAL = re.compile("[A-Z]")
_ALPHABETS = {"CYRILLIC": "cyrillique", "GREEK": "grec"}


def _alphabet(text: str) -> str:
    """What to say of a sign that looks like a letter of ours: the Cyrillic « А » cannot be told from an « A »."""
    found = {_ALPHABETS.get(unicodedata.name(sign, "").partition(" ")[0], "") for sign in text} - {""}
    return f" : un de ses signes est de l'alphabet {' et '.join(sorted(found))}" if found else ""


def _yes_no(raw: Raw, domain: Domain) -> Reading:
    if isinstance(raw, bool):
        return Reading("Oui" if raw else "Non", VALUE)
    answer = _YES_NO.get(raw.casefold()) if isinstance(raw, str) else None
    return Reading(answer, VALUE) if answer else _unclear(raw, domain)


def _tick(raw: Raw, domain: Domain) -> Reading:
    if isinstance(raw, bool):  # a box to tick of Excel or Google
        return Reading("x", VALUE) if raw else _BLANK
    tick = _TICKS.get(raw.casefold()) if isinstance(raw, str) else None
    return Reading(tick, VALUE) if tick else _unclear(raw, domain)


def _date(raw: Raw, domain: Domain) -> Reading:
    if isinstance(raw, datetime):
        return Reading(raw.date(), VALUE)
    if isinstance(raw, date):
        return Reading(raw, VALUE)
    if is_number(raw) and _FIRST_DAY <= raw < _LAST_DAY and raw == int(raw):
        day = _DAY_ZERO + timedelta(int(raw))
        note = Note("V05", f"{shown(raw)} est une date qui a perdu son format ; lu : {shown(day)}.", Gravity.INFO)
        return Reading(day, VALUE, (note,))
    match = _DAY.fullmatch(raw) if isinstance(raw, str) else None
    if match:
        try:
            return Reading(date(int(match[3]), int(match[2]), int(match[1])), VALUE)
        except ValueError:
            pass  # 31/02/2025 is no day: told as such below
    return _unclear(raw, domain)


def _text(raw: Raw, domain: Domain) -> Reading:
    return Reading(shown(raw), VALUE)


def _choice(raw: Raw, domain: Domain) -> Reading:
    """One of the words, whatever its case, accents and blanks."""
    words = {_solid(word): str(word) for word in domain.choices}
    found = words.get(_solid(raw)) if isinstance(raw, str) else None
    return Reading(found, VALUE) if found else _unclear(raw, domain)


def _solid(text: str) -> str:
    return "".join(bare(text).split())


def _codes(raw: Raw, domain: Domain) -> Reading:
    """Codes parted by semicolons or commas; a whole number is its digits, any other number may be two codes."""
    known = {code.casefold(): rank for rank, code in enumerate(domain.choices)}
    words = [trim(word).casefold() for word in re.split("[;,]", _code_text(raw)) if trim(word)]
    if not words or not known.keys() >= set(words):
        return _unclear(raw, domain)
    ranks = sorted({known[word] for word in words})
    return Reading("; ".join(domain.choices[rank] for rank in ranks), VALUE)


def _code_text(raw: Raw) -> str:
    if isinstance(raw, str):
        return raw
    return shown(raw) if is_number(raw) and isfinite(raw) and raw == int(raw) else ""


_READERS = {
    Nature.NUMBER: _number,
    Nature.YES_NO: _yes_no,
    Nature.TICK: _tick,
    Nature.DATE: _date,
    Nature.TEXT: _text,
    Nature.CHOICE: _choice,
    Nature.CODES: _codes,
    Nature.LETTER: _letter,
}


def _excluded(code: str, message: str) -> Reading:
    return Reading(None, EXCLUDED, (Note(code, message),))


def _unclear(raw: Raw, domain: Domain) -> Reading:
    return _excluded("V03", f"« {clip(shown(raw))} » n'est pas une réponse claire. {_wanted(domain)}")


def _merged(raw: Raw, domain: Domain) -> Reading:
    message = "La cellule de saisie est fusionnée avec une autre : on ne sait pas à quelle ligne va la valeur."
    note = Note("S06", message)
    if domain.nature is Nature.TEXT and raw not in (None, ""):
        return Reading(trim(shown(raw)), VALUE, (note,))
    return Reading(None, EXCLUDED, (note,))


# ----------------------------------------------------------------------------------- words for people


def _quoted(raw: Raw) -> str:
    """A number as the cell holds it, between quotes when it is a text."""
    return f"« {clip(raw)} »" if isinstance(raw, str) else shown(raw)


def _wanted(domain: Domain) -> str:
    return f"Attendu : {expected(domain)}."


def _how_it_became_a_date(raw: date | time | timedelta) -> str:
    if isinstance(raw, time | timedelta):
        return f"La cellule contient l'heure {shown(raw)} : le tableur a changé une saisie comme « 3:5 » en heure."
    typed = f"{raw.day}/{raw.month}"
    return f"La cellule contient la date {shown(raw)} : le tableur a changé une saisie comme « {typed} » en date."
