"""Recognise, as a report: what remains to be shown elsewhere of what was passed, on which ground the rest is recognised, and what that saves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guiju.align.avoided import Avoided
from guiju.align.commands.recognised import (
    Asking,
    Recognised,
    avoided_lines,
    avoided_table,
    marked,
    rule_lines,
    standing_word,
    summary_line,
    why,
)
from guiju.align.commands.sufficing import Sufficing, quiet_line, sufficiency_table
from guiju.align.harmonise_report import tabled, warned
from guiju.align.recognition import DONE, Finding, Recognition
from guiju.base.diagnostics import Language
from guiju.cli.console import say, speaking
from guiju.ir.program import Program
from guiju.readings.smt.answers import Refuted
from guiju.records.bulk import weakest_evidence
from guiju.report import tree as t
from guiju.report.cited import GRADES, engine, standard_origin
from guiju.report.proved import witness_blocks


def recognised_report(made: Recognised, asking: Asking, language: Language) -> t.Report:
    """What remains, clause by clause, of every standard that is asked."""
    with speaking(language):
        names = say("、", ", ").join(marked(p) for p in made.passed)
        every = (*made.passed, *(each.program for each in made.found))
        blocks = [*_beginning(every, made), *(b for each in made.found for b in _asked(made, each, asking, language))]
        if made.saved is not None:
            blocks.append(_saved([made.saved], asking))
        return _report(say(f"互认：通过了 {names}", f"Recognition: passed {names}"), every, blocks, language)


def sufficing_report(made: Sufficing, asking: Asking, language: Language) -> t.Report:
    """Of every region whether conformity to one standard is enough there, and which clause breaks it."""
    with speaking(language):
        every = (made.passed, *(each.program for one in made.found for each in one.found))
        table = sufficiency_table(made, asking)
        none = t.Paragraph((say("这些地区没有别的标准要求。", "No other standard is asked in these regions."),))
        blocks: list[t.Block] = [*_illustrative(every), tabled(table) if table.rows else none]
        if made.quiet:
            blocks.append(t.Paragraph((quiet_line(made, asking),)))
        blocks.append(t.Note((say("这是对书架上的标准证明的；书架上没有的标准不在其内。",
                                  "It is proved of the standards on the shelf; what is not there is not covered."),)))  # fmt: skip
        saved = [one.saved for one in made.found if one.saved is not None]
        if saved:
            blocks.append(_saved(saved, asking))
        for one in made.found:
            for each in one.found:
                blocks += _witnesses(each, language)
        return _report(table.title, every, blocks, language)


def _report(title: str, every: Sequence[Program], blocks: Sequence[t.Block], language: Language) -> t.Report:
    origins = tuple(dict.fromkeys(standard_origin(p) for p in every))
    return t.Report(title, language, max(p.on for p in every), engine(), origins, (*blocks, _evidence(every)))


def _beginning(every: Sequence[Program], made: Recognised) -> Iterator[t.Block]:
    yield from _illustrative(every)
    for asked, used in made.treat_as.items():
        yield t.Note((say(f"假定：以「{used}」的数值代替「{asked}」", f"assumed: the value of {used} stands for {asked}"),), t.Kind.WARNING)


def _illustrative(every: Sequence[Program]) -> Iterator[t.Block]:
    made_up = dict.fromkeys(p.standard.number for p in every if weakest_evidence(p) == "illustrative")
    if made_up:
        names = say("、", ", ").join(made_up)
        said = say(f"{names} 有自拟的数值，不是任何地区的规定", f"{names} hold figures of our own, no rule of any region")
        yield t.Note((said,), t.Kind.ILLUSTRATIVE)


def _evidence(every: Sequence[Program]) -> t.Section:
    grades = {p.standard.number: weakest_evidence(p) for p in every}
    rows = tuple(t.row((number,), (f"{grade} {say(*GRADES[grade])}",)) for number, grade in grades.items() if grade in GRADES)
    header = t.heads("zh" if say("zh", "en") == "zh" else "en", ("标准", "standard"), ("最弱证据", "weakest evidence"))
    return t.Section(say("依据", "Evidence"), (t.Table("", header, rows),))


def _asked(made: Recognised, found: Recognition, asking: Asking, language: Language) -> Iterator[t.Block]:
    place, several = asking.title(found.region), len(made.passed) > 1
    header = t.heads(language, ("条款", "clause"), ("内容", "what"), ("结论", "standing"), ("依据与说明", "why"))
    rows = tuple(t.row((f.no,), (_what(f, language),), (standing_word(f),), (why(f, several),)) for f in found.findings)
    rule = rule_lines(found, found.rule) if found.rule is not None else []
    blocks = (t.Paragraph((t.Strong(summary_line(found)),)), *warned(rule), t.Table("", header, rows), *_witnesses(found, language))
    yield t.Section(say(f"{place}：{marked(found.program)}", f"{place}: {marked(found.program)}"), blocks)


def _what(f: Finding, language: Language) -> str:
    return f.title.text(language) + ("" if f.must else say("（宜）", " (should)"))


def _witnesses(found: Recognition, language: Language) -> list[t.Block]:
    """A product that passed and does not meet what is asked, of each clause that is to be shown."""
    blocks: list[t.Block] = []
    for f in found.findings:
        witness = f.answer.witness if isinstance(f.answer, Refuted) else None
        if witness is not None and f.must and f.standing not in DONE:
            last = len(witness.evaluations) - 1
            about = f"{found.program.standard.number} {f.no}"
            names = {n.standard: n.no for n in f.by}
            only = [(at, names[e.program.standard.number]) for at, e in enumerate(witness.evaluations) if e.program.standard.number in names]
            blocks += witness_blocks(about, witness, language, [*only, (last, f.no)])
    if not blocks:
        return []
    return [t.Section(say("通过而不满足的产品", "Products that passed and do not meet it"), tuple(blocks))]


def _saved(saved: Sequence[Avoided], asking: Asking) -> t.Section:
    table = avoided_table(saved, asking)
    notes = warned(avoided_lines(saved, asking))
    note: tuple[t.Block, ...] = ()
    if asking.catalogue is not None and asking.catalogue.illustrative:
        note = (t.Note((say("费用、天数与试验室为自拟，不是任何人的报价", "costs, days and laboratories are made up and nobody's offer"),),
                       t.Kind.ILLUSTRATIVE),)  # fmt: skip
    return t.Section(say("免去的试验", "Tests avoided"), (*note, tabled(table), *notes))
