"""The proof of a credential: Data Integrity 1.0 with the suite eddsa-jcs-2022 (W3C, vc-di-eddsa §3.3).

What is signed is the SHA-256 of the proof's options followed by the SHA-256 of the document without its proof, each in JCS form. Ed25519 is
deterministic: the same document, key and moment give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from guiju.frontrunner.credential import multibase, strict
from guiju.report.signing import Signer

SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
_OPTIONS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue", "@context"}
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


def time_text(at: datetime) -> str:
    """2026-11-22T09:30:00Z; at: a moment with a zone, whole seconds kept"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text: object) -> datetime | None:
    """The moment an XSD dateTimeStamp says, or None; one without a zone is none."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def message(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """What is signed, 64 bytes. document: with its proof or without; proof: with its value or without"""
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return strict.digest(options) + strict.digest(bare)


def secured(document: Mapping[str, Any], method: str, signer: Signer, at: datetime) -> dict[str, Any]:
    """The document with its proof.

    method   the verification method of the key: DID#name
    at       when it is signed, as the signer says
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": time_text(at),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
        "@context": list(document["@context"]),
    }
    return {**document, "proof": {**proof, "proofValue": multibase.base58btc(signer.sign(message(document, proof)))}}


def wrong_options(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands in a proof as it must not: (diagnostic code, field), all of it."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping):
        return [("credential-proof", "proof")]
    found = [("credential-proof", name) for name in sorted(proof) if name not in _OPTIONS]
    found += [("credential-proof", name) for name, value in (("type", "DataIntegrityProof"), ("cryptosuite", SUITE)) if proof.get(name) != value]
    if proof.get("proofPurpose") != PURPOSE:
        found.append(("credential-purpose", "proofPurpose"))
    if time_of(proof.get("created")) is None:
        found.append(("credential-proof", "created"))
    if not isinstance(proof.get("verificationMethod"), str):
        found.append(("credential-proof", "verificationMethod"))
    if multibase.from_base58btc(proof.get("proofValue"), 64) is None:
        found.append(("credential-base58", "proofValue"))
    if "@context" in proof and proof["@context"] != document.get("@context"):
        found.append(("credential-proof", "@context"))
    return found


def holds(document: Mapping[str, Any], public: bytes) -> bool:
    """Whether the proof, its options being right, was made of this document by the key."""
    proof = document["proof"]
    value = multibase.from_base58btc(proof.get("proofValue"), 64)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(value or b"", message(document, proof))
    except (InvalidSignature, ValueError):
        return False
    return True
