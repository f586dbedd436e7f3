"""Days of the calendar and moments as numbers, and months added to them, in whole-number arithmetic a solver understands.

A day is its ordinal, 1 for 0001-01-01; a moment is the whole seconds since that day began in UTC. Comparing a day some months later with a
fixed day needs no calendar: months are added without changing the order of days, so there is a last day for which it holds.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from guiju.base.dates import last_with_month, months_after
from guiju.base.times import YEAR_MAX, YEAR_MIN
from guiju.readings.smt.contexts import solver_library
from guiju.readings.smt.logic import Formula, Term, conj

FIRST, LAST = 1, date.max.toordinal()

_DAY = 86_400
_SECOND = timedelta(seconds=1)
_START = datetime(1, 1, 1, tzinfo=UTC)
FIRST_MOMENT = (datetime(YEAR_MIN, 1, 1, tzinfo=UTC) - _START) // _SECOND
LAST_MOMENT = (datetime(YEAR_MAX, 12, 31, tzinfo=UTC) - _START) // _SECOND


def counted(day: date) -> int:
    """A day or a moment as a number."""
    return (day - _START) // _SECOND if isinstance(day, datetime) else day.toordinal()


def moment_at(seconds: int) -> datetime:
    return _START + seconds * _SECOND


def day_of(moment: Term, zone: int) -> Term:
    """The day of a moment in a zone so many seconds east of UTC."""
    return (moment + zone) / _DAY + 1


def in_calendar(day: Term, months: int) -> Formula:
    """Whether the calendar has a day so many months after it."""
    end = last_with_month(months).toordinal()
    return day <= end if months > 0 else day >= end


@cache
def last_not_after(months: int, limit: int) -> int:
    """The last day whose day so many months later is not after the limit; FIRST - 1 where no day is. Days beyond the calendar count as after."""
    low, high = FIRST - 1, LAST
    while low < high:
        middle = (low + high + 1) // 2
        later = months_after(date.fromordinal(middle), months)
        after = later.toordinal() > limit if later else months > 0
        low, high = (low, middle - 1) if after else (middle, high)
    return low


def months_later(day: Any, months: int) -> Any:
    """The day so many months later, the last of a shorter month, as a term of whole numbers.

    Years are counted from March, so that the leap day is the last of its year; then a year and the days of its months are whole divisions.
    """
    z3 = solver_library()
    shifted = day + 305  # day 0 is 0000-03-01
    era, of_era = shifted / 146097, shifted % 146097
    year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365
    of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100)
    month = (5 * of_year + 2) / 153  # 0 is March
    within = of_year - (153 * month + 2) / 5  # 0 is the first
    counted = (era * 400 + year_of_era) * 12 + month + months
    year, moved = counted / 12, counted % 12
    leap = z3.And((year + 1) % 4 == 0, z3.Or((year + 1) % 100 != 0, (year + 1) % 400 == 0))
    long = z3.Or(*(moved == m for m in (0, 2, 4, 5, 7, 9, 10)))
    last = z3.If(moved == 11, z3.If(leap, 28, 27), z3.If(long, 30, 29))
    kept = z3.If(within < last, within, last)
    first_of_year = 365 * year + year / 4 - year / 100 + year / 400
    return first_of_year + (153 * moved + 2) / 5 + kept - 305


def on_the_calendar(day: Any) -> Formula:
    return conj((day >= FIRST, day <= LAST))
