"""Cells: what the text of one cell means to one input, exactly. SQL does the same for the plain ones; whatever is odd comes here."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from guiju.base.dates import parse_date
from guiju.base.rounding import HALF_WIDTH, parse_number, round_gb
from guiju.base.times import TooFine, parse_time
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.ir.record import FALSE_WORDS, TRUE_WORDS
from guiju.records.headers import spelt_unit

MISSING_WORDS = frozenset((
    "", "null", "none", "nil", "na", "n/a", "n.a.", "#n/a", "#n/a n/a", "unknown", "tbd", "-", "--", "---", "–", "—", "——", "/", "\\", "?", "？",
    "无", "未知", "不详", "暂无", "未公布", "未公开", "未提供", "缺", "缺失", "空", "空白", "待定", "不适用",
))  # fmt: skip
_NOT_FINITE = frozenset(("nan", "inf", "infinity", "∞"))

# Within this share of the last declared decimal a value is that decimal: a spreadsheet's arithmetic strays by far less. It is half a
# millionth so that a deviation of a millionth is seen in doubles too, up to 10⁹ steps.
TOLERANCE = Fraction(1, 2 * 10**6)
# Doubles of this size are further apart than the tolerance; the noise of three roundings is below it.
NOISE = Fraction(1, 2**51)
SCALED_MAX = 2**53
UNSCALED_MAX = 10**300

_SPACES = dict.fromkeys((9, 10, 13, 8194, 8195, 8201, 8239), 32) | {0x200B: None, 0xFEFF: None}
_FOLD = HALF_WIDTH | _SPACES
_NUMBER_THEN_REST = re.compile(r"([+-]?(?:[0-9][0-9,]*)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3}(?![A-Za-z0-9]))?)\s*(.*)", re.DOTALL)
PLAIN_NUMBER = r"[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"


class State(enum.IntEnum):
    """What became of a cell; from NOT_A_NUMBER on it is bad, and its value is NULL."""

    PRESENT = 0
    MISSING = 1
    ROUNDED = 2
    NOT_A_NUMBER = 10
    NOT_FINITE = 11
    DECIMAL_COMMA = 12
    UNIT = 13
    TOO_FINE = 14
    BELOW_MINIMUM = 15
    ABOVE_MAXIMUM = 16
    TOO_LARGE = 17
    NOT_A_CATEGORY = 18
    NOT_A_DATE = 19
    NOT_A_BOOLEAN = 20
    NOT_A_TIME = 21
    TIME_TOO_FINE = 22

    @property
    def code(self) -> str:
        """The code of its Diagnostic."""
        return "cell-" + self.name.lower().replace("_", "-")


BAD = tuple(state for state in State if state >= State.NOT_A_NUMBER)

Value = float | bool | str | date | None
Meaning = tuple[Value, State]


@dataclass(frozen=True, slots=True)
class NumberRule:
    """What a number must obey: unit and ratio tell the column's unit in the declared one; is_rounded: finer values are rounded, not refused."""

    unit: Unit | None
    ratio: Fraction
    decimals: int | None
    minimum: Fraction | None
    maximum: Fraction | None
    is_rounded: bool


def folded(text: str) -> str:
    """The text in half-width characters, without spaces around it and without differences of case."""
    return text.translate(_FOLD).strip().casefold()


def is_missing(text: str) -> bool:
    return folded(text) in MISSING_WORDS


def number_meaning(text: str, rule: NumberRule) -> Meaning:
    """The double nearest to the exact number of a cell in the declared unit: 13.8, 1,780, １３．８, 13.8 kWh/100km, 96.5%."""
    plain = text.translate(_FOLD).strip()
    if plain.casefold() in MISSING_WORDS:
        return None, State.MISSING
    if plain.casefold().lstrip("+-") in _NOT_FINITE:
        return None, State.NOT_FINITE
    match = _NUMBER_THEN_REST.fullmatch(plain)
    written, rest = (match[1], match[2]) if match else ("", plain)
    if not any(character.isdigit() for character in written):
        return None, State.NOT_A_NUMBER
    number = parse_number(written)
    if number is None:
        return None, State.DECIMAL_COMMA if "," in written else State.NOT_A_NUMBER
    if rest and not _is_unit(rest, rule.unit):
        return None, State.UNIT if rest[0].isalpha() or rest[0] in "%‰°" else State.NOT_A_NUMBER
    return judged(number, rule)


def judged(number: Fraction, rule: NumberRule) -> Meaning:
    """A number in the column's unit, as the declared unit, decimals and range have it."""
    exact = number * rule.ratio
    step = Fraction(1, 10**rule.decimals) if rule.decimals is not None else None
    nearest = exact if step is None else round_gb(exact, step)
    if abs(nearest) >= (SCALED_MAX * step if step else UNSCALED_MAX):
        return None, State.TOO_LARGE
    if rule.minimum is not None and nearest < rule.minimum:
        return None, State.BELOW_MINIMUM
    if rule.maximum is not None and nearest > rule.maximum:
        return None, State.ABOVE_MAXIMUM
    if step is None or abs(exact - nearest) < max(TOLERANCE * step, NOISE * abs(exact)):
        return float(nearest), State.PRESENT
    return (float(nearest), State.ROUNDED) if rule.is_rounded else (None, State.TOO_FINE)


def _is_unit(text: str, unit: Unit | None) -> bool:
    """Whether a text after a number is the column's own unit, however it is spelt; % is the unit %, and 1 has no sign."""
    try:
        return unit is not None and parse_unit(text) == unit
    except UnknownUnit:
        return unit is not None and spelt_unit(text) == unit


def boolean_meanings(translation: Mapping[str, str]) -> Callable[[str], Meaning]:
    """What a cell of yes or no means. 无 is not taken for missing here, since beside 有 it means no: the mapping must say."""
    words: dict[str, bool] = dict.fromkeys(TRUE_WORDS, True) | dict.fromkeys(FALSE_WORDS, False)
    words |= {folded(word): to == "true" for word, to in translation.items()}

    def meaning(text: str) -> Meaning:
        word = folded(text)
        if word in words:
            return words[word], State.PRESENT
        return None, State.MISSING if word in MISSING_WORDS - {"无"} else State.NOT_A_BOOLEAN

    return meaning


def category_meanings(
    translation: Mapping[str, str], values: Iterable[str], labels: Mapping[str, tuple[str, str]]
) -> Callable[[str], Meaning]:
    """What a cell of a category means: the mapping's word, a value itself, or a value's title; without declared values any text is one."""
    values = tuple(values)
    words: dict[str, str] = {}
    for value, titles in labels.items():
        words |= {folded(title): value for title in titles if not values or value in values}
    words |= _unless_alike(values) | {folded(word): to for word, to in translation.items()}
    exact = {value: value for value in values} | dict(translation)

    def meaning(text: str) -> Meaning:
        word = text.translate(_FOLD).strip()
        value = exact.get(text) or exact.get(word) or words.get(word.casefold())
        if value is not None:
            return value, State.PRESENT
        if word.casefold() in MISSING_WORDS:
            return None, State.MISSING
        return (None, State.NOT_A_CATEGORY) if values else (word, State.PRESENT)

    return meaning


def _unless_alike(values: Iterable[str]) -> dict[str, str]:
    """Values by their folded form, leaving out those that only case or width tells apart."""
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(folded(value), []).append(value)
    return {word: alike[0] for word, alike in found.items() if len(alike) == 1}


def date_meaning(text: str) -> Meaning:
    """The day a cell names, written year first."""
    day = parse_date(text.translate(_FOLD))
    if day is not None:
        return day, State.PRESENT
    return None, State.MISSING if is_missing(text) else State.NOT_A_DATE


def time_meanings(zone: timedelta) -> Callable[[str], Meaning]:
    """The moment a cell names, in UTC and without an offset, as a table of DuckDB keeps it."""

    def meaning(text: str) -> Meaning:
        try:
            found = parse_time(text.translate(_FOLD), zone)
        except TooFine:
            return None, State.TIME_TOO_FINE
        if found is not None:
            return in_utc(found), State.PRESENT
        return None, State.MISSING if is_missing(text) else State.NOT_A_TIME

    return meaning


def in_utc(found: datetime) -> datetime:
    return found.astimezone(UTC).replace(tzinfo=None)


def identifier_meaning(text: str) -> Meaning:
    """The text as it is, spaces around it aside: 007 and 7 are two accounts, and so are A and a."""
    plain = text.strip(" ")
    return (None, State.MISSING) if plain.casefold() in MISSING_WORDS else (plain, State.PRESENT)
