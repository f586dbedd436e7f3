"""Seen: a cycle or a certificate as one asker may see it, as plain values.

Of a cycle everybody sees the course, and from the publicity on who is proposed for the list; before that who was shortlisted is for those concerned.
Who did what is told to those concerned. The course of a certificate is seen by nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.api.asker import Asker
from guiju.frontrunner.process import acting, certifying
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.cycle import Cycle, Entry, shown_entries
from guiju.frontrunner.process.interests import bound
from guiju.frontrunner.process.naming import called
from guiju.frontrunner.process.papers_given import may_read_evidence, may_read_undertaking
from guiju.frontrunner.process.states import CERTIFICATE_ACTS, CYCLE_ACTS, ISSUED
from guiju.store.acts import Act
from guiju.store.database import Store
from guiju.store.people import accounts, organisations
from guiju.store.processes import Step

OPEN = ("publicity", "published", "closed")
"""In these everybody sees the entries."""


@dataclass(frozen=True, slots=True)
class Names:
    """What identifiers are called; accounts only for those concerned."""

    organisations: Mapping[str, str]
    accounts: Mapping[str, str]


def names_in(store: Store, inside: bool) -> Names:
    people = {each.id: each.title or each.name for each in accounts(store)} if inside else {}
    return Names({id_: title or name for id_, name, title in organisations(store)}, people)


def is_inside(cycle: Cycle, who: Asker) -> bool:
    """Whether somebody runs the cycle, proposed it, or evaluates in it."""
    own = {organisation for organisation, roles in who.organisations.items() if roles}
    return bool(own & {cycle.runner, cycle.proposer, *(each.organisation for each in cycle.applications)})


def cycle_view(store: Store, cycle: Cycle, steps: Sequence[Step], who: Asker) -> dict[str, Any]:
    """A cycle as somebody may see it."""
    inside = is_inside(cycle, who)
    names = names_in(store, inside)
    with store.reading() as connection:
        possible = [act.name for act in acting.possible(connection, cycle, who, store.clock(connection))]
        own = {code: at for code, at in bound(connection, {e.enterprise for e in cycle.entries}).items() if who.organisations.get(at)}
    sees = inside or cycle.state in OPEN
    field = cycle.field
    assert field is not None, "proposed"
    return {
        "id": cycle.id, "state": cycle.state, "steps": cycle.number, "illustrative": cycle.is_illustrative,
        "field": {"scheme": field.scheme, "scheme_hash": field.scheme_hash, "zh": field.title.zh, "en": field.title.en, "year": field.year,
                  "standard": field.standard, "edition": field.edition, "content_hash": field.content_hash},
        "runner": names.organisations.get(cycle.runner, ""), "proposer": names.organisations.get(cycle.proposer, ""),
        "reason": cycle.reason, "opinion": cycle.opinion, "why": cycle.why, "days": cycle.days, "until": cycle.until, "notice": cycle.notice,
        "published_at": cycle.published_at,
        "evaluator": names.organisations.get(cycle.chosen.organisation, "") if cycle.chosen else "",
        "applications": [{"number": e.number, "organisation": names.organisations.get(e.organisation, ""), "standard": e.standard, "plan": e.plan,
                          "ground": e.ground, "taken_back": e.taken_back} for e in cycle.applications] if inside else [],
        "comparison": {"result": cycle.comparison.result, "at": cycle.comparison.at, "compared": len(cycle.comparison.enterprises),
                       **cycle.comparison.hashes} if cycle.comparison and sees else None,
        "entries": called(store, cycle, [
            _entry(each, inside or each.enterprise in own, may_read_undertaking(cycle, own.get(each.enterprise, ""), who))
            for each in shown_entries(cycle.entries) if sees or each.enterprise in own]),
        "objections": [{"number": e.number, "entry": e.entry, "at": e.at, "decided": e.decided, "reason": e.reason,
                        "unverified": bool(e.receipt), "aside": bool(e.aside_by),
                        "ground": e.ground if inside or (who.is_signed_in and e.by == who.id) else "",
                        "by": names.accounts.get(e.by, "")} for e in cycle.objections],
        "interests": [{"enterprise": e.enterprise, "text": e.text, "at": e.at, "by": names.accounts.get(e.by, "")} for e in cycle.interests
                      if inside or (who.is_signed_in and e.by == who.id)],
        "course": [{"state": state, "at": at} for state, at in cycle.course], "possible": possible, "log": _log(steps, CYCLE_ACTS, names, inside),
    }  # fmt: skip


def _entry(each: Entry, inside: bool, may_read: bool) -> dict[str, Any]:
    undertaking = each.undertaking
    return {"number": each.number, "range": list(each.range), "enterprise": each.enterprise, "zh": each.title.zh, "en": each.title.en,
            "standard": each.standard, "edition": each.edition, "models": list(each.models), "standing": each.standing, "flagged": each.flagged,
            "renewed": each.renewed, "reason": each.reason, "undertaken": undertaking is not None,
            "undertaking": undertaking.text if undertaking and inside else "",
            "documents": dict(undertaking.documents) if undertaking and inside else {},
            "files": _files(undertaking.files) if undertaking and inside else [], "may_read": may_read}  # fmt: skip


def _files(files: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Files that are kept: their names, hashes and sizes; whoever may have them asks for them by their hash."""
    return [{name: each[name] for name in ("name", "kind", "sha256", "bytes")} for each in files]


def _log(steps: Sequence[Step], acts: Mapping[str, Act], names: Names, inside: bool) -> list[dict[str, Any]]:
    """What was done, when; for those concerned also by whom and why."""
    return [{"number": step.number, "act": step.act, "zh": acts[step.act].title.zh, "en": acts[step.act].title.en, "at": step.at,
             "by": names.accounts.get(step.actor, ""), "reason": str(step.body.get("reason", "")) if inside else "",
             "organisation": names.organisations.get(step.organisation, "") if inside and acts[step.act].side != "public" else ""}
            for step in steps]  # fmt: skip


def certificate_view(store: Store, found: Certificate, steps: Sequence[Step], who: Asker) -> dict[str, Any]:
    """The process of a certificate, for those concerned."""
    names, runs = names_in(store, True), bool(who.organisations.get(found.runner))
    with store.reading() as connection:
        today = store.clock(connection).date()
    subject, decision, evaluated = found.subject, found.decision, found.evaluated
    assert subject is not None, "applied for"
    return {
        "id": found.id, "state": found.state_on(today), "steps": found.number, "issued": found.state in ISSUED,
        "illustrative": subject.illustrative or bool(found.evidence.get("illustrative")),
        "enterprise": {"code": subject.enterprise, "zh": subject.title.zh, "en": subject.title.en}, "standard": subject.standard,
        "edition": subject.edition, "models": list(subject.models), "library": dict(subject.library), "scheme": subject.scheme,
        "scheme_zh": subject.scheme_title.zh, "scheme_en": subject.scheme_title.en, "evaluation": dict(subject.evaluation), "renews": subject.renews,
        "renewed_by": found.renewed_by, "undertaking": found.undertaking, "why": found.why,
        "runner": names.organisations.get(found.runner, ""), "holder": names.organisations.get(found.holder, ""),
        "evidence": {"rows": list(found.evidence["rows"]), "sha256": found.evidence["sha256"],
                     "documents": dict(found.evidence.get("documents", {})), "files": _files(found.evidence.get("files", ())),
                     "may_read": may_read_evidence(found.runner, found.holder, who)}
        if found.evidence else None,
        "evaluated": {**evaluated.found, "at": evaluated.at, "by": names.accounts.get(evaluated.by, "")} if evaluated else None,
        "decision": {"granted": decision.granted, "reason": decision.reason, "valid_from": decision.valid_from, "valid_until": decision.valid_until,
                     "surveillance": list(decision.surveillance), "cites": dict(decision.cites), "at": decision.at,
                     "by": names.accounts.get(decision.by, "")} if decision else None,
        "credential": dict(found.credential) if found.credential else None, "index": found.index,
        "surveillance": [{"due": e.due, "passed": e.passed, "text": e.text, "at": e.at} for e in found.surveillance],
        "overdue": list(found.overdue), "changes": [{"state": state, "at": at, "reason": why} for state, at, why in found.changes],
        "interests": [{"enterprise": e.enterprise, "text": e.text, "by": names.accounts.get(e.by, "")} for e in found.interests
                      if runs or e.by == who.id],
        "course": [{"state": state, "at": at} for state, at in found.course],
        "possible": [act.name for act in certifying.possible(found, who, today)], "log": _log(steps, CERTIFICATE_ACTS, names, True),
    }  # fmt: skip
