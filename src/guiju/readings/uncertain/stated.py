"""What is stated of a record: its values, and how uncertain they are, with every mistake reported at once.

A number may be given as `13.8`, as `13.8 ± 0.2` (a standard uncertainty), as `{value: 13.8, u: 0.4, k: 2, dof: 9}`, where u is k times the
standard uncertainty, or as `{value: 13.8, half: 0.05}`, known to lie within ± 0.05 and nothing more. `shape: rectangular` (triangular, arcsine)
is one of that standard uncertainty, or of that half-width. What is given without is taken as exactly known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from guiju.base.diagnostics import Problems
from guiju.base.rounding import parse_number
from guiju.ir.record import Given, admit, admit_value
from guiju.ir.values import Value
from guiju.metrology.array import Array
from guiju.metrology.distribution import Distribution, arcsine, normal, rectangular, student, trapezoidal
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Input
from guiju.standard.shape import did_you_mean

KEYS = frozenset(("value", "u", "k", "dof", "half", "shape"))
HALVES = {"rectangular": 3, "triangular": 6, "arcsine": 2}
"""Shapes that have a half-width, and that over u, squared (JCGM 101, table 1)."""
SHAPES = ("normal", *HALVES)
_SIGN = re.compile(r"\s*(?:±|\+/-|\+-)\s*")
_ANY_DECIMALS = 120
_SMALLEST, _LARGEST = Fraction(1, 10**60), Fraction(10) ** 60
"""Of what is computed in doubles."""


@dataclass(frozen=True, slots=True)
class Spread:
    """u      standard uncertainty, in the unit the input is declared in; above 0
    dof    its degrees of freedom
    shape  how it is drawn: one of `SHAPES`; a normal one with finite degrees of freedom as t
    """

    u: Fraction
    dof: float = math.inf
    shape: str = "normal"

    def law(self, mean: float) -> Distribution:
        """What is drawn, about a value."""
        u = float(self.u)
        if self.shape == "normal":
            return normal(mean, u) if math.isinf(self.dof) else student(mean, u, self.dof)
        half = u * math.sqrt(HALVES[self.shape])
        made = {"rectangular": rectangular, "triangular": _triangular, "arcsine": arcsine}[self.shape]
        return made(mean - half, mean + half)


def _triangular(low: float, high: float) -> Distribution:
    return trapezoidal(low, high, 0.0)


@dataclass(frozen=True)
class Stated:
    """values       exact, by input name
    spreads      of the inputs that are not exactly known
    correlation  (one input, another) → r; those not named are not correlated
    """

    values: Mapping[str, Value]
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    correlation: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.spreads)

    def matrix(self) -> Array:
        """The correlations, in the order of `names`."""
        at, found = {name: i for i, name in enumerate(self.names)}, np.eye(len(self.names))
        for (one, other), r in self.correlation.items():
            found[at[one], at[other]] = found[at[other], at[one]] = r
        return found


def stated(
    inputs: Mapping[str, Input], given: Given, correlations: Sequence[tuple[str, str, str]], problems: Problems, dictionary: Dictionary | None = None
) -> Stated:
    """A given record with what is uncertain of it.

    correlations  (one input, another, r as written)
    reports       what the door reports; an uncertainty of what is no number, or negative; a correlation of what has no uncertainty, out of
                  range, or of a set that nothing can have
    """
    found: dict[str, Mapping[str, object]] = {}
    values = admit(inputs, {name: _parted(name, value, found) for name, value in given.items()}, problems, dictionary=dictionary)
    by_property = {each.is_: each for each in inputs.values()}
    spreads: dict[str, Spread] = {}
    for name, parts in found.items():
        declared = inputs.get(name) or by_property.get(name)
        if declared is not None and declared.name in values:
            spread = _spread(declared, parts, problems)
            if spread is not None and spread.u > 0:
                spreads[declared.name] = spread
    ordered = {name: spreads[name] for name in inputs if name in spreads}
    named = {n: declared.name for n, declared in by_property.items()} | {name: name for name in inputs}
    made = Stated(values, ordered, _correlation(named, ordered, correlations, problems))
    if len(made.names) and float(np.linalg.eigvalsh(made.matrix())[0]) < -1e-9:
        problems.add("uncertain-correlation", None, pairs=", ".join(f"{a}–{b}" for a, b in made.correlation))
    return made


def _parted(name: str, value: object, found: dict[str, Mapping[str, object]]) -> object:
    """The value without what is said of its uncertainty, which is noted under the name of its unrolled input."""
    if isinstance(value, Mapping) and "value" in value and set(value) <= KEYS:
        found[name] = value
        return value["value"]
    if isinstance(value, Mapping):
        return {key: _parted(f"{name}@{key}", each, found) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_parted(f"{name}#{number}", each, found) for number, each in enumerate(value, 1)]
    if isinstance(value, str) and _SIGN.search(value):
        number, rest = _SIGN.split(value, maxsplit=1)
        found[name] = {"value": _with_unit_of(number, rest), "u": rest or "±"}
        return found[name]["value"]
    return value


def _with_unit_of(number: str, rest: str) -> str:
    """`13.8` beside `0.2 kWh/100km` is in kWh/100km too."""
    unit = re.match(r"\s*[0-9.,eE+-]+\s*(.*)", rest)
    bare = re.fullmatch(r"[\s0-9.,eE+−-]+", number)
    return f"{number} {unit[1]}" if unit and bare else number


def _spread(declared: Input, parts: Mapping[str, object], problems: Problems) -> Spread | None:
    word = "half" if parts.get("half") not in (None, "") else "u"
    if parts.get(word) in (None, ""):
        return None
    shape = str(parts.get("shape") or ("rectangular" if word == "half" else "normal"))
    if declared.kind != "number":
        problems.add("spread-of-no-number", None, name=declared.name, kind=declared.kind)
        return None
    known = tuple(HALVES) if word == "half" else SHAPES
    if shape not in known:
        problems.add("unknown-word", None, word=shape, known=", ".join(known))
        return None
    if word == "half" and any(parts.get(other) not in (None, "") for other in ("u", "k", "dof")):
        problems.add("spread-shape", None, name=declared.name)
        return None
    u = admit_value(replace(declared, decimals=_ANY_DECIMALS, minimum=None, maximum=None), parts[word], problems)
    k, dof = (_positive(declared.name, word, parts.get(word), problems) for word in ("k", "dof"))
    if not isinstance(u, Fraction):
        return None
    if u < 0:
        problems.add("spread-negative", None, name=declared.name, u=str(parts[word]))
        return None
    if u and not _SMALLEST <= u <= _LARGEST:
        problems.add("spread-factor", None, name=declared.name, word=word, value=parts[word])
        return None
    if word == "half":
        return Spread(Fraction(float(u) / math.sqrt(HALVES[shape])), math.inf, shape)
    return Spread(u / (k or 1), math.inf if dof is None else float(dof), shape)


def _positive(name: str, word: str, value: object, problems: Problems) -> Fraction | None:
    """A positive number, or None where there is none; dof may be infinite."""
    if value in (None, "") or (word == "dof" and str(value).strip() in ("inf", "∞", ".inf")):
        return None
    number = _number(value)
    if number is None or not _SMALLEST <= number <= _LARGEST:
        problems.add("spread-factor", None, name=name, word=word, value=value)
        return None
    return number


def _number(value: object) -> Fraction | None:
    return None if isinstance(value, bool) else parse_number(str(value))


def _correlation(
    named: Mapping[str, str], spreads: Mapping[str, Spread], given: Sequence[tuple[str, str, str]], problems: Problems
) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for one, other, written in given:
        unknown = [name for name in (one, other) if name not in named]
        for name in unknown:
            problems.add("unknown-input", None, name=name, **did_you_mean(name, named))
        exact = [] if unknown else [name for name in (one, other) if named[name] not in spreads]
        for name in exact:
            problems.add("correlation-of-exact", None, name=name)
        r = _number(written)
        if r is None or abs(r) > 1 or (not unknown and named[one] == named[other]):
            problems.add("uncertain-pair", None)
        elif not unknown and not exact:
            found[named[one], named[other]] = float(r)
    return found
