"""Reference: the figures of published cases computed with Guiju's own statistics, by key; what `guiju verify selftest` compares.

Each function takes the data of a kind of case in plain lists and dicts and gives a value for every key it knows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from guiju.base.rounding import parse_number, round_gb
from guiju.metrology import conformity, consensus, critical, proficiency, robust
from guiju.metrology.array import Array, array
from guiju.metrology.distribution import Distribution
from guiju.metrology.linear import half_width
from guiju.metrology.montecarlo import Interval, monte_carlo
from guiju.metrology.precision import cells, from_summary, precision
from guiju.metrology.propagation import gum
from guiju.verify.study import EDITIONS, Studies, analyse_cells, flagged
from guiju.verify.worksheet import Worksheet

Figures = dict[str, float | bool | str]
Results = Mapping[str, Mapping[str, Sequence[float]]]
"""Level → laboratory → results."""


def studies_of(results: Results) -> Studies:
    """One study out of plain dicts."""
    levels, labs = tuple(results), tuple(dict.fromkeys(lab for of in results.values() for lab in of))
    most = max(len(x) for of in results.values() for x in of.values())
    made = np.full((1, len(levels), len(labs), most), np.nan)
    for j, level in enumerate(levels):
        for i, lab in enumerate(labs):
            x = results[level].get(lab, ())
            made[0, j, i, : len(x)] = x
    return Studies(("",), (labs,), (levels,), made, {}, cells(made))


def precision_figures(results: Results, edition: str) -> Figures:
    """Per level p, m, s_x, s_r, s_L, s_R and the test statistics; critical values; what is significant."""
    studies = studies_of(results)
    of = analyse_cells(studies.made, EDITIONS[edition])
    found: Figures = {}
    p = of.precision
    for j, level in enumerate(studies.levels[0]):
        named = {"p": p.p, "m": p.general, "mean": p.general, "sx": p.s_x, "sr": p.s_r, "sL": p.s_L, "sR": p.s_R}
        named |= {"cochran_C": of.tests["cochran"].statistic, "grubbs_max": of.tests["grubbs_high"].statistic}
        named |= {"grubbs_min": of.tests["grubbs_low"].statistic}
        named |= {"grubbs2_max": of.tests["grubbs2_high"].statistic, "grubbs2_min": of.tests["grubbs2_low"].statistic}
        found |= {f"{level}.{name}": float(each[0, j]) for name, each in named.items()}
        found |= {f"{level}.h.{lab}": float(of.mandel.h[0, j, i]) for i, lab in enumerate(studies.labs[0])}
        found |= {f"{level}.k.{lab}": float(of.mandel.k[0, j, i]) for i, lab in enumerate(studies.labs[0])}
    for kind in of.relations.values() if of.relations else ():
        for spread, fit in kind.items():
            own = f"{fit.kind}.s{spread}"
            found |= {f"{own}.constant": float(fit.constant[0]), f"{own}.slope": float(fit.slope[0]), f"{own}.factor": 10 ** float(fit.constant[0])}
    with np.errstate(invalid="ignore"):
        for name, beyond in (("h", np.abs(of.mandel.h) > of.mandel.h_005[..., None]), ("k", of.mandel.k > of.mandel.k_005)):
            pairs = sorted((studies.labs[0][i], studies.levels[0][j]) for _, j, i in np.argwhere(beyond))
            found[f"{name}_exceed"] = " ".join(f"{lab}/{level}" for lab, level in pairs)
    flags = flagged(studies, of)
    found["flags"] = " ".join(f"{f.level}:{f.test}:{'outlier' if f.outlier else 'straggler'}:{','.join(f.labs)}" for f in flags)
    return found


def critical_figures(keys: Iterable[str]) -> Figures:
    """Critical values by name: h(p=8,alpha=0.05), k(p=8,n=3,alpha=0.05), cochran(…), grubbs(…), grubbs_double(p=8,one_sided=0.025), F1(g=8)."""
    found: Figures = {}
    for key in keys:
        name, _, rest = key.partition("(")
        at = {word: float(text) for word, text in re.findall(r"(\w+)=([\d.]+)", rest)}
        whole = {word: int(value) for word, value in at.items()}
        match name:
            case "h":
                found[key] = critical.mandel_h(whole["p"], at["alpha"])
            case "k":
                found[key] = critical.mandel_k(whole["p"], whole["n"], at["alpha"])
            case "cochran":
                found[key] = critical.cochran(whole["p"], whole["n"], at["alpha"])
            case "grubbs":
                found[key] = critical.grubbs(whole["p"], at["alpha"])
            case "grubbs_double":
                found[key] = critical.grubbs_double(whole["p"], 2 * at["one_sided"])
            case "F1" | "F2":
                found[key] = critical.check_factors(whole["g"])[name == "F2"]
    return found


def estimate_figures(values: Sequence[float]) -> Figures:
    """Consensus values of participants by each method, with u."""
    x, p = array(values), len(values)
    root = math.sqrt(p)
    a, q = robust.algorithm_a(x), robust.q_hampel([array([value]) for value in values])
    niqr, made = robust.median_niqr(x), robust.median_made(x)
    return {
        "median": niqr.location, "nIQR": niqr.scale, "MADe": made.scale, "u_median_nIQR": 1.25 * niqr.scale / root, "algA.x": a.location,
        "algA.s": a.scale, "algA.u": 1.25 * a.scale / root, "q_hampel.x": q.location, "q_hampel.s": q.scale, "q_hampel.u": 1.25 * q.scale / root,
        "mean.x": float(x.mean()), "mean.s": float(x.std(ddof=1)), "mean.u": float(x.std(ddof=1)) / root,
    }  # fmt: skip


def homogeneity_figures(portions: Sequence[Sequence[float]], after: Sequence[Sequence[float]], share: float) -> Figures:
    """Items by rows; sigma_pt is that share of the mean."""
    first: Array = np.array(portions, dtype=np.float64)
    h = proficiency.homogeneity(first, share * float(first.mean()))
    s = proficiency.stability(first.ravel(), np.array(after, dtype=np.float64).ravel(), h.sigma)
    return {
        "mean": h.mean, "s_x": h.s_x, "s_w": h.s_w, "s_s": h.s_s, "sigma_pt": h.sigma, "criterion": h.criterion, "stability_mean": s.after,
        "stability_difference": s.difference, "homogeneous": h.passes, "stable": s.passes,
    }  # fmt: skip


def assigned_figures(differences: Sequence[float], x_crm: float, u_crm: float, counts: Sequence[float], bandwidth: float) -> Figures:
    """E.5, E.6, E.9 and E.10 of ISO 13528."""
    value, u, u_d = proficiency.from_reference(differences, x_crm, u_crm)
    return {
        "e5.x_pt": value, "e5.u": u, "e5.u_d": u_d, "e6.kernel_mode": robust.kernel_mode(counts, bandwidth)[0][0],
        "e9.sigma(1.195 mg/kg)": 1e6 * proficiency.horwitz(1.195e-6), "e9.sigma(2.565 mg/kg)": 1e6 * proficiency.horwitz(2.565e-6),
        "e10.sigma_pt": proficiency.sigma_from_precision(14.3, 23.2, 2),
    }  # fmt: skip


def consensus_figures(results: Mapping[str, Sequence[float]]) -> Figures:
    """Random-effects consensus of laboratories, u_i = s_i / √n_i; Algorithm S; the analysis of variance."""
    means = array([float(np.mean(x)) for x in results.values()])
    spreads, n = array([float(np.std(x, ddof=1)) for x in results.values()]), array([float(len(x)) for x in results.values()])
    found: Figures = {}
    for name, method in (("mandel_paule", "mandel-paule"), ("dsl", "dersimonian-laird"), ("reml", "reml")):
        made = consensus.consensus(means, spreads / np.sqrt(n), method)  # type: ignore[arg-type]
        found |= {f"{name}.x": made.value, f"{name}.u": made.u, f"{name}.tau2": made.tau2}
    ml = consensus.vangel_rukhin(means, spreads, n)
    found |= {"vr_mle.x": ml.value, "vr_mle.sd": ml.u, "vr_mle.tau2": ml.tau2, "algS": robust.algorithm_s(spreads, int(n[0]) - 1).scale}
    of = precision(studies_of({"1": results}).made)
    return found | {"sr": float(of.s_r[0, 0]), "sL": float(of.s_L[0, 0]), "sR": float(of.s_R[0, 0])}


def worksheet_figures(sheet: Worksheet, prefix: str = "", trials: int = 0, interval: Interval = "symmetric") -> Figures:
    """y, u, dof, k, U, contributions and second order of every output, correlations of inputs and outputs; with trials also Monte Carlo."""
    model = sheet.model
    first = gum(model, probability=sheet.coverage, dof="truncate" if sheet.dof == "truncate" else "interpolate", k=sheet.k)
    second = gum(model, order=2, probability=sheet.coverage, k=sheet.k or 2.0)
    found: Figures = {}
    for name, each in model.inputs.items():
        found |= {f"{prefix}{name}": each.mean, f"{prefix}u({name})": each.u}
    found |= {f"{prefix}r({a},{b})": r for (a, b), r in model.correlation.items()}
    names = [budget.output for budget in first.budgets]
    for n, b in enumerate(first.budgets):
        own = f"{prefix}{b.output}." if b.output else prefix
        found |= {f"{own}y": b.y, f"{own}u": b.u, f"{own}nu_eff": b.dof, f"{own}k": b.k, f"{own}U": b.U, f"{own}u_second_order": second.budgets[n].u}
        found |= {f"{own}low": b.y - b.U, f"{own}high": b.y + b.U, f"{own}y_second_order": b.y + second.budgets[n].bias}
        found |= {f"{own}contribution.{name}": float(part) for name, part in zip(b.inputs, b.contribution, strict=True)}
        found |= {f"{prefix}r({other},{b.output})": float(first.correlation[i, n]) for i, other in enumerate(names[:n])}
    for b in first.budgets:
        own = f"{prefix}{b.output}." if b.output else prefix
        terms = [(float(c), x) for c, x in zip(b.sensitivity, model.inputs.values(), strict=True)]
        width = half_width(terms, b.probability) if second.budgets[0].u == b.u else None
        if width is not None:
            found |= {f"{own}exact.low": b.y - width, f"{own}exact.high": b.y + width}
    if trials:
        run = monte_carlo(model, probability=sheet.coverage, trials=trials, interval=interval)
        for n, drawn in enumerate(run.outputs):
            own = f"{prefix}{drawn.output}." if drawn.output else prefix
            for i, other in enumerate(run.outputs[:n]):
                found[f"{prefix}mc.cov({other.output},{drawn.output})"] = float(run.covariance[i, n])
                found[f"{prefix}mc.r({other.output},{drawn.output})"] = float(run.covariance[i, n]) / (drawn.u * other.u)
            found |= {f"{own}mc.y": drawn.y, f"{own}mc.u": drawn.u, f"{own}mc.low": drawn.low, f"{own}mc.high": drawn.high}
    return found


def risk_figures(prior: Distribution, u: float, limit: float, target: float) -> Figures:
    """Global risks of an upper limit, and the acceptance limit for a consumer's risk."""
    tolerance = (-math.inf, limit)
    simple = conformity.global_risks(prior, u, tolerance)
    w = conformity.guard_for_consumer(prior, u, tolerance, target) or math.nan
    guarded = conformity.global_risks(prior, u, tolerance, (-math.inf, limit - w))
    return {
        "out_of_tolerance": 1 - simple.conforming, "R_C": simple.consumer, "R_P": simple.producer, "acceptance_limit": limit - w,
        "R_P_guarded": guarded.producer,
    }  # fmt: skip


def conformance_figures(cases: Mapping[str, Mapping[str, float]], probabilities: Sequence[float]) -> Figures:
    """Per case the probability of conformance, and C_m where there are two limits; z at which one limit is met with each probability."""
    found: Figures = {}
    for name, case in cases.items():
        limits = case.get("low", -math.inf), case.get("high", math.inf)
        found[f"{name}.p"] = float(conformity.conformance_probability(case["y"], case["u"], limits))
        if math.isfinite(limits[1] - limits[0]):
            found[f"{name}.Cm"] = conformity.capability(limits, case["u"])
    return found | {f"z({p:g})": conformity.guard_for_specific(1.0, 1 - p) for p in probabilities}


def summary_figures(means: Sequence[float], spreads: Sequence[float], n: int) -> Figures:
    """Analysis of variance of days given as means and standard deviations: GUM H.5. The spreads are in the unit of the means."""
    x, s = array(means), array(spreads)
    found = precision(from_summary(np.full(len(x), float(n)), x, s))
    return {
        "mean": float(found.general), "s_of_means": float(found.s_x), "s_within": float(found.s_r), "F": float(n * found.s_x**2 / found.s_r**2),
        "s_between": float(found.s_L),
    }  # fmt: skip


def table_figures(results: Mapping[str, Sequence[float]]) -> Figures:
    """Sums of squares and mean squares of a one-way table."""
    rows = [array(x) for x in results.values()]
    every: Array = np.concatenate(rows)
    between = float(sum(len(x) * (x.mean() - every.mean()) ** 2 for x in rows))
    within = float(sum(((x - x.mean()) ** 2).sum() for x in rows))
    return {
        "SS_between": between, "SS_within": within, "MS_between": between / (len(rows) - 1), "MS_within": within / (len(every) - len(rows)),
    }  # fmt: skip


def rounding_figures(rows: Sequence[Sequence[str]]) -> Figures:
    """(value, interval) pairs rounded by GB/T 8170, exactly."""
    found: Figures = {}
    for value, interval in rows:
        number, step = parse_number(value), parse_number(interval)
        if number is not None and step is not None:
            found[f"{value} / {interval}"] = float(round_gb(number, step))
    return found
