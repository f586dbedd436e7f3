"""Decision rules by name: what may be said of a measured value, its expanded uncertainty and the limits. Exact: values are fractions, not doubles.

simple       ILAC-G8:09/2019 binary, simple acceptance: within the limits passes; uncertainty is not taken into account
guard        ILAC-G8:09/2019 binary with a guard band: within the limits less w passes, else fails; w = U unless given
ilac-g8      ILAC-G8:09/2019 non-binary with a guard band w = U: pass, conditional pass, conditional fail, fail
iso14253-1   ISO 14253-1: conformity is proven within the limits less g, nonconformity beyond the limits plus g, g = 1.65 u; between, neither

The texts of ILAC-G8 and ISO 14253-1 were not seen; the rules are as code and citations have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from guiju.base.rounding import round_gb

Rule = Literal["simple", "guard", "ilac-g8", "iso14253-1"]
RULES: tuple[Rule, ...] = ("simple", "guard", "ilac-g8", "iso14253-1")
Verdict = Literal["pass", "conditional pass", "conditional fail", "fail", "undecided"]
ISO_14253_FACTOR = Fraction(165, 100)
"""One-sided 95 % as the standard's default writes it."""

BAND: dict[Rule, float] = {"simple": 0.0, "guard": 2.0, "ilac-g8": 2.0, "iso14253-1": float(ISO_14253_FACTOR)}
"""The guard band of each rule in standard uncertainties, where U = 2u."""


@dataclass(frozen=True, slots=True)
class Decision:
    """verdict; compared: the value that was compared, rounded where the rule is to round (GB/T 8170); guard: the band taken off each limit."""

    rule: Rule
    verdict: Verdict
    compared: Fraction
    guard: Fraction
    acceptance: tuple[Fraction | None, Fraction | None]


def decide(
    y: Fraction, u: Fraction, low: Fraction | None, high: Fraction | None, rule: Rule = "simple", *, guard: Fraction | None = None,
    expanded: Fraction | None = None, rounding: Fraction | None = None,
) -> Decision:  # fmt: skip
    """The decision by a rule.

    expanded  U; None: 2 u
    guard     of the rule `guard`; None: U
    rounding  the interval to which the value is rounded before it is compared (GB/T 8170, rounded-value comparison); None: full value
    """
    value = y if rounding is None else round_gb(y, rounding)
    wide = 2 * u if expanded is None else expanded
    band = {"simple": Fraction(0), "guard": wide if guard is None else guard, "ilac-g8": wide, "iso14253-1": ISO_14253_FACTOR * u}[rule]
    accept = (None if low is None else low + band, None if high is None else high - band)
    within = _within(value, low, high)
    if _within(value, *accept):
        verdict: Verdict = "pass"
    elif rule in ("simple", "guard"):
        verdict = "fail"
    else:
        beyond = not _within(value, None if low is None else low - band, None if high is None else high + band)
        if rule == "iso14253-1":
            verdict = "fail" if beyond else "undecided"
        else:
            verdict = "fail" if beyond else "conditional pass" if within else "conditional fail"
    return Decision(rule, verdict, value, band, accept)


def _within(value: Fraction, low: Fraction | None, high: Fraction | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
