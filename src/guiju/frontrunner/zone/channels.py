"""Channels: what leaves the zone for shops and sales systems: the badge of a certificate, its state as data, the code that leads to it, and feeds
of everything that was issued, suspended, reinstated, withdrawn or has run out.

A badge of what is not valid shows no level and no stars: nobody can take it for a valid one, in black and white or cropped.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import Any

import segno

from guiju.base.diagnostics import Language
from guiju.base.drawing import text_width
from guiju.frontrunner.process.certifying import CERTIFYING
from guiju.frontrunner.process.states import ISSUED
from guiju.frontrunner.zone.held import STATES, Certificate, State
from guiju.standard.model import Title
from guiju.store.database import Store

FRESH_SECONDS = 300
"""How long a badge or a state may be kept by others: so long a withdrawal can stay unseen."""
OVERLAP = timedelta(minutes=2)
"""A feed asked on from a cursor gives what came so long before it once more: a change is told twice rather than not at all."""
LEVELS = {1: Title("先进水平 ★★★★★", "advanced ★★★★★"), 2: Title("平均水平 ★★★★", "average ★★★★"), 3: Title("基准水平 ★★★", "baseline ★★★")}
_NOT = {
    "suspended": Title("已暂停，现不得使用", "SUSPENDED, do not use"),
    "withdrawn": Title("已撤销，证书无效", "WITHDRAWN, not valid"),
    "expired": Title("已过期，证书无效", "EXPIRED, not valid"),
    "early": Title("尚未生效", "NOT VALID YET"),
}
_PAINT = {"valid": "#0b6b5d", "suspended": "#8a5300", "withdrawn": "#b3261e", "expired": "#4b5561", "early": "#4b5561"}
_WIDE, _HIGH = 320, 64


def badge_svg(certificate: Certificate, language: Language, model: str = "") -> str:
    """The badge of a certificate as it stands, or of one of its models: 320 × 64, in colours that also differ in grey."""
    zh = language == "zh"
    title = "企业标准“领跑者”" if zh else "Front-runner standard"
    if certificate.is_valid:
        level = LEVELS.get((certificate.of(model).level if model else certificate.level) or 0)
        said, sign = (level.text(language) if level else STATES["valid"].text(language)), "✓"
        under = f"{model or certificate.evaluated_by} · " + (f"有效至 {certificate.valid_until}" if zh else f"valid until {certificate.valid_until}")
    else:
        said, sign = _NOT[certificate.state].text(language), "✗"
        begins = certificate.state == "early"
        under = f"自 {certificate.since}{'起有效' if begins else ''}" if zh else f"{'valid from' if begins else 'since'} {certificate.since}"
    if certificate.illustrative:
        under += " · 示意" if zh else " · illustrative"
    told = f"{title}：{said}；{under}" if zh else f"{title}: {said}; {under}"
    return _drawn(certificate.state, title, said, sign, under, told)


def _drawn(state: State, title: str, said: str, sign: str, under: str, told: str) -> str:
    paint, valid = _PAINT[state], state == "valid"
    ground, ink = ("#ffffff", "#1c2430") if valid else ("#f3f3f3", paint)
    bars = "" if valid else _bars(paint)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}" role="img" '
        f'aria-label="{escape(told)}">'
        f'<title>{escape(told)}</title><rect x="1" y="1" width="{_WIDE - 2}" height="{_HIGH - 2}" rx="6" fill="{ground}" stroke="{paint}" '
        f'stroke-width="2"{"" if valid else " stroke-dasharray=" + chr(34) + "6 4" + chr(34)}/>{bars}'
        f'<rect x="1" y="1" width="54" height="{_HIGH - 2}" rx="6" fill="{paint}"/>'
        f'<text x="28" y="43" font-size="30" text-anchor="middle" fill="#ffffff" font-family="{_FONT}">{sign}</text>'
        f"{_text(66, 19, title, 12, ink)}{_text(66, 40, said, 16, ink, bold=True)}{_text(66, 57, under, 11, ink)}</svg>"
    )


_FONT = "system-ui,&quot;Noto Sans CJK SC&quot;,&quot;PingFang SC&quot;,&quot;Microsoft YaHei&quot;,sans-serif"


def _text(x: int, y: int, said: str, size: int, ink: str, *, bold: bool = False) -> str:
    """A line, pressed together where the badge has no room for it."""
    room, wide = _WIDE - x - 8, text_width(said) * size / 12 * (1.2 if bold else 1.05)
    fitted = f' textLength="{room}" lengthAdjust="spacingAndGlyphs"' if wide > room else ""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight}{fitted} fill="{ink}" font-family="{_FONT}">{escape(said)}</text>'


def _bars(paint: str) -> str:
    """Strokes across the whole badge, behind its words."""
    lines = "".join(f"M{x} {_HIGH - 2}l{_HIGH - 4} -{_HIGH - 4}" for x in range(56, _WIDE - _HIGH, 24))
    return f'<path d="{lines}" stroke="{paint}" stroke-width="2" stroke-opacity=".18" fill="none"/>'


def status_json(certificate: Certificate, address: str) -> dict[str, Any]:
    """What a sales system asks: one word, since when and why, and where it is shown."""
    return {
        "id": certificate.id, "state": certificate.state, "valid": certificate.is_valid, "reason": certificate.reason,
        "since": _day(certificate.since), "valid_from": _day(certificate.valid_from), "valid_until": _day(certificate.valid_until),
        "level": certificate.level if certificate.is_valid else None, "enterprise": certificate.enterprise, "standard": certificate.standard,
        "edition": certificate.edition, "models": list(certificate.models),
        "by_model": by_model_json(certificate), "illustrative": certificate.illustrative, "page": address,
        "fresh_seconds": FRESH_SECONDS,
    }  # fmt: skip


def by_model_json(certificate: Certificate) -> list[dict[str, Any]]:
    """What a valid certificate says of each model: its own level, by indicator too. Of one in the earlier form, what all of them reach."""
    found = ((model, certificate.of(model)) for model in certificate.models) if certificate.is_valid else ()
    return [{"model": model, "level": said.level, "levels": dict(said.levels)} for model, said in found]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def snippet(address: str, language: Language, title: str) -> str:
    """What a shop puts on its page. The picture is asked for anew each time, so that it shows what the certificate is then."""
    alt = f"企业标准“领跑者”：{title}" if language == "zh" else f"Front-runner standard: {title}"
    return f'<a href="{escape(address)}"><img src="{escape(address)}/badge?lang={language}" width="{_WIDE}" height="{_HIGH}" alt="{escape(alt)}"></a>'


def qr_svg(address: str) -> str:
    """The code that leads to the public page of a certificate."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, scale=4, border=4, dark="#000", light="#fff", title=address)
    return out.getvalue().decode("utf-8")


# feeds


@dataclass(frozen=True, slots=True)
class Change:
    """id   of the change, the same whenever it is told"""

    id: str
    at: datetime
    certificate: str
    state: str
    reason: str
    enterprise: Title
    standard: str
    models: tuple[str, ...]
    illustrative: bool


def changes(store: Store, since: datetime | None = None, limit: int = 1000) -> list[Change]:
    """What became of certificates, the oldest first: issued (valid), suspended, reinstated (valid), withdrawn, expired.

    since   from this moment on, and a little before; None: all
    """
    found: list[Change] = []
    with store.reading() as connection:
        now = store.clock(connection)
        for _, each in CERTIFYING.listed_in(connection, ISSUED):
            assert each.subject is not None and each.decision is not None and each.decision.valid_until is not None, "issued"
            subject, over = each.subject, datetime.combine(each.decision.valid_until + timedelta(days=1), time(0), UTC)
            course = list(each.changes)
            if each.state != "withdrawn" and over <= now:
                course.append(("expired", over, ""))
            standard = f"{subject.standard}-{subject.edition}" if subject.edition else subject.standard
            found += [Change(f"{each.id}.{n}", at, each.id, state, why, subject.title, standard, subject.models, subject.illustrative)
                      for n, (state, at, why) in enumerate(course, 1)]  # fmt: skip
    kept = sorted((each for each in found if since is None or each.at >= since - OVERLAP), key=lambda each: (each.at, each.id))
    return kept[:limit]


def change_json(each: Change, address: str) -> dict[str, Any]:
    return {
        "id": each.id, "at": _moment(each.at), "certificate": each.certificate, "state": each.state, "reason": each.reason,
        "enterprise": {"zh": each.enterprise.zh, "en": each.enterprise.en}, "standard": each.standard, "models": list(each.models),
        "illustrative": each.illustrative, "page": address,
    }  # fmt: skip


def ndjson(found: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def cursor_of(found: Sequence[Change], since: datetime | None) -> str:
    """Where to ask on: the moment of the last change."""
    last = found[-1].at if found else since
    return _moment(last) if last else ""


def atom(found: Sequence[Change], base: str, language: Language) -> str:
    """The newest changes first, as an Atom feed (RFC 4287)."""
    zh = language == "zh"
    title = "企业标准“领跑者”证书：发放与变动" if zh else "Front-runner certificates: issued and changed"
    newest = sorted(found, key=lambda each: (each.at, each.id), reverse=True)
    updated = _moment(newest[0].at) if newest else "1970-01-01T00:00:00Z"
    entries = "".join(_entry(each, base, language) for each in newest)
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{"zh-CN" if zh else "en"}">'
            f"<id>{escape(base)}/frontrunners/changes</id><title>{title}</title><updated>{updated}</updated>"
            f'<author><name>{"规矩" if zh else "Guiju"}</name></author><link rel="self" href="{escape(base)}/frontrunners/changes.atom"/>'
            f'<link rel="alternate" href="{escape(base)}/frontrunners"/>{entries}</feed>\n')  # fmt: skip


def _entry(each: Change, base: str, language: Language) -> str:
    page = f"{base}/frontrunners/certificates/{each.certificate}"
    state = STATES[each.state].text(language)  # type: ignore[index]
    mark = ("（示意）" if language == "zh" else " (illustrative)") if each.illustrative else ""
    title = f"{state}：{each.enterprise.text(language)} {each.standard}{mark}" if language == "zh" else \
        f"{state}: {each.enterprise.text(language)} {each.standard}{mark}"
    told = "; ".join(part for part in (each.reason, ", ".join(each.models[:10])) if part)
    return (f"<entry><id>{escape(page)}#{escape(each.id)}</id><title>{escape(title)}</title><updated>{_moment(each.at)}</updated>"
            f'<link href="{escape(page)}"/><category term="{each.state}"/><summary>{escape(told)}</summary></entry>')  # fmt: skip
