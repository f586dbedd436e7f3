"""Answers of proofs for people and for programs, and what every command that proves is given: properties taken for others, real records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.base.rounding import decimal_text
from guiju.cli.console import console, language, say, table
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.columnar import record_of
from guiju.readings.explain import MARKS, WORDS
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.search import Population, population_of
from guiju.records.bulk import run
from guiju.records.source import identifier
from guiju.report.proved import ANSWERS, Clauses, answer_mark, answer_why, shown, witness_of
from guiju.standard.dictionary import check_treated
from guiju.standard.shelf import Shelf

ROWS_MAX = 20_000
"""Real records that are looked through for a witness."""


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
        found[asked] = used
    check_treated(found, shelf.dictionary, problems)
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
    return answer_mark(answer, language()).text


def why(answer: Answer, found: Sequence[Program] = ()) -> str:
    return answer_why(answer, language())


def show_witness(about: str, witness: Witness, only: Clauses | None = None) -> None:
    """Prints a record that shows something, in the words of each standard it was judged by, and the verdicts.

    only   the clauses it is about: nothing else is told of the record
    """
    found = shown(witness, language(), only)
    title = say(f"证据（{about}；{found.made}）", f"witness for {about} ({found.made})")
    table(title, (say("输入", "input"), *found.numbers), found.rows)
    for verdict, name, said in found.verdicts:
        console().print(f"  {MARKS[verdict]} {name} {WORDS[verdict][language()]}  {said}")


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
