"""A test plan as a figure: every test as a bar over its days, laboratory by laboratory; colours and fonts are those of the page it stands in."""

from __future__ import annotations

import html
from collections.abc import Iterator

from guiju.align.plan_page import Page, money
from guiju.align.svg import shortened
from guiju.align.testplan import Step
from guiju.base.diagnostics import Language
from guiju.base.drawing import Scale, number, round_range, svg_text, text_width
from guiju.base.rounding import decimal_text

ROW, TOP, BOTTOM = 26.0, 8.0, 46.0
WIDE, NARROW = 900, 360


def plan_figure(page: Page, language: Language, width: int = WIDE) -> str:
    """The tests that are still to be done, in the order of the plan. width: in pixels; empty where there is nothing to do"""
    steps = [step for step in page.plan.steps if not step.passed]
    return _Figure(page, steps, language, width).svg() if steps else ""


class _Figure:
    def __init__(self, page: Page, steps: list[Step], language: Language, width: int) -> None:
        self.page, self.language, self.width = page, language, width
        self.groups: dict[str, list[Step]] = {}
        for step in steps:
            self.groups.setdefault(step.offer.laboratory, []).append(step)
        self.is_narrow = width < 600
        self.left = 12.0 if self.is_narrow else 270.0
        low, high, step_ = round_range(0, float(page.plan.days), 4 if self.is_narrow else 8)
        self.x = Scale(low, high, self.left, width - 14.0, step_)
        self.row = ROW * 2 if self.is_narrow else ROW
        self.bottom = TOP + sum(ROW + self.row * len(held) for held in self.groups.values())

    def svg(self) -> str:
        height = self.bottom + BOTTOM
        kind = "narrow" if self.is_narrow else "wide"
        title = html.escape(self.page.say("各项试验的日程", "The tests over the days"))
        body = "".join([*self.frame(), *self.bars()])
        box = f'viewBox="0 0 {self.width} {height:.0f}" role="img" aria-label="{title}"'
        return f'<svg class="plot plan {kind}" {box}><title>{title}</title>{body}</svg>'

    def frame(self) -> Iterator[str]:
        for tick in self.x.ticks:
            at = self.x(tick)
            yield f'<path class="grid" d="M{at:.1f} {TOP:.1f}V{self.bottom:.1f}"/>'
            yield svg_text(at, self.bottom + 18, number(tick), "tick", "middle")
        yield f'<path class="axis" d="M{self.x.start:.1f} {self.bottom:.1f}H{self.x.end:.1f}"/>'
        yield svg_text(self.x.end, self.bottom + 38, self.page.say("天", "days"), "label", "end")

    def bars(self) -> Iterator[str]:
        y = TOP
        for laboratory, steps in self.groups.items():
            yield svg_text(8, y + 18, self.page.laboratory(laboratory), "name strong", "start")
            y += ROW
            for step in steps:
                yield from self.bar(step, y)
                y += self.row

    def bar(self, step: Step, y: float) -> Iterator[str]:
        """A test: its name before it, or above it where there is no room; its cost in it, or beside."""
        begins, ends = self.x(float(step.begins)), self.x(float(step.ends))
        room, top = (self.width - 24 if self.is_narrow else self.left - 30), y + (ROW if self.is_narrow else 4)
        name, cost = shortened(self.page.text(step.offer.title), room), f"{money(step.offer.cost)} 元"
        days = f"{decimal_text(step.begins)}–{decimal_text(step.ends)}"
        told = html.escape(f"{self.page.text(step.offer.title)}: {days}, {cost}")
        yield svg_text(12 if self.is_narrow else 20, y + 18, name, "label", "start")
        place = f'x="{begins:.1f}" y="{top:.1f}" width="{max(ends - begins, 2):.1f}" height="17" rx="2"'
        yield f'<rect class="block step" {place}><title>{told}</title></rect>'
        wide = text_width(cost)
        if ends - begins > wide + 10:
            yield svg_text((begins + ends) / 2, top + 13, cost, "on", "middle")
        elif ends + wide + 6 < self.x.end:
            yield svg_text(ends + 6, top + 13, cost, "tick", "start")
        else:
            yield svg_text(begins - 6, top + 13, cost, "tick", "end")
