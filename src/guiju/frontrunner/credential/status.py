"""Status lists: whether certificates are suspended or withdrawn, one bit each in a list so long that asking for it does not tell which was meant.

W3C Bitstring Status List v1.0: at least 131072 bits, index 0 the left-most, GZIP, multibase base64url. Indexes are drawn at random, so that they tell
neither the order of issuing nor how many were issued. A withdrawn certificate stays withdrawn; a suspended one can come back.
"""

from __future__ import annotations

import gzip
import secrets
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.credential import multibase
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.proof import secured, time_text
from guiju.report.signing import Signer

Purpose = Literal["revocation", "suspension"]
PURPOSES: tuple[Purpose, ...] = ("revocation", "suspension")
BITS_MIN = 131_072
BITS_MAX = 8_388_608
"""1 MiB: what a list is unpacked to at most, whatever it says."""
CONTEXT = ["https://www.w3.org/ns/credentials/v2"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the status of a certificate stands: the list's address, the index of its bit."""

    list: str
    index: int
    purpose: Purpose

    def written(self) -> dict[str, Any]:
        return {
            "type": "BitstringStatusListEntry",
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list,
        }


class StatusList:
    """The bits of a list."""

    def __init__(self, size: int = BITS_MIN) -> None:
        """size: bits, a multiple of 8 from 131072 to 8388608"""
        if not BITS_MIN <= size <= BITS_MAX or size % 8:
            raise Refused([Diagnostic("credential-list-size", None, {"size": str(size), "least": str(BITS_MIN), "most": str(BITS_MAX)})])
        self._bits = bytearray(size // 8)

    def __len__(self) -> int:
        return len(self._bits) * 8

    def get(self, index: int) -> bool:
        """raises   IndexError"""
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bool(self._bits[index >> 3] & (0x80 >> (index & 7)))

    def set(self, index: int, on: bool) -> None:
        """raises   IndexError"""
        if not 0 <= index < len(self):
            raise IndexError(index)
        mask = 0x80 >> (index & 7)
        self._bits[index >> 3] = self._bits[index >> 3] | mask if on else self._bits[index >> 3] & ~mask

    def count(self) -> int:
        """How many bits are set."""
        return int.from_bytes(self._bits).bit_count()

    def encoded(self) -> str:
        return multibase.base64url(gzip.compress(bytes(self._bits), mtime=0))

    @classmethod
    def decoded(cls, text: object) -> StatusList | None:
        """The list a text says; None where it says none: wrong letters, not GZIP, too short or too long, something after its end."""
        packed = multibase.from_base64url(text)
        if packed is None:
            return None
        unpacking = zlib.decompressobj(wbits=31)
        try:
            bits = unpacking.decompress(packed, BITS_MAX // 8 + 1)
        except zlib.error:
            return None
        if not unpacking.eof or unpacking.unused_data or not BITS_MIN <= len(bits) * 8 <= BITS_MAX:
            return None
        found = cls(len(bits) * 8)
        found._bits[:] = bits
        return found


def free_index(taken: Collection[int], size: int = BITS_MIN) -> int:
    """An index that is not taken, any as likely as any other.

    raises   Refused: credential-list-full
    """
    used = {index for index in taken if 0 <= index < size}
    if len(used) >= size:
        raise Refused([Diagnostic("credential-list-full", None, {"size": str(size)})])
    if len(used) < size // 2:
        while (index := secrets.randbelow(size)) in used:
            pass
        return index
    return secrets.choice([index for index in range(size) if index not in used])


def free_place(taken: Mapping[int, Collection[int]], size: int = BITS_MIN) -> tuple[int, int]:
    """(number of a list, a free index in it): of the newest list, and of one more where that is full. What a list once said, it goes on saying.

    taken   number of a list → the indexes in it that are taken
    """
    newest = max(taken, default=1)
    number = newest if len({index for index in taken.get(newest, ()) if 0 <= index < size}) < size else newest + 1
    return number, free_index(taken.get(number, ()), size)


def list_credential(address: str, purpose: Purpose, bits: StatusList, issuer: Issuer, signer: Signer, at: datetime) -> dict[str, Any]:
    """The list as a credential, signed: good from `at` for as long as the issuer's lists are.

    address   where it is found; ends with the name of the list
    raises    Refused: credential-signer, credential-key-retired, credential-key-revoked
    """
    method = issuer.method_for(signer, at)
    plain = {
        "@context": CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": time_text(at),
        "validUntil": time_text(at + issuer.list_valid),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bits.encoded(),
            "ttl": int(issuer.list_refresh.total_seconds()) * 1000,
        },
    }
    return secured(plain, method.id, signer, at)


def list_of(issuer: Issuer, purpose: Purpose, on: Iterable[int], signer: Signer, at: datetime, number: int = 1) -> dict[str, Any]:
    """The status list of an issuer for a purpose with these bits set, signed.

    number   of the list, from 1: when one is full there is a next
    raises   Refused: credential-list-index, credential-signer, credential-key-retired, credential-key-revoked
    """
    bits, address = StatusList(), issuer.list_address(purpose, number)
    for index in on:
        if not 0 <= index < len(bits):
            raise Refused([Diagnostic("credential-list-index", None, {"list": address, "index": str(index), "size": str(len(bits))})])
        bits.set(index, True)
    return list_credential(address, purpose, bits, issuer, signer, at)


def purpose_of(entry: Mapping[str, Any]) -> Purpose | None:
    return next((purpose for purpose in PURPOSES if entry.get("statusPurpose") == purpose), None)
