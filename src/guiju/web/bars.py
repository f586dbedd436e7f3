"""Bars: shares of verdicts as a small drawing; the numbers stand beside it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from guiju.readings.evaluate import Verdict

ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)


def share_bar(counts: Mapping[Verdict, int], total: int) -> Markup:
    """A bar of 120 by 10; what is nothing is not drawn."""
    at, drawn = 0.0, Markup("")
    for verdict in ORDER:
        wide = 120 * counts.get(verdict, 0) / total if total else 0.0
        if wide > 0:
            drawn += Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="10"/>').format(verdict.value, at, max(wide, 0.8))
            at += wide
    return Markup('<svg class="bar" viewBox="0 0 120 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>').format(drawn)
