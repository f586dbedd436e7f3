"""Strict JSON: what is signed is read in one way only, or not at all.

I-JSON (RFC 7493): no name twice in an object, no number that a double does not hold, no half of a surrogate pair; and a limit on bytes and on depth,
told before anything is read.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import rfc8785

from guiju.base.diagnostics import Diagnostic, Problems, Refused

BYTES_MAX = 1_048_576
"""Of a credential, a status list or a DID document."""
DEPTH_MAX = 16
_SAFE = 2**53 - 1
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


def read(given: bytes | Mapping[str, Any], what: tuple[str, str], limit: int = BYTES_MAX) -> dict[str, Any]:
    """The object that a JSON text says.

    given    the text in UTF-8, or an object read elsewhere, which is held to the same
    what     what it is called, in Chinese and in English
    limit    bytes
    raises   Refused: credential-large, credential-depth, credential-json; or all of credential-twice, credential-number, credential-text
    """
    called = {"what_zh": what[0], "what_en": what[1]}
    data = given if isinstance(given, bytes) else _written(given, called)
    if len(data) > limit:
        raise Refused([Diagnostic("credential-large", None, {**called, "limit": str(limit)})])
    refused = Refused([Diagnostic("credential-json", None, called)])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise refused from None
    if _depth(text) > DEPTH_MAX:
        raise Refused([Diagnostic("credential-depth", None, {**called, "limit": str(DEPTH_MAX)})])
    problems = Problems()

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in items:
            if name in found:
                problems.add("credential-twice", None, **called, field=name)
            found[name] = value
        return found

    def number(written: str) -> float | int:
        value = _number(written)
        if value is None:
            problems.add("credential-number", None, **called, value=written)
        return 0 if value is None else value

    try:
        plain = json.loads(text, object_pairs_hook=pairs, parse_float=number, parse_int=number, parse_constant=number)
    except (ValueError, RecursionError):
        raise refused from None
    if not isinstance(plain, dict):
        raise refused
    for found in _texts(plain):
        if not _whole(found):
            problems.add("credential-text", None, **called, value=found.encode("ascii", "backslashreplace").decode("ascii"))
    problems.refuse_errors()
    return plain


def canonical(plain: Mapping[str, Any]) -> bytes:
    """The one form that is signed (RFC 8785, JCS)."""
    return rfc8785.dumps(dict(plain))


def digest(plain: Mapping[str, Any]) -> bytes:
    """SHA-256 of that form."""
    return hashlib.sha256(canonical(plain)).digest()


def _written(given: Mapping[str, Any], called: Mapping[str, str]) -> bytes:
    try:
        return canonical(given)
    except (rfc8785.CanonicalizationError, ValueError, TypeError, RecursionError):
        raise Refused([Diagnostic("credential-json", None, called)]) from None


def _depth(text: str) -> int:
    """How deep brackets are nested, counted without reading what stands in them."""
    deepest = depth = 0
    for mark in _STRING.sub("", text):
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _number(written: str) -> float | int | None:
    """The number, or None where a double does not hold it."""
    if re.fullmatch("-?[0-9]+", written):
        value = int(written) if len(written) <= 17 else _SAFE + 1
        return value if abs(value) <= _SAFE else None
    try:
        found = float(written)
        exact = math.isfinite(found) and Decimal(written) == Decimal(repr(found))
    except (ValueError, InvalidOperation):
        return None
    return found if exact else None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
