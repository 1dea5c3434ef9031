"""Cells of the roster that hold an hour, breaks, a slot or a time zone; what is not clear is never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model.sittings import Break, Passage
from engine.office.typed.cells import MisreadError, Value, as_date, as_list, as_text, clean, shown

_HOUR = r"([0-9]{1,2})[:hH]([0-9]{2})"
_ONE_HOUR = re.compile(_HOUR)
_BREAK = re.compile(rf"{_HOUR} ?[-–—] ?{_HOUR}")
_PASSAGE = re.compile(rf"(?P<day>\S+) {_HOUR}(?: (?P<room>.+))?")
_FIRST_DAYS = 1905  # a spreadsheet gives an hour alone a day about its first one
_HALF_A_SECOND = timedelta(milliseconds=500)


def as_hour(value: Value) -> time:
    """A time cell, or a text ``hh:mm``."""
    if isinstance(value, datetime) and value.year < _FIRST_DAYS:
        value = value.time()
    if isinstance(value, timedelta) and timedelta(0) <= value < timedelta(days=1):
        value = (datetime.min + value).time()
    if isinstance(value, time):
        return _whole(datetime.combine(date.min + timedelta(days=1), value)).time()
    match = _ONE_HOUR.fullmatch(clean(value)) if isinstance(value, str) else None
    found = _hour(*match.groups()) if match else None
    if found is None:
        raise MisreadError(f"« {shown(value)} » n'est pas une heure ; tapez-la sous la forme hh:mm.")
    return found


def _whole(moment: datetime) -> datetime:
    """A moment of a spreadsheet without the fraction of a second that its fraction of a day leaves."""
    return (moment + _HALF_A_SECOND).replace(microsecond=0)


def _hour(hours: str, minutes: str) -> time | None:
    return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None


def as_breaks(value: Value) -> tuple[Break, ...]:
    """Breaks as people write them: ``12:30-13:30;15:30-15:45``."""
    return tuple(map(_break, as_list(value) if isinstance(value, str) else (shown(value),)))


def _break(text: str) -> Break:
    match = _BREAK.fullmatch(text)
    begin, end = (_hour(*match.groups()[:2]), _hour(*match.groups()[2:])) if match else (None, None)
    if begin is None or end is None or end <= begin:
        raise MisreadError(
            f"« {shown(text)} » n'est pas une pause ; écrivez son début et sa fin, par exemple 12:30-13:30."
        )
    return begin, end


def as_passage(value: Value) -> Passage:
    """A date and time cell, or a text: ``jj/mm/aaaa hh:mm``, then the room if need be."""
    if isinstance(value, datetime):
        as_date(value)
        return Passage(start=_whole(value))
    match = _PASSAGE.fullmatch(clean(value)) if isinstance(value, str) else None
    hour = _hour(match[2], match[3]) if match else None
    if match is None or hour is None:
        raise MisreadError(
            f"« {shown(value)} » n'est pas un créneau ; tapez jj/mm/aaaa hh:mm, puis la salle s'il le faut."
        )
    return Passage(start=datetime.combine(as_date(match["day"]), hour), room=match["room"] or "")


def as_time_zone(value: Value) -> str:
    """The name of a time zone, as the world's table of them writes it."""
    text = as_text(value)
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise MisreadError(
            f"le fuseau « {shown(text)} » n'existe pas ; écrivez par exemple Europe/Paris, Indian/Reunion, "
            "America/Martinique ou Pacific/Noumea."
        ) from fault
