"""Signing: a detached signature beside a document, and what a signature found beside one shows.

What is signed is a statement: the algorithm, the key, the SHA-256 of the document's bytes, the hash its reports print, when and by whom. It is kept
as JSON in one form only; a file in any other form is malformed, so that no byte of it can be changed unseen. Ed25519 (RFC 8032) is deterministic:
the same key, document, moment and name give the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guiju.base.diagnostics import Diagnostic, Refused

ALGORITHM = "Ed25519"
SIGNATURE_MAX = 16_384
"""Bytes of a signature file: a larger one is none."""
NAME_MAX = 200
_PURPOSE = b"guiju-signature-1\n"
"""Before what is signed: a signature made for anything else is not one of a document."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_HASH = re.compile("[0-9a-f]{64}")


class Signer(Protocol):
    """Who holds a key: a file, a hardware module, the holder of a certificate."""

    @property
    def algorithm(self) -> str:
        """Ed25519; what else is verified here is added with it."""

    @property
    def public(self) -> bytes:
        """The public key, raw: 32 bytes for Ed25519."""

    def sign(self, message: bytes) -> bytes:
        """The signature, raw: 64 bytes for Ed25519."""


@dataclass(frozen=True)
class KeySigner:
    """A signer whose private key is in memory."""

    key: Ed25519PrivateKey
    algorithm: str = ALGORITHM

    @property
    def public(self) -> bytes:
        return raw(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


@dataclass(frozen=True)
class Statement:
    """What a signature says, in the order it is written.

    key_id       SHA-256 of the raw public key, in hexadecimal
    public_key   base64
    sha256       of the bytes of the document
    content      the hash of its content, which its reports print
    signed_at    UTC, to the second, as whoever signed said
    by           as whoever signed said; None where nothing was said
    """

    algorithm: str
    key_id: str
    public_key: str
    sha256: str
    content: str
    signed_at: str
    by: str | None


def raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()


def check_name(by: str | None) -> None:
    """raises   Refused: signature-name, where a name is empty, longer than 200 characters, or holds what cannot be printed"""
    if by is not None and not _is_name(by):
        raise Refused([Diagnostic("signature-name", None, {"limit": str(NAME_MAX)})])


def signed(document: bytes, content: str, at: datetime, by: str | None, signer: Signer) -> bytes:
    """The signature file of a document.

    content   the hash of its content, as its reports print it
    at        a moment with a zone, whole seconds
    raises    Refused: signature-name
    """
    check_name(by)
    identity, text = key_id(signer.public), base64.b64encode(signer.public).decode("ascii")
    when = at.astimezone(UTC).strftime(_TIME)
    statement = Statement(signer.algorithm, identity, text, hashlib.sha256(document).hexdigest(), content, when, by)
    return _written(statement, signer.sign(_message(statement)))


def shown(document: bytes, content: str, signature: bytes, key: str | None = None) -> Statement:
    """What a signature file shows of a document: its statement, where it holds.

    content   the hash of the document's content, computed anew
    key       the id of the key it must be signed with; None: any, so that nothing is shown of who signed
    raises    Refused: signature-large, signature-form, signature-field: it is malformed;
              signature-false, signature-altered, signature-other-key: it does not hold, all reasons at once
    """
    statement, proof = _read(signature)
    public = base64.b64decode(statement.public_key)
    found = []
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(proof, _message(statement))
    except (InvalidSignature, ValueError):
        found.append(Diagnostic("signature-false", None))
    if hashlib.sha256(document).hexdigest() != statement.sha256 or content != statement.content:
        found.append(Diagnostic("signature-altered", None, {"sha256": statement.sha256}))
    if key is not None and key != statement.key_id:
        found.append(Diagnostic("signature-other-key", None, {"found": statement.key_id, "wanted": key}))
    if found:
        raise Refused(found)
    return statement


def _message(statement: Statement) -> bytes:
    return _PURPOSE + json.dumps(asdict(statement), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _written(statement: Statement, proof: bytes) -> bytes:
    plain = {"guiju-signature": 1, **asdict(statement), "signature": base64.b64encode(proof).decode("ascii")}
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _read(signature: bytes) -> tuple[Statement, bytes]:
    """The statement and the raw signature; every field that is wrong is told.

    raises   Refused: signature-large, signature-form, signature-field
    """
    if len(signature) > SIGNATURE_MAX:
        raise Refused([Diagnostic("signature-large", None, {"limit": str(SIGNATURE_MAX)})])
    try:
        plain = json.loads(signature.decode("utf-8"))
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise Refused([Diagnostic("signature-form", None)])
    wrong = [name for name, holds in _FIELDS.items() if name not in plain or not holds(plain[name])]
    wrong += [name for name in plain if name not in _FIELDS]
    if not wrong and key_id(base64.b64decode(plain["public_key"])) != plain["key_id"]:
        wrong.append("key_id")
    if wrong:
        raise Refused([Diagnostic("signature-field", None, {"field": name}) for name in wrong])
    statement = Statement(**{name: plain[name] for name in Statement.__dataclass_fields__})
    proof = base64.b64decode(plain["signature"])
    if _written(statement, proof) != signature:
        raise Refused([Diagnostic("signature-form", None)])
    return statement, proof


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_base64(value: Any, size: int) -> bool:
    try:
        return isinstance(value, str) and len(base64.b64decode(value, validate=True)) == size
    except (binascii.Error, ValueError):
        return False


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.strptime(value, _TIME).strftime(_TIME) == value
    except ValueError:
        return False


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= NAME_MAX and value.isprintable() and bool(value.strip())


_FIELDS: dict[str, Callable[[Any], bool]] = {
    "guiju-signature": lambda value: value == 1 and type(value) is int,
    "algorithm": lambda value: value == ALGORITHM,
    "key_id": _is_hash,
    "public_key": lambda value: _is_base64(value, 32),
    "sha256": _is_hash,
    "content": _is_hash,
    "signed_at": _is_time,
    "by": lambda value: value is None or _is_name(value),
    "signature": lambda value: _is_base64(value, 64),
}
"""Field of a signature file → whether a value can stand there."""
