"""Saturation as a figure: a row for each clause, and in it how far the models keep from the limit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from guiju.align.saturation import BIN_HIGH, BIN_LOW, BINS, CLASSES, Finding, Saturation, Spread
from guiju.align.svg import bar, drawing, line, shortened, text
from guiju.base.diagnostics import Language

NARROW = 560
"""Below this width a row's words stand above its strip, not beside it."""
_HIGH = 34.0
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def percent(share: Fraction | float | None) -> str:
    return "—" if share is None else f"{100 * float(share):.1f} %"


def figure_svg(found: Saturation, language: Language, width: int = 960, *, id_: str = "saturation") -> str | None:
    """The margins of the models, clause by clause; None where no model can be judged by any.

    width   in pixels: 960 for a page, 390 for a telephone
    id_     begins the ids, so that two figures can stand in one page
    """
    drawn = [each for each in found.findings if each.counts.judged]
    return _Figure(found, drawn, language, width).svg(id_) if drawn else None


class _Figure:
    def __init__(self, found: Saturation, drawn: list[Finding], language: Language, width: int) -> None:
        self.found, self.drawn, self.language, self.width = found, drawn, language, width
        self.is_narrow = width < NARROW
        self.left, self.right = (14.0, width - 14.0) if self.is_narrow else (292.0, width - 208.0)
        self.row = 100.0 if self.is_narrow else 62.0
        self.top = 92.0

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def svg(self, id_: str) -> str:
        body, y, standard = list(self.headed()), self.top, ""
        for each in self.drawn:
            if each.standard != standard:
                standard = each.standard
                body.append(text(8, y + 14, standard, "strong"))
                y += 26
            body += self.finding(each, y)
            y += self.row
        body += self.axis(y)
        left_out = len(self.found.findings) - len(self.drawn)
        if left_out:
            said = self.word(f"另有 {left_out} 项没有一个车型能判定，见表", f"{left_out} more have no model that can be judged: see the table")
            body.append(text(8, y + 52, said, "small faint"))
        return drawing(id_, self.width, y + 66, self.title(), self.description(), "".join(body))

    def title(self) -> str:
        title = self.found.population.title.text(self.language)
        return self.word(f"{title}：各条款的余量", f"{title}: margins clause by clause")

    def description(self) -> str:
        rows = [
            f"{f.standard} {f.no}: {CLASSES[f.class_][0].text(self.language)}, {f.counts.passing}/{f.counts.judged}" for f in self.drawn
        ]
        intro = self.word("每行是一条条款；柱为该余量的车型数，零处为限值，右侧符合。",
                          "A row is a clause; bars are models by margin, zero is the limit, the right side passes. ")  # fmt: skip
        return intro + self.word("；", "; ").join(rows)

    def headed(self) -> Iterator[str]:
        room = self.width - 16
        yield text(8, 24, shortened(self.title(), room, 7.8), "strong title")
        unit = self.found.population.unit.text(self.language)
        counted = self.word(f"计数单位：{unit}，共 {self.found.population.units:,}", f"counted: {self.found.population.units:,} {unit}")
        yield text(8, 46, shortened(counted, room), "small faint")
        middle = (self.left + self.right) / 2
        yield text(middle - 12, 76, self.word("← 不符合", "← fails"), "small", "end")
        yield text(middle + 12, 76, self.word("符合 →", "passes →"), "small")

    def x(self, margin: float) -> float:
        share = (min(max(margin, BIN_LOW), BIN_HIGH) - BIN_LOW) / (BIN_HIGH - BIN_LOW)
        return self.left + share * (self.right - self.left)

    def finding(self, each: Finding, y: float) -> Iterator[str]:
        """One row: its words, and its strip below (or to the right of) them."""
        class_ = CLASSES[each.class_][0].text(self.language) + ("" if each.firm or each.class_ == "untested" else " ≈")
        share = f"{each.counts.passing:,}/{each.counts.judged:,} · {percent(each.counts.share)}"
        name = each.title.text(self.language)
        if self.is_narrow:
            yield text(8, y + 14, f"{each.no}  {shortened(name, self.width - 30 - 7.2 * len(each.no), 7.6)}", "small")
            yield text(8, y + 33, class_, "small strong")
            yield text(self.width - 8, y + 33, share, "small faint", "end")
            yield from self.strip(each.spread, y + 42)
            return
        yield text(8, y + 20, each.no, "strong small")
        yield text(8, y + 38, shortened(name, self.left - 26, 7.4), "small faint")
        yield from self.strip(each.spread, y + 6)
        yield text(self.right + 14, y + 20, class_, "strong small")
        yield text(self.right + 14, y + 38, share, "small faint")

    def strip(self, spread: Spread | None, y: float) -> Iterator[str]:
        """Bars of models by margin, and beneath them the quartiles (thick) within 5 to 95 % (thin), the median as a tick."""
        base = y + _HIGH
        for tick in _TICKS:
            yield line("limit" if tick == 0 and spread else "grid", self.x(tick), y, self.x(tick), base + 8)
        if spread is None:
            said = self.word("不是单一比较，没有余量", "not one comparison: no margin")
            yield text((self.left + self.right) / 2, base - 8, said, "small faint halo", "middle")
            return
        wide, most = (self.right - self.left) / BINS, max(spread.bins)
        for at, models in enumerate(spread.bins):
            if models:
                low, high = BIN_LOW + at * (BIN_HIGH - BIN_LOW) / BINS, BIN_LOW + (at + 1) * (BIN_HIGH - BIN_LOW) / BINS
                tall = max(_HIGH * models / most, 2.0)
                beyond = self.word("及以上", " and more") if at == BINS - 1 else self.word("及以下", " and less") if at == 0 else ""
                told = f"{100 * low:+.0f} … {100 * high:+.0f} %{beyond}: {models:,}"
                yield bar("fail" if high <= 0 else "pass", self.left + at * wide + 0.8, base - tall, wide - 1.6, tall, told)
        low, lower, median, upper, high = (self.x(q) for q in spread.quantiles)
        yield line("axis", self.left, base, self.right, base)
        yield line("box", low, base + 6, high, base + 6)
        yield f'<rect class="box" x="{lower:.1f}" y="{base + 4:.1f}" width="{max(upper - lower, 1):.1f}" height="4"/>'
        yield line("median", median, base + 1, median, base + 11)

    def axis(self, y: float) -> Iterator[str]:
        for tick in _TICKS:
            anchor = "middle" if abs(tick) < 1 else ("start" if tick < 0 else "end") if self.is_narrow else "middle"
            words = self.word("限值", "limit") if tick == 0 else f"{'≤ ' if tick == -1 else '≥ ' if tick == 1 else ''}{100 * tick:+.0f} %"
            yield text(self.x(tick), y + 14, words, "small strong" if tick == 0 else "small faint", anchor)
        said = self.word("离限值多远，占限值的百分数", "how far from the limit, in percent of it")
        yield text((self.left + self.right) / 2, y + 33, said, "small faint", "middle")
