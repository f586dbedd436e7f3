"""Multibase: bytes as text with a letter before it that says how; keys (Multikey) and signatures in base58btc, status lists in base64url."""

from __future__ import annotations

import base64
import binascii
import re

import base58

_ED25519 = b"\xed\x01"
"""Before the 32 bytes of an Ed25519 public key."""
_BASE58 = re.compile("[1-9A-HJ-NP-Za-km-z]{1,120}")
_URL = re.compile("[A-Za-z0-9_-]+")


def base58btc(data: bytes) -> str:
    return "z" + base58.b58encode(data).decode("ascii")


def from_base58btc(text: object, size: int) -> bytes | None:
    """The bytes, or None where the text is not the one way in which bytes of that size are written."""
    if not isinstance(text, str) or text[:1] != "z" or not _BASE58.fullmatch(text[1:]):
        return None
    data = base58.b58decode(text[1:])
    return data if len(data) == size and base58btc(data) == text else None


def multikey(public: bytes) -> str:
    """An Ed25519 public key, 32 bytes, as z6Mk…"""
    return base58btc(_ED25519 + public)


def from_multikey(text: object) -> bytes | None:
    """The 32 bytes of an Ed25519 public key, or None."""
    data = from_base58btc(text, len(_ED25519) + 32)
    return data[len(_ED25519) :] if data is not None and data.startswith(_ED25519) else None


def base64url(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_base64url(text: object) -> bytes | None:
    """The bytes, or None where the text is not the one way in which they are written."""
    if not isinstance(text, str) or text[:1] != "u" or not _URL.fullmatch(text[1:]):
        return None
    try:
        data = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    except (binascii.Error, ValueError):
        return None
    return data if base64url(data) == text else None
