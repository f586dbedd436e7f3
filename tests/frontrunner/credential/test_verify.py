"""A certificate is good only as issued; whatever else is brought is refused, with every reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from frontrunner_certificates import AT, DID, YEAR, Office, claims, issuer_of, signer
from guiju.base.codes import CODES
from guiju.base.diagnostics import Refused
from guiju.frontrunner.credential import multibase, strict
from guiju.frontrunner.credential.certificate import certificate_bytes, issue
from guiju.frontrunner.credential.proof import secured
from guiju.frontrunner.credential.said import Indicated, lowest_levels, models_said, said_by, value_said
from guiju.frontrunner.credential.status import BITS_MAX, Entry, StatusList, free_index
from guiju.frontrunner.credential.verify import verify

HOUR = timedelta(hours=1)


@pytest.fixture
def office() -> Office:
    return Office()


def codes(call: Callable[[], Any]) -> set[str]:
    with pytest.raises(Refused) as refused:
        call()
    for found in refused.value.diagnostics:
        assert found.message("zh") and found.message("en") and "{" not in found.message("zh") + found.message("en") + found.help("en")
    return {found.code for found in refused.value.diagnostics}


def with_(plain: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The same with another value at /a/b/0; None takes it out."""
    made = copy.deepcopy(plain)
    *above, last = [int(step) if step.isdigit() else step for step in place.strip("/").split("/")]
    inner: Any = made
    for step in above:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return made


def signed_again(office: Office, plain: dict[str, Any], method: str | None = None) -> dict[str, Any]:
    """The altered document signed by the issuer's own key: what is wrong is then not the signature."""
    bare = {name: value for name, value in plain.items() if name != "proof"}
    return secured(bare, method or office.issuer.keys[0].id, signer(office.seed), office.at)


def test_a_certificate_is_good_as_issued_as_bytes_and_as_an_object(office: Office):
    made = office.certificate()
    shown = office.verified(made)
    assert shown.issuer == DID and shown.method == f"{DID}#key-1" and shown.signed == AT
    assert shown.claims["models"][0]["indicators"][0] == {"name": "consumption_level", "level": 1, "value": "10.9", "unit": "kWh/100 km"}
    assert office.verified(certificate_bytes(made)) == shown
    assert office.verified(json.dumps(made, indent=2).encode()) == shown
    assert set(shown.lists.values()) == {AT + timedelta(hours=24)}


def test_signing_twice_gives_the_same_bytes(office: Office):
    assert certificate_bytes(office.certificate()) == certificate_bytes(office.certificate())


ALTERED = [
    ("/credentialSubject/level", 1, {"credential-false", "credential-field"}),
    ("/credentialSubject/enterprise/title/en", "Other maker", {"credential-false"}),
    ("/credentialSubject/illustrative", False, {"credential-false"}),
    ("/credentialSubject/extra", 1, {"credential-false", "credential-field"}),
    ("/credentialSubject/level", 4, {"credential-false", "credential-field"}),
    ("/validUntil", "2037-01-01T00:00:00Z", {"credential-false"}),
    ("/credentialStatus/0/statusListIndex", "5", {"credential-false"}),
    ("/credentialStatus/0/statusListIndex", "131072", {"credential-false", "credential-list-index"}),
    ("/credentialStatus/0", None, {"credential-false", "credential-field"}),
    ("/credentialStatus/0/statusPurpose", "suspension", {"credential-false", "credential-field", "credential-list-purpose"}),
    ("/@context/1", "https://other.example/frontrunners/context/v2", {"credential-context", "credential-proof"}),
    ("/relatedResource/0/digestSRI", "sha384-AAAA", {"credential-context", "credential-false"}),
    ("/issuer", "did:web:other.example", {"credential-no-document", "credential-context", "credential-list-issuer"}),
    ("/issuer", "did:web:evaluаtor.example", {"credential-deceptive", "credential-issuer", "credential-context", "credential-list-issuer"}),
    (
        "/issuer",
        "did:web:xn--evalutor-8ij.example",
        {"credential-deceptive", "credential-no-document", "credential-context", "credential-list-issuer"},
    ),
    ("/issuer", "did:web:Evaluator.example", {"credential-issuer", "credential-context", "credential-list-issuer"}),
    ("/issuer", "did:key:z6Mk", {"credential-issuer", "credential-context", "credential-list-issuer"}),
    ("/proof", None, {"credential-proof"}),
    ("/proof/type", "Other", {"credential-proof"}),
    ("/proof/cryptosuite", "eddsa-rdfc-2022", {"credential-proof"}),
    ("/proof/proofPurpose", "authentication", {"credential-purpose"}),
    ("/proof/created", "2026-11-22", {"credential-proof"}),
    ("/proof/created", "2026-11-22T09:29:00Z", {"credential-false"}),
    ("/proof/created", "2026-12-22T09:29:00Z", {"credential-false", "credential-signed-later"}),
    ("/proof/nonce", "1", {"credential-proof"}),
    ("/proof/verificationMethod", f"{DID}#key-9", {"credential-key"}),
    ("/proof/verificationMethod", "did:web:other.example#key-1", {"credential-controller", "credential-key"}),
    ("/proof/proofValue", "z" + "1" * 80, {"credential-base58"}),
    ("/proof/proofValue", "z0OIl", {"credential-base58"}),
]


@pytest.mark.parametrize(("place", "value", "wanted"), ALTERED, ids=[f"{place} {value}"[:60] for place, value, _ in ALTERED])
def test_an_altered_field_is_told(office: Office, place: str, value: Any, wanted: set[str]):
    assert codes(lambda: office.verified(with_(office.certificate(), place, value))) == wanted


def test_a_signature_in_another_way_of_writing_it_is_none(office: Office):
    made = office.certificate()
    raw = multibase.from_base58btc(made["proof"]["proofValue"], 64)
    assert codes(lambda: office.verified(with_(made, "/proof/proofValue", multibase.base64url(raw)))) == {"credential-base58"}
    assert codes(lambda: office.verified(with_(made, "/proof/proofValue", "z1" + made["proof"]["proofValue"][1:]))) == {"credential-base58"}


def test_period(office: Office):
    made = office.certificate()
    assert codes(lambda: office.verified(made, at=AT - HOUR, lists=office.lists(AT - 2 * HOUR))) == {"credential-early", "credential-signed-later"}
    late = AT + YEAR + HOUR
    assert codes(lambda: office.verified(made, at=late, lists=office.lists(late))) == {"credential-late"}


def test_suspended_comes_back_withdrawn_is_told_with_it(office: Office):
    made = office.certificate()
    office.bits["suspension"].set(12_345, True)
    assert codes(lambda: office.verified(made)) == {"credential-suspended"}
    office.bits["revocation"].set(70_001, True)
    assert codes(lambda: office.verified(made)) == {"credential-suspended", "credential-withdrawn"}
    office.bits = {purpose: StatusList() for purpose in office.bits}
    assert office.verified(made)


def test_a_list_of_before_the_withdrawal_is_too_old_a_day_later(office: Office):
    made, before = office.certificate(), office.lists()
    later = AT + timedelta(hours=25)
    assert office.verified(made, lists=before)
    assert codes(lambda: office.verified(made, at=later, lists=before)) == {"credential-late"}
    office.bits["revocation"].set(70_001, True)
    assert codes(lambda: office.verified(made, at=later, lists=office.lists(later))) == {"credential-withdrawn"}


def lists_with(office: Office, change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    address = office.address("revocation")
    lists = office.lists()
    return {**lists, address: change(lists[address])}


def subject(office: Office, **changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda one: signed_again(office, {**one, "credentialSubject": {**one["credentialSubject"], **changed}})


def test_a_list_that_is_not_right_is_no_list(office: Office):
    made = office.certificate()
    other = Office(issuer=issuer_of(2, did="did:web:other.example"), seed=2)
    documents = {DID: office.issuer.document(), other.issuer.did: other.issuer.document()}

    def told(change: Callable[[dict[str, Any]], dict[str, Any]]) -> set[str]:
        return codes(lambda: office.verified(made, lists=lists_with(office, change), documents=documents))

    short = multibase.base64url(__import__("gzip").compress(bytes(16_383)))
    bomb = multibase.base64url(__import__("gzip").compress(bytes(BITS_MAX // 8 + 1)))
    assert codes(lambda: office.verified(made, lists={})) == {"credential-no-list"}
    assert told(lambda one: with_(one, "/proof", None)) == {"credential-proof"}
    assert told(lambda one: with_(one, "/credentialSubject/encodedList", StatusList().encoded() + "A")) == {
        "credential-false",
        "credential-list-form",
    }
    assert told(lambda one: with_(one, "/validUntil", "2030-01-01T00:00:00Z")) == {"credential-false"}
    assert told(lambda one: {"no": "list"}) >= {"credential-list-form", "credential-list-issuer", "credential-list-purpose", "credential-proof"}
    assert told(lambda one: b"not JSON") == {"credential-json"}
    for wrong in ("u", "", None, 7, short, bomb, "z" + StatusList().encoded()[1:]):
        assert told(subject(office, encodedList=wrong)) == {"credential-list-form"}
    assert told(subject(office, statusPurpose="suspension")) == {"credential-list-purpose"}
    assert told(lambda one: signed_again(office, with_(one, "/id", office.address("other")))) == {"credential-list-form"}
    assert told(lambda one: signed_again(office, with_(one, "/validUntil", None))) == {"credential-list-form"}
    foreign = {**office.lists()[office.address("revocation")], "issuer": other.issuer.did}
    assert told(lambda one: secured({k: v for k, v in foreign.items() if k != "proof"}, other.issuer.keys[0].id, signer(2), AT)) == {
        "credential-list-issuer"
    }


def test_a_key_that_expired_keeps_what_it_signed_and_signs_no_more(office: Office):
    made, lists = office.certificate(), office.lists()
    later = AT + timedelta(days=2)
    rotated = Office(issuer=issuer_of(1, 2, expires_1=AT + timedelta(days=1)), seed=2, at=later)
    assert rotated.verified(made).method == f"{DID}#key-1"
    assert rotated.verified(rotated.certificate()).method == f"{DID}#key-2"
    late = secured({k: v for k, v in made.items() if k != "proof"}, f"{DID}#key-1", signer(1), later)
    assert codes(lambda: rotated.verified(late)) == {"credential-key-retired"}
    rotated.seed = 1
    assert codes(rotated.certificate) == {"credential-key-retired"}
    revoked = Office(issuer=issuer_of(1, 2, revoked_1=AT + timedelta(days=1)), seed=1)
    assert codes(lambda: revoked.verified(made, lists=lists)) == {"credential-key-revoked"}
    assert codes(revoked.certificate) == {"credential-key-revoked"}
    revoked.seed = 3
    assert codes(revoked.certificate) == {"credential-signer"}


def test_a_document_that_is_not_the_issuers_is_none(office: Office):
    made, document = office.certificate(), office.issuer.document()

    def told(changed: Any) -> set[str]:
        return codes(lambda: office.verified(made, documents={DID: changed}))

    assert told(with_(document, "/id", "did:web:other.example")) == {"credential-did"}
    assert told(with_(document, "/verificationMethod", 1)) == {"credential-did"}
    assert told(with_(document, "/verificationMethod/0/publicKeyMultibase", "z6Mk")) == {"credential-did"}
    assert told(with_(document, "/verificationMethod/0/type", "JsonWebKey")) == {"credential-did"}
    assert told(with_(document, "/verificationMethod/0/expires", "soon")) == {"credential-did"}
    assert told(with_(document, "/verificationMethod/0/controller", "did:web:other.example")) == {"credential-controller"}
    assert told(with_(document, "/assertionMethod", [])) == {"credential-key-purpose"}
    assert told(with_(document, "/verificationMethod", [])) == {"credential-key"}
    assert told(b"[]") == {"credential-json"}
    assert told(issuer_of(2).document() | {"verificationMethod": issuer_of(2).document()["verificationMethod"]}) == {"credential-key"}
    swapped = with_(document, "/verificationMethod/0/publicKeyMultibase", multibase.multikey(signer(2).public))
    assert told(swapped) == {"credential-false"}


def test_json_that_can_be_read_in_two_ways_is_not_read(office: Office):
    data = certificate_bytes(office.certificate())

    def told(changed: bytes) -> set[str]:
        return codes(lambda: office.verified(changed))

    assert told(b" " * strict.BYTES_MAX + data) == {"credential-large"}
    assert told(b"[" * 100_000) == {"credential-depth"}
    assert told(b'{"a":' * 17 + b"1" + b"}" * 17) == {"credential-depth"}
    assert told(data[:-1]) == {"credential-json"}
    assert told(b"\xff" + data) == {"credential-json"} == told(b"\xef\xbb\xbf" + data)
    assert told(data.replace(b'"level":1', b'"level":1,"level":1')) == {"credential-twice"}
    for number in (b"9007199254740993", b"1e400", b"0.1234567890123456789", b"NaN", b"1" * 5000, b"1e-99999999999999999999"):
        assert told(data.replace(b'"illustrative":true', b'"illustrative":' + number)) == {"credential-number"}
    assert told(data.replace(b'"scheme":"bev-cars"', b'"scheme":"\\ud800"')) == {"credential-text"}
    assert codes(lambda: office.verified({"a": {1, 2}})) == {"credential-json"}


def test_claims_that_are_not_right_are_not_issued_and_all_are_told(office: Office):
    bad = {"model": "", "indicators": {"a": {"level": 1, "value": 1.5, "unit": ""}}, "evidenceHash": "e" * 64}
    wrong = claims(models=[bad, {"model": "x"}], level=9, libraryHash="x", decidedOn="2026-02-30", indicators={}, more=1)

    def call() -> Any:
        return issue(wrong, office.issuer, signer(1), id="urn:uuid:1", valid_from=AT, valid_until=AT, status=office.entries(), at=AT)

    assert codes(call) == {"credential-field", "credential-period"}
    with pytest.raises(Refused) as refused:
        call()
    places = {found.facts["field"].removeprefix("/credentialSubject/") for found in refused.value.diagnostics if "field" in found.facts}
    assert places == {"models/0/model", "models/0/indicators/0/value", "models/1/evidenceHash", "models/1/indicators", "level", "libraryHash",
                      "decidedOn", "indicators", "more"}  # fmt: skip


def issued_fields(changed: dict[str, Any], office: Office) -> set[str]:
    """Which fields of the claims so changed are refused."""
    try:
        office.certificate(**changed)
    except Refused as refused:
        return {str(found.facts["field"]) for found in refused.diagnostics}
    return set()


def test_what_contradicts_itself_is_not_issued(office: Office):
    """A level of the whole that is not its models' lowest; a value that is not its fraction; one model, or indicator, twice; no day of comparison."""
    one, two = claims()["models"]
    assert issued_fields({"level": 1}, office) == {"/credentialSubject/level"}
    assert issued_fields({"models": [one], "level": 1}, office) == set()
    assert issued_fields({"models": [one, one], "level": 1}, office) == {"/credentialSubject/models"}
    without = {name: each for name, each in two.items() if name != "level"}
    assert issued_fields({"models": [one, without]}, office) == {"/credentialSubject/level"}
    for fraction in ("15000001/181613", "30000000/363226"):
        value = {"level": 1, "value": "82.5932064335", "fraction": fraction, "unit": "%"}
        made = {**two, "indicators": {"consumption_level": value}}
        assert issued_fields({"models": [one, made]}, office) == {"/credentialSubject/models/1/indicators/0/fraction"}
    listed = [{"name": "a", "level": 1, "value": "1", "unit": ""}] * 2
    assert issued_fields({"models": [{**one, "indicators": listed}], "level": 1}, office) == {"/credentialSubject/models/0/indicators"}
    assert issued_fields({"comparedOn": None}, office) == {"/credentialSubject/comparedOn"}


def test_one_of_the_earlier_form_is_still_good_and_still_proof_against_changes():
    """Issued before models had values of their own, and kept as it was."""
    held = json.loads((Path(__file__).parent / "earlier" / "v1.json").read_text("utf-8"))
    documents, lists = {held["document"]["id"]: held["document"]}, {each["id"]: each for each in held["lists"]}
    shown = verify(held["certificate"], documents.get, lists.get, AT + timedelta(hours=1))
    said = said_by(shown.claims)
    assert [each.models for each in said] == [("EX-1", "EX-2")] and not said[0].is_own
    assert lowest_levels(shown.claims) == {"consumption_level": 1, "range_level": 2} and models_said(shown.claims) == ("EX-1", "EX-2")
    changed = with_(held["certificate"], "/credentialSubject/indicators/0/value", "10.8")
    assert codes(lambda: verify(changed, documents.get, lists.get, AT + timedelta(hours=1))) == {"credential-false"}
    new = with_(held["certificate"], "/@context/1", "https://evaluator.example/frontrunners/context/v2")
    assert "credential-field" in codes(lambda: verify(new, documents.get, lists.get, AT + timedelta(hours=1)))


def test_values_are_said_exactly_and_read_in_few_digits():
    for number, said, read in (
        ("0", {"value": "0"}, "0"), ("2100", {"value": "2100"}, "2100"), ("123456789/1000", {"value": "123456.789"}, "123457"),
        ("1/3", {"value": "0.333333333333", "fraction": "1/3"}, "0.3333"), ("-0.00012345", {"value": "-0.00012345"}, "-0.0001234"),
        ("15000000/181613", {"value": "82.5932064335", "fraction": "15000000/181613"}, "82.59"),
    ):  # fmt: skip
        assert value_said(Fraction(number)) == said
        assert Indicated("a", 1, said["value"], "km", said.get("fraction", "")).short == f"{read} km"
    long = value_said(Fraction(1, 2**90))
    assert long["value"] == "8.07793566946e-28" and Fraction(long["fraction"]) == Fraction(1, 2**90)
    assert "fraction" not in value_said(Fraction(10**300, 7))


def test_indexes_are_drawn_from_what_is_free():
    size = 131_072
    drawn = {free_index(set()) for _ in range(64)}
    assert len(drawn) > 60 and max(drawn) - min(drawn) > size // 4
    assert free_index(set(range(size)) - {777}) == 777
    assert codes(lambda: free_index(range(size))) == {"credential-list-full"}
    assert codes(lambda: StatusList(1024)) == {"credential-list-size"} == codes(lambda: StatusList(BITS_MAX + 8))
    for bits in (StatusList().get, lambda index: StatusList().set(index, True)):
        with pytest.raises(IndexError):
            bits(size)
    assert Entry("https://a.example/1", 7, "revocation").written()["statusListIndex"] == "7"


def test_every_reason_against_a_certificate_is_told_at_once(office: Office):
    made = with_(office.certificate(), "/credentialSubject/level", 7)
    office.bits["revocation"].set(70_001, True)
    office.bits["suspension"].set(12_345, True)
    late = AT + 2 * YEAR
    wanted = {"credential-field", "credential-false", "credential-late", "credential-withdrawn", "credential-suspended"}
    assert codes(lambda: office.verified(made, at=late)) == wanted
    assert all(code in CODES for code in wanted)
