"""Harmonise, as a report: what is proposed, who must change what, what is proved of each clause, the way there, and what it all rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guiju.align.harmonise import STRATEGIES
from guiju.align.harmonise_tables import (
    about_lines,
    changes_table,
    choices_table,
    doubts,
    end_line,
    products_table,
    proposal_line,
    roadmap_lines,
    roadmap_table,
)
from guiju.align.harmonising import Asked, Harmonised
from guiju.align.plan_page import Table
from guiju.align.requirements import asks
from guiju.align.roadmap import Roadmap
from guiju.base.diagnostics import Language
from guiju.cli.console import say, speaking
from guiju.readings.smt.answers import Proved
from guiju.report import tree as t
from guiju.report.cited import Cited, engine, standard_origin
from guiju.report.proved import answer_mark, answer_why

TOP = 5
"""Products named in each place."""


def harmonised_report(found: Harmonised, language: Language, way: tuple[Asked, Roadmap] | None = None) -> t.Report:
    """The proposal, with its way where that was asked for."""
    with speaking(language):
        return _Writer(found, language, way).report()


def tabled(found: Table, caption: str = "") -> t.Table:
    """A table of texts as one of a report."""
    right = set(found.right)
    columns = tuple(t.Column(title, right=at in right) for at, title in enumerate(found.header))
    return t.Table(caption, columns, tuple(tuple((cell,) if cell else () for cell in row) for row in found.rows))


def warned(lines: Iterable[str]) -> tuple[t.Block, ...]:
    """Lines that begin with an exclamation mark are warnings."""
    return tuple(t.Note((said.removeprefix("! "),), t.Kind.WARNING) if said.startswith("!") else t.Paragraph((said,)) for said in lines)


class _Writer:
    def __init__(self, found: Harmonised, language: Language, way: tuple[Asked, Roadmap] | None) -> None:
        self.asked, self.proposal, self.changes = found.asked, found.proposal, found.changes
        self.language, self.way, self.cited = language, way, Cited(language)
        self.program = self.proposal.made.program

    def report(self) -> t.Report:
        standard, pool = self.program.standard, self.asked.pool
        blocks = [*self.beginning(), *self.sections()]
        origins = (*(standard_origin(p) for p in pool.standards), standard_origin(self.program))
        return t.Report(say(f"协调提案：{standard.number}", f"Harmonised proposal: {standard.number}"), self.language, self.program.on, engine(),
                        tuple(dict.fromkeys(origins)), (*blocks, *self.cited.section()))  # fmt: skip

    def beginning(self) -> Iterator[t.Block]:
        pool, numbers = self.asked.pool, [p.standard.number for p in self.asked.pool.standards]
        yield t.Facts((
            (say("取自", "from"), (say("、", ", ").join(numbers),)),
            (say("规则", "rule"), (STRATEGIES[self.proposal.strategy].text(self.language),)),
            (say("基准", "baseline"), (numbers[self.asked.baseline],)),
            (say("按此日期的规定", "as of"), (str(self.program.on),)),
        ))  # fmt: skip
        en = "Put together by a program from clauses of these standards (evidence C). Issued by nobody, and not reviewed."
        yield t.Note((say("由程序从这些标准的条款合成（证据等级 C）；不是任何机构发布的文件，未经审查。", en),), t.Kind.WARNING)
        for p in pool.standards:
            weak = [s for s in p.standard.sources.values() if s.grade == "illustrative"]
            if weak:
                said = say(f"{p.standard.number} 有自拟的数值 ", f"{p.standard.number} holds figures of our own ")
                yield t.Note((said, *self.cited.cites(p.standard, weak)), t.Kind.ILLUSTRATIVE)
        yield t.Paragraph((proposal_line(self.proposal),))
        if self.proposal.specimens.satisfiable is not True:
            yield t.Note((say("未能找到全部符合的记录", "no record that passes all of it was found"),), t.Kind.WARNING)
        yield from warned(doubts(self.asked, self.proposal))

    def sections(self) -> Iterator[t.Block]:
        choices = tabled(choices_table(self.asked.pool, self.proposal))
        yield t.Section(say("逐项：取谁的要求", "Requirement by requirement: whose is taken"), (choices,))
        changes = changes_table(self.asked, self.changes)
        none = t.Paragraph((say("没有谁要改。", "Nobody must change anything."),))
        yield t.Section(say("谁要改什么", "Who must change what"), (tabled(changes) if changes.rows else none,))
        if self.asked.products is not None:
            table = products_table(self.asked, self.changes, TOP)
            yield t.Section(say("受影响的产品", "Products affected"), (tabled(table, table.title), *warned(about_lines(self.asked))))
        if self.way is not None:
            yield t.Section(say("路线图", "Roadmap"), tuple(self.roadmap(*self.way)))
        yield t.Section(say("各条与证明", "Clauses, and what is proved of them"), (self.clauses(),))
        left = self.program.standard.left_out
        if left:
            yield t.Section(say("待协商与未收入的", "Open, and left out"), (t.Listing(tuple(t.Item((each.text(self.language),)) for each in left)),))

    def roadmap(self, asked: Asked, made: Roadmap) -> Iterator[t.Block]:
        table = roadmap_table(asked, made)
        none = say("已经相同，没有要走的步骤。", "They ask the same already: there is no step to take.")
        yield tabled(table) if table.rows else t.Paragraph((none,))
        yield from warned(roadmap_lines(asked, made))
        yield t.Paragraph((end_line(made),))

    def clauses(self) -> t.Table:
        """Of every clause where it comes from, and whether both give every record the same verdict; one line for all scenarios alike."""
        header = (("条款", "clause"), ("内容", "asks"), ("取自", "from"), ("判定相同", "same verdicts"), ("出处", "sources"))
        by_no = {c.no: c for c in self.program.clauses}
        found: dict[tuple[str, str, str], list[tuple[str, t.Line]]] = {}
        for no, origin, answer in self.proposal.proofs:
            told = t.line(answer_mark(answer, self.language), "" if isinstance(answer, Proved) else f" {answer_why(answer, self.language)}")
            found.setdefault((no.partition("@")[0], origin.text(self.language), t.shown(told)), []).append((no, told))
        rows = []
        for (stem, origin_text, _), each in found.items():
            meaning = by_no[each[0][0]]
            scenarios = [no.partition("@")[2] for no, _ in each if "@" in no]
            name = stem + (f" @{', '.join(scenarios[:3])}{' …' if len(scenarios) > 3 else ''}" if scenarios else "")
            sources = [self.program.standard.sources[id_] for id_ in meaning.clause.sources]
            rows.append(t.row((name,), (asks(self.program, meaning, self.language),), (origin_text,), each[0][1],
                              self.cited.cites(self.program.standard, sources)))  # fmt: skip
        return t.Table("", t.heads(self.language, *header), tuple(rows))
