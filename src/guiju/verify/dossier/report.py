"""The report of a dossier: 标准验证报告 as a tree, so that every form says the same.

The order of its chapters is ours: no official template was seen. Every conclusion names the evidence it rests on by id; the ids are those of the
JSON twin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from guiju.base.diagnostics import Language
from guiju.report import tree as t
from guiju.report.cited import GRADES
from guiju.standard.model import Title
from guiju.verify.chart import Chart
from guiju.verify.dossier.assembled import twin
from guiju.verify.dossier.bound import RELATIONS, Bound
from guiju.verify.dossier.drawn import chart_of, study_charts
from guiju.verify.dossier.evidence import ASPECTS, OUTCOMES, WHOLE, Conclusion, Dossier, Evidence, Grid, Outcome, Subject
from guiju.verify.precision_told import notes, tables
from guiju.verify.told import Table, number

SIGNS: dict[Outcome, tuple[str, t.Tone]] = {
    "pass": ("✓", t.Tone.GOOD),
    "change": ("△", t.Tone.OPEN),
    "fail": ("✗", t.Tone.BAD),
    "not verified": ("?", t.Tone.OPEN),
}
NOTHING = ("–", Title("判据未提要求", "the criteria ask nothing here"))
SHARES = frozenset((
    "pass_rate", "covered", "undecided", "zone_of_limit", "zone_of_spread", "consumer", "producer", "flip", "weights", "score_spread", "sensitivity",
    "in_scope", "scope_open", "undetermined",
))  # fmt: skip
"""Kinds of evidence that are told in percent."""
WORDS: dict[str, Title] = {
    "valid": Title("相符", "it agrees"),
    "not valid": Title("不符", "it does not agree"),
    "not settled": Title("抽样未稳定", "the draws have not settled"),
    "proved": Title("证明成立", "proved"),
    "refuted": Title("证明不成立", "refuted"),
    "named": Title("已指明", "named"),
    "not named": Title("未指明", "not named"),
    "yes": Title("有", "yes"),
}
KINDS = {
    "clause": Title("条款", "clause"),
    "indicator": Title("指标", "indicator"),
    "score": Title("综合得分", "score"),
    "grading": Title("分级", "grading"),
    "standard": Title("标准整体", "the standard"),
}


def dossier_report(dossier: Dossier, language: Language) -> t.Report:
    """The whole report in one language."""
    return _Written(dossier, language).report()


def outcome_mark(outcome: Outcome, language: Language) -> t.Mark:
    sign, tone = SIGNS[outcome]
    return t.Mark(sign, OUTCOMES[outcome].text(language), tone)


def value_text(evidence: Evidence, language: Language) -> str:
    """What was found, as people read it; – where nothing was."""
    value = evidence.value
    if value is None:
        return "–"
    if isinstance(value, str):
        return WORDS[value].text(language) if value in WORDS else value
    if evidence.what in SHARES:
        return f"{100 * value:.3g} %"
    return f"{value:.4g}" + (f" {evidence.unit}" if evidence.unit else "")


class _Written:
    def __init__(self, dossier: Dossier, language: Language) -> None:
        self.d, self.language = dossier, language
        self.rules = dossier.criteria

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, title: Title) -> str:
        return title.text(self.language)

    def report(self) -> t.Report:
        d, about = self.d, self.d.about
        origins = (t.Origin(about["number"], about["content"]), *(t.Origin(name, sha) for name, sha in d.files))
        title = self.word(f"标准验证报告：{about['number']}", f"Verification of the standard {about['number']}")
        blocks = (
            *self.cover(),
            *self.verified(),
            *self.basis(),
            *self.carried_out(),
            *self.results(),
            *self.conclusions(),
            *self.limitations(),
            *self.appendix(),
        )
        return t.Report(title, self.language, date.fromisoformat(about["on"]), about["engine"], origins, blocks)

    # 0, 1

    def cover(self) -> Iterator[t.Block]:
        about, fill = self.d.about, self.word("由有关各方填写", "to be filled in by those concerned")
        if self.d.illustrative:
            said = self.word(
                "含示意的数值（研究、产品或阈值），逐处标明；不得作为实际结论引用。",
                "It holds made-up figures (studies, products or thresholds), each marked; it must not be cited as a real conclusion.",
            )
            yield t.Note((said,), t.Kind.ILLUSTRATIVE)
        rows = [
            (self.word("报告编号", "number of the report"), fill),
            (self.word("标准", "standard"), f"{about['number']} {self.of(self.d.title)}"),
            (self.word("版本与状态", "edition and status"), f"{about['edition']} · {about['status']}"),
            (self.word("按何日的规定", "as of"), about["on"]),
            (self.word("需求方", "demanded by"), fill),
            (self.word("验证方", "verified by"), fill),
            (self.word("判据", "criteria"), about[f"criteria_{self.language}"]),
            (self.word("JSON 孪生文件 sha256", "sha256 of the JSON twin"), twin(self.d)["sha256"]),
            (self.word("签名", "signature"), self.word("如有，在孪生文件旁的 .json.sig", "if there is one, in the .json.sig beside the twin")),
        ]
        yield t.Facts(tuple((name, (said,)) for name, said in rows))
        yield t.Section(self.word("1 任务来源与需求判断", "1 Demand"), (t.Paragraph((fill,)),))

    def verified(self) -> Iterator[t.Block]:
        """2: clause by clause, what is verified and what is not, and why."""
        rows = []
        for subject in self.d.subjects:
            lacking = list(dict.fromkeys(self.of(e.lacking) for e in self.d.of(subject.name) if e.lacking is not None))
            name = self.word("整体", "whole") if subject.name == WHOLE else subject.name
            rows.append(t.row((name,), (self.of(KINDS[subject.kind]),), (self.of(subject.title),), (self.word("；", "; ").join(lacking[:3]) or "–",)))
        heads = t.heads(
            self.language, ("条款", "clause"), ("种类", "kind"), ("内容", "what it says"), ("未能验证之处及理由", "not verified, and why")
        )
        blocks: list[t.Block] = [t.Table("", heads, tuple(rows))]
        if self.d.left_out:
            blocks.append(t.Note((self.word("本文档没有的内容，不在验证之列：", "What the data do not have is not verified: "),)))
            blocks.append(t.Listing(tuple(t.Item((self.of(each),)) for each in self.d.left_out)))
        yield t.Section(self.word("2 验证对象与范围", "2 What is verified"), tuple(blocks))

    # 3, 4

    def basis(self) -> Iterator[t.Block]:
        said = self.word(
            "证据验证（条文、引用、例子、证明）、试验验证（方法的精密度研究）、以真实产品总体验证；结论只由下表的判据得出。",
            "By evidence (text, references, examples, proofs), by experiment (studies of the methods) and by real products; "
            "conclusions follow from these criteria alone.",
        )
        heads = t.heads(
            self.language,
            ("判据", "rule"),
            ("方面", "aspect"),
            ("证据", "evidence"),
            ("通过", "pass"),
            ("修改后通过", "pass after change"),
            ("否则", "otherwise"),
            ("阈值出处", "where from"),
        )
        rows = []
        for id_, rule in self.rules.items():
            name, grade = rule[self.language], rule["grade"]
            mark = f" · {grade}" if grade in GRADES and grade != "illustrative" else ""
            aspect, otherwise = (self.of(found) for found in (ASPECTS[rule["aspect"]], OUTCOMES[rule["otherwise"]]))  # type: ignore[index]
            rows.append(
                t.row(
                    (t.Code(id_), f" {name}"),
                    (aspect,),
                    (t.Code(rule["evidence"]),),
                    (rule["pass"],),
                    (rule["change"] or "–",),
                    (otherwise,),
                    (rule[f"source_{self.language}"] + mark,),
                )
            )
        plans = [self.grid(grid) for grid in self.d.grids if grid.id.startswith(f"{WHOLE}:plan")]
        yield t.Section(
            self.word("3 依据与方案", "3 Basis and plan"),
            (t.Paragraph((said,)), t.Table("", heads, tuple(rows)), t.Section(self.word("试验规模", "Size of the tests"), tuple(plans))),
        )

    def carried_out(self) -> Iterator[t.Block]:
        blocks: list[t.Block] = []
        for bound in self.d.studies:
            rows = [
                (self.word("性质", "property"), bound.property_id),
                (self.word("方法", "method"), bound.method or self.word("未写明", "not stated")),
                (self.word("来源", "source"), bound.source),
                (self.word("单位", "unit"), bound.unit.text),
                (self.word("与水平的关系", "relation with the level"), self.relation(bound)),
                (self.word("报告值", "a reported value"), self.word(f"{bound.results} 个结果的平均", f"the mean of {bound.results} result(s)")),
            ]
            held: list[t.Block] = [t.Note((self.word("示意，自拟", "made up"),), t.Kind.ILLUSTRATIVE)] if bound.illustrative else []
            blocks.append(t.Section(self.of(bound.title), (*held, t.Facts(tuple((name, (said,)) for name, said in rows)))))
        if not self.d.studies:
            blocks.append(t.Paragraph((self.word("没有方法的精密度研究。", "There is no precision study of a method."),)))
        if self.d.assumed:
            blocks.append(
                t.Section(self.word("数据的说明与假定", "Notes and assumptions"), (t.Listing(tuple(t.Item((self.of(a),)) for a in self.d.assumed)),))
            )
        yield t.Section(self.word("4 实施情况", "4 How it was carried out"), tuple(blocks))

    def relation(self, bound: Bound) -> str:
        constant, slope = bound.of_R
        return f"{self.of(RELATIONS[bound.relation])}; s_R: {number(constant)}, {number(slope)}; {100 * bound.deviation:.1f} %"

    # 5

    def results(self) -> Iterator[t.Block]:
        blocks: list[t.Block] = []
        for at, bound in enumerate(self.d.studies):
            blocks.append(t.Section(f"5.{at + 1} {self.of(bound.title)}", tuple(self.study(at, bound))))
        first = len(self.d.studies) + 1
        for number_, subject in enumerate(self.d.subjects, first):
            found = self.d.of(subject.name)
            inner: list[t.Block] = [self.evidence(found)] if found else []
            inner += [self.grid(g) for g in self.d.grids if g.subject == subject.name and not g.id.startswith(f"{WHOLE}:plan")]
            inner += [self.figure(chart_of(plot, self.language)) for plot in self.d.plots if plot.subject == subject.name]
            if inner:
                blocks.append(t.Section(f"5.{number_} {self.named(subject)}", tuple(inner)))
        yield t.Section(self.word("5 结果", "5 Results"), tuple(blocks))

    def named(self, subject: Subject) -> str:
        return self.word("标准整体", "The standard as a whole") if subject.name == WHOLE else f"{subject.name} {self.of(subject.title)}"

    def study(self, at: int, bound: Bound) -> Iterator[t.Block]:
        if bound.result is None:
            heads = t.heads(
                self.language, ("水平", "level"), ("m", "m"), ("s_r", "s_r"), ("s_R", "s_R"), ("实验室", "laboratories"), right=range(1, 5)
            )
            yield t.Table(
                self.word("声明的精密度", "declared precision"),
                heads,
                tuple(
                    t.row(
                        (each.name,),
                        (number(each.m),),
                        ("–" if each.s_r is None else number(each.s_r),),
                        (number(each.s_R),),
                        (number(each.labs, 3),),
                    )
                    for each in bound.levels
                ),
            )
            return
        for table in tables(bound.result, self.language):
            yield self.told(table)
        for which, chart in study_charts(self.d, self.language):
            if which == at:
                yield self.figure(chart)
        yield t.Listing(tuple(t.Item((line,)) for line in notes(bound.result, self.language)))

    def evidence(self, found: Sequence[Evidence]) -> t.Table:
        heads = t.heads(self.language, ("证据", "evidence"), ("内容", "what"), ("结果", "found"), ("依据", "with"))
        return t.Table(
            "",
            heads,
            tuple(
                t.row(
                    (t.Code(e.id),),
                    (self.of(e.title),),
                    (value_text(e, self.language),),
                    (self.of(e.said) if e.said else self.word("未验证，因为", "not verified, because ") + self.of(e.lacking) if e.lacking else "–",),
                )
                for e in found
            ),
        )

    def grid(self, grid: Grid) -> t.Block:
        heads = tuple(t.Column(self.of(head), right=at > 0) for at, head in enumerate(grid.heads))
        return t.Table(self.of(grid.title), heads, tuple(t.row(*((cell,) for cell in row)) for row in grid.rows))

    def told(self, table: Table) -> t.Block:
        if not table.rows:
            return t.Paragraph((table.title,))
        heads = tuple(t.Column(head, right=at in table.right) for at, head in enumerate(_headed(table)))
        return t.Table(table.title, heads, tuple(t.row(*((cell,) for cell in row)) for row in table.rows))

    def figure(self, chart: Chart) -> t.Block:
        table = self.told(chart.table)
        assert isinstance(table, t.Table), "a figure has numbers"
        return t.Figure(chart.alone(), f"{chart.title}: {chart.says}", chart.title, table)

    # 6

    def conclusions(self) -> Iterator[t.Block]:
        heads = t.heads(self.language, ("对象", "about"), *((a.zh, a.en) for a in ASPECTS.values()))
        by = {(c.subject, c.aspect): c for c in self.d.conclusions}
        rows = []
        for subject in self.d.subjects:
            cells: list[t.Line] = []
            for aspect in ASPECTS:
                found = by.get((subject.name, aspect))
                cells.append((outcome_mark(found.outcome, self.language),) if found else (NOTHING[0],))
            rows.append(t.row((self.word("整体", "whole") if subject.name == WHOLE else subject.name,), *cells))
        note = t.Note((f"{NOTHING[0]} {self.of(NOTHING[1])}",))
        sections = [self.concluded(subject, [c for c in self.d.conclusions if c.subject == subject.name]) for subject in self.d.subjects]
        made_up = {b.property_id for b in self.d.studies if b.illustrative}
        mark = t.Note((self.word("所依据的研究是自拟的", "the study it rests on is made up"),), t.Kind.ILLUSTRATIVE)
        wording = [
            t.Section(
                self.word(f"「{property_}」的精密度条款（建议文本，由研究生成）", f"Precision clause for {property_} (proposed, from the study)"),
                ((mark,) if property_ in made_up else ()) + (t.Paragraph((self.of(text),)),),
            )
            for property_, text in self.d.wording
        ]
        yield t.Section(self.word("6 逐条结论", "6 Conclusions"), (t.Table("", heads, tuple(rows)), note, *sections, *wording))

    def concluded(self, subject: Subject, found: Sequence[Conclusion]) -> t.Section:
        rows = []
        for each in found:
            ids = ", ".join(f"{f.evidence} ({f.rule})" for f in each.findings) or "–"
            rows.append(t.row((self.of(ASPECTS[each.aspect]),), (outcome_mark(each.outcome, self.language),), (self.of(each.why),), (ids,)))
        heads = t.heads(
            self.language,
            ("方面", "aspect"),
            ("结论", "conclusion"),
            ("理由或修改建议", "why, or what to change"),
            ("证据（判据）", "evidence (rule)"),
        )
        return t.Section(self.named(subject), (t.Table("", heads, tuple(rows)),))

    # 7, 8

    def limitations(self) -> Iterator[t.Block]:
        yield t.Section(self.word("7 局限", "7 Limitations"), (t.Listing(tuple(t.Item((self.of(each),)) for each in self.d.limits)),))

    def appendix(self) -> Iterator[t.Block]:
        heads = t.heads(self.language, ("文件", "file"), ("sha256", "sha256"))
        files = t.Table(self.word("读入的文件", "files that were read"), heads, tuple(t.row((name,), (t.Code(sha),)) for name, sha in self.d.files))
        number_ = self.d.about["number"]
        sources = tuple(
            t.Source(f"{number_} {s['id']}", s["id"], s["grade"], s["title"], s["address"], number_, s[f"why_{self.language}"])
            for s in self.d.sources
        )
        check = self.word("自检：guiju verify selftest 把公布的数值逐个重算。", "Self-test: guiju verify selftest computes published figures anew.")
        yield t.Section(
            self.word("8 附录", "8 Appendix"), (files, t.Paragraph((check,)), t.Section(self.word("出处", "Sources"), (t.Sources(sources),)))
        )


def _headed(table: Table) -> list[str]:
    """The heads of a table, as many as it has columns."""
    heads = list(table.header)
    return heads + [""] * (max(map(len, table.rows)) - len(heads))
