"""Page: the measurement of a lag as one HTML file: the figure, the numbers beneath it, and everything they rest on."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from guiju.base.diagnostics import Language, Severity
from guiju.base.page import findings_page
from guiju.base.rounding import decimal_text, round_gb
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS, WORDS
from guiju.readings.limit import Stretch
from guiju.standard.model import Input
from guiju.verify.figure import figure_svg
from guiju.verify.lag import ClauseLag, Lag, Pair, StandardLag

ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
_STYLE = """
.shares{width:auto;margin:.8rem 0}.shares th{font-weight:600;min-width:0;position:static}.shares td,.shares th{border:0;padding:.1rem 1.2rem .1rem 0}
tbody th{min-width:15rem}.day{white-space:nowrap}tr.whole>*{border-top:2px solid var(--line)}
.bar{display:flex;height:.6rem;min-width:7rem;margin-top:.55rem;border-radius:.15rem;overflow:hidden;background:var(--line);print-color-adjust:exact}
.bar i{display:block}.bar .pass{background:var(--accent)}
.bar .fail{background:repeating-linear-gradient(45deg,var(--fail) 0 3px,var(--paper) 3px 5px)}
.bar .undetermined{background:var(--open)}.bar .not_applicable{background:transparent}
.shares .bar{min-width:10rem}@media (max-width:40rem){.shares .bar{min-width:3rem}}
"""


def page_html(lag: Lag, language: Language) -> str:
    """The measurement as a page that needs no other file and no script."""
    page = _Page(lag, language)
    title = page.word(f"标准滞后：{lag.title.zh}", f"Standard lag: {lag.title.en}")
    return findings_page(title, language, _STYLE, "\n".join(page.blocks()))


class _Page:
    def __init__(self, lag: Lag, language: Language) -> None:
        self.lag, self.language = lag, language

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def blocks(self) -> Iterator[str]:
        yield from self.lead()
        yield from self.figure()
        yield self.assumptions()
        yield self.standards()
        yield self.clauses()
        if self.lag.pairs:
            yield self.pairs()
        yield self.missing()
        yield self.quality()
        yield self.sources()

    def lead(self) -> Iterator[str]:
        """What was found, before anything else."""
        lag = self.lag
        rows = self.word(f"{lag.rows:,} 条记录，其中 {lag.different:,} 条互不相同。", f"{lag.rows:,} records, {lag.different:,} of them different. ")
        yield f'<p class="lead">{html.escape(rows)}{self.word("能判定的产品中符合的：", "Of those that can be judged, these pass:")}</p>'
        drawn = lag.drawing.curves if lag.drawing is not None else ()
        found = [(each.label, lag.standard(each.program.standard.number).clause(each.comparison.no)) for each in drawn]
        found = found or [(each.standard.number, each.overall) for each in lag.standards if each.overall is not None]
        lines = "".join(
            f'<tr><th scope="row">{html.escape(label)}</th><td>{_bar(each, (Verdict.PASS, Verdict.FAIL))}</td><td class="n">{_share(each)}</td></tr>'
            for label, each in found
        )
        yield f'<table class="shares"><tbody>{lines}</tbody></table>'
        day = self.word(f"截至 {lag.on}。", f"As of {lag.on}. ")
        meaning = self.word(
            "几乎都符合而余量又大的限值，已不能区分产品。", "A limit that nearly all pass by a wide margin no longer tells products apart."
        )
        yield f'<p class="faint">{day}{meaning}</p>'

    def figure(self) -> Iterator[str]:
        wide = figure_svg(self.lag, self.language, 960, id_="wide", brief=True)
        narrow = figure_svg(self.lag, self.language, 390, id_="narrow", brief=True)
        if wide is None or narrow is None:
            return
        caption = self.word(
            "每个记号是一处或多处重合的产品，指向它可见名称与数值；浅色区域为最新一版允许的范围，菱形是新旧限值相交处。各线由标准的限值表精确算得。",
            "Each mark is one product or several on one place; pointing at it shows names and values. The tinted area is what the newest edition "
            "allows, a diamond is where a newer and an older limit cross. The lines are computed exactly from the tables of the standards.",
        )
        yield f'<figure><div class="wide">{wide}</div><div class="narrow">{narrow}</div><figcaption>{caption}</figcaption></figure>'

    def assumptions(self) -> str:
        heads = {"treated-as": self.word("视同", "treated as"), "constant": self.word("常数", "constant"), "note": self.word("说明", "note")}
        items = [f"<b>{heads[a.kind]}</b> {html.escape(a.title.text(self.language))}" for a in self.lag.assumptions]
        items += [
            f"<b>{self.word('未用', 'not used')}</b> {html.escape(d.message(self.language))}"
            for d in self.lag.diagnostics
            if d.code == "other-cycle-not-used"
        ]
        nothing = self.word("没有假设：所有数值都来自记录。", "Nothing is assumed: every value comes from the records.")
        heading = self.word("这些数字依据的假设", "What these numbers assume")
        return f'<h2>{heading}</h2><div class="assumed">{_list(items) if items else f"<p>{nothing}</p>"}</div>'

    def standards(self) -> str:
        header = [
            self.word("标准", "standard"), self.word("实施 / 年龄", "effective / age"), self.word("在范围内", "in scope"),
            *(f"{MARKS[v]} {WORDS[v][self.language]}" for v in ORDER), self.word("符合率", "pass rate"),
        ]  # fmt: skip
        rows = []
        for each in self.lag.standards:
            s = each.standard
            since = s.effective or s.published
            years = f"{each.age:.1f} {self.word('年', 'years')}" if each.age is not None else ""
            age = f'<span class="day">{since}</span><br>{years}' if since else "—"
            title = f"{html.escape(s.number)}<br><span class='faint'>{html.escape(s.title.text(self.language))}</span>"
            rows.append([title, age, f"{each.scope[0]:,}", *self.counts(each.overall)])
        note = self.word(
            "每一条必须满足的条款都满足才算符合；一条不符合即不符合；其余为无法判定。缺数据时仍可能判出不符合，却判不出符合，所以缺得多时符合率偏低。",
            "Passing needs every clause that must be met, failing only one that is not; the rest is undetermined. Where data are missing a failure "
            "can still be seen and a pass cannot, so a rate over few determined products is too low.",
        )
        return self.table(self.word("各标准的整体判定", "Overall verdicts"), header, rows, note, first_number=2)

    def clauses(self) -> str:
        header = [
            self.word("条款", "clause"), self.word("分布", "spread"), *(f"{MARKS[v]} {WORDS[v][self.language]}" for v in ORDER),
            self.word("符合率", "pass rate"), self.word("余量中位数（四分位）", "median margin (quartiles)"), self.word("最小余量", "least margin"),
        ]  # fmt: skip
        rows: list[list[str]] = []
        wholes: set[int] = set()
        for each in self.lag.standards:
            wholes.add(len(rows))
            for clause in each.clauses:
                name = f"{html.escape(each.standard.number)} {html.escape(clause.no)}<br>"
                title = f"<span class='faint'>{html.escape(clause.clause.title.text(self.language))}</span>"
                rows.append([name + title, _bar(clause), *self.counts(clause), *_margins(clause)])
        note = self.word(
            "余量：符合的产品离限值多远，占限值的百分数；只有单一数值比较的条款才有。",
            "Margin: how far from the limit the passing products are, in percent of it; only for clauses that are one comparison of numbers.",
        )
        return self.table(self.word("逐条", "Clause by clause"), header, rows, note, first_number=2, wholes=wholes)

    def counts(self, found: ClauseLag | None) -> list[str]:
        if found is None:
            return ["—"] * (len(ORDER) + 1)
        return [*(f"{found.counts[v]:,}" for v in ORDER), _share(found)]

    def pairs(self) -> str:
        header = [
            self.word("较早 → 较新", "older → newer"), self.word("限制的量", "quantity limited"), self.word("哪个更严", "which is stricter"),
            self.word("都符合", "pass both"), self.word("只符合较早的", "pass only the older"), self.word("只符合较新的", "pass only the newer"),
            self.word("都不符合", "fail both"),
        ]  # fmt: skip
        rows = []
        for pair in self.lag.pairs:
            first = pair.strictness.first
            quantity = html.escape(first.comparison.input.title(self.language))
            numbers = [f"{n:,}" for n in (pair.both, pair.only_older, pair.only_newer, pair.neither)]
            rows.append([f"{html.escape(pair.older)} → {html.escape(pair.newer)}", quantity, html.escape(self.stricter(pair)), *numbers])
        note = self.word(
            "两个限值按声明的取值范围逐段精确比较；计数只含两者都能判定的产品。",
            "Two limits are compared exactly, piece by piece, over the declared range; counted are products that both can judge.",
        )
        return self.table(self.word("新旧限值的严格程度", "Older and newer limits"), header, rows, note, first_number=3)

    def stricter(self, pair: Pair) -> str:
        """In words: 「较新的更严，866.07 kg 以下除外」."""
        names = {"first": self.word("较早的更严", "the older"), "second": self.word("较新的更严", "the newer"),
                 "equal": self.word("相同", "equal"), "unknown": self.word("不能比较", "not comparable")}  # fmt: skip
        of, stretches = pair.strictness.first.of, pair.strictness.stretches
        if of is None or len(stretches) == 1:
            return names[stretches[0].stricter]
        parts = [f"{self.stretch(stretch, of)} {names[stretch.stricter]}" for stretch in stretches]
        crossed = ", ".join(f"{_places(x)} {of.unit_text}" for x in pair.strictness.crossings)
        at = self.word(f"（相交于 {crossed}）", f" (they cross at {crossed})") if crossed else ""
        return self.word("；", "; ").join(parts) + at

    def stretch(self, stretch: Stretch, of: Input) -> str:
        low, high = (_places(x) for x in (stretch.low, stretch.high))
        return f"{low}–{high} {of.unit_text}"

    def missing(self) -> str:
        header = [self.word("标准", "standard"), self.word("等待", "waits for"), self.word("记录", "records")]
        rows = [
            [html.escape(each.standard.number), html.escape(self.input(each, name)), f"{rows:,}"]
            for each in self.lag.standards
            for name, rows in each.missing
        ]
        note = self.word("一条记录可能同时等待几个量。", "A record may wait for several at once.")
        return self.table(self.word("为什么无法判定", "Why undetermined"), header, rows, note, first_number=2) if rows else ""

    def input(self, each: StandardLag, name: str) -> str:
        declared = each.program.inputs.get(name)
        return declared.title(self.language) if declared else name

    def quality(self) -> str:
        seen = {q.asked.is_: q for each in self.lag.standards for q in each.quality.inputs}
        header = [
            self.word("输入", "input"), self.word("取自", "from"), self.word("有值", "present"), self.word("缺", "missing"),
            self.word("不可用", "unusable"), self.word("已修约", "rounded"),
        ]  # fmt: skip
        rows = []
        for q in seen.values():
            place = "—" if q.entry is None else q.entry.column or f"= {q.entry.constant}"
            numbers = [f"{n:,}" for n in (q.present, q.missing, sum(q.bad.values()), q.rounded)]
            rows.append([html.escape(q.asked.title(self.language)), html.escape(place), *numbers])
        told = [d for d in self.lag.diagnostics if d.code != "other-cycle-not-used" and d.severity is not Severity.NOTE]
        note = "；".join(html.escape(d.message(self.language)) for d in told[:8])
        return self.table(self.word("数据质量", "Quality of the records"), header, rows, note, first_number=2)

    def sources(self) -> str:
        items = []
        for each in self.lag.standards:
            for source in each.standard.sources.values():
                address = f' <a href="{html.escape(source.address)}">{html.escape(source.address)}</a>' if source.address else ""
                why = f" — {html.escape(source.why.text(self.language))}" if source.why else ""
                items.append(
                    f"{html.escape(each.standard.number)} [{html.escape(source.id)}·{source.grade}] {html.escape(source.title)}{address}{why}"
                )
        data = self.word("数据：", "Records: ") + " · ".join(part for part in (self.lag.source.path.name, self.lag.terms) if part)
        grades = self.word(
            "证据等级：A 见到条文；B 第三方转述；C 推定；D 来源矛盾。",
            "Evidence grades: A the clause was seen, B a third party quotes it, C derived, D sources conflict.",
        )
        heading = self.word("出处", "Sources")
        return f'<h2>{heading}</h2><p>{html.escape(data)}</p><p class="faint">{grades}</p>{_list(dict.fromkeys(items))}'

    def table(
        self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str, *, first_number: int, wholes: Iterable[int] = ()
    ) -> str:
        """A table whose columns from `first_number` on are numbers; one too wide for the screen scrolls by itself."""
        kinds = ["" if at < first_number else ' class="n"' for at in range(len(header))]
        head = "".join(f'<th scope="col"{kind}>{html.escape(text)}</th>' for text, kind in zip(header, kinds, strict=True))
        lines = []
        for at, row in enumerate(rows):
            cells = f'<th scope="row">{row[0]}</th>' + "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(row[1:], kinds[1:], strict=True))
            lines.append(f"<tr{' class=whole' if at and at in set(wholes) else ''}>{cells}</tr>")
        told = f'<p class="faint">{note}</p>' if note else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
        return f'<h2>{html.escape(title)}</h2>{told}<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(title)}">{table}</div>'


def _bar(clause: ClauseLag, shown: Sequence[Verdict] = ORDER) -> str:
    """The verdicts as a bar, for the eye; the numbers stand beside it."""
    parts = "".join(f'<i class="{v.value}" style="flex:{clause.counts[v]}"></i>' for v in shown if clause.counts[v])
    return f'<div class="bar" aria-hidden="true">{parts}</div>'


def _share(found: ClauseLag) -> str:
    return f"{found.counts[Verdict.PASS]:,}/{found.determined:,} · {_percent(found.rate)}" if found.rate is not None else "—"


def _margins(clause: ClauseLag) -> list[str]:
    m = clause.margin
    if m is None:
        return ["—", "—"]
    return [f"{_percent(m.median)}<br><span class='faint'>{_percent(m.lower)} – {_percent(m.upper)}</span>", _percent(m.least)]


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f} %"


def _places(value: Fraction) -> str:

    return decimal_text(round_gb(value, Fraction(1, 100)))
