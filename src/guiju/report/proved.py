"""Proved: what is said of the answer to a question about every record, and of the record that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.diagnostics import Language
from guiju.base.rounding import decimal_text
from guiju.ir.node import Op, below
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.explain import explain
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.report import tree as t

HOW = {"pieces": ("逐段比较", "piece by piece"), "text": ("写法相同", "written alike"), "parts": ("各部分均成立", "all of its parts are")}
ANSWERS: dict[type[Any], tuple[str, str, str, str]] = {
    Proved: ("✓", "proved", "证明成立", "proved"), Refuted: ("✗", "refuted", "证明不成立", "refuted"),
    Unknown: ("?", "unknown", "未知", "unknown"), NotComparable: ("–", "not_comparable", "不可比", "not comparable"),
}  # fmt: skip

Clauses = Sequence[tuple[int, str]]
"""(position of a program, number of a clause)"""


def answer_mark(answer: Answer, language: Language) -> t.Mark:
    sign, _, zh, en = ANSWERS[type(answer)]
    return t.Mark(sign, zh if language == "zh" else en)


def answer_why(answer: Answer, language: Language) -> str:
    zh = language == "zh"
    match answer:
        case Unknown(reason) | NotComparable(reason):
            return reason.text(language)
        case Proved(by, None):
            return HOW.get(by, ("求解器", "solver"))[0 if zh else 1]
        case Refuted(unasked=names) if names:
            return ("前者未要求：" if zh else "the first asks nothing of: ") + ", ".join(names)
    return ""


def witness_of(answer: Answer | None) -> Witness | None:
    return answer.witness if isinstance(answer, Proved | Refuted) else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A record that shows something, in the words of each standard it was judged by.

    made       whether it is a real record, and which
    numbers    of the standards
    rows       of each input its title, and its value by each standard, empty where that does not ask it
    verdicts   (verdict, standard and clause, the clause with the values put in)
    """

    made: str
    numbers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    verdicts: tuple[tuple[Verdict, str, str], ...]


def shown(witness: Witness, language: Language, only: Clauses | None = None) -> Shown:
    """
    only   the clauses it is about: nothing else is told of the record
    """
    zh = language == "zh"
    made = "构造的典型记录" if zh else "made, as typical as can be"
    if witness.real:
        made = f"真实记录 {witness.real}" if zh else f"the real record {witness.real}"
    told = [(at, e, _asked(e, at, only)) for at, e in enumerate(witness.evaluations) if only is None or any(at == place for place, _ in only)]
    names: dict[str, tuple[str, ...]] = {}
    for column, (_, evaluation, asked) in enumerate(told):
        for name, value in evaluation.record.items():
            if asked is None or name in asked:
                declared = evaluation.program.inputs[name]
                text = declared.with_unit(value_text(value, language))
                held = names.get(declared.title(language), ("",) * len(told))
                names[declared.title(language)] = (*held[:column], text, *held[column + 1 :])
    verdicts = [
        (clause.verdict, f"{evaluation.program.standard.number} {clause.no}", clause.put_in or clause.note)
        for at, evaluation, _ in told
        for clause in explain(evaluation, language).clauses
        if only is None or (at, clause.no) in only
    ]
    numbers = tuple(e.program.standard.number for _, e, _ in told)
    return Shown(made, numbers, tuple((title, *values) for title, values in names.items()), tuple(verdicts))


def witness_blocks(about: str, witness: Witness, language: Language, only: Clauses | None = None) -> tuple[t.Block, ...]:
    """The record as a table, and its verdicts."""
    zh, found = language == "zh", shown(witness, language, only)
    caption = f"证据（{about}；{found.made}）" if zh else f"witness for {about} ({found.made})"
    columns = (t.Column("输入" if zh else "input"), *(t.Column(number) for number in found.numbers))
    table = t.Table(caption, columns, tuple(tuple((cell,) for cell in row) for row in found.rows))
    items = tuple(t.Item(t.line(t.verdict_mark(verdict, language), f" {name}  {said}")) for verdict, name, said in found.verdicts)
    return (*((table,) if found.rows else ()), t.Listing(items))


def _asked(evaluation: Evaluation, at: int, only: Clauses | None) -> set[str] | None:
    """The inputs that the clauses of a program depend on."""
    if only is None:
        return None
    nodes = [n for c in evaluation.program.clauses if (at, c.no) in only for n in (c.applies, c.requires)]
    return {str(n.value) for n in below(nodes) if n.op is Op.INPUT}


def value_text(value: Value, language: Language) -> str:
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    return decimal_text(value) if isinstance(value, Fraction) else str(value)
