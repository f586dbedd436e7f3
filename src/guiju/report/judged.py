"""Judged: the report of many records: counts per clause, what fails and why, what is waited for, and how good the data are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guiju.base.diagnostics import WORDS as SEVERITIES
from guiju.base.diagnostics import Language, Severity
from guiju.ir.snapshot import citation
from guiju.ir.values import Unknown
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.explain import WORDS, explain, undefined_words
from guiju.readings.missing import missing_tally
from guiju.records.bulk import Batch, Judged, counts, evaluations_of, judged_otherwise, weakest_evidence
from guiju.records.door import InputQuality
from guiju.report import tree as t
from guiju.report.cited import GRADES, Cited, engine, file_hash, standard_origin
from guiju.report.evaluation import ORDER
from guiju.standard.correction import corrections

LISTED_MAX = 200
"""Records that are told one by one, per standard, where nothing else is asked."""

LISTED = {Verdict.FAIL: ("不符合的记录", "Records that fail"), Verdict.UNDETERMINED: ("无法判定的记录", "Undetermined records")}


def judged_report(batch: Batch, language: Language, listed: int = LISTED_MAX, origins: Sequence[t.Origin] = ()) -> t.Report:
    """The report of a file of records by its standards, at least one.

    listed    failing and undetermined records that are told one by one, per standard
    origins   files besides the records, such as the mapping
    """
    return _Writer(batch, language, listed).report(origins)


class _Writer:
    def __init__(self, batch: Batch, language: Language, listed: int) -> None:
        self.batch, self.language, self.listed = batch, language, listed
        self.cited = Cited(language)
        self.tallies = [counts(batch, each) for each in batch.judged]

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def report(self, origins: Sequence[t.Origin]) -> t.Report:
        programs = [each.program for each in self.batch.judged]
        file = self.batch.source.path
        numbers = self.word("、", ", ").join(p.standard.number for p in programs)
        title = self.word(f"评价报告：{file.name}（{numbers}）", f"Evaluation report: {file.name} ({numbers})")
        blocks = (self.facts(), *self.warnings(), self.overall(), self.clauses(), *self.listings(), *self.waits(), self.quality(),
                  *self.findings(), *self.cited.section())  # fmt: skip
        made = (*map(standard_origin, programs), t.Origin(file.name, file_hash(file)), *origins)
        return t.Report(title, self.language, max(p.on for p in programs), engine(), made, blocks)

    def facts(self) -> t.Block:
        source = self.batch.source
        read = (f"{source.path.name}{self.word('，', ', ')}", t.count(source.rows), self.word(" 行，全部保留", " rows, all kept"))
        rows: list[tuple[str, t.Line]] = [(self.word("记录", "records"), read)]
        for each in self.batch.judged:
            s, on = each.program.standard, each.program.on
            reading = self.word("，原文疑误处按勘正", ", texts believed wrong read as corrected") if s.corrected else ""
            said = self.word(f"（按 {on}{reading}）", f" (as of {on}{reading})")
            rows.append((self.word("标准", "standard"), (f"{s.number} {s.title.text(self.language)}{said}",)))
            rows += [(self.word("快照", "snapshot"), (citation(each, self.language),)) for each in each.program.snapshots]
        if self.batch.suggestion is not None:
            rows.append((self.word("列的对应", "columns"), (self.word("按表头推断", "mapped by their headers"),)))
        about = self.batch.mapping.about
        if about is not None:
            rows.append((self.word("数据来源", "data"), (about.title.text(self.language) + (f"; {about.terms}" if about.terms else ""),)))
        return t.Facts(tuple(rows))

    def warnings(self) -> Iterator[t.Block]:
        for each in self.batch.judged:
            grade, s = weakest_evidence(each.program), each.program.standard
            if grade in ("C", "D", "illustrative"):
                kind = t.Kind.ILLUSTRATIVE if grade == "illustrative" else t.Kind.WARNING
                meaning = self.word(*GRADES[grade])
                weak = [source for source in s.sources.values() if source.grade == grade]
                told = self.word(f"{s.number} 有证据等级为 {grade} 的内容（{meaning}）：",
                                 f"{s.number} holds facts of evidence grade {grade} ({meaning}): ")  # fmt: skip
                yield t.Note((told, *self.cited.cites(s, weak)), kind)
            for p in s.unverified:
                said = p.unverified.text(self.language) if p.unverified else ""
                yield t.Note((f"{s.number} {p.name}{self.word('：', ': ')}{said}",), t.Kind.UNVERIFIED)
            yield from self.otherwise(each)
        about = self.batch.mapping.about
        for note in about.notes if about is not None else ():
            yield t.Note((note.text(self.language),), t.Kind.WARNING)

    def otherwise(self, each: Judged) -> Iterator[t.Block]:
        """What is believed wrong in a standard, and how many records the other reading would give another verdict."""
        if each.program.otherwise is None:
            return
        standard = each.program.standard
        for wrong in (standard, *each.program.used.values()):
            for name, item in corrections(wrong):
                reason = item.corrected.reason.text(self.language) if item.corrected else ""
                yield t.Note((self.word(f"{wrong.number} 的 {name} 疑有误：{reason}", f"{name} of {wrong.number} is believed wrong: {reason}"),),
                             t.Kind.WARNING)  # fmt: skip
        differ = ", ".join(f"{no} {number:,}" for no, number in judged_otherwise(self.batch, each).items() if number) or self.word("无", "none")
        now, then = (("勘正", "原文") if standard.corrected else ("原文", "勘正"))
        now_en, then_en = (("as corrected", "as written") if standard.corrected else ("as written", "as corrected"))
        said = self.word(f"{standard.number} 按{now}判定；按{then}，结论不同的记录数：{differ}",
                         f"{standard.number} is judged {now_en}; {then_en}, records with another verdict: {differ}")  # fmt: skip
        yield t.Note((said,), t.Kind.WARNING)

    # verdicts

    def tally(self, no: str, at: int) -> tuple[t.Line, ...]:
        found = self.tallies[at][no]
        decided = found.get(Verdict.PASS, 0) + found.get(Verdict.FAIL, 0)
        rate = f"{100 * found.get(Verdict.PASS, 0) / decided:.1f} %" if decided else "—"
        return (*((t.count(found.get(v, 0)),) for v in ORDER), (rate,))

    def counted(self, *heads: tuple[str, str]) -> tuple[t.Column, ...]:
        marks = tuple(t.Column(t.verdict_mark(v, self.language).text, right=True) for v in ORDER)
        return (*t.heads(self.language, *heads), *marks, t.Column(self.word("符合率", "pass rate"), right=True))

    def overall(self) -> t.Section:
        rows = []
        for at, each in enumerate(self.batch.judged):
            standard = each.program.standard
            for meaning in each.program.judged:
                if meaning.no == "overall":
                    rows.append(((standard.number,), *self.tally(meaning.no, at)))
                elif meaning.no.startswith("overall@") and standard.scenarios:
                    label = standard.scenarios.labels[meaning.no.removeprefix("overall@")].text(self.language)
                    rows.append(((f"{standard.number} @ {label}",), *self.tally(meaning.no, at)))
        said = self.word("符合率是能判定的记录中符合的份额。", "The pass rate is the share of those that pass among records that can be decided.")
        table = t.Table(self.word("整体结论（记录数）", "overall verdicts (records)"), self.counted(("标准", "standard")), tuple(rows))
        return t.Section(self.word("结论", "Verdicts"), (table, t.Paragraph((said,))))

    def clauses(self) -> t.Section:
        tables = []
        for at, each in enumerate(self.batch.judged):
            rows = []
            for meaning in each.program.judged:
                if not meaning.no.startswith("overall"):
                    clause = meaning.clause
                    sources = [each.program.standard.sources[i] for i in clause.sources if i in each.program.standard.sources]
                    rows.append(((meaning.no,), (clause.title.text(self.language), " ", *self.cited.cites(each.program.standard, sources)),
                                 *self.tally(meaning.no, at)))  # fmt: skip
            caption = self.word(f"逐条 {each.program.standard.number}", f"by clause, {each.program.standard.number}")
            tables.append(t.Table(caption, self.counted(("条款", "clause"), ("标题与出处", "title and source")), tuple(rows)))
        return t.Section(self.word("逐条（记录数）", "Clause by clause (records)"), tuple(tables))

    def listings(self) -> Iterator[t.Section]:
        for verdict, title in LISTED.items():
            blocks = [block for each in self.batch.judged for block in self.listing(each, verdict)]
            if blocks:
                yield t.Section(self.word(*title), tuple(blocks))

    def listing(self, each: Judged, verdict: Verdict) -> Iterator[t.Block]:
        if each.program.overall is None:
            return
        condition = "v.overall = 0" if verdict is Verdict.FAIL else "v.overall IS NULL"
        joined = f"{each.verdicts} v JOIN {each.admitted} a ON a.row = v.row WHERE {condition}"
        ((total,),) = self.batch.connection.execute(f"SELECT count(*) FROM {joined}").fetchall()
        if not total:
            return
        found = self.batch.connection.execute(f"SELECT a.row, a.key FROM {joined} ORDER BY a.row LIMIT {self.listed}").fetchall()
        evaluated = evaluations_of(self.batch, each, [row for row, _ in found])
        rows = tuple(((t.count(row),), (str(key),), *self.told(evaluated[row], verdict)) for row, key in found)
        number, word = each.program.standard.number, WORDS[verdict][self.language]
        heads = (("行", "row"), ("记录", "record"), ("条款", "clauses"), ("为什么", "why"))
        yield t.Table(f"{word} {number}", t.heads(self.language, *heads, right=(0,)), rows)
        if total > len(rows):
            first = self.word(f" 条，列出前 {len(rows):,} 条。", f"; the first {len(rows):,} are listed.")
            yield t.Paragraph((self.word("共 ", "There are "), t.count(total), first))

    def told(self, evaluation: Evaluation, verdict: Verdict) -> tuple[t.Line, t.Line]:
        """The clauses that made a record fail with their values, or what an undetermined one waits for."""
        explained = explain(evaluation, self.language)
        clauses = [c for c in explained.clauses if c.verdict is verdict and c.strength == "shall"]
        numbers = self.word("、", ", ").join(c.no for c in clauses)
        if verdict is Verdict.FAIL:
            return (numbers,), (self.word("；", "; ").join(f"{c.no} {c.put_in}" for c in clauses),)
        overall = evaluation.program.overall
        unknown = evaluation.why_unknown(overall) if overall else Unknown()
        inputs = evaluation.program.inputs
        waits = [inputs[n].title(self.language) if n in inputs else n for n in sorted(unknown.missing)]
        waits = waits or undefined_words(evaluation.program, unknown, self.language)
        return (numbers,), (self.word("缺 ", "missing ") + self.word("、", ", ").join(waits),)

    def waits(self) -> Iterator[t.Section]:
        rows = []
        for each in self.batch.judged:
            for name, number in missing_tally(self.batch.connection, each.waiting, each.bits) if each.program.overall else []:
                declared = each.program.inputs.get(name)
                why = Unknown(undefined=frozenset((name,)))
                title = declared.title(self.language) if declared else undefined_words(each.program, why, self.language)[0]
                rows.append(((each.program.standard.number,), (title,), (t.count(number),)))
        if rows:
            columns = t.heads(self.language, ("标准", "standard"), ("等待", "waits for"), ("记录数", "records"), right=(2,))
            yield t.Section(self.word("无法判定的原因", "Why undetermined"), (t.Table("", columns, tuple(rows)),))

    # the data

    def quality(self) -> t.Section:
        by_property: dict[str, InputQuality] = {}
        for each in self.batch.judged:
            for quality in each.quality.inputs:
                by_property.setdefault(quality.asked.is_, quality)
        heads = (("输入", "input"), ("取自", "from"), ("列的单位", "its unit"), ("单位", "asked in"), ("有值", "present"), ("缺", "missing"),
                 ("不可用", "unusable"), ("已修约", "rounded"))  # fmt: skip
        table = t.Table("", t.heads(self.language, *heads, right=(4, 5, 6, 7)),
                        tuple(self.filled(q) for q in by_property.values()))  # fmt: skip
        return t.Section(self.word("数据质量", "Quality of the data"), (table,))

    def filled(self, q: InputQuality) -> tuple[t.Line, ...]:
        entry, empty = q.entry, ("",)
        asked = q.asked.unit_text
        if entry is None:
            return ((q.asked.title(self.language),), (self.word("没有列", "no column"),), empty, (asked,), empty, empty, empty, empty)
        numbers = (q.present, q.missing, sum(q.bad.values()), q.rounded)
        return ((q.asked.title(self.language),), (entry.column or f"= {entry.constant}",), (entry.unit.text if entry.unit is not None else "",),
                (asked,), *((t.count(n),) for n in numbers))  # fmt: skip

    def findings(self) -> Iterator[t.Section]:
        """What reader, mapping and door have to say; places without the folder of whoever ran it."""
        found = [d for d in self.batch.diagnostics if d.code != "input-without-column"]
        if found:
            rows = []
            for d in found:
                place = str(d.span).removeprefix(str(self.batch.source.path.parent)).lstrip("/\\") if d.span else ""
                tone = t.Tone.BAD if d.severity is Severity.ERROR else t.Tone.OPEN
                rows.append(((t.Mark("!", SEVERITIES[d.severity][self.language], tone),), (place,), (d.message(self.language),), (t.Code(d.code),)))
            columns = t.heads(self.language, ("级别", "severity"), ("位置", "place"), ("发现", "finding"), ("代码", "code"))
            table = t.Table("", columns, tuple(rows))
            yield t.Section(self.word("数据中的问题", "Findings in the data"), (table,))
