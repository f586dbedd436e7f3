"""What is proved is never contradicted, and every witness is one: random pairs of documents, random records, and the exact reading as judge."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest

from checking import shelf
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.values import Unknown as NoValue
from guiju.ir.values import Value
from guiju.readings.evaluate import Verdict, evaluate, is_met
from guiju.readings.smt import logic
from guiju.readings.smt.answers import Answer, Proved, Refuted, Unknown
from guiju.readings.smt.existence import always_defined, implied_clauses, reachable, satisfiable
from guiju.readings.smt.search import DISAGREES, Budget
from guiju.readings.smt.space import Space
from guiju.readings.smt.strictness import at_least_as_strict, clause_pairs
from random_documents import editions, random_program
from random_records import records
from smt_agreement import differences

PAIRS = int(os.environ.get("GUIJU_PROOF_PAIRS", "24"))
RECORDS = 60
DATES = (None, date(2021, 1, 1), date(2026, 6, 1))
BUDGET = Budget(steps=300_000, seconds=120)
MET = (Verdict.PASS, Verdict.NOT_APPLICABLE)


def _program(seed: int) -> Program:
    return random_program(seed, DATES[seed % len(DATES)])


def _drawn(space: Space, seed: int, count: int) -> list[dict[str, Value]]:
    """Full records of a space that hug the limits of its programs, each made of a record of every program."""
    chance = random.Random(seed)
    pools = [records(program, count, seed + at, nulls=0) for at, program in enumerate(space.programs)]
    found = []
    for drawn in zip(*pools, strict=True):
        assignment: dict[str, Value] = {}
        for key, q in space.quantities.items():
            asked = [(drawn[at][i.name], space.ratio(at, q)) for at, i in q.asked if i.name in drawn[at]]
            values = [value / ratio if not isinstance(value, bool | str | date) else value for value, ratio in asked]
            fit = [value for value in values if q.admits(value)]
            if fit:
                assignment[key] = chance.choice(fit)
            elif not q.is_empty and q.kind == "number" and q.low is not None:
                assignment[key] = q.snapped(q.low)
        found.append(assignment)
    return found


def _meaning(program: Program, no: str) -> ClauseMeaning:
    return next(c for c in program.clauses if c.no == no)


def _never_an_internal_error(answers: list[Answer]) -> None:
    assert not [a for a in answers if isinstance(a, Unknown) and a.reason == DISAGREES]


@pytest.mark.parametrize("seed", range(0, 24, 3))
def test_the_formulas_of_random_documents_mean_what_the_exact_reading_finds(seed: int) -> None:
    for each in range(seed, seed + 3):
        program = _program(each)
        found = differences(program, records(program, 12, each))
        assert not found, "\n".join([f"document {each}", *found[:3]])


def test_the_agreement_would_notice_a_wrong_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison that forgets that the limit itself is allowed."""
    monkeypatch.setattr("guiju.readings.smt.encode.compared", lambda sign, a, b: logic.compared("<" if sign == "<=" else sign, a, b))
    assert any(differences(_program(seed), records(_program(seed), 30, seed)) for seed in range(4))


def _pairs() -> Iterator[tuple[int, Program, Program]]:
    """Pairs whose first is passed by some record: most random documents ask what nothing can meet, and from that everything follows."""
    found = 0
    for seed in count():
        first, second = editions(seed) if seed % 4 else (_program(seed), _program(seed + 1000))
        if any(evaluate(first, record).verdict("overall") is Verdict.PASS for record in records(first, 40, seed, nulls=0)):
            found += 1
            yield seed, first, second
        if found == PAIRS:
            return


def test_nothing_proved_of_random_pairs_is_contradicted() -> None:
    proved = refuted = passed = 0
    for seed, first, second in _pairs():
        found = at_least_as_strict(first, second, shelf().dictionary, budget=BUDGET)
        space = Space((first, second))
        drawn = [(evaluate(first, space.record(0, a)), evaluate(second, space.record(1, a))) for a in _drawn(space, seed, RECORDS)]
        passing = [b for a, b in drawn if a.verdict("overall") is Verdict.PASS]
        passed += len(passing)
        _never_an_internal_error([c.answer for c in found.clauses])
        for clause in found.clauses:
            if isinstance(clause.answer, Proved):
                proved += 1
                assert all(is_met(b, _meaning(b.program, clause.no)) for b in passing), f"pair {seed}, clause {clause.no}"
            elif isinstance(clause.answer, Refuted):
                refuted += 1
                witness = clause.answer.witness
                assert witness is not None
                assert witness.verdicts(0)["overall"] is Verdict.PASS and not is_met(witness.evaluations[1], _meaning(second, clause.no))
        if isinstance(found.whole, Proved):
            assert all(b.verdict("overall") in MET for b in passing)
    assert proved > PAIRS and refuted > PAIRS / 4 and passed > 5 * PAIRS, (proved, refuted, passed)


def test_a_standard_is_at_least_as_strict_as_itself() -> None:
    for seed in range(8):
        program = _program(seed)
        found = at_least_as_strict(program, program, shelf().dictionary, budget=BUDGET)
        assert not isinstance(found.whole, Refuted), f"document {seed}"


def test_pairs_of_clauses_that_cannot_be_met_together_are_met_by_no_record() -> None:
    told = 0
    for seed in range(0, PAIRS, 2):
        first, second = _program(seed), _program(seed + 1)
        space = Space((first, second))
        drawn = [(evaluate(first, space.record(0, a)), evaluate(second, space.record(1, a))) for a in _drawn(space, seed, RECORDS)]
        for pair in clause_pairs(first, second, shelf().dictionary, budget=BUDGET):
            _never_an_internal_error([pair.forward, pair.backward, pair.together])
            judged = [(a.verdict(pair.first), b.verdict(pair.second)) for a, b in drawn]
            told += isinstance(pair.forward, Proved) + isinstance(pair.together, Refuted)
            if isinstance(pair.forward, Proved):
                assert not [v for v in judged if v[0] is Verdict.PASS and v[1] in (Verdict.FAIL,)], f"pair {seed}: {pair.first}, {pair.second}"
            if isinstance(pair.together, Refuted):
                assert (Verdict.PASS, Verdict.PASS) not in judged, f"pair {seed}: {pair.first}, {pair.second}"
    assert told


def _evaluations(program: Program, seed: int) -> list[Any]:
    return [evaluate(program, record) for record in records(program, RECORDS, seed, nulls=0)]


def test_what_is_implied_undefined_or_out_of_reach_in_random_documents_is_so() -> None:
    seen = set()
    for seed in range(PAIRS):
        program = _program(seed)
        judged, can = _evaluations(program, seed), satisfiable([program], shelf().dictionary, budget=BUDGET)
        implied, reached, defined = (ask(program, budget=BUDGET) for ask in (implied_clauses, reachable, always_defined))
        _never_an_internal_error([can, *(i.answer for i in implied), *(r.answer for r in reached), *(d.answer for d in defined)])
        if isinstance(can, Refuted):
            seen.add("unsatisfiable")
            assert not [e for e in judged if e.verdict("overall") is Verdict.PASS], f"document {seed}"
        shall = [c.no for c in program.clauses if c.clause.strength == "shall"]
        for each in (i for i in implied if isinstance(i.answer, Proved)):
            seen.add("implied")
            others = [no for no in shall if no != each.no]
            scope = [e for e in judged if program.overall is not None and e.of(program.overall.applies) is True]
            assert not [e for e in scope if all(is_met(e, _meaning(program, no)) for no in others) and not is_met(e, _meaning(program, each.no))], f"document {seed}, {each.no}"
        for grade in (r for r in reached if isinstance(r.answer, Refuted)):
            seen.add("unreachable")
            node = next((g.node for g in program.grades if g.grading.name == grade.name), None)
            assert node is None or not [e for e in judged if e.of(program.scope) is True and e.of(node) == grade.value], f"document {seed}, {grade}"
        for value in (d for d in defined if isinstance(d.answer, Proved) and d.name in program.values):
            seen.add("defined")
            assert not [e for e in judged if e.of(program.scope) is True and type(e.of(program.values[value.name])) is NoValue], f"document {seed}, {value.name}"
    assert seen >= {"implied", "unreachable", "defined"}, seen
