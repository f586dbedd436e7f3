"""Strictness: whether conforming to one standard is enough for another, clause by clause, scenario by scenario and as a whole.

A standard is at least as strict as another where every record that passes it passes the other too, or is outside the other's scope. A clause
of the other is proved from the few clauses that measure the same thing; tables on one quantity are compared piece by piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guiju.ir.program import Program
from guiju.readings.evaluate import Evaluation, Verdict
from guiju.readings.smt.answers import Answer, NotComparable, Proved, Refuted, Unknown, Witness, is_met, weakest
from guiju.readings.smt.comparable import Comparability
from guiju.readings.smt.logic import Formula, conj, neg
from guiju.readings.smt.meaning import Conformity, Demand, conformity, demand
from guiju.readings.smt.pieces import Gap, gap
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
    compared = _Compared(space, Comparability(space, dictionary, any_method), Searcher(space, budget, population))
    return compared.strictness()


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
    space: Space
    comparable: Comparability
    searcher: Searcher

    def strictness(self) -> Strictness:
        first, second = self.space.programs
        ours, theirs = conformity(self.space, 0), conformity(self.space, 1)
        if ours is None or theirs is None:
            return Strictness(first, second, NotComparable(NO_REQUIREMENT), (), {})
        whole_domain = self.comparable.space_obstacle(frozenset(self.space.quantities))
        if whole_domain is None:
            self._settle(ours, theirs)
        clauses = tuple(
            ClauseAnswer(d.no, NotComparable(whole_domain) if whole_domain else self._clause(ours, d), tuple(a.no for a in ours.about(d.measured)))
            for d in theirs.demands
        )
        whole = weakest([c.answer for c in clauses])
        whole = self._scope(ours, theirs) if isinstance(whole, Proved) else whole
        return Strictness(first, second, whole, clauses, dict(self._scenarios()))

    def _settle(self, ours: Conformity, theirs: Conformity) -> None:
        """A record that passes both, or else the first, is what witnesses start from; with long tables it takes longer than it saves."""
        if any(_rows(d) >= LONG for d in (*ours.demands, *theirs.demands)):
            return
        (first, keys), (second, others) = ours.passing(ours.demands), theirs.passing(theirs.demands)
        if not self.searcher.settle([*first, *second], keys | others):
            self.searcher.settle(first, keys)

    def _scope(self, ours: Conformity, theirs: Conformity) -> Answer:
        """Every clause is met; but the whole is passed or does not apply only where that is determined."""

        def shows(judged: Sequence[Evaluation]) -> bool:
            return judged[0].judge(ours.whole) is Verdict.PASS and judged[1].judge(theirs.whole) is Verdict.UNDETERMINED

        needs, keys = ours.passing(ours.demands)
        found = self.searcher.find(Sought([*needs, theirs.scope_undetermined], keys | theirs.scope_keys, shows))
        if isinstance(found, Nothing):
            return Proved("parts")
        return Refuted(found) if isinstance(found, Witness) else Unknown(found.reason)

    def _scenarios(self) -> Sequence[tuple[str, Answer]]:
        first, second = self.space.programs
        found: list[tuple[str, Answer]] = []
        ours = {m.no: m for m in first.families}
        for whole in (m for m in second.families if m.no.startswith("overall@")):
            scenario = whole.no.removeprefix("overall@")
            theirs = conformity(self.space, 1, whole)
            if whole.no not in ours:
                reason = Title(f"只有一份标准有场景「{scenario}」", f"only one of the standards has the scenario {scenario}")
                found.append((scenario, NotComparable(reason)))
                continue
            held = conformity(self.space, 0, ours[whole.no])
            if held is not None and theirs is not None:
                answer = weakest([self._clause(held, d) for d in theirs.demands])
                found.append((scenario, self._scope(held, theirs) if isinstance(answer, Proved) else answer))
        return found

    def _clause(self, ours: Conformity, asked: Demand) -> Answer:
        obstacle = self.comparable.obstacle(asked, ours.demands)
        if obstacle is not None:
            return NotComparable(obstacle)
        about = ours.about(asked.measured)
        if any(self._follows(ours, a, asked) for a in about):
            return Proved("pieces")
        alike = [a for a in about if a.no == asked.no]
        if len(about) > FEW and alike and self._enough(ours, alike, asked):
            return Proved()
        needs, keys = ours.passing(about)
        every, every_keys = ours.passing(ours.demands)
        sought = Sought(
            [*needs, asked.violated], keys | asked.all_keys, lambda e: self._shows(ours, asked, e),
            [*every, asked.violated], every_keys | asked.all_keys,
        )  # fmt: skip
        return self._answered(sought, asked, ours, about)

    def _shows(self, ours: Conformity, asked: Demand, judged: Sequence[Evaluation]) -> bool:
        return judged[0].judge(ours.whole) is Verdict.PASS and not is_met(judged[1], asked.meaning)

    def _answered(self, sought: Sought, asked: Demand, ours: Conformity, about: Sequence[Demand]) -> Answer:
        hinted = next((h for a in about if (h := self._hint(a, asked)) is not None), None)
        if hinted is not None:
            narrowed = Sought([*sought.needs, hinted], sought.keys, sought.is_one, [*(sought.all or ()), hinted], sought.all_keys)
            found = self.searcher.find(narrowed)
            if isinstance(found, Witness):
                return Refuted(found)
        found = self.searcher.find(sought)
        if isinstance(found, Nothing):
            return Proved()
        if not isinstance(found, Witness):
            return Unknown(found.reason)
        held = frozenset().union(*(d.asked for d in ours.demands))
        return Refuted(found, unasked=tuple(sorted(asked.measured - held)))

    def _follows(self, ours: Conformity, a: Demand, asked: Demand) -> bool:
        """Whether the clause follows from one of ours, both being limits in straight pieces on one quantity over one other."""
        if self._gap(a, asked) is not False:
            return False
        if not a.left:
            return True
        skipped = conj((ours.applies, neg(asked.applies.false), neg(a.applies.true)))
        return self._exists(skipped, ours.scope_keys | asked.all_keys | a.all_keys) is False

    def _enough(self, ours: Conformity, some: Sequence[Demand], asked: Demand) -> bool:
        """Whether a few clauses are enough: those of the same number often are, and the solver has much less to read."""
        needs, keys = ours.passing(some)
        return self._exists(conj([*needs, asked.violated]), keys | asked.all_keys) is False

    def _exists(self, formula: Formula, keys: frozenset[str]) -> bool | None:
        return formula if isinstance(formula, bool) else self.searcher.exists([formula], keys)

    def _gap(self, a: Demand, b: Demand) -> Gap | bool:
        return gap_between(self.space, a, b)

    def _hint(self, a: Demand, asked: Demand) -> Formula | None:
        """Where a long table lets in what the clause does not: the solver alone is slow to find it."""
        if a.simple is None or asked.simple is None or _rows(a) + _rows(asked) < LONG:
            return None
        found = self._gap(a, asked)
        if not isinstance(found, Gap):
            return None
        over = a.simple.over or asked.simple.over
        at = [] if over is None else [self.space.equals(over, found.k * self.space.quantities[over].grid)]
        return conj([self.space.equals(a.simple.measured, found.value), *at])


LONG = 100
"""Rows of two tables from which on the solver is told where to look for a witness."""
FEW = 8
"""Clauses about one thing that are simply looked at together."""


def _rows(d: Demand) -> int:
    return len(d.simple.limit.args) if d.simple else 0


def gap_between(space: Space, a: Demand, b: Demand) -> Gap | bool:
    """Whether the first clause lets in what the second does not; True where that cannot be told without the solver."""
    one, other = a.simple, b.simple
    if one is None or other is None or one.measured != other.measured or one.upper != other.upper:
        return True
    overs = {s.over for s in (one, other)} - {None}
    if len(overs) > 1:
        return True
    over = space.quantities[str(next(iter(overs)))] if overs else None
    if over is not None and over.kind != "number":
        return True
    first, second, q = a.limit(over), b.limit(over), space.quantities[one.measured]
    if first is None or second is None or q.low is None or q.high is None:
        return True
    return gap(first, second, q.grid, q.low, q.high)


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
