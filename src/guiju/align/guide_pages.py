"""The guide to a market as a document: what applies and why, what is to be done by when, and every requirement with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from guiju.align.guide import Apart, Event, Guide, Part, Reason, Requirement, Standing, scope_waits, to_bring, to_show, to_state, to_test
from guiju.align.paper import Chapter, Facts, Piece, Text, Warned, lowered
from guiju.align.published import published
from guiju.align.system import Entry
from guiju.base.diagnostics import Language
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS
from guiju.readings.explain import WORDS as VERDICTS
from guiju.readings.render import WORDS, Grid, Heading, Inline, Lines, Writer
from guiju.report.cited import standard_origin
from guiju.report.tree import Report
from guiju.standard.model import Input, Standard, Title

STANDINGS = {
    Standing.IN_FORCE: Title("现行", "in force"), Standing.COMING: Title("将实施", "coming"),
    Standing.UNDATED: Title("已发布，实施日期未知", "issued, since when unknown"),
}  # fmt: skip
REASONS = {
    Reason.OTHER_SUBJECT: Title("对象不同", "about something else"), Reason.LATER: Title("实施日期在期限之后", "in force only after the horizon"),
    Reason.REPLACED: Title("已被代替", "replaced"), Reason.WITHDRAWN: Title("已废止", "withdrawn"), Reason.DRAFT: Title("草案", "a draft"),
    Reason.OUT_OF_SCOPE: Title("产品不在其适用范围内", "the product is outside its scope"),
}  # fmt: skip
GRADE_WORDS = {
    "A": Title("见到条文", "the clause was seen"), "B": Title("第三方转述", "quoted by a third party"), "C": Title("推定", "derived"),
    "D": Title("来源矛盾", "sources conflict"), "illustrative": Title("示意", "illustrative"),
}  # fmt: skip
CYCLES = ("cltc", "nedc", "wltp", "epa")


def binding(standard: Standard) -> Title:
    """Whether it must be followed, by its number and level: articles 2, 18 and 25 of the Standardization Law where they say so."""
    number, level = standard.number, standard.level
    if level == "national" and number.startswith("GB "):
        return Title("强制性", "mandatory")
    if level == "group":
        return Title("团体标准，自愿", "voluntary (group)")
    if level == "policy":
        return Title("政策文件", "policy")
    return Title("推荐性", "recommended") if "/T" in number else Title("按发布者的规定", "as its issuer says")


def guide_report(guide: Guide, language: Language) -> Report:
    """The guide as a report."""
    return published(_Guide(guide, language).pieces(), language, guide.on, [standard_origin(part.program) for part in guide.parts])


class _Guide:
    def __init__(self, guide: Guide, language: Language) -> None:
        self.guide, self.language = guide, language
        self.title = self.word(f"市场指南：{guide.region.title.zh} · {guide.subject}", f"Market guide: {guide.region.title.en} · {guide.subject}")

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, title: Title) -> str:
        return title.text(self.language)

    def listed(self, words: Iterable[str]) -> str:
        return self.word("、", ", ").join(words)

    def pieces(self) -> Iterator[Piece]:
        yield from self.cover()
        if self.guide.parts:
            yield from self.what_applies()
        if self.guide.given is not None:
            yield from self.product()
        yield from self.not_applying()
        if self.guide.parts:
            yield from self.calendar()
            yield from self.bring()
            yield from self.test()
            yield from self.requirements()
            yield from self.gaps()

    # What it is about.

    def cover(self) -> Iterator[Piece]:
        g = self.guide
        yield Heading(1, self.title)
        issued = self.word("；", "; ").join(f"{self.of(whole.title)} ({whole.code})" for whole in g.wholes)
        kinds = {p.standard.subject[1].text(self.language): None for p in g.parts}
        rows = [
            (self.word("市场", "market"), f"{self.of(g.region.title)} ({g.region.code})"),
            (self.word("为何处发布的标准在此适用", "what is issued for these applies here"), issued),
            (self.word("产品", "product"), g.subject + (self.word("：", ": ") + self.listed(kinds) if kinds else "")),
            (self.word("截至", "as of"), str(g.on)),
            (self.word("预告至", "looking ahead to"), str(g.until)),
            (self.word("适用的标准", "standards that apply"), str(len(g.parts))),
        ]
        yield Facts(tuple((name, (value,)) for name, value in rows))
        if not g.parts:
            zh, en = "书架上没有适用于这一市场、这一产品的标准。", "The shelf holds no standard that applies to this product in this market."
            yield Warned(self.word(zh, en))
            yield Text((self.word("这一市场有标准的产品：", "Products that have standards in this market:"),))
            yield Lines(tuple((f"{kind}: {self.listed(numbers)}",) for kind, numbers in g.subjects.items()) or ((self.word("没有", "none"),),))
        if g.unread:
            unread = self.listed(g.unread)
            yield Warned(self.word(f"这些标准的文件有错，未能读入：{unread}", f"could not be read, their files have errors: {unread}"))
        yield Text((self.word(
            "本指南只写书架上已有的内容，不能代替标准原文。证据等级：A 见到条文；B 第三方转述；C 推定；D 来源矛盾；示意为自拟数值。",
            "This guide tells what the shelf holds and stands for no original text. Evidence: A the clause was seen, B quoted by a third party, "
            "C derived, D sources conflict, illustrative a figure of our own.",
        ),))  # fmt: skip

    def what_applies(self) -> Iterator[Piece]:
        yield Heading(2, self.word("适用的标准", "What applies, and why"))
        header = (("标准", "standard"), ("因何适用", "applies because issued for"), ("状态", "state"), ("约束力", "force"), ("条款", "clauses"),
                  ("最弱证据", "weakest evidence"), ("内容", "content"))  # fmt: skip
        rows = []
        for part in self.guide.parts:
            s = part.standard
            state = self.of(STANDINGS[part.standing]) + (f" {s.effective}" if s.effective else "")
            grade = max((r.grade for r in part.requirements), key=list(GRADE_WORDS).index, default="")
            cells = (f"{s.number} {self.of(s.title)}", self.of(part.through.title), state, self.of(binding(s)), str(len(part.requirements)),
                     self.graded(grade), part.program.content_hash[:12])  # fmt: skip
            rows.append(tuple((cell,) for cell in cells))
        yield Grid(tuple(self.word(*h) for h in header), tuple(rows))
        yield Text((self.word(
            "约束力按编号判断：强制性标准必须执行，推荐性标准鼓励采用，团体标准自愿采用（《标准化法》第二、十八、二十五条）；政策文件对申请该政策者有效。",
            "Force is told by the number: mandatory standards must be met, recommended ones are encouraged, group standards are voluntary "
            "(Standardization Law of China, articles 2, 18 and 25); a policy holds for those who apply for it.",
        ),))  # fmt: skip

    def graded(self, grade: str) -> str:
        if not grade:
            return "—"
        return self.of(GRADE_WORDS[grade]) if grade == "illustrative" else f"{grade} {self.of(GRADE_WORDS[grade])}"

    def not_applying(self) -> Iterator[Piece]:
        apart = [a for a in self.guide.apart if a.reason is not Reason.OTHER_SUBJECT]
        others = [a for a in self.guide.apart if a.reason is Reason.OTHER_SUBJECT and a.standard.status in ("in-force", "published")]
        if apart or others:
            yield Heading(2, self.word("不适用的标准", "What does not apply, and why"))
        if apart:
            rows = tuple(((f"{a.standard.number} {self.of(a.standard.title)}",), (self.why_apart(a),)) for a in apart)
            yield Grid((self.word("标准", "standard"), self.word("原因", "reason")), rows)
        if others and self.guide.parts:
            yield Text((self.word("这一市场的其他产品另有标准：", "Other products have standards of their own in this market:"),))
            kinds: dict[str, list[str]] = {}
            for a in others:
                kinds.setdefault(a.standard.subject[0], []).append(a.standard.number)
            yield Lines(tuple((f"{kind}: {self.listed(numbers)}",) for kind, numbers in sorted(kinds.items())))

    def why_apart(self, apart: Apart) -> str:
        said = self.of(REASONS[apart.reason])
        said += self.word(f"：{apart.by}", f" by {apart.by}") if apart.by else ""
        return said + (self.word(f"（{apart.day}）", f" ({apart.day})") if apart.day else "")

    # A product.

    def product(self) -> Iterator[Piece]:
        g = self.guide
        yield Heading(2, self.word("这一产品", "This product"))
        given = g.given or {}
        yield Facts(tuple((name, (_shown(value),)) for name, value in given.items()))
        rows = []
        for part in g.parts:
            overall = part.overall
            counted = [v for r in part.requirements for v in r.verdicts.values()]
            counts = self.listed(f"{MARKS[v]} {counted.count(v)}" for v in Verdict if v in counted)
            scope = self.listed(i.title(self.language) for i in scope_waits(part))
            waits = self.word(f"是否在适用范围内尚不能定，缺：{scope}", f"whether it is in scope waits for: {scope}") if scope else ""
            rows.append(((part.standard.number,), (self.verdict(overall),), (counts,), (waits,)))
        if rows:
            header = (self.word("标准", "standard"), self.word("整体", "the whole"), self.word("逐条", "clauses"), self.word("适用范围", "scope"))
            yield Grid(header, tuple(rows))
        waiting = to_show(g)
        if waiting:
            yield Heading(3, self.word("还需证明", "What you still need to show"))
            yield self.asked(waiting)
        unused = [(p.standard.number, d.message(self.language)) for p in g.parts for d in p.unused]
        if unused:
            yield Heading(3, self.word("给出而未能使用的值", "Values given that could not be used"))
            yield Lines(tuple((f"{number}: {message}",) for number, message in unused))

    def verdict(self, verdict: Verdict | None) -> str:
        return "—" if verdict is None else f"{MARKS[verdict]} {VERDICTS[verdict][self.language]}"

    def asked(self, found: Sequence[tuple[Input, Sequence[tuple[str, str]]]]) -> Grid:
        header = (self.word("内容", "what"), self.word("形式", "form"), self.word("用于条款", "for the clauses"))
        return Grid(header, tuple(((asked.title(self.language),), (self.form(asked),), (self.serves(serves),)) for asked, serves in found))

    def form(self, asked: Input) -> str:
        """The unit, the values it may have, or its kind; for every scenario or child where so."""
        words = {"boolean": ("是 / 否", "yes / no"), "date": ("日期", "date"), "identifier": ("标识", "identifier"), "time": ("时刻", "time")}
        labels = [asked.labels[v][self.language == "en"] if v in asked.labels else v for v in asked.values]
        found = self.word(*words[asked.kind]) if asked.kind in words else self.listed(labels) or (asked.unit.text if asked.unit else "")
        each = self.word("，每个场景", ", in each scenario") if asked.per_scenario else ""
        return ("" if found == "1" else found) + each

    def serves(self, serves: Sequence[tuple[str, str]]) -> str:
        by_number: dict[str, list[str]] = {}
        for number, clause in serves:
            by_number.setdefault(number, []).append(clause)
        return self.word("；", "; ").join(f"{number} {self.listed(clauses)}" for number, clauses in by_number.items())

    # When.

    def calendar(self) -> Iterator[Piece]:
        yield Heading(2, self.word("日历", "Calendar"))
        g = self.guide
        groups = (
            (self.word(f"预告：{g.on} 之后至 {g.until}", f"Ahead: after {g.on}, up to {g.until}"), [e for e in g.events if g.on < e.day <= g.until]),
            (self.word("更远", "Later"), [e for e in g.events if e.day > g.until]),
            (self.word("已经发生", "Already so"), [e for e in reversed(g.events) if e.day <= g.on]),
        )
        for title, events in groups:
            yield Heading(3, title)
            if events:
                header = (self.word("日期", "day"), self.word("标准", "standard"), self.word("事项", "what happens"))
                yield Grid(header, tuple(((str(e.day),), (e.number,), (self.of(e.title) + self.cited(e),)) for e in events))
            else:
                yield Text((self.word("没有已知的日期。", "No day is known."),))

    def cited(self, event: Event) -> str:
        """The evidence of a day, told without a link, since it stands outside the chapter of its standard."""
        standard = next((p.standard for p in self.guide.parts if p.standard.number == event.number), None)
        grades = sorted({standard.sources[i].grade for i in event.sources if i in standard.sources}) if standard else []
        return self.word(f"（证据 {self.listed(grades)}）", f" (evidence {self.listed(grades)})") if grades else ""

    # What is to be done.

    def bring(self) -> Iterator[Piece]:
        yield Heading(2, self.word("要提供的材料", "Documents and evidence to bring"))
        groups = (
            (self.word("说明产品是什么：决定哪些标准和条款适用", "What the product is: decides which standards and clauses apply"),
             to_state(self.guide)),
            (self.word("证明、声明与记录：条款要求而不是测量的", "Proofs, declarations and records: asked by clauses, and no measurement"),
             to_bring(self.guide)),
        )  # fmt: skip
        for title, found in groups:
            yield Heading(3, title)
            yield self.asked(found) if found else Text((self.word("没有。", "None."),))

    def test(self) -> Iterator[Piece]:
        yield Heading(2, self.word("要做的试验与测量", "Tests and measurements"))
        by_method: dict[str | None, list[tuple[Input, Sequence[tuple[str, str]]]]] = {}
        for each in to_test(self.guide):
            by_method.setdefault(each.method, []).append((each.input, each.serves))
        plain = by_method.pop(None, [])
        what, clauses = self.word("得到的量", "what it gives"), self.word("用于条款", "for the clauses")
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        for method, found in by_method.items():
            quantities = self.word("；", "; ").join(self.quantity(asked) for asked, _ in found)
            served = list(dict.fromkeys(pair for _, serves in found for pair in serves))
            rows.append(((method or "",), (quantities,), (self.serves(served),)))
        if rows:
            yield Text((self.word("一次试验可用于同一行的全部条款。", "One test serves every clause of its row."),))
            yield Grid((self.word("方法", "method"), what, clauses), tuple(rows))
        if plain:
            yield Heading(3, self.word("书架上的标准没有写明方法的", "By no method the standards name, as held here"))
            yield Grid((what, clauses), tuple(((self.quantity(asked),), (self.serves(serves),)) for asked, serves in plain))
        if not rows and not plain:
            yield Text((self.word("没有。", "None."),))

    def quantity(self, asked: Input) -> str:
        """A property with its unit, test cycle and metering point."""
        form = self.form(asked)
        told = [part for part in (form, *(part.upper() if part in CYCLES else part for part in asked.basis or ())) if part]
        return asked.title(self.language) + (self.word(f"（{'，'.join(told)}）", f" ({', '.join(told)})") if told else "")

    # Every requirement.

    def requirements(self) -> Iterator[Piece]:
        yield Heading(2, self.word("各项要求", "Every requirement"))
        for number, part in enumerate(self.guide.parts, 1):
            yield Chapter(f"s{number}", tuple(self.part(part)))

    def part(self, part: Part) -> Iterator[Piece]:
        s, writer = part.standard, Writer(part.program, self.language)
        yield Heading(3, self.of(s.title), s.number)
        rows = [
            (self.word("层级", "level"), self.of(Title(*WORDS[s.level]))), (self.word("约束力", "force"), self.of(binding(s))),
            (self.word("状态", "state"), self.of(STANDINGS[part.standing])), (self.word("按此日期的规定", "as of"), str(part.program.on)),
            (self.word("内容哈希", "content hash"), part.program.content_hash),
        ]  # fmt: skip
        yield Facts(tuple((name, (value,)) for name, value in rows))
        if s.unverified:
            names = self.listed(writer.labels[p.name] for p in s.unverified)
            yield Warned(self.word(f"模板，未核实的参数：{names}", f"a template, unverified parameters: {names}"))
        if any(r.grade == "illustrative" for r in part.requirements):
            yield Warned(self.word("含示意数值：自拟，不是标准的规定", "holds illustrative figures: made up, no rule of a standard"))
        yield from lowered(writer.scope(), 2)
        for requirement in part.requirements:
            yield Heading(4, self.of(requirement.clause.title) + writer.origin(f"[{requirement.clause.no}]"), requirement.clause.no)
            yield Lines((*writer.clause(requirement.clause), *self.lines(requirement)))
        for blocks in (writer.indicators(), writer.gradings(), writer.aggregates(), writer.populations()):
            yield from lowered(blocks, 2)
        for blocks in (writer.formulas(), writer.tables(), writer.parameters(), writer.tail()):
            yield from lowered(blocks, 2)

    def lines(self, requirement: Requirement) -> Iterator[tuple[Inline, ...]]:
        if requirement.measured:
            yield (self.word("测量：", "measured: ") + self.word("；", "; ").join(self.quantity(i) for i in requirement.measured),)
        if requirement.shown:
            observed = self.word("试验中观察：", "observed: ") if requirement.clause.method else self.word("须证明：", "to be shown: ")
            yield (observed + self.word("；", "; ").join(self.quantity(i) for i in requirement.shown),)
        yield (self.word("最弱证据：", "weakest evidence: ") + self.graded(requirement.grade),)
        if requirement.verdicts:
            counts = list(requirement.verdicts.values())
            told = [self.verdict(v) + (f" × {counts.count(v)}" if len(counts) > 1 else "") for v in Verdict if v in counts]
            waits = self.listed(i.title(self.language) for i in requirement.waits)
            missing = self.word(f"；还缺：{waits}", f"; still missing: {waits}") if waits else ""
            yield (self.word("这一产品：", "this product: ") + self.listed(told) + missing,)

    def gaps(self) -> Iterator[Piece]:
        """What the reader must not believe covered."""
        yield Heading(2, self.word("本指南没有包括的", "What this guide does not cover"))
        zh, en = "各标准未收入的内容，列在各自的“未收入的内容”下：", "What was left out of each standard stands under its “Left out”:"
        yield Text((self.word(zh, en),))
        yield Lines(tuple((f"{p.standard.number}: " + self.word(f"{len(p.standard.left_out)} 项", f"{len(p.standard.left_out)} entries"),)
                          for p in self.guide.parts))  # fmt: skip
        unverified = [(p.standard.number, p.standard.unverified) for p in self.guide.parts if p.standard.unverified]
        if unverified:
            yield Text((self.word("未核实的参数：", "Unverified parameters:"),))
            yield Lines(tuple((f"{number}: {self.listed(self.of(p.title) if p.title else p.name for p in found)}",) for number, found in unverified))
        weak = [(p.standard.number, r) for p in self.guide.parts for r in p.requirements if r.grade in ("C", "D", "illustrative")]
        if weak:
            yield Text((self.word("依据推定、矛盾来源或示意数值的条款：", "Clauses that rest on derived, conflicting or illustrative evidence:"),))
            rows: dict[tuple[str, str], list[str]] = {}
            for number, requirement in weak:
                rows.setdefault((number, requirement.grade), []).append(requirement.clause.no)
            yield Lines(tuple((f"{number} {self.listed(clauses)}: {self.graded(grade)}",) for (number, grade), clauses in rows.items()))
        yield from self.off_the_shelf()
        zh, en = "书架以外的标准、认证与关税不在其中。", "Standards that are not on the shelf, certification schemes and customs are no part of it."
        yield Text((self.word(zh, en),))

    def off_the_shelf(self) -> Iterator[Piece]:
        """Standards that apply or are cited, of which the shelf does not have what they ask."""
        g = self.guide
        if g.beyond:
            yield Heading(3, self.word("已知适用而不在书架上的标准", "Known to apply, and not on the shelf"))
            yield Text((self.word("它们的要求不在本指南中，须另查原文。", "What they ask is no part of this guide; see their texts."),))
            words = (("标准", "standard"), ("为何处发布", "issued for"), ("层级", "level"), ("日期", "date"), ("证据", "evidence"))
            yield Grid(tuple(self.word(*w) for w in words), tuple(self.known(entry) for entry in g.beyond))
        if g.cited:
            yield Text((self.word("被引用而不在书架上的：", "Cited, and not on the shelf:"),))
            yield Lines(tuple((f"{number} ← {self.listed(by)}",) for number, by in g.cited.items()))

    def known(self, entry: Entry) -> tuple[tuple[Inline, ...], ...]:
        level = self.of(Title(*WORDS[entry.level])) + (self.word("，草案", ", draft") if entry.status == "draft" else "")
        since = entry.since.text if entry.since else self.word("未知", "unknown")
        evidence = entry.source.grade if entry.source else ""
        return tuple((cell,) for cell in (f"{entry.number} {self.of(entry.title)}", entry.region, level, since, evidence))


def _shown(value: object) -> str:
    """A value as it was given, of each scenario or child where there are several."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(each)}" for name, each in value.items())
    return ", ".join(_shown(each) for each in value) if isinstance(value, list | tuple) else str(value)


def guide_json(guide: Guide, language: Language) -> dict[str, object]:
    """The guide for programs: the same facts, words in one language, dates as text."""
    made = _Guide(guide, language)

    def gathered(found: Sequence[tuple[Input, Sequence[tuple[str, str]]]]) -> list[dict[str, object]]:
        return [{"property": i.property_id, "title": i.title(language), "form": made.form(i), "clauses": _pairs(serves)} for i, serves in found]

    return {
        "region": guide.region.code, "wholes": [whole.code for whole in guide.wholes], "subject": guide.subject, "on": str(guide.on),
        "until": str(guide.until), "standards": [_part_json(made, part) for part in guide.parts],
        "apart": [{"standard": a.standard.number, "reason": a.reason.value, "by": a.by, "day": str(a.day) if a.day else None} for a in guide.apart],
        "calendar": [{"day": str(e.day), "standard": e.number, "what": e.title.text(language)} for e in guide.events],
        "tests": [{"method": t.method, "property": t.input.property_id, "title": t.input.title(language), "basis": list(t.input.basis or ()),
                   "clauses": _pairs(t.serves)} for t in to_test(guide)],
        "documents": gathered(to_bring(guide)), "facts": gathered(to_state(guide)), "to_show": gathered(to_show(guide)),
        "subjects": {kind: list(numbers) for kind, numbers in guide.subjects.items()}, "unread": list(guide.unread),
        "not_on_the_shelf": [e.number for e in guide.beyond], "cited": {number: list(by) for number, by in guide.cited.items()},
    }  # fmt: skip


def _pairs(serves: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"standard": number, "clause": clause} for number, clause in serves]


def _part_json(made: _Guide, part: Part) -> dict[str, object]:
    s, writer = part.standard, Writer(part.program, made.language)
    clauses = [{
        "no": r.clause.no, "title": r.clause.title.text(made.language), "strength": r.clause.strength,
        "requires": writer.code(r.clause.requires).text, "method": r.clause.method, "evidence": r.grade,
        "measured": [i.property_id for i in r.measured], "shown": [i.property_id for i in r.shown],
        "disputed": r.clause.disputed is not None, "corrected": r.clause.corrected is not None,
        "verdicts": {no: verdict.value for no, verdict in r.verdicts.items()}, "waits": [i.property_id for i in r.waits],
    } for r in part.requirements]  # fmt: skip
    return {
        "number": s.number, "title": s.title.text(made.language), "issued_for": part.through.code, "standing": part.standing.value,
        "effective": str(s.effective) if s.effective else None, "as_of": str(part.program.on), "force": binding(s).text(made.language),
        "content": part.program.content_hash, "overall": part.overall.value if part.overall else None, "clauses": clauses,
        "unverified": [p.name for p in s.unverified], "left_out": [each.text(made.language) for each in s.left_out],
    }  # fmt: skip
