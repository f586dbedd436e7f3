"""Evaluation report: one record by one or more standards: the verdicts, why, what is missing, and what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import sha256

from guiju.base.diagnostics import Language
from guiju.ir.snapshot import citation
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.explain import ClauseExplanation, Explanation
from guiju.report import tree as t
from guiju.report.cited import Cited, engine, standard_origin
from guiju.standard.model import Standard

ORDER = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)


def evaluation_report(explanations: Sequence[Explanation], record: str, origins: Sequence[t.Origin] = ()) -> t.Report:
    """The report of one record, at least one standard.

    explanations   all in one language
    record         what the record is called
    origins        files it was read from
    """
    return _Writer(explanations, record, origins).report()


def record_hash(evaluation: Evaluation) -> str:
    """The sha256 of the values a record was judged by."""
    held = {name: str(value) for name, value in sorted(evaluation.record.items())}
    return sha256(json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")).hexdigest()


class _Writer:
    def __init__(self, explanations: Sequence[Explanation], record: str, origins: Sequence[t.Origin]) -> None:
        self.explanations, self.record = explanations, record
        self.language: Language = explanations[0].language
        self.cited = Cited(self.language)
        self.given = tuple(origins)

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def mark(self, verdict: Verdict) -> t.Mark:
        return t.verdict_mark(verdict, self.language)

    def report(self) -> t.Report:
        programs = [e.evaluation.program for e in self.explanations]
        numbers = self.word("、", ", ").join(p.standard.number for p in programs)
        title = self.word(f"评价报告：{self.record}（{numbers}）", f"Evaluation report: {self.record} ({numbers})")
        values = [t.Origin(self.word(f"按 {p.standard.number} 读入的值", f"values read for {p.standard.number}"), record_hash(e.evaluation))
                  for p, e in zip(programs, self.explanations, strict=True)]  # fmt: skip
        blocks = [self.facts(), *self.warnings(), self.verdicts(), *self.missing()]
        blocks += [self.standard(e) for e in self.explanations]
        blocks += self.cited.section()
        origins = (*map(standard_origin, programs), *values, *self.given)
        return t.Report(title, self.language, max(p.on for p in programs), engine(), origins, tuple(blocks))

    def facts(self) -> t.Block:
        rows: list[tuple[str, t.Line]] = [(self.word("记录", "record"), (self.record,))]
        for e in self.explanations:
            program = e.evaluation.program
            reading = self.word("，原文疑误处按勘正", ", texts believed wrong read as corrected") if program.standard.corrected else ""
            name = f"{program.standard.number} {program.standard.title.text(self.language)}"
            rows.append((self.word("标准", "standard"), (name + self.word(f"（按 {program.on}{reading}）", f" (as of {program.on}{reading})"),)))
            rows += [(self.word("快照", "snapshot"), (citation(s, self.language),)) for s in program.snapshots]
        return t.Facts(tuple(rows))

    def warnings(self) -> Iterator[t.Block]:
        """Every verdict that rests on weak evidence, said before the verdicts."""
        for e in self.explanations:
            standard = e.evaluation.program.standard
            for source in e.provisional:
                kind = t.Kind.ILLUSTRATIVE if source.grade == "illustrative" else t.Kind.WARNING
                why = f"{self.word('：', ': ')}{source.why.text(self.language)}" if source.why else ""
                cite = self.cited.source(standard, source).cite
                yield t.Note((self.word(f"{standard.number} 的结论依据 ", f"a verdict of {standard.number} rests on "), cite, why), kind)
            for p in standard.unverified:
                said = p.unverified.text(self.language) if p.unverified else ""
                yield t.Note((f"{standard.number} {p.name}{self.word('：', ': ')}{said}",), t.Kind.UNVERIFIED)

    def verdicts(self) -> t.Block:
        columns = [t.Column(self.word("标准", "standard")), t.Column(self.word("结论", "verdict"))]
        columns += [t.Column(self.mark(v).text, right=True) for v in ORDER]
        rows = []
        for e in self.explanations:
            counts = [t.count(sum(c.verdict is v for c in e.clauses)) for v in ORDER]
            overall: t.Line = (self.mark(e.overall),) if e.overall is not None else ("—",)
            rows.append(((e.evaluation.program.standard.number,), overall, *((n,) for n in counts)))
        said = self.word("右边各列是条款数。", "The columns to the right count clauses.")
        table = t.Table(self.word("整体结论", "overall verdicts"), tuple(columns), tuple(rows))
        return t.Section(self.word("结论", "Verdicts"), (table, t.Paragraph((said,))))

    def missing(self) -> Iterator[t.Block]:
        """Inputs that are missing, and the clauses that wait for each."""
        rows = []
        for e in self.explanations:
            program, waits = e.evaluation.program, dict[str, list[str]]()
            for clause in e.clauses:
                for name in clause.missing:
                    waits.setdefault(name, []).append(clause.no)
            for name, clauses in waits.items():
                declared = program.inputs.get(name)
                unit = declared.unit_text if declared else ""
                title = declared.title(self.language) if declared else name
                rows.append(((title,), (t.Code(name),), (unit,), (program.standard.number,), (self.word("、", ", ").join(clauses),)))
        if rows:
            columns = t.heads(self.language, ("输入", "input"), ("名称", "name"), ("单位", "unit"), ("标准", "standard"),
                              ("等待它的条款", "clauses that wait"))  # fmt: skip
            yield t.Section(self.word("缺少的输入", "Missing inputs"), (t.Table("", columns, tuple(rows)),))

    # one standard

    def standard(self, e: Explanation) -> t.Section:
        standard = e.evaluation.program.standard
        families = [(title, verdict) for no, title, verdict in e.families if no.startswith("overall@")]
        blocks: list[t.Block] = []
        if families:
            rows = tuple(((title,), (self.mark(v),)) for title, v in families)
            caption = self.word(f"各场景的结论 {standard.number}", f"verdicts by scenario, {standard.number}")
            blocks.append(t.Table(caption, t.heads(self.language, ("场景", "scenario"), ("结论", "verdict")), rows))
        told = [c for c in e.clauses if c.verdict is not Verdict.NOT_APPLICABLE]
        idle = [c for c in e.clauses if c.verdict is Verdict.NOT_APPLICABLE]
        blocks += [self.clause(standard, c) for c in told]
        if idle:
            columns = t.heads(self.language, ("条款", "clause"), ("标题", "title"), ("为什么不适用", "why not"))
            why = tuple(((c.no,), (c.title,), (c.note,)) for c in idle)
            caption = self.word(f"不适用的条款 {standard.number}", f"clauses that do not apply, {standard.number}")
            blocks.append(t.Section(self.word("不适用的条款", "Clauses that do not apply"), (t.Table(caption, columns, why),)))
        if e.outcomes:
            blocks.append(t.Section(self.word("指标、得分与中间值", "Levels, scores and values"), (self.outcomes(e),)))
        blocks.append(t.Section(self.word("输入", "Inputs"), (self.inputs(e),)))
        title = f"{standard.number} {standard.title.text(self.language)}"
        return t.Section(title, tuple(blocks), self.mark(e.overall) if e.overall is not None else None)

    def clause(self, standard: Standard, c: ClauseExplanation) -> t.Section:
        """What is asked, with the values put in, and each value it came from."""
        rows: list[tuple[str, t.Line]] = [(self.word("要求", "asks"), (t.Code(c.requirement),))]
        if c.put_in:
            rows.append((self.word("代入", "here"), (t.Strong(c.put_in),)))
        rows += [(term.label, (term.value + (f"  {term.how}" if term.how else ""),)) for term in c.terms]
        for zh, en, said in (
            ("说明", "note", c.note), ("缺少", "missing", self.word("、", ", ").join(c.missing)), ("无定义", "undefined", ", ".join(c.undefined)),
            ("争议", "disputed", c.disputed), ("疑误", "believed wrong", c.corrected), ("来自", "from", c.origin),
        ):  # fmt: skip
            rows += [(self.word(zh, en), (said,))] if said else []
        if c.sources:
            rows.append((self.word("出处", "source"), self.cited.cites(standard, c.sources)))
        advice = "" if c.strength == "shall" else self.word("（推荐）", " (recommended)")
        return t.Section(f"{c.no} {c.title}{advice}", (t.Facts(tuple(rows)),), self.mark(c.verdict))

    def outcomes(self, e: Explanation) -> t.Table:
        rows = tuple(((o.label,), (o.value,), (o.how,)) for o in e.outcomes)
        number = e.evaluation.program.standard.number
        return t.Table(self.word(f"中间值 {number}", f"values, {number}"), t.heads(self.language, ("名称", "what"), ("值", "value"), ("说明", "how")),
                       rows)  # fmt: skip

    def inputs(self, e: Explanation) -> t.Table:
        program, rows = e.evaluation.program, []
        for term in e.inputs:
            declared, value = program.inputs[term.name], e.evaluation.record.get(term.name)
            shown: t.Line = (t.Number(value),) if isinstance(value, Fraction) else (term.value + (f" ({term.how})" if term.how else ""),)
            rows.append(((term.label,), (t.Code(term.name),), shown, (declared.unit_text,)))
        number = program.standard.number
        columns = t.heads(self.language, ("输入", "input"), ("名称", "name"), ("值", "value"), ("单位", "unit"), right=(2,))
        return t.Table(self.word(f"输入 {number}", f"inputs, {number}"), columns, tuple(rows))
