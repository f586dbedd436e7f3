"""Papers given: a file of an undertaking or of evidence, for those who may have it; for everybody else there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.process import acting, certifying
from guiju.frontrunner.process.cycle import Cycle
from guiju.frontrunner.process.interests import bound
from guiju.frontrunner.process.papers import KINDS
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.files import proved

_ENDINGS: Mapping[str, tuple[str, ...]] = {"jpeg": (".jpg", ".jpeg"), "text": (".txt", ".csv", ".tsv", ".md", ".json", ".yaml", ".log")}
READERS: Mapping[str, frozenset[str]] = {
    "runner": frozenset({"operator", "regulator", "verifier", "evaluator"}), "evaluator": frozenset({"evaluator"}),
    "enterprise": frozenset({"enterprise"}),
}  # fmt: skip
"""Side → the roles there that may read what an enterprise shows."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file somebody may have: the name it is saved under, its media type, where it lies."""

    name: str
    media: str
    path: Path


def paper_of_cycle(store: Store, who: Somebody, id_: str, hash_: str) -> Held:
    """A file of an undertaking as it stands now, for the enterprise itself, the evaluator chosen, and who runs the cycle.

    raises   Refused: unknown-process; frontrunner-paper-unknown, also for who may not have it; what `proved` finds
    """
    cycle, _ = acting.cycle_for(store, who, id_)
    with store.reading() as connection:
        acting_for = bound(connection, {each.enterprise for each in cycle.entries})
    for entry in cycle.entries:
        may = may_read_undertaking(cycle, acting_for.get(entry.enterprise, ""), who)
        for file in entry.undertaking.files if entry.undertaking and may else ():
            if file["sha256"] == hash_:
                return _held(store, file)
    raise Refused([Diagnostic("frontrunner-paper-unknown", None, {"name": hash_[:16]})])


def paper_of_certificate(store: Store, who: Somebody, id_: str, hash_: str) -> Held:
    """A file of evidence as it stands now, for the enterprise itself and who certifies.

    raises   Refused: unknown-process; frontrunner-paper-unknown, also for who may not have it; what `proved` finds
    """
    found, _ = certifying.certificate_for(store, who, id_)
    for file in found.evidence.get("files", ()) if may_read_evidence(found.runner, found.holder, who) else ():
        if file["sha256"] == hash_:
            return _held(store, file)
    raise Refused([Diagnostic("frontrunner-paper-unknown", None, {"name": hash_[:16]})])


def may_read_undertaking(cycle: Cycle, holder: str, who: Somebody) -> bool:
    """holder: the organisation that acts for the enterprise"""
    sides = [("runner", cycle.runner), ("enterprise", holder)]
    return _may(who, [*sides, ("evaluator", cycle.chosen.organisation)] if cycle.chosen else sides)


def may_read_evidence(runner: str, holder: str, who: Somebody) -> bool:
    return _may(who, {("runner", runner), ("enterprise", holder)})


def _may(who: Somebody, sides: Iterable[tuple[str, str]]) -> bool:
    return any(READERS[side] & who.organisations.get(at, frozenset()) for side, at in sides)


def _held(store: Store, file: Mapping[str, Any]) -> Held:
    ending, media = KINDS[file["kind"]]
    name = file["name"]
    right = _ENDINGS.get(file["kind"], (ending,))
    return Held(name if name.lower().endswith(right) else f"{name}{ending}", media, proved(store, file["path"], file["sha256"]))
