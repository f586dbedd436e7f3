"""Strictness: whether conforming to one standard is enough for another, clause by clause, scenario by scenario and as a whole.

A standard is at least as strict as another where every record that passes it passes the other too, or is outside the other's scope. A clause
of the other is proved from the few clauses that measure the same thing; tables on one quantity are compared piece by piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness, weakest
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.following import LONG, Follower, about, gap_between, passing, rows
from guiju.readings.smt.logic import Formula, neg
from guiju.readings.smt.meaning import Conformity, Demand, conformity, demand
from guiju.readings.smt.search import Budget, Nothing, Population, Searcher, Sought
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

NO_REQUIREMENT = Title("其中一份标准没有必须满足的条款", "one of the standards has no clause that must be met")
UNMET = (Verdict.FAIL, Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class ClauseAnswer:
    """Whether the first standard is at least as strict as one clause of the second.

    by   the clauses of the first that are about the same thing
    """

    no: str
    answer: Answer
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strictness:
    """Whether the first standard is at least as strict as the second.

    scenarios   what each scenario of the second comes to
    """

    first: Program
    second: Program
    whole: Answer
    clauses: tuple[ClauseAnswer, ...]
    scenarios: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of each standard on the same thing, where both apply.

    forward, backward   whether meeting the first's is enough for the second's, and the other way
    together            whether a record can meet both
    """

    first: str
    second: str
    forward: Answer
    backward: Answer
    together: Answer


def at_least_as_strict(
    first: Program, second: Program, dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, population: Population | None = None,
) -> Strictness:  # fmt: skip
    """Whether whatever passes the first standard passes the second, or is outside its scope.

    treat_as     property the second asks → property of the first taken for it
    any_method   results of different test methods are taken for one another
    """
    space = Space((first, second), treat_as or {})
    follower = Follower(space, Comparability(space, dictionary, any_method), Searcher(space, budget, population))
    return _Compared(follower).strictness()


def clause_pairs(
    first: Program, second: Program, dictionary: Dictionary, *, treat_as: Mapping[str, str] | None = None, any_method: bool = False,
    budget: Budget | None = None, population: Population | None = None,
) -> tuple[Pair, ...]:  # fmt: skip
    """Every two clauses of the standards that are about the same thing, and how they compare where both apply."""
    space = Space((first, second), treat_as or {})
    searcher, comparable = Searcher(space, budget, population), Comparability(space, dictionary, any_method)
    ours, theirs = ([demand(space, at, c) for c in program.clauses] for at, program in enumerate(space.programs))
    return tuple(_pair(searcher, comparable, a, b) for a in ours for b in theirs if a.measured & b.measured)


@dataclass(frozen=True)
class _Compared:
    follower: Follower

    def strictness(self) -> Strictness:
        space = self.follower.space
        first, second = space.programs
        ours, theirs = conformity(space, 0), conformity(space, 1)
        if ours is None or theirs is None:
            return Strictness(first, second, NotComparable(NO_REQUIREMENT), (), {})
        whole_domain = self.follower.comparable.space_obstacle(frozenset(space.quantities))
        if whole_domain is None:
            self._settle(ours, theirs)
        clauses = tuple(
            ClauseAnswer(
                d.no, NotComparable(whole_domain) if whole_domain else self.follower.follows(ours, d), tuple(a.no for a in about(ours, d.measured))
            )
            for d in theirs.demands
        )
        whole = weakest([c.answer for c in clauses])
        whole = self._scope(ours, theirs) if isinstance(whole, Proved) else whole
        return Strictness(first, second, whole, clauses, dict(self._scenarios()))

    def _settle(self, ours: Conformity, theirs: Conformity) -> None:
        """A record that passes both, or else the first, is what witnesses start from; with long tables it takes longer than it saves."""
        if any(rows(d) >= LONG for d in (*ours.demands, *theirs.demands)):
            return
        (first, keys), (second, others) = passing(ours, ours.demands), passing(theirs, theirs.demands)
        searcher = self.follower.searcher
        if not searcher.settle([*first, *second], keys | others):
            searcher.settle(first, keys)

    def _scope(self, ours: Conformity, theirs: Conformity) -> Answer:
        """Every clause is met; but the whole is passed or does not apply only where that is determined."""

        def shows(judged: Sequence[Evaluation]) -> bool:
            return judged[0].judge(ours.whole) is Verdict.PASS and judged[1].judge(theirs.whole) is Verdict.UNDETERMINED

        needs, keys = passing(ours, ours.demands)
        found = self.follower.searcher.find(Sought([*needs, theirs.scope_undetermined], keys | theirs.scope_keys, shows))
        if isinstance(found, Nothing):
            return Proved("parts")
        return Refuted(found) if isinstance(found, Witness) else Unknown(found.reason)

    def _scenarios(self) -> Sequence[tuple[str, Answer]]:
        space = self.follower.space
        first, second = space.programs
        found: list[tuple[str, Answer]] = []
        ours = {m.no: m for m in first.families}
        for whole in (m for m in second.families if m.no.startswith("overall@")):
            scenario = whole.no.removeprefix("overall@")
            theirs = conformity(space, 1, whole)
            if whole.no not in ours:
                reason = Title(f"只有一份标准有场景「{scenario}」", f"only one of the standards has the scenario {scenario}")
                found.append((scenario, NotComparable(reason)))
                continue
            held = conformity(space, 0, ours[whole.no])
            if held is not None and theirs is not None:
                answer = weakest([self.follower.follows(held, d) for d in theirs.demands])
                found.append((scenario, self._scope(held, theirs) if isinstance(answer, Proved) else answer))
        return found


def _pair(searcher: Searcher, comparable: Comparability, a: Demand, b: Demand) -> Pair:
    obstacle = comparable.space_obstacle(a.all_keys | b.all_keys) or comparable.obstacle(b, [a])
    if obstacle is not None:
        return Pair(a.no, b.no, *(NotComparable(obstacle),) * 3)
    both, keys = [a.applies.true, b.applies.true], a.all_keys | b.all_keys
    return Pair(a.no, b.no, _enough(searcher, a, b, both, keys), _enough(searcher, b, a, both, keys), _together(searcher, a, b, both, keys))


def _enough(searcher: Searcher, a: Demand, b: Demand, both: list[Formula], keys: frozenset[str]) -> Answer:
    if gap_between(searcher.space, a, b) is False:
        return Proved("pieces")

    def shows(judged: Sequence[Evaluation]) -> bool:
        return judged[a.position].judge(a.meaning) is Verdict.PASS and judged[b.position].judge(b.meaning) in UNMET

    found = searcher.find(Sought([*both, a.requires.true, neg(b.requires.true)], keys, shows))
    if isinstance(found, Nothing):
        return Proved()
    return Refuted(found) if isinstance(found, Witness) else Unknown(found.reason)


def _together(searcher: Searcher, a: Demand, b: Demand, both: list[Formula], keys: frozenset[str]) -> Answer:
    def shows(judged: Sequence[Evaluation]) -> bool:
        return all(judged[d.position].judge(d.meaning) is Verdict.PASS for d in (a, b))

    found = searcher.find(Sought([*both, a.requires.true, b.requires.true], keys, shows))
    if isinstance(found, Nothing):
        return Refuted(conflict=((a.position, a.no), (b.position, b.no)))
    return Proved(witness=found) if isinstance(found, Witness) else Unknown(found.reason)
