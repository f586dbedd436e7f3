"""Moments: when something happened, kept in UTC; and the zone in which a moment without an offset is read and days are counted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from guiju.base.dates import parse_date
from guiju.base.rounding import HALF_WIDTH

YEAR_MIN, YEAR_MAX = 1000, 9998
"""Within these years a moment has a day in every zone."""
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
"""Hours and minutes: 24:00 would be a moment of the next day, and is not taken."""
_TIME = re.compile(rf"(?P<clock>[0-9]?[0-9]:[0-9]{{2}}(?::[0-9]{{2}})?)(?:[.,](?P<fraction>[0-9]{{1,9}}))?(?: ?(?P<zone>Z|[+-]{CLOCK}))?")
_ZONE = re.compile(r"(?P<sign>[+-])(?P<hours>[01][0-9]):(?P<minutes>[0-5][0-9])")
_FURTHEST = timedelta(hours=14)


def parse_zone(text: str) -> timedelta | None:
    """The offset from UTC a text names, or None: +08:00, -03:30, +00:00. A name such as Asia/Shanghai is none: its offset changes by law."""
    match = _ZONE.fullmatch(text.translate(HALF_WIDTH).strip())
    if match is None:
        return None
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"])) * (-1 if match["sign"] == "-" else 1)
    return offset if abs(offset) <= _FURTHEST else None


def zone_text(zone: timedelta) -> str:
    """+08:00"""
    minutes = abs(zone) // timedelta(minutes=1)
    return f"{'-' if zone < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


class TooFine(ValueError):
    """A moment between two whole seconds: it is not rounded here, since what is first of two events may hang on it."""


def parse_time(text: str, zone: timedelta) -> datetime | None:
    """The moment a text names, in UTC, or None: 2026-01-31T08:30:00, 2026/1/31 8:30, 2026-01-31T08:30:00+08:00, …Z.

    zone     in which a text without an offset is read
    raises   TooFine
    """
    plain = text.translate(HALF_WIDTH).strip()
    day_text, _, rest = plain.replace("T", " ", 1).partition(" ")
    day, match = parse_date(day_text), _TIME.fullmatch(rest.strip())
    if day is None or match is None:
        return None
    written = match["zone"]
    offset = zone if written is None else timedelta() if written == "Z" else parse_zone(written)
    try:
        hours, minutes, seconds = (*map(int, match["clock"].split(":")), 0)[:3]
        clock = time(hours, minutes, seconds)
    except ValueError:  # 25:00, or a leap second
        return None
    if int(match["fraction"] or "0"):
        raise TooFine
    return None if offset is None else moment(datetime.combine(day, clock), offset)


def moment(given: datetime, zone: timedelta) -> datetime | None:
    """A moment in UTC; one without an offset is read in the zone. None beyond the years that have a day in every zone.

    raises   TooFine
    """
    if given.microsecond:
        raise TooFine
    if not YEAR_MIN <= given.year <= YEAR_MAX:
        return None
    return given.astimezone(UTC) if given.tzinfo is not None else (given - zone).replace(tzinfo=UTC)
