"""Saturation as one HTML page: the figure, the table beside it, and everything the numbers rest on."""

from __future__ import annotations

import html
from collections.abc import Iterator

from guiju.align.saturation import CLASSES, Finding, Saturation
from guiju.align.saturation_figure import figure_svg, percent
from guiju.base.diagnostics import Language, Severity
from guiju.base.page import findings_page

_STYLE = "thead .n{white-space:normal}.class{white-space:nowrap}"


def page_html(found: Saturation, language: Language) -> str:
    """The finding as a page that needs no other file and no script."""
    page = _Page(found, language)
    title = page.word(f"条款的饱和：{found.population.title.zh}", f"Saturation of clauses: {found.population.title.en}")
    return findings_page(title, language, _STYLE, "\n".join(page.blocks()))


class _Page:
    def __init__(self, found: Saturation, language: Language) -> None:
        self.found, self.language = found, language

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def blocks(self) -> Iterator[str]:
        yield self.lead()
        yield from self.figure()
        yield self.assumptions()
        yield self.table()
        yield self.method()
        yield self.sources()

    def lead(self) -> str:
        found, population = self.found, self.found.population
        said = []
        for class_, (title, _) in CLASSES.items():
            numbers = [f"{f.standard} {f.no}" for f in found.findings if f.class_ == class_]
            if numbers and class_ in ("saturated", "binding", "far"):
                said.append(f"<b>{title.text(self.language)}</b> {html.escape(self.word('、', ', ').join(numbers))}")
        counted = self.word(
            f"{population.source.rows:,} 条记录，{population.units:,} 个{population.unit.zh}。",
            f"{population.source.rows:,} records, {population.units:,} {population.unit.en}.",
        )
        nothing = self.word("没有饱和或远离的条款。", "No clause is saturated or far.")
        return f'<p class="lead">{html.escape(counted)}</p>' + (_list(said) if said else f"<p>{nothing}</p>")

    def figure(self) -> Iterator[str]:
        wide, narrow = (figure_svg(self.found, self.language, width, id_=id_) for width, id_ in ((960, "wide"), (390, "narrow")))
        if wide is None or narrow is None:
            return
        caption = self.word(
            "柱为余量在此的车型数（实心符合，空心不符合），取该车型离不符合最近的一个版本；下方粗线为四分位，细线为 5 %—95 %，短竖为中位数。"
            "≈：95 % 区间跨过界限，换一批产品可能得到另一结论。",
            "A bar is the models with that margin (filled passes, hollow fails), each by its variant nearest to failing; beneath, quartiles "
            "(thick), 5 to 95 % (thin) and the median. ≈: the 95 % interval crosses the threshold; other products could give another class.",
        )
        yield f'<figure><div class="wide">{wide}</div><div class="narrow">{narrow}</div><figcaption>{caption}</figcaption></figure>'

    def assumptions(self) -> str:
        items = [html.escape(each.text(self.language)) for each in self.found.population.assumptions]
        heading = self.word("这些数字依据的假设", "What these numbers assume")
        nothing = self.word("没有假设：所有数值都来自记录。", "Nothing is assumed: every value comes from the records.")
        return f'<h2>{heading}</h2><div class="assumed">{_list(items) if items else f"<p>{nothing}</p>"}</div>'

    def table(self) -> str:
        header = [
            self.word("条款", "clause"), self.word("类别", "class"), self.word("能判定", "judged"), self.word("都符合", "all pass"),
            self.word("不一", "split"), self.word("都不符合", "all fail"), self.word("无法判定", "undetermined"),
            self.word("不适用", "not applicable"),
            self.word("符合率（95 % 区间）", "pass share (95 % interval)"), self.word("余量中位数（5 %—95 %）", "median margin (5 to 95 %)"),
        ]  # fmt: skip
        title = html.escape(self.word("逐条", "Clause by clause"))
        head = "".join(f'<th scope="col"{" class=n" if at > 1 else ""}>{html.escape(text)}</th>' for at, text in enumerate(header))
        lines = "".join(self.row(each) for each in self.found.findings)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
        return f'<h2>{title}</h2><div class="scroll" tabindex="0" role="region" aria-label="{title}">{table}</div>'

    def row(self, each: Finding) -> str:
        c, i, s = each.counts, each.interval, each.spread
        share = percent(c.share) + (f"<br><span class='faint'>{percent(i.low)} – {percent(i.high)}</span>" if i else "")
        margin = f"{percent(s.quantiles[2])}<br><span class='faint'>{percent(s.quantiles[0])} – {percent(s.quantiles[4])}</span>" if s else "—"
        name = f"{html.escape(each.standard)} {html.escape(each.no)}<br><span class='faint'>{html.escape(each.title.text(self.language))}</span>"
        class_ = CLASSES[each.class_][0].text(self.language) + ("" if each.firm or each.class_ == "untested" else " ≈")
        numbers = [*(f"{n:,}" for n in (c.judged, c.passing, c.split, c.failing, c.open, c.outside)), share, margin]
        return f'<tr><th scope="row">{name}</th><td class=class>{class_}</td>{"".join(f"<td class=n>{n}</td>" for n in numbers)}</tr>'

    def method(self) -> str:
        t = self.found.thresholds
        items = [f"<b>{name.text(self.language)}</b> {html.escape(why.text(self.language))}" for name, why in CLASSES.values()]
        ways = sorted({f.interval.method for f in self.found.findings if f.interval})
        said = self.word(
            f"界限：饱和从 {percent(t.saturated)} 起，且至少一半车型的余量不小于限值的 {percent(t.margin)}；远离至 {percent(t.far)}；"
            f"少于 {t.least} 个不下结论。界限上的按精确值判定。区间：{'、'.join(ways)}。",
            f"Thresholds: saturated from {percent(t.saturated)} on, where at least half of the models keep {percent(t.margin)} of the limit or "
            f"more; far up to {percent(t.far)}; fewer than {t.least} say nothing. Boundaries are decided exactly. Intervals: {', '.join(ways)}.",
        )
        told = [html.escape(d.message(self.language)) for d in self.found.diagnostics if d.severity is not Severity.NOTE][:8]
        return f"<h2>{self.word('怎样判定', 'How it is decided')}</h2><p>{html.escape(said)}</p>{_list(items)}" + (_list(told) if told else "")

    def sources(self) -> str:
        items = []
        for program in self.found.programs:
            for source in program.standard.sources.values():
                address = f' <a href="{html.escape(source.address)}">{html.escape(source.address)}</a>' if source.address else ""
                items.append(f"{html.escape(program.standard.number)} [{html.escape(source.id)}·{source.grade}] {html.escape(source.title)}{address}")
        held = self.found.population
        data = self.word("数据：", "Records: ") + " · ".join(part for part in (held.source.path.name, held.terms) if part)
        return f"<h2>{self.word('出处', 'Sources')}</h2><p>{html.escape(data)}</p>{_list(list(dict.fromkeys(items)))}"


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
