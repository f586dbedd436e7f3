"""Measured: what a method can tell apart, from a study or a dossier that the store keeps: cited by the identifier and the hash of the result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.frontrunner.authoring.capability import Capability, limit_of
from guiju.store.belonging import Somebody, hidden_from, result_for, seen_by
from guiju.store.database import Store
from guiju.store.results import Result, result_of, results

KINDS = ("study", "dossier")
LOOKED_AT, OFFERED = 200, 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A study of precision in a result. property: what it measures, empty where the result does not say; figures: as a study tells them"""

    title: str
    property: str
    unit: str
    illustrative: bool
    figures: Any


def studies_in(found: Result) -> Iterator[Kept]:
    """The studies of precision that a result holds: a study is one, a dossier has those it was given."""
    body = json.loads(found.body)
    if found.kind == "study" and body.get("topic") == "precision":
        figures = body.get("figures") or {}
        yield Kept(str(body.get("title") or ""), "", str(figures.get("unit") or ""), bool(body.get("illustrative")), figures)
    elif found.kind == "dossier":
        for each in (body.get("twin") or {}).get("studies") or ():
            if each.get("precision") is not None:
                title = each.get("title")
                word = title.get("en") or title.get("zh") if isinstance(title, dict) else title
                figures = {**each["precision"], "unit": each.get("unit") or each["precision"].get("unit")}
                yield Kept(str(word or ""), str(each.get("property") or ""), str(figures["unit"] or ""), bool(each.get("illustrative")), figures)


def fitting(found: Result, property_: str, unit: Unit) -> list[Kept]:
    """The studies about a property, or where they do not say, those whose unit is of its dimension."""
    held = [each for each in studies_in(found) if _fits(each.unit, unit)]
    about = [each for each in held if property_ and each.property == property_]
    return about or [each for each in held if not (property_ and each.property)]


def _fits(text: str, unit: Unit) -> bool:
    try:
        return parse_unit(text).same_dimension(unit) if text else unit.text in ("", "1")
    except UnknownUnit:
        return False


def limit_kept(store: Store, id_: str, property_: str, unit: Unit, user: Somebody | None = None) -> Capability:
    """R from a result of the store; of several studies that fit, the largest.

    user     whose results it must be among; None: all of the store
    raises   Refused: unknown-result, result-altered, authoring-result, authoring-precision
    """
    found = result_of(store, id_) if user is None else result_for(store, user, id_)
    held = fitting(found, property_, unit)
    if not held:
        facts = {"id": id_, "kind": found.kind, "property": property_ or "—", "unit": unit.shown or "1"}
        raise Refused([Diagnostic("authoring-result", None, facts)])
    source = f"result {found.id}, sha256 {found.body_hash}"
    return max((limit_of(each.figures, found.id, unit, source, illustrative=each.illustrative) for each in held), key=lambda each: each.R)


def offered(store: Store, user: Somebody, property_: str, unit: Unit) -> list[tuple[str, str]]:
    """(identifier, title) of the results somebody may see that R can be taken from, the newest first."""
    made: list[tuple[str, str]] = []
    for kind in KINDS:
        for each in results(store, organisations=seen_by(user), kind=kind, limit=LOOKED_AT, without=hidden_from(store, user)):
            held = fitting(each, property_, unit)
            if held:
                made.append((each.id, held[0].title or kind))
    return sorted(made, reverse=True)[:OFFERED]
