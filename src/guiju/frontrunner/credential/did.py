"""did:web: an issuer is known by a domain, and its keys by a document found there; and names made to look like another's.

A key may expire (`expires`): what it signed before stays good. A key may be revoked (`revoked`): it is taken for compromised, and since a thief can
write any date, nothing it ever signed is good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from confusable_homoglyphs import categories, confusables

from guiju.base.diagnostics import Diagnostic
from guiju.frontrunner.credential import multibase
from guiju.frontrunner.credential.proof import PURPOSE, time_of, time_text

CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DID = re.compile(rf"did:web:({_LABEL}(?:\.{_LABEL})*(?:%3A[0-9]{{1,5}})?)((?::[A-Za-z0-9._-]+)*)")
_DID_MAX = 300
_BESIDE_ANY = {"COMMON", "INHERITED", "HAN"}


@dataclass(frozen=True, slots=True)
class Method:
    """A key in a DID document.

    id        DID#name
    public    32 bytes
    expires   it signs nothing from then on; what it signed before stays good
    revoked   nothing it signed is good
    """

    id: str
    public: bytes
    expires: datetime | None = None
    revoked: datetime | None = None


def deceptive(text: object) -> str | None:
    """What of a DID or an address is made to look like another: the letters that are not plain, or a label in Punycode; None where nothing is."""
    if not isinstance(text, str):
        return None
    plain = unquote(text)
    odd = sorted({letter for letter in plain if not letter.isascii()})
    if odd:
        alike = confusables.is_confusable(plain, preferred_aliases=["latin"]) or []
        shown = {entry["character"]: entry["homoglyphs"][0]["c"] for entry in alike if entry["homoglyphs"]}
        return ", ".join(f"U+{ord(letter):04X}" + (f" ≈ {shown[letter]}" if letter in shown else "") for letter in odd)
    labels = re.split(r"[.:/@]", plain.lower())
    return next((label for label in labels if label.startswith("xn--")), None)


def mixed(text: str) -> bool:
    """Whether a word of a name mixes alphabets, whose letters look alike; Chinese beside any of them does not deceive."""
    return any(len(categories.unique_aliases(word) - _BESIDE_ANY) > 1 for word in re.findall(r"\w+", text))


def base_of(did: str) -> str | None:
    """https://host of a did:web, or None where it is none that is taken here."""
    match = _DID.fullmatch(did) if len(did) <= _DID_MAX else None
    return f"https://{unquote(match[1])}" if match else None


def path_of(did: str) -> str | None:
    """Where on its host the document of a did:web stands: /.well-known/did.json, or /a/b/did.json of did:web:host:a:b."""
    match = _DID.fullmatch(did) if len(did) <= _DID_MAX else None
    if match is None:
        return None
    return f"/{'/'.join(match[2].split(':')[1:])}/did.json" if match[2] else "/.well-known/did.json"


def same_host(address: object, did: str) -> bool:
    """Whether an address lies on the host of a did:web, by https."""
    if not isinstance(address, str) or not address.isascii() or len(address) > 2 * _DID_MAX:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" == base_of(did) and not parts.query


def document(did: str, methods: tuple[Method, ...]) -> dict[str, Any]:
    """The DID document; every key that ever signed stays in it, and those that were revoked may sign nothing, which any verifier sees."""
    return {
        "@context": CONTEXT,
        "id": did,
        "verificationMethod": [_written(method, did) for method in methods],
        "assertionMethod": [method.id for method in methods if method.revoked is None],
    }


def method_of(given: Mapping[str, Any], did: str, name: str) -> tuple[Method | None, list[Diagnostic]]:
    """The key of a verification method in a DID document, and what stands against its being used; all reasons.

    given   the document
    did     whose it must be
    name    the verification method a proof names
    """
    found = []
    if given.get("id") != did or not isinstance(given.get("verificationMethod"), list):
        return None, [Diagnostic("credential-did", None, {"did": did})]
    if not name.startswith(f"{did}#"):
        found.append(Diagnostic("credential-controller", None, {"method": name, "did": did}))
    entries = [entry for entry in given["verificationMethod"] if isinstance(entry, Mapping) and entry.get("id") == name]
    if len(entries) != 1:
        return None, [*found, Diagnostic("credential-key", None, {"method": name, "did": did})]
    entry = entries[0]
    if entry.get("controller") != did:
        found.append(Diagnostic("credential-controller", None, {"method": name, "did": did}))
    asserting = given.get("assertionMethod")
    if "revoked" not in entry and (not isinstance(asserting, list) or name not in asserting):
        found.append(Diagnostic("credential-key-purpose", None, {"method": name, "purpose": PURPOSE}))
    public = multibase.from_multikey(entry.get("publicKeyMultibase"))
    dated = {field: time_of(entry[field]) for field in ("expires", "revoked") if field in entry}
    if entry.get("type") != "Multikey" or public is None or None in dated.values():
        return None, [*found, Diagnostic("credential-did", None, {"did": did})]
    return Method(name, public, dated.get("expires"), dated.get("revoked")), found


def _written(method: Method, did: str) -> dict[str, Any]:
    entry = {"id": method.id, "type": "Multikey", "controller": did, "publicKeyMultibase": multibase.multikey(method.public)}
    dated = {"expires": method.expires, "revoked": method.revoked}
    return {**entry, **{name: time_text(at) for name, at in dated.items() if at is not None}}
