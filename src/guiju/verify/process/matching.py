"""Matching: which points can verify a standard: each quantity its clauses measure, beside what the points can, and where none can, why.

A clause needs what it measures, by the method it or the dictionary names, over the range in which the standard admits the quantity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from guiju.base.units import Unit
from guiju.ir.node import Node, Op, below
from guiju.ir.program import ClauseMeaning, Program
from guiju.standard.dictionary import NOT_NUMBERS, Dictionary
from guiju.standard.model import Input, Title
from guiju.verify.process.point import Capability, Point
from guiju.verify.process.register import Listed

Fit = Literal["covers", "partly", "lapsed", "method", "unit", "range", "none"]
FITS: Mapping[Fit, tuple[str, Title]] = {
    "covers": ("✓", Title("能测全部范围", "covers the whole range")),
    "partly": ("◐", Title("只测部分范围", "covers a part of the range")),
    "range": ("✗", Title("范围不重合", "its range lies elsewhere")),
    "method": ("✗", Title("试验方法不同", "by another method")),
    "unit": ("✗", Title("单位不可比", "in a unit of another kind")),
    "lapsed": ("✗", Title("能力已过期", "the capability has lapsed")),
    "none": ("✗", Title("没有这项能力", "no capability for it")),
}
"""Best first. What fits → sign and words."""
_ORDER = tuple(FITS)
ABLE: tuple[Fit, ...] = ("covers", "partly")


@dataclass(frozen=True, slots=True)
class Need:
    """One quantity that one clause measures.

    id          clause and input, as in `R1.consumption`
    property    of the dictionary, without scenario and child
    method      None: any
    low, high   what the standard admits, in `unit`
    quantity    a number; anything else is shown by evidence or on site
    """

    id: str
    clause: str
    input: str
    property: str
    title: Title
    method: str | None
    unit: Unit | None
    decimals: int
    low: Fraction | None
    high: Fraction | None
    quantity: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """How one point stands to one need. capability   the best it has for it"""

    point: Point
    need: Need
    fit: Fit
    capability: Capability | None

    @property
    def is_able(self) -> bool:
        return self.fit in ABLE


@dataclass(frozen=True, slots=True)
class Match:
    """points   those able to verify anything, the most able first
    uncovered   needs no point is able to meet, each with how the nearest points stand to it
    """

    needs: tuple[Need, ...]
    points: tuple[tuple[Listed, tuple[Answer, ...]], ...]
    uncovered: tuple[tuple[Need, tuple[Answer, ...]], ...]


def needs_of(program: Program, dictionary: Dictionary) -> list[Need]:
    """What the clauses of a standard measure; what their conditions and limits depend on besides is not among it."""
    return [need for meaning in program.clauses for need in _of_clause(program, meaning, dictionary)]


def _of_clause(program: Program, meaning: ClauseMeaning, dictionary: Dictionary) -> list[Need]:
    standard = program.standard
    found = []
    for name in _measured(meaning):
        asked = program.inputs[name]
        held = dictionary.get(asked.property_id)
        if held is None:  # how many children there are
            continue
        method = meaning.clause.method or held.method
        if method is not None and not re.match(r"[A-Z]{2}|[A-Z]/", method):
            method = f"{standard.number} {method}"
        quantity = held.kind not in NOT_NUMBERS
        found.append(Need(f"{meaning.no}.{name}", meaning.no, name, asked.property_id, _title(asked), method, asked.unit, asked.decimals or 0,
                          asked.minimum if quantity else None, asked.maximum if quantity else None, quantity))  # fmt: skip
    return found


def _measured(meaning: ClauseMeaning) -> list[str]:
    """The inputs a clause requires something of: those that stand alone on a side of a comparison, or are themselves what must be so.

    In `consumption <= limit(mass)` the consumption is measured and the mass is not; where both sides are bare quantities both are.
    """
    nodes = list(below([meaning.requires]))
    sides = [meaning.requires, *(side for node in nodes if node.op in _ASKING for side in node.args)]
    bare = dict.fromkeys(str(node.value) for node in map(_alone, sides) if node.op is Op.INPUT)
    return list(bare) or list(dict.fromkeys(str(node.value) for node in nodes if node.op is Op.INPUT))


_ASKING = (Op.LE, Op.LT, Op.EQ, Op.AND, Op.OR, Op.NOT, Op.ATLEAST)


def _alone(node: Node) -> Node:
    """The quantity itself, where it stands times a constant or rounded."""
    while node.op in (Op.MUL, Op.ROUND) and any(each.op is not Op.CONST for each in node.args) and sum(a.op is not Op.CONST for a in node.args) == 1:
        node = next(each for each in node.args if each.op is not Op.CONST)
    return node


def _title(each: Input) -> Title:
    return Title(each.zh, each.en)


def match(needs: Sequence[Need], held: Sequence[Listed], on: date) -> Match:
    """Every need beside every point.

    on   the day on which a capability must hold
    """
    wanted = [need for need in needs if need.quantity]
    answers = {each.point.code: tuple(answer(need, each.point, on) for need in wanted) for each in held}
    able = [(each, answers[each.point.code]) for each in held if any(a.is_able for a in answers[each.point.code])]
    able.sort(key=lambda pair: (-sum(a.is_able for a in pair[1]), -sum(a.fit == "covers" for a in pair[1]), pair[0].point.code))
    uncovered = []
    for at, need in enumerate(wanted):
        if not any(a[at].is_able for a in answers.values()):
            near = sorted((a[at] for a in answers.values() if a[at].fit != "none"), key=lambda a: (_ORDER.index(a.fit), a.point.code))
            uncovered.append((need, tuple(near)))
    return Match(tuple(needs), tuple(able), tuple(uncovered))


def answer(need: Need, point: Point, on: date) -> Answer:
    """How a point stands to a need, by the best of its capabilities."""
    found = [(_fit(need, each, on), each) for each in point.capabilities if each.property == need.property]
    if not found:
        return Answer(point, need, "none", None)
    fit, best = min(found, key=lambda pair: _ORDER.index(pair[0]))
    return Answer(point, need, fit, best)


def _fit(need: Need, able: Capability, on: date) -> Fit:
    if able.until is not None and able.until < on:
        return "lapsed"
    if need.method is not None and able.method is not None and need.method != able.method:
        return "method"
    if able.unit is None or need.unit is None:
        return "covers" if able.low is None and able.high is None else "unit"
    if not able.unit.same_dimension(need.unit):
        return "unit"
    ratio = able.unit.ratio(need.unit)
    low = None if able.low is None else able.low * ratio
    high = None if able.high is None else able.high * ratio
    if (low is not None and need.high is not None and low > need.high) or (high is not None and need.low is not None and high < need.low):
        return "range"
    reaches_low = low is None or (need.low is not None and low <= need.low)
    reaches_high = high is None or (need.high is not None and high >= need.high)
    return "covers" if reaches_low and reaches_high else "partly"
