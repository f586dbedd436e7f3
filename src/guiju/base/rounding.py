"""Exact numbers: GB/T 8170 rounding, numbers from text and text from numbers. No binary floating point touches a value here."""

from __future__ import annotations

import math
import re
from fractions import Fraction

# Full-width forms and the spaces and minus of typeset text, each to one ASCII character, so that positions in a text stay the same.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<thousands>[1-9][0-9]{0,2}(?:,[0-9]{3})+)|(?P<whole>[0-9]+)|(?=\.))(?:\.(?P<fraction>[0-9]+))?"
    r"(?:[eE](?P<exponent>[+-]?[0-9]{1,3}))?"
)
_LONGEST_NUMBER = 200
_SIGNIFICANT_DIGITS = 12
_LARGEST_BITS = 4096  # beyond it (about 1200 digits) a decimal expansion is of no use to a reader, and Python refuses to print one


def round_gb(x: Fraction, step: Fraction) -> Fraction:
    """The multiple of step nearest to x; of two equally near ones the even multiple, alike for both signs.

    step     > 0: 0.01, 0.5, 0.2, 100 …
    source   GB/T 8170-2008, clause 3: rounding interval, the rule for a discarded 5, 0.5-unit and 0.2-unit rounding
    accuracy exact; apply it once, to the unrounded value (the standard forbids successive rounding)
    """
    over, under = step.numerator, step.denominator
    assert over > 0, "the checker refuses a step that is not positive"
    whole = x.denominator * over
    multiple, rest = divmod(x.numerator * under, whole)
    if 2 * rest > whole or (2 * rest == whole and multiple & 1):
        multiple += 1
    return Fraction(multiple * over, under)


def decimal_text(x: Fraction) -> str:
    """x as decimal text: exact when the expansion ends, else 12 significant digits after a leading ≈."""
    places = _decimal_places(x.denominator)
    if max(x.numerator.bit_length(), x.denominator.bit_length()) <= _LARGEST_BITS and places is not None:
        return _fixed(x, places)
    exponent = math.floor(math.log10(abs(x.numerator)) - math.log10(x.denominator))
    digits = round_gb(x, Fraction(10) ** (exponent + 1 - _SIGNIFICANT_DIGITS))
    if -10 <= exponent <= 20:
        return "≈" + _fixed(digits, _decimal_places(digits.denominator) or 0)
    exponent += abs(digits) >= Fraction(10) ** (exponent + 1)  # 9.9999… was rounded up to 10
    mantissa = digits / Fraction(10) ** exponent
    return f"≈{_fixed(mantissa, _decimal_places(mantissa.denominator) or 0)}e{exponent}"


def is_decimal(x: Fraction) -> bool:
    """Whether the decimal expansion of x ends."""
    return _decimal_places(x.denominator) is not None


def parse_number(text: str) -> Fraction | None:
    """The exact number a decimal text stands for, or None when it is not one.

    text     13.8, -0.5, .5, 1e-3, full-width １３．８, and 1,234.5 where the commas part groups of exactly three digits
    """
    match = _NUMBER.fullmatch(text.translate(HALF_WIDTH).strip()) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        return None
    sign, thousands, whole, fraction, exponent = match.groups(default="")
    digits = int(f"{sign}{thousands.replace(',', '')}{whole}{fraction}")
    shift = int(exponent or 0) - len(fraction)
    return Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)


def _decimal_places(denominator: int) -> int | None:
    """Decimal places of an ending expansion, None when the denominator has a prime factor other than 2 and 5."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _fixed(x: Fraction, places: int) -> str:
    digits = str(abs(x.numerator) * (10**places // x.denominator)).rjust(places + 1, "0")
    sign = "-" if x < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
