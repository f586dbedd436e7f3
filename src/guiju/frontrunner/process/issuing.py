"""Issuing: a decision becomes a signed certificate. Its indexes in the status lists, its signature and its step are one transaction: either there is
a certificate and everybody knows of it, or there is none and it can be issued again. So there are never two of one decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from guiju.frontrunner.credential.certificate import issue as sealed
from guiju.frontrunner.credential.evidence import evidence_hash, salt_of
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.status import BITS_MIN, Entry, free_place
from guiju.frontrunner.process.certificate import Certificate
from guiju.frontrunner.process.certifying import CERTIFYING
from guiju.frontrunner.process.compared import compared_on
from guiju.frontrunner.process.public import lists_in
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


def issue(store: Store, who: Somebody, id_: str, signing: Signing, size: int = BITS_MIN) -> Certificate:
    """Issues the certificate that was decided on.

    size     of a status list: that many certificates are in one before there is a next
    raises   Refused: process-not-now, also for one that was issued meanwhile; what signing refuses: then nothing has changed
    """

    def body(connection: Connection, found: Certificate) -> Body:
        now = store.clock(connection)
        place = free_place(taken(connection), size)
        number, index = place
        return {"index": index, "list": number, "credential": credential_of(found, signing, place, now, _compared(store, found))}

    with store.writing(alone=True) as connection:
        return step_within(store, connection, CERTIFYING, who, id_, "issue", body)


def taken(connection: Connection) -> dict[int, set[int]]:
    """Number of a status list → the indexes that certificates have in it; what was issued before there were several is in the first."""
    numbers, found = lists_in(connection), dict[int, set[int]]()
    for id_, index in said_in(connection, CERTIFICATE, "issue", "index"):
        found.setdefault(numbers.get(id_, 1), set()).add(int(index))
    return found


def _compared(store: Store, found: Certificate) -> str:
    """The day of the boards cited; a decision of before it was written down cites the result that says it."""
    assert found.decision is not None and found.evaluated is not None, "granted"
    return str(found.decision.cites.get("on") or compared_on(store, found.evaluated.found["board"]["result"]))


def credential_of(found: Certificate, signing: Signing, place: tuple[int, int], now: datetime, compared: str) -> dict[str, Any]:
    """The signed credential of a decision. Its last day is included: it runs to the midnight after it, UTC.

    place   number of the status lists, and the index in them
    """
    decision, issuer = found.decision, signing.issuer
    assert decision is not None and decision.valid_from is not None and decision.valid_until is not None, "granted"
    status = [Entry(issuer.list_address(purpose, place[0]), place[1], purpose) for purpose in PURPOSES]  # type: ignore[arg-type]
    return sealed(claims_of(found, issuer.illustrative, compared), issuer, signing.signer, id=address_of(issuer, found.id),
                  valid_from=_midnight(decision.valid_from), valid_until=_midnight(decision.valid_until + timedelta(days=1)), status=status,
                  at=now.replace(microsecond=0))  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def claims_of(found: Certificate, illustrative: bool, compared: str) -> dict[str, Any]:
    """What a certificate says.

    compared   the day the boards are of
    """
    subject, evaluated, decision = found.subject, found.evaluated, found.decision
    assert subject is not None and evaluated is not None and decision is not None, "granted"
    cites, said = decision.cites, evaluated.found
    return {
        "enterprise": {"code": subject.enterprise, "title": {"zh": subject.title.zh, "en": subject.title.en}},
        "standard": {"number": subject.standard, "edition": subject.edition}, "models": [_model(found, each) for each in subject.models],
        "scheme": subject.scheme, "schemeHash": subject.scheme_hash, "evaluationStandard": dict(subject.evaluation),
        "libraryHash": cites["library"], "snapshotHashes": list(cites["snapshots"]), "boardHash": cites["board"], "engineVersion": cites["engine"],
        **_level(said["level"]), "decisionRule": said["rule"], "evaluatedOn": said.get("on") or evaluated.at.date().isoformat(),
        "illustrative": subject.illustrative or bool(found.evidence["illustrative"]) or illustrative, "comparedOn": compared,
        "decidedOn": decision.at.date().isoformat(),
    }  # fmt: skip


def _model(found: Certificate, model: str) -> dict[str, Any]:
    """What is said of one model: what it reaches itself. One evaluated before models had a level of their own has that of the whole."""
    assert found.evaluated is not None, "granted"
    whole = found.evaluated.found
    own, rows = whole["models"][model], [row for row in found.evidence["rows"] if row["model"] == model]
    levels = {name: {"level": each["level"], "value": each["value"].removeprefix("≈"), "unit": each["unit"],
                     **({"fraction": each["fraction"]} if "fraction" in each else {})}
              for name, each in own["indicators"].items() if each["level"] is not None}  # fmt: skip
    hash_ = evidence_hash(model, salt_of(found.evidence.get("secret", ""), model), rows)
    return {"model": model, **_level(own.get("level", whole["level"])), "evidenceHash": hash_, "indicators": levels}


def _level(level: int | None) -> dict[str, int]:
    return {} if level is None else {"level": level}
