"""An independent implementation (@digitalbazaar/vc, JavaScript) accepts what is issued here and refuses each change; what it issues is good here.

`python3 dev.py test` installs it, as tests/credentials/package-lock.json says.
"""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import base58
import pytest

from frontrunner_certificates import AT, DID, YEAR, Office, issuer_of
from guiju.frontrunner.credential import multibase
from guiju.frontrunner.credential.certificate import certificate_bytes, context_document
from guiju.frontrunner.credential.proof import time_text

FOLDER = Path(__file__).parents[2] / "credentials"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def judge() -> Iterator[Any]:
    node = shutil.which("node")
    assert node and (FOLDER / "node_modules").is_dir(), "Node.js or its packages are missing; `python3 dev.py test` installs them"
    with subprocess.Popen([node, "verify.mjs"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as started:

        def ask(**job: Any) -> dict[str, Any]:
            assert started.stdin and started.stdout
            started.stdin.write(json.dumps(job) + "\n")
            started.stdin.flush()
            answer: dict[str, Any] = json.loads(started.stdout.readline())
            return answer

        yield ask
        assert started.stdin
        started.stdin.close()


def contexts(office: Office) -> dict[str, Any]:
    return {office.issuer.context: json.loads(context_document())}


def judged(judge: Any, office: Office, credential: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    known = {"documents": {DID: office.issuer.document()}, "lists": office.lists(), "contexts": contexts(office), "at": time_text(AT + HOUR)}
    found: dict[str, Any] = judge(**{"do": "verify", "credential": credential, **known, **given})
    return found


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every single value stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*above, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from places(inner, (*above, at))
    else:
        yield above


def altered(plain: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    made = copy.deepcopy(plain)
    inner: Any = made
    for step in place[:-1]:
        inner = inner[step]
    old = inner[place[-1]]
    inner[place[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else old[:-1] + ("0" if old[-1] != "0" else "1")
    return made


def test_it_accepts_what_is_issued_here_as_written_to_a_file(judge: Any):
    office = Office()
    assert judged(judge, office, json.loads(certificate_bytes(office.certificate()))) == {"verified": True}


def test_it_refuses_a_change_of_any_value(judge: Any):
    office = Office()
    made = office.certificate()
    every = list(places(made))
    assert len(every) > 45
    accepted = [place for place in every if judged(judge, office, altered(made, place)).get("verified") is not False]
    assert accepted == []


def test_it_refuses_what_is_expired_early_suspended_withdrawn_or_rests_on_an_old_list(judge: Any):
    office = Office()
    made, before = office.certificate(), office.lists()
    late = AT + YEAR + HOUR
    assert "validUntil" in judged(judge, office, made, at=time_text(late), lists=office.lists(late))["reason"]
    assert "validFrom" in judged(judge, office, made, at=time_text(AT - HOUR))["reason"]
    assert judged(judge, office, made, at=time_text(AT + timedelta(hours=25)))["reason"] == "status list out of its period"
    office.bits["suspension"].set(12_345, True)
    assert judged(judge, office, made) == {"verified": False, "reason": "status: suspension"}
    office.bits["revocation"].set(70_001, True)
    assert judged(judge, office, made) == {"verified": False, "reason": "status: revocation, suspension"}
    assert judged(judge, office, made, lists=before) == {"verified": True}


def test_it_refuses_lists_altered_or_absent_and_keys_revoked_or_unknown(judge: Any):
    office = Office()
    made = office.certificate()
    lists = office.lists()
    for address, one in lists.items():
        for place in places(one):
            assert not judged(judge, office, made, lists={**lists, address: altered(one, place)})["verified"], place
        assert not judged(judge, office, made, lists={other: lists[other] for other in lists if other != address})["verified"]
    revoked = issuer_of(1, 2, revoked_1=AT + HOUR)
    assert "not authorized" in judged(judge, office, made, documents={DID: revoked.document()})["reason"]
    assert not judged(judge, office, made, documents={DID: issuer_of(2).document()})["verified"]
    assert judged(judge, office, made, documents={DID: issuer_of(1, 2, expires_1=AT + HOUR).document()})["verified"]


def test_every_term_of_a_certificate_and_of_a_list_is_defined(judge: Any):
    """Safe mode refuses a term that no context defines."""
    office = Office()
    for credential in (office.certificate(), *office.lists().values()):
        found = judge(do="expand", credential=credential, contexts=contexts(office))
        assert "expanded" in found, found
    wrong = office.certificate()
    wrong["credentialSubject"]["undefinedTerm"] = "x"
    assert "expanded" not in judge(do="expand", credential=wrong, contexts=contexts(office))


def test_what_it_issues_is_good_here(judge: Any):
    office = Office()
    plain = {name: value for name, value in office.certificate().items() if name != "proof"}
    method = office.issuer.keys[0]
    secret = multibase.base58btc(b"\x80\x26" + bytes([1]) * 32)
    assert base58.b58decode(secret[1:])[2:] == bytes([1]) * 32
    key = {
        "id": method.id,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": multibase.multikey(method.public),
        "secretKeyMultibase": secret,
    }
    answer = judge(do="issue", credential=plain, key=key, at=time_text(AT), contexts=contexts(office))
    shown = office.verified(answer["credential"])
    assert shown.method == method.id and shown.signed == AT
    assert answer["credential"]["proof"]["proofValue"] == office.certificate()["proof"]["proofValue"]
