"""Limits: which clauses are one comparison of a measured input with a limit, the limit as a curve, and which of two is stricter.

Everything is computed by the exact reading, so a crossing is a fraction and a jump is where the table has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from guiju.ir.node import Node, Op, below
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.values import RULES as EXACT
from guiju.ir.values import Value
from guiju.standard.model import Input

SAMPLES = 48
"""Points between two knots of a limit that is not made of straight pieces."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A clause that is one comparison: the measured input on one side, a limit that does not depend on it on the other.

    upper    whether the limit is the greatest value allowed; otherwise it is the least
    depends  the inputs the limit depends on
    """

    no: str
    measured: Node
    limit: Node
    input: Input
    upper: bool
    depends: tuple[str, ...]


def comparisons(program: Program) -> dict[str, Comparison]:
    """Clause number → its comparison, for the clauses that are one."""
    found = ((meaning.no, _comparison(program, meaning)) for meaning in program.clauses)
    return {no: each for no, each in found if each is not None}


def comparisons_in(program: Program, no: str) -> list[Comparison]:
    """The comparisons a clause is, or of which all must hold at once for it."""
    made = []
    for meaning in (each for each in program.clauses if each.no == no):
        waiting = [meaning.requires]
        while waiting:
            node = waiting.pop(0)
            if node.op is Op.AND:
                waiting = [*node.args, *waiting]
            elif (found := _comparison(program, replace(meaning, requires=node))) is not None:
                made.append(found)
    return made


def _comparison(program: Program, meaning: ClauseMeaning) -> Comparison | None:
    node = meaning.requires
    if node.op not in (Op.LE, Op.LT) or not node.args[0].is_number:
        return None
    small, large = node.args
    for measured, limit, upper in ((small, large, True), (large, small, False)):
        name = _input_of(measured)
        depends = tuple(str(n.value) for n in below([limit]) if n.op is Op.INPUT)
        if name is not None and name not in depends and _input_of(limit) is None:
            return Comparison(meaning.no, measured, limit, program.inputs[name], upper, depends)
    return None


def _input_of(node: Node) -> str | None:
    """The name of the input a node is, rounded or converted though it may be."""
    while node.op is Op.ROUND or (node.op is Op.MUL and node.args[1].op is Op.CONST):
        node = node.args[0]
    return str(node.value) if node.op is Op.INPUT else None


@dataclass(frozen=True, slots=True)
class Curve:
    """A limit over one input, exactly.

    of      the input on the x axis; None: the limit is the same for every product
    fixed   exact values of the other inputs the limit depends on
    """

    program: Program
    comparison: Comparison
    of: Input | None
    fixed: Mapping[str, Value]

    @property
    def label(self) -> str:
        return f"{self.program.standard.number} {self.comparison.no}"

    def at(self, x: Fraction) -> Fraction | None:
        """The limit there, in the unit of the measured input; None where the standard gives none."""
        record = {**self.fixed, **({self.of.name: x} if self.of else {})}
        values: dict[int, Any] = {}
        for node in below([self.comparison.limit]):
            known = node.op is Op.INPUT and str(node.value) in record
            values[node.index] = record[str(node.value)] if known else EXACT[node.op](node, [values[a.index] for a in node.args])
        limit = values[self.comparison.limit.index]
        return limit if isinstance(limit, Fraction) else None

    def knots(self) -> list[Fraction]:
        """Where a table on the x axis goes from one piece to the next; the bound belongs to the piece below it or is made to."""
        grid = self.of.grid if self.of else Fraction(1)
        found: set[Fraction] = set()
        for node in below([self.comparison.limit]):
            scale = _scale(node.args[0]) if node.op is Op.STEP and self.of and _input_of(node.args[0]) == self.of.name else None
            bounds: Any = node.value
            found |= {Fraction(bound) / scale - (0 if closed else grid) for bound, closed in bounds} if scale else set()
        return sorted(found)


def _scale(node: Node) -> Fraction:
    """By what an input is multiplied in a node that converts its unit."""
    scale = Fraction(1)
    while node.op is Op.MUL:
        factor: Any = node.args[1].value
        scale, node = scale * factor, node.args[0]
    return scale


def curve(program: Program, comparison: Comparison, fixed: Mapping[str, Value]) -> Curve | None:
    """The limit of a comparison as a curve, where at most one number is open once the fixed inputs are put in."""
    open_ = [name for name in comparison.depends if name not in fixed]
    if len(open_) > 1 or any(program.inputs[name].kind != "number" for name in open_):
        return None
    return Curve(program, comparison, program.inputs[open_[0]] if open_ else None, fixed)


def pieces(curve: Curve, low: Fraction, high: Fraction) -> Iterator[list[tuple[Fraction, Fraction]]]:
    """The curve from low to high as runs of points; straight pieces by their ends, others sampled. A new run starts at every knot."""
    grid = curve.of.grid if curve.of else Fraction(1)
    start = low
    for end in [*(knot for knot in curve.knots() if low <= knot < high), high]:
        points = [(x, y) for x in _places(curve, start, end) if (y := curve.at(x)) is not None]
        if points:
            yield points
        start = end + grid


def _places(curve: Curve, start: Fraction, end: Fraction) -> list[Fraction]:
    middle = (start + end) / 2
    left, centre, right = (curve.at(x) for x in (start, middle, end))
    if None in (left, centre, right) or centre * 2 == left + right:  # type: ignore[operator]
        return [start, end] if end > start else [start]
    return [start + (end - start) * step / SAMPLES for step in range(SAMPLES + 1)]


Stricter = Literal["first", "second", "equal", "unknown"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where one of two limits is the stricter: from `low` to `high`, both on the grid of the input."""

    low: Fraction
    high: Fraction
    stricter: Stricter


@dataclass(frozen=True, slots=True)
class Strictness:
    """Two limits compared over a range: stretches in rising order, and where the limits cross, exactly."""

    first: Curve
    second: Curve
    stretches: tuple[Stretch, ...]
    crossings: tuple[Fraction, ...]

    def always(self, which: Stricter) -> bool:
        """Whether that one is at least as strict over the whole range."""
        return all(stretch.stricter in (which, "equal") for stretch in self.stretches)


def strictness(first: Curve, second: Curve, low: Fraction, high: Fraction) -> Strictness:
    """Which of two limits of the same direction is stricter, for every value of the input on its grid from low to high.

    accuracy   exact where both limits are straight between knots; elsewhere decided at SAMPLES places a piece
    """
    assert first.comparison.upper == second.comparison.upper, "limits of one direction are compared"
    grid = first.of.grid if first.of else Fraction(1)
    stretches: list[Stretch] = []
    crossings: list[Fraction] = []
    start = low
    for end in [*sorted({knot for each in (first, second) for knot in each.knots() if low <= knot < high}), high]:
        places = sorted({*_places(first, start, end), *_places(second, start, end)})
        for left, right in zip(places, places[1:] or places, strict=False):
            found, crossing = _between(first, second, left, right, grid)
            stretches += found
            crossings += [crossing] if crossing is not None else []
        start = end + grid
    return Strictness(first, second, tuple(_merged(stretches)), tuple(dict.fromkeys(crossings)))


def _between(first: Curve, second: Curve, left: Fraction, right: Fraction, grid: Fraction) -> tuple[list[Stretch], Fraction | None]:
    """The stretches between two places where both limits are straight, and where they cross inside."""
    signs = _difference(first, second, left), _difference(first, second, right)
    if signs[0] is None or signs[1] is None:
        return [Stretch(left, right, "unknown")], None
    if signs[0] * signs[1] >= 0:
        return [Stretch(left, right, _which(signs[0] or signs[1]))], None
    crossing = left + (right - left) * signs[0] / (signs[0] - signs[1])
    before = left + (crossing - left) // grid * grid
    return [Stretch(left, before, _which(signs[0])), Stretch(min(before + grid, right), right, _which(signs[1]))], crossing


def _difference(first: Curve, second: Curve, x: Fraction) -> Fraction | None:
    """Above 0 where the second is stricter."""
    a, b = first.at(x), second.at(x)
    if a is None or b is None:
        return None
    return a - b if first.comparison.upper else b - a


def _which(sign: Fraction) -> Stricter:
    return "equal" if not sign else "second" if sign > 0 else "first"


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    out: list[Stretch] = []
    for each in stretches:
        if out and out[-1].stricter == each.stricter:
            out[-1] = Stretch(out[-1].low, each.high, each.stricter)
        else:
            out.append(each)
    return out
