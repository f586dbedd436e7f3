"""Issuing a certificate: its claims, held to one form, in a credential of the W3C data model 2.0, signed.

Numbers are written as text: a measured or a declared value is exact, and a double is not.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from guiju.base.diagnostics import Problems
from guiju.frontrunner.credential import strict
from guiju.frontrunner.credential.fields import CREDENTIALS, TYPE, wrong_fields
from guiju.frontrunner.credential.issuer import CONTEXT_PATH, EARLIER_CONTEXT_PATH, Issuer
from guiju.frontrunner.credential.proof import secured, time_text
from guiju.frontrunner.credential.status import Entry
from guiju.report.signing import Signer

CONTEXTS: Mapping[str, str] = {CONTEXT_PATH: "context-2.json", EARLIER_CONTEXT_PATH: "context.json"}


def context_document(path: str = CONTEXT_PATH) -> bytes:
    """What the terms of a certificate mean, as the issuer's domain serves it (JSON-LD context); the same bytes for every issuer.

    path   of the form it is written in: what was issued in an earlier form keeps the terms it was issued with
    """
    return importlib.resources.files(__package__).joinpath(CONTEXTS[path]).read_bytes()


def context_digest(path: str = CONTEXT_PATH) -> str:
    """Its SHA-384 as every certificate carries it, so that whoever fetches it knows it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(context_document(path)).digest()).decode("ascii")


def issue(
    claims: Mapping[str, Any],
    issuer: Issuer,
    signer: Signer,
    *,
    id: str,
    valid_from: datetime,
    valid_until: datetime,
    status: Iterable[Entry],
    at: datetime,
) -> dict[str, Any]:
    """A certificate, signed.

    claims   enterprise {code, title {zh, en}}, standard {number, edition}, scheme, schemeHash, decisionRule, engineVersion, illustrative,
             evaluationStandard {number, edition, contentHash}, libraryHash, snapshotHashes [hashes], boardHash,
             models [{model, level 1 | 2 | 3 or absent, evidenceHash, indicators {name: {level, value, unit, fraction or absent}}}],
             level (the lowest of the models), evaluatedOn, comparedOn (the days the evaluation and the boards are of), decidedOn
    id       an address or a URN of its own
    status   one entry for revocation and one for suspension
    at       when it is signed
    raises   Refused: credential-field (every one), credential-period; credential-large,
             credential-signer, credential-key-retired, credential-key-revoked
    """
    entries = tuple(status)
    plain = {
        "@context": [CREDENTIALS, issuer.context],
        "id": id,
        "type": ["VerifiableCredential", TYPE],
        "issuer": issuer.did,
        "validFrom": time_text(valid_from),
        "validUntil": time_text(valid_until),
        "credentialStatus": [entry.written() for entry in entries],
        "relatedResource": [{"id": issuer.context, "digestSRI": context_digest()}],
        "credentialSubject": {"type": "EvaluatedStandard", **_plain_claims(claims)},
    }
    found = Problems()
    found.extend(wrong_fields(plain))
    if valid_until <= valid_from:
        found.add("credential-period", None, first=plain["validFrom"], last=plain["validUntil"])
    found.refuse_errors()
    made = secured(plain, issuer.method_for(signer, at).id, signer, at)
    if len(certificate_bytes(made)) > strict.BYTES_MAX:
        found.add("credential-large", None, what_zh="证书", what_en="certificate", limit=str(strict.BYTES_MAX))
        found.refuse_errors()
    return made


def _plain_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    models = claims.get("models")
    return {**claims, "models": [_plain_model(each) for each in models]} if isinstance(models, list) else dict(claims)


def _plain_model(model: Any) -> Any:
    indicators = model.get("indicators") if isinstance(model, Mapping) else None
    if not isinstance(indicators, Mapping):
        return model
    listed = [{"name": name, **found} if isinstance(found, Mapping) else found for name, found in sorted(indicators.items())]
    return {**model, "indicators": listed}


def certificate_bytes(certificate: Mapping[str, Any]) -> bytes:
    """The file of a certificate: its canonical form, so that no byte of it can be changed unseen."""
    return strict.canonical(certificate)
