"""Verification against the same written plainly in Python and SciPy, one after the other in one run.

    python benchmarks/verification.py [SEED]

Plain is what a careful person writes: a loop over studies and levels with NumPy on each, scipy.stats for critical values looked up once; central
differences per record; scipy.integrate.quad per case; NumPy random numbers for Monte Carlo. Both must give the same figures, which is checked.
CPU seconds of this process, the best of three; SciPy is imported before.
"""

from __future__ import annotations

import math
import platform
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
from scipy import integrate, stats

from guiju.metrology import conformity, robust
from guiju.metrology.distribution import gamma, normal
from guiju.metrology.model import Model
from guiju.metrology.montecarlo import monte_carlo
from guiju.metrology.precision import cells
from guiju.metrology.propagation import gum, gum_many
from guiju.verify.study import EDITIONS, NEWEST, analyse_cells

STUDIES, LABS, LEVELS, REPLICATES = 1000, 20, 10, 4


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    found, least = None, math.inf
    for _ in range(3):
        start = time.process_time()
        found = work()
        least = min(least, time.process_time() - start)
    return least, found


def plain_study(x: np.ndarray, h_limit: float, c_limit: float, g_limit: float) -> list[tuple[float, ...]]:
    """s_r, s_R, m and every statistic of one balanced study, level by level."""
    rows = []
    for level in x:
        means, sds, (p, n) = level.mean(axis=1), level.std(axis=1, ddof=1), level.shape
        s_r = math.sqrt((sds**2).mean())
        s_x = means.std(ddof=1)
        s_l2 = max(s_x**2 - s_r**2 / n, 0.0)
        h, k = (means - means.mean()) / s_x, sds / s_r
        c = (sds**2).max() / (sds**2).sum()
        ordered = np.sort(means)
        g = ((ordered[-1] - means.mean()) / s_x, (means.mean() - ordered[0]) / s_x)
        total = s_x**2 * (p - 1)
        two = (ordered[:-2].var() * (p - 2) / total, ordered[2:].var() * (p - 2) / total)
        flags = (np.abs(h) > h_limit).sum() + (c > c_limit) + (max(g) > g_limit)
        rows.append((means.mean(), s_r, math.sqrt(s_l2 + s_r**2), c, *g, *two, float(flags), float(k.max())))
    table = np.array(rows)
    np.polyfit(table[:, 0], table[:, 1], 1), np.polyfit(np.log10(table[:, 0]), np.log10(table[:, 1]), 1)
    return rows


def studies(seed: int) -> tuple[str, float, float, str]:
    rng = np.random.default_rng(seed)
    level = np.linspace(5, 50, LEVELS)[None, :, None, None]
    x = level + rng.normal(0, 0.3, (STUDIES, LEVELS, LABS, 1)) + rng.normal(0, 0.2, (STUDIES, LEVELS, LABS, REPLICATES))
    analyse_cells(cells(x[:2]), EDITIONS[NEWEST])  # critical values of p = 20, once
    ours, made = best(lambda: analyse_cells(cells(x), EDITIONS[NEWEST]))
    t = stats.t.ppf(0.975, LABS - 2)
    limits = ((LABS - 1) * t / math.sqrt(LABS * (t * t + LABS - 2)), 0.2, 2.7)
    plain, rows = best(lambda: [plain_study(each, *limits) for each in x])
    table = np.array(rows)
    for n, each in (
        (1, made.precision.s_r),
        (2, made.precision.s_R),
        (3, made.tests["cochran"].statistic),
        (6, made.tests["grubbs2_high"].statistic),
    ):
        assert np.allclose(table[:, :, n], each, rtol=1e-9)
    return f"{STUDIES} studies of {LABS} × {LEVELS} × {REPLICATES}, every statistic", ours, plain, "same to 1e-9"


def six(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    return a * np.exp(-b * c) + d / e * np.sqrt(f)


def propagation(seed: int, records: int = 20_000) -> tuple[str, float, float, str]:
    rng = np.random.default_rng(seed)
    x = {name: rng.uniform(1, 2, records) for name in "abcdef"}
    u = {name: np.full(records, 0.01) for name in x}
    ours, (_, total) = best(lambda: gum_many(six, x, u))

    def plain() -> list[float]:
        found = []
        for n in range(records):
            at = {name: float(v[n]) for name, v in x.items()}
            variance = 0.0
            for name, value in at.items():
                up, down = six(**{**at, name: value + 1e-5}), six(**{**at, name: value - 1e-5})
                variance += ((up - down) / 2e-5 * 0.01) ** 2
            found.append(math.sqrt(variance))
        return found

    theirs, slow = best(plain)
    assert np.allclose(total, slow, rtol=1e-7)
    return f"u of {records:,} records, 6 inputs: {1e6 * ours / records:.3f} µs each", ours, theirs, "same to 1e-7"


def drawing(seed: int) -> tuple[str, float, float, str]:
    model = Model(six, {name: normal(1.5, 0.01) for name in "abcdef"})
    ours, run = best(lambda: monte_carlo(model, digits=2, seed=seed))
    exact = gum(model, order=2).budgets[0]

    def plain() -> tuple[float, float, float]:
        """JCGM 101, 7.9: batches of 10⁴ with NumPy's generator until 2 digits are stable."""
        rng, batches, figures = np.random.default_rng(seed), [], []
        while True:
            y = six(*(rng.normal(1.5, 0.01, 10_000) for _ in range(6)))
            batches.append(y)
            figures.append((y.mean(), y.std(ddof=1), *np.quantile(y, (0.025, 0.975))))
            if len(figures) > 1:
                tolerance = 0.5 * 10.0 ** (math.floor(math.log10(np.mean([f[1] for f in figures]))) - 1)
                if np.all(2 * np.std(figures, axis=0, ddof=1) / math.sqrt(len(figures)) < tolerance):
                    every = np.concatenate(batches)
                    return float(every.std(ddof=1)), *map(float, np.quantile(every, (0.025, 0.975)))

    theirs, (u, _, _) = best(plain)
    off = f"u off by {abs(run.outputs[0].u / exact.u - 1):.1e} after {run.outputs[0].trials:,} trials; plain {abs(u / exact.u - 1):.1e}"
    return "Monte Carlo to 2 digits, 6 inputs", ours, theirs, off


def risks(seed: int, cases: int = 2000) -> tuple[str, float, float, str]:
    u = np.linspace(0.1, 1, cases)
    ours, (consumer, _) = best(lambda: conformity.global_risks_many(np.full(cases, 10.0), np.full(cases, 1.0), u, ([8.5], [11.7]), ([8.6], [11.5])))

    def one(e: float) -> float:
        def outside(y: float) -> float:
            return stats.norm._pdf(y - 10.0) * (stats.norm._cdf((11.5 - y) / e) - stats.norm._cdf((8.6 - y) / e))

        return integrate.quad(outside, 2, 8.5)[0] + integrate.quad(outside, 11.7, 18)[0]

    few = range(0, cases, 20)
    theirs, slow = best(lambda: [one(float(u[n])) for n in few])
    assert np.allclose(consumer[::20], slow, atol=1e-8)
    return f"global risks of {cases:,} cases: {1e6 * ours / cases:.1f} µs each", ours, theirs * 20, "same to 1e-8; plain on every 20th"


def general_risk() -> tuple[str, float, float, str]:
    prior = gamma(4, 0.25)
    ours, made = best(lambda: [conformity.global_risks(prior, 0.25, (-math.inf, 2.0)) for _ in range(100)])

    def plain() -> float:
        return float(integrate.quad(lambda y: stats.gamma.pdf(y, 4, scale=0.25) * stats.norm.cdf((2 - y) / 0.25), 2, 20)[0])

    theirs, slow = best(lambda: [plain() for _ in range(100)])
    assert abs(made[0].consumer - slow[0]) < 1e-9
    return "global risks with a gamma prior, 100 cases, both risks (plain: one)", ours, theirs, "same to 1e-9"


def algorithm_a(seed: int, sets: int = 2000) -> tuple[str, float, float, str]:
    x = np.random.default_rng(seed).standard_t(3, (sets, 30))
    ours, (location, _, _) = best(lambda: robust.algorithm_a_many(x))

    def one(row: np.ndarray) -> float:
        middle = float(np.median(row))
        s = 1.483 * float(np.median(np.abs(row - middle)))
        while True:
            inside = np.clip(row, middle - 1.5 * s, middle + 1.5 * s)
            new, spread = float(inside.mean()), 1.134 * float(inside.std(ddof=1))
            if max(abs(new - middle), abs(spread - s)) <= 1e-13 * spread:
                return new
            middle, s = new, spread

    theirs, slow = best(lambda: [one(row) for row in x])
    assert np.allclose(location, slow, atol=1e-10)
    return f"Algorithm A, {sets:,} sets of 30: {1e6 * ours / sets:.1f} µs each", ours, theirs, "same to 1e-10"


def in_duckdb(rows: int = 10_000_000) -> tuple[str, float, float, str]:
    connection = duckdb.connect()
    for statement in conformity.duckdb_macros():
        connection.execute(statement)
    connection.execute(f"CREATE TABLE r AS SELECT 10 + random() * 2 - 1 AS y, 0.05 + random() AS u FROM range({rows})")
    ours, mean = best(lambda: connection.execute("SELECT avg(conformance_probability(y, u, 9.2, 10.9)) FROM r").fetchone())

    def plain() -> float:
        at = connection.execute("SELECT y, u FROM r").fetchnumpy()
        return float((stats.norm.cdf((10.9 - at["y"]) / at["u"]) - stats.norm.cdf((9.2 - at["y"]) / at["u"])).mean())

    theirs, other = best(plain)
    assert mean is not None and abs(mean[0] - other) < 1e-9
    return f"{rows:,} probabilities in DuckDB", ours, theirs, "same to 1e-9"


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}; seed {seed}; CPU seconds, best of three\n")
    print("| | Guiju | plain | ratio | |\n| --- | ---: | ---: | ---: | --- |")
    work = (
        lambda: studies(seed),
        lambda: propagation(seed),
        lambda: drawing(seed),
        lambda: risks(seed),
        general_risk,
        lambda: algorithm_a(seed),
        in_duckdb,
    )
    for each in work:
        what, ours, plain, note = each()
        print(f"| {what} | {ours:.4g} | {plain:.4g} | {plain / ours:.0f} | {note} |", flush=True)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
