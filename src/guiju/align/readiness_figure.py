"""Readiness as a figure: technology readiness across, standard readiness up, and the band in which both are in step."""

from __future__ import annotations

from collections.abc import Iterator

from guiju.align.readiness import BALANCES, Pipeline, Readiness
from guiju.align.svg import drawing, line, shortened, text
from guiju.base.diagnostics import Language

_CELL, _LEFT, _TOP = 44.0, 44.0, 78.0
_PLACES = ((0, 0), (-11, -11), (11, -11), (-11, 11), (11, 11))
_MARKS = {"lags": "lags", "in-step": "step", "leads": ""}


def figure_svg(found: Pipeline, language: Language, width: int = 960, *, id_: str = "readiness") -> str:
    """Every technology as a numbered mark in its cell, and the numbers named beneath (beside, where there is room).

    width   in pixels: 960 for a page, 390 for a telephone
    """
    return _Figure(found, language, width).svg(id_)


class _Figure:
    def __init__(self, found: Pipeline, language: Language, width: int) -> None:
        self.found, self.language, self.width = found, language, width
        self.cell = min(_CELL, (width - _LEFT - 16) / 10)
        self.is_narrow = width < 720
        self.bottom = _TOP + 10 * self.cell

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def svg(self, id_: str) -> str:
        body = [*self.headed(), *self.frame(), *self.marks(), *self.names()]
        rows = len(self.found.items)
        height = self.bottom + 50 + (22 * rows + 16 if self.is_narrow else 0)
        return drawing(id_, self.width, max(height, _TOP + 22 * rows + 30), self.title(), self.description(), "".join(body))

    def title(self) -> str:
        return self.word(f"技术成熟度与标准成熟度（{self.found.region}）", f"Technology readiness against standard readiness ({self.found.region})")

    def description(self) -> str:
        rows = [f"{self.name(each)}: {each.technology.trl} – {each.srl}, {BALANCES[each.balance].text(self.language)}" for each in self.found.items]
        intro = self.word(
            "横轴为技术成熟度 1—9，纵轴为标准成熟度 0—9；带内为同步，其下为标准滞后。",
            "Across, technology readiness 1 to 9; up, standard readiness 0 to 9; in step within the band, standards behind below it. ",
        )
        return intro + self.word("；", "; ").join(rows)

    def name(self, each: Readiness) -> str:
        made_up = self.word("（示意）", " (illustrative)") if each.technology.grade == "illustrative" else ""
        return each.technology.title.text(self.language) + made_up

    def x(self, trl: float) -> float:
        return _LEFT + trl * self.cell

    def y(self, srl: float) -> float:
        return self.bottom - (srl + 0.5) * self.cell

    def headed(self) -> Iterator[str]:
        yield text(8, 24, shortened(self.title(), self.width - 16, 7.8), "strong title")
        said = self.word(f"带内：相差不超过 {self.found.step} 级", f"the band: at most {self.found.step} apart")
        yield text(8, 46, said, "small faint")

    def frame(self) -> Iterator[str]:
        step = self.found.step
        left, right = self.x(0.5), self.x(9.5)
        upper = [(t, min(t + step, 9.5)) for t in (0.5, 9.5 - step, 9.5)]
        lower = [(t, max(t - step, -0.5)) for t in (9.5, step - 0.5, 0.5)]
        points = " ".join(f"{self.x(t):.1f},{self.y(s):.1f}" for t, s in [*upper, *lower])
        yield f'<polygon class="band" points="{points}"/>'
        for level in range(10):
            yield line("grid", left, self.y(level), right, self.y(level))
            yield text(left - 10, self.y(level) + 4.5, str(level), "small faint", "end")
        for level in range(1, 10):
            yield line("grid", self.x(level), self.y(9.5), self.x(level), self.bottom)
            yield text(self.x(level), self.bottom + 18, str(level), "small faint", "middle")
        yield text(right, self.bottom + 38, self.word("技术成熟度 →", "technology readiness →"), "small", "end")
        yield text(8, _TOP - 10, self.word("↑ 标准成熟度", "↑ standard readiness"), "small")

    def marks(self) -> Iterator[str]:
        cells: dict[tuple[int, int], int] = {}
        for number, each in enumerate(self.found.items, 1):
            place = (each.technology.trl, each.srl)
            alone = sum((r.technology.trl, r.srl) == place for r in self.found.items) == 1
            at = cells[place] = cells.get(place, -1) + 1
            right, down = (0, 0) if alone else _PLACES[1 + at % 4]
            x, y = self.x(place[0]) + right, self.y(place[1]) + down
            yield f'<circle class="mark {_MARKS[each.balance]}" cx="{x:.1f}" cy="{y:.1f}" r="9.5"/>'
            yield text(x, y + 4.3, str(number), "small strong" if each.balance == "leads" else "small strong on", "middle")

    def names(self) -> Iterator[str]:
        x, y = (8.0, self.bottom + 62) if self.is_narrow else (self.x(10) + 8, _TOP + 12)
        for number, each in enumerate(self.found.items, 1):
            said = f"{number}  {self.name(each)} {each.technology.trl} – {each.srl} {BALANCES[each.balance].text(self.language)}"
            yield text(x, y + 22 * (number - 1), shortened(said, self.width - x - 6, 7.0), "small")
