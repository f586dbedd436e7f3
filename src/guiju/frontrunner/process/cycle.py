"""Cycle: the annual evaluation of a field, told from its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from guiju.standard.model import Title
from guiju.store.acts import Standing
from guiju.store.processes import Step


@dataclass(frozen=True, slots=True)
class Field:
    """The scheme of a field as it was when the field was proposed, and the evaluation standard it compares by."""

    scheme: str
    scheme_hash: str
    title: Title
    year: int
    standard: str
    edition: str
    content_hash: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Application:
    """Of an evaluator. ground   why no group standard is cited, where it is none"""

    number: int
    organisation: str
    by: str
    standard: str
    plan: str
    ground: str
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an evaluator handed in: a board result of the store, cited by its hashes.

    enterprises  codes of all that were compared
    entries      those shortlisted, as the result has them
    """

    result: str
    hashes: Mapping[str, Any]
    enterprises: tuple[str, ...]
    entries: tuple[Mapping[str, Any], ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Undertaking:
    """documents   name → sha256 of what was shown; files: those of them that are kept, as `papers.with_papers` says"""

    text: str
    documents: Mapping[str, str]
    by: str
    at: datetime
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A declared standard × enterprise that was shortlisted, in its comparable range.

    standing   shortlisted, on-list, suspended, removed; `out` where an objection was upheld or nothing was undertaken
    flagged    why it must be looked at again; empty: it need not
    renewed    what evaluating it anew found since it was flagged: None, or whether it is still shortlisted
    suspended_by, renewed_by   accounts
    """

    number: int
    range: tuple[str, ...]
    enterprise: str
    title: Title
    standard: str
    edition: str
    models: tuple[str, ...]
    standing: str = "shortlisted"
    undertaking: Undertaking | None = None
    flagged: str = ""
    renewed: bool | None = None
    renewed_by: str = ""
    suspended_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """decided   uphold, dismiss or confirm-aside; empty as long as it is open
    receipt   of one raised without an account: the sha256 of what its objector follows it by
    aside_by  account that proposed to set it aside
    """

    number: int
    entry: int
    ground: str
    organisation: str
    by: str
    at: datetime
    decided: str = ""
    reason: str = ""
    decided_by: str = ""
    receipt: str = ""
    aside_by: str = ""

    @property
    def is_open(self) -> bool:
        return not self.decided


@dataclass(frozen=True, slots=True)
class Interest:
    """What somebody declared: an enterprise (its code) they have an interest in."""

    by: str
    enterprise: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cycle(Standing):
    """A cycle as it stands after its last step.

    proposer           the organisation that proposed the field
    days               of publicity, as stated when the field was fixed
    until              the moment before which no list can be published
    evaluators         accounts that compared, shortlisted or evaluated anew
    """

    field: Field | None = None
    proposer: str = ""
    proposed_by: str = ""
    reason: str = ""
    days: int = 0
    applications: tuple[Application, ...] = ()
    chosen: Application | None = None
    reviewed_by: str = ""
    opinion: str = ""
    comparison: Comparison | None = None
    evaluators: frozenset[str] = frozenset()
    entries: tuple[Entry, ...] = ()
    notice: str = ""
    until: datetime | None = None
    objections: tuple[Objection, ...] = ()
    interests: tuple[Interest, ...] = ()
    published_at: datetime | None = None
    why: str = ""

    def application(self, number: object) -> Application | None:
        return next((each for each in self.applications if each.number == number), None)

    def entry(self, number: object) -> Entry | None:
        return next((each for each in self.entries if each.number == number), None)

    def objection(self, number: object) -> Objection | None:
        return next((each for each in self.objections if each.number == number), None)

    @property
    def is_illustrative(self) -> bool:
        return self.field is not None and self.field.illustrative

    @property
    def compared(self) -> frozenset[str]:
        """Codes of the enterprises the comparison is about."""
        return frozenset(self.comparison.enterprises) if self.comparison else frozenset()

    @property
    def listed(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.standing in ("on-list", "suspended"))


def changed(cycle: Cycle, step: Step) -> Cycle:
    """What a step changes, besides the state."""
    body = step.body
    match step.act:
        case "propose":
            made = Field(body["scheme"], body["scheme_hash"], Title(body["zh"], body["en"]), body["year"], body["standard"], body["edition"],
                         body["content_hash"], body["illustrative"])  # fmt: skip
            return replace(cycle, field=made, proposer=step.organisation, proposed_by=step.actor, reason=body["reason"])
        case "fix":
            return replace(cycle, days=body["days"], opinion=body["opinion"])
        case "decline" | "abandon":
            return replace(cycle, why=body["reason"])
        case "apply" | "take-back":
            return replace(cycle, applications=_applications(cycle, step))
        case "review":
            return replace(cycle, chosen=cycle.application(body["application"]), reviewed_by=step.actor, opinion=body["opinion"])
        case "compare":
            made_of = Comparison(body["result"], body["hashes"], tuple(body["enterprises"]), tuple(body["entries"]), step.actor, step.at)
            return replace(cycle, comparison=made_of, evaluators=cycle.evaluators | {step.actor})
        case "send-back":
            return replace(cycle, comparison=None, entries=(), why=body["reason"])
        case "shortlist":
            return replace(cycle, entries=tuple(map(_entry, body["entries"])), evaluators=cycle.evaluators | {step.actor}, why="")
        case "publicise":
            kept = (replace(e, standing="shortlisted" if e.undertaking else "out") for e in cycle.entries)
            return replace(cycle, notice=body["text"], until=step.at + timedelta(days=cycle.days), entries=tuple(kept))
        case "object" | "object-public" | "dismiss" | "uphold":
            return _objected(cycle, step)
        case "set-aside" | "confirm-aside":
            return replace(cycle, objections=tuple(_aside(e, step) if e.number in body["objections"] else e for e in cycle.objections))
        case "publish":
            kept = (replace(each, standing="on-list") if each.standing == "shortlisted" else each for each in cycle.entries)
            return replace(cycle, published_at=step.at, entries=tuple(kept))
        case "flag" | "re-evaluate" | "undertake" | "keep" | "suspend" | "reinstate" | "remove":
            evaluators = cycle.evaluators | {step.actor} if step.act == "re-evaluate" else cycle.evaluators
            return replace(cycle, entries=_entries(cycle, step), evaluators=evaluators)
        case "declare":
            return replace(cycle, interests=(*cycle.interests, Interest(step.actor, body["enterprise"], body["text"], step.at)))
        case _:
            return cycle


def _applications(cycle: Cycle, step: Step) -> tuple[Application, ...]:
    body = step.body
    if step.act == "take-back":
        return tuple(replace(each, taken_back=True) if each.number == body["application"] else each for each in cycle.applications)
    made = Application(len(cycle.applications) + 1, step.organisation, step.actor, body["standard"], body["plan"], body["ground"])
    return (*cycle.applications, made)


def _entry(each: Mapping[str, Any]) -> Entry:
    return Entry(each["number"], tuple(each["range"]), each["enterprise"], Title(each["zh"], each["en"]), each["standard"], each["edition"],
                 tuple(each["models"]))  # fmt: skip


def _objected(cycle: Cycle, step: Step) -> Cycle:
    body = step.body
    if step.act in ("object", "object-public"):
        number, receipt = len(cycle.objections) + 1, body.get("receipt", "")
        made = Objection(number, body["entry"], body["ground"], step.organisation, step.actor, step.at, receipt=receipt)
        return replace(cycle, objections=(*cycle.objections, made))
    decided = {"decided": step.act, "reason": body["reason"], "decided_by": step.actor}
    kept = tuple(replace(each, **decided) if each.number == body["objection"] else each for each in cycle.objections)
    about = next(each.entry for each in kept if each.number == body["objection"])
    out = step.act == "uphold"
    entries = tuple(replace(e, standing="out", reason=body["reason"]) if out and e.number == about else e for e in cycle.entries)
    return replace(cycle, objections=kept, entries=entries)


def _aside(each: Objection, step: Step) -> Objection:
    if step.act == "set-aside":
        return replace(each, aside_by=step.actor)
    return replace(each, decided=step.act, reason=step.body["reason"], decided_by=step.actor)


def _entries(cycle: Cycle, step: Step) -> tuple[Entry, ...]:
    """Every entry, with what a step says of some."""
    body = step.body
    if step.act == "flag":
        return tuple(replace(e, flagged=body["entries"].get(str(e.number), e.flagged), renewed=None) if str(e.number) in body["entries"] else e
                     for e in cycle.entries)  # fmt: skip
    said: dict[str, Any] = {
        "undertake": lambda e: {"undertaking": Undertaking(body["text"], body["documents"], step.actor, step.at, tuple(body.get("files", ())))},
        "re-evaluate": lambda e: {"renewed": body["shortlisted"], "renewed_by": step.actor, "edition": body["edition"]},
        "keep": lambda e: {"flagged": "", "renewed": None, "reason": body["reason"]},
        "suspend": lambda e: {"standing": "suspended", "suspended_by": step.actor, "reason": body["reason"]},
        "reinstate": lambda e: {"standing": "on-list", "suspended_by": "", "reason": body["reason"]},
        "remove": lambda e: {"standing": "removed", "flagged": "", "reason": body["reason"]},
    }
    return tuple(replace(each, **said[step.act](each)) if each.number == body["entry"] else each for each in cycle.entries)


def shown_entries(entries: Sequence[Entry]) -> list[Entry]:
    """By enterprise code, standard and edition: an order that says nothing of who is better."""
    return sorted(entries, key=lambda each: (each.range, each.enterprise, each.standard, each.edition))
