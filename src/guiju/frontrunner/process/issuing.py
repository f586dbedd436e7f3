"""Issuing: a decision becomes a signed certificate. Its indexes in the status lists, its signature and its step are one transaction: either there is
a certificate and everybody knows of it, or there is none and it can be issued again. So there are never two of one decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from guiju.frontrunner.credential.certificate import issue as sealed
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.status import Entry, free_index
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.certifying import CERTIFYING
from guiju.frontrunner.process.states import CERTIFICATE
from guiju.report.signing import Signer
from guiju.store.acts import Body, step_within
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.processes import said_in

PURPOSES = ("revocation", "suspension")


@dataclass(frozen=True)
class Signing:
    """Who signs: the issuer and the holder of one of its keys."""

    issuer: Issuer
    signer: Signer


def address_of(issuer: Issuer, id_: str) -> str:
    """Where a certificate is found, which is its identifier."""
    return f"{issuer.base}/frontrunners/certificates/{id_}"


def issue(store: Store, who: Somebody, id_: str, signing: Signing) -> Certificate:
    """Issues the certificate that was decided on.

    raises   Refused: process-not-now, also for one that was issued meanwhile; what signing refuses: then nothing has changed
    """

    def body(connection: Connection, found: Certificate) -> Body:
        now = store.clock(connection)
        index = free_index(taken(connection))
        return {"index": index, "credential": credential_of(found, signing, index, now)}

    with store.writing(alone=True) as connection:
        return step_within(store, connection, CERTIFYING, who, id_, "issue", body)


def taken(connection: Connection) -> set[int]:
    """Indexes that certificates have."""
    return {int(index) for _, index in said_in(connection, CERTIFICATE, "issue", "index")}


def credential_of(found: Certificate, signing: Signing, index: int, now: datetime) -> dict[str, Any]:
    """The signed credential of a decision. Its last day is included: it runs to the midnight after it, UTC."""
    decision, issuer = found.decision, signing.issuer
    assert decision is not None and decision.valid_from is not None and decision.valid_until is not None, "granted"
    status = [Entry(issuer.list_address(purpose), index, purpose) for purpose in PURPOSES]  # type: ignore[arg-type]
    return sealed(claims_of(found, issuer.illustrative), issuer, signing.signer, id=address_of(issuer, found.id),
                  valid_from=_midnight(decision.valid_from), valid_until=_midnight(decision.valid_until + timedelta(days=1)), status=status,
                  at=now.replace(microsecond=0))  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def claims_of(found: Certificate, illustrative: bool) -> dict[str, Any]:
    """What a certificate says; a value whose decimals do not end has 12 significant digits."""
    subject, evaluated, decision = found.subject, found.evaluated, found.decision
    assert subject is not None and evaluated is not None and decision is not None, "granted"
    cites: Mapping[str, Any] = decision.cites
    levels = {name: {"level": each["level"], "value": each["value"].removeprefix("≈"), "unit": each["unit"]}
              for name, each in evaluated.found["indicators"].items()}  # fmt: skip
    compared = {"comparedOn": cites["on"]} if cites.get("on") else {}
    return {
        **compared, "enterprise": {"code": subject.enterprise, "title": {"zh": subject.title.zh, "en": subject.title.en}},
        "standard": {"number": subject.standard, "edition": subject.edition}, "models": list(subject.models), "scheme": subject.scheme,
        "evaluationStandard": dict(subject.evaluation), "libraryHash": cites["library"], "snapshotHashes": list(cites["snapshots"]),
        "boardHash": cites["board"], "engineVersion": cites["engine"], "level": evaluated.found["level"], "indicators": levels,
        "illustrative": subject.illustrative or bool(found.evidence["illustrative"]) or illustrative, "decidedOn": decision.at.date().isoformat(),
    }  # fmt: skip
