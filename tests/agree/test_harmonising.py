"""Random pairs of standards put into one: its clauses judge records as those they come from, and the strictest proposal implies them all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from agreement import agreement_on
from checking import checked, shelf
from guiju.align.document import Head, Made
from guiju.align.harmonise import choose, propose
from guiju.align.impact import Target
from guiju.align.pool import Pool, pool_of
from guiju.base.diagnostics import Refused
from guiju.base.units import ONE
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.evaluate import evaluate, is_met
from guiju.readings.smt.answers import Proved, Refuted
from guiju.readings.smt.search import Budget
from guiju.standard.model import Input, Title
from random_documents import document, editions
from random_records import records

PAIRS = int(os.environ.get("GUIJU_HARMONISE_PAIRS", "40"))
RECORDS = 40
BUDGET = Budget(steps=300_000, seconds=120)
HEAD = Head("T/PROPOSAL 1", Title("提案", "proposal"), "group", "CN", date(2024, 1, 1), Title("测试", "for a test"))


def _pair(seed: int) -> tuple[Program, Program]:
    """Two editions of one standard, which are comparable; or two standards that share properties in other units and ranges."""
    if seed % 2:
        return editions(seed)
    found = [checked(document(seed * 7 + n, number=f"T/RANDOM {n}").text, run=False).program for n in (1, 2)]
    assert found[0] is not None and found[1] is not None
    return found[0], found[1]


def _pool(seed: int) -> Pool | None:
    first, second = _pair(seed)
    try:
        return pool_of([(first, Title("一", "first")), (second, Title("二", "second"))], HEAD, shelf(), budget=BUDGET)
    except Refused as refused:
        assert {d.code for d in refused.diagnostics} == {"nothing-carried"}
        return None


def _in(program: Program, made: Program, record: dict[str, Value]) -> dict[str, Value] | None:
    """A record of the document in the names and units of another; None where that one would not let a value in."""
    found: dict[str, Value] = {}
    by_property = {made.inputs[name].is_: (made.inputs[name], value) for name, value in record.items()}
    for name in program.used_inputs:
        declared = program.inputs[name]
        if declared.is_ in by_property:
            held, value = by_property[declared.is_]
            if isinstance(value, Fraction):
                value *= (held.unit or ONE).ratio(declared.unit or ONE)
            if not _lets_in(declared, value):
                return None
            found[name] = value
    return found


def _lets_in(declared: Input, value: Value) -> bool:
    if isinstance(value, Fraction):
        assert declared.minimum is not None and declared.maximum is not None
        return (value / declared.grid).denominator == 1 and declared.minimum <= value <= declared.maximum
    return declared.kind != "category" or value in declared.values


def _drawn(made: Made, seed: int) -> Iterator[tuple[Program, dict[str, Value], dict[str, Value]]]:
    """Records of the document, and the same in each of the standards: drawn from both sides, so that limits of both are met."""
    for voice in made.voices:
        for record in records(made.program, RECORDS, seed):
            own = _in(voice.program, made.program, record)
            if own is not None:
                yield voice.program, own, record
        for own in records(voice.program, RECORDS, seed):
            back = _in(made.program, voice.program, own)
            if back is not None:
                yield voice.program, own, back


@pytest.mark.parametrize("seed", range(PAIRS))
def test_a_carried_clause_judges_every_record_as_the_one_it_comes_from(seed: int) -> None:
    pool = _pool(seed)
    if pool is None:
        return
    assert not [no for no, answer in pool.doubtful if isinstance(answer, Refuted)]
    pairs = pool.made.pairs()
    for program, own, record in _drawn(pool.made, seed):
        here, there = evaluate(pool.program, record), evaluate(program, own)
        for wanted, original, carried in pairs:
            if pool.made.voices[wanted.voice].program is program:
                assert here.judge(carried) is there.judge(original), (carried.no, record)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_what_passes_the_strictest_proposal_passes_every_row_that_was_not_left_open(seed: int) -> None:
    pool = _pool(seed)
    if pool is None:
        return
    choices = choose(pool, "strictest", 0)
    settled = [Target(c.row, c.clauses) for c in choices if c.clauses]
    for target in settled:
        assert pool.implies(target.clauses or (), tuple(no for nos in target.row.meant.values() for no in nos))
    clauses = {c.no: c for c in pool.program.clauses}
    for record in records(pool.program, RECORDS * 3, seed):
        judged = evaluate(pool.program, record)
        for target in settled:
            if all(is_met(judged, clauses[no]) for no in target.clauses or ()):
                for no in (no for nos in target.row.meant.values() for no in nos):
                    assert is_met(judged, clauses[no]) or _is_missing(judged.why_unknown(clauses[no]).missing), (target.clauses, no, record)


def _is_missing(names: object) -> bool:
    """Proofs are about records of which everything is known."""
    return bool(names)


@pytest.mark.parametrize("seed", range(0, PAIRS, 4))
def test_a_random_proposal_is_a_standard_whose_examples_all_readings_agree_on(seed: int, tmp_path) -> None:
    pool = _pool(seed)
    if pool is None:
        return
    try:
        proposal = propose(pool, "strictest", 0, choose(pool, "strictest", 0), HEAD, shelf())
    except Refused as refused:
        assert {d.code for d in refused.diagnostics} == {"nothing-carried"}
        return
    found = checked(proposal.text, proposal.examples)
    assert found.program is not None and not found.errors
    assert not agreement_on(found.program, [dict(s.evaluation.record) for s in proposal.specimens.found], tmp_path).differences
    assert not [no for no, _, answer in proposal.proofs if not isinstance(answer, Proved) and isinstance(answer, Refuted)]


def test_most_random_clauses_are_carried_and_proved() -> None:
    pools = [pool for seed in range(PAIRS) if (pool := _pool(seed)) is not None]
    carried, refused = sum(len(p.made.wanted) for p in pools), sum(len(p.refused) for p in pools)
    doubtful = sum(len(p.doubtful) for p in pools)
    assert carried > 2 * refused and doubtful < carried / 10
