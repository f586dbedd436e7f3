"""Answers of proofs for people and for programs, and what every command that proves is given: properties taken for others, real records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text
from guiju.cli.console import console, language, say, table
from guiju.ir.node import Op, below
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.columnar import record_of
from guiju.readings.evaluate import Evaluation
from guiju.readings.explain import MARKS, WORDS, explain
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.search import Population, population_of
from guiju.records.bulk import run
from guiju.records.source import identifier
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

HOW = {"pieces": ("逐段比较", "piece by piece"), "text": ("写法相同", "written alike"), "parts": ("各部分均成立", "all of its parts are")}
ROWS_MAX = 20_000
"""Real records that are looked through for a witness."""
ANSWERS: dict[type[Any], tuple[str, str, str, str]] = {
    Proved: ("✓", "proved", "证明成立", "proved"), Refuted: ("✗", "refuted", "证明不成立", "refuted"),
    Unknown: ("?", "unknown", "未知", "unknown"), NotComparable: ("–", "not_comparable", "不可比", "not comparable"),
}  # fmt: skip


def treated(shelf: Shelf, words: Sequence[str]) -> dict[str, str]:
    """Property of the second standard → that of the first which stands for it, from words `asked=used`.

    raises   Refused: set-malformed, unknown-property, treat-as-kind, all of them
    """
    problems, found = Problems(), {}
    for word in words:
        asked, sign, used = (part.strip() for part in word.partition("="))
        if not sign:
            problems.add("set-malformed", None, text=word)
            continue
        for name in (asked, used):
            if name not in shelf.dictionary:
                problems.add("unknown-property", None, id=name, **did_you_mean(name, shelf.dictionary))
        held = shelf.dictionary
        if asked in held and used in held and held[asked].kind != held[used].kind:
            problems.add("treat-as-kind", None, asked=asked, used=used, asked_kind=held[asked].kind, used_kind=held[used].kind)
        found[asked] = used
    problems.refuse_errors()
    return found


def real_records(shelf: Shelf, found: Sequence[Program], records: Path, mapping: Path | None) -> Population:
    """The real records by property, in the unit of the first program that asks each."""
    batch = run(shelf, found, records, mapping)
    by_row: dict[int, tuple[str, dict[str, Value]]] = {}
    for each in batch.judged:
        names = list(each.program.used_inputs)
        columns = ", ".join(["row", "key", *(identifier(n) for n in names)])
        for row, key, *values in batch.connection.execute(f"SELECT {columns} FROM {each.admitted} ORDER BY row LIMIT {ROWS_MAX}").fetchall():
            _, held = by_row.setdefault(row, (str(key), {}))
            for name, value in record_of(each.program, names, values).items():
                held.setdefault(each.program.inputs[name].is_, value)
    return population_of(list(by_row.values()))


def mark(answer: Answer) -> str:
    mark, _, zh, en = ANSWERS[type(answer)]
    return f"{mark} {say(zh, en)}"


def witness_of(answer: Answer) -> Witness | None:
    return answer.witness if isinstance(answer, Proved | Refuted) else None


def why(answer: Answer, found: Sequence[Program]) -> str:
    match answer:
        case Unknown(reason) | NotComparable(reason):
            return reason.text(language())
        case Proved(by, None):
            return say(*HOW.get(by, ("求解器", "solver")))
        case Refuted(unasked=names) if names:
            return say("前者未要求：", "the first asks nothing of: ") + ", ".join(names)
    return ""


Clauses = Sequence[tuple[int, str]]
"""(position of a program, number of a clause)"""


def show_witness(about: str, witness: Witness, only: Clauses | None = None) -> None:
    """Prints a record that shows something, in the words of each standard it was judged by, and the verdicts.

    only   the clauses it is about: nothing else is told of the record
    """
    made = say(f"真实记录 {witness.real}", f"the real record {witness.real}") if witness.real else say("构造的典型记录", "made, as typical as can be")
    told = [(at, e, _asked(e, at, only)) for at, e in enumerate(witness.evaluations) if only is None or any(at == place for place, _ in only)]
    names: dict[str, tuple[str, ...]] = {}
    for column, (_, evaluation, asked) in enumerate(told):
        for name, value in evaluation.record.items():
            if asked is None or name in asked:
                declared = evaluation.program.inputs[name]
                shown = _value(value) + (f" {declared.unit.text}" if declared.unit and declared.unit.text != "1" else "")
                held = names.get(declared.title(language()), ("",) * len(told))
                names[declared.title(language())] = (*held[:column], shown, *held[column + 1 :])
    numbers = [e.program.standard.number for _, e, _ in told]
    rows = [(title, *values) for title, values in names.items()]
    table(say(f"证据（{about}；{made}）", f"witness for {about} ({made})"), (say("输入", "input"), *numbers), rows)
    for at, evaluation, _ in told:
        for clause in explain(evaluation, language()).clauses:
            if only is None or (at, clause.no) in only:
                named = f"{evaluation.program.standard.number} {clause.no} {WORDS[clause.verdict][language()]}"
                console().print(f"  {MARKS[clause.verdict]} {named}  {clause.put_in or clause.note}")


def _asked(evaluation: Evaluation, at: int, only: Clauses | None) -> set[str] | None:
    """The inputs that the clauses of a program depend on."""
    if only is None:
        return None
    nodes = [n for c in evaluation.program.clauses if (at, c.no) in only for n in (c.applies, c.requires)]
    return {str(n.value) for n in below(nodes) if n.op is Op.INPUT}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    return decimal_text(value) if isinstance(value, Fraction) else str(value)


def answer_json(answer: Answer, only: Clauses | None = None) -> dict[str, Any]:
    """For programs; of a witness the whole record of every standard, with all verdicts, or those of the clauses it is about."""
    held: dict[str, Any] = {"answer": ANSWERS[type(answer)][1]}
    match answer:
        case Unknown(reason) | NotComparable(reason):
            held["reason"] = {"zh": reason.zh, "en": reason.en}
        case Proved(by):
            held["by"] = by
        case Refuted():
            held |= {"conflict": [[at, no] for at, no in answer.conflict], "unasked": list(answer.unasked)}
    witness = witness_of(answer)
    if witness is not None:
        told = [(at, e) for at, e in enumerate(witness.evaluations) if only is None or any(at == place for place, _ in only)]
        verdicts = [{no: v.value for no, v in e.verdicts.items() if only is None or (at, no) in only} for at, e in told]
        held["witness"] = {"real": witness.real, "records": [_record(e.record.items()) for _, e in told], "verdicts": verdicts}
    return held


def _record(record: Iterable[tuple[str, Value]]) -> dict[str, Any]:
    def plain(value: Value) -> bool | str:
        if isinstance(value, bool | str):
            return value
        return decimal_text(value) if isinstance(value, Fraction) else str(value)

    return {name: plain(value) for name, value in record}
