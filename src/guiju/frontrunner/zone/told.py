"""Told: a text that was checked, as plain values and as pieces with the places of its claims marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guiju.base.rounding import decimal_text
from guiju.frontrunner.zone.checking import VERDICTS, Checked, Compared, Finding
from guiju.frontrunner.zone.held import Certificate, Value
from guiju.frontrunner.zone.reading import Claim
from guiju.standard.model import Title

MARKS = {"confirmed": "✓", "contradicted": "✗", "unsupported": "?", "unverifiable": "!", "not-understood": "–"}
"""Verdicts by sign, never by colour alone."""
KINDS = {
    "value": Title("数值", "value"), "level": Title("等级", "level"), "front-runner": Title("“领跑者”", "front-runner"),
    "certified": Title("认证", "certified"), "certificate": Title("证书编号", "certificate number"), "superlative": Title("最高级", "superlative"),
    "unread": Title("未读懂", "not understood"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `finding`: number of the claim it is the place of, from 1; 0 where it is none. `kind`: claim, name or lookalike"""

    text: str
    kind: str = ""
    finding: int = 0
    verdict: str = ""


def pieces(checked: Checked) -> Iterator[Piece]:
    """The text in pieces, every claim, name and lookalike one of its own; where two overlap, the first."""
    marked = [(f.claim.start, f.claim.end, Piece("", "claim", n, f.verdict)) for n, f in enumerate(checked.findings, 1)]
    marked += [(each.start, each.end, Piece("", "name")) for each in checked.named]
    marked += [(each.start, each.end, Piece("", "lookalike")) for each in checked.unlike]
    at = 0
    for start, end, piece in sorted(marked, key=lambda each: (each[0], each[1])):
        if start < at:
            continue
        if start > at:
            yield Piece(checked.text[at:start])
        yield Piece(checked.text[start:end], piece.kind, piece.finding, piece.verdict)
        at = end
    if at < len(checked.text):
        yield Piece(checked.text[at:])


def _both(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def checked_json(checked: Checked) -> dict[str, Any]:
    """The same as plain values; places count characters from 0."""
    return {
        "counts": {verdict: checked.count(verdict) for verdict in VERDICTS},
        "names": [{"start": n.start, "end": n.end, "name": n.name, "products": sorted(n.keys)[:50], "is_brand": n.is_brand} for n in checked.named],
        "lookalikes": [{"start": u.start, "end": u.end, "text": checked.text[u.start : u.end], "looks_like": u.name, "is_variant": u.is_variant}
                       for u in checked.unlike],
        "claims": [_finding(checked.text, each) for each in checked.findings],
        "characters_not_read": checked.cut,
    }  # fmt: skip


def _finding(text: str, found: Finding) -> dict[str, Any]:
    return {
        **_claim(text, found.claim), "verdict": found.verdict, "products": list(found.products), "why": _both(found.why),
        "compared": [_compared(each) for each in found.rests_on], "certificates": [certificate_brief(each) for each in found.certificates],
    }  # fmt: skip


def _claim(text: str, claim: Claim) -> dict[str, Any]:
    made: dict[str, Any] = {"start": claim.start, "end": claim.end, "text": text[claim.start : claim.end], "kind": claim.kind}
    if claim.topic is not None:
        made["about"] = _both(claim.topic.title)
    if claim.low is not None and claim.high is not None and claim.unit is not None and claim.step is not None:
        made |= {"means": claim.means, "low": decimal_text(claim.low), "high": decimal_text(claim.high), "unit": claim.unit.text,
                 "last_digit": decimal_text(claim.step), "cycle": claim.cycle}  # fmt: skip
    return made | ({"level": claim.level} if claim.level else {}) | ({"number": claim.number} if claim.number else {})


def _compared(each: Compared) -> dict[str, Any]:
    return {"product": each.product, "agrees": each.agrees, "comparison": _both(each.text), **value_json(each.value)}


def value_json(value: Value) -> Mapping[str, Any]:
    return {
        "property": value.property, "value": decimal_text(value.value), "unit": value.unit.text, "origin": value.origin, "cited": value.cited,
        "u": None if value.u is None else decimal_text(value.u), "laboratory": value.laboratory, "method": value.method,
        "measured": value.measured.isoformat() if value.measured else None,
    }  # fmt: skip


def certificate_brief(each: Certificate) -> dict[str, Any]:
    return {"id": each.id, "state": each.state, "since": each.since.isoformat() if each.since else None, "reason": each.reason,
            "href": f"/frontrunners/certificates/{each.id}", "illustrative": each.illustrative}  # fmt: skip
