"""Needs: what has to be shown before a product may enter regions, by property, test method and region; taken from the graphs of the standards.

A clause needs what it measures. What its limit or its condition depends on besides, such as the mass, is told and not tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guiju.align.inforce import refuse_unknown, standards_in
from guiju.base.diagnostics import Diagnostic, Refused, Span
from guiju.ir.node import Node, Op
from guiju.ir.program import Program
from guiju.readings.smt.meaning import Demand, demand
from guiju.readings.smt.space import Space
from guiju.standard.dictionary import NOT_NUMBERS, Dictionary
from guiju.standard.model import Input, Title
from guiju.standard.regions import Regions
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

_NAMES_A_TEXT = re.compile(r"[A-Z]{2}|[A-Z]/")


@dataclass(frozen=True, slots=True)
class Need:
    """One property that one clause measures.

    asked     the property with its scenario and child, as in `Input.is_`
    method    the test method, None: any; a method that names no text is one of the standard's own
    quantity  a number; anything else may be shown by papers
    regions   the codes, of those asked about, in which the standard applies
    where     of the clause
    """

    standard: str
    no: str
    title: Title
    strength: Literal["shall", "should"]
    asked: str
    name: Title
    method: str | None
    cycle: str | None
    metering: str | None
    quantity: bool
    regions: tuple[str, ...]
    where: Span

    @property
    def property_id(self) -> str:
        return re.split("[@#]", self.asked, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Told:
    """What a standard must be told besides: its scope, conditions and limits depend on it."""

    standard: str
    asked: str
    name: Title


def numbers_in(shelf: Shelf, regions: Regions, codes: Iterable[str], subjects: Sequence[str], on: date) -> list[str]:
    """The numbers of the standards in force in any of the regions on a day that are about the subjects: of that type, or a part of it.

    raises   Refused: unknown-subject
    """
    refuse_unknown(shelf, subjects)
    return list(dict.fromkeys(s.number for code in codes for s in standards_in(shelf, regions, code, on, subjects)))


def needs_of_all(
    programs: Sequence[Program], regions: Regions, codes: Sequence[str], dictionary: Dictionary, *, should: bool = False,
    scenarios: Sequence[str] = (),
) -> tuple[list[Need], list[Told]]:  # fmt: skip
    """`needs_of` every standard.

    raises   Refused: plan-scenario, plan-asks-nothing
    """
    known = sorted({label for p in programs if p.standard.scenarios for label in p.standard.scenarios.labels})
    unknown = [name for name in scenarios if name not in known]
    if unknown:
        raise Refused(Diagnostic("plan-scenario", None, {"name": name, **did_you_mean(name, known)}) for name in unknown)
    found = [needs_of(p, regions, codes, dictionary, should=should, scenarios=scenarios) for p in programs]
    needs = [need for held, _ in found for need in held if need.regions]
    if not needs:
        raise Refused([Diagnostic("plan-asks-nothing", None, {"regions": ", ".join(codes)})])
    return needs, [each for _, told in found for each in told]


def needs_of(
    program: Program, regions: Regions, codes: Iterable[str], dictionary: Dictionary, *, should: bool = False, scenarios: Sequence[str] = ()
) -> tuple[list[Need], list[Told]]:
    """What the clauses of a standard measure, and what else it must be told.

    should      recommendations too
    scenarios   only clauses of these, and those of none; none given: all
    """
    standard, space = program.standard, Space((program,))
    where = tuple(code for code in codes if regions.applies(standard.region, code))
    needs: list[Need] = []
    told: dict[str, Told] = {}
    for meaning in program.clauses:
        clause = meaning.clause
        if clause.strength == "should" and not should:
            continue
        asks = demand(space, 0, meaning)
        measured = _measured(asks)
        inputs = [space.quantities[key].input for key in sorted(measured)]
        if scenarios and any(_scenario(each) not in (None, *scenarios) for each in inputs):
            continue
        for each in inputs:
            held = dictionary.get(each.property_id)
            if held is None:  # how many children there are
                told.setdefault(each.is_, Told(standard.number, each.is_, _name(each)))
                continue
            method = clause.method or held.method
            needs.append(Need(
                standard.number, clause.no, clause.title, clause.strength, each.is_, _name(each), _full(method, standard.number), held.cycle,
                held.metering, held.kind not in NOT_NUMBERS, where, clause.span,
            ))  # fmt: skip
        for key in sorted(asks.all_keys - measured):
            each = space.quantities[key].input
            told.setdefault(each.is_, Told(standard.number, each.is_, _name(each)))
    tested = {need.asked for need in needs}
    return needs, [each for each in told.values() if each.asked not in tested]


def _measured(asks: Demand) -> frozenset[str]:
    """What is to be measured: of two quantities compared with one another both, since neither is the limit of the other."""
    between_two = asks.simple is not None and all(_is_quantity(side) for side in asks.meaning.requires.args)
    return asks.asked if between_two else asks.measured


def _is_quantity(node: Node) -> bool:
    """Whether it is an input, or one times a constant."""
    while node.op is Op.MUL and Op.CONST in (node.args[0].op, node.args[1].op):
        node = node.args[1] if node.args[0].op is Op.CONST else node.args[0]
    return node.op is Op.INPUT


def _full(method: str | None, number: str) -> str | None:
    """A method with the text it stands in: `8.2.1` of one standard is not `8.2.1` of another."""
    return method if method is None or _NAMES_A_TEXT.match(method) else f"{number} {method}"


def _scenario(each: Input) -> str | None:
    _, mark, rest = each.is_.partition("@")
    return rest.partition("#")[0] if mark else None


def _name(each: Input) -> Title:
    return Title(each.zh, each.en)
