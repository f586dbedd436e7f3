"""Canonical text: one text for one content, so that a hash of the text is a hash of the content; and identifiers that sort by time."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical(value: Any) -> str:
    """The value as JSON with sorted keys and no spaces. Numbers are whole; exact decimals travel as texts.

    Half a character, which no encoding can carry, is written as its escape; so the text can always be encoded and kept.
    """
    _refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _refuse_floats(value: Any) -> None:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        assert not isinstance(each, float), "a double has no one text: numbers that are not whole are kept as texts of decimals"
        if isinstance(each, dict):
            assert all(isinstance(key, str) for key in each), "keys are texts, or two of them could become one"
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each


def digest(content: str | bytes) -> str:
    """sha256 in hex."""
    return sha256(content.encode("utf-8") if isinstance(content, str) else content).hexdigest()


def moment_text(moment: datetime) -> str:
    """2026-11-22T03:04:05.678901Z, of one length, so that texts sort as moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def read_moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


_last = (0, 0)
_one_at_a_time = threading.Lock()


def new_id() -> str:
    """A UUID of version 7: those one process makes sort in the order it made them, those of several by the millisecond."""
    global _last  # noqa: PLW0603
    with _one_at_a_time:
        now = max(time.time_ns() // 1_000_000, _last[0])
        tail = _last[1] + 1 + secrets.randbelow(1 << 32) if now == _last[0] else secrets.randbits(73)
        if tail >> 74:
            now, tail = now + 1, secrets.randbits(73)
        _last = now, tail
    bits = now << 80 | 7 << 76 | (tail >> 62) << 64 | 2 << 62 | tail & ((1 << 62) - 1)
    return str(uuid.UUID(int=bits))
