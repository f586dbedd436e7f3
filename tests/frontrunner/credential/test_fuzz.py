"""Nothing that was touched is taken for what was signed, and nothing whatever makes verifying stumble."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from frontrunner_certificates import DID, Office
from guiju.base.diagnostics import Refused
from guiju.frontrunner.credential.certificate import certificate_bytes

ODD: tuple[Any, ...] = (None, True, 0, -1, 2**53, 1.5, "", "x", "\u0430", "x" * 10_000, [], {}, [[]], {"id": 1}, ["VerifiableCredential"])


def accepted(office: Office, at_hand: dict[str, Any], documents: dict[str, Any], credential: Any) -> bool:
    try:
        office.verified(credential, lists=at_hand, documents=documents)
    except Refused as refused:
        assert refused.diagnostics
        return False
    return True


def test_no_byte_of_a_certificate_can_be_changed_left_out_or_doubled():
    office = Office()
    data, lists, documents = certificate_bytes(office.certificate()), office.lists(), {DID: office.issuer.document()}
    assert accepted(office, lists, documents, data)
    chance = random.Random("bytes of a certificate")
    wrong = []
    for at in range(len(data)):
        changed = bytes([data[at] ^ (1 << chance.randrange(8))])
        others = [] if at % 4 else [data[:at] + data[at + 1 :], data[:at] + data[at : at + 1] + data[at:]]
        for made in (data[:at] + changed + data[at + 1 :], *others):
            if made != data and accepted(office, lists, documents, made):
                wrong.append((at, made[max(at - 10, 0) : at + 10]))
    assert wrong == []


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands, objects and lists too."""
    if above:
        yield above
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*above, step))


def with_odd(plain: Any, place: tuple[Any, ...], odd: Any) -> Any:
    made = copy.deepcopy(plain)
    inner = made
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = odd
    return made


def test_anything_in_any_field_of_a_certificate_its_lists_and_its_document_is_told_and_never_a_traceback():
    office = Office()
    made, lists, documents = office.certificate(), office.lists(), {DID: office.issuer.document()}
    address = office.address("revocation")
    wrong = []
    for odd in ODD:
        for place in places(made):
            if with_odd(made, place, odd) != made and accepted(office, lists, documents, json.dumps(with_odd(made, place, odd)).encode()):
                wrong.append((place, odd))
        for place in places(lists[address]):
            if accepted(office, {**lists, address: json.dumps(with_odd(lists[address], place, odd)).encode()}, documents, made):
                wrong.append((place, odd))
        for place in places(documents[DID]):
            if place[0] != "@context" and accepted(office, lists, {DID: json.dumps(with_odd(documents[DID], place, odd)).encode()}, made):
                wrong.append((place, odd))
    assert wrong == []


def test_noise_is_told():
    office = Office()
    chance = random.Random("noise")
    for _ in range(300):
        noise = bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
        assert not accepted(office, {}, {}, noise)
        assert not accepted(office, {}, {}, b"{" + noise + b"}")
