"""Diffusion: how long from the publication of a standard until a share of the products reaches a level; a logistic curve where the data bear it.

A curve is fitted to the number of products at a level over time and is given only where it says more than a straight line does, by the
small-sample information criterion (AICc, Hurvich and Tsai 1989), and where its turning point lies among the data: otherwise where it levels
off is anybody's guess.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.effect.adoption import Adoption

POINTS_LEAST = 8
"""Days on which another product reached the level; with fewer there is no curve."""
BETTER_BY = 2.0


@dataclass(frozen=True, slots=True)
class Reached:
    """When a share was first reached on or after the publication; None: not yet. already: it was when the standard was published"""

    level: int
    share: Fraction
    since: date
    on: date | None
    already: bool

    @property
    def days(self) -> int | None:
        return None if self.on is None else (self.on - self.since).days


@dataclass(frozen=True, slots=True)
class Curve:
    """n(t) = ceiling / (1 + exp(−(t − middle) / scale)), t in days.

    r2              share of the variance it explains
    gain            AICc of the straight line less its own; positive where the curve says more
    verdict         why it is given, or is not
    """

    level: int
    points: int
    ceiling: float
    middle: date | None
    scale: float
    r2: float
    gain: float
    verdict: Literal["justified", "no better than a line", "no turn seen"]

    @property
    def tenth_to_nine(self) -> float:
        """Days from a tenth to nine tenths of the ceiling: 2 ln 9 scales of the logistic curve."""
        return 2 * math.log(9) * self.scale


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast the share of a level has grown since the publication.

    first, last    the share on the day of the publication (or the first day there is a product), and on the last day something came on sale
    per_year       percentage points in 365.25 days, on average
    """

    level: int
    since: date
    until: date
    first: Fraction
    last: Fraction

    @property
    def per_year(self) -> Fraction:
        return (self.last - self.first) * 100 * Fraction(1461, 4) / (self.until - self.since).days


def speed(found: Adoption, level: int, since: date) -> Speed | None:
    """The average growth of a share from the publication to the last day that is known; None where no time has passed."""
    dated = [each for each in found.moments if each.on is not None]
    before = [each for each in dated if each.on is not None and each.on <= since]
    start = before[-1] if before else dated[0]
    begun = since if before else start.on
    last = dated[-1]
    if begun is None or last.on is None or last.on <= begun:
        return None
    return Speed(level, begun, last.on, start.share(level), last.share(level))


def first_reached(found: Adoption, level: int, share: Fraction, since: date) -> Reached:
    """The first day, from the publication on, on which at least the share of the products on offer reaches the level."""
    before = [each for each in found.moments if each.on is not None and each.on <= since]
    if before and before[-1].share(level) >= share:
        return Reached(level, share, since, since, True)
    on = next((each.on for each in found.moments if each.on is not None and each.on > since and each.share(level) >= share), None)
    return Reached(level, share, since, on, False)


def logistic(found: Adoption, level: int) -> Curve:
    """The logistic curve through the number of products at a level, and whether it may be given.

    raises   Refused: effect-few
    """
    import numpy as np
    from scipy.optimize import least_squares

    steps = _steps(found, level)
    if len(steps) < POINTS_LEAST:
        zh, en = f"{level} 级逐日增长的点", f"days on which level {level} grew"
        facts = {"what_zh": zh, "what_en": en, "found": str(len(steps)), "needs": str(POINTS_LEAST)}
        raise Refused([Diagnostic("effect-few", None, facts)])
    origin = steps[0][0]
    t = np.array([float((day - origin).days) for day, _ in steps])
    n = np.array([float(count) for _, count in steps])
    span = float(t[-1]) or 1.0

    def model(p: Any) -> Any:
        return p[0] / (1 + np.exp(-np.clip((t - p[1]) / p[2], -60, 60)))

    bounds = (0, -5 * span, span / 1000), (np.inf, 6 * span, span * 5)
    starts = [(float(n[-1]) * factor, span * place, span / 8) for factor in (1.1, 2.0) for place in (0.3, 0.6)]
    fits = [least_squares(lambda p: model(p) - n, start, bounds=bounds) for start in starts]
    best = min(fits, key=lambda each: float(each.cost))
    ceiling, middle, scale = (float(each) for each in best.x)
    slope, start = np.polyfit(t, n, 1)
    rss, line = 2 * float(best.cost), float(((slope * t + start - n) ** 2).sum())
    gain = _aicc(line, len(steps), 3) - _aicc(rss, len(steps), 4)
    whole = float(((n - n.mean()) ** 2).sum())
    turns = 0 < middle < span
    verdict: Literal["justified", "no better than a line", "no turn seen"]
    verdict = "no better than a line" if gain < BETTER_BY else "justified" if turns else "no turn seen"
    at = origin + timedelta(days=round(middle)) if abs(middle) < 100_000 else None
    return Curve(level, len(steps), ceiling, at, scale, 1 - rss / whole if whole else math.nan, gain, verdict)


def _steps(found: Adoption, level: int) -> list[tuple[date, int]]:
    """The days on which another product reached the level, with how many then had."""
    steps: list[tuple[date, int]] = []
    before = 0
    for each in found.moments:
        if each.on is not None and each.reached[level - 1] > before:
            before = each.reached[level - 1]
            steps.append((each.on, before))
    return steps


def _aicc(rss: float, n: int, k: int) -> float:
    """Of a least-squares fit with k parameters, the variance among them."""
    return n * math.log(max(rss, 1e-12) / n) + 2 * k + 2 * k * (k + 1) / max(n - k - 1, 1)
