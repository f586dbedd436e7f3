"""Dates as they are written in standards and product tables."""

from __future__ import annotations

import calendar
import re
from datetime import date

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import HALF_WIDTH

_DATE = re.compile(
    r"(?P<iso_year>[0-9]{4})(?P<separator>[-/])(?P<iso_month>[0-9]{1,2})(?P=separator)(?P<iso_day>[0-9]{1,2})"
    r"|(?P<zh_year>[0-9]{4}) ?年 ?(?P<zh_month>[0-9]{1,2}) ?月 ?(?P<zh_day>[0-9]{1,2}) ?日"
    r"|(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
)


def parse_date(text: str) -> date | None:
    """The day a text names, or None: 2024-06-01, 2024/6/1, 2024年6月1日, 20240601.

    Always year, month, day. 01/06/2024 is June or January depending on the country and 24-06-01 lacks its century: neither is a date here.
    """
    match = _DATE.fullmatch(text.translate(HALF_WIDTH).strip())
    if match is None:
        return None
    year, month, day = (int(match[f"iso_{part}"] or match[f"zh_{part}"] or match[part]) for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError:  # a day the calendar does not have, such as 2023-02-29
        return None


def as_of(word: str | None) -> date | None:
    """The day somebody asks for; None where none is named.

    raises   Refused: not-a-date
    """
    if word is None:
        return None
    found = parse_date(word)
    if found is None:
        raise Refused([Diagnostic("not-a-date", None, {"text": word})])
    return found


def months_after(day: date, months: int) -> date | None:
    """The day so many calendar months later (earlier, where negative); None outside the calendar, years 1 to 9999.

    A month without such a day gives its last one: 2024-02-29 and 12 months give 2025-02-28, 2023-12-31 and 2 months give 2024-02-29.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_with_month(months: int) -> date:
    """The last day (the first, where months is negative) that has a day so many months after it."""
    found = months_after(date.max if months > 0 else date.min, -months)
    assert found is not None, "the builder keeps counts far within the calendar"
    return found
