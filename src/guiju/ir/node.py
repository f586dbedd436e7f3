"""Node: one operation of a standard's meaning, with its type and the place it was written.

The set of operations is small and closed; everything a standard may call lowers to it, so that every reading understands a new function at
once. Nodes are made only by `ir.build`, which shares equal ones: the meaning is a graph, and readings visit every distinct node once.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guiju.base.diagnostics import Span
from guiju.base.units import ONE, Unit


class Op(enum.Enum):
    """The primitives. Arguments are numbers unless said otherwise; `value` is the node's constant part."""

    CONST = "const"
    """value: Fraction, bool, str or date"""
    INPUT = "input"
    """value: the input's name"""
    UNDEFINED = "undefined"
    """value: the reason, e.g. 'outside limit'"""
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    DIV = "div"
    """undefined where the divisor is zero"""
    NEG = "neg"
    ABS = "abs"
    MIN = "min"
    MAX = "max"
    ROUND = "round"
    """value: the interval; GB/T 8170, half to even multiple"""
    DAYS = "days"
    """days from the first date to the second"""
    DAY = "day"
    """the date of a time; value: the zone, in seconds east of UTC"""
    SECONDS = "seconds"
    """seconds from the first time to the second"""
    MONTHS = "months"
    """date; value: a whole number of months; the day so many later, the last of a shorter month; undefined outside the years 1 to 9999"""
    LE = "le"
    LT = "lt"
    EQ = "eq"
    """two numbers, dates, times, categories, identifiers or booleans"""
    AND = "and"
    OR = "or"
    NOT = "not"
    ATLEAST = "atleast"
    """value: k; true where at least k of the booleans are"""
    KNOWN = "known"
    """true where the argument has a value"""
    CASE = "case"
    """condition, value, condition, value, …, otherwise; the first condition that holds"""
    STEP = "step"
    """x, then one value more than bounds; value: ((bound, closed), …) rising; piece i is taken where x <= bound i (closed) or x < bound i"""
    MAP = "map"
    """category, then one value per key; value: the keys; undefined for any other category"""


class Kind(enum.Enum):
    NUMBER = "number"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    DATE = "date"
    IDENTIFIER = "identifier"
    """Names an account or an event; it can be compared with another one, grouped and put in order, and nothing else."""
    TIME = "time"
    BAD = "bad"
    """Made from something already reported; nothing more is said about it."""


@dataclass(frozen=True, slots=True)
class Type:
    kind: Kind
    unit: Unit = ONE
    basis: tuple[str, str] | None = None
    """Test cycle and metering point, where the quantity depends on them."""
    values: tuple[str, ...] = ()
    """The categories it can take; empty where any is possible."""
    zone: int = 0
    """Of a time: seconds east of UTC."""
    rising: bool = False
    """The categories are in order, from low to high."""


BOOLEAN, DATE, BAD, PLAIN = Type(Kind.BOOLEAN), Type(Kind.DATE), Type(Kind.BAD), Type(Kind.NUMBER)

Constant = Fraction | bool | str | date | int | tuple[tuple[Fraction | date, bool], ...] | tuple[str, ...] | None


class Node:
    """Immutable by convention; compared by identity, since equal nodes of one builder are one node."""

    __slots__ = ("args", "index", "op", "type", "value", "where")

    def __init__(self, op: Op, args: tuple[Node, ...], type_: Type, value: Constant, where: Span | None, index: int) -> None:
        self.op, self.args, self.type, self.value, self.where, self.index = op, args, type_, value, where, index

    def __repr__(self) -> str:
        return (
            f"{self.op.value}#{self.index}({', '.join(str(a.index) for a in self.args)}{'' if self.value is None else f'; {self.value}'})"
        )

    @property
    def is_bad(self) -> bool:
        return self.type.kind is Kind.BAD

    @property
    def is_number(self) -> bool:
        return self.type.kind is Kind.NUMBER


def below(roots: tuple[Node, ...] | list[Node]) -> tuple[Node, ...]:
    """Every node the roots depend on, arguments before what uses them. A builder numbers nodes in that order already."""
    seen: dict[int, Node] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node.index not in seen:
            seen[node.index] = node
            waiting.extend(node.args)
    return tuple(seen[index] for index in sorted(seen))
