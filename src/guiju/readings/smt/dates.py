"""For all dates: between two days on which either standard changes, one answer holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from guiju.ir.program import Program
from guiju.standard.model import Standard

Answered = TypeVar("Answered")
DAYS_MAX = 400


@dataclass(frozen=True, slots=True)
class Period(Generic[Answered]):
    """From a day, up to the day before another; None: from then on."""

    since: date
    before: date | None
    answer: Answered


def for_all_dates(
    opened: Sequence[Callable[[date], Program]], since: date, ask: Callable[[Sequence[Program]], Answered]
) -> tuple[Period[Answered], ...]:
    """One answer for each stretch of days on which no program changes.

    opened   one for each standard: its program on a day
    since    the first day asked about; the last stretch has no end
    """
    days = [since]
    answers: list[Answered] = []
    position = 0
    while position < len(days) and position < DAYS_MAX:
        programs = [open_(days[position]) for open_ in opened]
        later = {day for program in programs for day in changes(program) if day > days[position]} | set(days[position + 1 :])
        days = [*days[: position + 1], *sorted(later)]
        answers.append(ask(programs))
        position += 1
    ends = [*days[1:], None]
    return tuple(Period(day, end, answer) for day, end, answer in zip(days, ends, answers, strict=False))


def changes(program: Program) -> set[date]:
    """The days on which what a program says can change: dated parameters and amendments, its own and of the standards it uses."""
    return {day for standard in (program.standard.authored, *program.used.values()) for day in _changes(standard)}


def _changes(standard: Standard) -> Iterator[date]:
    yield from (value.since for parameter in standard.parameters.values() for value in parameter.values if value.since)
    yield from (layer.since for layer in standard.layers)
    yield from (day for day in standard.period if day is not None)
