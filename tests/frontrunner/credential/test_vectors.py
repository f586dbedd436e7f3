"""The published figures of eddsa-jcs-2022 (W3C vc-di-eddsa, TestVectors/eddsa-jcs-2022) and of Bitstring Status List come out here."""

import hashlib

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guiju.frontrunner.credential import multibase, strict
from guiju.frontrunner.credential.certificate import context_digest
from guiju.frontrunner.credential.issuer import EARLIER_CONTEXT_PATH
from guiju.frontrunner.credential.proof import holds, message, secured, time_of
from guiju.frontrunner.credential.status import StatusList
from guiju.report.signing import KeySigner

PUBLIC, PRIVATE = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
METHOD = f"did:key:{PUBLIC}#{PUBLIC}"
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
OPTIONS_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
SIGNATURE = "407cd12654b33d718ecbb99179a1506daaa849450bf3fc523cce3e1c96f8b80351da3f253d725c6f00b07c9e5448d50b3ef78012b9ab54255116d069c6dd2808"
VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"


def published_key() -> KeySigner:
    return KeySigner(Ed25519PrivateKey.from_private_bytes(base58.b58decode(PRIVATE[1:])[2:]))


def test_key_hashes_and_signature_are_the_published_ones():
    key, at = published_key(), time_of("2023-02-24T23:36:38Z")
    assert multibase.multikey(key.public) == PUBLIC and multibase.from_multikey(PUBLIC) == key.public
    made = secured(DOCUMENT, METHOD, key, at)
    assert strict.digest(DOCUMENT).hex() == DOCUMENT_HASH
    assert message(made, made["proof"]).hex() == OPTIONS_HASH + DOCUMENT_HASH
    assert made["proof"]["proofValue"] == VALUE
    assert multibase.from_base58btc(VALUE, 64).hex() == SIGNATURE
    assert holds(made, key.public)


def test_published_list_unpacks_to_the_shortest_list_with_no_bit_set():
    published = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    found = StatusList.decoded(published)
    assert len(found) == 131_072 and not any(found.get(index) for index in range(131_072))
    assert hashlib.sha256(bytes(16_384)).digest() == hashlib.sha256(found._bits).digest()


def test_first_index_is_the_left_most_bit():
    bits = StatusList()
    bits.set(0, True)
    bits.set(131_071, True)
    assert bits._bits[0] == 0x80 and bits._bits[-1] == 0x01
    again = StatusList.decoded(bits.encoded())
    assert again.get(0) and again.get(131_071) and not again.get(1)


def test_the_terms_of_a_version_never_change():
    """Certificates carry these digests: with another they would be refused. New terms are a further version at a path of its own."""
    assert context_digest(EARLIER_CONTEXT_PATH) == "sha384-V+ess1LChbMXUQDbVXRS61m5OdIrMi4VuLqZF/gMDUQbZxaHwkN1YZdbCpjeZODZ"
    assert context_digest() == "sha384-5PXYz+NRjia+Owx5FeWVEjoVZRDarX9JMZenev7PavE58yTgCCbmVnftvNhEKoVN"
