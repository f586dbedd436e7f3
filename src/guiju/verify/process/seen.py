"""Seen: a verification as one asker may see it. What is blind stays so, and a laboratory sees its own work and nobody else's until the end.

Who runs it sees how far each order is and not a figure of it before the blinding is lifted; afterwards the results under the codes of the
laboratories, and who was who only with the conclusion. Codes of samples are seen by the laboratory they are of and by who holds the key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.api.asker import Asker
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.database import Store
from guiju.store.people import accounts, organisations
from guiju.store.processes import Step, looking, unsealed
from guiju.verify.process.acting import possible, project_of
from guiju.verify.process.door import checked, unlikely_cells
from guiju.verify.process.point import shown
from guiju.verify.process.project import Order, Project
from guiju.verify.process.states import ACTS, BLIND, PUBLISHED

OPEN = ("lifted", "analysed", *PUBLISHED)
"""In these who runs it sees the results, under codes."""


@dataclass(frozen=True, slots=True)
class Names:
    """What identifiers are called."""

    organisations: Mapping[str, str]
    accounts: Mapping[str, str]


def names_in(store: Store) -> Names:
    return Names({id_: title or name for id_, name, title in organisations(store)}, {each.id: each.title or each.name for each in accounts(store)})


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in a project.

    runs, demands   they have a role in that organisation
    own             numbers of the orders of their organisations
    holds_key       they hold the key to the blind codes
    """

    runs: bool
    demands: bool
    own: frozenset[int]
    holds_key: bool

    @property
    def is_inside(self) -> bool:
        return self.runs or self.demands or bool(self.own)


def place_of(project: Project, who: Asker) -> Place:
    held = {organisation for organisation, roles in who.organisations.items() if roles}
    own = frozenset(each.number for each in project.orders if each.organisation in held)
    return Place(project.runner in held, project.demander in held, own, bool(project.key_holder) and who.id == project.key_holder)


def for_another(project: Project, who: Asker) -> list[str]:
    """The acts possible now that somebody may not take, because they did themselves what a second person is to look at."""
    able = {act.name for act in possible(project, who)}
    own = {
        "approve": project.plan is not None and project.plan.by == who.id,
        "confirm": bool(project.exclusions) and all(each.by == who.id for each in project.exclusions if each.is_open)
        and any(each.is_open for each in project.exclusions),
        "archive": project.conclusion is not None and project.conclusion.by == who.id,
    }  # fmt: skip
    return [name for name, is_own in own.items() if is_own and name in able]


def view(project: Project, steps: Sequence[Step], who: Asker, names: Names) -> dict[str, Any]:
    """The project as plain values: what somebody may see of it, and no more."""
    place, is_out = place_of(project, who), project.state in PUBLISHED
    names = names if place.is_inside else Names(names.organisations, {})  # who did what is told to those concerned
    sees_results = is_out or ((place.runs or place.demands) and project.state in OPEN)
    return {
        "id": project.id, "standard": project.standard, "edition": project.edition, "content_hash": project.content_hash, "stage": project.stage,
        "state": project.state, "steps": project.number, "reason": project.reason, "judgement": project.judgement,
        "opinion": project.opinion, "illustrative": project.is_illustrative, "why": project.why,
        "runner": _called(project.runner, names), "demander": _called(project.demander, names),
        "course": [{"state": state, "at": at} for state, at in project.course],
        "plan": _plan(project, names) if project.plan else None, "call": dict(project.call) or None,
        "applications": _applications(project, who, place, names), "orders": _orders(project, place, names),
        "exclusions": _exclusions(project, names) if sees_results else [], "analysis": _analysis(project) if sees_results else None,
        "conclusion": _conclusion(project, names) if is_out or place.runs or place.demands else None,
        "seals": dict(project.seals), "key_holder": names.accounts.get(project.key_holder, "") if place.runs else "",
        "possible": [act.name for act in possible(project, who)], "for_another": for_another(project, who), "log": _log(steps, who, place, names),
    }  # fmt: skip


def _called(id_: str, names: Names) -> dict[str, str]:
    return {"id": id_, "name": names.organisations.get(id_, id_)}


def _plan(project: Project, names: Names) -> dict[str, Any]:
    plan = project.plan
    assert plan is not None, "asked before"
    items = [{"id": e.id, "clause": e.clause, "property": e.property, "zh": e.title.zh, "en": e.title.en, "method": e.method, "unit": e.unit,
              "decimals": e.decimals, "low": shown(e.low), "high": shown(e.high)} for e in plan.items]  # fmt: skip
    clauses = [{"no": e.no, "zh": e.title.zh, "en": e.title.en, "by": e.by, "reason": e.reason} for e in plan.clauses]
    return {"clauses": clauses, "items": items, "levels": list(plan.levels), "laboratories": plan.laboratories, "replicates": plan.replicates,
            "basis": dict(plan.basis), "criteria": plan.criteria, "by": names.accounts.get(plan.by, ""),
            "approved_by": names.accounts.get(project.approved_by, "")}  # fmt: skip


def _applications(project: Project, who: Asker, place: Place, names: Names) -> list[dict[str, Any]]:
    own = {organisation for organisation, roles in who.organisations.items() if roles}
    seen = [each for each in project.applications if place.runs or each.organisation in own]
    return [{"number": e.number, "point": e.point, "zh": e.title.zh, "en": e.title.en, "organisation": _called(e.organisation, names),
             "items": list(e.items), "laboratory": e.laboratory, "illustrative": e.illustrative, "withdrawn": e.withdrawn,
             "own": e.organisation in own} for e in seen]  # fmt: skip


def _orders(project: Project, place: Place, names: Names) -> list[dict[str, Any]]:
    """How far each is, for who runs it; the whole of one's own; with the conclusion, which code each had."""
    found = []
    for order in project.orders:
        is_own = order.number in place.own
        if not (is_own or place.runs or (project.state in PUBLISHED and project.laboratories)):
            continue
        one = {"number": order.number, "point": order.point, "zh": order.title.zh, "en": order.title.en, "items": list(order.items),
               "organisation": _called(order.organisation, names), "cells": order.cells, "filled": order.filled, "entries": order.entries,
               "submitted": order.submitted, "returned": order.returned, "dropped": order.dropped, "own": is_own,
               "laboratory": project.laboratories.get(order.number)}  # fmt: skip
        if is_own:
            one |= {"codes": list(order.codes), "values": {c: dict(row) for c, row in order.values.items()}, "notes": dict(order.notes)}
        found.append(one)
    return found


def _exclusions(project: Project, names: Names) -> list[dict[str, Any]]:
    return [{"number": e.number, "item": e.item, "lab": e.lab, "level": e.level, "replicate": e.replicate, "reason": e.reason,
             "by": names.accounts.get(e.by, ""), "at": e.at, "confirmed_by": names.accounts.get(e.confirmed_by, ""),
             "state": "restored" if e.restored else "valid" if e.is_valid else "open"} for e in project.exclusions]  # fmt: skip


def _analysis(project: Project) -> dict[str, Any] | None:
    found = project.analysis
    if found is None:
        return None
    studies = {item: {"sha256": hash_, "result": json.loads(result)} for item, (hash_, result) in found.studies.items()}
    return {"edition": found.edition, "exclusions": list(found.exclusions), "at": found.at, "stale": project.is_stale, "studies": studies}


def _conclusion(project: Project, names: Names) -> dict[str, Any] | None:
    found = project.conclusion
    if found is None or project.state not in PUBLISHED:
        return None
    clauses = {no: {a: {"verdict": v, "ground": g} for a, (v, g) in by.items()} for no, by in found.clauses.items()}
    return {"clauses": clauses, "text": found.text, "by": names.accounts.get(found.by, ""), "at": found.at,
            "proposed": dict(found.proposed) or None}  # fmt: skip


def _log(steps: Sequence[Step], who: Asker, place: Place, names: Names) -> list[dict[str, Any]]:
    """What was done, and inside by whom; of laboratories only one's own, unless one runs the project. Results are never in it."""
    held = {organisation for organisation, roles in who.organisations.items() if roles}
    found = []
    for step in steps:
        act, is_own = ACTS[step.act], step.organisation in held
        if act.side == "lab" and not (place.runs or is_own):
            continue
        by = names.accounts.get(step.actor, "") if place.is_inside or is_own else ""
        whose = names.organisations.get(step.organisation, "") if place.is_inside or is_own else ""
        said = str(step.body.get("reason", "")) if act.side != "lab" and (place.is_inside or act.after) else ""
        found.append({"number": step.number, "act": step.act, "at": step.at, "by": by, "organisation": whose, "reason": said,
                      "order": step.body.get("order") if place.runs or is_own else None, "submit": step.body.get("submit"),
                      "twin": step.body.get("proposed", {}).get("twin")})  # fmt: skip
    return found


def sheet_checks(project: Project, order: Order) -> dict[str, list[Any]]:
    """What the door says of what was entered last: cell → diagnostics."""
    found: dict[str, list[Any]] = {}
    assert project.plan is not None, "there are orders"
    for each in checked(order, project.plan.items, order.values, order.notes):
        found.setdefault(each.facts["field"], []).append(each)
    return found


def _three(said: Sequence[str]) -> tuple[str, str, str]:
    lab, level, replicate = said
    return lab, level, replicate


@dataclass(frozen=True, slots=True)
class Key:
    """What the blind codes stand for.

    rows       (order, code, laboratory code, level, replicate)
    unlikely   (order, level, item, how many times the middle range): cells to be asked about, before it is closed
    """

    rows: tuple[tuple[int, str, str, str, str], ...]
    unlikely: tuple[tuple[int, str, str, float], ...]


def key_of(store: Store, who: Asker, id_: str) -> Key:
    """For who holds the key, to prepare the samples; every look is in the audit log.

    raises   Refused: unknown-process, process-other-side
    """
    project, _ = project_of(store, who, id_)
    if not place_of(project, who).holds_key:
        raise Refused([Diagnostic("process-other-side", None, {"act_zh": "看盲码的含义", "act_en": "see what the blind codes stand for"})])
    with looking(store, project.id, who.id, "verification.key-seen") as connection:
        samples = unsealed(connection, project.id, "samples")["samples"]
    rows = tuple((order.number, code, *_three(samples[code])) for order in project.orders for code in order.codes)
    assert project.plan is not None, "there are orders"
    entered = [each for each in project.working if each.entries]
    return Key(rows, tuple(unlikely_cells(project.plan, entered, samples)))


assert set(BLIND).isdisjoint(OPEN)
