"""Public: what everybody may read of the process: published lists, certificates and what became of them, and the bits of the status lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.board.kept import KIND, board_results
from guiju.frontrunner.board.listing import scheme_id
from guiju.frontrunner.process.acting import ANNUAL
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.certifying import CERTIFYING
from guiju.frontrunner.process.cycle import Cycle, Entry, Field, shown_entries
from guiju.frontrunner.process.states import CERTIFICATE, CYCLE, ISSUED, LISTED
from guiju.store.belonging import Somebody, result_for, seen_by
from guiju.store.database import Store
from guiju.store.processes import process_of, said_in
from guiju.store.results import Result, result_of

BATCH = 100
"""Results looked through at a time for those of a scheme."""


@dataclass(frozen=True, slots=True)
class Published:
    """A list of front-runners as it stands now.

    id        of its cycle
    board     the result it rests on
    hashes    what it rests on: scheme, standard, library, snapshots, board, engine
    entries   on the list and suspended; by enterprise code, which says nothing of who is better
    removed   those that were on it
    """

    id: str
    field: Field
    published_at: datetime
    board: str
    hashes: Mapping[str, Any]
    entries: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    illustrative: bool


def lists(store: Store) -> list[Published]:
    """Every published list, the newest first."""
    with store.reading() as connection:
        return [each for _, cycle in ANNUAL.told_in(connection, LISTED) if (each := published_of(cycle)) is not None]


def published_of(cycle: Cycle) -> Published | None:
    """The list of a cycle; None where none was published."""
    if cycle.state not in LISTED or cycle.field is None or cycle.published_at is None or cycle.comparison is None:
        return None
    removed = tuple(each for each in shown_entries(cycle.entries) if each.standing == "removed")
    return Published(cycle.id, cycle.field, cycle.published_at, cycle.comparison.result, cycle.comparison.hashes,
                     tuple(shown_entries(cycle.listed)), removed, cycle.is_illustrative)  # fmt: skip


def published_boards(store: Store) -> frozenset[str]:
    """The results that published lists rest on: everybody may read their boards."""
    with store.reading() as connection:
        return frozenset(dict(said_in(connection, CYCLE, "compare", "result", LISTED)).values())


def board_for(store: Store, user: Somebody, id_: str) -> Result:
    """A board run that somebody may read: of their organisation, or of a published list.

    raises   Refused: unknown-result
    """
    held = result_of(store, id_) if id_ in published_boards(store) else result_for(store, user, id_)
    if held.kind != KIND:
        raise Refused([Diagnostic("unknown-result", None, {"name": id_})])
    return held


def boards_for(store: Store, user: Somebody, *, scheme: str = "", before: str = "", limit: int = 50) -> list[Result]:
    """The board runs that somebody may read, the newest first; a page before an identifier.

    scheme   its id; empty: any
    """
    public = (result_of(store, id_) for id_ in sorted(published_boards(store), reverse=True) if not before or id_ < before)
    found = {each.id: each for each in islice((each for each in public if not scheme or scheme_id(each) == scheme), limit)}
    own, last, batch = 0, before, max(limit, BATCH)
    while own < limit and (read := board_results(store, seen_by(user), before=last, limit=batch)):
        fits = [each for each in read if not scheme or scheme_id(each) == scheme]
        found |= {each.id: each for each in fits}
        own, last = own + len(fits), read[-1].id
        if len(read) < batch:
            break
    return sorted(found.values(), key=lambda each: each.id, reverse=True)[:limit]


def run_before(store: Store, user: Somebody, held: Result) -> Result:
    """The run of the same scheme before another that somebody may read.

    raises   Refused: board-first-run
    """
    found = boards_for(store, user, scheme=scheme_id(held), before=held.id, limit=1)
    if not found:
        raise Refused([Diagnostic("board-first-run", None, {})])
    return found[0]


def citing(store: Store) -> dict[str, list[Published]]:
    """Result of boards → the published lists that rest on it."""
    found: dict[str, list[Published]] = {}
    for each in lists(store):
        found.setdefault(each.board, []).append(each)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """state   that it was in from then on: valid, suspended, withdrawn, expired"""

    state: str
    at: date
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate as everybody may see it.

    state        today: valid, suspended, withdrawn, expired
    claims       what it says, as in its credential
    credential   signed, as issued
    index        in the status lists of its issuer
    history      from the day it was issued
    """

    id: str
    state: str
    enterprise: str
    standard: str
    edition: str
    models: tuple[str, ...]
    scheme: str
    level: int | None
    valid_from: date
    valid_until: date
    illustrative: bool
    claims: Mapping[str, Any]
    credential: Mapping[str, Any]
    index: int
    history: tuple[Change, ...]
    renewed_by: str


def certificates(
    store: Store, *, enterprise: str = "", scheme: str = "", standard: str = "", model: str = "", level: int | None = None, state: str = "",
    on: date | None = None, before: str = "", limit: int | None = None,
) -> list[Shown]:  # fmt: skip
    """Every certificate that was ever issued, the newest first.

    enterprise, scheme, standard, model   exactly; empty: any
    level    at least as good as this (1 is the best)
    state    on that day; empty: any
    on       default: today, by the clock of the store
    before   a page before an identifier
    """
    found: list[Shown] = []
    for each in _issued(store, on, before):
        wanted = ((enterprise, each.enterprise), (scheme, each.scheme), (standard, each.standard), (state, each.state))
        fits = all(not asked or asked == is_ for asked, is_ in wanted) and (not model or model in each.models)
        if fits and (level is None or (each.level is not None and each.level <= level)):
            found.append(each)
        if limit is not None and len(found) >= limit:
            break
    return found


def _issued(store: Store, on: date | None, before: str) -> Iterator[Shown]:
    with store.reading() as connection:
        day = on or store.clock(connection).date()
        for _, each in CERTIFYING.told_in(connection, ISSUED, before):
            yield shown(each, day)


def certificate_of(store: Store, id_: str, on: date | None = None) -> Shown:
    """A certificate that was issued.

    raises   Refused: unknown-certificate, also for what was never issued
    """
    try:
        found = CERTIFYING.told(*process_of(store, CERTIFICATE, id_))
    except Refused:
        raise Refused([Diagnostic("unknown-certificate", None, {"name": id_})]) from None
    if found.state not in ISSUED:
        raise Refused([Diagnostic("unknown-certificate", None, {"name": id_})])
    with store.reading() as connection:
        return shown(found, on or store.clock(connection).date())


def shown(found: Certificate, on: date) -> Shown:
    """A certificate that was issued, as it is on a day."""
    subject, decision, credential = found.subject, found.decision, found.credential
    assert subject is not None and decision is not None and credential is not None and found.index is not None, "issued"
    assert decision.valid_from is not None and decision.valid_until is not None, "granted"
    history = tuple(Change(state, at.date(), why) for state, at, why in found.changes)
    state = found.state_on(on)
    if state == "expired":
        history = (*history, Change("expired", decision.valid_until, ""))
    level = found.evaluated.found["level"] if found.evaluated else None
    return Shown(found.id, state, subject.enterprise, subject.standard, subject.edition, subject.models, subject.scheme, level,
                 decision.valid_from, decision.valid_until, subject.illustrative or bool(found.evidence.get("illustrative")),
                 credential["credentialSubject"], credential, found.index, history, found.renewed_by)  # fmt: skip


Statuses = Mapping[int, Mapping[str, list[int]]]
"""Number of a status list → purpose → the indexes that are set. Every list there is has its line, also one with nothing set."""


def statuses(store: Store) -> Statuses:
    """What the status lists of the issuer say. Told from the steps, so that they can never say anything else.

    revocation   withdrawn for good; suspension: until further notice
    """
    with store.reading() as connection:
        return statuses_in(connection)


def lists_in(connection: Connection) -> dict[str, int]:
    """Certificate → number of its status lists; those issued before there were several do not say it, and are in the first."""
    return {id_: int(number) for id_, number in said_in(connection, CERTIFICATE, "issue", "list") if number.isdecimal()}


def statuses_in(connection: Connection) -> Statuses:
    numbers, states = lists_in(connection), {"revocation": "withdrawn", "suspension": "suspended"}
    found: dict[int, dict[str, list[int]]] = {number: {purpose: [] for purpose in states} for number in sorted({1, *numbers.values()})}
    for purpose, state in states.items():
        for id_, index in said_in(connection, CERTIFICATE, "issue", "index", (state,)):
            found[numbers.get(id_, 1)][purpose].append(int(index))
    return {number: {purpose: sorted(indexes) for purpose, indexes in each.items()} for number, each in found.items()}
