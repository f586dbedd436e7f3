"""The figure of a profile: for each indicator, how large a share of its peers' models an enterprise's models are better than."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, svg_text, text_width, wrapped
from guiju.frontrunner.zone.standing import LAGS, LEADS, Position

WIDE, NARROW, _ROW, _HEAD = 720, 350, 34, 26


def profile_svg(positions: Sequence[Position], language: Language, width: int = WIDE) -> Markup:
    """A row for each position that has peers: a bar from the least share to the largest, a disc at the middle; a sign says leads or lags."""
    shown = [each for each in positions if each.middle is not None]
    narrow = width < WIDE
    left = 8.0 if narrow else min(260.0, 16 + max((text_width(_name(each, language)) for each in shown), default=0.0))
    row = _ROW + (20 if narrow else 0)
    high = _HEAD + row * len(shown) + 26
    scale = Scale(0, 1, left + 6, width - 26, 0.25)
    told = "各指标优于同行型号的份额" if language == "zh" else "share of peers' models that its models are better than, by indicator"
    parts = [_zone(scale, 0, LAGS, "z2", high), _zone(scale, LEADS, 1, "z0", high)]
    for tick in scale.ticks:
        parts.append(f'<path class="grid" d="M{scale(tick):.1f} {_HEAD - 6}V{high - 22}"/>')
        parts.append(svg_text(scale(tick), high - 6, f"{100 * tick:.0f} %", "tick", "middle"))
    parts.append(svg_text(scale(LAGS / 2), 14, "落后" if language == "zh" else "lags", "label", "middle"))
    parts.append(svg_text(scale((1 + LEADS) / 2), 14, "领先" if language == "zh" else "leads", "label", "middle"))
    for at, each in enumerate(shown):
        parts += _row(each, language, scale, _HEAD + row * at + (24 if narrow else 8), left, narrow)
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" class="plot {"narrow" if narrow else "wide"}" viewBox="0 0 {width} {high}" role="img" '
                  f'aria-label="{escape(told)}">{"".join(parts)}</svg>')  # fmt: skip


def _zone(scale: Scale, low: float, high: float, kind: str, bottom: float) -> str:
    wide, tall = scale(high) - scale(low), bottom - 16 - _HEAD
    return f'<rect class="{kind}" x="{scale(low):.1f}" y="{_HEAD - 6}" width="{wide:.1f}" height="{tall:.1f}"/>'


def _name(each: Position, language: Language) -> str:
    return f"{each.indicator.text(language)} ({each.range_text(language)})" if each.range else each.indicator.text(language)


def _row(each: Position, language: Language, scale: Scale, y: float, left: float, narrow: bool) -> list[str]:
    assert each.low is not None and each.middle is not None and each.high is not None, "only positions with peers are drawn"
    name = _name(each, language)
    said = f"{name}: {100 * each.low:.0f}–{100 * each.high:.0f} %"
    label = svg_text(8, y - 6, name, "name", "start") if narrow else svg_text(left, y + 12, (wrapped(name, left, 7.2) or [""])[0], "name", "end")
    wide = max(2.0, scale(each.high) - scale(each.low))
    return [label, f'<rect class="b0" x="{scale(each.low):.1f}" y="{y + 5:.1f}" width="{wide:.1f}" height="6"><title>{escape(said)}</title></rect>',
            f'<circle class="b0" cx="{scale(each.middle):.1f}" cy="{y + 8:.1f}" r="6"><title>{escape(said)}</title></circle>']  # fmt: skip
