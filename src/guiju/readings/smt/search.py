"""Search: is there a record such that …? First whether there can be, then among real records, then by the solver, as typical as it can be.

Every record found is judged by the exact reading before it is given to anyone. Steps of the solver are counted, so that the same question
has the same answer on a slow machine; seconds are only the last resort.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock
from fractions import Fraction
from itertools import islice, product
from typing import Any, TypeVar

from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, evaluate
from guiju.readings.smt.answers import Witness
from guiju.readings.smt.apart import Solver
from guiju.readings.smt.logic import Formula, Term, conj, is_constant, lift
from guiju.readings.smt.space import Assignment, Quantity, Space
from guiju.standard.model import Title

Name = TypeVar("Name")
_HALVINGS = 14
_NEIGHBOURS = 64
_SETTLED_MAX = 200
"""Quantities up to which a record that satisfies everything is looked for beforehand."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one question may cost.

    steps     of the solver, for each of its checks: an answer within them does not depend on the machine
    seconds   for the whole question
    """

    steps: int = 20_000_000
    seconds: float = 20.0


@dataclass(frozen=True)
class Population:
    """Real records by property, with what each is called; and the one that is typical of them."""

    records: Sequence[tuple[str, Mapping[str, Value]]] = ()
    typical: Mapping[str, Value] = field(default_factory=dict)


def population_of(records: Sequence[tuple[str, Mapping[str, Value]]]) -> Population:
    """Real records, and what is typical of them: the middle value of each number and date, the most frequent of everything else."""
    held: dict[str, list[Value]] = {}
    for _, record in records:
        for name, value in record.items():
            held.setdefault(name, []).append(value)
    return Population(records, {name: _middle(values) for name, values in held.items()})


def _middle(values: list[Any]) -> Value:
    if isinstance(values[0], bool | str):
        frequent: Value = Counter(values).most_common(1)[0][0]
        return frequent
    middle: Value = sorted(values)[len(values) // 2]
    return middle


@dataclass(frozen=True, slots=True)
class Sought:
    """The record looked for.

    needs    formulas it must satisfy, as few as can decide the question
    all      formulas that are enough, where those in `needs` are not; None: they are
    is_one   whether judged records are it, by the exact reading
    """

    needs: Sequence[Formula]
    keys: frozenset[str]
    is_one: Callable[[Sequence[Evaluation]], bool]
    all: Sequence[Formula] | None = None
    all_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Worst:
    """How far something can be missed.

    end        nothing is beyond it; `reached` or only approached
    on_grid    the most on the declared decimals, which the witness shows
    """

    end: Fraction
    reached: bool
    on_grid: Fraction
    witness: Witness | None


class Nothing:
    """No record is such."""


@dataclass(frozen=True, slots=True)
class Undecided:
    reason: Title


Found = Witness | Nothing | Undecided
DISAGREES = Title("内部错误：求解器给出的记录，精确判定不认可", "internal error: the exact reading does not confirm the record of the solver")


class Searcher:
    """Questions about one space, within a budget each."""

    def __init__(self, space: Space, budget: Budget | None = None, population: Population | None = None) -> None:
        self.space, self.budget, self.population = space, budget or Budget(), population or Population()
        self.typical = {key: self._typical(q) for key, q in space.quantities.items()}
        self.until = 0.0

    def find(self, sought: Sought, *, real: bool = True) -> Found:
        """Looks for the record; `Nothing` only where it is proved that there is none."""
        self.until = time.monotonic() + self.budget.seconds
        needs, keys = conj(sought.needs), sought.keys
        if needs is False:
            return Nothing()
        first, model = self._check([needs, *self.space.domain(keys, False)])
        if first == "unsat":
            return Nothing()
        held = self._real(sought) if real else None
        if held is not None:
            return held
        found, why = self._made(needs, keys, sought)
        if isinstance(found, Nothing | Witness):
            return found
        if found is None and sought.all is not None:
            found, why = self._made(conj(sought.all), sought.all_keys, sought)
            if isinstance(found, Nothing | Witness):
                return found
        near = self._near(model, keys, sought) if first == "sat" else None
        return near or Undecided(DISAGREES if found is None else why)

    def settle(self, formulas: Sequence[Formula], keys: frozenset[str]) -> bool:
        """Takes a record that satisfies the formulas as the typical one, where there is one: what is found later differs from it in little."""
        if len(keys) > _SETTLED_MAX:
            return False
        found = self.find(Sought(formulas, keys, lambda judged: True), real=False)
        if isinstance(found, Witness):
            self.typical = dict(found.assignment)
        return isinstance(found, Witness)

    def exists(self, formulas: Sequence[Formula], keys: frozenset[str]) -> bool | None:
        """Whether a record can satisfy the formulas, grids left aside; None where that is not known."""
        self.until = time.monotonic() + self.budget.seconds
        found, _ = self._check([*formulas, *self.space.domain(keys, False)])
        return {"sat": True, "unsat": False}.get(found)

    def worst(self, formulas: Sequence[Formula], keys: frozenset[str], term: Term, is_one: Callable[[Sequence[Evaluation]], bool]) -> Worst | None:
        """How large a term can get where the formulas hold; None where the solver does not say, or there is no end to it."""
        if is_constant(term):
            return None
        end = self._most(formulas, self.space.domain(keys, False), term)
        on_grid = self._most(formulas, self.space.domain(keys, True), term)
        if end is None or on_grid is None:
            return None
        assignment = {**self.typical, **{key: self.space.read(key, on_grid[2]) for key in keys}}
        return Worst(end[0], end[1], on_grid[0], self._judged(assignment, Sought((), keys, is_one)))

    def _most(self, formulas: Sequence[Formula], domain: Sequence[Formula], term: Term) -> tuple[Fraction, bool, Any] | None:
        """The least bound of a term, whether it is reached, and a model at or near it."""
        optimizer = Solver(self.budget.steps, self.budget.seconds, optimizes=True)
        optimizer.add(*formulas, *domain)
        goal = optimizer.inner.maximize(optimizer.copied(term))
        found, model = optimizer.outcome()
        if found != "sat":
            return None
        endless, value, beside = (Fraction(str(part)) for part in optimizer.inner.upper_values(goal))
        return None if endless else (value, not beside, model)

    def refutes(self, formulas: Sequence[Formula]) -> bool:
        """Whether it is proved that the formulas cannot all hold."""
        self.until = time.monotonic() + self.budget.seconds
        return self._check(formulas)[0] == "unsat"

    def core(self, always: Sequence[Formula], named: Mapping[Name, Formula]) -> dict[Name, Formula]:
        """Those of the named formulas that the solver needed to refute them all together; all of them where it does not say."""
        self.until = time.monotonic() + self.budget.seconds
        solver, marks = self._solver(), {f"named {n}": name for n, name in enumerate(named)}
        solver.add(*always)
        for mark, name in marks.items():
            solver.add_named(named[name], mark)
        if solver.outcome()[0] != "unsat":
            return dict(named)
        return {marks[str(mark)]: named[marks[str(mark)]] for mark in solver.inner.unsat_core()}

    def _check(self, formulas: Sequence[Formula]) -> tuple[str, Any]:
        """sat with a model, unsat, or the solver's reason why it does not know."""
        every = conj(formulas)
        if every is False:
            return "unsat", None
        solver = self._solver()
        solver.add(every)
        return solver.outcome()

    def _solver(self) -> Solver:
        return Solver(self.budget.steps, self.until - time.monotonic())

    # real records

    def _real(self, sought: Sought) -> Witness | None:
        for name, given in self.population.records:
            if time.monotonic() > self.until:
                return None
            assignment = self.space.assigned(given)
            if sought.keys | sought.all_keys <= assignment.keys():  # what is missing shows nothing
                found = self._judged(assignment, sought, name)
                if found is not None:
                    return found
        return None

    def _judged(self, assignment: Assignment, sought: Sought, real: str | None = None) -> Witness | None:
        evaluations = tuple(evaluate(p, self.space.record(at, assignment)) for at, p in enumerate(self.space.programs))
        return Witness(assignment, evaluations, real) if sought.is_one(evaluations) else None

    def shown(self, places: Mapping[str, Value], is_one: Callable[[Sequence[Evaluation]], bool]) -> Witness | None:
        """The record that is typical but for some values, where it is what is looked for."""
        return self._judged({**self.typical, **places}, Sought((), frozenset(), is_one))

    # made records

    def _made(self, formula: Formula, keys: frozenset[str], sought: Sought) -> tuple[Found | None, Title]:
        """Nothing; a witness; None where the record found is not one; Undecided where the solver gives up."""
        if formula is False:
            return Nothing(), DISAGREES
        solver = self._solver()
        solver.add(formula, *self.space.domain(keys, True))
        outcome, model = solver.outcome()
        if outcome == "unsat":
            return Nothing(), DISAGREES
        if outcome != "sat":
            reason = _reason(outcome)
            return Undecided(reason), reason
        chosen = _Typical(self, solver, model, keys).chosen(sought.keys)
        assignment = {key: chosen.get(key, value) for key, value in self.typical.items()}
        return self._judged(assignment, sought), DISAGREES

    def _near(self, model: Any, keys: frozenset[str], sought: Sought) -> Witness | None:
        """The records on the grids that are nearest to what the solver found beside them."""
        around: list[list[tuple[str, Value]]] = []
        for key in sorted(keys):
            value, q = self.space.read(key, model), self.space.quantities[key]
            places = sorted({q.snapped(value + step * q.grid) for step in (-1, 0, 1)}) if isinstance(value, Fraction) else [value]
            around.append([(key, place) for place in places])
        for places_of in islice(product(*around), _NEIGHBOURS):
            found = self._judged({**self.typical, **dict(places_of)}, sought)
            if found is not None:
                return found
        return None

    def _typical(self, q: Quantity) -> Value:
        """What a typical record has: as given, else the middle of the declared range, the first word, the date asked about."""
        given = self.population.typical.get(q.key, self.population.typical.get(q.input.is_))
        if given is not None and q.admits(given):
            return given
        match q.kind:
            case "number":
                low, high = q.low, q.high
                middle = (low + high) / 2 if low is not None and high is not None else low if low is not None else high or Fraction(0)
                return q.snapped(Fraction(middle))
            case "category":
                return q.values[0] if q.values else ""
            case "boolean":
                return False
            case "identifier":
                return self.space.word(self.space.code("id1"))
            case "time":
                return datetime.combine(self.space.programs[0].on, clock(12), UTC)
        return self.space.programs[0].on


def _reason(outcome: str) -> Title:
    return Title(f"求解器在预算内没有结论（{outcome}）", f"the solver came to no end within its budget ({outcome})")


class _Typical:
    """The model of a satisfiable solver moved, one quantity after another, to what is typical, or as near as can be."""

    def __init__(self, searcher: Searcher, solver: Solver, model: Any, keys: frozenset[str]) -> None:
        self.space, self.solver, self.model, self.until = searcher.space, solver, model, searcher.until
        self.wanted = {key: value for key, value in searcher.typical.items() if key in keys}

    def chosen(self, deciding: frozenset[str]) -> dict[str, Value]:
        """deciding   what the question hangs on; everything else is made typical at once where it can be"""
        found: dict[str, Value] = {}
        waiting = []
        others = {key: value for key, value in self.wanted.items() if key not in deciding}
        if others and self._can(conj(self.space.equals(key, value) for key, value in others.items())):
            found |= others
        for key, value in self.wanted.items():
            if key in found:
                continue
            if self._can(self.space.equals(key, value)):
                found[key] = value
            else:
                waiting.append(key)
        for key in waiting:
            value = self.space.read(key, self.model)
            if isinstance(value, Fraction):
                value = self._rounder(key, self._nearer(key, value))
            elif isinstance(value, date) and not isinstance(value, datetime):
                value = self._nearer_day(key, value)
            if not self._can(self.space.equals(key, value)):
                value = self.space.read(key, self.model)
                self.solver.add(self.space.equals(key, value))
            found[key] = value
        return found

    def _can(self, formula: Formula) -> bool:
        """Whether the formula can hold too; it is kept if it can."""
        if time.monotonic() > self.until:
            return False
        self.solver.inner.push()
        self.solver.add(formula)
        outcome, model = self.solver.outcome()
        if outcome == "sat":
            self.model = model
            return True
        self.solver.inner.pop()
        return False

    def _could(self, formula: Formula) -> Any:
        """A model in which the formula holds too, which is not kept; None without one."""
        if time.monotonic() > self.until:
            return None
        self.solver.inner.push()
        self.solver.add(formula)
        _, model = self.solver.outcome()
        self.solver.inner.pop()
        return model

    def _nearer(self, key: str, value: Fraction) -> Fraction:
        """A value nearer to the typical one, found by halving the distance."""
        q, wanted = self.space.quantities[key], self.wanted[key]
        assert isinstance(wanted, Fraction)
        near, far = Fraction(0), abs(value - wanted)
        for _ in range(_HALVINGS):
            if far - near <= q.grid:
                break
            reach = (near + far) / 2
            model = self._could(conj((q.variable >= lift(wanted - reach), q.variable <= lift(wanted + reach))))
            if model is None:
                near = reach
            else:
                found = self.space.read(key, model)
                assert isinstance(found, Fraction)
                value, far = found, abs(found - wanted)
        return value

    def _rounder(self, key: str, value: Fraction) -> Fraction:
        """A value with fewer digits, a little farther from the typical one, where there is one."""
        for candidate in self._rounded(key, value):
            if self._could(self.space.equals(key, candidate)) is not None:
                return candidate
        return value

    def _rounded(self, key: str, value: Fraction) -> Iterator[Fraction]:
        q, wanted = self.space.quantities[key], self.wanted[key]
        assert isinstance(wanted, Fraction)
        step = Fraction(1)
        while step <= abs(value):
            step *= 10
        while step > q.grid:
            step /= 10
            steps = value / step
            whole = steps.__floor__() if value < wanted else steps.__ceil__()
            if abs(whole * step - value) * 8 <= abs(value) and q.admits(whole * step):
                yield whole * step

    def _nearer_day(self, key: str, value: date) -> date:
        q, wanted = self.space.quantities[key], self.wanted[key]
        assert isinstance(wanted, date)
        near, far = 0, abs((value - wanted).days)
        while far - near > 1:
            reach, centre = (near + far) // 2, wanted.toordinal()
            model = self._could(conj((q.variable >= centre - reach, q.variable <= centre + reach)))
            if model is None:
                near = reach
            else:
                found = self.space.read(key, model)
                assert isinstance(found, date)
                value, far = found, abs((found - wanted).days)
        return value
