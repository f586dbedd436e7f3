"""What `guiju align suffices` does: for each region, whether conformity to one standard is enough for all that is asked there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guiju.align.avoided import Avoided, avoided
from guiju.align.commands.recognised import (
    Asking,
    Tell,
    avoided_json,
    cited,
    exit_of,
    marked,
    recognition_json,
    show_avoided,
    standing_word,
    why,
)
from guiju.align.plan_page import Table
from guiju.align.recognition import Question, Recognition, recognise
from guiju.base.dates import as_of
from guiju.base.diagnostics import Problems
from guiju.cli.console import Exit, console, language, progress, refusals, say, table
from guiju.ir.program import Program
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, weakest
from guiju.records.bulk import programs, weakest_evidence
from guiju.standard.shape import did_you_mean

ANSWERS = {Proved: ("✓", "足够", "enough"), Refuted: ("✗", "不足", "not enough"), NotComparable: ("–", "须重做试验", "tests to be repeated")}
APART = ("–", "没有共同的对象", "nothing is under both")


@dataclass(frozen=True)
class Target:
    """Where it is asked: a region with what applies there besides, or a standard."""

    label: str
    region: str
    asked: tuple[Program, ...]


@dataclass(frozen=True)
class Sufficiency:
    target: Target
    found: tuple[Recognition, ...]
    saved: Avoided | None

    @property
    def answer(self) -> Answer:
        return weakest([each.whole for each in self.found])


@dataclass(frozen=True)
class Sufficing:
    """quiet   where nothing else is asked"""

    passed: Program
    found: tuple[Sufficiency, ...]
    quiet: tuple[Target, ...]


def sufficing(national: str, words: list[str], asking: Asking) -> Exit:
    """Prints where conformity to the standard is enough; gives the exit code."""
    with refusals(asking.texts), progress(say("逐地证明", "proving")) as tell:
        made = sufficiency_of(national, words, asking, tell)
    if asking.as_json:
        print(json.dumps(suffices_json(made, asking), ensure_ascii=False, indent=1))
    else:
        _show(made, asking)
    return exit_of([each for one in made.found for each in one.found])


def sufficiency_of(national: str, words: Sequence[str], asking: Asking, tell: Tell | None = None) -> Sufficing:
    """Where conformity to one standard is enough for all that is asked.

    words    regions and standards; none: every region within that of the standard
    tell     is told how many of them are done
    raises   Refused: align-unknown, recognise-subjects, what the standards have
    """
    (passed,) = programs(asking.shelf, [national], as_of(asking.on))
    targets = _targets(passed, words, asking)
    busy = [t for t in targets if t.asked]
    question = asking.question([passed, *(p for t in busy for p in t.asked)])
    found = []
    for n, target in enumerate(busy):
        if tell is not None:
            tell(n, len(busy))
        found.append(_sufficiency(passed, target, asking, question))
    return Sufficing(passed, tuple(found), tuple(t for t in targets if not t.asked))


def _targets(passed: Program, words: Sequence[str], asking: Asking) -> list[Target]:
    """The regions and standards named; where none is, every region within that of the standard.

    raises   Refused: align-unknown, all of them
    """
    if not words:
        own = set(asking.regions.issued_for(passed.standard.region))
        inside = [r.code for r in asking.regions.held.values() if r.code not in own and asking.regions.applies(passed.standard.region, r.code)]
        return [_region(code, passed, asking) for code in inside]
    problems, found = Problems(), []
    for word in words:
        if asking.shelf.locate(word) is not None:
            (program,) = programs(asking.shelf, [word], as_of(asking.on))
            found.append(Target(program.standard.number, program.standard.region, (program,)))
        elif asking.regions.is_one(word):
            found.append(_region(asking.regions.named(word).code, passed, asking))
        else:
            known = [*asking.shelf.numbers(), *(text for r in asking.regions.held.values() for text in (r.code, r.title.zh, r.title.en))]
            problems.add("align-unknown", None, name=word, **did_you_mean(word, known))
    problems.refuse_errors()
    return found


def _region(code: str, passed: Program, asking: Asking) -> Target:
    held = asking.in_force(code, [asking.subject or passed.standard.subject[0]])
    return Target(code, code, tuple(p for p in held if p.standard.number != passed.standard.number))


def _sufficiency(passed: Program, target: Target, asking: Asking, question: Question) -> Sufficiency:
    found = []
    for program in target.asked:
        rule = asking.binding(program, [passed], target.region, None)
        found.append(recognise([passed], program, question, region=target.region, rule=rule))
    saved = None if asking.catalogue is None else avoided(found, target.region, asking.catalogue, asking.regions, asking.shelf.dictionary)
    return Sufficiency(target, tuple(found), saved)


def _show(made: Sufficing, asking: Asking) -> None:
    told = sufficiency_table(made, asking)
    table(told.title, told.header, told.rows)
    console().print(evidence_line(made), style="dim", markup=False)
    if made.quiet:
        console().print(quiet_line(made, asking), style="dim")
    saved = [one.saved for one in made.found if one.saved is not None]
    if saved:
        show_avoided(saved, asking)


def sufficiency_table(made: Sufficing, asking: Asking) -> Table:
    """Of each region whether it is enough, and the clauses that break it."""
    title = say(f"符合 {marked(made.passed)} 是否足够", f"is conformity to {marked(made.passed)} enough?")
    header = (say("地区", "region"), say("标准", "standard"), say("答案", "answer"), say("条款", "clause"), say("为何", "why"))
    rows: list[tuple[str, ...]] = []
    for one in made.found:
        for each in one.found:
            mark, zh, en = APART if each.apart else ANSWERS.get(type(each.whole), ("?", "未知", "unknown"))
            place, number, answer = asking.title(one.target.region), marked(each.program), f"{mark} {say(zh, en)}"
            for f in each.breaks or (None,):
                said = f"{standing_word(f)}  {why(f, False)}" if f else "" if each.apart else say("逐条证明", "proved clause by clause")
                rows.append((place, number, answer, f.no if f else "", said))
                place = number = answer = ""
    return Table(title, header, rows)


def evidence_line(made: Sufficing) -> str:
    every = (made.passed, *(each.program for one in made.found for each in one.found))
    grades = dict.fromkeys(f"{p.standard.number} {weakest_evidence(p)}" for p in every)
    return say("最弱证据：", "weakest evidence: ") + say("，", ", ").join(grades)


def quiet_line(made: Sufficing, asking: Asking) -> str:
    names = say("、", ", ").join(asking.title(t.region) for t in made.quiet)
    return say("书架上没有自己的标准，只有它本身适用：", "with no standard of their own on the shelf, so that only it applies: ") + names


def suffices_json(made: Sufficing, asking: Asking) -> dict[str, Any]:
    """Of every region whether it is enough, and each clause; for programs."""
    targets = []
    for one in made.found:
        held = {"label": one.target.label, "region": one.target.region, "enough": isinstance(one.answer, Proved),
                "asked": [recognition_json(each) for each in one.found]}  # fmt: skip
        targets.append(held if one.saved is None else held | {"avoided": avoided_json(one.saved, asking)})
    return {"passed": cited(made.passed), "targets": targets, "nothing_of_their_own": [t.region for t in made.quiet], "language": language()}
