"""Invitations to a calendar (RFC 5545): one event per slot, the same event whenever the slot moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from engine.model.calendars import Told
from engine.office.mail import one_line


@dataclass(frozen=True, kw_only=True)
class Event:
    """One slot in somebody's calendar; ``uid`` names it for ever, whatever becomes of it."""

    uid: str
    told: Told
    summary: str
    place: str
    description: str = ""


def invitation(events: Iterable[Event], time_zone: str) -> bytes:
    """The calendar file of these events, one at least; ``time_zone``: whose hours theirs are."""
    calendar = Calendar()
    calendar.add("prodid", "-//cohorte//jury//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    zone, known = ZoneInfo(time_zone), list(events)
    for event in known:
        calendar.add_component(_event(event, zone))
    years = [event.told.start.year for event in known]
    calendar.add_missing_timezones(first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1))
    return bytes(calendar.to_ical())


def _event(event: Event, zone: ZoneInfo) -> CalendarEvent:
    told, made = event.told, CalendarEvent()
    made.add("uid", event.uid)
    made.add("dtstamp", told.since.astimezone(UTC))
    made.add("dtstart", _at(told.start, zone))
    made.add("dtend", _at(told.end, zone))
    made.add("sequence", told.sequence)
    made.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    made.add("summary", one_line(event.summary))
    if event.place:
        made.add("location", one_line(event.place))
    if event.description:
        made.add("description", event.description)
    return made


def _at(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=zone)
