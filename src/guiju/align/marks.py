"""Marks: the sign and the words by which people know a relation or a change, in tables and in reports."""

from __future__ import annotations

from guiju.align.change import Change
from guiju.align.matrix import Relation

MARKS: dict[Relation, tuple[str, str, str]] = {
    Relation.MEASURE: ("·", "以此为准", "the measure"), Relation.EQUAL: ("=", "相同", "equal"), Relation.STRICTER: ("↑", "更严", "stricter"),
    Relation.LOOSER: ("↓", "更宽", "looser"), Relation.CROSSING: ("⇅", "互有宽严", "each stricter somewhere"),
    Relation.CONFLICTING: ("✗", "冲突", "conflicting"), Relation.MISSTATED: ("!", "疑误", "evidently misstated"),
    Relation.INCOMPARABLE: ("≁", "不可比", "not comparable"), Relation.MISSING: ("–", "缺", "missing"), Relation.UNKNOWN: ("?", "未知", "unknown"),
}  # fmt: skip
LEFT = {"nothing": ("无解", "nothing is left"), "point": ("只剩一点", "a single value is left")}
STRENGTHS = {"shall": ("应", "must"), "should": ("宜", "should")}
CHANGES: dict[Change, tuple[str, str, str]] = {
    Change.SAME: ("=", "未变", "same"), Change.TIGHTENED: ("↑", "收紧", "tightened"), Change.LOOSENED: ("↓", "放宽", "loosened"),
    Change.REWRITTEN: ("⇅", "有紧有松", "tighter for some, looser for others"),
    Change.REVERSED: ("✗", "新旧不能兼顾", "old and new exclude each other"),
    Change.NEW: ("+", "新增", "new"), Change.GONE: ("–", "取消", "gone"), Change.INCOMPARABLE: ("≁", "不可比", "not comparable"),
    Change.UNKNOWN: ("?", "未知", "unknown"),
}  # fmt: skip
