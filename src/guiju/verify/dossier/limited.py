"""Limited: every comparison of something measured with a limit that a standard makes: in clauses, part by part, and at the levels of indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from guiju.ir.node import Node, Op, below
from guiju.ir.program import ClauseMeaning, IndicatorMeaning, Program
from guiju.readings.uncertain.derivative import Derivatives
from guiju.standard.model import Title
from guiju.verify.dossier.bound import Bindings, Bound


@dataclass(frozen=True)
class Limited:
    """A number that must not be above (`upper`) or below a limit.

    id        `R1`, or `5.2` for the second part of clause 5; `efficiency_level.2` for a level
    subject   the clause or the indicator
    applies   where it is asked
    met       the comparison itself
    names     the number inputs that are measured; `method` the one the clause names
    """

    id: str
    subject: str
    title: Title
    applies: Node
    met: Node
    measured: Node
    limit: Node
    upper: bool
    names: tuple[str, ...]
    method: str | None

    @property
    def sign(self) -> str:
        return "≤" if self.upper else "≥"


def parts(node: Node) -> Iterator[Node]:
    """What must all hold, one by one."""
    if node.op is Op.AND:
        for arg in node.args:
            yield from parts(arg)
    else:
        yield node


def clause_limits(program: Program) -> tuple[tuple[Limited, ...], tuple[tuple[str, Title], ...]]:
    """The limits in clauses, and the parts that are none, by clause, with the reason."""
    found: list[Limited] = []
    others: list[tuple[str, Title]] = []
    for meaning in program.clauses:
        asked = list(parts(meaning.requires))
        for number, node in enumerate(asked, 1):
            sides = _sides(node)
            if isinstance(sides, Title):
                others.append((meaning.no, sides))
            else:
                id_ = meaning.no if len(asked) == 1 else f"{meaning.no}.{number}"
                found.append(_limited(id_, meaning, node, sides))
    return tuple(found), tuple(others)


def _limited(id_: str, meaning: ClauseMeaning, node: Node, sides: tuple[Node, Node, bool]) -> Limited:
    measured, limit, upper = sides
    return Limited(id_, meaning.no, meaning.clause.title, meaning.applies, node, measured, limit, upper, numbers(measured), meaning.clause.method)


def _sides(node: Node) -> tuple[Node, Node, bool] | Title:
    """(measured, limit, upper), or why a condition compares nothing measured with a limit."""
    if node.op not in (Op.LE, Op.LT) or not node.args[0].is_number:
        return Title("不是一个数与限值的比较", "it is no comparison of a number with a limit")
    small, large = node.args
    bare = [_bare(side) for side in (small, large)]
    open_ = [bool(numbers(side)) for side in (small, large)]
    if bare[0] != bare[1] and not set(numbers(small)) & set(numbers(large)):
        return (small, large, True) if bare[0] else (large, small, False)
    if open_[0] != open_[1]:
        return (small, large, True) if open_[0] else (large, small, False)
    if not any(open_):
        return Title("两边都不是测得的数", "neither side is measured")
    return Title("两边都是测得的数，没有可移动的限值", "both sides are measured: there is no limit to move")


def _bare(node: Node) -> bool:
    """Whether it is one input, rounded or converted though it may be."""
    while node.op is Op.ROUND or (node.op is Op.MUL and node.args[1].op is Op.CONST):
        node = node.args[0]
    return node.op is Op.INPUT


def numbers(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(n.value) for n in below([node]) if n.op is Op.INPUT and n.is_number))


@dataclass(frozen=True)
class Levels:
    """The limits between the levels of an indicator, best first.

    limits   (level, its limit as a node, or as a number where it is the same for all)
    """

    indicator: IndicatorMeaning
    limits: tuple[tuple[str, Node | Fraction], ...]
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.indicator.indicator.name


def indicator_levels(program: Program) -> tuple[Levels, ...]:
    """Indicators that measure a number, with the limits of their levels; those whose limits cannot be told apart from the rest are left out."""
    found = []
    for meaning in program.indicators:
        names = [level for level, _ in meaning.indicator.levels]
        limits = _level_limits(meaning)
        if meaning.value.is_number and len(limits) == len(names):
            found.append(Levels(meaning, tuple(zip(names, limits, strict=True)), numbers(meaning.value)))
    return tuple(found)


def _level_limits(meaning: IndicatorMeaning) -> list[Node | Fraction]:
    node, value = meaning.level, meaning.value
    if node.op is Op.STEP and node.args[0] is value:
        bounds: Any = node.value
        ends: list[Node | Fraction] = [Fraction(bound) for bound, _ in bounds]
        return ends[::-1] if meaning.indicator.better == "higher" else ends
    if node.op is Op.CASE:
        made: list[Node | Fraction] = []
        for condition in node.args[:-1:2]:
            if condition.op in (Op.LE, Op.LT) and value in condition.args:
                made.append(next(arg for arg in condition.args if arg is not value))
        return made
    return []


@dataclass(frozen=True)
class Slopes:
    """How a measured number depends on the inputs a study knows.

    by   input → (the study that serves it, the derivative)
    lacking   measured inputs no study serves; `other` those only a study of another method is about
    """

    by: tuple[tuple[str, Bound, Node], ...]
    lacking: tuple[str, ...]
    other: tuple[tuple[str, Bound], ...]


def slopes(program: Program, derivatives: Derivatives, bindings: Bindings, measured: Node, names: Sequence[str], method: str | None) -> Slopes:
    """Which studies bear on a measured number, each with the derivative as a node."""
    by: list[tuple[str, Bound, Node]] = []
    lacking: list[str] = []
    other: list[tuple[str, Bound]] = []
    for name in names:
        property_ = program.inputs[name].property_id
        bound = bindings.serving(property_, method)
        slope = derivatives.of(measured, name) if bound is not None else None
        if bound is not None and slope is not None:
            by.append((name, bound, slope))
            continue
        lacking.append(name)
        unserved = bindings.other_method(property_, method)
        if unserved is not None:
            other.append((name, unserved))
    return Slopes(tuple(by), tuple(lacking), tuple(other))


def with_values(program: Program, extra: dict[str, Node]) -> Program:
    """The program with more nodes to evaluate; they stand beside its own values."""
    return replace(program, values={**program.values, **extra})
