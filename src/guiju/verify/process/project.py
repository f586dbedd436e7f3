"""Project: the verification of a standard, told from its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from guiju.base.rounding import parse_number
from guiju.standard.model import Title
from guiju.store.acts import Standing
from guiju.store.processes import Step

KIND = "verification"
LEAST_LABS, LEAST_REPLICATES = 3, 2
"""With less there is no precision to compute."""


@dataclass(frozen=True, slots=True)
class Item:
    """One quantity to be measured on every sample.

    id          clause and input
    decimals    to which results are reported
    low, high   outside these a result is asked about at the door
    """

    id: str
    clause: str
    property: str
    title: Title
    method: str
    unit: str
    decimals: int
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class Clause:
    """by   evidence, experiment, on-site; or none, for the reason"""

    no: str
    title: Title
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """levels      the samples
    laboratories   p, replicates n: each laboratory measures each sample n times
    basis          gamma, within_r, within_R as asked, a_r, a_R as reached; texts of decimals
    """

    clauses: tuple[Clause, ...]
    items: tuple[Item, ...]
    levels: tuple[str, ...]
    laboratories: int
    replicates: int
    basis: Mapping[str, str]
    criteria: str
    by: str


@dataclass(frozen=True, slots=True)
class Application:
    number: int
    point: str
    title: Title
    organisation: str
    items: tuple[str, ...]
    laboratory: str
    illustrative: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """The work of one laboratory.

    codes    of its samples, in an order that says nothing
    values   code → item → as written, of the last entry; notes: code → text
    entries  how often it was written; writers: by which accounts
    """

    number: int
    application: int
    point: str
    title: Title
    organisation: str
    items: tuple[str, ...]
    codes: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    entries: int = 0
    submitted: bool = False
    returned: str = ""
    dropped: str = ""
    writers: frozenset[str] = frozenset()

    @property
    def filled(self) -> int:
        return sum(bool(text.strip()) for row in self.values.values() for text in row.values())

    @property
    def cells(self) -> int:
        return len(self.codes) * len(self.items)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Declared by one person, and valid once another has confirmed it. level, replicate   empty: every one"""

    number: int
    item: str
    lab: str
    level: str
    replicate: str
    reason: str
    by: str
    at: datetime
    confirmed_by: str = ""
    restored: bool = False

    @property
    def is_valid(self) -> bool:
        return bool(self.confirmed_by) and not self.restored

    @property
    def is_open(self) -> bool:
        return not self.confirmed_by and not self.restored


@dataclass(frozen=True, slots=True)
class Analysis:
    """studies   item → (sha256 of the study, what `guiju verify precision --json` prints of it)"""

    number: int
    edition: str
    exclusions: tuple[int, ...]
    studies: Mapping[str, tuple[str, str]]
    at: datetime


@dataclass(frozen=True, slots=True)
class Conclusion:
    """clauses   number → aspect → (verdict, ground)
    proposed   what the dossier proposed, as `Proposal.said` has it; empty in those made before there were proposals
    """

    clauses: Mapping[str, Mapping[str, tuple[str, str]]]
    text: str
    by: str
    at: datetime
    proposed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project(Standing):
    """A verification as it stands after its last step.

    demander            the organisation that asked for it; `runner` runs it
    seals               name → sha256 of what is sealed
    samples             code → (laboratory code, level, replicate), once the blinding is lifted
    laboratories        order → laboratory code, once concluded
    """

    demander: str = ""
    demanded_by: str = ""
    standard: str = ""
    edition: str = ""
    content_hash: str = ""
    stage: str = ""
    reason: str = ""
    judgement: str = ""
    opinion: str = ""
    plan: Plan | None = None
    approved_by: str = ""
    call: Mapping[str, str] = field(default_factory=dict)
    applications: tuple[Application, ...] = ()
    orders: tuple[Order, ...] = ()
    key_holder: str = ""
    seals: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    laboratories: Mapping[int, str] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    analysis: Analysis | None = None
    conclusion: Conclusion | None = None
    why: str = ""

    def order(self, number: object) -> Order | None:
        return next((each for each in self.orders if each.number == number), None)

    def application(self, number: object) -> Application | None:
        return next((each for each in self.applications if each.number == number), None)

    def exclusion(self, number: object) -> Exclusion | None:
        return next((each for each in self.exclusions if each.number == number), None)

    def item(self, id_: str) -> Item | None:
        return next((each for each in self.plan.items if each.id == id_), None) if self.plan else None

    @property
    def working(self) -> tuple[Order, ...]:
        """The orders that were not dropped."""
        return tuple(each for each in self.orders if not each.dropped)

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        return tuple(each for each in self.exclusions if each.is_valid)

    @property
    def is_illustrative(self) -> bool:
        """Whether a point whose figures are made up takes part."""
        made_up = {each.number for each in self.applications if each.illustrative and not each.withdrawn}
        return any(each.application in made_up for each in self.orders)

    @property
    def is_stale(self) -> bool:
        """Whether exclusions have changed since it was analysed."""
        return self.analysis is not None and self.analysis.exclusions != tuple(each.number for each in self.excluded)


def changed(project: Project, step: Step) -> Project:
    """What a step changes, besides the state."""
    body = step.body
    match step.act:
        case "demand":
            said: Any = {name: str(body[name]) for name in ("standard", "edition", "content_hash", "stage", "reason")}
            return replace(project, demander=step.organisation, demanded_by=step.actor, **said)
        case "accept":
            return replace(project, judgement=str(body["judgement"]))
        case "decline" | "renew" | "send-back" | "reopen-plan" | "reopen" | "reconsider" | "abandon":
            return replace(project, why=str(body["reason"]), approved_by="" if step.act == "reopen-plan" else project.approved_by)
        case "plan":
            return replace(project, plan=plan_of(body, step.actor), content_hash=str(body["content_hash"]), why="")
        case "approve":
            return replace(project, approved_by=step.actor, opinion=str(body["opinion"]))
        case "call":
            return replace(project, call={"text": str(body["text"]), "until": str(body["until"])})
        case "end-call":
            return replace(project, call={}, applications=tuple(replace(each, withdrawn=True) for each in project.applications))
        case "apply" | "withdraw":
            return _applications(project, step)
        case "assign":
            return _assigned(project, body)
        case "enter" | "return" | "drop":
            return _orders(project, step)
        case "hand-over":
            return replace(project, key_holder=str(body["key_holder"]))
        case "lift":
            return replace(project, samples={code: (lab, level, n) for code, (lab, level, n) in body["samples"].items()})
        case "exclude" | "confirm" | "restore":
            return _exclusions(project, step)
        case "analyse":
            studies = {item: (each["sha256"], each["result"]) for item, each in body["studies"].items()}
            return replace(project, analysis=Analysis(step.number, body["edition"], tuple(body["exclusions"]), studies, step.at))
        case "conclude":
            clauses = {no: {a: (said["verdict"], said["ground"]) for a, said in by.items()} for no, by in body["clauses"].items()}
            labs = {int(order): code for order, code in body["laboratories"].items()}
            return replace(project, conclusion=Conclusion(clauses, body["text"], step.actor, step.at, body.get("proposed", {})), laboratories=labs)
        case _:
            return project


def plan_of(body: Mapping[str, Any], by: str) -> Plan:
    items = tuple(
        Item(each["id"], each["clause"], each["property"], Title(each["zh"], each["en"]), each["method"], each["unit"], each["decimals"],
             parse_number(each["low"]), parse_number(each["high"]))
        for each in body["items"]
    )  # fmt: skip
    clauses = tuple(Clause(no, Title(each["zh"], each["en"]), each["by"], each["reason"]) for no, each in body["clauses"].items())
    return Plan(clauses, items, tuple(body["levels"]), body["laboratories"], body["replicates"], body["basis"], body["criteria"], by)


def _applications(project: Project, step: Step) -> Project:
    body = step.body
    if step.act == "withdraw":
        kept = (replace(each, withdrawn=True) if each.number == body["application"] else each for each in project.applications)
        return replace(project, applications=tuple(kept))
    title = Title(body["zh"], body["en"])
    made = Application(len(project.applications) + 1, body["point"], title, step.organisation, tuple(body["items"]), body["laboratory"],
                       body["illustrative"])  # fmt: skip
    return replace(project, applications=(*project.applications, made))


def _assigned(project: Project, body: Mapping[str, Any]) -> Project:
    orders = []
    for number, each in enumerate(body["orders"], 1):
        of = project.application(each["application"])
        assert of is not None, "orders are made of applications"
        orders.append(Order(number, of.number, of.point, of.title, of.organisation, of.items, tuple(each["codes"])))
    return replace(project, orders=tuple(orders), key_holder=body["key_holder"], seals=dict(body["seals"]))


def _orders(project: Project, step: Step) -> Project:
    body = step.body

    def changed(order: Order) -> Order:
        if order.number != body["order"]:
            return order
        if step.act == "drop":
            return replace(order, dropped=body["reason"])
        if step.act == "return":
            return replace(order, submitted=False, returned=body["reason"])
        return replace(order, values=body["values"], notes=body["notes"], entries=order.entries + 1, submitted=body["submit"],
                       writers=order.writers | {step.actor})  # fmt: skip

    return replace(project, orders=tuple(map(changed, project.orders)))


def _exclusions(project: Project, step: Step) -> Project:
    body = step.body
    if step.act == "exclude":
        said = (body["item"], body["lab"], body["level"], body["replicate"], body["reason"])
        return replace(project, exclusions=(*project.exclusions, Exclusion(len(project.exclusions) + 1, *said, step.actor, step.at)))
    by: dict[str, Any] = {"confirmed_by": step.actor} if step.act == "confirm" else {"restored": True}
    kept = (replace(each, **by) if each.number == body["exclusion"] else each for each in project.exclusions)
    return replace(project, exclusions=tuple(kept))
