"""Heard: a draft as the consultation has it: what it changes against the edition in force, and all of it printed, comments and answers in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guiju.base.diagnostics import Language, Problems, Refused
from guiju.frontrunner.authoring.basis import levels_in, levels_of
from guiju.frontrunner.authoring.consultation import ACTS, GENERAL, STATES, VERDICTS, Consultation, read_draft
from guiju.frontrunner.authoring.report import proposal_report
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.report import tree as t
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.store.processes import Step


@dataclass(frozen=True, slots=True)
class Changed:
    """An indicator's levels in force and in the draft, best first, as texts in its unit; None: there are none that are constants."""

    no: str
    title: Title
    unit: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None

    @property
    def same(self) -> bool:
        return self.before == self.after

    def of(self, which: tuple[str, ...] | None) -> str:
        return " · ".join(f"{each} {self.unit}".strip() for each in which) if which else "–"


def changes(shelf: Shelf, held: Consultation) -> list[Changed]:
    """What a draft has other than the standard it was made from has now; nothing where that is no longer to be found or cannot be read."""
    try:
        draft = read_draft(shelf, held.text, held.examples)
    except Refused:
        return []
    before = _program(shelf, held.base)
    old, new = levels_in(before) if before is not None else {}, levels_in(draft)
    found = []
    for program, names in ((draft, list(new)), (before, [each for each in old if each not in new])):
        for each in program.indicators if program is not None else ():
            if each.indicator.name in names:
                name, unit = each.indicator.name, each.value.type.unit.shown
                found.append(Changed(each.indicator.no, each.indicator.title, unit, _tuple(old.get(name)), _tuple(new.get(name))))
    return found


def _tuple(values: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _program(shelf: Shelf, number: str) -> Program | None:
    path = shelf.locate(number) if number else None
    if path is None:
        return None
    problems = Problems()
    opened = shelf.open(path)
    program = check(opened.standard, None, shelf, problems) if opened.standard else None
    return None if problems.has_errors else program


def rests(held: Consultation, found: Sequence[Changed]) -> bool:
    """Whether the levels of the text as it is now are those its basis tells of: it may have been revised since."""
    if held.basis is None:
        return False
    told = {tuple(each) for each in levels_of(held.basis).values()}
    return told <= {each.after for each in found if each.after is not None}


def consultation_report(
    shelf: Shelf, held: Consultation, steps: Sequence[Step], names: Mapping[str, str], language: Language, engine: str
) -> t.Report:  # fmt: skip
    """A draft printed, with what it rests on. names: of the accounts in the steps"""
    writer = _Writer(held, steps, names, language)
    found = changes(shelf, held)
    title = writer.word(f"征求意见：{held.standard} {held.title.zh}", f"Consultation: {held.standard} {held.title.en}")
    beside = (*writer.notes(rests(held, found)), writer.facts(), writer.levels(found), *writer.comments(), writer.log())
    if held.basis is not None:
        return proposal_report(held.basis, language, engine, beside, title)
    on = steps[-1].at.date()
    return t.Report(title, language, on, engine, (t.Origin(held.standard, held.content_hash),), tuple(beside))


class _Writer:
    def __init__(self, held: Consultation, steps: Sequence[Step], names: Mapping[str, str], language: Language) -> None:
        self.held, self.steps, self.names, self.language = held, steps, names, language

    def word(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def notes(self, is_of_text: bool) -> list[t.Block]:
        made: list[t.Block] = []
        if self.held.illustrative and not (self.held.basis or {}).get("illustrative"):
            said = self.word("草案中有示意的数值，不是任何标准的界限。", "The draft holds illustrative figures, which are those of no standard.")
            made.append(t.Note((said,), t.Kind.ILLUSTRATIVE))
        if self.held.basis is None:
            made.append(t.Note((self.word("提出时没有说明由什么推得。", "It was not said what its levels rest on."),), t.Kind.WARNING))
        elif not is_of_text:
            said = self.word("草案后来改过：下面的依据是提出时的，现在的界限见下表。",
                             "The draft was revised since: what it rests on is told as proposed; its levels now are in the table.")  # fmt: skip
            made.append(t.Note((said,), t.Kind.WARNING))
        return made

    def name(self, account: str) -> str:
        return self.names.get(account, account)

    def facts(self) -> t.Block:
        held = self.held
        rows: list[tuple[str, t.Line]] = [
            (self.word("状态", "state"), (STATES[held.state].text(self.language),)),
            (self.word("改自", "made from"), (held.base or "–",)),
            (self.word("说明", "what it is for"), (held.reason,)),
            (self.word("起草", "drafted by"), (self.word("、", ", ").join(map(self.name, held.drafters)),)),
            (self.word("审查通过", "approved by"), (self.name(held.reviewed_by) if held.reviewed_by else "–",)),
            (self.word("草案 sha256", "draft sha256"), (t.Code(held.content_hash),)),
        ]
        return t.Facts(tuple(rows))

    def levels(self, found: Sequence[Changed]) -> t.Block:
        heads = t.heads(self.language, ("指标", "indicator"), ("现行", "in force"), ("草案", "draft"))
        same = self.word("不变", "the same")
        rows = tuple(((f"{e.no} {e.title.text(self.language)}",), (e.of(e.before),), (same if e.same else e.of(e.after),)) for e in found)
        return t.Table(self.word("与现行相比，各级界限", "Levels against the edition in force, best first"), heads, rows)

    def comments(self) -> list[t.Block]:
        held = self.held
        if not held.comments:
            return [t.Section(self.word("意见与答复", "Comments and answers"), (t.Paragraph((self.word("没有意见。", "There are none."),)),))]
        heads = t.heads(
            self.language, ("编号", "no."), ("条款", "clause"), ("意见", "comment"), ("提出", "by"), ("处理", "decision"), ("答复", "answer")
        )
        rows = tuple(((str(e.number),), (self.word("全文", "all of it") if e.clause == GENERAL else e.clause,), (e.text,),
                      (f"{self.name(e.by)} {e.at.date()}",), (VERDICTS[e.verdict].text(self.language) if e.verdict else self.word("未答复", "open"),),
                      (e.answer or "–",)) for e in held.comments)  # fmt: skip
        return [t.Section(self.word("意见与答复", "Comments and answers"), (t.Table(self.word("意见", "comments"), heads, rows),))]

    def log(self) -> t.Block:
        items = tuple(t.Item((f"{each.at.date()} {ACTS[each.act].title.text(self.language)} {self.name(each.actor)}",)) for each in self.steps)
        return t.Section(self.word("记录", "The log"), (t.Listing(items),))
