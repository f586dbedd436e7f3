"""Render: a standard as a document for people, zh or en, in Markdown and HTML.

It prints the surface, not the lowered graph: names, table rows and conversions stand as they were written. Every expression is printed as
code, in the order of `surface`, and reads back to the same expression; a test does so for every standard in both languages.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from guiju.base.diagnostics import Language, Problems, Span
from guiju.base.page import whole_page
from guiju.base.rounding import decimal_text
from guiju.base.times import zone_text
from guiju.ir.program import Program
from guiju.standard import expression as ex
from guiju.standard.document import Scalar
from guiju.standard.expression import parse
from guiju.standard.model import Best, Clause, Correction, Input, Standard, Table, Title
from guiju.standard.writing import Naming, labels, naming, ranked, row_condition, unnamed, write


@dataclass(frozen=True, slots=True)
class Code:
    """An expression as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The id of a source, where citations of it lead."""

    id: str


@dataclass(frozen=True, slots=True)
class Link:
    address: str


@dataclass(frozen=True, slots=True)
class Named:
    """Where a name is declared: expressions that mention it lead here."""

    name: str
    text: str


Inline = str | Code | Anchor | Link | Named

WORDS = {
    "international": ("国际标准", "international"), "national": ("国家标准", "national"), "industry": ("行业标准", "industry"),
    "local": ("地方标准", "local"), "group": ("团体标准", "group"), "enterprise": ("企业标准", "enterprise"), "policy": ("政策文件", "policy"),
    "draft": ("草案", "draft"), "published": ("已发布", "published"), "in-force": ("现行", "in force"), "superseded": ("被代替", "superseded"),
    "withdrawn": ("废止", "withdrawn"), "replaces": ("代替", "replaces"), "cites": ("引用", "cites"), "amends": ("修改", "amends"),
    "implements": ("实施", "implements"), "basic": ("基础指标", "basic"), "core": ("核心指标", "core"), "innovative": ("创新性指标", "innovative"),
    "step": ("分档", "step"), "map": ("对应", "map"), "interpolate": ("插值", "interpolated"),
}  # fmt: skip
"""The words of the written form, as people read them: (zh, en)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """name   of what is declared under it"""

    level: int
    text: str
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A list; each item is a run of text and expressions."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Heading | Lines | Grid


SECTIONS = (
    "head", "scope", "clauses", "indicators", "gradings", "aggregates", "populations", "formulas", "tables", "parameters", "inputs", "tail"
)  # fmt: skip


def sections(program: Program, language: Language, named: Callable[[Naming], Naming] = lambda naming: naming) -> dict[str, list[Block]]:
    """The document in its parts, for faces that lay it out themselves.

    named   what becomes of how names are written in expressions
    """
    writer = Writer(program, language)
    writer.name = named(writer.name)
    return {section: list(getattr(writer, section)()) for section in SECTIONS}


def render(program: Program, language: Language, form: str = "markdown") -> str:
    """The standard as a document.

    form   'markdown', or 'html' for a whole page
    """
    blocks = list(Writer(program, language).blocks())
    return _markdown(blocks) if form == "markdown" else _page(blocks, program.standard, language)


def surface(standard: Standard) -> list[ex.Expr]:
    """Every expression of a standard in the order it is printed."""
    s = standard
    found: list[ex.Expr] = [s.scope.expr] if s.scope else []
    for clause in s.clauses.values():
        found += clause.parts
        if clause.corrected:
            found += replace(clause.corrected.other, reliefs=()).parts
    for i in s.indicators.values():
        found += [i.value, *([i.when] if i.when else []), *(limit for _, limit in i.levels)]
    for g in s.gradings.values():
        found += g.parts
    for a in s.aggregates.values():
        found += [*([a.where] if a.where else []), *a.order, *a.by, *(e for _, e in a.sums), *(e for _, e in a.caps)]
    for p in s.populations.values():
        found += p.parts
    found += [f.formula for f in s.formulas.values()]
    for t in s.tables.values():
        found += [t.of, *t.numeric.values()]
        for index, row in enumerate(t.rows):
            condition = row_condition(t, index)
            found += [*([condition] if condition else []), row.value]
            if row.corrected:
                condition = row_condition(as_read(t, index), index)
                found += [*([condition] if condition else []), row.corrected.other.value]
    for v in (v for p in s.parameters.values() for v in p.values):
        found += [v.value, *([v.corrected.other.value] if v.corrected else [])]
    return found


def as_read(table: Table, index: int) -> Table:
    """The table with one row by its other reading."""
    row = table.rows[index]
    rows = (*table.rows[:index], row.corrected.other if row.corrected else row, *table.rows[index + 1 :])
    return replace(table, rows=rows)


def read_back(markdown: str, program: Program, language: Language) -> list[ex.Expr | None]:
    """The expressions of a rendered document, parsed again, labels turned into names."""
    own, used = _labelled(program, language)
    found = []
    for text in re.findall(r"`([^`]*)`", markdown):
        expr = parse(Scalar(text, Span("rendered", 1, 1, 1, len(text) + 1), 0), Problems())
        found.append(None if expr is None else unnamed(expr, own, used))
    return found


def _labelled(program: Program, language: Language) -> tuple[dict[str, str], dict[str, tuple[str, dict[str, str]]]]:
    used = {a: (s.number, labels(s, language)) for a, s in program.used.items()}
    return labels(program.standard.authored, language), used | ranked(program.standard, language)


class Writer:
    """The parts of a standard as blocks; other documents that tell of a standard take the parts they need."""

    def __init__(self, program: Program, language: Language) -> None:
        self.program, self.standard, self.language = program, program.standard.authored, language
        own, used = _labelled(program, language)
        self.labels, self.name = own, naming(own, used)

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def called(self, word: str) -> str:
        return self.word(*WORDS.get(word, (word, word)))

    def title(self, title: Title | None, otherwise: str = "") -> str:
        return title.text(self.language) if title else otherwise

    def code(self, expr: ex.Expr) -> Code:
        return Code(write(expr, self.language, self.name))

    def cite(self, ids: Sequence[str]) -> str:
        return " ".join(f"[{i}·{self.standard.sources[i].grade}]" for i in ids if i in self.standard.sources)

    def blocks(self) -> Iterator[Block]:
        for section in SECTIONS:
            yield from getattr(self, section)()

    def head(self) -> Iterator[Block]:
        s = self.standard
        yield Heading(1, f"{s.number} {s.title.text(self.language)}")
        facts = [
            (self.word("层级", "level"), self.called(s.level)),
            (self.word("地区", "region"), s.region),
            (self.word("状态", "status"), self.called(s.status)),
        ]
        dates = ((("发布", "published"), s.published), (("实施", "effective"), s.effective), (("废止", "withdrawn"), s.withdrawn))
        facts += [(self.word(*label), d.isoformat()) for label, d in dates if d]
        facts.append((self.word("按此日期的规定", "as of"), self.program.on.isoformat()))
        yield Grid((self.word("项", "item"), self.word("内容", "value")), tuple(((label,), (value,)) for label, value in facts))
        if s.unverified:
            names = self.word("、", ", ").join(self.labels[p.name] for p in s.unverified)
            yield Lines(((self.word(f"模板：参数 {names} 未核实，依据它们的结论都不作出",
                                    f"template: {names} unverified; nothing that rests on them is concluded"),),))  # fmt: skip
        if s.transitions:
            until = [(self.word(f"过渡至 {t.until}：", f"until {t.until}: ") + t.title.text(self.language)) for t in s.transitions]
            yield Lines(tuple((text, " " + self.cite(t.sources)) for text, t in zip(until, s.transitions, strict=True)))
        if s.based_on or s.layers or s.series:
            yield Lines(tuple(self.basis()))
        if s.corrected:
            yield Lines(((self.word("原文疑误处按勘正印出", "texts believed wrong are printed as corrected"),),))
        if s.relations:
            yield Lines(tuple((f"{self.called(r.kind)} {r.target}{'-' + r.edition if r.edition else ''}",) for r in s.relations))

    def basis(self) -> Iterator[tuple[Inline, ...]]:
        """What the standard is based on, and its amendments."""
        s = self.standard
        if s.based_on:
            yield (self.word(f"以 {s.based_on.number} 为基础", f"based on {s.based_on.number}") + (f": {s.part.text}" if s.part else ""),)
        if s.series:
            titles = self.word("、", ", ").join(title.text(self.language) for _, title in s.series.parts.values())
            asked = self.word("、", ", ").join(each.text for each in s.series.each)
            yield (self.word(f"各部分：{titles}；每一部分须定义：{asked}", f"parts: {titles}; every part defines: {asked}"),)
        for layer in s.layers:
            state = "" if layer.since <= self.program.on else self.word("（尚未生效）", " (not yet in force)")
            head = self.word(f"{layer.number}，{layer.since} 起{state}：", f"{layer.number}, from {layer.since}{state}: ")
            yield (head + layer.title.text(self.language), " " + self.cite(layer.sources))

    def origin(self, name: str) -> str:
        """Where something was written, unless it was this very standard, unamended."""
        found = self.standard.origins.get(name)
        if found is None or (found.number == self.standard.number and found.layer is None):
            return ""
        return self.word(f"（来自 {found.text('zh')}）", f" (from {found.text('en')})")

    def other_reading(self, correction: Correction) -> Iterator[Inline]:
        then = self.word("原文", "as written") if self.standard.corrected else self.word("勘正", "as corrected")
        yield self.word("原文疑有误：", "believed wrong: ") + correction.reason.text(self.language) + " " + self.cite(correction.sources)
        yield self.word(f"；{then}为 ", f"; {then}: ")

    def scope(self) -> Iterator[Block]:
        s = self.standard
        yield Heading(2, self.word("适用范围", "Scope"))
        lines: list[tuple[Inline, ...]] = [(self.word("对象：", "subject: ") + s.subject[1].text(self.language),)]
        if s.scenarios:
            named = self.word("；", "; ").join(f"{id_} {title.text(self.language)}" for id_, title in s.scenarios.labels.items())
            lines.append((self.word("场景：", "scenarios: ") + named,))
        for c in s.children.values():
            count = str(c.least) if c.least == c.most else self.word(f"{c.least} 至 {c.most}", f"{c.least} to {c.most}")
            lines.append((self.word(f"子记录：{c.title.zh}，{count} 个（{c.name}）", f"child records: {c.title.en}, {count} ({c.name})"),))
        if s.scope:
            lines.append((self.title(s.scope.title) + " ", self.code(s.scope.expr), " " + self.cite(s.scope.sources)))
        yield Lines(tuple(lines))

    def clauses(self) -> Iterator[Block]:
        yield Heading(2, self.word("条款", "Clauses"))
        for clause in self.standard.clauses.values():
            yield Heading(3, clause.title.text(self.language) + self.origin(f"[{clause.no}]"), clause.no)
            yield Lines(tuple(self.clause(clause)))

    def clause(self, clause: Clause) -> Iterator[tuple[Inline, ...]]:
        must = self.word("要求", "shall") if clause.strength == "shall" else self.word("推荐", "should")
        yield (f"{must}: ", self.code(clause.requires), " " + self.cite(clause.sources))
        if clause.when:
            yield (self.word("适用条件: ", "applies when: "), self.code(clause.when))
        if clause.scenarios:
            yield (self.word("场景: ", "in the scenarios: ") + ", ".join(each.text for each in clause.scenarios),)
        if clause.rounded:
            yield (self.word("修约值比较法，修约间隔: ", "rounded-value comparison, interval: "), self.code(clause.rounded))
        for relief in clause.reliefs:
            title = self.title(relief.title)
            head = self.word("例外: ", "except: ") + (title + " " if title else "")
            if relief.requires is None:
                yield (head, self.code(relief.when), self.word(" 时豁免 ", " exempts "), self.cite(relief.sources))
            else:
                yield (head, self.code(relief.when), self.word(" 时，改为 ", " then "), self.code(relief.requires), " " + self.cite(relief.sources))
        if clause.corrected:
            other: Clause = clause.corrected.other
            parts: list[Inline] = [*self.other_reading(clause.corrected), self.code(other.requires)]
            parts += [self.word("，适用条件 ", ", when "), self.code(other.when)] if other.when else []
            parts += [self.word("，修约间隔 ", ", rounded to "), self.code(other.rounded)] if other.rounded else []
            yield tuple(parts)
        if clause.method:
            yield (self.word("试验方法: ", "test method: ") + clause.method,)
        if clause.disputed:
            yield (self.word("争议: ", "disputed: ") + clause.disputed.text(self.language),)

    def indicators(self) -> Iterator[Block]:
        if not self.standard.indicators:
            return
        yield Heading(2, self.word("指标与等级", "Indicators and levels"))
        for i in self.standard.indicators.values():
            yield Heading(3, i.title.text(self.language) + self.origin(i.name), i.no, i.name)
            better = self.word("越高越好" if i.better == "higher" else "越低越好", f"{i.better} is better")
            lines: list[tuple[Inline, ...]] = [(f"{self.called(i.kind)}, {better}: ", self.code(i.value), " " + self.cite(i.sources))]
            if i.when:
                lines.append((self.word("适用条件: ", "applies when: "), self.code(i.when)))
            yield Lines(tuple(lines))
            sign = "≥" if i.better == "higher" else "≤"
            limits = tuple(((level,), (f"{sign} ", self.code(limit))) for level, limit in i.levels)
            yield Grid((self.word("等级", "level"), self.word("界限", "limit")), limits)
        for score in self.standard.scores.values():
            yield Heading(3, score.title.text(self.language), name=score.name)
            weights = ", ".join(f"{self.labels.get(k.text, k.text)} {decimal_text(w)}" for k, w in score.weights)
            points = ", ".join(f"{level}: {decimal_text(p)}" for level, p in score.points.items())
            policy = {"exclude": ("不适用者剔除并重新归一", "excluded and renormalised"), "full": ("不适用者得满分", "full points"),
                      "zero": ("不适用者得零分", "no points")}[score.not_applicable]  # fmt: skip
            yield Lines(((self.word(f"权重：{weights}", f"weights: {weights}"),), (self.word(f"分值：{points}", f"points: {points}"),),
                         (self.word(policy[0], f"not applicable: {policy[1]}"),)))  # fmt: skip

    def gradings(self) -> Iterator[Block]:
        for g in self.standard.gradings.values():
            yield Heading(2, g.title.text(self.language), name=g.name)
            rows: list[tuple[tuple[Inline, ...], ...]] = []
            for grade in g.grades:
                rows.append(((grade.grade,), (self.code(grade.when),) if grade.when else (self.word("其余", "otherwise"),)))
            yield Grid((self.word("等级", "grade"), self.word("条件（取第一个成立的）", "condition (the first that holds)")), tuple(rows))

    def aggregates(self) -> Iterator[Block]:
        """What is counted, in which order, grouped by what, summed and capped: as it is done."""
        if self.standard.aggregates:
            yield Heading(2, self.word("汇总", "Aggregates"))
        for a in self.standard.aggregates.values():
            yield Heading(3, a.title.text(self.language), a.name)
            of = self.word(f"由「{a.of}」的各组", f"of the groups of {a.of}") if a.of else self.word("由各条记录", "of records")
            lines: list[tuple[Inline, ...]] = [(of + " ", self.cite(a.sources))]
            if a.where:
                lines.append((self.word("计入条件: ", "counted where: "), self.code(a.where)))
            if a.first is not None:
                first = self.word(f"每组只计前 {a.first} 条，次序: ", f"of each group only the first {a.first}, in the order of ")
                lines.append((first, *(part for name in a.order for part in (self.code(name), " "))))
            lines.append((self.word("分组: ", "by: "), *(part for name in a.by for part in (self.code(name), " "))))
            lines += [(f"{self.word('和', 'sum')} {name.text} = ", self.code(value)) for name, value in a.sums]
            lines += [(f"{self.word('上限', 'cap of')} {name.text}: ", self.code(cap)) for name, cap in a.caps]
            policy = {"exclude": ("无法判定的记录不计入，只计数", "undetermined records are left out and counted as such"),
                      "refuse": ("有无法判定的记录时不汇总", "refused while any record is undetermined")}.get(a.undetermined)  # fmt: skip
            lines += [(self.word(*policy),)] if policy else []
            yield Lines(tuple(lines))

    def populations(self) -> Iterator[Block]:
        for p in self.standard.populations.values():
            yield Heading(2, p.title.text(self.language), name=p.name)
            better = self.word("越高越好" if p.better == "higher" else "越低越好", f"{p.better} is better")
            by = self.word(f"排名依据，{better}: ", f"ranked by, {better}: ")
            lines: list[tuple[Inline, ...]] = [(by, self.code(p.of), " " + self.cite(p.sources))]
            for each in p.within:
                lines.append((self.word("在此相同者之间排名: ", "among those alike in: "), self.code(each)))
            if p.where:
                lines.append((self.word("参加排名的条件: ", "ranked if: "), self.code(p.where)))
            ties = {"all": ("与末位相同者都入围", "everyone equal to the last one is in"),
                    "none": ("与末位相同而超出名额者都不入围", "where equals exceed the places, none of them is in")}[p.ties]  # fmt: skip
            fewest = self.word(f"可比范围内不足 {p.min_count} 个时不排名", f"no ranking of fewer than {p.min_count}")
            yield Lines((*lines, (fewest,), (self.word(*ties),)))
            rows = tuple(((f"{p.name}.{b.name}",), (self.places(b),)) for b in p.best)
            yield Grid((self.word("界限", "threshold"), self.word("入围", "who is in")), rows)

    def places(self, best: Best) -> str:
        if best.share is not None:
            share = decimal_text(best.share * 100)
            return self.word(f"最优的 {share} %（名额向下取整）", f"the best {share} %, rounded down")
        return self.word(f"最优的 {best.count} 个", f"the best {best.count}")

    def formulas(self) -> Iterator[Block]:
        if not self.standard.formulas:
            return
        yield Heading(2, self.word("公式", "Formulas"))
        found = self.standard.formulas.values()
        units = [f" ({f.unit.text})" if f.unit else "" for f in found]
        lines = [
            (Named(f.name, self.labels[f.name]), f"{unit} = ", self.code(f.formula), f" {self.cite(f.sources)}{self.origin(f.name)}")
            for f, unit in zip(found, units, strict=True)
        ]
        yield Lines(tuple(lines))

    def tables(self) -> Iterator[Block]:
        for t in self.standard.tables.values():
            yield Heading(2, self.labels[t.name] + self.origin(t.name), name=t.name)
            lines: list[tuple[Inline, ...]] = [(f"{self.called(t.kind)}: ", self.code(t.of), " " + self.cite(t.sources))]
            lines += [(f"{name} = ", self.code(e)) for name, e in t.numeric.items()]
            yield Lines(tuple(lines))
            rows: list[tuple[tuple[Inline, ...], ...]] = []
            for n, row in enumerate(t.rows):
                rows.append((self.row_condition(t, n), (self.code(row.value), " " + self.cite(row.sources))))
                if row.corrected:
                    where = (*self.other_reading(row.corrected), *self.row_condition(as_read(t, n), n))
                    rows.append((where, (self.code(row.corrected.other.value),)))
            yield Grid((self.word("条件", "where"), f"{self.word('值', 'value')} ({t.unit.text})"), tuple(rows))

    def row_condition(self, table: Table, index: int) -> tuple[Inline, ...]:
        condition = row_condition(table, index)
        if condition is None:
            return (self.word("其余", "all the rest"),)
        label = self.key_label(table, index)
        return (self.code(condition), f" {label}") if label else (self.code(condition),)

    def key_label(self, table: Table, index: int) -> str:
        """What a category or scenario is called that a row is about."""
        key, name = table.rows[index].key, table.of.name if isinstance(table.of, ex.Name) else ""
        if key is None:
            return ""
        if name == "scenario" and self.standard.scenarios and key.text in self.standard.scenarios.labels:
            return self.standard.scenarios.labels[key.text].text(self.language)
        declared = self.standard.inputs.get(name)
        return self.word(*declared.labels[key.text]) if declared and key.text in declared.labels else ""

    def parameters(self) -> Iterator[Block]:
        if not self.standard.parameters:
            return
        yield Heading(2, self.word("参数", "Parameters"))
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for p in self.standard.parameters.values():
            if p.unverified:
                unverified = ("—",), (self.word("未核实", "unverified"),), (p.unit.text,), (self.title(p.unverified),)
                rows.append(((Named(p.name, self.labels[p.name]),), *unverified))
            for v in p.values:
                since = v.since.isoformat() if v.since else "—"
                value: tuple[Inline, ...] = (self.code(v.value),)
                if v.corrected:
                    value = (*value, "; ", *self.other_reading(v.corrected), self.code(v.corrected.other.value))
                rows.append(((Named(p.name, self.labels[p.name]), self.origin(p.name)), (since,), value, (p.unit.text,), (self.cite(v.sources),)))
        words = (("名称", "name"), ("起始日期", "from"), ("值", "value"), ("单位", "unit"), ("出处", "source"))
        yield Grid(tuple(self.word(*w) for w in words), tuple(rows))

    def inputs(self) -> Iterator[Block]:
        yield Heading(2, self.word("输入量", "Inputs"))
        words = (("名称", "name"), ("性质", "property"), ("单位或取值", "unit or values"), ("小数位", "decimals"), ("范围", "range"))
        found = self.standard.inputs.values()
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for i in found:
            rows.append(((Named(i.name, self.labels[i.name]),), *((cell,) for cell in self.input(i))))
        yield Grid(tuple(self.word(*w) for w in words), tuple(rows))

    def input(self, i: Input) -> tuple[str, ...]:
        label = i.labels
        values = (" < " if i.rising else ", ").join(f"{v} {label[v][self.language == 'en']}" if v in label else v for v in i.values)
        low, high = (decimal_text(x) if x is not None else "" for x in (i.minimum, i.maximum))
        words = {"boolean": self.word("是 / 否", "yes / no"), "date": self.word("日期", "date"), "identifier": self.word("标识", "identifier")}
        words["time"] = self.word("时刻", "time") + (f" {zone_text(i.zone)}" if i.zone is not None else "")
        kind = words.get(i.kind, values or (i.unit.text if i.unit else ""))
        if i.per_scenario:
            kind += self.word("，每个场景", ", per scenario")
        if i.of:
            title = self.standard.children[i.of].title.text(self.language)
            kind += self.word(f"，每个{title}", f", of each of the {title}")
        return (i.is_, kind, "" if i.decimals is None else str(i.decimals), f"{low} – {high}" if low or high else "")

    def tail(self) -> Iterator[Block]:
        s = self.standard
        if s.left_out:
            yield Heading(2, self.word("未收入的内容", "Left out"))
            yield Lines(tuple((t.text(self.language),) for t in s.left_out))
        yield Heading(2, self.word("出处与证据等级", "Sources and evidence grades"))
        words = (("编号", "id"), ("等级", "grade"), ("来源", "source"), ("地址", "address"))
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for source in s.sources.values():
            why = f" — {source.why.text(self.language)}" if source.why else ""
            rows.append(((Anchor(source.id),), (source.grade,), (source.title + why,), (Link(source.address) if source.address else "—",)))
        yield Grid(tuple(self.word(*w) for w in words), tuple(rows))


def _markdown(blocks: Iterable[Block]) -> str:
    def inline(parts: Sequence[Inline]) -> str:
        return "".join(piece(p) for p in parts).strip()

    def piece(part: Inline) -> str:
        match part:
            case Code():
                return f"`{part.text}`"
            case Anchor():
                return part.id
            case Named():
                return part.text.replace("`", "'")
            case Link():
                return f"<{part.address}>"
            case _:
                return part.replace("`", "'")

    out: list[str] = []
    for block in blocks:
        match block:
            case Heading():
                number = f"{block.number} " if block.number else ""
                out.append(f"{'#' * block.level} {number}{block.text}")
            case Lines():
                out.append("\n".join(f"- {inline(item)}" for item in block.items))
            case Grid():
                rows = [block.header, tuple("---" for _ in block.header), *(tuple(inline(c).replace("|", "\\|") for c in row) for row in block.rows)]
                out.append("\n".join("| " + " | ".join(row) + " |" for row in rows))
    return "\n\n".join(out) + "\n"


STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--line:#d5dbe3;--accent:#0b6b5d;--faint:#5a6675}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--paper:#14181e;--line:#38414d;--accent:#5ec9b6;--faint:#a2adbb}}
body{margin:0 auto;max-width:54rem;padding:2rem 1.25rem 4rem 5rem;color:var(--ink);background:var(--paper);
font:16px/1.75 system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.5rem;line-height:1.4;border-bottom:2px solid var(--accent);padding-bottom:.6rem}
h2{font-size:1.15rem;margin-top:2.4rem}h3{font-size:1rem;margin:1.4rem 0 .3rem;position:relative}
h3 .no{position:absolute;left:-4.2rem;width:3.6rem;text-align:right;color:var(--accent)}
table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{color:var(--faint);font-weight:600}
code{font:inherit;background:color-mix(in srgb,var(--accent) 9%,transparent);padding:.05rem .3rem;border-radius:.2rem}
a{color:var(--accent)}ul{padding-left:1.1rem;margin:.3rem 0}
@media (max-width:40rem){body{padding-left:1.25rem}
h3 .no{position:static;display:inline-block;width:auto;margin-right:.5rem}table{display:block;overflow-x:auto}}
@media print{body{max-width:none;padding:0 0 0 4rem}h2,h3{break-after:avoid}}
"""


def _page(blocks: Iterable[Block], standard: Standard, language: Language) -> str:
    def inline(parts: Sequence[Inline]) -> str:
        return "".join(piece(p) for p in parts)

    def piece(part: Inline) -> str:
        match part:
            case Code():
                return f"<code>{html.escape(part.text)}</code>"
            case Anchor():
                return f'<span id="source-{html.escape(part.id)}">{html.escape(part.id)}</span>'
            case Named():
                return html.escape(part.text)
            case Link():
                return f'<a href="{html.escape(part.address)}">{html.escape(part.address)}</a>'
            case _:
                return re.sub(r"\[(\w+)·(\w+)\]", r'<a href="#source-\1">[\1·\2]</a>', html.escape(part))

    out: list[str] = []
    for block in blocks:
        match block:
            case Heading():
                number = f'<span class="no">{html.escape(block.number)}</span> ' if block.number else ""
                out.append(f"<h{block.level}>{number}{html.escape(block.text)}</h{block.level}>")
            case Lines():
                out.append("<ul>" + "".join(f"<li>{inline(item)}</li>" for item in block.items) + "</ul>")
            case Grid():
                head = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in block.header)
                rows = "".join("<tr>" + "".join(f"<td>{inline(c)}</td>" for c in row) + "</tr>" for row in block.rows)
                out.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return whole_page(f"{standard.number} {standard.title.text(language)}", language, STYLE, "\n".join(out))
