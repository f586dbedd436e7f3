"""Holders: a record that passes everything that was passed, and one that does so and fails a clause, found clause after clause.

All clauses at once are much for the solver where months and years are counted. So each is met by itself, what is settled being kept: first by
trying other days and words, which costs an evaluation, then by the solver. Where this leads nowhere, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, product

from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, evaluate, is_met
from guiju.readings.smt.answers import Witness
from guiju.readings.smt.following import about
from guiju.readings.smt.meaning import Demand, Joint
from guiju.readings.smt.search import Searcher, Sought
from guiju.readings.smt.space import Assignment, Space

DAYS = (30, 400, 1500, 7000, -30, -400, -1500, -7000)
"""By how much another day is tried: a month, and more than 1, 4 and 19 years."""
TRIES = 300
STARTS = 12


@dataclass(frozen=True)
class Holders:
    """Records of a space that pass some clauses."""

    space: Space
    passed: Joint
    searcher: Searcher

    def settle(self) -> bool:
        """Takes a record that passes as the typical one, from which witnesses differ in little; False where none was found."""
        found = self._grown({})
        if found is not None:
            self.searcher.typical = dict(found)
        return found is not None

    def near(self, asked: Demand) -> Witness | None:
        """A record that passes and does not meet the clause, found by trying other days and words first; judged by the exact reading."""
        keys = asked.all_keys
        fails: Iterable[Assignment] = self._tried({}, keys, lambda judged: not is_met(judged[asked.position], asked.meaning))
        for start in islice(fails, STARTS):
            found = self._witness(self._grown({key: start[key] for key in keys if key in start}), asked)
            if found is not None:
                return found
        return None

    def failing(self, asked: Demand) -> Witness | None:
        """The same, the clauses about the same thing being solved together."""
        keys, near = asked.all_keys, about(self.passed, asked.measured)
        wanted = keys.union(self.passed.scope_keys, *(d.keys for d in near))
        formulas = [self.passed.applies, *(d.met for d in near), asked.violated]
        solved = self.searcher.find(Sought(formulas, wanted, lambda judged: not is_met(judged[asked.position], asked.meaning)), real=False)
        if not isinstance(solved, Witness):
            return None
        return self._witness(self._grown({key: solved.assignment[key] for key in wanted}), asked)

    def _witness(self, found: Assignment | None, asked: Demand) -> Witness | None:
        if found is None:
            return None
        judged = self._judged(found)
        return Witness(found, judged) if not is_met(judged[asked.position], asked.meaning) else None

    def _judged(self, assignment: Assignment) -> tuple[Evaluation, ...]:
        return tuple(evaluate(program, self.space.record(at, assignment)) for at, program in enumerate(self.space.programs))

    def _grown(self, fixed: Assignment) -> Assignment | None:
        """A record that passes and has these values; clauses about few things come first."""
        record, held = {**self.searcher.typical, **fixed}, set(fixed)
        judged = self._judged(record)
        for d in sorted(self.passed.demands, key=lambda each: len(each.keys)):
            keys = d.keys | self.passed.scope_keys
            if not self._meets(d, judged):
                moved = self._moved(d, record, keys, held)
                if moved is None:
                    return None
                record |= moved
                judged = self._judged(record)
            held |= keys
        return record if self.passed.passes(judged) else None

    def _meets(self, d: Demand, judged: Sequence[Evaluation]) -> bool:
        in_scope = all(judged[at].of(scope) is True for at, scope in self.passed.scopes)
        return in_scope and is_met(judged[d.position], d.meaning)

    def _moved(self, d: Demand, record: Assignment, keys: frozenset[str], held: set[str]) -> Assignment | None:
        """Values that meet the clause, what is held being kept."""
        for tried in self._tried(record, keys - held, lambda judged: self._meets(d, judged)):
            return tried
        kept = [self.space.equals(key, record[key]) for key in sorted(keys & held)]
        solved = self.searcher.find(Sought([self.passed.applies, d.met, *kept], keys, lambda judged: True), real=False)
        return {key: solved.assignment[key] for key in keys} if isinstance(solved, Witness) else None

    def _tried(self, record: Assignment, free: Iterable[str], is_one: Callable[[Sequence[Evaluation]], bool]) -> Iterator[Assignment]:
        """Records with other days, words and truths, nearest first, that are it."""
        base = {**self.searcher.typical, **record}
        choices = [[(key, value) for value in self._others(key, base[key])] for key in sorted(free)]
        changes = sorted(islice(product(*choices), TRIES), key=lambda change: sum(value != base[key] for key, value in change))
        for change in changes:
            tried = {**base, **dict(change)}
            if is_one(self._judged(tried)):
                yield tried

    def _others(self, key: str, value: Value) -> Sequence[Value]:
        q = self.space.quantities[key]
        if q.kind == "boolean":
            return (value, not value)
        if q.kind == "category":
            return (value, *(word for word in q.values if word != value))
        if isinstance(value, date) and not isinstance(value, datetime):
            return (value, *(value + timedelta(days=days) for days in DAYS))
        return (value,)

