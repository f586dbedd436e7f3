"""The office of a workbench: the issuers it signs for, by the file that GUIJU_ISSUERS names, and what it publishes for them.

A status list is signed anew where a bit changed or the time to ask again has come, and kept until then: a key in a module is asked no more often.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.credential import did as dids
from guiju.frontrunner.credential.certificate import certificate_bytes
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.issuers_file import Configured, read_issuers
from guiju.frontrunner.credential.status import PURPOSES, Purpose, list_of

VARIABLE = "GUIJU_ISSUERS"
_read: dict[tuple[str, int, int], tuple[Configured, ...]] = {}
_kept: dict[tuple[str, bytes, Purpose, int], Published] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Published:
    """A status list as it goes out.

    data      the signed credential
    signed    when; it is asked for anew from `again` on
    """

    data: bytes
    signed: datetime
    again: datetime

    @property
    def etag(self) -> str:
        return hashlib.sha256(self.data).hexdigest()[:32]


def offices() -> tuple[Configured, ...]:
    """The issuers of this workbench; none where GUIJU_ISSUERS names no file. A changed file is read again.

    raises   Refused: file-unreadable, what the file is refused for
    """
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        return ()
    path = Path(named)
    try:
        found = path.stat()
    except OSError as error:
        raise Refused([Diagnostic("file-unreadable", None, {"file": VARIABLE, "reason": error.strerror or str(error)})]) from None
    key = (str(path), found.st_mtime_ns, found.st_size)
    if key not in _read:
        held = read_issuers(path)
        _read.clear()
        _read[key] = held
    return _read[key]


def document_at(path: str, host: str) -> dict[str, Any] | None:
    """The DID document that belongs at a path: of the issuer on that host, or of the only one there is at that path."""
    there = [each.issuer for each in offices() if dids.path_of(each.issuer.did) == path]
    own = [issuer for issuer in there if issuer.base == f"https://{host}"]
    found = own[0] if own else there[0] if len(there) == 1 else None
    return None if found is None else found.document()


def documents() -> dict[str, dict[str, Any]]:
    """DID → document, of every issuer here."""
    return {each.issuer.did: each.issuer.document() for each in offices()}


Set = Mapping[int, Mapping[str, Iterable[int]]]
"""Number of a status list → purpose → the indexes that are set, of every list there is."""


def listed(name: str, numbers: Iterable[int]) -> tuple[Configured, Purpose, int] | None:
    """Whose status list has a name, for what, and its number; None: there is none. numbers: of the lists there are"""
    every = ((each, purpose, number) for each in offices() for purpose in PURPOSES for number in numbers)
    return next((found for found in every if found[0].issuer.list_name(found[1], found[2]) == name), None)


def published(held: Configured, purpose: Purpose, number: int, on: Iterable[int], now: datetime) -> Published:
    """The status list of an issuer as it is now.

    number   of the list
    on       indexes that are set
    raises   Refused: signer-none, and what signing refuses
    """
    indexes = sorted(set(on))
    bits = hashlib.sha256(repr((indexes, held.issuer)).encode()).digest()
    key = (held.issuer.did, bits, purpose, number)
    with _lock:
        kept = _kept.get(key)
        if kept is not None and kept.signed <= now < kept.again:
            return kept
        for old in [each for each in _kept if (each[0], *each[2:]) == (held.issuer.did, purpose, number)]:
            del _kept[old]
        signed = now.replace(microsecond=0)
        made = certificate_bytes(list_of(held.issuer, purpose, indexes, held.signer(signed), signed, number))
        _kept[key] = Published(made, signed, signed + held.issuer.list_refresh)
        return _kept[key]


def lists_here(statuses: Set, now: datetime) -> dict[str, bytes]:
    """Address → status list as it is now, of every issuer here."""
    return {
        each.issuer.list_address(purpose, number): published(each, purpose, number, on.get(purpose, ()), now).data
        for each in offices() for number, on in statuses.items() for purpose in PURPOSES
    }


def issuer_here(did: str) -> Issuer | None:
    return next((each.issuer for each in offices() if each.issuer.did == did), None)
