"""Basis: what the levels of a draft rest on, as plain values that are kept with it and printed: population, method, thresholds, who would stand
where, what a small change would do, what it is to the market. Nothing in it is a double."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.base.drawing import number
from guiju.base.rounding import decimal_text
from guiju.frontrunner.authoring.asked import Answer
from guiju.frontrunner.authoring.figure import binned
from guiju.frontrunner.authoring.preview import Standing, in_force, moves
from guiju.frontrunner.authoring.sample import thresholds_in_force
from guiju.frontrunner.authoring.told import plain
from guiju.ir.program import Program

VERSION, LISTED, BYTES_MAX = 1, 300, 600_000
"""LISTED: products, enterprises and changes that are told one by one; how many more there are is said."""


def basis_of(answers: Sequence[Answer], on: date | None = None) -> dict[str, Any]:
    """The basis of a draft by these answers, one of each indicator. on: the day the levels are derived on"""
    program = answers[0].sample.program
    standard = program.standard
    return {
        "guiju-basis": VERSION, "standard": standard.number, "title": {"zh": standard.title.zh, "en": standard.title.en},
        "content_hash": program.content_hash, "on": (on or program.on).isoformat(),
        "illustrative": any(each.proposal.illustrative for each in answers), "indicators": [_item(each) for each in answers],
    }  # fmt: skip


def _item(answer: Answer) -> dict[str, Any]:
    told, sample = plain(answer), answer.sample
    indicator = sample.indicator.indicator
    before = answer.against or in_force(sample)
    standing = told.pop("standing")
    for name in ("reach", "against", "standard", "content_hash", "diagnostics"):
        told.pop(name)
    if told["capability"] is not None:
        told["capability"]["expected_changes"] = f"{told['capability']['expected_changes']:.1f}"
    held = thresholds_in_force(sample.indicator)
    return {
        **told, "no": indicator.no, "title": {"zh": indicator.title.zh, "en": indicator.title.en},
        "in_force": None if held is None else [decimal_text(each) for each in held],
        "counts": standing["counts"], "by_range": _first(standing["by_range"]), "by_enterprise": _first(standing["by_enterprise"]),
        "enterprises": len(standing["by_enterprise"]), "products": standing["products"][:LISTED], "changes": _changes(before, answer.standing),
        "bins": [[number(round(low, 9)), number(round(high, 9)), list(counts)] for low, high, counts in binned(answer.standing)],
    }  # fmt: skip


def _first(held: Mapping[str, Any]) -> dict[str, Any]:
    return dict(list(held.items())[:LISTED])


def _changes(before: Standing, after: Standing) -> dict[str, Any]:
    """Against the edition in force, or what the proposal was compared with."""
    found = moves(before, after)
    rise = sum(each.rises for each in found)
    return {
        "counts": list(before.counts()), "rise": rise, "fall": len(found) - rise,
        "products": [{"key": e.offer.key, "enterprise": e.offer.enterprise, "value": decimal_text(e.offer.value), "before": e.before,
                      "after": e.after} for e in found[:LISTED]],
    }  # fmt: skip


def read_basis(value: Any) -> dict[str, Any] | None:
    """A basis that somebody brings; None where there is none.

    raises   Refused: draft-basis
    """
    if value is None:
        return None
    try:
        items = [(str(e["indicator"]), [str(level["threshold"]) for level in e["levels"]]) for e in value["indicators"]]
        is_one = value["guiju-basis"] == VERSION and bool(items)
    except (KeyError, TypeError):
        is_one = False
    if not is_one:
        raise Refused([Diagnostic("draft-basis", None, {"name": "basis.json"})])
    found: dict[str, Any] = value
    return found


def refuse_other_levels(basis: Mapping[str, Any], program: Program, problems: Problems) -> None:
    """A basis says how the levels of the very draft came about: where the text has others, it is not let in with it."""
    for name, thresholds in levels_of(basis).items():
        if thresholds != levels_in(program).get(name):
            problems.add("draft-basis", None, name=name)


def levels_of(basis: Mapping[str, Any]) -> dict[str, list[str]]:
    """Indicator → thresholds of a basis, in the unit of the indicator."""
    return {str(each["indicator"]): [str(level["threshold"]) for level in each["levels"]] for each in basis["indicators"]}


def levels_in(program: Program) -> dict[str, list[str]]:
    """Indicator → thresholds of a standard, where they are constants."""
    held = {each.indicator.name: thresholds_in_force(each) for each in program.indicators if each.value.is_number}
    return {name: [decimal_text(each) for each in found] for name, found in held.items() if found is not None}
