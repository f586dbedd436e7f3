"""The proposal printed, for the meeting that hears it: what the levels rest on, who would stand where, what they do, and, where the draft is out
for comments, the comments with their answers and the approval. It is told from the basis, as it was kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text, round_gb
from guiju.base.units import parse_unit
from guiju.frontrunner.authoring.figure import spread
from guiju.frontrunner.authoring.proposal import METHODS, TOWARDS
from guiju.frontrunner.authoring.told import ILLUSTRATIVE, STARS, percent
from guiju.report import tree as t
from guiju.standard.model import Title

Body = Mapping[str, Any]
COLUMNS = {"enterprise": Title("企业", "enterprise"), "within": Title("可比范围", "comparable range"), "price": Title("价格", "price"),
           "sales": Title("销量", "sales"), "on_sale": Title("上市日期", "on sale"), "brand": Title("品牌", "brand")}  # fmt: skip


def proposal_report(basis: Body, language: Language, engine: str, beside: Sequence[t.Block] = (), title: str = "") -> t.Report:
    """The report of a proposal.

    basis    as `basis_of` made it
    beside   what became of it: blocks put before all else
    """
    return _Writer(basis, language).report(engine, beside, title)


class _Writer:
    def __init__(self, basis: Body, language: Language) -> None:
        self.basis, self.language = basis, language

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, title: Body) -> str:
        return str(title[self.language])

    def report(self, engine: str, beside: Sequence[t.Block], title: str) -> t.Report:
        basis = self.basis
        called = title or self.word(f"等级界限的建议：{basis['standard']} {basis['title']['zh']}",
                                    f"Levels proposed: {basis['standard']} {basis['title']['en']}")  # fmt: skip
        populations = {each["population"]["sha256"]: self.of(each["population"]["title"]) for each in basis["indicators"]}
        origins = (t.Origin(basis["standard"], basis["content_hash"]), *(t.Origin(name, hash_) for hash_, name in populations.items()))
        blocks: list[t.Block] = []
        if basis["illustrative"]:
            blocks.append(t.Note((ILLUSTRATIVE.text(self.language),), t.Kind.ILLUSTRATIVE))
        blocks += [*beside, *(self.indicator(each) for each in basis["indicators"])]
        return t.Report(called, self.language, date.fromisoformat(basis["on"]), engine, origins, tuple(blocks))

    def indicator(self, each: Body) -> t.Section:
        parts = (self.population, self.levels, self.figure, self.standing, self.listed, self.changes, self.sensitivity, self.market)
        blocks = tuple(block for part in parts for block in part(each))
        return t.Section(f"{each['no']} {self.of(each['title'])}", blocks)

    def unit(self, each: Body) -> str:
        return parse_unit(each["unit"]).shown if each["unit"] else ""

    def amount(self, each: Body, value: str | None) -> str:
        return "–" if value is None else f"{value} {self.unit(each)}".strip()

    def population(self, each: Body) -> Iterator[t.Block]:
        found, method = each["population"], METHODS[each["method"]].text(self.language)
        if each["shares"]:
            method += self.word(f"；份额 {', '.join(each['shares'])}", f"; shares {', '.join(each['shares'])}")
        if each["decimals"] is not None:
            method += self.word(f"；修约到 {each['decimals']} 位，{TOWARDS[each['toward']].zh}",
                                f"; {each['decimals']} decimals, {TOWARDS[each['toward']].en}")  # fmt: skip
        columns = self.word("；", "; ").join(f"{COLUMNS[n].text(self.language)}: {held}" for n, held in found["columns"].items() if held)
        counts = self.word(f"{found['rows']} 行，{found['products']} 个产品有值，{found['outside']} 个不适用，{found['undetermined']} 个无法确定",
                           f"{found['rows']} rows, {found['products']} products with a value, {found['outside']} out of scope, "
                           f"{found['undetermined']} undetermined")  # fmt: skip
        held = each["capability"]
        limit = self.word("没有给出", "none given")
        if held is not None:
            limit = f"R = {self.amount(each, held['R'])}; {held['source']}; " + self.word(
                f"仅因换实验室重测，预计 {held['expected_changes']} 个产品改变等级",
                f"by measuring again elsewhere alone, {held['expected_changes']} products are expected to change level")  # fmt: skip
        rows: list[tuple[str, t.Line]] = [
            (self.word("总体", "population"), (self.of(found["title"]),)),
            (self.word("其中", "in it"), (counts,)),
            ("sha256", (t.Code(found["sha256"]),)),
            (self.word("所取的列", "columns read"), (columns or "–",)),
            (self.word("方法", "method"), (method,)),
            (self.word("国家限值", "national limit"), (self.amount(each, each["national"]),)),
            (self.word("测量能力", "measuring"), (limit,)),
        ]
        yield t.Facts(tuple(rows))

    def levels(self, each: Body) -> Iterator[t.Block]:
        n, before = each["population"]["products"], each["in_force"]
        heads = t.heads(self.language, ("等级", "level"), ("建议的界限", "proposed"), ("现行", "in force"), ("推得", "derived"), ("达到", "reach it"),
                        ("占产品", "of products"), right=range(1, 6))  # fmt: skip
        rows = []
        for level in each["levels"]:
            at = level["level"]
            held = before[at - 1] if before is not None and at <= len(before) else None
            name = f"{at} {STARS[at].text(self.language)}" if at in STARS else str(at)
            limit = self.word("（取国家限值）", " (the national limit)") if level["held_to_national"] else ""
            cells = (name, self.amount(each, level["threshold"]) + limit, self.amount(each, held), level["derived"], str(level["count"]),
                     percent(level["count"], n))  # fmt: skip
            rows.append(tuple((cell,) for cell in cells))
        yield t.Table(self.word("界限", "Thresholds"), heads, tuple(rows))

    def figure(self, each: Body) -> Iterator[t.Block]:
        bins = [(float(low), float(high), tuple(counts)) for low, high, counts in each["bins"]]
        national = None if each["national"] is None else _double(each["national"])
        thresholds = [_double(level["threshold"]) for level in each["levels"]]
        made = spread(self.of(each["title"]), self.unit(each), bins, thresholds, national, self.language)
        columns = tuple(t.Column(title, right=True) for title in made.table.header)
        table = t.Table(
            self.word("图的数值", "the numbers of the drawing"), columns, tuple(tuple((cell,) for cell in row) for row in made.table.rows)
        )
        yield t.Figure(made.alone(), made.says, made.title, table)

    def by_level(self, each: Body, first: tuple[str, str], counts: Mapping[str, Sequence[int]], caption: str) -> t.Table:
        levels = range(1, len(each["levels"]) + 1)
        heads = t.heads(
            self.language, first, *((f"{level} 级", f"level {level}") for level in levels), ("未达", "none"), right=range(1, len(levels) + 2)
        )
        rows = tuple(t.row((word or "–",), *((t.count(count),) for count in held)) for word, held in counts.items())
        return t.Table(caption, heads, rows)

    def standing(self, each: Body) -> Iterator[t.Block]:
        held = each["changes"]["counts"]
        compared = {self.word("按建议", "as proposed"): each["counts"]}
        if len(held) == len(each["counts"]):
            compared[self.word("所比的（现行）", "compared with (in force)")] = held
        yield self.by_level(each, ("产品数", "products"), compared, self.word("各级的产品", "Products by level"))
        if set(each["by_range"]) - {""}:
            yield self.by_level(each, ("可比范围", "comparable range"), each["by_range"], self.word("按可比范围", "By comparable range"))
        if set(each["by_enterprise"]) - {""}:
            caption = self.word("按企业（次序没有含义）", "By enterprise (the order means nothing)")
            yield self.by_level(each, ("企业", "enterprise"), each["by_enterprise"], caption)
            yield from self.rest(each["enterprises"] - len(each["by_enterprise"]))

    def listed(self, each: Body) -> Iterator[t.Block]:
        heads = t.heads(self.language, ("产品", "product"), ("企业", "enterprise"), ("值", "value"), ("等级", "level"), right=(2, 3))
        rows = tuple(((p["key"],), (p["enterprise"] or "–",), (self.amount(each, p["value"]),), (self.level(p["level"]),)) for p in each["products"])
        yield t.Table(self.word("谁会在哪一级（次序没有含义）", "Who would stand where (the order means nothing)"), heads, rows)
        yield from self.rest(each["population"]["products"] - len(rows))

    def level(self, level: int | None) -> str:
        return self.word("未达", "none") if level is None else str(level)

    def rest(self, more: int) -> Iterator[t.Block]:
        if more > 0:
            yield t.Paragraph((self.word(f"另有 {more:,} 项未列出。", f"{more:,} more are not listed."),))

    def changes(self, each: Body) -> Iterator[t.Block]:
        found = each["changes"]
        said = self.word(f"与所比的相比，{found['rise']} 个产品上升，{found['fall']} 个下降。",
                         f"Against what it is compared with, {found['rise']} products rise and {found['fall']} fall.")  # fmt: skip
        yield t.Paragraph((said,))
        if found["products"]:
            heads = t.heads(
                self.language, ("产品", "product"), ("企业", "enterprise"), ("值", "value"), ("原", "before"), ("新", "after"), right=(2, 3, 4)
            )
            rows = tuple(((p["key"],), (p["enterprise"] or "–",), (self.amount(each, p["value"]),), (self.level(p["before"]),),
                          (self.level(p["after"]),)) for p in found["products"])  # fmt: skip
            yield t.Table(self.word("谁升谁降", "Who rises, who falls"), heads, rows)
            yield from self.rest(found["rise"] + found["fall"] - len(rows))

    def sensitivity(self, each: Body) -> Iterator[t.Block]:
        moved = [[(m["by"], m["count"]) for m in level["sensitivity"]] for level in each["levels"]]
        titles = [f"{'+' if Fraction(by) > 0 else ''}{decimal_text(Fraction(by) * 100)} %" for by, _ in moved[0]]
        heads = t.heads(self.language, ("等级", "level"), ("现在达到", "reach it"), *((f"界限 {by}", f"threshold {by}") for by in titles),
                        right=range(1, len(titles) + 2))  # fmt: skip
        rows = tuple(t.row((str(level["level"]),), (t.count(level["count"]),), *((t.count(count),) for _, count in held))
                     for level, held in zip(each["levels"], moved, strict=True))  # fmt: skip
        yield t.Table(
            self.word("敏感性：界限移动后达到的产品（逐个数出）", "Sensitivity: products that reach a moved threshold (counted)"), heads, rows
        )

    def market(self, each: Body) -> Iterator[t.Block]:
        found = each["market"]
        parts = {self.word("产品", "products"): found["products"]}
        if found["sales"] is not None:
            parts[self.word("销量", "sales")] = found["sales"]
        for price in found["price_classes"]:
            parts[f"{self.word('价格', 'price')} {price['from']}–{price['to']}"] = price["products"]
        levels = range(1, len(each["levels"]) + 1)
        heads = t.heads(self.language, ("占比", "share of"), *((f"{level} 级", f"level {level}") for level in levels), ("未达", "none"),
                        right=range(1, len(levels) + 2))  # fmt: skip
        rows = tuple(((name,), *((percent(Fraction(part), sum(map(Fraction, held))),) for part in held)) for name, held in parts.items())
        yield t.Table(self.word("对市场的影响", "Effect on the market"), heads, rows)
        index = found["concentration_level_1"]
        if index is not None:
            shown = decimal_text(round_gb(Fraction(index.lstrip("≈")), Fraction(1, 1000)))
            yield t.Paragraph(
                (self.word(f"1 级的企业集中度（赫芬达尔指数）：{shown}。", f"Concentration of level 1 by enterprise (Herfindahl): {shown}."),)
            )


def _double(text: str) -> float:
    """Of the text of an exact number, or of one that is cut off."""
    return float(text.lstrip("≈"))
