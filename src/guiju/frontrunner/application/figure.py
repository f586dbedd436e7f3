"""How many products are suited in each scenario, drawn: a bar for each scenario, parted by what is said, with the numbers in words below it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from markupsafe import Markup

from guiju.base.diagnostics import Language
from guiju.base.drawing import svg_text
from guiju.frontrunner.application.suits import OUTSIDE, STATES
from guiju.standard.model import Title

WIDE, NARROW = 720, 350
_FILL = {"suited": "b0", "conditional": "b1", "unsuited": "b2", "unknown": "b3"}


def shares_svg(scenarios: Mapping[str, Title], counts: Mapping[str, Mapping[str, int]], language: Language, width: int = WIDE) -> Markup:
    """A bar for each scenario whose parts are as wide as the shares of the products in scope; none where there are none."""
    y, parts = 6.0, []
    for name, title in scenarios.items():
        shown = {state: n for state, n in counts[name].items() if state != OUTSIDE}
        total = sum(shown.values())
        parts.append(svg_text(8, y + 14, title.text(language), "name", "start"))
        x = 8.0
        for state, n in shown.items():
            wide = (width - 16) * n / total if total else 0.0
            said = f"{STATES[state][1].text(language)} {n}"
            if n:
                parts.append(f'<rect class="{_FILL[state]}" x="{x:.1f}" y="{y + 20:.1f}" width="{max(1.0, wide - 2):.1f}" height="14">'
                             f"<title>{escape(said)}</title></rect>")  # fmt: skip
            x += wide
        words = [f"{STATES[state][0]} {STATES[state][1].text(language)} {n}" for state, n in shown.items()]
        each = 2 if width < WIDE else len(words)
        lines = ["   ".join(words[at : at + each]) for at in range(0, len(words), each)]
        parts += [svg_text(8, y + 50 + 16 * at, line, "tick", "start") for at, line in enumerate(lines)]
        y += 50 + 16 * len(lines)
    said = "各场景的适用性：按范围内产品的份额" if language == "zh" else "suitability in each scenario, by shares of the products in scope"
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" class="plot {"narrow" if width < WIDE else "wide"}" viewBox="0 0 {width} {y:.0f}" '
                  f'role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>')  # fmt: skip
