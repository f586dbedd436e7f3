"""Blind codes: what a sample and a laboratory are called as long as nobody is to know which is which.

A code says nothing of its sample, level, replicate or laboratory, and the codes of one laboratory come in an order that says nothing either. What
they stand for is sealed; its hash stands in the log from the beginning, so that nobody can change afterwards what stood for what.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.store.canonical import canonical, digest

ALPHABET = "23456789ABCDEFGHJKMNPRSTVWXYZ"
"""29 signs that are not taken for one another; 29 is prime, so the last sign of a code shows any slip of one sign or exchange of two."""
_LENGTH = 5
assert len(ALPHABET) == 29


@dataclass(frozen=True, slots=True)
class Blinded:
    """codes          per order, sorted
    samples, laboratories   what is sealed, each with a salt
    """

    codes: tuple[tuple[str, ...], ...]
    samples: dict[str, Any]
    laboratories: dict[str, Any]


def blinded(orders: int, levels: Sequence[str], replicates: int, source: random.Random | None = None) -> Blinded:
    """Codes for every laboratory, level and replicate.

    source   of randomness; the system's, which nobody can foretell, unless a test says another
    """
    draw = source or secrets.SystemRandom()
    labs = draw.sample(range(1, orders + 1), orders)
    laboratories = {str(order): f"L{lab:02d}" for order, lab in enumerate(labs, 1)}
    used: set[str] = set()
    samples: dict[str, list[str]] = {}
    codes = []
    for order in range(1, orders + 1):
        own = []
        for level in levels:
            for n in range(1, replicates + 1):
                code = _new(draw, used)
                samples[code] = [laboratories[str(order)], level, str(n)]
                own.append(code)
        codes.append(tuple(sorted(own)))
    return Blinded(tuple(codes), {"salt": _salt(draw), "samples": samples}, {"salt": _salt(draw), "laboratories": laboratories})


def _salt(draw: random.Random) -> str:
    return f"{draw.getrandbits(256):064x}"


def _new(draw: random.Random, used: set[str]) -> str:
    while True:
        body = "".join(draw.choice(ALPHABET) for _ in range(_LENGTH))
        code = body + _last(body)
        if code not in used:
            used.add(code)
            return code


def _last(body: str) -> str:
    return ALPHABET[sum((at + 2) * ALPHABET.index(sign) for at, sign in enumerate(body)) % 29]


def is_code(text: str) -> bool:
    """Whether a text can be a code: a slip of the pen cannot."""
    return len(text) == _LENGTH + 1 and all(sign in ALPHABET for sign in text) and _last(text[:-1]) == text[-1]


def sealing(content: Mapping[str, Any]) -> str:
    """The hash that stands in the log for what is sealed."""
    return digest(canonical(dict(content)))
