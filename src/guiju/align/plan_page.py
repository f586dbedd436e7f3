"""The page of a test plan: what is printed, written and handed over of it, in words and rows. Nothing is added to the plan here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.align.needs import Need
from guiju.align.testplan import Plan, Unserved
from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text, round_gb
from guiju.standard.model import Title
from guiju.standard.regions import Regions


@dataclass(frozen=True, slots=True)
class Table:
    """right   the columns of numbers"""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    right: tuple[int, ...] = ()


_PROOFS = {
    "reduction": ("最省：逐项推定", "the cheapest: every test could be decided by looking"),
    "exact": ("最省：已用整数运算证明", "the cheapest: proved in whole numbers"),
    "solver": ("最省：HiGHS 的结论，未另行证明", "the cheapest: on the word of HiGHS, not proved besides"),
    "none": ("时间用完，未必最省", "the time was up: there may be something cheaper"),
}


class Page:
    """A plan in a language."""

    def __init__(self, plan: Plan, regions: Regions, language: Language) -> None:
        self.plan, self.regions, self.language = plan, regions, language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def text(self, title: Title) -> str:
        return title.text(self.language)

    def region(self, code: str) -> str:
        return self.text(self.regions.held[code].title)

    def listed(self, codes: Sequence[str]) -> str:
        """Regions by name; all of them, or too many for a cell, in a word."""
        if len(codes) == len(self.plan.regions) > 1:
            return self.say("全部", "all")
        named = self.say("、", ", ").join(self.region(code) for code in codes[:4])
        return named + (self.say(f"等 {len(codes)} 个", f" … ({len(codes)})") if len(codes) > 4 else "")

    @property
    def title(self) -> str:
        named = self.listed(self.plan.regions) if len(self.plan.regions) > 4 else self.say("、", ", ").join(map(self.region, self.plan.regions))
        return self.say(f"试验计划：{named}", f"test plan: {named}")

    @property
    def warning(self) -> str:
        """What is said wherever costs are shown that somebody made up."""
        if not self.plan.catalogue.illustrative:
            return ""
        return self.say("! 示意：费用、天数、试验室与认可范围为自拟，不是任何试验室的报价",
                        "! illustrative: costs, days, laboratories and acceptance are made up and nobody's offer")  # fmt: skip

    def laboratory(self, name: str) -> str:
        held = self.plan.catalogue.laboratories
        return self.text(held[name]) if name in held else name or "–"

    def steps(self) -> Table:
        header = (self.say("试验", "test"), self.say("内容", "what"), self.say("试验室", "laboratory"), self.say("天", "days"),
                  self.say("费用（元）", "cost (元)"), self.say("要求", "needs"), self.say("地区", "regions"))  # fmt: skip
        rows: list[tuple[str, ...]] = []
        for step in self.plan.steps:
            offer = step.offer
            where = tuple(code for code in self.plan.regions if any(code in served.regions for served in step.serves))
            days = self.say("已有", "in hand") if step.passed else f"{decimal_text(step.begins)}–{decimal_text(step.ends)}"
            cost = "0" if step.passed else money(offer.cost)
            served = self.listed(where) if where else self.say("准备", "first")
            rows.append((offer.id, self.text(offer.title), self.laboratory(offer.laboratory), days, cost, str(len(step.serves)), served))
        return Table(self.title, header, rows, (3, 4, 5))

    def unserved(self) -> Table:
        header = (self.say("标准", "standard"), self.say("条款", "clause"), self.say("性质", "property"), self.say("地区", "regions"),
                  self.say("为什么", "why"))  # fmt: skip
        rows: list[tuple[str, ...]] = []
        for each in self.plan.unserved:
            rows.append((each.need.standard, each.need.no, self.asked(each.need), self.listed(each.regions), self.why(each)))
        return Table(self.say("目录中没有试验能证明", "no test of the catalogue shows"), header, rows)

    def asked(self, need: Need) -> str:
        by = [word for word in (need.method, (need.cycle or "").upper(), need.metering) if word]
        return self.text(need.name) + (self.say(f"（{'，'.join(by)}）", f" ({', '.join(by)})") if by else "")

    def why(self, unserved: Unserved) -> str:
        if not unserved.near:
            return self.say("没有试验给出这一性质", "no test gives this property")
        return self.say("；", "; ").join(f"{near.offer.id}: {self.text(near.why)}" for near in unserved.near)

    def alone(self) -> Table:
        header = (self.say("地区", "region"), self.say("试验数", "tests"), self.say("费用（元）", "cost (元)"), self.say("依据", "how known"))
        rows: list[tuple[str, ...]] = []
        for each in self.plan.alone:
            rows.append((self.region(each.region), str(len(each.tests)), money(each.cost), self.proof(each.proof, each.cost, each.bound)))
        return Table(self.say("各地区单独试验", "every region by itself"), header, rows, (1, 2))

    def proof(self, proof: str, cost: Fraction, bound: Fraction) -> str:
        said = self.say(*_PROOFS[proof])
        if proof != "none":
            return said
        share = decimal_text(round_gb((cost - bound) / cost * 100, Fraction(1, 100)))
        low = money(bound)
        return said + self.say(f"；下界 {low} 元（HiGHS），至多贵 {share} %", f"; not below {low} 元 (HiGHS), at most {share} % too dear")

    def papers(self) -> Table:
        header = (self.say("标准", "standard"), self.say("条款", "clause"), self.say("内容", "what"))
        rows: list[tuple[str, ...]] = [(need.standard, need.no, self.text(need.name)) for need in self.plan.papers]
        return Table(self.say("由文件或检查证明，不在试验之内", "to be shown by papers or inspection, no part of the tests"), header, rows)

    def summary(self) -> list[str]:
        """What it comes to, a sentence to a line."""
        plan = self.plan
        samples = self.say("、", ", ").join(f"{n} {self.sample(kind)}" for kind, n in plan.samples.items())
        with_samples = self.say(f"（含样品：{samples}）", f" (with samples: {samples})") if samples else ""
        busy = self.say("，", ", ").join(f"{self.laboratory(name)} {decimal_text(days)}" for name, days in plan.laboratories.items())
        days = decimal_text(plan.days)
        said = [
            self.say("合计 ", "") + f"{money(plan.cost)} 元{with_samples}" + self.say("；", "; ") + self.proof(plan.proof, plan.cost, plan.bound),
            self.say(f"{days} 天完成；各试验室天数：{busy}", f"{days} days; by laboratory: {busy}"),
        ]
        if plan.alone:
            total, saved, times = money(plan.cost + plan.saved), money(plan.saved), sum(plan.repeated.values()) - len(plan.repeated)
            said.append(self.say(f"各地区单独试验共 {total} 元；合并省 {saved} 元，少重复 {times} 次试验",
                                 f"region by region it is {total} 元; together saves {saved} 元 and {times} tests done again"))  # fmt: skip
        counts = (
            (len(plan.unserved), "✗ {} 项要求没有试验能证明", "✗ needs that no test shows: {}"),
            (len(plan.papers), "{} 项由文件或检查证明", "needs shown by papers or inspection: {}"),
            (len(plan.told), "另须告知 {} 项：条件与限值取决于它们", "facts to be told besides, on which conditions and limits depend: {}"),
        )
        said += [self.say(zh, en).format(count) for count, zh, en in counts if count]
        return [*said, *([self.warning] if self.warning else [])]

    def sample(self, kind: str) -> str:
        held = self.plan.catalogue.samples
        return self.text(held[kind][0]) if kind in held else kind or self.say("样品", "samples")

    # written out

    def trace(self) -> Iterator[tuple[str, ...]]:
        """A row for every need in every region: what shows it."""
        shown: dict[tuple[int, str], list[str]] = {}
        for step in self.plan.steps:
            for served in step.serves:
                for code in served.regions:
                    shown.setdefault((id(served.need), code), []).append(step.offer.id)
        needs = {id(served.need): served.need for step in self.plan.steps for served in step.serves}
        needs |= {id(each.need): each.need for each in self.plan.unserved}
        for key, need in sorted(needs.items(), key=lambda pair: (pair[1].standard, pair[1].where.line, pair[1].no, pair[1].asked)):
            for code in need.regions:
                yield *self.described(need, code), ", ".join(shown.get((key, code), ())) or "✗"
        for need in self.plan.papers:
            for code in need.regions:
                yield *self.described(need, code), self.say("文件", "papers")

    def described(self, need: Need, code: str) -> tuple[str, ...]:
        by = need.method or "", need.cycle or "", need.metering or ""
        return code, need.standard, need.no, self.text(need.title), need.strength, need.asked, *by, f"{_file(need)}:{need.where.line}"

    @property
    def trace_header(self) -> tuple[str, ...]:
        return (self.say("地区", "region"), self.say("标准", "standard"), self.say("条款", "clause"), self.say("条款内容", "title"),
                self.say("要求程度", "strength"), self.say("性质", "property"), self.say("方法", "method"), self.say("循环", "cycle"),
                self.say("计量点", "metering"), self.say("位置", "place"), self.say("由何试验", "shown by"))  # fmt: skip

    def csv(self) -> str:
        """The trace as CSV, which a spreadsheet opens; the last column says what is illustrative."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        mark = self.say("示意", "illustrative")
        writer.writerow([*self.trace_header, mark])
        for row in self.trace():
            writer.writerow([*row, "1" if self.plan.catalogue.illustrative else "0"])
        return out.getvalue()

    def markdown(self) -> str:
        """The whole plan as a page."""
        told = [f"- {each.standard} {self.text(each.name)} (`{each.asked}`)" for each in self.plan.told]
        parts = [f"# {self.title}", "\n".join(f"- {line}" for line in self.summary()), _block("", self.steps().header, self.steps().rows)]
        for each in (self.unserved(), self.alone(), self.papers()):
            parts += [_block(each.title, each.header, each.rows)] if each.rows else []
        parts += [f"## {self.say('另须告知', 'To be told besides')}", "\n".join(told)] if told else []
        parts.append(_block(self.say("逐条", "Need by need"), self.trace_header, list(self.trace())))
        return "\n\n".join(parts) + "\n"

    def json(self) -> dict[str, Any]:
        """Everything, in plain values; numbers as exact text."""
        plan = self.plan
        return {
            "regions": list(plan.regions), "standards": list(plan.standards), "illustrative": plan.catalogue.illustrative,
            "cost": decimal_text(plan.cost), "unit": "元", "bound": decimal_text(plan.bound), "gap": decimal_text(plan.gap), "proof": plan.proof,
            "days": decimal_text(plan.days), "laboratories": {name: decimal_text(days) for name, days in plan.laboratories.items()},
            "samples": dict(plan.samples), "saved": decimal_text(plan.saved), "repeated": plan.repeated,
            "tests": [{"id": s.offer.id, "zh": s.offer.title.zh, "en": s.offer.title.en, "passed": s.passed, "cost": decimal_text(s.offer.cost),
                       "method": s.offer.method, "laboratory": s.offer.laboratory, "begins": decimal_text(s.begins), "ends": decimal_text(s.ends),
                       "source": s.offer.source, "grade": s.offer.grade,
                       "serves": [{**_need(served.need), "regions": list(served.regions)} for served in s.serves]} for s in plan.steps],
            "unserved": [{**_need(u.need), "regions": list(u.regions),
                          "near": [{"test": n.offer.id, "zh": n.why.zh, "en": n.why.en} for n in u.near]} for u in plan.unserved],
            "papers": [{**_need(need), "regions": list(need.regions)} for need in plan.papers],
            "told": [{"standard": t.standard, "property": t.asked} for t in plan.told],
            "alone": [{"region": a.region, "tests": list(a.tests), "cost": decimal_text(a.cost), "bound": decimal_text(a.bound), "proof": a.proof}
                      for a in plan.alone],
            "diagnostics": [d.as_json() for d in plan.diagnostics],
        }  # fmt: skip


def money(value: Fraction) -> str:
    """An amount with its thousands apart."""
    whole, dot, rest = decimal_text(value).partition(".")
    return f"{int(whole):,}{dot}{rest}"


def _file(need: Need) -> str:
    """The file of a clause, with its folder, wherever the shelf lies."""
    return "/".join(need.where.file.replace("\\", "/").split("/")[-2:])


def _need(need: Need) -> dict[str, Any]:
    place = {"file": _file(need), "line": need.where.line}
    return {"standard": need.standard, "clause": need.no, "strength": need.strength, "property": need.asked, "method": need.method,
            "cycle": need.cycle, "metering": need.metering, "where": place}  # fmt: skip


def _block(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"## {name}\n"] if name else []
    lines += ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)])
