"""Whether results agree and what to report: critical differences and ranges at 95 % (ISO 5725-6, GB/T 6379.6), with s_r and s_R known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from guiju.metrology.array import Numbers, array
from guiju.metrology.critical import range_factor

LIMIT = 2.8


def critical_range(n: int, s_r: float) -> float:
    """The range that n results of one laboratory exceed in 5 % of cases."""
    return round(range_factor(n), 1) * s_r


def difference_within(s_r: float, n1: int, n2: int) -> float:
    """Critical difference of two means of one laboratory, under repeatability."""
    return LIMIT * s_r * math.sqrt(1 / (2 * n1) + 1 / (2 * n2))


def difference_between(s_r: float, s_R: float, n1: int, n2: int) -> float:  # noqa: N803
    """Critical difference of the means of two laboratories."""
    return math.sqrt(max((LIMIT * s_R) ** 2 - (LIMIT * s_r) ** 2 * (1 - 1 / (2 * n1) - 1 / (2 * n2)), 0.0))


def difference_reference(s_r: float, s_R: float, n: int) -> float:  # noqa: N803
    """Critical difference of one laboratory's mean of n from a reference value."""
    return math.sqrt(max((LIMIT * s_R) ** 2 - (LIMIT * s_r) ** 2 * (1 - 1 / n), 0.0) / 2)


def difference_reference_many(s_r: float, s_R: float, replicates: Numbers) -> float:  # noqa: N803
    """Critical difference of the mean of the means of p laboratories, each of n_i results, from a reference value."""
    n = array(replicates)
    return math.sqrt(max((LIMIT * s_R) ** 2 - (LIMIT * s_r) ** 2 * (1 - float(np.mean(1 / n))), 0.0) / (2 * len(n)))


Quoted = Literal["mean", "median", "more"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """What to report: the mean or median of results, or how many more results are to be taken first."""

    kind: Quoted
    value: float | None
    range: float
    critical: float
    more: int = 0


def quote(results: Numbers, s_r: float, *, expensive: bool = False) -> Quotation:
    """The final result of one laboratory by the range tests of ISO 5725-6.

    Within the critical range the mean is quoted. Of two beyond it, two more are taken (one where tests are expensive); of three, where expensive, one
    more; what is still beyond it is quoted by its median.
    """
    x = array(results)
    spread, limit = float(np.ptp(x)), critical_range(len(x), s_r)
    if spread <= limit:
        return Quotation("mean", float(np.mean(x)), spread, limit)
    if len(x) == 2:
        return Quotation("more", None, spread, limit, 1 if expensive else 2)
    return Quotation("median", float(np.median(x)), spread, limit)
