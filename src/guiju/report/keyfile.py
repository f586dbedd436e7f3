"""Key files: a private key to sign with, in PEM (PKCS #8), for its owner's eyes only; and the public keys others verify with."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.report.signing import KeySigner, key_id, raw

PASSPHRASE = "GUIJU_KEY_PASSPHRASE"
"""The environment variable with the passphrase; empty or not set: none."""
KEY_MAX = 16_384
PASSPHRASE_MAX = 1000
"""Bytes; OpenSSL takes no more than 1023."""


def read_whole(file: Path, limit: int) -> bytes:
    """The bytes of a file.

    raises   Refused: file-missing, file-unreadable, signature-large
    """
    if not file.exists():
        raise Refused([Diagnostic("file-missing", None, {"file": str(file)})])
    try:
        with file.open("rb") as stream:
            found = stream.read(limit + 1)
    except OSError as error:
        raise Refused([Diagnostic("file-unreadable", None, {"file": str(file), "reason": error.strerror or str(error)})]) from None
    if len(found) > limit:
        raise Refused([Diagnostic("signature-large", None, {"limit": str(limit)})])
    return found


def passphrase() -> bytes | None:
    """raises   Refused: signature-passphrase-long"""
    found = os.environ.get(PASSPHRASE, "").encode("utf-8", "surrogateescape")
    if len(found) > PASSPHRASE_MAX:
        raise Refused([Diagnostic("signature-passphrase-long", None, {"limit": str(PASSPHRASE_MAX), "variable": PASSPHRASE})])
    return found or None


def new_key(file: Path, secret: bytes | None) -> KeySigner:
    """Makes a key and writes it, readable by its owner alone (0600); encrypted where there is a passphrase. A file that is there stays.

    raises   Refused: folder-missing, file-exists, file-unwritable
    """
    key = Ed25519PrivateKey.generate()
    hidden = pem.BestAvailableEncryption(secret) if secret else pem.NoEncryption()
    text = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, hidden)
    if not file.parent.is_dir():
        raise Refused([Diagnostic("folder-missing", None, {"folder": str(file.parent)})])
    made = False
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            made = True
            stream.write(text)
    except FileExistsError:
        raise Refused([Diagnostic("file-exists", None, {"file": str(file)})]) from None
    except OSError as error:
        if made:
            file.unlink(missing_ok=True)
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(file), "reason": error.strerror or str(error)})]) from None
    return KeySigner(key)


def read_key(file: Path, secret: bytes | None) -> KeySigner:
    """The private key of a file.

    raises   Refused: file-missing, file-unreadable, signature-large, signature-key, signature-passphrase
    """
    text = read_whole(file, KEY_MAX)
    hidden = b"BEGIN ENCRYPTED PRIVATE KEY" in text
    if hidden and secret is None:
        raise Refused([Diagnostic("signature-passphrase", None, {"file": str(file), "variable": PASSPHRASE})])
    try:
        key = pem.load_pem_private_key(text, secret if hidden else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        code = "signature-passphrase" if hidden else "signature-key"
        raise Refused([Diagnostic(code, None, {"file": str(file), "variable": PASSPHRASE})]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused([Diagnostic("signature-key", None, {"file": str(file)})])
    return KeySigner(key)


def public_text(signer: KeySigner) -> str:
    """The public key in PEM, for those who verify."""
    return signer.key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def known_key(given: str) -> str:
    """The id of a public key: given as a PEM file, as the id itself, or in base64.

    raises   Refused: signature-public, file-unreadable, signature-large
    """
    if re.fullmatch("[0-9a-fA-F]{64}", given):
        return given.lower()
    refused = Refused([Diagnostic("signature-public", None, {"given": given})])
    file = Path(given)
    if _is_file(file):
        try:
            key = pem.load_pem_public_key(read_whole(file, KEY_MAX))
        except (ValueError, UnsupportedAlgorithm):
            raise refused from None
        if not isinstance(key, Ed25519PublicKey):
            raise refused
        return key_id(raw(key))
    try:
        public = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise refused from None
    if len(public) != 32:
        raise refused
    return key_id(public)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text too long for a name
        return False
