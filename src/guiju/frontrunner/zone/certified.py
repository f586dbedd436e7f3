"""Certified: a certificate of the process as the zone shows it, with what its indicators are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, get_args

from guiju.base.rounding import parse_number
from guiju.base.units import UnknownUnit, parse_unit
from guiju.frontrunner.process.public import Shown
from guiju.frontrunner.zone.held import Certificate, State, Value
from guiju.ir.node import Node, Op, below
from guiju.ir.program import Program
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

Programs = Callable[[str], Program | None]
"""Number of a standard → its program; None where it is not on the shelf"""


def certified(shown: Shown, programs: Programs, title: Title, dictionary: Dictionary, today: date) -> Certificate:
    """title: of its scheme. One that is good only from a later day is `early`: nothing can be shown with it yet."""
    claims, last = shown.claims, shown.history[-1]
    evaluation = claims["evaluationStandard"]
    program = programs(evaluation["number"])
    if program is not None and program.content_hash != evaluation["contentHash"]:
        program = None  # the standard was changed since; what the indicators mean now says nothing of then
    listed = {each["name"]: each for each in claims["indicators"]}
    about = _about(program, listed) if program is not None else {}
    values = (_value(shown.id, each, about.get(name, ()), program, dictionary) for name, each in listed.items())
    state: State = next(each for each in get_args(State) if each == shown.state)
    since = last.at
    if state == "valid" and today < shown.valid_from:
        state, since = "early", shown.valid_from
    return Certificate(
        shown.id, state, since, last.reason, shown.enterprise, shown.standard, shown.edition, shown.models, shown.scheme, title,
        f"{evaluation['number']}", shown.level, {name: each["level"] for name, each in listed.items()}, about,
        tuple(value for value in values if value is not None), shown.valid_from, shown.valid_until, shown.illustrative,
        {each.indicator.name: each.indicator.title for each in program.indicators} if program is not None else {},
    )  # fmt: skip


def _about(program: Program, listed: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Indicator → the properties its value is made of."""
    found = {}
    for meaning in program.indicators:
        if meaning.indicator.name in listed:
            names = {str(node.value) for node in below([meaning.value]) if node.op is Op.INPUT}
            found[meaning.indicator.name] = tuple(sorted({program.inputs[name].is_ for name in names}))
    return found


def _value(id_: str, each: Mapping[str, Any], about: tuple[str, ...], program: Program | None, dictionary: Dictionary) -> Value | None:
    """The value of an indicator, where it is that of one property and nothing was done to it."""
    meaning = next((m for m in program.indicators if m.indicator.name == each["name"]), None) if program is not None else None
    number = parse_number(each["value"]) if each["value"] else None
    if meaning is None or number is None or not _is_plain(meaning.value) or len(about) != 1 or about[0] not in dictionary:
        return None
    try:
        unit = parse_unit(each["unit"] or "1")
    except UnknownUnit:
        return None
    known = dictionary[about[0]].unit
    return Value(about[0], Fraction(number), unit, "certificate", id_) if known is not None and known.same_dimension(unit) else None


def _is_plain(node: Node) -> bool:
    return node.op is Op.INPUT
