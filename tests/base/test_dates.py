"""Dates from text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.base.dates import as_of, last_with_month, months_after, parse_date
from guiju.base.diagnostics import Refused


@pytest.mark.parametrize(
    "text",
    ["2024-06-01", "2024-6-1", "2024/6/1", "2024/06/01", "2024年6月1日", "2024年06月01日", "2024 年 6 月 1 日", "20240601", " 2024-06-01 ",
     "２０２４－０６－０１", "２０２４年６月１日"],
)  # fmt: skip
def test_the_usual_ways_to_write_a_day_are_read(text: str) -> None:
    assert parse_date(text) == date(2024, 6, 1)


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-06", "2024年6月", "01/06/2024", "6/1/2024", "24-06-01", "2024-06/01", "2024-13-01", "2023-02-29", "20240230",
     "2024-06-00", "0000-01-01", "202461", "2024-06-01T00:00", "2024年6月1", "٢٠٢٤-06-01", "45444"],
)  # fmt: skip
def test_what_is_ambiguous_or_not_in_the_calendar_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates())
def test_every_day_reads_back_from_each_form(day: date) -> None:
    for form in ("{:04}-{:02}-{:02}", "{:04}/{}/{}", "{:04}年{}月{}日", "{:04}{:02}{:02}"):
        assert parse_date(form.format(day.year, day.month, day.day)) == day


@given(st.text(alphabet="0123456789-/年月日 ", max_size=14))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert parse_date(text) is None or isinstance(parse_date(text), date)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2023-12-31", 2, "2024-02-29"), ("2024-03-31", -1, "2024-02-29"),
     ("2024-01-15", -1, "2023-12-15"), ("2021-08-31", 18, "2023-02-28"), ("9999-11-30", 1, "9999-12-30"), ("9999-12-01", 1, None), ("0001-01-31", -1, None),
     ("2024-06-01", 12_000, "3024-06-01"), ("2024-06-01", -12_000, "1024-06-01"), ("2024-06-01", 100_000, None)],
)  # fmt: skip
def test_months_are_counted_in_the_calendar_and_stop_at_the_end_of_a_shorter_one(day: str, months: int, expected: str | None) -> None:
    found = months_after(date.fromisoformat(day), months)
    assert (found and found.isoformat()) == expected


@given(st.dates(), st.integers(-12_000, 12_000).filter(bool))
def test_a_day_has_another_so_many_months_after_it_up_to_the_last_that_has(day: date, months: int) -> None:
    end = last_with_month(months)
    assert (months_after(day, months) is not None) == (day <= end if months > 0 else day >= end)


def test_the_day_asked_for_is_a_day_or_is_refused() -> None:
    assert as_of(None) is None and as_of("2026年7月1日") == date(2026, 7, 1)
    for word in ("", "2026-02-29", "soon"):
        with pytest.raises(Refused) as refused:
            as_of(word)
        assert [(d.code, d.facts["text"]) for d in refused.value.diagnostics] == [("not-a-date", word)]
