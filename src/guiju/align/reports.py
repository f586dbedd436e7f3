"""Reports of align: how sides compare, and what changed from one edition to the next, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guiju.align.change import Change, Moved, Product, change, changes
from guiju.align.marks import CHANGES, LEFT, MARKS, STRENGTHS
from guiju.align.matrix import Cell, Matrix, Relation, Row
from guiju.align.requirements import Named, asks
from guiju.base.diagnostics import Language
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import WORDS
from guiju.report import tree as t
from guiju.report.cited import Cited, engine, standard_origin
from guiju.report.proved import answer_mark, answer_why, witness_blocks, witness_of

_TONES = {
    Relation.CONFLICTING: t.Tone.BAD, Relation.MISSTATED: t.Tone.BAD, Relation.CROSSING: t.Tone.OPEN, Relation.INCOMPARABLE: t.Tone.OPEN,
    Relation.UNKNOWN: t.Tone.OPEN, Relation.EQUAL: t.Tone.GOOD,
}  # fmt: skip
_CHANGED = {
    Change.TIGHTENED: t.Tone.BAD, Change.REVERSED: t.Tone.BAD, Change.LOOSENED: t.Tone.GOOD, Change.REWRITTEN: t.Tone.OPEN,
    Change.NEW: t.Tone.OPEN, Change.INCOMPARABLE: t.Tone.OPEN, Change.UNKNOWN: t.Tone.OPEN,
}  # fmt: skip


@dataclass(frozen=True)
class Moves:
    """What became of real products: of which file, how many change, and which."""

    file: t.Origin
    moved: Moved
    products: Sequence[Product]


def comparison_report(made: Matrix, language: Language, *, assumed: Mapping[str, str] | None = None, every: bool = False,
                      row: int | None = None) -> t.Report:  # fmt: skip
    """Counts, the matrix, and every row more than one side asks, with texts, proofs and witnesses.

    every   rows that only one side asks, too
    row     open this row only, counted from 1
    """
    return _Comparison(made, language, assumed or {}).report(every, row)


def changes_report(made: Matrix, language: Language, *, assumed: Mapping[str, str] | None = None, same: bool = False,
                   moves: Moves | None = None) -> t.Report:  # fmt: skip
    """What changed from the first side, the older edition, to the second, and the real products whose verdict changes.

    same   open what stays the same, too
    """
    return _Changes(made, language, assumed or {}).report(same, moves)


def pairs_report(matrices: Sequence[Matrix], language: Language) -> t.Report:
    """How many requirements of every two sides stand how to one another; the other against the first."""
    writers = [_Comparison(matrix, language, {}) for matrix in matrices]
    told = [w for w in writers if w.made.shared]
    kinds = [r for r in Relation if any(w.made.counts(1)[r] for w in told) and r not in (Relation.MEASURE, Relation.MISSING)]
    first = writers[0]
    columns = (*t.heads(language, ("以此为准", "measured by"), ("另一方", "other")), *(t.Column(first.relation(r).text, right=True) for r in kinds))
    rows = tuple(t.row((w.name(0),), (w.name(1),), *((t.count(w.made.counts(1)[r]),) for r in kinds)) for w in told)
    apart = len(writers) - len(told)
    blocks: list[t.Block] = [t.Table("", columns, rows)]
    if apart:
        blocks.append(t.Paragraph((first.word(f"另有 {apart} 对没有共同的要求。", f"{apart} more pairs have no requirement in common."),)))
    title = first.word("比较报告：两两比较", "Comparison report: every two sides")
    origins = tuple(dict.fromkeys(origin for w in writers for origin in w.origins()))
    section = t.Section(first.word("后者较前者", "The other against the first"), tuple(blocks))
    return t.Report(title, language, max(w.on for w in writers), engine(), origins, (section,))


class _Writer:
    def __init__(self, made: Matrix, language: Language, assumed: Mapping[str, str]) -> None:
        self.made, self.language, self.assumed = made, language, assumed
        self.cited = Cited(language)

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def relation(self, relation: Relation) -> t.Mark:
        sign, zh, en = MARKS[relation]
        return t.Mark(sign, self.word(zh, en), _TONES.get(relation, t.Tone.PLAIN))

    @property
    def on(self) -> date:
        return max(p.on for side in self.made.sides for p in side.programs)

    @property
    def names(self) -> str:
        return self.word("、", ", ").join(self.name(at) for at in range(len(self.made.sides)))

    def name(self, at: int) -> str:
        side = self.made.sides[at]
        return side.title.text(self.language) if len(side.programs) > 1 else side.code

    def origins(self) -> tuple[t.Origin, ...]:
        found = {p.standard.number: standard_origin(p) for side in self.made.sides for p in side.programs}
        return tuple(found.values())

    def beginning(self) -> Iterator[t.Block]:
        rows = [(self.name(at), (f"{p.standard.number} {p.standard.title.text(self.language)}" + self.word(f"（按 {p.on}）", f" (as of {p.on})"),))
                for at, side in enumerate(self.made.sides) for p in side.programs]  # fmt: skip
        yield t.Facts(tuple(rows))
        for asked, used in self.assumed.items():
            said = self.word(f"假定：以「{used}」的数值代替「{asked}」", f"assumed: the value of {used} stands for {asked}")
            yield t.Note((said,), t.Kind.WARNING)
        for p in {p.standard.number: p.standard for side in self.made.sides for p in side.programs}.values():
            weak = [s for s in p.sources.values() if s.grade == "illustrative"]
            if weak:
                yield t.Note((self.word(f"{p.number} 有自拟的数值 ", f"{p.number} holds figures of our own "), *self.cited.cites(p, weak)),
                             t.Kind.ILLUSTRATIVE)  # fmt: skip

    def text(self, at: int, cell: Cell) -> str:
        """What a side asks, in few words."""
        texts = dict.fromkeys(self.short(at, name) for name in cell.clauses)
        return self.word("；", "; ").join(texts)

    def short(self, at: int, name: Named) -> str:
        program, meaning = self.made.clause(at, name)
        condition = self.word("（有条件）", " (on condition)") if meaning.clause.when is not None else ""
        recommended = self.word("（宜）", " (should)") if meaning.clause.strength == "should" else ""
        return asks(program, meaning, self.language) + condition + recommended

    def opened(self, row: Row, number: int, mark: t.Mark | None = None) -> t.Section:
        """A row with both texts, the proofs, and the records that show them."""
        blocks: list[t.Block] = []
        for at, cell in enumerate(row.cells):
            blocks += self.side(row, at, cell)
        properties = self.word("性质：", "properties: ")
        blocks.insert(0, t.Paragraph((properties, t.Code(", ".join(row.requirement.properties)))))
        return t.Section(f"{number} {row.requirement.title.text(self.language)}", tuple(blocks), mark)

    def side(self, row: Row, at: int, cell: Cell) -> Iterator[t.Block]:
        left = f" [{self.word(*LEFT[cell.left])}]" if cell.left else ""
        yield t.Paragraph(t.line(t.Strong(self.name(at)), " ", self.relation(cell.relation), left))
        facts: list[tuple[str, t.Line]] = []
        for name in cell.clauses:
            program, meaning = self.made.clause(at, name)
            clause, standard = meaning.clause, program.standard
            title = f"{standard.number} {clause.no} ({self.word(*STRENGTHS[clause.strength])})"
            sources = self.cited.cites(standard, [standard.sources[i] for i in clause.sources if i in standard.sources])
            said = t.line(clause.title.text(self.language) + self.word("：", ": "), t.Code(asks(program, meaning, self.language)), " ", *sources)
            facts.append((title, said))
            if clause.disputed is not None:
                facts.append((self.word("来源有分歧", "disputed"), (clause.disputed.text(self.language),)))
            if clause.corrected is not None:
                facts.append((self.word("疑误", "believed wrong"), (clause.corrected.reason.text(self.language),)))
        if cell.why is not None:
            facts.append((self.word("为什么", "why"), (cell.why.text(self.language),)))
        if cell.corrected is not None:
            facts.append((self.word("按勘正", "as corrected"), (self.relation(cell.corrected),)))
        yield from [t.Facts(tuple(facts))] if facts else []
        yield from self.proofs(row, at, cell)

    def proofs(self, row: Row, at: int, cell: Cell) -> Iterator[t.Block]:
        measure, side = self.name(row.measure), self.name(at)
        asked = ((cell.forward, self.word(f"满足 {measure} 就满足 {side}", f"meeting {measure} is enough for {side}")),
                 (cell.backward, self.word(f"满足 {side} 就满足 {measure}", f"meeting {side} is enough for {measure}")),
                 (cell.together, self.word("能同时满足", "both can be met")))  # fmt: skip
        told = [(answer, words) for answer, words in asked if answer is not None]
        items = [t.Item(t.line(answer_mark(a, self.language), f"  {words}  {answer_why(a, self.language)}".rstrip())) for a, words in told]
        yield from [t.Listing(tuple(items))] if items else []
        for answer, words in told:
            witness = witness_of(answer)
            if witness is not None:
                yield from witness_blocks(words, witness, self.language, self.clauses(row, at))

    def clauses(self, row: Row, at: int) -> list[tuple[int, str]]:
        """The clauses of a cell and of its measure, by their positions in the space of the two sides."""
        offset = len(self.made.sides[row.measure].programs)
        return [*((n.program, n.no) for n in row.cells[row.measure].clauses), *((n.program + offset, n.no) for n in row.cells[at].clauses)]


class _Comparison(_Writer):
    def report(self, every: bool, row: int | None) -> t.Report:
        made = self.made
        rows = [(n, r) for n, r in enumerate(made.rows, 1) if every or r in made.shared]
        opened = [(n, r) for n, r in enumerate(made.rows, 1) if (n == row if row is not None else r in made.shared)]
        blocks: list[t.Block] = [*self.beginning(), self.counts(), self.matrix(rows)]
        details = tuple(self.opened(r, n) for n, r in opened)
        if details:
            blocks.append(t.Section(self.word("逐项：文本、证明与证据", "Row by row: texts, proofs and witnesses"), details))
        blocks += self.cited.section()
        title = self.word(f"比较报告：{self.names}", f"Comparison report: {self.names}")
        return t.Report(title, self.language, self.on, engine(), self.origins(), tuple(blocks))

    def counts(self) -> t.Section:
        kinds = [r for r in Relation if any(self.made.counts(at)[r] for at in range(len(self.made.sides)))]
        columns = (*t.heads(self.language, ("一方", "side")), *(t.Column(self.relation(r).text, right=True) for r in kinds))
        rows = tuple(t.row((self.name(at),), *((t.count(self.made.counts(at)[r]),) for r in kinds)) for at in range(len(self.made.sides)))
        said = self.word("每项要求以第一个提出的一方为准；每格都由证明得出。",
                         "Each requirement is measured by the first side that has it; each cell is proved.")  # fmt: skip
        return t.Section(self.word("结论", "What was found"), (t.Table("", columns, rows), t.Paragraph((said,))))

    def matrix(self, rows: Sequence[tuple[int, Row]]) -> t.Section:
        columns = (t.Column("#", right=True), *t.heads(self.language, ("要求", "requirement")),
                   *(t.Column(self.name(at)) for at in range(len(self.made.sides))))  # fmt: skip
        cells = tuple(
            t.row((t.count(n),), (r.requirement.title.text(self.language),), *(self.cell(at, cell) for at, cell in enumerate(r.cells)))
            for n, r in rows
        )
        blocks: list[t.Block] = [t.Table("", columns, cells)]
        hidden = len(self.made.rows) - len(rows)
        if hidden:
            blocks.append(t.Paragraph((self.word(f"另有 {hidden} 项只有一方要求。", f"{hidden} more are asked by one side only."),)))
        return t.Section(self.word("要求", "Requirements"), tuple(blocks))

    def cell(self, at: int, cell: Cell) -> t.Line:
        left = f" [{self.word(*LEFT[cell.left])}]" if cell.left else ""
        return t.line(self.relation(cell.relation), f" {self.text(at, cell)}" if cell.clauses else "", left)


class _Changes(_Writer):
    def report(self, same: bool, moves: Moves | None) -> t.Report:
        rows = list(enumerate(self.made.rows, 1))
        told = [(n, r) for n, r in rows if same or change(r) is not Change.SAME]
        blocks: list[t.Block] = [*self.beginning(), self.counts(), self.table(told)]
        if moves is not None:
            blocks.append(self.products(moves))
        details = tuple(self.opened(r, n, self.mark(change(r))) for n, r in told if all(cell.clauses for cell in r.cells))
        if details:
            blocks.append(t.Section(self.word("逐项：文本、证明与证据", "Row by row: texts, proofs and witnesses"), details))
        blocks += self.cited.section()
        older, newer = (self.name(at) for at in range(2))
        title = self.word(f"版本变化报告：{older} → {newer}", f"Edition-change report: {older} → {newer}")
        origins = (*self.origins(), *([moves.file] if moves else []))
        return t.Report(title, self.language, self.on, engine(), origins, tuple(blocks))

    def mark(self, found: Change) -> t.Mark:
        sign, zh, en = CHANGES[found]
        return t.Mark(sign, self.word(zh, en), _CHANGED.get(found, t.Tone.PLAIN))

    def counts(self) -> t.Section:
        tally = changes(self.made)
        rows = tuple(t.row((self.mark(c),), (t.count(tally[c]),)) for c in Change if tally[c])
        columns = t.heads(self.language, ("变化", "change"), ("要求数", "requirements"), right=(1,))
        return t.Section(self.word("结论", "What was found"), (t.Table("", columns, rows),))

    def table(self, told: Sequence[tuple[int, Row]]) -> t.Section:
        columns = (t.Column("#", right=True), *t.heads(self.language, ("变化", "change"), ("要求", "requirement")),
                   *(t.Column(self.name(at)) for at in range(2)))  # fmt: skip
        rows = tuple(t.row((t.count(n),), (self.mark(change(r)),), (r.requirement.title.text(self.language),),
                      *((self.text(at, cell) or "–",) for at, cell in enumerate(r.cells))) for n, r in told)  # fmt: skip
        return t.Section(self.word("变化", "Changes"), (t.Table("", columns, rows),))

    def products(self, moves: Moves) -> t.Section:
        older, newer = (self.name(at) for at in range(2))
        verdicts = [v for v in Verdict if any(v in both for both in moves.moved.rows)]
        columns = (t.Column(f"{older} \\ {newer}"), *(t.Column(WORDS[v][self.language], right=True) for v in verdicts))
        rows = tuple(t.row((t.verdict_mark(a, self.language),), *((t.count(moves.moved.count(a, b)),) for b in verdicts)) for a in verdicts)
        title = self.word("真实产品的结论（行：旧版；列：新版）", "verdicts of real products (rows: older; columns: newer)")
        changed = (self.word("结论改变的有 ", "Changing their verdict: "), t.count(moves.moved.changed), self.word(" 个。", "."))
        blocks: list[t.Block] = [t.Table(title, columns, rows), t.Paragraph(changed)]
        if moves.products:
            heads = t.heads(self.language, ("行", "row"), ("产品", "product"), (older, older), (newer, newer), ("不符合的条款", "clauses failed"),
                            right=(0,))  # fmt: skip
            listed = tuple(t.row((t.count(p.row),), (p.key,), (t.verdict_mark(p.old, self.language),), (t.verdict_mark(p.new, self.language),),
                            (self.word("、", ", ").join(p.fails),)) for p in moves.products)  # fmt: skip
            blocks.append(t.Table(self.word("结论改变的产品", "products whose verdict changes"), heads, listed))
            if moves.moved.changed > len(listed):
                blocks.append(t.Paragraph((self.word(f"只列出前 {len(listed)} 个。", f"The first {len(listed)} are listed."),)))
        return t.Section(self.word("真实产品", "Real products"), tuple(blocks))
