"""What is told of points, and of how they match, as plain values: one form for the terminal, the API and the pages."""

from __future__ import annotations

from typing import Any

from guiju.verify.process.matching import Answer, Match, Need
from guiju.verify.process.point import Capability, shown
from guiju.verify.process.register import Listed


def point_json(listed: Listed) -> dict[str, Any]:
    """revision   None: it is shipped, and in no store"""
    point, entry = listed.point, listed.entry
    source = point.source
    return {
        "code": point.code, "zh": point.title.zh, "en": point.title.en, "holder": {"zh": point.holder.zh, "en": point.holder.en},
        "field": point.field, "holds": list(point.holds), "region": point.region, "organisation": point.organisation, "batch": point.batch,
        "methods": list(point.methods), "laboratories": {name: {"zh": t.zh, "en": t.en} for name, t in point.laboratories.items()},
        "capabilities": [capability_json(each) for each in point.capabilities],
        "source": {"title": source.title, "address": source.address, "grade": source.grade, "read": source.read and source.read.isoformat()},
        "illustrative": source.is_illustrative, "revision": entry.revision if entry else None,
    }  # fmt: skip


def capability_json(each: Capability) -> dict[str, Any]:
    unit = "" if each.unit is None else str(each.unit)
    spread = None if each.expanded is None else f"{shown(each.expanded)} {each.spread_unit or unit}".strip()
    return {"property": each.property, "method": each.method, "low": shown(each.low), "high": shown(each.high), "unit": unit or None,
            "expanded": spread, "k": shown(each.k), "laboratory": each.laboratory or None,
            "until": each.until and each.until.isoformat()}  # fmt: skip


def need_json(each: Need) -> dict[str, Any]:
    return {"id": each.id, "clause": each.clause, "property": each.property, "zh": each.title.zh, "en": each.title.en, "method": each.method,
            "low": shown(each.low), "high": shown(each.high), "unit": str(each.unit) if each.unit else None, "quantity": each.quantity}  # fmt: skip


def answer_json(each: Answer) -> dict[str, Any]:
    return {"point": each.point.code, "need": each.need.id, "fit": each.fit, "able": each.is_able,
            "capability": capability_json(each.capability) if each.capability else None}  # fmt: skip


def match_json(number: str, found: Match) -> dict[str, Any]:
    points = [{"point": listed.point.code, "answers": [answer_json(each) for each in answers]} for listed, answers in found.points]
    uncovered = [{"need": need_json(need), "nearest": [answer_json(each) for each in near]} for need, near in found.uncovered]
    return {"standard": number, "needs": [need_json(each) for each in found.needs], "points": points, "uncovered": uncovered}
