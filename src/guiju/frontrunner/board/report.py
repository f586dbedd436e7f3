"""Boards as a report: what a run found, in the forms reports have. It is told from the twin and from where products stand, as pages are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.frontrunner.board.figure import SAID, distribution
from guiju.frontrunner.board.model import Entry, Overall, Placed
from guiju.frontrunner.board.words import (
    APART,
    BARRED,
    ENTITIES,
    ILLUSTRATIVE,
    KINDS,
    LEVELS,
    NO_ORDER,
    REACHED,
    REFERENCES,
    UNFORMED,
    VOLUNTARY,
    WHY,
    WITHHELD,
    limit_text,
    range_text,
)  # fmt: skip
from guiju.frontrunner.entity import Enterprise
from guiju.report import tree as t
from guiju.report.cited import GRADES

LISTED = 200
"""Rows of a table where nothing else is asked; how many more there are is said below it."""
Body = Mapping[str, Any]


def board_report(body: Body, placed: Placed, language: Language, engine: str, listed: int = LISTED,
                 names: Mapping[str, Enterprise] | None = None) -> t.Report:  # fmt: skip
    """The evaluation report of a board run.

    body     the twin
    listed   entries of a band, products apart and declared standards compared that are told one by one
    names    code → the enterprise, as the library has it; without, codes alone are told
    """
    return _Writer(body, placed, language, listed, names or {}).report(engine)


class _Writer:
    def __init__(self, body: Body, placed: Placed, language: Language, listed: int, names: Mapping[str, Enterprise]) -> None:
        self.body, self.placed, self.language, self.listed, self.names = body, placed, language, listed, names
        self.indicators = {each["name"]: each for each in body["indicators"]}

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def firm(self, code: str) -> str:
        """An enterprise by its name, with its code."""
        name = self.names[code].title.text(self.language) if code in self.names else code
        return code if name == code else self.word(f"{name}（{code}）", f"{name} ({code})")

    def report(self, engine: str) -> t.Report:
        body, scheme, standard = self.body, self.body["scheme"], self.body["standard"]
        title = self.word(f"单项排行榜与综合比对：{scheme['title']['zh']}", f"Boards and overall comparison: {scheme['title']['en']}")
        origins = (t.Origin(standard["number"], standard["hash"]),
                   t.Origin(self.word(f"方案 {scheme['id']}", f"scheme {scheme['id']}"), scheme["hash"]),
                   t.Origin(self.word("企业标准库", "library"), body["library"]),
                   *(t.Origin(self.word("快照", "snapshot"), each) for each in body["snapshots"]))  # fmt: skip
        blocks = (self.facts(), *self.notes(), self.mandatory(), *self.boards(), self.overall(), *self.absent(), *self.sources())
        return t.Report(title, self.language, date.fromisoformat(body["on"]), engine, origins, blocks)

    def facts(self) -> t.Block:
        body, scheme, standard = self.body, self.body["scheme"], self.body["standard"]
        boarded = body["products"] - sum(body["barred"].values())
        rows: list[tuple[str, t.Line]] = [
            (self.word("评价标准", "evaluation standard"), (f"{standard['number']} {standard['title'][self.language]}",)),
            (self.word("评估机构", "evaluator"), (scheme["evaluator"][self.language],)),
            (self.word("年度", "cycle"), (str(scheme["cycle"]),)),
            (self.word("对象", "subject"), (self.word(*ENTITIES[scheme["entity"]]),)),
            (self.word("可比范围", "comparable range"), (self.word("、", ", ").join(each[self.language] for each in body["range_titles"]) or "—",)),
            (self.word("型号", "models"), (t.count(body["products"]), self.word("，上榜比较 ", ", compared "), t.count(boarded))),
            (self.word("综合比对的标准", "declared standards compared"), (t.count(body["compared"]), self.word("，入围 ", ", shortlisted "),
                                                                   t.count(body["shortlisted"]))),
        ]  # fmt: skip
        return t.Facts(tuple(rows))

    def notes(self) -> Iterator[t.Block]:
        if self.body["illustrative"]:
            yield t.Note((self.word(*ILLUSTRATIVE),), t.Kind.ILLUSTRATIVE)
        if self.body["form"] == "none":
            yield t.Note((self.word(*UNFORMED),), t.Kind.WARNING)
        yield t.Note((self.word(*NO_ORDER),))
        yield t.Note((self.word(*VOLUNTARY),))

    def mandatory(self) -> t.Section:
        heads = t.heads(self.language, ("条款", "clause"), ("满足", "met"), ("不满足", "not met"), ("不能判定", "undetermined"),
                        ("不适用", "not applicable"), right=range(1, 5))  # fmt: skip
        rows = [
            ((m["clause"],), *((t.count(m[key]),) for key in ("passed", "failed", "undetermined", "not_applicable"))) for m in self.body["mandatory"]
        ]
        return t.Section(self.word("基本要求（强制性，不分级）", "Basic requirements (mandatory, ungraded)"),
                         (t.Table(self.word("范围内的型号", "models in scope"), heads, tuple(rows)),))  # fmt: skip

    # boards

    def boards(self) -> Iterator[t.Section]:
        for range_ in self.body["ranges"]:
            within = tuple(self.board(board) for board in self.body["boards"] if board["range"] == range_)
            yield t.Section(f"{self.word('单项排行榜', 'Boards')}：{range_text(self.body, range_, self.language)}", within)

    def board(self, board: Body) -> t.Section:
        indicator = self.indicators[board["indicator"]]
        blocks: list[t.Block] = []
        if board["withheld"]:
            blocks.append(t.Note((self.word(*WITHHELD[board["withheld"]]),), t.Kind.WARNING))
        svg = distribution(board, indicator, self.language, alone=True)
        if svg is not None:
            caption = self.word("声明值的分布", "Distribution of declared values")
            blocks.append(t.Figure(svg.encode(), self.word(*SAID), caption, self.steps(board, indicator)))
        blocks.append(self.bands(board, indicator))
        if board["reached"]:
            blocks.append(t.Paragraph((self.word(*REACHED),)))
        for name, why in indicator.get("no_reference", {}).items():
            blocks.append(t.Paragraph((f"{self.word(*REFERENCES[name])}{self.word('：没有，', ': none, because ')}{why[self.language]}",)))
        if not board["withheld"]:
            for band in board["bands"]:
                blocks += self.entries(board, indicator, band) if band["entries"] else ()
        blocks += self.apart(board)
        return t.Section(f"{indicator['no']} {indicator['title'][self.language]}（{self.word(*KINDS[indicator['kind']])}）", tuple(blocks))

    def steps(self, board: Body, indicator: Body) -> t.Table:
        columns = (t.Column(self.word("从", "from"), indicator["unit"] or "", True), t.Column(self.word("到", "to"), indicator["unit"] or "", True),
                   t.Column(self.word("型号数", "models"), right=True))  # fmt: skip
        rows = tuple(((step["low"],), (step["high"],), (t.count(step["models"]),)) for step in board["counts"])
        return t.Table(self.word("声明值的分布", "distribution of declared values"), columns, rows)

    def bands(self, board: Body, indicator: Body) -> t.Table:
        sign = "≥" if indicator["better"] == "higher" else "≤"
        heads = t.heads(self.language, ("档", "band"), ("门槛", "threshold"), ("标准数", "declared standards"), ("型号数", "models"), right=(2, 3))
        rows = [((self.word(*LEVELS[band["level"]]),), (threshold(board, indicator, at),), (t.count(band["entries"]),),
                 (t.count(band["models"]),)) for at, band in enumerate(board["bands"])]  # fmt: skip
        rows += [((self.word(*REFERENCES[name]),), (self.reference(indicator["references"][name], sign),), (t.count(found["entries"]),),
                  (t.count(found["models"]),)) for name, found in board["reached"].items()]  # fmt: skip
        return t.Table(self.word("各档", "bands"), heads, tuple(rows))

    def reference(self, reference: Body, sign: str) -> str:
        unit = f" {reference['unit']}" if reference["unit"] else ""
        illustrative = self.word("，示意", ", illustrative") if reference["grade"] == "illustrative" else ""
        return f"{sign} {reference['value']}{unit}（{reference['population'][self.language]}，{reference['on']}{illustrative}）"

    def entries(self, board: Body, indicator: Body, band: Body) -> Iterator[t.Block]:
        found = self.placed.entries(tuple(board["range"]), board["indicator"], band["level"], limit=self.listed)
        references = sorted(board["reached"])
        heads = t.heads(
            self.language, ("企业", "enterprise"), ("企业标准", "declared standard"), ("型号", "models"), *(REFERENCES[name] for name in references)
        )
        rows = tuple(((self.firm(each.enterprise),), (f"{each.standard} ({each.edition})",), (self.models(each),),
                      *((self.reached(each.reached.get(name)),) for name in references)) for each in found)  # fmt: skip
        yield t.Table(self.word(*LEVELS[band["level"]]), heads, rows)
        yield from self.rest(band["entries"] - len(found))

    def models(self, entry: Entry) -> str:
        more = entry.count - len(entry.models)
        return self.word("、", ", ").join(entry.models) + (self.word(f" 等 {entry.count} 个", f" and {more} more") if more else "")

    def reached(self, reached: bool | None) -> str:
        return self.word(*{True: ("达到", "reached"), False: ("未达到", "not reached"), None: ("无数据", "no data")}[reached])

    def rest(self, more: int) -> Iterator[t.Block]:
        if more > 0:
            yield t.Paragraph((self.word(f"另有 {more:,} 项未列出。", f"{more:,} more are not listed."),))

    def apart(self, board: Body) -> Iterator[t.Block]:
        total = sum(board["apart"].values())
        if not total:
            return
        said = self.word("，", ", ").join(f"{self.word(*APART[name])} {count:,}" for name, count in board["apart"].items() if count)
        yield t.Paragraph((self.word(f"未列入任何一档的型号：{said}。", f"Models in no band: {said}."),))
        found = self.placed.apart(tuple(board["range"]), board["indicator"], limit=self.listed)
        heads = t.heads(self.language, ("型号", "model"), ("企业标准", "declared standard"), ("原因", "reason"))
        rows = tuple(((each.model,), (f"{self.firm(each.enterprise)} {each.standard} ({each.edition})",),
                      (self.word(*APART[each.reason]) + (f": {each.detail}" if each.detail else ""),)) for each in found)  # fmt: skip
        yield t.Table(self.word("不在任何一档的型号", "models in no band"), heads, rows)
        yield from self.rest(total - len(found))

    # the whole

    def overall(self) -> t.Section:
        found = self.placed.overall(limit=self.listed)
        heads = t.heads(self.language, ("企业", "enterprise"), ("企业标准", "declared standard"), ("可比范围", "range"), ("全面性", "completeness"),
                        ("先进性", "advancement"), ("编写", "drafting"), ("得分", "score"), ("结果", "outcome"), right=range(3, 7))  # fmt: skip
        rows = tuple((
            (self.firm(each.enterprise),), (f"{each.standard} ({each.edition})",), (range_text(self.body, each.range, self.language),),
            (self.share(each.completeness),), (self.share(each.advancement),), (self.share(each.drafting),), (shown(each.score),),
            (self.outcome(each),),
        ) for each in found)  # fmt: skip
        said = self.word("得分是精确分数，满分 100，这里写到两位小数。一个标准的等级取它上榜各型号中最低的。按企业代码列出，次序没有含义。",
                         "Scores are exact, of 100, and shown here to two places. The level of a declared standard is the lowest of its models "
                         "on boards. Listed by enterprise code, which means nothing.")  # fmt: skip
        table = t.Table(self.word("综合比对", "overall comparison"), heads, rows)
        return t.Section(self.word("综合比对", "Overall comparison"), (t.Paragraph((said,)), table, *self.rest(self.body["compared"] - len(found))))

    def share(self, value: Fraction) -> str:
        return f"{shown(100 * value)} %"

    def outcome(self, each: Overall) -> str:
        if each.shortlisted:
            return self.word("入围", "shortlisted")
        return self.word("；", "; ").join(self.word(*WHY[why]) for why in each.why)

    def absent(self) -> Iterator[t.Section]:
        barred = self.body["barred"]
        if not barred:
            return
        heads = t.heads(self.language, ("原因", "reason"), ("型号数", "models"), right=(1,))
        counts = t.Table(self.word("未参加比较的型号", "models not compared"), heads,
                         tuple(((self.word(*BARRED[name]),), (t.count(count),)) for name, count in barred.items()))  # fmt: skip
        found = self.placed.barred(limit=self.listed)
        listed = t.heads(self.language, ("型号", "model"), ("企业标准", "declared standard"), ("原因", "reason"))
        rows = tuple(((each.model or each.product,), (f"{self.firm(each.enterprise)} {each.standard} ({each.edition})",),
                      (self.word(*BARRED[each.reason]) + (f": {each.detail}" if each.detail else ""),)) for each in found)  # fmt: skip
        table = t.Table(self.word("逐个列出", "one by one"), listed, rows)
        forms = tuple(t.Item((f"{each['standard']} ({each['edition']})：" + self.word("；", "; ").join(why[self.language] for why in each["why"]),))
                      for each in self.body["form_bars"][: self.listed])  # fmt: skip
        more = self.rest(len(self.body["form_bars"]) - len(forms))
        listing = (t.Paragraph((self.word("形式审查排除的标准：", "Standards the form check bars:"),)), t.Listing(forms), *more) if forms else ()
        yield t.Section(
            self.word("不在榜上的型号与原因", "Who is on no board, and why"), (counts, table, *self.rest(sum(barred.values()) - len(found)), *listing)
        )

    def sources(self) -> Iterator[t.Section]:
        made = [t.Source(f"{each['of']} {each['id']}", each["id"], each["grade"], each["title"], each["address"], each["of"],
                         each["why"][self.language] if each["why"] else "") for each in self.body["sources"]]  # fmt: skip
        if made:
            grades = [f"{grade} {self.word(*GRADES[grade])}" for grade in GRADES if any(each.grade == grade for each in made)]
            said = self.word("证据等级：", "Grades of evidence: ") + self.word("；", "; ").join(grades)
            yield t.Section(self.word("出处", "Sources"), (t.Paragraph((said,)), t.Sources(tuple(made))))


def threshold(board: Body, indicator: Body, at: int) -> str:
    """What a band asks: a value, or as the standard writes it where that is not one number."""
    sign, line = "≥" if indicator["better"] == "higher" else "≤", board["lines"][at]
    if line is None:
        return f"{sign} {limit_text(indicator['levels'][at])}"
    return f"{sign} {line}" + (f" {indicator['unit']}" if indicator["unit"] not in (None, "1") else "")


def shown(value: Fraction) -> str:
    """To two places."""
    return decimal_text(round(value, 2))
