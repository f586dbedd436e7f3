"""Space: the quantities that several programs ask, one variable for each property, and what a record may hold.

Two inputs are one quantity where they are of one property (with its scenario and child), whatever they are called; where their units differ,
the variable is counted in the unit of the first. A record is one that every program can judge: on all declared grids and in all ranges.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from itertools import count
from typing import Any

from guiju.base.units import ONE, Unit
from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.ir.values import Value
from guiju.readings.smt.calendar import FIRST_MOMENT, LAST_MOMENT, counted, moment_at, on_the_calendar
from guiju.readings.smt.contexts import solver_library
from guiju.readings.smt.encode import Encoding
from guiju.readings.smt.logic import Formula, Known, Meaning, Term, Truth, conj, lift, neg
from guiju.standard.model import Input

Assignment = Mapping[str, Value]
"""Values of quantities by key; a quantity that is not in it is missing."""


@dataclass(frozen=True)
class Quantity:
    """What one variable stands for.

    key      the property with its scenario and child; further marked where a program asks it twice
    asked    the inputs it stands for: (position of the program, input)
    values   of a category: the words every program lets in
    """

    key: str
    asked: tuple[tuple[int, Input], ...]
    unit: Unit | None
    grid: Fraction
    low: Fraction | None
    high: Fraction | None
    values: tuple[str, ...]
    variable: Term
    count: Term
    """Of a number: the whole number of grid steps."""
    known: Formula

    @property
    def kind(self) -> str:
        return self.asked[0][1].kind

    @property
    def input(self) -> Input:
        return self.asked[0][1]

    @property
    def is_empty(self) -> bool:
        """Whether no value is let in by every program."""
        if self.kind == "category":
            return not self.values
        if self.kind != "number" or self.low is None or self.high is None:
            return False
        return math.floor(self.high / self.grid) < math.ceil(self.low / self.grid)

    def snapped(self, value: Fraction) -> Fraction:
        """The value on the grid and in the range that is nearest."""
        steps = round(value / self.grid)
        steps = steps if self.low is None else max(steps, math.ceil(self.low / self.grid))
        steps = steps if self.high is None else min(steps, math.floor(self.high / self.grid))
        return steps * self.grid

    def admits(self, value: Value) -> bool:
        if self.kind == "category":
            return value in self.values
        if self.kind == "number":
            return isinstance(value, Fraction) and value == self.snapped(value)
        kinds = {"boolean": isinstance(value, bool), "identifier": isinstance(value, str), "time": isinstance(value, datetime)}
        return kinds.get(self.kind, isinstance(value, date) and not isinstance(value, datetime))


@dataclass
class Space:
    """The quantities of programs that are looked at together, and the programs as formulas over them.

    treat_as   property → property whose variable stands for it: an assumption of whoever asks
    apart      keys that are a quantity of its own in every program
    missing    whether inputs may be missing; else every input is known
    """

    programs: Sequence[Program]
    treat_as: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    missing: bool = False

    def __post_init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.words: dict[int, str] = {}
        self.mixed: list[tuple[Input, Input]] = []
        """Inputs of one property that are of different kinds or dimensions; nothing can be asked of them together."""
        self._keys = [self._keyed(position, program) for position, program in enumerate(self.programs)]
        asked: dict[str, list[tuple[int, Input]]] = {}
        for position, (program, keys) in enumerate(zip(self.programs, self._keys, strict=True)):
            for name, key in keys.items():
                asked.setdefault(key, []).append((position, program.inputs[name]))
        self.quantities = {key: self._quantity(key, inputs) for key, inputs in asked.items()}
        self.encodings = [Encoding(self._meanings(position), self.code) for position in range(len(self.programs))]
        self._uses: list[dict[int, int]] = [{} for _ in self.programs]
        self._bits = {key: 1 << position for position, key in enumerate(self.quantities)}

    def code(self, word: str) -> int:
        if word not in self.codes:
            self.codes[word] = next(n for n in count(len(self.codes)) if n not in self.words)
            self.words[self.codes[word]] = word
        return self.codes[word]

    def word(self, code: int) -> str:
        """The word of a code; an identifier that nobody has named gets a name."""
        if code not in self.words:
            self.words[code] = f"id{code}"
            self.codes[self.words[code]] = code
        return self.words[code]

    def _keyed(self, position: int, program: Program) -> dict[str, str]:
        """The key of every input the program's formulas mention."""
        names = sorted({str(node.value) for node in program.order if node.op is Op.INPUT}, key=list(program.inputs).index)
        often = Counter(program.inputs[name].is_ for name in names)
        found = {}
        for name in names:
            declared = program.inputs[name]
            stem = declared.property_id
            key = self.treat_as.get(stem, stem) + declared.is_.removeprefix(stem)
            key = f"{key} {name}" if often[declared.is_] > 1 else key
            found[name] = f"{key} ({position + 1})" if key in self.apart else key
        return found

    def _quantity(self, key: str, asked: list[tuple[int, Input]]) -> Quantity:
        z3, first = solver_library(), asked[0][1]
        for _, other in asked[1:]:
            if other.kind != first.kind or not (other.unit or ONE).same_dimension(first.unit or ONE):
                self.mixed.append((first, other))
        sorts = {"number": z3.Real, "boolean": z3.Bool}
        ratios = [(i, (i.unit or ONE).ratio(first.unit or ONE)) for _, i in asked if (i.unit or ONE).same_dimension(first.unit or ONE)]
        lows = [i.minimum * ratio for i, ratio in ratios if i.minimum is not None]
        highs = [i.maximum * ratio for i, ratio in ratios if i.maximum is not None]
        grid = Fraction(1)
        if first.kind == "number":
            grid = ratios[0][0].grid * ratios[0][1]
            for i, ratio in ratios[1:]:
                grid = _both(grid, i.grid * ratio)
        words = tuple(word for word in first.values if all(word in i.values for _, i in asked))
        for word in words:
            self.code(word)
        return Quantity(
            key, tuple(asked), first.unit, grid, max(lows, default=None), min(highs, default=None), words, sorts.get(first.kind, z3.Int)(key),
            z3.Int(f"{key} steps"), z3.Bool(f"{key} known") if self.missing else True,
        )  # fmt: skip

    def _meanings(self, position: int) -> Any:
        def meaning(name: str) -> Meaning:
            q = self.quantities[self._keys[position][name]]
            if q.kind == "boolean":
                return Truth(conj((q.known, q.variable)), conj((q.known, neg(q.variable))))
            ratio = self.ratio(position, q)
            return Known(q.variable if ratio == 1 else q.variable * lift(ratio), q.known)

        return meaning

    def ratio(self, position: int, q: Quantity) -> Fraction:
        """By what a value is multiplied to be in the unit of the program at a position."""
        declared = next(i for at, i in q.asked if at == position)
        return (q.unit or ONE).ratio(declared.unit or ONE) if q.kind == "number" else Fraction(1)

    # formulas

    def of(self, position: int, node: Node) -> Any:
        """A node of a program as a formula."""
        return self.encodings[position].of(node)

    def uses(self, position: int, *nodes: Node) -> frozenset[str]:
        """The keys of the quantities that nodes of a program depend on."""
        bits = 0
        for node in nodes:
            bits |= self._used(position, node)
        return frozenset(key for key, bit in self._bits.items() if bits & bit)

    def _used(self, position: int, wanted: Node) -> int:
        found = self._uses[position]
        if wanted.index not in found:
            keys = self._keys[position]
            for node in self.programs[position].order:
                own = self._bits[keys[str(node.value)]] if node.op is Op.INPUT else 0
                for arg in node.args:
                    own |= found[arg.index]
                found[node.index] = own
        return found[wanted.index]

    def domain(self, keys: Iterable[str], on_grid: bool) -> list[Formula]:
        """What a record may hold. Without the grid, more records are let in, and the solver has it much easier."""
        z3 = solver_library()
        found: list[Formula] = []
        for key in sorted(keys):  # formulas in one order, or the solver would show another record in another process
            q = self.quantities[key]
            if q.kind == "number":
                found += [q.variable >= lift(q.low)] if q.low is not None else []
                found += [q.variable <= lift(q.high)] if q.high is not None else []
                if on_grid:
                    found.append(q.variable == z3.ToReal(q.count) * lift(q.grid))
            elif q.kind == "category":
                codes = sorted(self.codes[word] for word in q.values)
                whole = codes and codes[-1] - codes[0] == len(codes) - 1
                found += [q.variable >= codes[0], q.variable <= codes[-1]] if whole else [z3.Or([q.variable == c for c in codes])]
            elif q.kind == "date":
                found.append(on_the_calendar(q.variable))
            elif q.kind == "time":
                found += [q.variable >= FIRST_MOMENT, q.variable <= LAST_MOMENT]
            elif q.kind == "identifier":
                found.append(q.variable >= 0)
        return found

    # records

    def record(self, position: int, assignment: Assignment) -> dict[str, Value]:
        """The record of one program, in its own names and units."""
        found: dict[str, Value] = {}
        for name, key in self._keys[position].items():
            value = assignment.get(key)
            if value is not None:
                q = self.quantities[key]
                found[name] = value * self.ratio(position, q) if isinstance(value, Fraction) else value
        return found

    def assigned(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """A record by property, in the units of the first program that asks each, as an assignment; what no record may hold is left out."""
        held = {key: given.get(key, given.get(q.input.is_)) for key, q in self.quantities.items()}
        return {key: value for key, value in held.items() if value is not None and self.quantities[key].admits(value)}

    def equals(self, key: str, value: Any) -> Formula:
        q = self.quantities[key]
        if isinstance(value, bool):
            return q.variable if value else neg(q.variable)
        if isinstance(value, str):
            return q.variable == self.code(value)
        if isinstance(value, date):
            return q.variable == counted(value)
        return conj((q.variable == lift(value), q.count == solver_library().IntVal(int(value / q.grid))))

    def read(self, key: str, model: Any) -> Value:
        """The value a model of the solver gives a quantity."""
        q = self.quantities[key]
        found = model.eval(q.variable, model_completion=True)
        if q.kind == "boolean":
            return bool(solver_library().is_true(found))
        if q.kind == "number":
            found = found if hasattr(found, "as_fraction") else found.approx(20)
            return Fraction(found.as_fraction())
        if q.kind in ("category", "identifier"):
            return self.word(found.as_long())
        return date.fromordinal(found.as_long()) if q.kind == "date" else moment_at(found.as_long())


def _both(a: Fraction, b: Fraction) -> Fraction:
    """The finest grid that lies on both."""
    return Fraction(math.lcm(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)
