from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guiju.base.times import TooFine, moment, parse_time, parse_zone, zone_text

CHINA = timedelta(hours=8)
MOMENT = datetime(2026, 1, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", [
    "2026-01-31T08:30:00", "2026-01-31 08:30:00", "2026/1/31 8:30", "2026年1月31日 08:30", "2026-01-31T08:30:00.000", "2026-01-31T08:30:00+08:00",
    "2026-01-31T00:30:00Z", "2026-01-30T20:00:00-04:30", "２０２６-01-31 08:30",
])  # fmt: skip
def test_one_moment_is_read_however_it_is_written(text: str):
    assert parse_time(text, CHINA) == MOMENT


@pytest.mark.parametrize("text", [
    "2026-01-31", "08:30", "2026-01-31T24:00:00", "2026-01-31T23:59:60", "2026-02-29T00:00:00", "31/01/2026 08:30", "2026-01-31T08:30:00+15:00",
    "2026-01-31T08:30:00 CST", "0900-01-01T00:00:00", "9999-12-31T23:00:00", "soon", "",
])  # fmt: skip
def test_what_is_no_moment_is_none(text: str):
    assert parse_time(text, CHINA) is None


def test_a_moment_between_two_seconds_is_not_rounded():
    for given in ("2026-01-31T08:30:00.5", "2026-01-31T08:30:00,000000001"):
        with pytest.raises(TooFine):
            parse_time(given, CHINA)
    with pytest.raises(TooFine):
        moment(datetime(2026, 1, 31, 8, 30, 0, 1), CHINA)


@pytest.mark.parametrize(("text", "offset"), [("+08:00", CHINA), ("-03:30", -timedelta(hours=3, minutes=30)), ("+00:00", timedelta()), ("+14:00", timedelta(hours=14))])
def test_a_zone_is_an_offset_and_is_written_as_it_is_read(text: str, offset: timedelta):
    assert parse_zone(text) == offset
    assert zone_text(offset) == text


@pytest.mark.parametrize("text", ["Asia/Shanghai", "8", "+8", "+15:00", "UTC+8", "+08:60", ""])
def test_a_name_or_an_offset_nobody_has_is_no_zone(text: str):
    assert parse_zone(text) is None
