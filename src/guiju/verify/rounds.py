"""Round: a round of proficiency testing: the assigned value, sigma_pt, scores; refused where a score could not say what it is taken to say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.metrology import consensus, proficiency, robust
from guiju.metrology.array import Array
from guiju.metrology.proficiency import ACTION, CONSENSUS_FACTOR, Score
from guiju.verify.sheet import EXPANDED, ITEM, LAB, REPLICATE, UNCERTAINTY, VALUE, first_seen, read_sheet, refuse

Method = Literal[
    "algorithm-a", "q-hampel", "median", "made", "mean", "mandel-paule", "dersimonian-laird", "reml", "ml", "given"
]  # fmt: skip
METHODS: tuple[Method, ...] = ("algorithm-a", "q-hampel", "median", "made", "mean", "mandel-paule", "dersimonian-laird", "reml", "ml", "given")
SCORES: tuple[Score, ...] = ("z", "z'", "zeta", "En", "D%")
LEAST = 3
NEGLIGIBLE = 0.3
"""u(x_pt) may be left out of account up to this share of sigma_pt (ISO 13528, 9.2.1)."""


@dataclass(frozen=True, slots=True)
class Round:
    """labs in order; groups: the results of each; means of them; u, expanded: as the laboratories state them, NaN where they do not."""

    labs: tuple[str, ...]
    groups: tuple[Array, ...]
    u: Array
    expanded: Array
    digest: str = ""
    file: str = ""

    @property
    def means(self) -> Array:
        return np.array([float(group.mean()) for group in self.groups])


@dataclass(frozen=True, slots=True)
class Assigned:
    """x_pt with its standard uncertainty; scale: the robust standard deviation of the participants, NaN where the method gives none."""

    method: Method
    value: float
    u: float
    scale: float
    p: int


@dataclass(frozen=True, slots=True)
class Scored:
    score: Score
    sigma: float
    sigma_from: str
    values: Array
    verdicts: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = field(default=())


def read_round(path: Path, columns: Mapping[str, str | None] | None = None) -> Round:
    """Results of participants: a row per result, with u or U where they state it.

    raises   Refused with every problem
    """
    sheet = read_sheet(path, (LAB, REPLICATE, VALUE, UNCERTAINTY, EXPANDED), columns or {})
    held: dict[str, list[float]] = {}
    stated: dict[str, tuple[float, float]] = {}
    for lab, _, value, u, expanded in sheet.rows:
        if lab is not None and value is not None:
            held.setdefault(str(lab), []).append(float(value))
            stated[str(lab)] = (math.nan if u is None else float(u), math.nan if expanded is None else float(expanded))
    if not held:
        raise refuse("verify-nothing", file=path.name)
    labs = first_seen(list(held))
    own, wide = (np.array([stated[lab][n] for lab in labs]) for n in (0, 1))
    return Round(labs, tuple(np.array(held[lab]) for lab in labs), own, wide, sheet.digest, sheet.path.name)


def assign(found: Round, method: Method, value: float | None = None, u: float | None = None) -> Assigned:
    """The assigned value.

    value, u  of the method `given`: a certified, a reference or an expert's value
    raises    Refused: fewer than 3 participants for a consensus; MADe = 0, on which Algorithm A and MADe rest; no stated uncertainties where needed
    """
    x, p = found.means, len(found.labs)
    if method == "given":
        if value is None:
            raise refuse("round-no-value")
        return Assigned(method, value, u or 0.0, math.nan, p)
    if p < LEAST:
        raise refuse("round-few", found=p, least=LEAST)
    if method in ("mandel-paule", "dersimonian-laird", "reml", "ml"):
        if not bool(np.all(found.u > 0)):
            raise refuse("round-no-u", labs=", ".join(lab for lab, own in zip(found.labs, found.u, strict=True) if not own > 0))
        made = consensus.consensus(x, found.u, method)
        return Assigned(method, made.value, made.u, math.sqrt(made.tau2 + float(np.mean(found.u**2))), p)
    if method in ("algorithm-a", "made") and robust.median_made(x).scale == 0:
        raise refuse("round-made-zero")
    estimates = {
        "algorithm-a": lambda: robust.algorithm_a(x),
        "q-hampel": lambda: robust.q_hampel(list(found.groups)),
        "median": lambda: robust.median_niqr(x),
        "made": lambda: robust.median_made(x),
        "mean": lambda: robust.Estimate(float(x.mean()), float(x.std(ddof=1))),
    }
    made_of = estimates[method]()
    factor = 1.0 if method == "mean" else CONSENSUS_FACTOR
    return Assigned(method, made_of.location, factor * made_of.scale / math.sqrt(p), made_of.scale, p)


def score(found: Round, assigned: Assigned, kind: Score, sigma: float | None = None) -> Scored:
    """The score of every participant.

    sigma    None: the robust standard deviation of the participants, and that is said
    raises   Refused: no sigma_pt; a score that could not reach the action limit whatever was reported; u not stated; x_pt = 0 for D%
    """
    problems = Problems()
    x, u_pt = found.means, assigned.u
    source = "given" if sigma is not None else "participants"
    used = sigma if sigma is not None else assigned.scale
    if kind in ("z", "z'"):
        if not used > 0:
            raise refuse("round-no-sigma")
        own = source == "participants" and assigned.method == "mean"
        if own and proficiency.attainable(assigned.p) <= ACTION:
            raise refuse("round-unattainable", p=assigned.p, most=f"{proficiency.attainable(assigned.p):.2f}", limit=f"{ACTION:g}")
        if kind == "z" and u_pt > NEGLIGIBLE * used:
            problems.add("round-use-z-prime", None, u=f"{u_pt:.4g}", limit=f"{NEGLIGIBLE * used:.4g}")
    if kind == "D%" and assigned.value == 0:
        raise refuse("round-zero-value")
    stated = found.expanded if kind == "En" else found.u
    if kind in ("zeta", "En"):
        without = [lab for lab, own_u in zip(found.labs, stated, strict=True) if not own_u > 0]
        if without:
            raise refuse("round-no-u", labs=", ".join(without))
    pt = 2 * u_pt if kind == "En" else u_pt
    values = proficiency.scores(kind, x, assigned.value, sigma=used, u_pt=pt, u_lab=stated)
    verdicts = tuple(proficiency.verdicts(kind, values))
    return Scored(kind, used if kind in ("z", "z'") else math.nan, source, values, verdicts, problems.found)


def read_portions(path: Path) -> Array:
    """Items by rows, portions by columns, for homogeneity and stability.

    raises   Refused: items with different numbers of portions, fewer than 2 items or portions
    """
    sheet = read_sheet(path, (ITEM, REPLICATE, VALUE), {})
    held: dict[str, list[float]] = {}
    for item, _, value in sheet.rows:
        if item is not None and value is not None:
            held.setdefault(str(item), []).append(float(value))
    sizes = {len(each) for each in held.values()}
    if len(sizes) != 1 or len(held) < 2 or min(sizes) < 2:
        raise refuse("round-portions", file=path, items=len(held), portions=_sizes(list(held.values())))
    return np.array(list(held.values()))


def _sizes(groups: Sequence[Sequence[float]]) -> str:
    return ", ".join(str(size) for size in sorted({len(group) for group in groups}))
