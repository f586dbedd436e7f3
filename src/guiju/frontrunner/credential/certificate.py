"""Issuing a certificate: its claims, held to one form, in a credential of the W3C data model 2.0, signed.

Numbers are written as text: a measured or a declared value is exact, and a double is not.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems
from guiju.frontrunner.credential import strict
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.proof import secured, time_of, time_text
from guiju.frontrunner.credential.status import Entry
from guiju.report.signing import Signer

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
TYPE = "FrontRunnerCertificate"
TEXT_MAX, MODELS_MAX, INDICATORS_MAX = 500, 500, 100
_HASH = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_URN = re.compile(r"(https://|urn:)[!-~]{1,300}")


def context_document() -> bytes:
    """What the terms of a certificate mean, as the issuer's domain serves it (JSON-LD context); the same bytes for every issuer."""
    return importlib.resources.files(__package__).joinpath("context.json").read_bytes()


def context_digest() -> str:
    """Its SHA-384 as every certificate carries it, so that whoever fetches it knows it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(context_document()).digest()).decode("ascii")


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

    claims   enterprise {code, title {zh, en}}, standard {number, edition}, models [texts], scheme, evaluationStandard {number, edition, contentHash},
             libraryHash, snapshotHashes [hashes], boardHash, engineVersion, level 1 | 2 | 3 or absent,
             indicators {name: {level, value, unit}}, illustrative, comparedOn or absent (the day the boards are of), decidedOn
    id       an address or a URN of its own
    status   one entry for revocation and one for suspension
    at       when it is signed
    raises   Refused: credential-field (every one), credential-period, credential-signer, credential-key-retired, credential-key-revoked
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
    return secured(plain, issuer.method_for(signer, at).id, signer, at)


def _plain_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    indicators = claims.get("indicators")
    if isinstance(indicators, Mapping):
        listed = [{"name": name, **found} if isinstance(found, Mapping) else found for name, found in sorted(indicators.items())]
        return {**claims, "indicators": listed}
    return dict(claims)


def certificate_bytes(certificate: Mapping[str, Any]) -> bytes:
    """The file of a certificate: its canonical form, so that no byte of it can be changed unseen."""
    return strict.canonical(certificate)


def wrong_fields(plain: Mapping[str, Any]) -> list[Diagnostic]:
    """Every field of a certificate, its proof aside, that is missing, unknown or not as it must be."""
    what = {"what_zh": "证书", "what_en": "certificate"}
    return [Diagnostic("credential-field", None, {**what, "field": field}) for field in _wrong(plain, _CERTIFICATE, "", {"proof"})]


Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= TEXT_MAX and value.isprintable()


def _hash(value: Any) -> bool:
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def _level(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 3


def _number(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 60 and bool(_NUMBER.fullmatch(value))


def _day(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and parse_date(value) is not None


def _time(value: Any) -> bool:
    return time_of(value) is not None


def _many(check: Check, most: int, least: int = 0) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(check(one) for one in value)


def _is(wanted: Any) -> Check:
    return lambda value: bool(value == wanted) and type(value) is type(wanted)


def _object(fields: Mapping[str, Any]) -> Check:
    return lambda value: isinstance(value, Mapping) and not _wrong(value, fields, "")


_CLAIMS: dict[str, Any] = {
    "type": _is("EvaluatedStandard"),
    "enterprise": {"code": _text, "title": {"zh": _text, "en": _text}},
    "standard": {"number": _text, "edition": _text},
    "models": _many(_text, MODELS_MAX, 1),
    "scheme": _text,
    "evaluationStandard": {"number": _text, "edition": _text, "contentHash": _hash},
    "libraryHash": _hash,
    "snapshotHashes": _many(_hash, 50),
    "boardHash": _hash,
    "engineVersion": _text,
    "level?": _level,
    "indicators": _many(
        _object({"name": _text, "level": _level, "value": _number, "unit": lambda value: value == "" or _text(value)}), INDICATORS_MAX, 1
    ),
    "illustrative": lambda value: isinstance(value, bool),
    "comparedOn?": _day,
    "decidedOn": _day,
}
_ENTRY = {
    "type": _is("BitstringStatusListEntry"),
    "statusPurpose": lambda value: value in ("revocation", "suspension"),
    "statusListIndex": lambda value: isinstance(value, str) and bool(re.fullmatch("0|[1-9][0-9]{0,8}", value)),
    "statusListCredential": lambda value: isinstance(value, str) and bool(_URN.fullmatch(value)),
    "id?": lambda value: isinstance(value, str) and bool(_URN.fullmatch(value)),
}
_CERTIFICATE: dict[str, Any] = {
    "@context": lambda value: isinstance(value, list) and len(value) == 2 and value[0] == CREDENTIALS and isinstance(value[1], str),
    "id": lambda value: isinstance(value, str) and bool(_URN.fullmatch(value)),
    "type": _is(["VerifiableCredential", TYPE]),
    "issuer": lambda value: isinstance(value, str),
    "validFrom": _time,
    "validUntil": _time,
    "credentialStatus": lambda value: _many(_object(_ENTRY), 2, 2)(value) and {one["statusPurpose"] for one in value} == {"revocation", "suspension"},
    "relatedResource": lambda value: isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping),
    "credentialSubject": _CLAIMS,
}
"""Field → what can stand there: a check, or the fields below it; `?` after a name: it may be absent."""


def _wrong(value: Any, fields: Mapping[str, Any], above: str, aside: Iterable[str] = ()) -> list[str]:
    if not isinstance(value, Mapping):
        return [above or "/"]
    found = []
    for written, wanted in fields.items():
        name, place = written.rstrip("?"), f"{above}/{written.rstrip('?')}"
        if name not in value:
            found += [] if written.endswith("?") else [place]
        elif isinstance(wanted, Mapping):
            found += _wrong(value[name], wanted, place)
        elif not wanted(value[name]):
            found.append(place)
    known = {name.rstrip("?") for name in fields} | set(aside)
    return found + [f"{above}/{name}" for name in value if name not in known]
