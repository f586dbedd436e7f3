"""Acting: the steps of a cycle, taken in the store: let in, checked, added and logged in one transaction, one at a time for a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.process.compared import handed_in
from guiju.frontrunner.process.cycle import Cycle, Field, changed
from guiju.frontrunner.process.cycle_checks import refuse_unsound
from guiju.frontrunner.process.interests import acting_for_enterprise, bound
from guiju.frontrunner.process.papers import Paper, laid_down, with_papers
from guiju.frontrunner.process.states import CYCLE, CYCLE_ACTS, CYCLE_STATES
from guiju.standard.model import Title
from guiju.store.access import first_organisation
from guiju.store.acts import Act, Body, Course, Make, Sides, begin_within, take_step
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.processes import Process, Step, processes_in

HIDDEN = ("proposed", "declined", "abandoned")
"""In these only those concerned see a cycle; from the moment a field is fixed, everybody."""


def may_see(cycle: Cycle, who: Somebody) -> bool:
    """Everybody from the moment the field is fixed; before, and where it came to nothing, whoever runs or proposed it."""
    own = {organisation for organisation, roles in who.organisations.items() if roles}
    return cycle.state not in HIDDEN or bool(own & {cycle.runner, cycle.proposer})


def _sides(connection: Connection, cycle: Cycle, wanted: Act) -> Sides:
    match wanted.side:
        case "runner":
            return (cycle.runner,)
        case "evaluator":
            return (cycle.chosen.organisation,) if cycle.chosen else ()
        case "enterprise":
            return tuple(bound(connection, {each.enterprise for each in cycle.entries}).values())
        case "public":
            return ()
        case _:
            return None


LONG = frozenset(("apply", "take-back", "review", "compare", "declare"))
ANNUAL = Course(CYCLE, CYCLE_ACTS, CYCLE_STATES, Cycle, changed, may_see, _sides, refuse_unsound, LONG)


def cycle_for(store: Store, who: Somebody, id_: str) -> tuple[Cycle, list[Step]]:
    """A cycle that may be seen, and its steps.

    raises   Refused: unknown-process, also for one that may not be seen
    """
    return ANNUAL.for_one(store, who, id_)


def cycles_for(store: Store, who: Somebody) -> list[tuple[Process, Cycle]]:
    """Every cycle that may be seen, the newest first, without its applications, comparison and interests."""
    return ANNUAL.for_all(store, who)


def possible(connection: Connection, cycle: Cycle, who: Somebody, now: datetime) -> list[Act]:
    """The acts that somebody may do now, by state, side and role; what is done then may still not hold."""
    too_early = cycle.until is None or now < cycle.until
    return ANNUAL.possible(cycle, who, partial(_sides, connection, cycle), ("publish",) if too_early else ("object",))


def propose(store: Store, who: Somebody, field: Field, reason: str, organisation: str | None = None) -> Cycle:
    """Proposes a field for a year, by a scheme as it is now: a new cycle, run by the organisation that runs the workbench.

    raises   Refused: not-allowed-there, process-unsaid, frontrunner-cycle-there
    """
    body = {"scheme": field.scheme, "scheme_hash": field.scheme_hash, "zh": field.title.zh, "en": field.title.en, "year": field.year,
            "standard": field.standard, "edition": field.edition, "content_hash": field.content_hash, "illustrative": field.illustrative,
            "reason": reason}  # fmt: skip
    runner, title = first_organisation(store), title_of(field)
    with store.writing(alone=True) as connection:
        living = [each.title for each in processes_in(connection, CYCLE, organisations=[runner]) if each.state not in ("declined", "abandoned")]
        if title in living:
            raise Refused([Diagnostic("frontrunner-cycle-there", None, {"field": title})])
        return begin_within(store, connection, ANNUAL, who, runner, title, "propose", body, organisation)


def title_of(field: Field) -> str:
    return f"{field.scheme} {field.year}"


def act(store: Store, who: Somebody, id_: str, name: str, body: Body | Make[Cycle], organisation: str | None = None) -> Cycle:
    """Takes a step; gives the cycle after it.

    organisation   that somebody acts for, where it is not told by the act itself
    raises         Refused: unknown-process, not-allowed-there, process-not-now, process-other-side, and what does not hold
    """
    return take_step(store, ANNUAL, who, id_, name, body, organisation)


def compare(store: Store, who: Somebody, id_: str, result: str) -> Cycle:
    """Hands in the comparison: a board result of the store, of the very scheme and standard the field was proposed with.

    raises   Refused: unknown-result, frontrunner-no-board, frontrunner-result-other, frontrunner-conflict
    """
    found = handed_in(store, result)
    return act(store, who, id_, "compare", {"result": result, "hashes": dict(found.hashes), "enterprises": list(found.enterprises),
                                           "entries": list(found.entries)})  # fmt: skip


def shortlist(store: Store, who: Somebody, id_: str, titles: Mapping[str, Title]) -> Cycle:
    """Shortlists those whom the comparison does, under numbers of their own.

    titles   code → what the enterprise is called, where that is known
    """

    def body(_: Connection, cycle: Cycle) -> Body:
        assert cycle.comparison is not None, "compared"
        named = ((each, titles.get(each["enterprise"], Title(each["enterprise"], each["enterprise"]))) for each in cycle.comparison.entries)
        return {"entries": [{**each, "number": number, "zh": title.zh, "en": title.en} for number, (each, title) in enumerate(named, 1)]}

    return act(store, who, id_, "shortlist", body)


def undertake(
    store: Store, who: Somebody, id_: str, entry: int, text: str, documents: Mapping[str, str], papers: Sequence[Paper] = ()
) -> Cycle:  # fmt: skip
    """An enterprise undertakes what its standard says, and names what it showed for it.

    documents   name → sha256 of what is shown elsewhere
    papers      what is shown here, and kept
    raises      Refused: frontrunner-enterprise-unbound, not-allowed-there, frontrunner-entry, frontrunner-documents
    """
    cycle, _ = cycle_for(store, who, id_)
    found = cycle.entry(entry)
    if found is None:
        raise Refused([Diagnostic("frontrunner-entry", None, {"number": str(entry)})])
    with store.reading() as connection:
        whose = acting_for_enterprise(connection, who, found.enterprise, CYCLE_ACTS["undertake"].roles)
    kept = laid_down(store, papers)

    def body(connection: Connection, _: Cycle) -> Body:
        return {"entry": entry, "text": text, **with_papers(connection, store, papers, kept, documents)}

    return act(store, who, id_, "undertake", body, whose)


class Declared(Protocol):
    """A declared standard as a library of today has it."""

    @property
    def status(self) -> str: ...


def flag(store: Store, who: Somebody, id_: str, library: str, standards: Mapping[tuple[str, str], Declared]) -> Cycle:
    """Flags every entry on the list whose standard was revised, withdrawn, or is no longer declared, by a library as it is now.

    library     its hash
    standards   (number, edition) → as declared
    raises      Refused: frontrunner-nothing-changed
    """

    def body(_: Connection, cycle: Cycle) -> Body:
        return {"library": library, "entries": changed_standards(cycle, standards)}

    return act(store, who, id_, "flag", body)


def changed_standards(cycle: Cycle, standards: Mapping[tuple[str, str], Declared]) -> dict[str, str]:
    """Number of the entry → what became of its standard: superseded, withdrawn or undeclared."""
    found = {}
    for each in cycle.listed:
        declared = standards.get((each.standard, each.edition))
        status = "undeclared" if declared is None else declared.status
        if status not in ("current", each.flagged):
            found[str(each.number)] = status
    return found


def re_evaluate(store: Store, who: Somebody, id_: str, entry: int, result: str) -> Cycle:
    """What a newer board result says of an entry whose standard changed: whether it would still be shortlisted.

    raises   Refused: unknown-result, frontrunner-no-board, frontrunner-result-other, frontrunner-not-flagged, frontrunner-entry
    """
    handed = handed_in(store, result)

    def body(_: Connection, cycle: Cycle) -> Body:
        found = cycle.entry(entry)
        held: Any = handed.entry(found.enterprise, found.standard) if found else None
        edition = held["edition"] if held else (found.edition if found else "")
        return {
            "entry": entry,
            "result": result,
            "hashes": dict(handed.hashes),
            "shortlisted": held is not None,
            "edition": edition,
        }

    return act(store, who, id_, "re-evaluate", body)
