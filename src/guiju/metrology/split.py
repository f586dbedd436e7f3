"""Split-level designs: every laboratory measures two similar materials once each, a and b, so that nobody knows a result to repeat.

The difference of the two tells of repeatability, their average of reproducibility; both are looked through for what is out of line.

source  ISO 5725-5 (GB/T 6379.5) clause 4, model y = m + B + e; recalled, as the text was not seen. The statistics follow from the model:
        the difference has variance 2 σ_r², the average σ_L² + σ_r²/2. Differences that hang on the level of the two materials cancel in s_D.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guiju.metrology import outlying
from guiju.metrology.array import Array, Flags
from guiju.metrology.outlying import Mandel, Test
from guiju.metrology.precision import Cells, precision


@dataclass(frozen=True, slots=True)
class Split:
    """Per study and level, shape (…, q).

    general     mean of the averages, `difference` mean of the differences a - b
    s_D, s_y    standard deviations of differences and averages
    truncated   where the estimate of s_L² was negative and 0 is used
    mandel      h of differences and of averages, with what is significant; tests: Grubbs' of both, under `difference` and `average`
    """

    p: Array
    general: Array
    difference: Array
    s_D: Array  # noqa: N815 - the names of the standard
    s_y: Array
    s_r: Array
    s_L: Array  # noqa: N815
    s_R: Array  # noqa: N815
    truncated: Flags
    mandel: dict[str, Mandel]
    tests: dict[str, dict[str, Test]]


def split_level(a: Array, b: Array) -> Split:
    """The precision of split levels from results a and b of shape (…, q, p); NaN in either leaves the laboratory out of that level."""
    here = ~(np.isnan(a) | np.isnan(b))
    n = np.asarray(here, dtype=np.float64)
    parts = {"difference": np.where(here, a - b, np.nan), "average": np.where(here, (a + b) / 2, np.nan)}
    of = {name: Cells(n, x, np.full_like(x, np.nan)) for name, x in parts.items()}
    found = {name: precision(made, "e691") for name, made in of.items()}
    mandel = {name: outlying.mandel(made, found[name], "e691") for name, made in of.items()}
    tests = {}
    for name, made in of.items():
        single, double = outlying.grubbs(made, found[name]), outlying.grubbs_double(made, found[name])
        tests[name] = {"grubbs_high": single[0], "grubbs_low": single[1], "grubbs2_high": double[0], "grubbs2_low": double[1]}
    s_d, s_y = found["difference"].s_x, found["average"].s_x
    s_r2 = s_d**2 / 2
    between = s_y**2 - s_r2 / 2
    s_l2 = np.maximum(between, 0.0)
    return Split(
        found["average"].p, found["average"].general, found["difference"].general, s_d, s_y, np.sqrt(s_r2), np.sqrt(s_l2), np.sqrt(s_l2 + s_r2),
        np.asarray(between < 0), mandel, tests,
    )  # fmt: skip
