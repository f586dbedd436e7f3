"""Certified: a certificate of the process as the zone shows it, with what its indicators are about."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date
from typing import get_args

from guiju.base.units import UnknownUnit, parse_unit
from guiju.frontrunner.credential.said import Indicated, Said, lowest_levels, said_by
from guiju.frontrunner.process.public import Shown
from guiju.frontrunner.zone.held import Certificate, OfModel, State, Value
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
    said = said_by(claims)
    about = _about(program, {each.name for one in said for each in one.indicators}) if program is not None else {}
    by_model = {one.models[0]: _of(shown.id, one, about, program, dictionary) for one in said if one.is_own}
    state: State = next(each for each in get_args(State) if each == shown.state)
    since = last.at
    if state == "valid" and today < shown.valid_from:
        state, since = "early", shown.valid_from
    return Certificate(
        shown.id, state, since, last.reason, shown.enterprise, shown.standard, shown.edition, shown.models, shown.scheme, title,
        f"{evaluation['number']}", shown.level, lowest_levels(claims), about, by_model, shown.valid_from, shown.valid_until, shown.illustrative,
        {each.indicator.name: each.indicator.title for each in program.indicators} if program is not None else {},
    )  # fmt: skip


def _of(id_: str, one: Said, about: Mapping[str, tuple[str, ...]], program: Program | None, dictionary: Dictionary) -> OfModel:
    values = (_value(id_, each, about.get(each.name, ()), program, dictionary) for each in one.indicators)
    return OfModel(one.level, {each.name: each.level for each in one.indicators}, tuple(value for value in values if value is not None))


def _about(program: Program, listed: Container[str]) -> dict[str, tuple[str, ...]]:
    """Indicator → the properties its value is made of."""
    found = {}
    for meaning in program.indicators:
        if meaning.indicator.name in listed:
            names = {str(node.value) for node in below([meaning.value]) if node.op is Op.INPUT}
            found[meaning.indicator.name] = tuple(sorted({program.inputs[name].is_ for name in names}))
    return found


def _value(id_: str, each: Indicated, about: tuple[str, ...], program: Program | None, dictionary: Dictionary) -> Value | None:
    """The value of an indicator, where it is that of one property and nothing was done to it."""
    meaning = next((m for m in program.indicators if m.indicator.name == each.name), None) if program is not None else None
    number = each.number
    if meaning is None or number is None or not _is_plain(meaning.value) or len(about) != 1 or about[0] not in dictionary:
        return None
    try:
        unit = parse_unit(each.unit or "1")
    except UnknownUnit:
        return None
    known = dictionary[about[0]].unit
    return Value(about[0], number, unit, "certificate", id_) if known is not None and known.same_dimension(unit) else None


def _is_plain(node: Node) -> bool:
    return node.op is Op.INPUT
