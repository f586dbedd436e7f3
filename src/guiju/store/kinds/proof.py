"""Proof: a question about every record at once, asked of editions in the store.

arguments   question: stricter (of two editions) or satisfiable; on, corrected; treat_as: property asked → property taken for it; scenario;
            steps: the solver's budget for each of its checks
body        an answer for the whole and for each clause, with the witness that shows it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.base.rounding import decimal_text
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.existence import satisfiable
from guiju.readings.smt.search import Budget
from guiju.readings.smt.strictness import at_least_as_strict
from guiju.standard.dictionary import Dictionary
from guiju.store.database import Store
from guiju.store.editions import edition_named, program_of
from guiju.store.kinds.work import Piece, Put, cited, counted, day, refused, taken
from guiju.store.results import Outcome, Request

QUESTIONS = {"stricter": (2, 2), "satisfiable": (1, 20)}
ARGUMENTS = {"question": str, "on": str, "corrected": bool, "treat_as": dict, "scenario": str, "steps": int}
SECONDS_MAX = 3600.0
"""The steps end a question, not the clock, or the answer would hang on the machine; this is for a solver that does not come back."""


@contextmanager
def proof(store: Store, request: Request) -> Iterator[Proof]:
    arguments = taken(request, ARGUMENTS)
    question = arguments["question"]
    if question not in QUESTIONS:
        raise refused("prove-question", question=question or "", known=", ".join(QUESTIONS))
    counted(request, *QUESTIONS[question], records=False)
    held = [program_of(store, edition_named(store, word), day(arguments), corrected=bool(arguments["corrected"])) for word in request.editions]
    yield Proof([program for program, _ in held], {**held[-1][1].dictionary, **held[0][1].dictionary}, arguments)


@dataclass(frozen=True)
class Proof:
    programs: Sequence[Program]
    dictionary: Dictionary
    arguments: Mapping[str, Any]

    pieces = 1
    total = 1

    def piece(self, number: int, put: Put) -> Piece:
        budget = Budget(self.arguments["steps"] or Budget().steps, SECONDS_MAX)
        treat_as = self.arguments["treat_as"] or {}
        if self.arguments["question"] == "satisfiable":
            scenario = self.arguments["scenario"]
            return Piece({"whole": answer_json(satisfiable(self.programs, self.dictionary, treat_as=treat_as, budget=budget, scenario=scenario))}, 1)
        told = at_least_as_strict(self.programs[0], self.programs[1], self.dictionary, treat_as=treat_as, budget=budget)
        clauses = [{"no": each.no, "by": list(each.by), **answer_json(each.answer)} for each in told.clauses]
        scenarios = {name: answer_json(answer) for name, answer in told.scenarios.items()}
        return Piece({"whole": answer_json(told.whole), "clauses": clauses, "scenarios": scenarios}, 1)

    def whole(self, pieces: Sequence[Piece]) -> Outcome:
        return Outcome(cited(self.programs), None, {"question": self.arguments["question"], **pieces[0].body})


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer of the readings as JSON, its witness with it."""
    match answer:
        case Proved(by, witness):
            return {"answer": "proved", "by": by, "witness": witness and _witness(witness)}
        case Refuted(witness, conflict, unasked):
            told = {"conflict": [[at, no] for at, no in conflict], "unasked": list(unasked), "witness": witness and _witness(witness)}
            return {"answer": "refuted", **told}
        case Unknown(reason):
            return {"answer": "unknown", "reason": {"zh": reason.zh, "en": reason.en}}
        case NotComparable(reason):
            return {"answer": "not_comparable", "reason": {"zh": reason.zh, "en": reason.en}}


def _witness(witness: Witness) -> dict[str, Any]:
    records = [{name: _plain(value) for name, value in each.record.items()} for each in witness.evaluations]
    return {"real": witness.real, "records": records, "verdicts": [{no: v.value for no, v in e.verdicts.items()} for e in witness.evaluations]}


def _plain(value: Value) -> bool | str:
    if isinstance(value, bool | str):
        return value
    return decimal_text(value) if isinstance(value, Fraction) else str(value)
