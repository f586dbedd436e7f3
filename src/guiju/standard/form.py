"""Form: which keys a standard and its examples have, and of what shape; what single texts mean is for `parse` to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from guiju.standard.aggregates import AGGREGATE
from guiju.standard.dictionary import LABELS
from guiju.standard.factor_reference import SHAPE as FACTOR
from guiju.standard.shape import Either, Key, ListOf, MapOf, Shape

LEVELS = ("international", "national", "industry", "local", "group", "enterprise", "policy")
STATUSES = ("draft", "published", "in-force", "superseded", "withdrawn")
RELATIONS = ("replaces", "cites", "amends", "implements")
GRADES = ("A", "B", "C", "D", "illustrative")
"""From the strongest evidence to the weakest."""


def weakest_grade(grades: Iterable[str]) -> str:
    """The weakest evidence among these; empty of none."""
    return max((grade for grade in grades if grade in GRADES), key=GRADES.index, default="")



_SOURCES = Key(ListOf("text"))
_TITLED = {"zh": Key("label"), "en": Key("label")}
_NAMED = {"zh": Key("label", True), "en": Key("label", True)}
_DISPUTED = {"disputed": Key(LABELS)}


def _corrected(*keys: str) -> dict[str, Key]:
    """The other reading of a text believed wrong: what it changes, why, and the source that says so."""
    return {"corrected": Key(Shape("corrected", {**{key: Key("text") for key in keys}, **_NAMED, "source": Key(ListOf("text"), True)}, "勘正"))}


ROW_KEYS = ("upto", "below", "above", "from", "key", "at", "value")
SHAPE = Shape("the document", {
    "guiju": Key("text", True),
    "standard": Key(Shape("standard", {
        "number": Key("label", True), "edition": Key("label", True), "title": Key(LABELS, True), "level": Key("text", True),
        "region": Key("label", True), "status": Key("text", True),
        "dates": Key(Shape("dates", {"published": Key("text"), "effective": Key("text"), "withdrawn": Key("text")}, "日期")),
        "transitions": Key(ListOf(Shape("transition", {"until": Key("text", True), **_NAMED, "source": _SOURCES}, "过渡期"))),
        "relations": Key(ListOf(Shape("relation", {"kind": Key("text", True), "target": Key("text", True), "edition": Key("text")}, "关系"))),
    }, "标准", partial=True), True),
    "sources": Key(MapOf(Shape("source", {
        "title": Key("label", True), "address": Key("text"), "grade": Key("text", True), "read": Key("text"), "why": Key(LABELS)}, "出处")), True),
    "subject": Key(Shape("subject", {"type": Key("label", True), **_NAMED}, "对象", partial=True), True),
    "uses": Key(MapOf("text")),
    "inputs": Key(MapOf(Shape("input", {
        "is": Key("text", True), "unit": Key("text"), "decimals": Key("text"), "min": Key("text"), "max": Key("text"),
        "values": Key(ListOf("text")), "order": Key("text"), "per": Key("text"), "of": Key("text"), "zone": Key("text")}, "输入", whole=True)), True),
    "scenarios": Key(Shape("scenarios", {"is": Key("text", True), "of": Key(ListOf("text"))}, "场景", whole=True)),
    "children": Key(MapOf(Shape("children", {**_NAMED, "count": Key("text", True)}, "子记录", whole=True))),
    "parameters": Key(MapOf(Shape("parameter", {
        **_TITLED, "unit": Key("text", True), "value": Key("text"), "source": _SOURCES, **_DISPUTED, **_corrected("value"),
        "factor": Key(FACTOR), "unverified": Key(LABELS),
        "values": Key(ListOf(Shape("dated value", {
            "from": Key("text", True), "value": Key("text", True), "source": _SOURCES, **_corrected("value")}, "分期值"))),
    }, "参数", whole=True))),
    "tables": Key(MapOf(Shape("table", {
        **_TITLED, "of": Key("text", True), "kind": Key("text", True), "unit": Key("text", True), "numeric": Key(MapOf("text")),
        "rows": Key(ListOf(Shape("row", {
            "upto": Key("text"), "below": Key("text"), "above": Key("text"), "from": Key("text"), "key": Key("text"), "at": Key("text"),
            "value": Key("text", True), "source": _SOURCES, **_TITLED, **_DISPUTED, **_corrected(*ROW_KEYS)}, "行")), True),
        "jumps": Key(ListOf("text")), "outside": Key("text"), "source": _SOURCES, **_DISPUTED}, "表", whole=True))),
    "formulas": Key(MapOf(Shape("formula", {
        **_TITLED, "unit": Key("text"), "formula": Key("text", True), "source": _SOURCES, **_DISPUTED}, "公式", whole=True))),
    "scope": Key(Shape("scope", {**_TITLED, "shall": Key("text", True), "source": _SOURCES, **_DISPUTED}, "适用范围", whole=True)),
    "clauses": Key(MapOf(Shape("clause", {
        **_NAMED, "shall": Key("text"), "should": Key("text"), "when": Key("text"), "compare": Key("text"), "method": Key("text"),
        "in": Key(ListOf("text")),
        "except": Key(ListOf(Shape("exception", {
            "when": Key("text", True), "shall": Key("text"), "exempt": Key("text"), **_TITLED, "source": _SOURCES}, "例外"))),
        "source": _SOURCES, **_DISPUTED, **_corrected("shall", "should", "when", "compare")}, "条款", whole=True))),
    "indicators": Key(MapOf(Shape("indicator", {
        **_NAMED, "name": Key("text", True), "kind": Key("text", True), "value": Key("text", True), "better": Key("text", True),
        "levels": Key(MapOf("text"), True), "when": Key("text"), "source": _SOURCES, **_DISPUTED}, "指标", whole=True))),
    "scores": Key(MapOf(Shape("score", {
        **_NAMED, "weights": Key(MapOf("text"), True), "points": Key(MapOf("text"), True), "not_applicable": Key("text", True),
        "source": _SOURCES}, "得分", whole=True))),
    "grades": Key(MapOf(Shape("grading", {
        **_NAMED, "of": Key(ListOf(Shape("grade", {"grade": Key("text", True), "when": Key("text")}, "等级")), True), "source": _SOURCES},
        "等级", whole=True))),
    "aggregates": Key(MapOf(AGGREGATE)),
    "populations": Key(MapOf(Shape("population", {
        **_NAMED, "of": Key("text", True), "better": Key("text", True), "within": Key(ListOf("text")), "where": Key("text"),
        "min_count": Key("text"), "ties": Key("text"), "best": Key(MapOf("text"), True), "source": _SOURCES}, "总体", whole=True))),
    "left_out": Key(ListOf(LABELS)),
}, "文件", partial=True)  # fmt: skip
SINGLE = ("scope", "scenarios")
AMENDABLE = (*SINGLE, *(name for name, key in SHAPE.keys.items() if isinstance(key.kind, MapOf)))
"""The sections whose entries a profile or an amendment may add, replace and remove."""
_ADDED = {name: Key(SHAPE.keys[name].kind) for name in AMENDABLE}
AMENDMENTS = {
    "add": Key(Shape("add", _ADDED, "增加")), "replace": Key(Shape("replace", _ADDED, "替换")), "remove": Key(MapOf(ListOf("text"))),
}  # fmt: skip
SHAPE = replace(SHAPE, keys={
    **SHAPE.keys, "based_on": Key("text"), "part": Key("text"), **AMENDMENTS,
    "layers": Key(ListOf(Shape("amendment", {
        "from": Key("text", True), "number": Key("label", True), "title": Key(LABELS, True), "source": Key(ListOf("text"), True),
        **AMENDMENTS}, "修改单"))),
    "series": Key(Shape("series", {"parts": Key(MapOf(LABELS), True), "each": Key(ListOf("text"), True)}, "系列")),
})  # fmt: skip
EXAMPLES = Shape("the examples", {"examples": Key(ListOf(Shape("example", {
    "name": Key(Either(LABELS), True), "on": Key("text"), "text": Key("text"), "given": Key(MapOf("tree"), True),
    "expect": Key(MapOf(ListOf("text")), True),
}, "算例", whole=True)), True)}, "算例")  # fmt: skip
