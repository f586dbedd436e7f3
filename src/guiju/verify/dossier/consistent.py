"""Consistent: what proofs over every record say of a standard: can anything meet it, is a clause implied, a level out of reach, a value undefined,
a better product worse off, do the pieces of its tables meet, does it contradict what it cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guiju.base.diagnostics import Language, Refused
from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.existence import always_defined, implied_clauses, reachable, satisfiable
from guiju.readings.smt.monotone import Direction, monotone, table_jumps
from guiju.readings.smt.search import Budget
from guiju.records.bulk import programs
from guiju.report.proved import ANSWERS, shown
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf
from guiju.verify.dossier.evidence import WHOLE, Evidence, known, unknown
from guiju.verify.dossier.limited import indicator_levels
from guiju.verify.dossier.measured import Tell

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Proofs:
    """How long is looked for an answer, and which questions are asked of a large standard.

    most   clauses and levels beyond which the questions about each of them are not asked
    """

    budget: Budget
    most: int = 60


def consistency(shelf: Shelf, program: Program, proofs: Proofs, tell: Tell) -> tuple[Evidence, ...]:
    """Every answer as a piece of evidence; one that was not reached, or not asked, says so."""
    tell(0, 5)
    found = [_satisfiable(shelf, program, proofs), *_jumps(program), *_conflicts(shelf, program, proofs)]
    tell(1, 5)
    large = len(program.clauses) > proofs.most
    why = Title(f"条款多于 {proofs.most} 条，没有逐条求证", f"more than {proofs.most} clauses: not asked one by one")
    for meaning in program.clauses if large else ():
        for what, title in (("implied", _IMPLIED), ("defined", _DEFINED)):
            found.append(unknown(f"{meaning.no}:{what}", what, meaning.no, title, why))
    if not large:
        for each in implied_clauses(program, budget=proofs.budget):
            by = ", ".join(each.by)
            said = Title(f"由 {by} 蕴含", f"by {by}") if isinstance(each.answer, Proved) and by else None
            found.append(_answer(f"{each.no}:implied", "implied", each.no, _IMPLIED, each.answer, program, said))
        tell(2, 5)
        asked = {c.no for c in program.clauses} | {i.indicator.name for i in program.indicators} | {g.grading.name for g in program.grades}
        asked |= {s.score.name for s in program.scores}
        for one in always_defined(program, budget=proofs.budget):
            if one.name in asked:
                reasons = "; ".join(one.reasons)
                found.append(
                    _answer(f"{one.name}:defined", "defined", one.name, _DEFINED, one.answer, program, Title(reasons, reasons) if reasons else None)
                )
    tell(3, 5)
    for reach in reachable(program, budget=proofs.budget):
        if reach.value != "none":
            title = Title(f"「{reach.value}」达得到", f"{reach.value} can be reached")
            found.append(_answer(f"{reach.name}:reach:{reach.value}", "reach", reach.name, title, reach.answer, program))
    tell(4, 5)
    found += _monotone(program, proofs)
    tell(5, 5)
    return tuple(found)


_IMPLIED = Title("已由其余条款蕴含（多余）", "implied by the other clauses (redundant)")
_DEFINED = Title("输入齐全时总有结论", "always has a value when nothing is missing")


def _satisfiable(shelf: Shelf, program: Program, proofs: Proofs) -> Evidence:
    title = Title("有产品能同时满足全部条款", "something can meet all of its clauses")
    answer = satisfiable([program], shelf.dictionary, budget=proofs.budget)
    said = None
    if isinstance(answer, Refuted):
        clauses = ", ".join(no for _, no in answer.conflict)
        said = Title(f"{clauses} 不能同时满足", f"{clauses} cannot be met together")
    return _answer(f"{WHOLE}:satisfiable", "satisfiable", WHOLE, title, answer, program, said)


def _conflicts(shelf: Shelf, program: Program, proofs: Proofs) -> Iterator[Evidence]:
    """Whether one product can meet this standard and each one on the shelf that it cites."""
    cited = [r.target if r.edition is None else f"{r.target}-{r.edition}" for r in program.standard.relations if r.kind == "cites"]
    for word in dict.fromkeys(cited):
        title = Title(f"与引用的 {word} 能同时满足", f"can be met together with {word}, which it cites")
        id_ = f"{WHOLE}:together:{word}"
        if shelf.locate(word) is None:
            yield unknown(id_, "together", WHOLE, title, Title("书架上没有这份标准的数据", "this standard is not on the shelf as data"))
            continue
        try:
            other = programs(shelf, [word], program.on)[0]
        except Refused:
            yield unknown(id_, "together", WHOLE, title, Title("这份标准的数据有错误", "the data of this standard have errors"))
            continue
        yield _answer(id_, "together", WHOLE, title, satisfiable([program, other], shelf.dictionary, budget=proofs.budget), program)


def _jumps(program: Program) -> Iterator[Evidence]:
    """Tables whose formula pieces do not meet."""
    jumps, untold = table_jumps(program)
    for name in program.standard.tables:
        title = Title(f"表「{name}」的各段相接", f"the pieces of table {name} meet")
        at = [jump for jump in jumps if jump.table == name]
        if name in untold:
            yield unknown(f"{WHOLE}:meet:{name}", "meet", WHOLE, title, Title("它的行还取决于别的量", "its rows depend on something else too"))
        elif at:
            places = "; ".join(f"{decimal_text(j.at)}: {_value(j.below)} | {_value(j.above)}" for j in at)
            yield known(f"{WHOLE}:meet:{name}", "meet", WHOLE, title, "refuted", said=Title(places, places))
        else:
            yield known(f"{WHOLE}:meet:{name}", "meet", WHOLE, title, "proved")


def _value(value: Fraction | None) -> str:
    return "–" if value is None else decimal_text(value)


def _monotone(program: Program, proofs: Proofs) -> Iterator[Evidence]:
    """Whether a product better in what an indicator measures ever gets a worse grade or score."""
    targets = [g.grading.name for g in program.grades] + [s.score.name for s in program.scores]
    for levels in indicator_levels(program):
        better: Direction = "higher" if levels.indicator.indicator.better == "higher" else "lower"
        if len(levels.names) != 1:
            continue
        (name,) = levels.names
        for target in targets:
            title = Title(f"「{program.inputs[name].zh}」变好，结论不会变差", f"better in {program.inputs[name].en} is never worse")
            answer = monotone(program, target, name, better, budget=proofs.budget)
            yield _answer(f"{target}:monotone:{name}", "monotone", target, title, answer, program)


def _answer(id_: str, what: str, subject: str, title: Title, answer: Answer, program: Program, said: Title | None = None) -> Evidence:
    """proved or refuted, with the record that shows it; otherwise why not."""
    pending = program.standard.unverified
    if pending:
        zh, en = "、".join(each.name for each in pending), ", ".join(each.name for each in pending)
        return unknown(
            id_,
            what,
            subject,
            title,
            Title(f"参数还没有数值，证明没有意义：{zh}", f"a proof would mean nothing while parameters have no value: {en}"),
        )
    if isinstance(answer, Unknown | NotComparable):
        return unknown(id_, what, subject, title, Title(f"未能证明：{answer.reason.zh}", f"not settled: {answer.reason.en}"))
    _, word, _, _ = ANSWERS[type(answer)]
    if said is None and answer.witness is not None:
        said = _witness(answer.witness)
    return known(id_, what, subject, title, word, said=said)


def _witness(witness: Witness) -> Title:
    """The record that shows it, in a line."""
    lines = []
    for language in LANGUAGES:
        rows = shown(witness, language).rows
        told = [f"{title} {next((v for v in values if v), '')}" for title, *values in rows[:8]]
        lines.append(("；" if language == "zh" else "; ").join(told))
    return Title(f"例：{lines[0]}", f"such as {lines[1]}")
