"""Certifying: the steps of a certificate, taken in the store: let in, checked, added and logged in one transaction, one at a time for each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.entity import DeclaredStandard, Enterprise
from guiju.frontrunner.process.acting import ANNUAL
from guiju.frontrunner.process.certificate import Certificate, changed
from guiju.frontrunner.process.certificate_checks import LAST_YEAR, LONGEST_YEARS, refuse_unsound
from guiju.frontrunner.process.compared import compared_on, handed_in
from guiju.frontrunner.process.evaluating import ROW, Asked, evaluation_body
from guiju.frontrunner.process.interests import acting_for_enterprise
from guiju.frontrunner.process.papers import Paper, laid_down, with_papers
from guiju.frontrunner.process.states import CERTIFICATE, CERTIFICATE_ACTS, CERTIFICATE_STATES, LISTED
from guiju.ir.program import Program
from guiju.records.source import Source, identifier
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title
from guiju.store.access import first_organisation
from guiju.store.acts import Act, Body, Course, Make, Sides, begin_within, step_within, take_step
from guiju.store.belonging import Somebody
from guiju.store.canonical import canonical, digest
from guiju.store.database import Store
from guiju.store.processes import Process, Step

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Library(Protocol):
    """What an application asks of a library of declared standards."""

    @property
    def connection(self) -> DuckDBPyConnection: ...
    @property
    def products(self) -> Source: ...
    @property
    def enterprises(self) -> Mapping[str, Enterprise]: ...
    @property
    def standards(self) -> Mapping[tuple[str, str], DeclaredStandard]: ...
    @property
    def hash(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the process takes of a scheme file. asked: of its evaluation standard"""

    id: str
    hash: str
    title: Title
    asked: Asked
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an enterprise wants certified. library: name and revision it goes by in the store"""

    enterprise: str
    standard: str
    edition: str
    models: tuple[str, ...]
    undertaking: str
    library: Mapping[str, Any]


def may_see(found: Certificate, who: Somebody) -> bool:
    """Who certifies and whose it is; its course is nobody else's. What was issued, everybody sees by `public`."""
    own = {organisation for organisation, roles in who.organisations.items() if roles}
    return bool(own & {found.runner, found.holder})


def _sides(found: Certificate, wanted: Act) -> Sides:
    holder = (found.holder,) if found.number else None
    return {"runner": (found.runner,), "enterprise": holder}.get(wanted.side)


LONG = frozenset(("evidence", "evaluate", "issue", "declare"))
CERTIFYING = Course(
    CERTIFICATE, CERTIFICATE_ACTS, CERTIFICATE_STATES, Certificate, changed, may_see, lambda _, found, wanted: _sides(found, wanted), refuse_unsound,
    LONG,
)  # fmt: skip

def certificate_for(store: Store, who: Somebody, id_: str) -> tuple[Certificate, list[Step]]:
    """The process of a certificate that may be seen, and its steps.

    raises   Refused: unknown-process, also for one that may not be seen
    """
    return CERTIFYING.for_one(store, who, id_)


def certificates_for(store: Store, who: Somebody) -> list[tuple[Process, Certificate]]:
    """Every process of a certificate that may be seen, the newest first, without evidence, evaluation, credential and interests."""
    return CERTIFYING.for_all(store, who)


def possible(found: Certificate, who: Somebody, on: date) -> list[Act]:
    """The acts that somebody may do now, by state, side and role; what is done then may still not hold."""
    is_over = found.state_on(on) == "expired"
    return CERTIFYING.possible(found, who, partial(_sides, found), CERTIFICATE_ACTS.keys() - {"withdraw", "declare"} if is_over else ())


def act(store: Store, who: Somebody, id_: str, name: str, body: Body | Make[Certificate]) -> Certificate:
    """Takes a step; gives the certificate after it.

    raises   Refused: unknown-process, not-allowed-there, process-not-now, process-other-side, and what does not hold
    """
    return take_step(store, CERTIFYING, who, id_, name, body)


# applying


def application_body(wanted: Wanted, scheme: Scheme, program: Program, library: Library, renews: str = "") -> dict[str, Any]:
    """The body of an application, where the library says that the standard is declared by the enterprise and the models implement it.

    raises   Refused: frontrunner-undeclared, frontrunner-not-current, frontrunner-model-unknown, with every problem
    """
    problems = Problems()
    declared = library.standards.get((wanted.standard, wanted.edition))
    if declared is None or declared.enterprise != wanted.enterprise:
        problems.add("frontrunner-undeclared", None, enterprise=wanted.enterprise, standard=wanted.standard, edition=wanted.edition)
    elif declared.status != "current":
        problems.add("frontrunner-not-current", None, standard=wanted.standard, edition=wanted.edition, status=declared.status)
    else:
        known = models_of(library, wanted.enterprise, wanted.standard, wanted.edition)
        for model in wanted.models:
            if model not in known:
                problems.add("frontrunner-model-unknown", None, model=model, standard=wanted.standard, edition=wanted.edition)
    problems.refuse_errors()
    enterprise = library.enterprises.get(wanted.enterprise)
    title = enterprise.title if enterprise else Title(wanted.enterprise, wanted.enterprise)
    standard = program.standard
    return {
        "enterprise": wanted.enterprise, "zh": title.zh, "en": title.en, "standard": wanted.standard, "edition": wanted.edition,
        "models": list(wanted.models), "library": {**wanted.library, "hash": library.hash}, "scheme": scheme.id, "scheme_hash": scheme.hash,
        "scheme_zh": scheme.title.zh, "scheme_en": scheme.title.en,
        "evaluation": {"number": standard.number, "edition": str(standard.edition), "contentHash": program.content_hash},
        "illustrative": scheme.illustrative or bool(declared and declared.illustrative), "undertaking": wanted.undertaking, "renews": renews,
    }  # fmt: skip


def models_of(library: Library, enterprise: str, standard: str, edition: str) -> tuple[str, ...]:
    """The models that implement a declared standard, by the library."""
    query = f"SELECT DISTINCT model FROM {identifier(library.products.table)} WHERE enterprise = ? AND standard = ? AND edition = ? ORDER BY 1"
    return tuple(str(row[0]) for row in library.connection.cursor().execute(query, [enterprise, standard, edition]).fetchall())


def apply(store: Store, who: Somebody, body: Body) -> Certificate:
    """Applies: a new process, run by the organisation that runs the workbench.

    body     of `application_body`
    raises   Refused: frontrunner-enterprise-unbound, not-allowed-there, and what does not hold
    """
    with store.writing() as connection:
        return apply_within(store, connection, who, body)


def apply_within(store: Store, connection: Connection, who: Somebody, body: Body) -> Certificate:
    whose = acting_for_enterprise(connection, who, body["enterprise"], CERTIFICATE_ACTS["apply"].roles)
    runner = first_organisation(store)
    title = f"{body['standard']}-{body['edition']}"
    return begin_within(store, connection, CERTIFYING, who, runner, title, "apply", body, whose)


def renew(store: Store, who: Somebody, id_: str, body: Body) -> Certificate:
    """Applies for the certificate that is to follow this one: a new process; both know of it, or neither.

    raises   Refused: frontrunner-renewed-already, frontrunner-certificate-expired, and what applying finds
    """
    with store.writing() as connection:
        made = apply_within(store, connection, who, {**body, "renews": id_})
        step_within(store, connection, CERTIFYING, who, id_, "renew", {"by": made.id})
    return made


# evidence and evaluation


def evidence_body(rows: Sequence[Mapping[str, str]], illustrative: bool) -> dict[str, Any]:
    """The rows of a table of evidence, each with every column of `ROW`, their hash, and the secret the salts of a certificate are made of."""
    kept = [{name: str(row.get(name) or "").strip() for name in ROW} for row in rows]
    return {"rows": kept, "sha256": digest(canonical(kept)), "illustrative": illustrative, "secret": secrets.token_hex(32)}


def hand_in(
    store: Store, who: Somebody, id_: str, rows: Sequence[Mapping[str, str]], *, illustrative: bool, papers: Sequence[Paper] = (),
    documents: Mapping[str, str] | None = None,
) -> Certificate:  # fmt: skip
    """Hands in evidence, whole: what was handed in before stays in the log.

    illustrative   made up, and marked so wherever it shows
    papers         reports it is from, which are kept; documents: name → sha256 of those that are shown elsewhere
    """
    found, _ = certificate_for(store, who, id_)
    with store.reading() as connection:
        CERTIFYING.admitted(connection, found, "evidence", who)
    kept = laid_down(store, papers)

    def body(connection: Connection, _: Certificate) -> Body:
        return {**evidence_body(rows, illustrative), **with_papers(connection, store, papers, kept, documents or {})}

    return act(store, who, id_, "evidence", body)


def evaluate(store: Store, who: Somebody, id_: str, scheme: Scheme, program: Program, dictionary: Dictionary, *, rule: str, result: str = "",
             note: str = "") -> Certificate:  # fmt: skip
    """Evaluates the evidence by the evaluation standard, and cites the boards the standard was compared in.

    result   of boards, where the standard is on no published list of the scheme
    raises   Refused: frontrunner-scheme-moved, frontrunner-no-comparison, process-not-now, what the door has against a value
    """
    found, _ = certificate_for(store, who, id_)
    with store.reading() as connection:
        CERTIFYING.admitted(connection, found, "evaluate", who)
    _refuse_moved(found, scheme, program)
    body = evaluation_body(program, scheme.asked, found.evidence["rows"], rule, dictionary)
    with store.reading() as connection:
        board = _board(store, connection, found, result)
    return act(store, who, id_, "evaluate", {**body, "evidence": found.evidence["sha256"], "board": board, "text": note})


def _refuse_moved(found: Certificate, scheme: Scheme, program: Program) -> None:
    """Refuses to evaluate by another scheme or another text than was applied for."""
    assert found.subject is not None, "applied for"
    asked = (found.subject.scheme, found.subject.scheme_hash, found.subject.evaluation["contentHash"])
    if (scheme.id, scheme.hash, program.content_hash) != asked:
        raise Refused([Diagnostic("frontrunner-scheme-moved", None, {"scheme": found.subject.scheme})])


def _board(store: Store, connection: Connection, found: Certificate, result: str) -> dict[str, Any]:
    """The hashes of the boards that are cited: those of a published list the standard is on, else of the result that is named."""
    subject = found.subject
    assert subject is not None, "applied for"
    wanted = (subject.enterprise, subject.standard, subject.edition)
    for _, cycle in ANNUAL.told_in(connection, LISTED):
        entry = next((e for e in cycle.listed if (e.enterprise, e.standard, e.edition) == wanted), None)
        if entry is not None and cycle.field is not None and cycle.field.scheme == subject.scheme and cycle.comparison is not None:
            on = compared_on(store, cycle.comparison.result)
            is_on = entry.standing == "on-list"
            return {**cycle.comparison.hashes, "on": on, "result": cycle.comparison.result, "cycle": cycle.id, "front_runner": is_on}
    if not result:
        raise Refused([Diagnostic("frontrunner-no-comparison", None, {"standard": f"{subject.standard}-{subject.edition}"})])
    handed = handed_in(store, result)
    same = handed.hashes["scheme_hash"] == subject.scheme_hash and handed.hashes["standard_hash"] == subject.evaluation["contentHash"]
    if subject.enterprise not in handed.enterprises or not same:
        raise Refused([Diagnostic("frontrunner-no-comparison", None, {"standard": f"{subject.standard}-{subject.edition}"})])
    return {**handed.hashes, "result": result, "cycle": "", "front_runner": False}


# deciding


def grant(store: Store, who: Somebody, id_: str, *, reason: str, valid_from: str, valid_until: str, every_months: int = 12) -> Certificate:
    """Decides that a certificate is issued.

    valid_from, valid_until   days, the last included
    every_months              between surveillances; 0: none
    """
    valid_from, valid_until = day_text(valid_from), day_text(valid_until)
    days = surveillance_days(valid_from, valid_until, every_months)

    def body(_: Connection, found: Certificate) -> Body:
        assert found.evaluated is not None and found.subject is not None, "evaluated"
        board = found.evaluated.found["board"]
        cites = {"library": found.subject.library["hash"], "snapshots": board["snapshots"], "on": board["on"], "board": board["board"],
                 "engine": board["engine"], "evidence": found.evidence["sha256"], "cycle": board["cycle"], "front_runner": board["front_runner"],
                 "evaluation": dict(found.subject.evaluation)}  # fmt: skip
        return {"reason": reason, "valid_from": valid_from, "valid_until": valid_until, "surveillance": days, "cites": cites}

    return act(store, who, id_, "grant", body)


def day_text(text: str) -> str:
    """A day in one form; what is none stays as it is, to be refused."""
    found = parse_date(text)
    return found.isoformat() if found else text


def surveillance_days(first: str, last: str, every_months: int) -> list[str]:
    """The days on which surveillance falls due, within the validity; none where the days are not ones."""
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return []
    found = []
    months = every_months
    while every_months and months <= 12 * LONGEST_YEARS and begins.year < LAST_YEAR and (day := _later(begins, months)) < ends:
        found.append(day.isoformat())
        months += every_months
    return found


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


