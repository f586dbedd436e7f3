"""What is recognised by proof is never contradicted: random standards passed together, random records, and the exact reading as judge."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import count

from checking import shelf
from guiju.align.recognition import DONE, Question, Recognition, Standing, recognise
from guiju.base.diagnostics import Refused
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, Verdict, evaluate, is_met
from guiju.readings.smt.answers import Proved, Refuted, Unknown
from guiju.readings.smt.search import DISAGREES, Budget
from guiju.readings.smt.space import Space
from random_documents import editions, random_program
from random_records import records

PAIRS = int(os.environ.get("GUIJU_PROOF_PAIRS", "24")) // 2
RECORDS = 60
QUESTION = Question(shelf().dictionary, {}, budget=Budget(steps=300_000, seconds=120))


def _drawn(programs: Sequence[Program], seed: int) -> list[tuple[Evaluation, ...]]:
    """Records that hug the limits of the first of these programs, filled up from those of the others, judged by all of them."""
    space = Space(programs)
    pools = [records(program, RECORDS, seed + at, nulls=0) for at, program in enumerate(programs)]
    found = []
    for drawn in zip(*pools, strict=True):
        assignment: dict[str, Value] = {}
        for key, q in space.quantities.items():
            asked = [(drawn[at][i.name], space.ratio(at, q)) for at, i in q.asked if i.name in drawn[at]]
            values = [value / ratio if not isinstance(value, bool | str) and ratio != 1 else value for value, ratio in asked]  # type: ignore[operator]
            fit = [value for value in values if q.admits(value)]
            if fit:
                assignment[key] = fit[0]
            elif q.kind == "number" and not q.is_empty and q.low is not None:
                assignment[key] = q.snapped(q.low)
        found.append(tuple(evaluate(program, space.record(at, assignment)) for at, program in enumerate(programs)))
    return found


def _recognised(passed: Sequence[Program], asked: Program) -> Recognition | None:
    try:
        return recognise(passed, asked, QUESTION)
    except Refused as refused:
        assert {d.code for d in refused.diagnostics} <= {"recognise-passed-by-nothing"}
        return None


def _threes() -> Iterator[tuple[int, Program, Program, Program]]:
    """Two standards that are passed, by some record each, and one that is asked: another edition of the first, or any other."""
    found = 0
    for seed in count():
        first, asked = editions(seed)
        asked = asked if seed % 2 else random_program(seed + 1000)
        second = random_program(seed + 500)
        if all(any(evaluate(p, r).verdict("overall") is Verdict.PASS for r in records(p, 40, seed, nulls=0)) for p in (first, second)):
            found += 1
            yield seed, first, second, asked
        if found == PAIRS:
            return


def test_no_record_that_passes_violates_what_is_recognised_and_every_witness_is_one() -> None:
    recognised = shown = passing = 0
    for seed, first, second, asked in _threes():
        for passed in ((first,), (first, second)):
            found = _recognised(passed, asked)
            if found is None:
                continue
            judged = [e for e in _drawn((*passed, asked), seed) if all(each.verdict("overall") is Verdict.PASS for each in e[:-1])]
            passing += len(judged)
            for f in found.findings:
                assert not (isinstance(f.answer, Unknown) and f.answer.reason == DISAGREES)
                if f.standing in DONE:
                    recognised += 1
                    assert all(is_met(e[-1], f.asked.meaning) for e in judged), f"{seed}: {f.no}"
                if f.standing is Standing.OUTSIDE:
                    assert all(e[-1].of(f.asked.meaning.applies) is not True for e in judged), f"{seed}: {f.no}"
                if f.standing is Standing.EXCLUDED:
                    assert not [e for e in judged if e[-1].judge(f.asked.meaning) is Verdict.PASS], f"{seed}: {f.no}"
                if isinstance(f.answer, Refuted):
                    shown += 1
                    witness = f.answer.witness
                    assert witness is not None
                    assert all(e.verdict("overall") is Verdict.PASS for e in witness.evaluations[:-1]), f"{seed}: {f.no}"
                    assert not is_met(witness.evaluations[-1], f.asked.meaning), f"{seed}: {f.no}"
            if isinstance(found.whole, Proved):
                assert all(e[-1].verdict("overall") in (Verdict.PASS, Verdict.NOT_APPLICABLE) for e in judged), seed
    assert recognised > PAIRS and shown > PAIRS / 4 and passing > PAIRS, (recognised, shown, passing)


def test_what_one_standard_recognises_it_recognises_together_with_another() -> None:
    kept = 0
    for seed, first, second, asked in _threes():
        alone, both = _recognised((first,), asked), _recognised((first, second), asked)
        if alone is None or both is None or any(q.is_empty for q in Space((first, second, asked)).quantities.values()):
            continue  # nothing passes both, or nothing can be judged by all three
        together = {f.no: f for f in both.findings}
        for f in alone.findings:
            if f.standing in DONE and not isinstance(together[f.no].answer, Unknown):
                kept += 1
                assert together[f.no].standing in DONE, f"{seed}: {f.no}"
    assert kept > 5, kept
