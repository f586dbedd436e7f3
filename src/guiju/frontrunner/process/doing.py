"""Doing: an act by its name and what is said with it, as every face gives it. What an act needs besides, its tools bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.credential.office import VARIABLE, offices
from guiju.frontrunner.library.kept import library_of, revisions
from guiju.frontrunner.process import acting, certifying, issuing
from guiju.frontrunner.process.bodies import CERTIFICATE_SAYS, CYCLE_SAYS, documents_of, evidence_rows, numbers_of, said, yes
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.certifying import Library, Wanted
from guiju.frontrunner.process.cycle import Cycle
from guiju.frontrunner.process.faces import field_of, opened_scheme, scheme_of
from guiju.frontrunner.process.issuing import Signing
from guiju.frontrunner.process.naming import enterprises_named
from guiju.frontrunner.process.papers import Brought, papers_of
from guiju.standard.shelf import Shelf
from guiju.store.belonging import Somebody
from guiju.store.database import Store


@dataclass(frozen=True)
class Tools:
    """shelf     where schemes and their standards are
    library     name → the newest revision of that library, and its number
    signing     moment → who signs then; refuses where nobody does
    """

    shelf: Shelf
    library: Callable[[str], tuple[Library, int]]
    signing: Callable[[datetime], Signing]


def propose(store: Store, who: Somebody, tools: Tools, scheme: str, reason: str) -> Cycle:
    """Proposes the field of a scheme for the year the scheme is of."""
    return acting.propose(store, who, field_of(opened_scheme(tools.shelf, scheme)), reason)


def step_cycle(
    store: Store, who: Somebody, tools: Tools, id_: str, name: str, given: Mapping[str, str], files: Sequence[Brought] = ()
) -> Cycle:  # fmt: skip
    """Takes a step of a cycle.

    files    sent with it
    raises   Refused: what `said` and the act find
    """
    body = said(CYCLE_SAYS, name, given)
    match name:
        case "compare":
            return acting.compare(store, who, id_, body["result"])
        case "shortlist":
            return acting.shortlist(store, who, id_, enterprises_named(store, id_))
        case "undertake":
            documents = documents_of(body["documents"])
            return acting.undertake(store, who, id_, body["entry"], body["text"], documents, papers_of(files, documents))
        case "flag":
            library, _ = tools.library(body["library"])
            return acting.flag(store, who, id_, library.hash, library.standards)
        case "set-aside" | "confirm-aside":
            return acting.act(store, who, id_, name, {**body, "objections": numbers_of(body["objections"], "objections")})
        case "re-evaluate":
            return acting.re_evaluate(store, who, id_, body["entry"], body["result"])
        case _:
            return acting.act(store, who, id_, name, body)


@dataclass(frozen=True, slots=True)
class Application:
    """What an enterprise asks to be certified, in words. models: one to a line; none: all that the library has of the standard"""

    scheme: str
    enterprise: str
    standard: str
    edition: str
    models: tuple[str, ...]
    library: str
    undertaking: str


def apply(store: Store, who: Somebody, tools: Tools, asked: Application) -> Certificate:
    """
    raises   Refused: scheme-unknown, library-unknown, what the library has against it, frontrunner-enterprise-unbound, not-allowed-there
    """
    return certifying.apply(store, who, application(tools, asked))


def application(tools: Tools, asked: Application, renews: str = "") -> Mapping[str, object]:
    """The body of an application, checked against the library."""
    library, revision = tools.library(asked.library)
    opened = opened_scheme(tools.shelf, asked.scheme)
    models = asked.models or certifying.models_of(library, asked.enterprise, asked.standard, asked.edition)
    wanted = Wanted(asked.enterprise, asked.standard, asked.edition, models, asked.undertaking, {"name": asked.library, "revision": revision})
    return certifying.application_body(wanted, scheme_of(opened), opened.program, library, renews)


def step_certificate(
    store: Store, who: Somebody, tools: Tools, id_: str, name: str, given: Mapping[str, str], files: Sequence[Brought] = ()
) -> Certificate:  # fmt: skip
    """Takes a step of a certificate.

    files    sent with it
    raises   Refused: what `said` and the act find
    """
    body = said(CERTIFICATE_SAYS, name, given)
    match name:
        case "evidence":
            rows, documents = evidence_rows(body["table"]), documents_of(body["documents"])
            return certifying.hand_in(store, who, id_, rows, illustrative=yes(body["illustrative"]), papers=papers_of(files, documents),
                                      documents=documents)  # fmt: skip
        case "evaluate":
            found, _ = certifying.certificate_for(store, who, id_)
            assert found.subject is not None, "applied for"
            opened = opened_scheme(tools.shelf, found.subject.scheme)
            return certifying.evaluate(store, who, id_, scheme_of(opened), opened.program, tools.shelf.dictionary, rule=body["rule"] or "guard",
                                       result=body["result"], note=body["text"])  # fmt: skip
        case "grant":
            return certifying.grant(store, who, id_, **body)
        case "surveil":
            return certifying.act(store, who, id_, name, {**body, "due": certifying.day_text(body["due"])})
        case "issue":
            with store.reading() as connection:
                now = store.clock(connection)
            return issuing.issue(store, who, id_, tools.signing(now))
        case "renew":
            found, _ = certifying.certificate_for(store, who, id_)
            subject = found.subject
            assert subject is not None, "applied for"
            again = Application(subject.scheme, subject.enterprise, subject.standard, subject.edition, subject.models,
                                body["library"] or subject.library["name"], body["undertaking"])  # fmt: skip
            return certifying.renew(store, who, id_, application(tools, again, id_))
        case _:
            return certifying.act(store, who, id_, name, body)


def signing_here(at: datetime) -> Signing:
    """Who signs on this workbench at a moment: the first issuer of the file that GUIJU_ISSUERS names.

    raises   Refused: frontrunner-no-issuer where it names none; what is wrong with the file, or with its keys at that moment
    """
    held = offices()
    if not held:
        missing = {"missing_zh": f"没有设 {VARIABLE}", "missing_en": f"{VARIABLE} is not set"}
        raise Refused([Diagnostic("frontrunner-no-issuer", None, missing)])
    return Signing(held[0].issuer, held[0].signer(at))


def tools_of(store: Store, shelf: Shelf) -> Tools:
    """The tools of a workbench: libraries as the store keeps them."""

    def newest(name: str) -> tuple[Library, int]:
        revision = max((each.revision for each in revisions(store, name)), default=None)
        return library_of(store, name, revision), revision or 0

    return Tools(shelf, newest, signing_here)
