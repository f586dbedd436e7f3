"""What every topic of `guiju verify` tells with: tables, numbers to so many digits, words in two languages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guiju.standard.model import Title


@dataclass(frozen=True, slots=True)
class Table:
    """right: the columns of numbers."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


def number(x: float, digits: int = 4) -> str:
    """To so many significant digits, without an exponent where that is readable; – where there is none."""
    value = float(x)
    if not math.isfinite(value):
        return "∞" if value == math.inf else "–"
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{value:.{digits - 1}e}" if places > 9 or places < -6 else f"{value:.{max(places, 0)}f}"


def estimate(value: float, u: float, digits: int = 2) -> str:
    """A value to the last of so many significant digits of its uncertainty, as a result is reported."""
    if not (u > 0 and math.isfinite(u)):
        return f"{value:.10g}"
    places = digits - 1 - math.floor(math.log10(u))
    return f"{value:.{places}f}" if 0 <= places <= 9 else f"{value:.10g}"


def say(zh: bool, chinese: str, english: str) -> str:
    return chinese if zh else english


def word(title: Title, zh: bool) -> str:
    return title.zh if zh else title.en


def plain(x: Any) -> float | None:
    """For JSON, which has neither NaN nor infinity."""
    value = float(x)
    return value if math.isfinite(value) else None
