"""Program: what a standard means on a date. Typed nodes for scope, clauses, indicators, scores, grades and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from guiju.base.units import Unit
from guiju.ir.grid import Exactness, exactness
from guiju.ir.node import Node, below
from guiju.ir.population import PopulationMeaning
from guiju.ir.snapshot import Snapshot
from guiju.standard.model import Aggregate, Clause, Grading, Indicator, Input, Score, Standard


@dataclass(frozen=True, slots=True)
class ClauseMeaning:
    clause: Clause
    applies: Node
    """In scope, its condition holds, and no exemption does."""
    requires: Node

    @property
    def no(self) -> str:
        return self.clause.no


@dataclass(frozen=True, slots=True)
class IndicatorMeaning:
    indicator: Indicator
    applies: Node
    value: Node
    level: Node
    """1 is the best; one more than the number of levels where none is reached."""


@dataclass(frozen=True, slots=True)
class ScoreMeaning:
    score: Score
    node: Node


@dataclass(frozen=True, slots=True)
class GradeMeaning:
    grading: Grading
    node: Node


@dataclass(frozen=True, slots=True)
class SumMeaning:
    """A sum of an aggregate, as a whole number of steps of 10 to the minus `places`."""

    name: str
    value: Node | None
    """Of a record; None where groups of another aggregate are summed."""
    of: SumMeaning | None
    """The sum of that other aggregate."""
    unit: Unit
    places: int
    cap: int | None
    """In the same steps."""


@dataclass(frozen=True, slots=True)
class AggregateMeaning:
    aggregate: Aggregate
    of: AggregateMeaning | None
    """None: it is made of records."""
    keys: tuple[tuple[str, Node], ...]
    where: Node
    """In scope, and its condition holds."""
    order: tuple[tuple[str, Node], ...]
    first: int | None
    sums: tuple[SumMeaning, ...]

    @property
    def name(self) -> str:
        return self.aggregate.name

    @property
    def chain(self) -> tuple[AggregateMeaning, ...]:
        """From the one made of records to this one."""
        return (*(self.of.chain if self.of else ()), self)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """What a record is asked for."""
        values = (each.value for each in self.sums if each.value is not None)
        return () if self.of else (self.where, *(n for _, n in (*self.keys, *self.order)), *values)


@dataclass(frozen=True)
class Program:
    standard: Standard
    on: date
    inputs: Mapping[str, Input]
    scope: Node
    clauses: tuple[ClauseMeaning, ...]
    overall: ClauseMeaning | None
    """Applies where the standard and any clause does; requires every `shall` clause that applies."""
    families: tuple[ClauseMeaning, ...]
    """Clauses in all of their scenarios, and all clauses of one scenario (`overall@fcw`)."""
    indicators: tuple[IndicatorMeaning, ...]
    scores: tuple[ScoreMeaning, ...]
    grades: tuple[GradeMeaning, ...]
    values: Mapping[str, Node]
    """Formulas, tables at their own argument, parameters on the date, and thresholds of populations, by name."""
    meaning: Mapping[int, Node]
    """id of an expression of the standard → its node."""
    used: Mapping[str, Standard]
    """alias → the standard used under it."""
    aggregates: tuple[AggregateMeaning, ...] = ()
    otherwise: Program | None = None
    """By the other reading, where a text is believed wrong: as corrected, or as written."""
    populations: tuple[PopulationMeaning, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    """Those that thresholds were taken from; a result that rests on one cites its hash."""

    @property
    def content_hash(self) -> str:
        """Of the standard as written and of all it rests on: what results cite."""
        return self.standard.content_hash

    @cached_property
    def roots(self) -> dict[str, Node]:
        """Everything a reading computes, by output name; `overall`, and clauses as `no?` (applies) and `no` (requires)."""
        found: dict[str, Node] = {}
        for meaning in self.judged:
            found[f"{meaning.no}?"], found[meaning.no] = meaning.applies, meaning.requires
        for indicator in self.indicators:
            found[f"{indicator.indicator.name}?"], found[indicator.indicator.name] = indicator.applies, indicator.level
        found.update({s.score.name: s.node for s in self.scores})
        found.update({g.grading.name: g.node for g in self.grades})
        found.update(self.values)
        return found

    @property
    def judged(self) -> tuple[ClauseMeaning, ...]:
        """What gets a verdict: every clause, clauses in all scenarios and scenarios in all clauses, and the whole."""
        return (*self.clauses, *self.families, *([] if self.overall is None else [self.overall]))

    @cached_property
    def order(self) -> tuple[Node, ...]:
        return below([*self.roots.values(), self.scope, *(node for each in self.aggregates for node in each.nodes)])

    @cached_property
    def used_inputs(self) -> tuple[str, ...]:
        used = {str(node.value) for node in self.order if node.op.value == "input"}
        used |= set(self.otherwise.used_inputs) if self.otherwise else set()
        return tuple(name for name in self.inputs if name in used)

    @cached_property
    def exactness(self) -> Exactness:
        return exactness(self.order, self.inputs)
