"""Criteria: rules as data that make conclusions of evidence.

A rule names a kind of evidence, when it passes, when it would pass after a change, and what it is otherwise. Evidence that a rule needs and that is
not there leaves the aspect not verified: a conclusion is never better than what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.rounding import parse_number
from guiju.standard.document import Scalar, load
from guiju.standard.model import Title
from guiju.standard.shape import Key, ListOf, Shape, did_you_mean, read
from guiju.standard.shelf import data_folder
from guiju.verify.dossier.evidence import ASPECTS, WHOLE, Aspect, Conclusion, Evidence, Finding, Outcome, Subject
from guiju.verify.dossier.measured import Terms
from guiju.verify.dossier.planned import Wanted

KINDS = (
    "method", "labs", "outliers", "zone_of_limit", "pass_rate", "elasticity", "covered", "undecided", "zone_of_spread", "consumer",
    "producer", "step_over_R", "flip", "score_spread", "absent", "weights", "satisfiable", "together", "meet", "implied", "defined",
    "reach", "monotone", "in_scope", "scope_open", "undetermined", "lapsed", "unlisted", "examples", "unverified", "disputed",
    "gum_valid", "capability", "sensitivity",
)  # fmt: skip
"""The kinds of evidence there are."""
WORST: tuple[Outcome, ...] = ("fail", "not verified", "change", "pass")
"""Of several outcomes the first of these that occurs is that of all together."""
_TITLE = Shape("title", {"zh": Key("text", True), "en": Key("text", True)}, "文字")
_BOUND = Shape("bound", {"least": Key("text"), "most": Key("text"), "is": Key("text")}, "界")
_TERMS = Shape("terms", {name: Key("text", True) for name in ("rule", "guard", "step", "beyond", "accuracy", "levels")}, "约定")
_RULE = Shape(
    "rule",
    {
        "id": Key("text", True),
        "aspect": Key("text", True),
        "evidence": Key("text", True),
        "needed": Key("text"),
        "pass": Key(_BOUND, True),
        "change": Key(_BOUND),
        "otherwise": Key("text"),
        "title": Key(_TITLE, True),
        "advice": Key(_TITLE, True),
        "source": Key(_TITLE, True),
        "grade": Key("text"),
    },
    "规则",
    whole=True,
)
FILE = Shape(
    "file",
    {"criteria": Key(Shape("criteria", {"title": Key(_TITLE, True), "terms": Key(_TERMS, True), "rules": Key(ListOf(_RULE), True)}, "判据"), True)},
    "判据文件",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value must be: within bounds, or a word."""

    least: float | None
    most: float | None
    word: str | None

    def holds(self, value: float | str) -> bool:
        if isinstance(value, str):
            return value == self.word
        return self.word is None and (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def text(self) -> str:
        if self.word is not None:
            return f"= {self.word}"
        parts = [f"≥ {self.least:g}" if self.least is not None else "", f"≤ {self.most:g}" if self.most is not None else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    aspect: Aspect
    evidence: str
    needed: bool
    passes: Bounds
    change: Bounds | None
    otherwise: Outcome
    title: Title
    advice: Title
    source: Title
    grade: str

    def outcome(self, value: float | str | None) -> Outcome | None:
        """None where there is no value and the rule can do without."""
        if value is None:
            return "not verified" if self.needed else None
        if self.passes.holds(value):
            return "pass"
        return "change" if self.change is not None and self.change.holds(value) else self.otherwise


@dataclass(frozen=True, slots=True)
class Criteria:
    title: Title
    terms: Terms
    wanted: Wanted
    rules: tuple[Rule, ...]

    @property
    def illustrative(self) -> bool:
        return any(rule.grade == "illustrative" for rule in self.rules)


def shipped_criteria() -> Path:
    return data_folder() / "verification" / "criteria.yaml"


def read_criteria(path: Path) -> Criteria:
    """The rules of a file.

    raises   Refused with every problem: keys, aspects, kinds of evidence, bounds and numbers that are none
    """
    problems = Problems()
    raw = (read(load(path, problems).root, FILE, problems) or {}).get("criteria")
    problems.refuse_errors()
    assert raw is not None, "the key is required"
    numbers = {name: _number(raw["terms"][name], problems) for name in ("guard", "step", "beyond", "accuracy", "levels")}
    rules = [rule for each in raw["rules"] if (rule := _rule(each, problems)) is not None]
    seen: set[str] = set()
    for rule, each in zip(rules, raw["rules"], strict=False):
        if rule.id in seen:
            problems.add("criteria-twice", each["id"].span, id=rule.id)
        seen.add(rule.id)
    problems.refuse_errors()
    terms = Terms(float(numbers["guard"]), raw["terms"]["rule"].text, numbers["step"], float(numbers["beyond"]))
    return Criteria(_title(raw["title"]), terms, Wanted(float(numbers["accuracy"]), int(numbers["levels"])), tuple(rules))


def _title(raw: Mapping[str, Scalar]) -> Title:
    return Title(raw["zh"].text, raw["en"].text)


def _number(written: Scalar, problems: Problems, positive: bool = True) -> Fraction:
    number = parse_number(written.text)
    if number is None or (positive and number <= 0):
        problems.add("dossier-number", written.span, text=written.text)
        return Fraction(1)
    return number


def _rule(raw: Mapping[str, Any], problems: Problems) -> Rule | None:
    words: tuple[tuple[str, Iterable[str]], ...] = (("aspect", ASPECTS), ("evidence", KINDS))
    right = True
    for key, among in words:
        if raw[key].text not in among:
            problems.add("criteria-word", raw[key].span, key=key, word=raw[key].text, known=", ".join(among), **did_you_mean(raw[key].text, among))
            right = False
    otherwise = raw["otherwise"].text if "otherwise" in raw else "fail"
    if otherwise not in WORST:
        problems.add("criteria-word", raw["otherwise"].span, key="otherwise", word=otherwise, known=", ".join(WORST))
        right = False
    needed = raw["needed"].text if "needed" in raw else "yes"
    bounds = [_bounds(raw.get(key), raw["id"], problems) for key in ("pass", "change")]
    if not right or bounds[0] is None:
        return None
    aspect: Any = raw["aspect"].text
    worst: Any = otherwise
    return Rule(
        raw["id"].text,
        aspect,
        raw["evidence"].text,
        needed not in ("no", "false"),
        bounds[0],
        bounds[1],
        worst,
        _title(raw["title"]),
        _title(raw["advice"]),
        _title(raw["source"]),
        raw["grade"].text if "grade" in raw else "",
    )


def _bounds(raw: Mapping[str, Scalar] | None, id_: Scalar, problems: Problems) -> Bounds | None:
    if raw is None:
        return None
    given = {"least", "most", "is"} & set(raw)
    if not given or ("is" in given and len(given) > 1):
        problems.add("criteria-bound", id_.span, id=id_.text)
        return None
    ends = [float(_number(raw[key], problems, False)) if key in raw else None for key in ("least", "most")]
    return Bounds(ends[0], ends[1], raw["is"].text if "is" in raw else None)


# conclusions


def conclude(criteria: Criteria, subjects: Sequence[Subject], evidence: Sequence[Evidence]) -> tuple[Conclusion, ...]:
    """One conclusion for each subject in each aspect that any rule with evidence is about; the whole is as its worst part that must be met."""
    by: dict[str, list[Evidence]] = {}
    for each in evidence:
        by.setdefault(each.subject, []).append(each)
    made: dict[tuple[str, Aspect], Conclusion] = {}
    for subject in subjects:
        for aspect in ASPECTS:
            findings = _findings(criteria, aspect, by.get(subject.name, ()))
            if findings:
                made[subject.name, aspect] = _conclusion(criteria, subject.name, aspect, findings, {e.id: e for e in by.get(subject.name, ())})
    counted = [s.name for s in subjects if s.name != WHOLE and s.shall]
    for aspect in ASPECTS:
        own = made.get((WHOLE, aspect))
        below = [c for name in counted if (c := made.get((name, aspect))) is not None]
        made[WHOLE, aspect] = _whole(aspect, own, below)
    order = [s.name for s in subjects]
    return tuple(made[name, aspect] for name in order for aspect in ASPECTS if (name, aspect) in made)


def _findings(criteria: Criteria, aspect: Aspect, evidence: Iterable[Evidence]) -> tuple[Finding, ...]:
    found = []
    for each in evidence:
        for rule in criteria.rules:
            if rule.aspect == aspect and rule.evidence == each.what:
                found.append(Finding(rule.id, each.id, rule.outcome(each.value)))
    return tuple(found)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Of several outcomes together; of none: not verified."""
    found = set(outcomes)
    return next((outcome for outcome in WORST if outcome in found), "not verified")


def _conclusion(criteria: Criteria, subject: str, aspect: Aspect, findings: Sequence[Finding], evidence: Mapping[str, Evidence]) -> Conclusion:
    """The worst of the findings, and why: what holds, what to change, or what is lacking."""
    outcome = worst(f.outcome for f in findings if f.outcome is not None)
    rules = {rule.id: rule for rule in criteria.rules}
    said: list[Title] = []
    for finding in findings:
        if finding.outcome == outcome:
            lacking = evidence[finding.evidence].lacking
            rule = rules[finding.rule]
            said.append(rule.title if outcome == "pass" else lacking if outcome == "not verified" and lacking is not None else rule.advice)
    told = list(dict.fromkeys(said))
    why = Title("；".join(each.zh for each in told), "; ".join(each.en for each in told)) if told else Title("没有证据", "there is no evidence")
    return Conclusion(subject, aspect, outcome, tuple(findings), why)


def _whole(aspect: Aspect, own: Conclusion | None, below: Sequence[Conclusion]) -> Conclusion:
    outcome = worst([*([own.outcome] if own else []), *(c.outcome for c in below)])
    from_parts = [c.subject for c in below if c.outcome == outcome]
    zh = "、".join(from_parts[:6]) + (" 等" if len(from_parts) > 6 else "")
    en = ", ".join(from_parts[:6]) + (" and others" if len(from_parts) > 6 else "")
    why = (
        own.why
        if own is not None and own.outcome == outcome
        else Title(f"由 {zh} 决定" if zh else "没有证据", f"by {en}" if en else "there is no evidence")
    )
    return Conclusion(WHOLE, aspect, outcome, own.findings if own else (), why)
