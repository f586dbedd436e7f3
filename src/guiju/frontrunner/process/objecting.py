"""Objecting without an account: anybody may, as long as a publicity runs. Their name and how to reach them lie under seal, for whoever runs the cycle
and has no interest in whom it is about; what became of it they follow by a receipt, of which the store has only the hash.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.library.lookalike import is_unseen
from guiju.frontrunner.process.acting import ANNUAL, cycle_for
from guiju.frontrunner.process.cycle import Cycle, Objection
from guiju.frontrunner.process.interests import conflicts
from guiju.frontrunner.process.states import CYCLE
from guiju.standard.model import Title
from guiju.store.acts import Course, not_now, step_within
from guiju.store.belonging import Somebody
from guiju.store.canonical import digest
from guiju.store.database import Store
from guiju.store.processes import looking, seal, take_process, unsealed

RECEIPT = re.compile(r"[A-Za-z0-9_-]{32}")
NAME_MAX, CONTACT_MAX, GROUND_MAX = 60, 120, 2_000
READS = ("operator", "verifier", "regulator")
"""Roles at whoever runs a cycle that may see who objected."""
LOOKING = Title("查看异议人", "seeing who objected")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says who objects.

    receipt   as the form gave it: the same form sent twice is one objection
    trap      a field that people do not see, and programs fill
    """

    entry: int
    ground: str
    name: str
    contact: str
    receipt: str
    trap: str = ""


def new_receipt() -> str:
    """192 random bits: nobody guesses it."""
    return secrets.token_urlsafe(24)


def _hash(receipt: str) -> str:
    return digest(receipt.encode())


def refuse_unfit(said: Said) -> None:
    """
    raises   Refused: process-unsaid, process-too-long, frontrunner-objection-sign, -trap, frontrunner-receipt-form, with every reason
    """
    problems = Problems()
    for what, text, most in (("name", said.name, NAME_MAX), ("contact", said.contact, CONTACT_MAX), ("ground", said.ground, GROUND_MAX)):
        if not text.strip():
            problems.add("process-unsaid", None, what=what)
        if len(text) > most:
            problems.add("process-too-long", None, what=what, most=most)
        if any(is_unseen(each) and each not in ("\n", "\r", "\t") for each in text):
            problems.add("frontrunner-objection-sign", None, what=what)
    if said.trap:
        problems.add("frontrunner-objection-trap", None)
    if not RECEIPT.fullmatch(said.receipt):
        problems.add("frontrunner-receipt-form", None)
    problems.refuse_errors()


class Open(Course[Cycle]):
    """A course that anybody may take a step of; whoever runs the cycle takes it in."""

    def admitted(self, connection: Connection, found: Cycle, name: str, who: Somebody, organisation: str | None = None) -> str:
        problems = Problems()
        not_now(self.acts, self.states, found.state, name, problems)
        problems.refuse_errors()
        return found.runner


OPENLY = Open(**{each.name: getattr(ANNUAL, each.name) for each in fields(ANNUAL)})


def raise_objection(store: Store, who: Somebody, id_: str, said: Said) -> Objection:
    """Takes an objection in; gives it, or the one that the same receipt was given for before.

    raises   Refused: what `refuse_unfit` finds, unknown-process, process-not-now, frontrunner-entry, -publicity-over, -objections-many
    """
    refuse_unfit(said)
    cycle_for(store, who, id_)
    receipt = _hash(said.receipt)
    with store.writing() as connection:
        held, steps = take_process(connection, CYCLE, id_)
        before = ANNUAL.told(held, steps)
        again = _by_receipt(before, receipt)
        if again is not None:
            return again
        content = {"name": said.name.strip(), "contact": said.contact.strip(), "salt": secrets.token_hex(16)}
        whom = seal(connection, held, _sealed(len(before.objections) + 1), content, store.clock(connection), who.id)
        body = {"entry": said.entry, "ground": said.ground.strip(), "receipt": receipt, "whom": whom}
        return step_within(store, connection, OPENLY, who, id_, "object-public", body).objections[-1]


def _sealed(number: int) -> str:
    return f"objector {number}"


def _by_receipt(cycle: Cycle, receipt: str) -> Objection | None:
    return next((each for each in cycle.objections if each.receipt == receipt), None)


def followed(store: Store, who: Somebody, id_: str, receipt: str) -> Objection:
    """The objection of a receipt.

    raises   Refused: unknown-process, frontrunner-receipt
    """
    cycle, _ = cycle_for(store, who, id_)
    found = _by_receipt(cycle, _hash(receipt.strip()))
    if found is None:
        raise Refused([Diagnostic("frontrunner-receipt", None, {})])
    return found


def objector(store: Store, who: Somebody, id_: str, number: int) -> Mapping[str, Any]:
    """Who raised an objection without an account: name and contact. That somebody looked stands in the audit log.

    raises   Refused: unknown-process, not-allowed-there, frontrunner-objection, frontrunner-conflict: not for those of the enterprise it is about
    """
    cycle, _ = cycle_for(store, who, id_)
    who.acting_for(cycle.runner, READS)
    found, problems = cycle.objection(number), Problems()
    entry = cycle.entry(found.entry) if found is not None and found.receipt else None
    if entry is None:
        raise Refused([Diagnostic("frontrunner-objection", None, {"number": str(number)})])
    with looking(store, id_, who.id, f"{CYCLE}.objector-seen") as connection:
        for code, why in conflicts(connection, who.id, (entry.enterprise,), cycle.interests).items():
            problems.add("frontrunner-conflict", None, act_zh=LOOKING.zh, act_en=LOOKING.en, enterprise=code, why_zh=why.zh, why_en=why.en)
        problems.refuse_errors()
        return {name: text for name, text in unsealed(connection, id_, _sealed(number)).items() if name != "salt"}
