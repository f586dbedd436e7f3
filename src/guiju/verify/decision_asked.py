"""Decision asked: a measured value, its limits and a prior as fields of a page: what each decision rule says, and with what risk."""

from __future__ import annotations

import hashlib
import json
import math
from fractions import Fraction

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.metrology.conformity import Risks
from guiju.metrology.decision import RULES
from guiju.standard.model import Title
from guiju.verify.conformance import Judged, as_json, judge, notes, tables
from guiju.verify.decision_figures import charts
from guiju.verify.given import Given
from guiju.verify.outcome import Outcome, Part
from guiju.verify.sheet import LARGEST
from guiju.verify.told import Table
from guiju.verify.tray import Brought, laid_out, refuse_large
from guiju.verify.worksheet import read_judgement

VALUE, U, WIDE, DOF = (
    Title("测得值", "measured value"),
    Title("标准不确定度 u", "standard uncertainty u"),
    Title("扩展不确定度 U", "expanded U"),
    Title("自由度", "dof"),
)
LOW, HIGH, GUARD = Title("下限", "lower limit"), Title("上限", "upper limit"), Title("保护带 w", "guard band w")
ROUNDING, RISK = Title("修约间隔", "rounding interval"), Title("要求的使用方风险", "wanted consumer’s risk")
PRIORS = {
    "": (Title("无（只算特定风险）", "none (specific risk alone)"), Title("", ""), Title("", "")),
    "normal": (Title("正态", "normal"), Title("先验的平均值", "mean of the prior"), Title("先验的标准差", "its standard deviation")),
    "rectangular": (Title("矩形", "rectangular"), Title("先验的下端", "lower end of the prior"), Title("先验的上端", "its upper end")),
    "lognormal": (
        Title("对数正态", "lognormal"),
        Title("先验对数的平均值", "mean of its logarithm"),
        Title("先验对数的标准差", "sd of its logarithm"),
    ),
    "gamma": (Title("伽马", "gamma"), Title("先验的形状", "shape of the prior"), Title("先验的尺度", "its scale")),
}
PRIOR_KINDS = tuple(PRIORS)


def written(given: Given) -> str:
    """The fields as the worksheet `guiju verify conformity` takes; a text that was given as a whole stays as it is.

    raises   Refused: numbers that are none, what is needed and is not there
    """
    if given.one("sheet"):
        refuse_large(given.one("sheet").encode())
        return given.one("sheet") + "\n"
    lines = [f"{name}: {json.dumps(given.one(name), ensure_ascii=False)}" for name in ("title", "unit") if given.one(name)]
    measured = [(name, given.number(name, title, least=least)) for name, title, least in (("value", VALUE, -LARGEST), ("u", U, 0.0),
                                                                                         ("expanded", WIDE, 0.0), ("dof", DOF, 1.0))]  # fmt: skip
    for name, title in (("value", VALUE), ("u", U)):
        if not given.one(name) and not (name == "u" and given.one("expanded")):
            given.wrong("verify-field-needed", name, title)
    lines.append(f"measured: {{{', '.join(f'{name}: {decimal_text(found)}' for name, found in measured if found is not None)}}}")
    limits = [(name, given.number(name, title)) for name, title in (("low", LOW), ("high", HIGH))]
    if not given.one("low") and not given.one("high"):
        given.wrong("verify-field-needed", "high", Title("下限或上限", "a lower or upper limit"))
    lines.append(f"limits: {{{', '.join(f'{name}: {decimal_text(found)}' for name, found in limits if found is not None)}}}")
    for name, title in (("guard", GUARD), ("rounding", ROUNDING), ("consumer_risk", RISK)):
        found = given.number(name, title, least=0.0, most=0.5 if name == "consumer_risk" else LARGEST)
        if found is not None:
            lines.append(f"{name}: {decimal_text(found)}")
    chosen = [rule for rule in given.many("rules") if rule]
    if chosen:
        lines.append(f"rules: {json.dumps(chosen, ensure_ascii=False)}")
    lines += _prior(given)
    given.problems.refuse_errors()
    return "\n".join(lines) + "\n"


def _prior(given: Given) -> list[str]:
    kind = given.one("prior")
    if kind not in PRIORS:
        given.problems.add("unknown-word", None, word=kind, known=", ".join(each for each in PRIORS if each), field="prior")
        return []
    if not kind:
        return []
    _, first, second = PRIORS[kind]
    a, b = given.number("p1", first), given.number("p2", second, least=-LARGEST if kind == "rectangular" else 1e-300)
    for name, title, found in (("p1", first, a), ("p2", second, b)):
        if found is None and not given.one(name):
            given.wrong("verify-field-needed", name, title)
    one, two = decimal_text(a or Fraction(0)), decimal_text(b or Fraction(0))
    held = {"normal": f"value: {one}, u: {two}", "rectangular": f"between: [{one}, {two}]"}
    return [f"prior: {{{held.get(kind, f'{kind}: [{one}, {two}]')}}}"]


def decision_outcome(given: Given, illustrative: bool = False) -> Outcome:
    """What every rule says of it, with specific and global risks.

    raises   Refused, with every problem
    """
    text = written(given)
    with laid_out(Brought("worksheet.yaml", text.encode("utf-8"), ("table", ""))) as path:
        found = judge(read_judgement(path))
    return outcome_of(found, text, given.language, illustrative)


def outcome_of(found: Judged, text: str, language: Language, illustrative: bool = False) -> Outcome:
    zh = language == "zh"
    told = list(tables(found, language))
    drawn = charts(found, language)
    parts = [Part("判定规则的比较" if zh else "The rules compared", (*told, *notes(found, language))),
             Part("接受区间与合格概率" if zh else "Acceptance and the probability of conformance", tuple(drawn[:2]))]  # fmt: skip
    if found.asked.prior is not None:
        parts.append(Part("全局风险" if zh else "Global risks", (_conditional(found, zh), *drawn[2:])))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Outcome(found.asked.title or ("合格判定" if zh else "Conformance"), tuple(parts), as_json(found), told[0], (),
                   (("worksheet.yaml", digest),), illustrative, {"sheet": text})  # fmt: skip


def _conditional(found: Judged, zh: bool) -> Table:
    """The conditional risks under names of their own, beside the joint ones."""
    from guiju.readings.uncertain.words import RULES as WORDS
    from guiju.verify.told import word

    header = (
        ("判定规则", "使用方风险（联合）", "生产方风险（联合）", "接受者中不合格（条件）", "拒绝者中合格（条件）", "接受的比例", "合格的比例")
        if zh
        else ("decision rule", "consumer’s risk (joint)", "producer’s risk (joint)", "nonconforming of accepted (conditional)",
              "conforming of rejected (conditional)", "accepted", "conforming")
    )  # fmt: skip
    rows = [(word(WORDS[d.rule], zh), *map(_percent, _figures(r))) for d, r in found.decisions if r is not None]
    return Table("联合风险与条件风险" if zh else "joint and conditional risks", header, rows, range(1, 7))


def _figures(r: Risks) -> tuple[float, ...]:
    return r.consumer, r.producer, r.consumer_conditional, r.producer_conditional, r.accepted, r.conforming


def _percent(x: float) -> str:
    return f"{100 * x:.3g} %" if math.isfinite(x) else "–"


assert set(RULES) == {"simple", "guard", "ilac-g8", "iso14253-1"}, "each rule has its words in conformance and its mark in decision_figures"
