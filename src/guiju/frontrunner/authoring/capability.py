"""Capability: what measuring can tell apart. A step between levels narrower than the reproducibility limit R sorts laboratories, not products.

R is the difference that two single results of one thing, got by two laboratories, exceed in one case of twenty: R = f · s_R (ISO 5725-6, GB/T
6379.6: f = 2.8). Given as a value, or read from what `guiju verify precision --json` prints.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import decimal_text, parse_number
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.frontrunner.authoring.cuts import Better, level_of

FACTOR = Fraction(28, 10)
SMALLEST, LARGEST = Fraction(1, 10**12), Fraction(10**12)
"""What is closer to zero or farther from it is no amount of anything that is graded."""
NEAR = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
"""Distances from a threshold, in R, at which the chance of another level is told."""


@dataclass(frozen=True, slots=True)
class Capability:
    """R, s_R   in the unit of the indicator
    source      where R comes from: a file or a result of the store with its sha256, or `given`
    illustrative  whether it was measured on what is made up
    """

    R: Fraction
    s_R: Fraction  # noqa: N815 - as standards write it
    source: str
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kept   the most of the proposed thresholds that lie R apart, beginning with the best
    moved     as many thresholds as were proposed, between the same ends, moved no more than they must; None where R does not fit in so often
    """

    kept: tuple[Fraction, ...]
    moved: tuple[Fraction, ...] | None


def quantity(text: str, unit: Unit, what: str) -> Fraction:
    """The exact value of `0.3 kWh/100km`, or of `0.3`, in a unit.

    raises   Refused: authoring-amount
    """
    number, _, written = text.strip().partition(" ")
    if (number.endswith("%") or number.endswith("％")) and not written:
        number, written = number[:-1], "%"
    value = parse_number(number)
    try:
        given = parse_unit(written.strip()) if written.strip() else unit
    except UnknownUnit:
        given = None
    found = value * given.ratio(unit) if value is not None and given is not None and given.same_dimension(unit) else None
    if found is None or not (found == 0 or SMALLEST <= abs(found) <= LARGEST):
        raise Refused([Diagnostic("authoring-amount", None, {"text": text, "what": what, "unit": unit.shown or "1"})])
    return found


def given_limit(text: str, unit: Unit) -> Capability:
    """R as somebody writes it.

    raises   Refused: authoring-amount
    """
    value = quantity(text, unit, "R")
    if value <= 0:
        raise Refused([Diagnostic("authoring-amount", None, {"text": text, "what": "R", "unit": unit.shown or "1"})])
    return Capability(value, value / FACTOR, "given")


def measured_limit(content: bytes, name: str, unit: Unit) -> Capability:
    """R from the JSON of a precision study, in its unit.

    raises   Refused: authoring-precision, authoring-amount
    """
    try:
        read = json.loads(content)
        digest = str(read["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused([Diagnostic("authoring-precision", None, {"file": name})]) from None
    return limit_of(read, name, unit, f"{name}, sha256 {digest[:12]}")


def limit_of(figures: Any, name: str, unit: Unit, source: str, *, illustrative: bool = False) -> Capability:
    """R from the figures of a precision study: the largest of its levels, of the data kept where some were excluded; R = f · s_R where none is told.

    source   what is cited
    raises   Refused: authoring-precision, authoring-amount
    """
    try:
        held: list[Any] = figures.get("studies", [figures])
        levels = [level for study in held for level in (study.get("kept") or study.get("all") or study)["levels"]]
        pairs = [(_number(level.get("R")) or FACTOR * _number(level["s_R"]), _number(level["s_R"])) for level in levels]
        R, s_R = max(pairs)  # noqa: N806 - as standards write them
        written = str(figures.get("unit") or "")
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise Refused([Diagnostic("authoring-precision", None, {"file": name})]) from None
    if not (SMALLEST <= s_R <= LARGEST and SMALLEST <= R <= LARGEST):
        raise Refused([Diagnostic("authoring-precision", None, {"file": name})])
    at = quantity(f"1 {written}" if written else "1", unit, f"{name}: unit")
    return Capability(R * at, s_R * at, source, illustrative)


def _number(value: Any) -> Fraction:
    """A double, or the text of one; 0 for none."""
    return Fraction(0) if value is None else Fraction(repr(float(value)))


def narrow_steps(thresholds: Sequence[Fraction], R: Fraction) -> list[int]:  # noqa: N803
    """The steps (1: between level 1 and 2) that are narrower than R."""
    return [at for at in range(1, len(thresholds)) if abs(thresholds[at] - thresholds[at - 1]) < R]


def suggestion(thresholds: Sequence[Fraction], R: Fraction, grid: Fraction) -> Suggestion:  # noqa: N803
    """Sets of levels that measuring can tell apart.

    grid   what thresholds are multiples of; R is taken up to the next multiple
    """
    least = (R / grid).__ceil__() * grid
    kept = [thresholds[0]]
    for each in thresholds[1:]:
        if abs(each - kept[-1]) >= least:
            kept.append(each)
    sign = 1 if thresholds[-1] >= thresholds[0] else -1
    turned = [sign * each for each in thresholds]
    if turned[-1] - turned[0] < (len(turned) - 1) * least:
        return Suggestion(tuple(kept), None)
    for at in range(1, len(turned)):
        turned[at] = max(turned[at], turned[at - 1] + least)
    turned[-1] = sign * thresholds[-1]
    for at in range(len(turned) - 2, -1, -1):
        turned[at] = min(turned[at], turned[at + 1] - least)
    return Suggestion(tuple(kept), tuple(sign * each for each in turned))


def chance_of_another(value: Fraction, thresholds: Sequence[Fraction], better: Better, s_R: Fraction) -> float:  # noqa: N803
    """The probability that a single result of another laboratory gives another level to what truly has this value; results are normal about it."""
    held = level_of(value, thresholds, better)
    sign = 1 if better == "lower" else -1
    bounds = [-math.inf, *(float(sign * (each - value)) for each in thresholds), math.inf]
    return 1 - (_normal(bounds[held] / float(s_R)) - _normal(bounds[held - 1] / float(s_R)))


def expected_changes(values: Sequence[Fraction], thresholds: Sequence[Fraction], better: Better, s_R: Fraction) -> float:  # noqa: N803
    """How many products are expected to get another level by measuring again elsewhere, were their values true."""
    return math.fsum(chance_of_another(value, thresholds, better, s_R) for value in values)


def _normal(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def amount(value: Fraction, unit: Unit) -> str:
    return f"{decimal_text(value)} {unit.shown}".strip()
