"""Worksheet: a measurement and what is known of it, in a file: model, inputs, correlations; or a measured value with its limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from guiju.base.diagnostics import Problems, Refused, Span
from guiju.base.rounding import parse_number
from guiju.metrology import distribution
from guiju.metrology.decision import RULES
from guiju.metrology.distribution import Distribution
from guiju.metrology.model import Model
from guiju.standard.document import Document, Fields, Item, Scalar, load
from guiju.standard.shape import Either, Key, ListOf, MapOf, Shape, did_you_mean, read
from guiju.verify.formula import CONSTANTS, FUNCTIONS, Formula, parse_formula

INPUT = Shape("input", {
    "value": Key("text"), "u": Key("text"), "expanded": Key("text"), "k": Key("text"), "dof": Key("text"), "between": Key(ListOf("text")),
    "observations": Key(ListOf("text")), "shape": Key("text"), "beta": Key("text"), "limits_within": Key("text"), "sample": Key(ListOf("text")),
    "unit": Key("label"), "source": Key("label"),
}, "输入", whole=True)  # fmt: skip
UNCERTAINTY = Shape("worksheet", {
    "title": Key("label"), "unit": Key("label"), "model": Key("tree", True), "where": Key(MapOf("text")), "inputs": Key(MapOf(Either(INPUT)), True),
    "together": Key(ListOf("text")),
    "correlations": Key(ListOf(Shape("correlation", {"of": Key(ListOf("text"), True), "r": Key("text", True)}, "相关", whole=True))),
    "coverage": Key("text"), "dof": Key("text"), "k": Key("text"), "digits": Key("text"),
}, "不确定度工作单")  # fmt: skip
PRIOR = Shape("prior", {**INPUT.keys, "gamma": Key(ListOf("text")), "lognormal": Key(ListOf("text"))}, "先验", whole=True)
CONFORMITY = Shape("worksheet", {
    "title": Key("label"), "unit": Key("label"), "measured": Key(INPUT, True),
    "limits": Key(Shape("limits", {"low": Key("text"), "high": Key("text")}, "限值", whole=True), True),
    "rules": Key(ListOf("text")), "guard": Key("text"), "rounding": Key("text"), "prior": Key(PRIOR), "consumer_risk": Key("text"),
}, "合格判定工作单")  # fmt: skip
SHAPES = {
    "rectangular": "between",
    "triangular": "between",
    "trapezoidal": "between",
    "arcsine": "between",
    "normal": "value",
    "t": "value",
    "t of sd": "value",
}


@dataclass(frozen=True, slots=True)
class Worksheet:
    """digits: significant digits of u that Monte Carlo settles."""

    title: str
    unit: str
    model: Model
    formulas: Mapping[str, str]
    coverage: float
    dof: str
    k: float | None
    digits: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be judged: exact value and limits, and a prior where global risks are asked for."""

    title: str
    unit: str
    value: Fraction
    u: float
    expanded: Fraction
    dof: float
    low: Fraction | None
    high: Fraction | None
    rules: tuple[str, ...]
    guard: Fraction | None
    rounding: Fraction | None
    prior: Distribution | None
    consumer_risk: float | None


class _Reader:
    """Numbers and inputs out of what was written; every problem is reported with its place."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def exact(self, raw: Mapping[str, Any], key: str, least: float = -math.inf) -> Fraction | None:
        scalar = raw.get(key)
        return None if scalar is None else self.number(scalar, least)

    def number(self, scalar: Scalar, least: float = -math.inf) -> Fraction | None:
        found = parse_number(scalar.text)
        if found is None or found < least:
            code = "uncertain-number" if found is None else "uncertain-too-small"
            self.problems.add(code, scalar.span, text=scalar.text, least=f"{least:g}")
            return None
        return found

    def real(self, raw: Mapping[str, Any], key: str, least: float = -math.inf) -> float | None:
        if key in raw and key == "dof" and raw[key].text.strip() in ("inf", "∞"):
            return math.inf
        found = self.exact(raw, key, least)
        return None if found is None else float(found)

    def reals(self, raw: Mapping[str, Any], key: str) -> list[float]:
        numbers = [self.number(each) for each in raw.get(key) or ()]
        return [float(each) for each in numbers if each is not None]

    def standard(self, raw: Mapping[str, Any]) -> float | None:
        """The standard uncertainty: u, or an expanded one over its k (2 unless said)."""
        u = self.real(raw, "u", 0.0)
        if u is not None or "expanded" not in raw:
            return u
        expanded, k = self.real(raw, "expanded", 0.0), self.real(raw, "k", 1e-9) if "k" in raw else 2.0
        return None if expanded is None or k is None else expanded / k

    def distribution(self, name: str, raw: Mapping[str, Any] | Scalar, span: Span) -> Distribution | None:
        """The distribution an input is written as; a bare number is a constant."""
        if isinstance(raw, Scalar):
            value = self.number(raw)
            return None if value is None else distribution.normal(float(value), 0.0)
        before = len(self.problems)
        dof = self.real(raw, "dof", 1.0) if "dof" in raw else math.inf
        shape = raw["shape"].text if "shape" in raw else None
        if shape is not None and shape not in SHAPES:
            self.problems.add("unknown-word", raw["shape"].span, word=shape, known=", ".join(SHAPES))
        if "observations" in raw or "sample" in raw:
            return self.seen(name, raw, span)
        if "between" in raw:
            return self.between(name, raw, shape or "rectangular", dof, span, before)
        found, u = self.real(raw, "value"), self.standard(raw)
        if len(self.problems) != before:
            return None
        if found is None or u is None or (shape is not None and SHAPES.get(shape) == "between"):
            self.problems.add("uncertain-input", span, name=name)
            return None
        if shape in ("t", "t of sd") and dof is not None and u > 0:
            if math.isinf(dof) or (shape == "t of sd" and dof <= 2):
                self.problems.add("uncertain-input", span, name=name)
                return None
            return (distribution.student if shape == "t" else distribution.student_of_sd)(found, u, dof)
        return distribution.normal(found, u, math.inf if dof is None else dof)

    def seen(self, name: str, raw: Mapping[str, Any], span: Span) -> Distribution | None:
        key = "observations" if "observations" in raw else "sample"
        values = self.reals(raw, key)
        if len(values) < 2 or len(set(values)) < 2:
            self.problems.add("uncertain-observations", span, name=name)
            return None
        return distribution.observations(values) if key == "observations" else distribution.sample(values)

    def between(self, name: str, raw: Mapping[str, Any], shape: str, dof: float | None, span: Span, before: int) -> Distribution | None:
        ends = self.reals(raw, "between")
        beta, within = self.real(raw, "beta", 0.0), self.real(raw, "limits_within", 0.0)
        if len(self.problems) != before:
            return None
        if len(ends) != 2 or ends[0] >= ends[1] or (shape == "trapezoidal" and (beta is None or beta > 1)) or SHAPES.get(shape) == "value":
            self.problems.add("uncertain-input", span, name=name)
            return None
        low, high = ends
        if within is not None:
            if 2 * within > high - low:
                self.problems.add("uncertain-input", span, name=name)
                return None
            return distribution.curvilinear_trapezoid(low, high, within)
        made = {
            "rectangular": lambda: distribution.rectangular(low, high, math.inf if dof is None else dof),
            "triangular": lambda: distribution.trapezoidal(low, high, 0.0),
            "trapezoidal": lambda: distribution.trapezoidal(low, high, beta or 0.0),
            "arcsine": lambda: distribution.arcsine(low, high),
        }
        return made[shape]() if shape in made else None  # a word not known has been reported


def _root(path: Path, problems: Problems) -> Item:
    document: Document = load(path, problems)
    if document.root is None:
        if not problems.has_errors:
            problems.add("document-empty", Span(document.file, 1, 1, 1, 2))
        raise Refused(problems.found)
    return document.root


def _shaped(root: Item, shape: Shape, problems: Problems) -> dict[str, Any]:
    raw: dict[str, Any] | None = read(root, shape, problems)
    if raw is None:
        raise Refused(problems.found)
    return raw


def read_worksheet(path: Path) -> Worksheet:
    """A measurement model in a file.

    raises   Refused with every problem, each at its place
    """
    problems = Problems()
    return worksheet(_root(path, problems), problems)


def worksheet(root: Item, problems: Problems) -> Worksheet:
    """A measurement model as it stands in a document.

    raises   Refused with every problem, each at its place
    """
    raw = _shaped(root, UNCERTAINTY, problems)
    reader = _Reader(problems)
    written_inputs = raw.get("inputs") or {}
    declared = set(written_inputs)
    inputs: dict[str, Distribution] = {}
    for name, (key, values) in written_inputs.items():
        if not name.isidentifier() or name in CONSTANTS or name in FUNCTIONS:
            problems.add("uncertain-name", key.span, name=name)
        made = reader.distribution(name, values, key.span)
        if made is not None:
            inputs[name] = made
    parts: dict[str, Formula] = {}
    for name, (key, written) in (raw.get("where") or {}).items():
        if name in declared or not name.isidentifier():
            problems.add("uncertain-name", key.span, name=name)
        parts[name] = parse_formula(written, declared | parts.keys(), problems) or _nothing
    outputs = _outputs(raw.get("model"))
    formulas = {name: parse_formula(scalar, declared | parts.keys(), problems) or _nothing for name, scalar in outputs.items()}
    if not formulas:
        problems.add("uncertain-no-model", root.span)
    correlation = _correlations(raw, declared, reader) | _together(raw, written_inputs, reader)
    coverage = reader.real(raw, "coverage") if "coverage" in raw else 0.95
    if coverage is not None and not 0.5 <= coverage < 1:
        problems.add("uncertain-coverage", raw["coverage"].span, text=raw["coverage"].text)
    dof = raw["dof"].text if "dof" in raw else "interpolate"
    if dof not in ("interpolate", "truncate"):
        problems.add("unknown-word", raw["dof"].span, word=dof, known="interpolate, truncate")
    k, digits = reader.real(raw, "k", 1e-9), reader.real(raw, "digits", 1.0)
    problems.refuse_errors()
    title, unit = (raw[key].text if key in raw else "" for key in ("title", "unit"))
    model = Model(_function(formulas, parts), inputs, correlation)
    return Worksheet(title, unit, model, {n: s.text for n, s in outputs.items()}, coverage or 0.95, dof, k, int(min(digits or 2, 4)))


def _nothing(at: Mapping[str, Any]) -> float:
    """Stands for a formula that is malformed, and has been reported."""
    return 0.0


def _outputs(model: Any) -> dict[str, Scalar]:
    if isinstance(model, Scalar):
        return {"": model}
    entries = model.entries if isinstance(model, Fields) else ()
    return {key.text: value for key, value in entries if isinstance(value, Scalar)}


def _correlations(raw: Mapping[str, Any], inputs: set[str], reader: _Reader) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for each in raw.get("correlations") or ():
        names = [scalar.text for scalar in each["of"]]
        for scalar in each["of"]:
            if scalar.text not in inputs:
                reader.problems.add("uncertain-unknown-name", scalar.span, name=scalar.text, **did_you_mean(scalar.text, sorted(inputs)))
        r = reader.real(each, "r")
        if len(names) != 2 or names[0] == names[-1] or (r is not None and abs(r) > 1):
            reader.problems.add("uncertain-pair", each["of"][0].span if each["of"] else None)
        elif r is not None:
            found[names[0], names[1]] = r
    return found


def _together(raw: Mapping[str, Any], inputs: Mapping[str, tuple[Scalar, Any]], reader: _Reader) -> dict[tuple[str, str], float]:
    """Inputs observed at the same time: the correlations of their means are those of the observations."""
    named = raw.get("together") or ()
    seen: dict[str, list[float]] = {}
    for scalar in named:
        values = inputs.get(scalar.text, (None, None))[1]
        numbers = values.get("observations") if isinstance(values, Mapping) else None
        if not numbers or (seen and len(numbers) != len(next(iter(seen.values())))):
            reader.problems.add("uncertain-together", scalar.span, name=scalar.text)
        else:
            seen[scalar.text] = [float(parse_number(each.text) or 0) for each in numbers]
    names = list(seen)
    if reader.problems.has_errors or len(names) < 2:
        return {}
    r = np.corrcoef([seen[name] for name in names])
    return {(b, a): float(r[i, j]) for i, a in enumerate(names) for j, b in enumerate(names[:i])} if len(names) == len(named) else {}


def _function(formulas: Mapping[str, Formula], parts: Mapping[str, Formula]) -> Any:
    def function(**values: Any) -> Any:
        at = dict(values)
        for name, part in parts.items():
            at[name] = part(at)
        found = {name: formula(at) for name, formula in formulas.items()}
        return found[""] if list(found) == [""] else found

    return function


def read_judgement(path: Path) -> Judgement:
    """A measured value with its limits in a file.

    raises   Refused with every problem, each at its place
    """
    problems = Problems()
    raw = _shaped(_root(path, problems), CONFORMITY, problems)
    reader = _Reader(problems)
    measured, limits = raw.get("measured") or {}, raw.get("limits") or {}
    value, u = reader.exact(measured, "value"), reader.standard(measured)
    span = measured.get("")
    if measured and (value is None or u is None) and not problems.has_errors:
        problems.add("uncertain-input", span if isinstance(span, Span) else None, name="measured")
    low, high = reader.exact(limits, "low"), reader.exact(limits, "high")
    if (low is None and high is None) or (low is not None and high is not None and low >= high):
        problems.add("conformity-limits", None, file=path)
    rules = tuple(scalar.text for scalar in raw.get("rules") or ()) or RULES
    for scalar in raw.get("rules") or ():
        if scalar.text not in RULES:
            problems.add("unknown-word", scalar.span, word=scalar.text, known=", ".join(RULES))
    prior = _prior(raw["prior"], reader) if "prior" in raw else None
    guard, rounding, risk = reader.exact(raw, "guard", 0.0), reader.exact(raw, "rounding", 0.0), reader.real(raw, "consumer_risk", 0.0)
    if rounding == 0:
        problems.add("conformity-rounding", raw["rounding"].span)
    dof = reader.real(measured, "dof", 1.0) if "dof" in measured else math.inf
    problems.refuse_errors()
    assert value is not None and u is not None
    expanded = reader.exact(measured, "expanded")
    title, unit = (raw[key].text if key in raw else "" for key in ("title", "unit"))
    return Judgement(title, unit, value, u, expanded if expanded is not None else 2 * Fraction(str(u)), dof or math.inf, low, high, rules, guard,
                     rounding, prior, risk)  # fmt: skip


def _prior(raw: Mapping[str, Any], reader: _Reader) -> Distribution | None:
    for key, made in (("gamma", distribution.gamma), ("lognormal", distribution.lognormal)):
        if key in raw:
            numbers = reader.reals(raw, key)
            if len(numbers) == 2 and numbers[1] > 0 and (key == "lognormal" or numbers[0] > 0):
                return made(*numbers)
            reader.problems.add("uncertain-input", raw[key][0].span if raw[key] else None, name="prior")
            return None
    span = raw.get("")
    return reader.distribution("prior", raw, span if isinstance(span, Span) else Span("", 1, 1, 1, 2))
