"""Certificate: from an application to what becomes of what was issued, told from its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from guiju.frontrunner.process.cycle import Interest
from guiju.frontrunner.process.states import CERTIFICATE_ACTS
from guiju.standard.model import Title
from guiju.store.acts import Standing
from guiju.store.processes import Step


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be certified: models of an enterprise that implement a standard it declared, by a scheme.

    enterprise          its code
    library             name, revision and hash of the library that says the standard is declared and the models implement it
    scheme_hash         of the scheme as it was at the application
    evaluation          number, edition and content hash of the evaluation standard
    renews              identifier of the certificate this one is to follow
    """

    enterprise: str
    title: Title
    standard: str
    edition: str
    models: tuple[str, ...]
    library: Mapping[str, Any]
    scheme: str
    scheme_hash: str
    scheme_title: Title
    evaluation: Mapping[str, str]
    illustrative: bool
    renews: str = ""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the evaluation standard says of the evidence.

    found    `evaluating.evaluation_body`: per model verdicts, levels, decisions; and the levels certified
    """

    found: Mapping[str, Any]
    by: str
    at: datetime

    @property
    def conforms(self) -> bool:
        return bool(self.found["conforms"])


@dataclass(frozen=True, slots=True)
class Decision:
    """valid_from, valid_until   days, the last included; surveillance: the days on which it falls due"""

    granted: bool
    reason: str
    valid_from: date | None
    valid_until: date | None
    surveillance: tuple[date, ...]
    by: str
    at: datetime
    cites: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Surveillance:
    due: date | None
    passed: bool
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Certificate(Standing):
    """A certificate as it stands after its last step; whether it has expired, `state_on` tells.

    holder           the organisation that acts for the enterprise; `runner` certifies
    evidence         rows as handed in, and their hash
    credential       as signed; None before it is issued
    index            in the status lists of the issuer
    turns            (state, when, why) since it was issued
    """

    holder: str = ""
    applied_by: str = ""
    subject: Subject | None = None
    undertaking: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    evaluated: Evaluated | None = None
    decision: Decision | None = None
    credential: Mapping[str, Any] | None = None
    index: int | None = None
    surveillance: tuple[Surveillance, ...] = ()
    suspended_by: str = ""
    renewed_by: str = ""
    interests: tuple[Interest, ...] = ()
    why: str = ""
    turns: tuple[tuple[str, datetime, str], ...] = ()

    def state_on(self, on: date) -> str:
        """The state on a day: what runs only to a day before it has expired."""
        until = self.decision.valid_until if self.decision else None
        return "expired" if self.state in ("valid", "suspended") and until is not None and on > until else self.state

    @property
    def changes(self) -> tuple[tuple[str, datetime, str], ...]:
        """What became of it, the first being issued: (state, when, why)."""
        issued = next((at for state, at in self.course if state == "valid"), None)
        return () if issued is None else (("valid", issued, ""), *self.turns)

    @property
    def overdue(self) -> tuple[date, ...]:
        """Days of surveillance for which there is no result yet, past or to come."""
        done = {each.due for each in self.surveillance}
        return tuple(each for each in (self.decision.surveillance if self.decision else ()) if each not in done)


def changed(found: Certificate, step: Step) -> Certificate:
    """What a step changes, besides the state."""
    body = step.body
    match step.act:
        case "apply":
            return replace(found, subject=subject_of(body), undertaking=body["undertaking"], holder=step.organisation, applied_by=step.actor)
        case "evidence":
            return replace(found, evidence=body, evaluated=None, why="")
        case "evaluate":
            return replace(found, evaluated=Evaluated(body, step.actor, step.at))
        case "send-back" | "give-up" | "reconsider":
            decision = None if step.act == "reconsider" else found.decision
            return replace(found, why=body["reason"], evaluated=None if step.act == "send-back" else found.evaluated, decision=decision)
        case "grant" | "refuse":
            return replace(found, decision=decision_of(step), why="")
        case "issue":
            return replace(found, credential=body["credential"], index=body["index"])
        case "surveil":
            due = date.fromisoformat(body["due"]) if body["due"] else None
            made = Surveillance(due, body["outcome"] == "pass", body["text"], step.actor, step.at)
            return replace(found, surveillance=(*found.surveillance, made))
        case "suspend" | "reinstate" | "withdraw":
            state = CERTIFICATE_ACTS[step.act].after or ""
            by = step.actor if step.act == "suspend" else ""
            return replace(found, turns=(*found.turns, (state, step.at, body["reason"])), suspended_by=by)
        case "renew":
            return replace(found, renewed_by=body["by"])
        case "declare":
            return replace(found, interests=(*found.interests, Interest(step.actor, body["enterprise"], body["text"], step.at)))
        case _:
            return found


def subject_of(body: Mapping[str, Any]) -> Subject:
    return Subject(body["enterprise"], Title(body["zh"], body["en"]), body["standard"], body["edition"], tuple(body["models"]), body["library"],
                   body["scheme"], body["scheme_hash"], Title(body["scheme_zh"], body["scheme_en"]), body["evaluation"], body["illustrative"],
                   body["renews"])  # fmt: skip


def decision_of(step: Step) -> Decision:
    body = step.body
    if step.act == "refuse":
        return Decision(False, body["reason"], None, None, (), step.actor, step.at, {})
    days = tuple(date.fromisoformat(each) for each in body["surveillance"])
    return Decision(True, body["reason"], date.fromisoformat(body["valid_from"]), date.fromisoformat(body["valid_until"]), days, step.actor, step.at,
                    body["cites"])  # fmt: skip
