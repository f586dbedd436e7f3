"""Told: what was found of products in scenarios, and of solutions, as plain values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from guiju.frontrunner.application.fitting import Fitted, Fitting, Wanted
from guiju.frontrunner.application.solving import Candidate, Exchange, Solution, Solving
from guiju.frontrunner.application.suits import CONDITIONAL, SUITED
from guiju.frontrunner.application.why import Reasons, Short
from guiju.standard.model import Title


def _both(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def short_json(each: Short) -> dict[str, Any]:
    return {
        "clause": each.clause or None, "about": _both(each.title), "value": each.value or None, "limit": each.limit or None,
        "unit": each.unit or None,
        "gap": each.gap or None, "not_declared": [_both(one) for one in each.missing], "held_back_by": [short_json(one) for one in each.held],
        "says": _both(each.told),
    }  # fmt: skip


def fitted_json(each: Fitted, reasons: Mapping[str, Reasons]) -> dict[str, Any]:
    """A product with what is said of it in every scenario; what keeps it from being suited, and where it is not even that, from being conditional."""
    scenarios = {}
    for name, state in each.suits.items():
        why = reasons.get(name)
        scenarios[name] = {
            "state": state, "to_be_suited": [short_json(one) for one in why.suited] if why and state != SUITED else [],
            "to_be_conditional": [short_json(one) for one in why.conditional] if why and state not in (SUITED, CONDITIONAL) else [],
        }  # fmt: skip
    return {"product": each.product, "brand": each.brand, "model": each.model, "name": _both(each.title), "enterprise": each.enterprise,
            "region": each.region, "price_yuan": None if each.price is None else str(each.price), "grade": each.grade,
            "scenarios": scenarios}  # fmt: skip


def fitting_json(found: Fitting, wanted: Wanted, rows: Iterable[dict[str, Any]], total: int) -> dict[str, Any]:
    program, counts, held = found.application.program, found.counts(wanted), found.held_back(wanted)
    scenarios = []
    for name, title in found.application.scenarios.items():
        asked = found.application.conditions[name][SUITED]
        scenarios.append({
            "scenario": name, "title": _both(title), "counts": counts[name],
            "conditions": [{"clause": one.clause or None, "about": _both(one.title), "failing": failing, "failing_alone": alone, "unknown": unknown}
                           for one, (failing, alone, unknown) in zip(asked, held[name], strict=True)],
        })  # fmt: skip
    return {"standard": {"number": program.standard.number, "hash": program.content_hash, "on": program.on.isoformat()},
            "library": {"name": found.library.name, "hash": found.library.hash}, "illustrative": found.illustrative, "scenarios": scenarios,
            "total": total, "products": list(rows), "order": "by brand, model and identifier; it says nothing of who is better"}  # fmt: skip


def candidate_json(each: Candidate) -> dict[str, Any]:
    return {"n": each.n, "library": each.library, "product": each.product, "brand": each.brand, "model": each.model, "name": _both(each.title),
            "enterprise": each.enterprise, "standard": each.standard, "edition": each.edition, "grade": each.grade}  # fmt: skip


def solution_json(found: Solving, each: Solution, exchanges: Iterable[Exchange]) -> dict[str, Any]:
    parts = found.composition.parts
    return {
        "parts": {part.alias: {**candidate_json(found.candidates(at, [each.parts[at]])[each.parts[at]]), "level": each.levels[at]}
                  for at, part in enumerate(parts)},
        "grade": each.grade, "failing": list(each.failing), "unknown": list(each.unknown), "range": list(each.range),
        "weakest": [parts[at].alias for at in each.weakest],
        "exchanges": [{"part": parts[one.at].alias, "for": candidate_json(found.candidates(one.at, [one.part])[one.part]), "grade": one.grade}
                      for one in exchanges],
    }  # fmt: skip


def solving_json(found: Solving) -> dict[str, Any]:
    """Without the combinations, which are many."""
    program, scheme = found.composition.program, found.composition.opened.scheme
    return {"scheme": {"id": scheme.id, "hash": scheme.hash}, "standard": {"number": program.standard.number, "hash": program.content_hash,
            "on": program.on.isoformat()}, "illustrative": found.illustrative, "combinations": found.total, "grades": found.grades(),
            "held_back": found.held_back(),
            "parts": {part.alias: {"title": _both(part.title), "library": found.libraries[part.alias].name, "hash": found.libraries[part.alias].hash,
                                   "candidates": found.counts[part.alias]} for part in found.composition.parts}}  # fmt: skip
