"""Changes between two board runs in words, and as plain values."""

from __future__ import annotations

from typing import Any

from guiju.base.diagnostics import Language
from guiju.frontrunner.board.changed import Change, Changes
from guiju.frontrunner.board.words import BARRED, WHY, level_text, pick

KINDS = {"rose": ("上升", "rose"), "fell": ("下降", "fell"), "came": ("新上榜", "came"), "left": ("离开", "left")}
WHOLE_KINDS = {
    "rose": ("进入入围", "now shortlisted"), "fell": ("不再入围", "shortlisted no more"), "came": ("新参加比对", "newly compared"),
    "left": ("不再参加比对", "compared no more"),
}  # fmt: skip
CAUSES = {
    "undeclared": ("库里没有这项标准的产品", "the library has no product of the standard"),
    "barred": ("不能参加比较", "it cannot be compared"),
    "range": ("换了可比范围", "it is in another comparable range"),
    "edition": ("标准换了版本", "another edition of the standard"),
    "models": ("型号有增减", "models came or left"),
    "value": ("声明值变了", "a declared value changed"),
    "threshold": ("门槛变了", "the threshold changed"),
    "input": ("等级所依据的其他数据变了", "something else the level is made of changed"),
    "levels": ("达到的等级变了", "the levels it reaches changed"),
    "declared": ("声明的指标数变了", "how many indicators it declares changed"),
    "drafting": ("形式审查的结果变了", "the form check found otherwise"),
    "rule": ("权重或入围规则变了", "the weights or the rule of the shortlist changed"),
    "others": ("它自己没有变，别的标准变了", "it did not change, others did"),
}
MADE = {
    "scheme": ("方案", "scheme"), "standard": ("评价标准", "evaluation standard"), "library": ("企业标准库", "library"), "on": ("日期", "day"),
    "engine": ("程序", "engine"),
}  # fmt: skip


def kind_text(each: Change, language: Language) -> str:
    return pick((KINDS if each.indicator else WHOLE_KINDS)[each.kind], language)


def standing_text(each: Change, side: int, language: Language) -> str:
    """Where it stood (side 0) or stands (side 1)."""
    at = (each.before, each.after)[side]
    if each.editions[side] is None:
        return pick(BARRED[each.bars[side]], language) if each.bars[side] else "–"
    if isinstance(at, str):
        return pick(WHY[at] if at else ("入围", "shortlisted"), language)
    return level_text(at, language)


def causes_text(each: Change, language: Language) -> str:
    return pick(("；", "; "), language).join(pick(CAUSES[why], language) for why in each.why)


def change_json(each: Change) -> dict[str, Any]:
    return {"range": list(each.range), "enterprise": each.enterprise, "standard": each.standard, "indicator": each.indicator or None,
            "kind": each.kind, "before": each.before, "after": each.after, "editions": list(each.editions), "bars": list(each.bars),
            "why": list(each.why),
            "models": [{"model": model, "before": _number(was), "after": _number(is_)} for model, was, is_ in each.models]}  # fmt: skip


def changes_json(found: Changes) -> dict[str, Any]:
    """The twin; values are told to nine significant figures: they are for reading, levels are what was compared."""
    return {"total": found.total, "counts": {name: dict(each) for name, each in found.counts.items()},
            "indicators_added": list(found.added), "indicators_removed": list(found.removed),
            "made": {name: {"before": was, "after": is_} for name, (was, is_) in found.made.items()},
            "changes": [change_json(each) for each in found.changes]}  # fmt: skip


def number_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.9g}"
