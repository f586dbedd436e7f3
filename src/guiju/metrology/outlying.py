"""What in a study is out of line: Mandel's h and k, Cochran's test (also 't Lam's for unequal cells), Grubbs' tests for one and for two.

Shapes as in `precision`: (…, q, p) per cell, (…, q) per level. Nothing is left out here; the statistics only point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guiju.metrology import critical
from guiju.metrology.array import Array, Indices, array
from guiju.metrology.precision import Cells, Convention, Precision


@dataclass(frozen=True, slots=True)
class Mandel:
    """h and k per cell, and what is significant: 0 no, 1 at 5 %, 2 at 1 %.

    E691 asks at 0.5 % instead: `h_005`, `k_005` are the critical values for that, per level and per cell.
    """

    h: Array
    k: Array
    h_flag: Array
    k_flag: Array
    h_005: Array
    k_005: Array


@dataclass(frozen=True, slots=True)
class Test:
    """One test at every level.

    statistic  NaN where the test cannot be made
    critical   at 5 % and at 1 %
    flag       0 in line, 1 straggler, 2 outlier
    at         which laboratory, or which two: positions along p, -1 where there is none
    """

    statistic: Array
    critical: tuple[Array, Array]
    flag: Array
    at: Indices


def mandel(made: Cells, found: Precision, convention: Convention = "iso5725") -> Mandel:
    """h: cell mean less general mean, over the standard deviation of the cell means. k: cell standard deviation over s_r.

    s_r is pooled by degrees of freedom, which matters where cells are unequal.
    """
    own = made.own
    p = np.asarray(found.p, dtype=np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        off = made.mean - found.general[..., None]
        scale = found.s_x if convention == "e691" else np.sqrt(np.nansum(off**2, axis=-1) / (found.p - 1))
        h = off / scale[..., None]
        k = np.sqrt(made.variance) / found.s_r[..., None]
    others = np.sum(own, axis=-1, keepdims=True) - own
    h_at = [_per_p(p, critical.mandel_h, alpha, 3)[..., None] for alpha in (0.05, 0.01, 0.005)]
    k_at = [_distinct(critical.mandel_k_unequal, alpha, own, others) for alpha in (0.05, 0.01, 0.005)]
    with np.errstate(invalid="ignore"):
        size = np.abs(h)
        h_flag = (size > h_at[0]).astype(float) + (size > h_at[1])
        k_flag = (k > k_at[0]).astype(float) + (k > k_at[1])
    return Mandel(h, k, h_flag, k_flag, h_at[2][..., 0], k_at[2])


def cochran(made: Cells) -> Test:
    """The largest cell variance over the sum of them, with the critical value for the number of results most cells have."""
    usable = made.own > 0
    variance = np.where(usable, made.variance, 0.0)
    p = np.sum(usable, axis=-1)
    n = _commonest(np.where(usable, made.n, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        at = np.argmax(variance, axis=-1)
        statistic = np.max(variance, axis=-1) / np.sum(variance, axis=-1)
    statistic = np.where(p >= 2, statistic, np.nan)
    limits = tuple(_per_pn(p, n, alpha) for alpha in (critical.STRAGGLER, critical.OUTLIER))
    return _test(statistic, (limits[0], limits[1]), at[..., None])


def cochran_unequal(made: Cells) -> Test:
    """'t Lam's test: each G = ν s² / Σ ν s² against a critical value of its own; the cell nearest to or furthest beyond it is named."""
    own = made.own
    share = own * np.where(own > 0, made.variance, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        g = share / np.sum(share, axis=-1, keepdims=True)
    others = np.sum(own, axis=-1, keepdims=True) - own
    p = np.broadcast_to(np.sum(own > 0, axis=-1, keepdims=True).astype(float), own.shape)
    limits = [_distinct(critical.cochran_unequal, alpha, own, others, p) for alpha in (critical.STRAGGLER, critical.OUTLIER)]
    with np.errstate(invalid="ignore"):
        at = np.argmax(np.where(own > 0, g / limits[0], -1.0), axis=-1)[..., None]
    picked = [np.take_along_axis(each, at, axis=-1)[..., 0] for each in (g, *limits)]
    return _test(picked[0], (picked[1], picked[2]), at)


def grubbs(made: Cells, found: Precision) -> tuple[Test, Test]:
    """The highest and the lowest cell mean, each in standard deviations of the cell means from their plain mean."""
    high, low = np.where(made.present, made.mean, -np.inf), np.where(made.present, made.mean, np.inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.sum(np.where(made.present, made.mean, 0.0), axis=-1) / found.p
        up, down = (np.max(high, axis=-1) - plain) / found.s_x, (plain - np.min(low, axis=-1)) / found.s_x
    p = np.asarray(found.p, dtype=np.int64)
    limits = (_per_p(p, critical.grubbs, critical.STRAGGLER, 3), _per_p(p, critical.grubbs, critical.OUTLIER, 3))
    return _test(up, limits, np.argmax(high, axis=-1)[..., None]), _test(down, limits, np.argmin(low, axis=-1)[..., None])


def grubbs_double(made: Cells, found: Precision) -> tuple[Test, Test]:
    """The two highest and the two lowest cell means: the share of the sum of squares that is left without them. Small is significant."""
    p = np.asarray(found.p, dtype=np.int64)
    limits = (_per_p(p, critical.grubbs_double, critical.STRAGGLER, 4), _per_p(p, critical.grubbs_double, critical.OUTLIER, 4))
    mean = np.where(made.present, made.mean, 0.0)
    total = found.s_x**2 * (found.p - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.sum(mean, axis=-1, keepdims=True) / found.p[..., None]
        off = np.where(made.present, mean - plain, 0.0)
        tests = []
        for sign in (1.0, -1.0):
            key = np.where(made.present, sign * off, -np.inf)
            at = np.argpartition(key, key.shape[-1] - 2, axis=-1)[..., -2:] if key.shape[-1] >= 2 else np.zeros((*key.shape[:-1], 2), np.intp)
            gone = np.take_along_axis(off, at, axis=-1)
            out, squares = np.sum(gone, axis=-1), np.sum(gone**2, axis=-1)
            # without them: the sum of squares about the plain mean less theirs, less the shift of the mean, which the two bring about
            left = np.maximum(total - squares - out**2 / (found.p - 2), 0.0)
            tests.append(_test(np.where(p >= 4, left / total, np.nan), limits, np.sort(at, axis=-1), low=True))
    return tests[0], tests[1]


def _test(statistic: Array, limits: tuple[Array, Array], at: Indices, *, low: bool = False) -> Test:
    with np.errstate(invalid="ignore"):
        beyond = [statistic < limit if low else statistic > limit for limit in limits]
    flag = np.asarray(beyond[0].astype(np.float64) + beyond[1])
    return Test(statistic, limits, flag, np.where(np.isnan(statistic)[..., None], -1, at))


def _per_p(p: Indices, value: Callable[[int, float], float], alpha: float, least: int) -> Array:
    """The critical value for each number of laboratories, NaN below `least`; each number is computed once."""
    counts, where = np.unique(p, return_inverse=True)
    return array([value(int(count), alpha) if count >= least else np.nan for count in counts])[where].reshape(p.shape)


def _per_pn(p: Indices, n: Array, alpha: float) -> Array:
    width = int(np.max(n)) + 1
    keys, where = np.unique(p.ravel() * width + n.ravel().astype(np.int64), return_inverse=True)
    pairs = (divmod(int(key), width) for key in keys)
    return array([critical.cochran(a, b, alpha) if a >= 2 and b >= 2 else np.nan for a, b in pairs])[where].reshape(p.shape)


def _distinct(value: Callable[..., Array], alpha: float, *counts: Array) -> Array:
    """A function of whole numbers over big arrays, computed once for every combination; NaN where any of them is 0."""
    keys = np.zeros(counts[0].shape, dtype=np.int64)
    for count in counts:
        keys = keys * (int(np.max(count)) + 1) + count.astype(np.int64)
    _, first, where = np.unique(keys.ravel(), return_index=True, return_inverse=True)
    picked = [count.ravel()[first] for count in counts]
    usable = np.all(np.stack(picked) > 0, axis=0)
    found = np.where(usable, value(*(np.maximum(each, 1.0) for each in picked), alpha), np.nan)
    return np.asarray(found[where.ravel()]).reshape(keys.shape)


def _commonest(n: Array) -> Array:
    """The number of results that most cells of a level have; of two equally common the larger. Cells without 2 results are given as 0."""
    if np.all(n == n.flat[0]):
        return np.asarray(n[..., 0])
    counts = np.unique(n[n > 0])
    if not counts.size:
        return np.zeros(n.shape[:-1])
    times = np.stack([np.sum(n == count, axis=-1) for count in counts[::-1]], axis=-1)
    return np.asarray(counts[::-1][np.argmax(times, axis=-1)])
