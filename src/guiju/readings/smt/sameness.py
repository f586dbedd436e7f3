"""Sameness: whether two clauses give every record the same verdict."""

from __future__ import annotations

from collections.abc import Sequence

from guiju.readings.evaluate import Evaluation
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.logic import Formula, Truth, conj, disj, neg
from guiju.readings.smt.meaning import Demand
from guiju.readings.smt.search import Nothing, Searcher, Sought


def same_verdicts(searcher: Searcher, comparable: Comparability, a: Demand, b: Demand) -> Answer:
    """Whether two clauses apply to the same records and there ask the same: no record gets two verdicts.

    Proved, or Refuted with a record that gets two; all inputs are known.
    """
    keys = a.all_keys | b.all_keys
    obstacle = comparable.space_obstacle(keys)
    if obstacle is not None:
        return NotComparable(obstacle)
    asked = conj((a.applies.true, b.applies.true))
    told_apart = disj((_differ(a.applies, b.applies), conj((asked, _differ(a.requires, b.requires)))))
    if told_apart is False:
        return Proved("text")

    def shows(judged: Sequence[Evaluation]) -> bool:
        return judged[a.position].judge(a.meaning) is not judged[b.position].judge(b.meaning)

    found = searcher.find(Sought([told_apart], keys, shows))
    if isinstance(found, Nothing):
        return Proved()
    return Refuted(found) if isinstance(found, Witness) else Unknown(found.reason)


def _differ(a: Truth, b: Truth) -> Formula:
    return disj((_unlike(a.true, b.true), _unlike(a.false, b.false)))


def _unlike(a: Formula, b: Formula) -> Formula:
    return False if a is b or (not isinstance(a, bool) and not isinstance(b, bool) and a.eq(b)) else disj((conj((a, neg(b))), conj((b, neg(a)))))
