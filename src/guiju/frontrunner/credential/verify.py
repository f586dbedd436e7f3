"""Verifying a certificate offline: with the issuer's DID document and its status lists at hand, at a given moment; every reason against it at once.

A certificate is good at a moment where the proof is its issuer's, the key may sign, it is within its period, and status lists that are good at that
same moment say that it is neither suspended nor withdrawn. How old a list may be is what its own period says: an older one is no list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.credential import did as dids
from guiju.frontrunner.credential import strict
from guiju.frontrunner.credential.certificate import context_digest
from guiju.frontrunner.credential.fields import is_earlier, wrong_fields
from guiju.frontrunner.credential.issuer import CONTEXT_PATH, EARLIER_CONTEXT_PATH
from guiju.frontrunner.credential.proof import holds, time_of, wrong_options
from guiju.frontrunner.credential.status import CONTEXT as LIST_CONTEXT
from guiju.frontrunner.credential.status import StatusList, purpose_of

Documents = Callable[[str], Mapping[str, Any] | bytes | None]
"""What is at hand under a name: the DID document of a DID, the status list of an address; None where there is none."""
CERTIFICATE = ("证书", "certificate")
LIST = ("状态表", "status list")
DOCUMENT = ("DID 文档", "DID document")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a good certificate shows.

    plain     the credential
    method    the key it is signed with
    signed    when, as the signer said
    lists     address of each status list → until when it is good
    """

    plain: Mapping[str, Any]
    issuer: str
    method: str
    signed: datetime
    lists: Mapping[str, datetime]

    @property
    def claims(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.plain["credentialSubject"]
        return found


def verify(credential: bytes | Mapping[str, Any], resolve: Documents, status_of: Documents, at: datetime) -> Shown:
    """What a certificate shows at a moment.

    resolve     DID → its document
    status_of   address → the status list credential
    at          a moment with a zone
    raises      Refused with every reason: credential-…
    """
    plain = strict.read(credential, CERTIFICATE)
    problems = Problems()
    problems.extend(wrong_fields(plain))
    problems.extend(_context(plain))
    problems.extend(signed_wrong(plain, resolve, at, CERTIFICATE))
    lists = _statuses(plain, resolve, status_of, at, problems)
    problems.refuse_errors()
    created = time_of(plain["proof"]["created"])
    assert created is not None  # wrong_options has seen to it
    return Shown(plain, plain["issuer"], plain["proof"]["verificationMethod"], created, lists)


def signed_wrong(plain: Mapping[str, Any], resolve: Documents, at: datetime, what: tuple[str, str]) -> list[Diagnostic]:
    """What is wrong with the issuer, the proof, the key and the period of a credential; all of it."""
    called = {"what_zh": what[0], "what_en": what[1]}
    options = wrong_options(plain)
    found = [Diagnostic(code, None, {**called, "field": field}) for code, field in options]
    found += _period(plain, at, called)
    issuer = plain.get("issuer")
    if (odd := dids.deceptive(issuer)) is not None:
        found.append(Diagnostic("credential-deceptive", None, {**called, "did": str(issuer), "odd": odd}))
    if not isinstance(issuer, str) or dids.base_of(issuer) is None:
        return [*found, Diagnostic("credential-issuer", None, {"did": str(issuer)})]
    given = resolve(issuer)
    if given is None:
        return [*found, Diagnostic("credential-no-document", None, {**called, "did": issuer})]
    proof = plain.get("proof")
    name = proof.get("verificationMethod") if isinstance(proof, Mapping) else None
    if not isinstance(name, str):
        return found
    try:
        document = strict.read(given, DOCUMENT)
    except Refused as refused:
        return [*found, *refused.diagnostics]
    method, reasons = dids.method_of(document, issuer, name)
    found += [Diagnostic(one.code, None, {**called, **one.facts}) for one in reasons]
    if method is None:
        return found
    assert isinstance(proof, Mapping)
    found += _key(method, time_of(proof.get("created")), at, called)
    if not options and not holds(plain, method.public):
        found.append(Diagnostic("credential-false", None, called))
    return found


def issued_wrong(plain: Mapping[str, Any], resolve: Documents) -> list[Diagnostic]:
    """What is wrong with a certificate as it was issued, whatever became of it since; all of it."""
    proof = plain.get("proof")
    moments = (time_of(plain.get("validFrom")), time_of(proof.get("created")) if isinstance(proof, Mapping) else None)
    at = max((moment for moment in moments if moment is not None), default=datetime.min.replace(tzinfo=UTC))
    return [*wrong_fields(plain), *_context(plain), *signed_wrong(plain, resolve, at, CERTIFICATE)]


def list_wrong(plain: Mapping[str, Any], resolve: Documents, at: datetime) -> list[Diagnostic]:
    """What is wrong with a status list as such, at a moment; all of it."""
    kind, subject, address = plain.get("type"), plain.get("credentialSubject"), plain.get("id")
    found = signed_wrong(plain, resolve, at, (f"{LIST[0]} {address} ", f"{LIST[1]} {address}"))
    right = (
        isinstance(kind, list)
        and "BitstringStatusListCredential" in kind
        and isinstance(address, str)
        and plain.get("@context") == LIST_CONTEXT
        and isinstance(subject, Mapping)
        and subject.get("type") == "BitstringStatusList"
        and StatusList.decoded(subject.get("encodedList")) is not None
        and None not in (time_of(plain.get("validFrom")), time_of(plain.get("validUntil")))
    )
    return found if right else [*found, Diagnostic("credential-list-form", None, {"list": str(address)})]


def _key(method: dids.Method, created: datetime | None, at: datetime, called: Mapping[str, str]) -> list[Diagnostic]:
    found, facts = [], {**called, "method": method.id}
    if method.revoked is not None:
        found.append(Diagnostic("credential-key-revoked", None, {**facts, "date": method.revoked.isoformat()}))
    if created is not None and method.expires is not None and created >= method.expires:
        found.append(Diagnostic("credential-key-retired", None, {**facts, "date": method.expires.isoformat()}))
    if created is not None and created > at:
        found.append(Diagnostic("credential-signed-later", None, {**facts, "date": created.isoformat(), "at": at.isoformat()}))
    return found


def _period(plain: Mapping[str, Any], at: datetime, called: Mapping[str, str]) -> list[Diagnostic]:
    first, last = (time_of(plain.get(name)) for name in ("validFrom", "validUntil"))
    found = []
    if first is not None and at < first:
        found.append(Diagnostic("credential-early", None, {**called, "date": first.isoformat(), "at": at.isoformat()}))
    if last is not None and at > last:
        found.append(Diagnostic("credential-late", None, {**called, "date": last.isoformat(), "at": at.isoformat()}))
    return found


def _context(plain: Mapping[str, Any]) -> list[Diagnostic]:
    """The terms must be those of this kind of certificate, from the issuer's own host."""
    contexts, related = plain.get("@context"), plain.get("relatedResource")
    base = dids.base_of(plain["issuer"]) if isinstance(plain.get("issuer"), str) else None
    path = EARLIER_CONTEXT_PATH if is_earlier(plain) else CONTEXT_PATH
    wanted = f"{base}{path}"
    right = isinstance(contexts, list) and contexts[1:] == [wanted] and related == [{"id": wanted, "digestSRI": context_digest(path)}]
    return [] if right else [Diagnostic("credential-context", None, {"wanted": wanted})]


def _statuses(plain: Mapping[str, Any], resolve: Documents, status_of: Documents, at: datetime, problems: Problems) -> dict[str, datetime]:
    entries = plain.get("credentialStatus")
    lists = {}
    for entry in entries if isinstance(entries, list) else []:
        address = entry.get("statusListCredential") if isinstance(entry, Mapping) else None
        if isinstance(address, str):
            until = _status(entry, address, plain.get("issuer"), (resolve, status_of, at), problems)
            lists.update({} if until is None else {address: until})
    return lists


def _status(
    entry: Mapping[str, Any], address: str, issuer: Any, at_hand: tuple[Documents, Documents, datetime], problems: Problems
) -> datetime | None:
    """Until when the list of an entry is good; what it says against the certificate goes to the problems."""
    resolve, status_of, at = at_hand
    facts = {"list": address}
    given = status_of(address)
    if given is None:
        problems.add("credential-no-list", None, **facts)
        return None
    try:
        plain = strict.read(given, LIST)
    except Refused as refused:
        problems.extend(refused.diagnostics)
        return None
    problems.extend(list_wrong(plain, resolve, at))
    if plain.get("id") != address:
        problems.add("credential-list-form", None, **facts)
    if plain.get("issuer") != issuer:
        problems.add("credential-list-issuer", None, **facts, found=plain.get("issuer"), wanted=issuer)
    subject, purpose = plain.get("credentialSubject"), purpose_of(entry)
    subject = subject if isinstance(subject, Mapping) else {}
    if subject.get("statusPurpose") != entry.get("statusPurpose") or purpose is None:
        problems.add("credential-list-purpose", None, **facts, purpose=entry.get("statusPurpose"))
    bits, written = StatusList.decoded(subject.get("encodedList")), entry.get("statusListIndex")
    if bits is None:
        return None
    index = int(written) if isinstance(written, str) and written.isascii() and written.isdigit() and len(written) < 10 else -1
    if not 0 <= index < len(bits):
        problems.add("credential-list-index", None, **facts, index=written, size=len(bits))
    elif bits.get(index):
        problems.add("credential-withdrawn" if purpose == "revocation" else "credential-suspended", None, **facts)
    return time_of(plain.get("validUntil"))
