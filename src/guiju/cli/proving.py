"""What `guiju prove` does: a question about every record at once, its answer, and the record that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import decimal_text
from guiju.cli.answering import answer_json, mark, real_records, show_witness, treated, why
from guiju.cli.console import Exit, console, language, refusals, say, table
from guiju.cli.reading import texts_of
from guiju.ir.program import Program
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.dates import for_all_dates
from guiju.readings.smt.existence import always_defined, implied_clauses, reachable, satisfiable
from guiju.readings.smt.monotone import Direction, monotone, table_jumps
from guiju.readings.smt.search import Budget, Population
from guiju.readings.smt.strictness import at_least_as_strict, clause_pairs
from guiju.records.bulk import programs
from guiju.report.proved import witness_of
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf


@dataclass(frozen=True)
class Asked:
    """The options of a question."""

    on: date | None
    all_dates: bool
    treat_as: dict[str, str]
    any_method: bool
    scenario: str | None
    target: str
    name: str | None
    better: Direction
    budget: Budget
    population: Population | None


@dataclass(frozen=True)
class Line:
    """One answer: what it is about, and whatever else is said of it."""

    about: str
    title: str
    answer: Answer
    said: str = ""


def prove(
    question: str, words: list[str], *, on: str | None, all_dates: bool, treat_as: Sequence[str], any_method: bool, scenario: str | None,
    target: str, name: str | None, better: Direction, records: Path | None, mapping: Path | None, steps: int, seconds: float, as_json: bool,
) -> Exit:  # fmt: skip
    """Prints the answers to a question about standards; gives the exit code."""
    shelf = Shelf()
    with refusals(texts_of(shelf, words)):
        found = asked_about(shelf, question, words, as_of(on), scenario)
        asked = Asked(as_of(on), all_dates, treated(shelf, treat_as), any_method, scenario, target, name, better, Budget(steps, seconds),
                      None if records is None else real_records(shelf, found, records, mapping))  # fmt: skip
        lines = _by_date(shelf, words, asked) if question == "stricter" and all_dates else QUESTIONS[question](shelf, found, asked)
    if as_json:
        print(json.dumps(answers_json(question, found, asked, lines), ensure_ascii=False, indent=1))
    else:
        _show(question, found, asked, lines)
    return _exit(question, lines)


def asked_about(shelf: Shelf, question: str, words: Sequence[str], on: date | None, scenario: str | None) -> list[Program]:
    """The programs of the standards a question is asked of.

    raises   Refused: prove-standards, prove-scenario, unknown-standard, and what `guiju check` finds
    """
    _check_count(question, words)
    found = programs(shelf, words, on)
    _check_scenario(found, scenario)
    return found


def _check_count(question: str, words: Sequence[str]) -> None:
    least, most = {"stricter": (2, 2), "pairs": (2, 2), "satisfiable": (1, 99)}.get(question, (1, 1))
    if not least <= len(words) <= most:
        raise Refused([Diagnostic("prove-standards", None, {"question": question, "asked": str(least), "found": str(len(words))})])


def _check_scenario(found: Sequence[Program], scenario: str | None) -> None:
    known = [set(p.standard.scenarios.labels) if p.standard.scenarios else set() for p in found]
    if scenario is not None and not all(scenario in labels for labels in known):
        words = sorted(set.union(*known))
        facts = {"name": scenario, "known": ", ".join(words), **did_you_mean(scenario, words)}
        raise Refused([Diagnostic("prove-scenario", None, facts)])


# questions


def _stricter(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    first, second = found
    told = at_least_as_strict(first, second, shelf.dictionary, treat_as=asked.treat_as, any_method=asked.any_method, budget=asked.budget,
                              population=asked.population)  # fmt: skip
    titles = {c.no: c.clause.title.text(language()) for c in second.clauses}
    lines = [Line(c.no, titles[c.no], c.answer, say("、", ", ").join(c.by)) for c in told.clauses]
    lines += [Line(f"overall@{name}", say("该场景", "the scenario"), answer) for name, answer in told.scenarios.items()]
    return [Line("overall", say("整体", "the whole"), told.whole), *lines]


def _by_date(shelf: Shelf, words: Sequence[str], asked: Asked) -> list[Line]:
    def opened(word: str) -> Callable[[date], Program]:
        return lambda day: programs(shelf, [word], day)[0]

    found = programs(shelf, words, None)
    since = max((p.standard.effective or p.standard.published or p.on for p in found), default=date.today())
    told = for_all_dates([opened(w) for w in words], asked.on or since, lambda held: _stricter(shelf, held, asked))
    lines = []
    for period in told:
        last = "" if period.before is None else str(period.before - timedelta(days=1))
        lines += [Line(f"{line.about} [{period.since} … {last}]", line.title, line.answer, line.said) for line in period.answer]
    return lines


def _pairs(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    first, second = found
    lines = []
    for pair in clause_pairs(first, second, shelf.dictionary, treat_as=asked.treat_as, any_method=asked.any_method, budget=asked.budget,
                             population=asked.population):  # fmt: skip
        names = f"{pair.first} · {pair.second}"
        lines += [
            Line(names, say("前者足以满足后者", "the first is enough for the second"), pair.forward),
            Line(names, say("后者足以满足前者", "the second is enough for the first"), pair.backward),
            Line(names, say("能同时满足", "both can be met"), pair.together),
        ]
    return lines


def _satisfiable(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    answer = satisfiable(
        found, shelf.dictionary, treat_as=asked.treat_as, budget=asked.budget, population=asked.population, scenario=asked.scenario
    )
    said = ""
    if isinstance(answer, Refuted):
        said = say("、", ", ").join(f"{found[at].standard.number} {no}" for at, no in answer.conflict)
    return [Line("overall", say("能有产品全部满足", "something can meet all of it"), answer, said)]


def _implied(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    titles = {c.no: c.clause.title.text(language()) for c in found[0].clauses}
    told = implied_clauses(found[0], budget=asked.budget, population=asked.population)
    return [Line(i.no, titles[i.no], i.answer, say("、", ", ").join(i.by)) for i in told]


def _reachable(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    told = reachable(found[0], budget=asked.budget, population=asked.population)
    return [Line(f"{r.name} = {r.value}", say("达得到", "can be reached"), r.answer) for r in told]


def _monotone(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    (program,) = found
    names = [asked.name] if asked.name else [i.name for i in program.inputs.values() if i.kind == "number"]
    title = {"higher": say("越大越好", "higher is better"), "lower": say("越小越好", "lower is better")}[asked.better]
    told = [(name, monotone(program, asked.target, name, asked.better, budget=asked.budget, population=asked.population)) for name in names]
    return [Line(f"{asked.target} · {name}", title, answer) for name, answer in told]


def _defined(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    told = always_defined(found[0], budget=asked.budget, population=asked.population)
    return [Line(d.name, say("总有值", "always has a value"), d.answer, say("；", "; ").join(d.reasons)) for d in told]


def _jumps(shelf: Shelf, found: Sequence[Program], asked: Asked) -> list[Line]:
    jumps, untold = table_jumps(found[0])
    lines = [Line(j.table, f"{decimal_text(j.at)}", Refuted(), f"{_number(j.below)} | {_number(j.above)}") for j in jumps]
    seen = {j.table for j in jumps} | set(untold)
    lines += [Line(name, say("各段相接", "its pieces meet"), Proved("pieces")) for name in found[0].standard.tables if name not in seen]
    reason = Unknown(_title("它的行还取决于别的量", "its rows depend on something else too"))
    return [*lines, *(Line(name, say("各段相接", "its pieces meet"), reason) for name in untold)]


QUESTIONS: dict[str, Callable[[Shelf, Sequence[Program], Asked], list[Line]]] = {
    "stricter": _stricter, "pairs": _pairs, "satisfiable": _satisfiable, "implied": _implied, "unreachable": _reachable, "monotone": _monotone,
    "undefined": _defined, "jumps": _jumps,
}  # fmt: skip
TITLES = {
    "stricter": ("前者至少与后者一样严？", "is the first at least as strict as the second?"), "pairs": ("逐条比较", "clause by clause"),
    "satisfiable": ("有产品能满足吗？", "can anything satisfy this?"),
    "implied": ("哪些条款已由其余条款蕴含？", "which clauses follow from the others?"),
    "unreachable": ("各级都达得到吗？", "can every level be reached?"),
    "monotone": ("变好会不会反而得到更差的结论？", "does better never get worse?"),
    "undefined": ("会不会没有值？", "does everything always have a value?"), "jumps": ("表的各段相接吗？", "do the pieces of tables meet?"),
}  # fmt: skip


def _title(zh: str, en: str) -> Any:
    from guiju.standard.model import Title

    return Title(zh, en)


# printing


def _show(question: str, found: Sequence[Program], asked: Asked, lines: Sequence[Line]) -> None:
    named = " → ".join(f"{p.standard.number}（{p.on}）" if language() == "zh" else f"{p.standard.number} ({p.on})" for p in found)
    header = (say("对象", "about"), say("内容", "what"), say("答案", "answer"), say("依据", "by"), say("说明", "why"))
    rows = [(line.about, line.title, mark(line.answer), line.said, why(line.answer, found)) for line in lines]
    table(f"{named}  {say(*TITLES[question])}", header, rows)
    for asked_for, used in asked.treat_as.items():
        assumed = say(f"! 假定：以「{used}」的数值代替「{asked_for}」", f"! assumed: the value of {used} stands for {asked_for}")
        console().print(assumed, style="yellow")
    shown: list[Witness] = []
    for line in lines:
        witness = witness_of(line.answer)
        if witness is not None and not any(w.assignment == witness.assignment for w in shown) and len(shown) < 12:
            shown.append(witness)
            show_witness(line.about, witness)


def _number(value: Fraction | None) -> str:
    return say("无值", "no value") if value is None else decimal_text(value)


# JSON


def answers_json(question: str, found: Sequence[Program], asked: Asked, lines: Sequence[Line]) -> dict[str, Any]:
    answers = [_line_json(line) for line in lines]
    return {"question": question, "standards": [_cited(p) for p in found], "assumed": asked.treat_as, "answers": answers}


def _cited(p: Program) -> dict[str, str]:
    return {"number": p.standard.number, "on": str(p.on), "content": p.content_hash}


def _line_json(line: Line) -> dict[str, Any]:
    return {"about": line.about, **answer_json(line.answer), **({"said": line.said} if line.said else {})}


def _exit(question: str, lines: Sequence[Line]) -> Exit:
    whole = [line for line in lines if line.about.startswith("overall")] if question == "stricter" else lines
    if any(isinstance(line.answer, Refuted) for line in whole):
        return Exit.FAILS
    return Exit.UNDETERMINED if any(isinstance(line.answer, Unknown | NotComparable) for line in whole) else Exit.OK
