"""Numerals: numbers in running text, Chinese and Western, half- and full-width, with the place of each and the last digit it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guiju.base.rounding import HALF_WIDTH

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"千": 1000, "万": 10_000, "亿": 100_000_000}
_WESTERN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CHINESE = r"[一二两三四五六七八九](?:[零〇一二两三四五六七八九十百千])*[十百千](?:[零〇一二两三四五六七八九十百])*|十[一二三四五六七八九]"
_NUMBER = re.compile(rf"(?P<sign>(?<![\w)])-)?(?:(?P<western>{_WESTERN})|(?P<chinese>{_CHINESE}))")
_GLUED = re.compile(r"[A-Za-z_.\d]")
_FOLD = str.maketrans({"～": "~", "—": "-", "–": "-", "“": '"', "”": '"', "’": "'"})
DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Numeral:
    """start, end   place in the text
    value, step   what it says, and one of its last digit: 605 and 1, 12.50 and 0.01, 1.2万 and 1000
    """

    start: int
    end: int
    value: Fraction
    step: Fraction


def folded(text: str) -> str:
    """The text in half-width characters, each where it was."""
    return text.translate(HALF_WIDTH).translate(_FOLD)


def numerals(text: str, units: re.Pattern[str], begin: int = 0) -> Iterator[Numeral]:
    """Every number of a folded text. 千 and 万 are scales only where no unit begins with them: 5千米 is 5 km, 1.2万公里 is 12000 km.

    units   finds a unit right after a number
    begin   place in the text from which on
    """
    for found in _NUMBER.finditer(text, begin):
        written = found["western"]
        if written and found.start() and _GLUED.match(text[found.start() - 1]):
            continue  # the 300 of E300 is part of a name
        if written:
            digits = written.replace(",", "")
            if len(digits) > DIGITS_MAX:
                continue
            value, step = Fraction(digits), Fraction(1, 10 ** len(digits.partition(".")[2]))
            value = -value if found["sign"] else value
        else:
            value, step = Fraction(_chinese(found["chinese"])), Fraction(1)
        end, scale = found.end(), Fraction(1)
        if not units.match(text, end) and text[end : end + 1] in _SCALES:
            scale, end = Fraction(_SCALES[text[end]]), end + 1
        yield Numeral(found.start(), end, value * scale, step * scale)


def _chinese(text: str) -> int:
    """六百二十 → 620"""
    total, digit = 0, 0
    for sign in text:
        if sign in _POWERS:
            total, digit = total + (digit or 1) * _POWERS[sign], 0
        else:
            digit = _DIGITS[sign]
    last_power = next((_POWERS[sign] for sign in reversed(text) if sign in _POWERS), 1)
    colloquial = digit and len(text) > 1 and text[-2] in ("百", "千")
    return total + (digit * last_power // 10 if colloquial else digit)
