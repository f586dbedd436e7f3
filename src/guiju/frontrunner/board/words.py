"""The words boards are told in, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.base.diagnostics import Language

LEVELS = {1: ("先进水平 ★★★★★", "advanced ★★★★★"), 2: ("平均水平 ★★★★", "average ★★★★"), 3: ("基准水平 ★★★", "baseline ★★★")}
KINDS = {"core": ("核心指标", "core indicator"), "innovative": ("创新性指标", "innovative indicator")}
REFERENCES = {"domestic": ("国内领先水平", "domestic-leading level"), "international": ("国际先进水平", "international-advanced level")}
ENTITIES = {"product": ("产品", "products"), "service": ("服务", "services"), "solution": ("综合解决方案", "solutions")}
WITHHELD = {
    "equal": ("参评标准该指标的数值全部相同，不发布此榜", "not published: all compared standards have the same value"),
    "one": ("这一范围只有一项标准入榜，无从比较，不发布此榜", "not published: only one declared standard stands in this range"),
    "none": ("没有标准达到最低一档，不发布此榜", "not published: nobody reaches the lowest band"),
}  # fmt: skip
BARRED = {
    "standard": ("库里没有它所执行的标准", "the standard it implements is not in the library"),
    "not-theirs": ("它所执行的标准由另一家企业声明", "the standard it implements was declared by another enterprise"),
    "enterprise": ("库里没有声明标准的企业", "the enterprise that declared the standard is not in the library"),
    "not-current": ("标准不是现行的，或当日尚未公开", "the standard is not current, or was not published by the day"),
    "form": ("标准没有通过形式审查", "the standard did not pass the form check"),
    "no-model": ("没有公布型号", "no model is published"),
    "not-on-sale": ("当日尚未上市", "not on sale by the day"),
    "scope": ("不在评价标准的范围内", "outside the scope of the evaluation standard"),
    "scope-unknown": ("缺少数据，不知是否在范围内", "data are missing to tell whether it is in the scope"),
    "range-unknown": ("缺少数据，不知属于哪个可比范围", "data are missing to tell which range it is in"),
    "basic-failed": ("不满足基本要求", "does not meet the basic requirements"),
    "basic-unknown": ("缺少数据，不能证明满足基本要求", "data are missing to show the basic requirements"),
}  # fmt: skip
APART = {
    "below": ("低于最低一档", "below the lowest band"), "missing": ("没有声明这一指标的数值", "no value is declared"),
    "not-applicable": ("这一指标不适用", "the indicator does not apply"),
}  # fmt: skip
WHY = {
    "least": ("得分低于入围线", "the score is below the least"), "level": ("有核心指标低于规定等级", "a core indicator is below the level asked"),
    "share": ("超出入围比例", "beyond the share that is shortlisted"),
    "tie": ("与入围线上的其他标准同分，名额容不下，按规则都不入围",
            "equal in score to others at the cut, where there is no room for all: none is in"),
}  # fmt: skip
REACHED = (
    "参考水平一行的标准数，是上榜型号全部达到它的标准。",
    "Declared standards counted for a reference level are those of which every model on the board reaches it.",
)
NO_ORDER = (
    "每一档内不分先后；按企业代码列出，次序没有含义。",
    "There is no order within a band; entries are listed by enterprise code, which means nothing.",
)
VOLUNTARY = (
    "上榜是自愿的比较：不在榜上不等于不合格。强制性要求的结果另列在“基本要求”里。",
    "Boards compare what is declared freely: absence from a board is not non-conformity. Results of mandatory requirements stand apart.",
)  # fmt: skip
ILLUSTRATIVE = (
    "示意：等级、参考水平或企业标准中有自拟的数值，不是任何机构发布的榜单。",
    "Illustrative: levels, reference levels or declared standards here hold made-up figures; this is nobody's published list.",
)  # fmt: skip
UNFORMED = (
    "没有做形式审查：没有标准因此被排除，编写质量一律按满分计。",
    "No form check was made: no standard is barred by it, and all count as drafted well.",
)


def pick(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "zh" else pair[1]


def title(pair: Mapping[str, str], language: Language) -> str:
    return pair[language]


def range_text(body: Mapping[str, Any], range_: list[str] | tuple[str, ...], language: Language) -> str:
    """A comparable range as it is called."""
    if not range_:
        return pick(("全部", "all"), language)
    named = [body["words"].get(word, {}).get(language, word) for word in range_]
    return "；".join(named) if language == "zh" else "; ".join(named)


def level_text(level: int | None, language: Language) -> str:
    """What is reached of an indicator: a level, or why none."""
    if level in LEVELS:
        return pick(LEVELS[level], language)
    return pick({0: ("不适用", "does not apply"), None: ("未声明", "not declared")}.get(level, ("未达最低一档", "below the lowest")), language)


def limit_text(text: str) -> str:
    return text.replace("[", "").replace("]", "")
