"""A certificate as tests issue it: made-up enterprise, issuer and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guiju.frontrunner.credential.certificate import issue
from guiju.frontrunner.credential.did import Method
from guiju.frontrunner.credential.issuer import Issuer
from guiju.frontrunner.credential.status import Entry, StatusList, list_credential
from guiju.frontrunner.credential.verify import Shown, verify
from guiju.report.signing import KeySigner, Signer
from guiju.standard.model import Title

DID = "did:web:evaluator.example"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)


def signer(seed: int) -> KeySigner:
    return KeySigner(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def issuer_of(*seeds: int, did: str = DID, **windows: datetime | None) -> Issuer:
    """An issuer with one key a seed; windows: expires_<seed>, revoked_<seed>"""
    keys = tuple(Method(f"{did}#key-{seed}", signer(seed).public, windows.get(f"expires_{seed}"), windows.get(f"revoked_{seed}")) for seed in seeds)
    return Issuer(did, Title("示例评估机构", "Example evaluator"), keys, illustrative=True)


def claims(**changed: Any) -> dict[str, Any]:
    return {
        "enterprise": {"code": "91310000MA1FL00000", "title": {"zh": "示例车企", "en": "Example maker"}},
        "standard": {"number": "Q/EXAMPLE 001-2026", "edition": "2026"},
        "models": [
            {"model": "EX-1", "level": 1, "evidenceHash": "e" * 64, "indicators": {
                "consumption_level": {"level": 1, "value": "10.9", "unit": "kWh/100 km"}, "range_level": {"level": 1, "value": "655", "unit": "km"}}},
            {"model": "EX-2", "level": 2, "evidenceHash": "f" * 64, "indicators": {
                "consumption_level": {"level": 1, "value": "82.5932064335", "fraction": "15000000/181613", "unit": "%"},
                "range_level": {"level": 2, "value": "605", "unit": "km"}}},
        ],
        "scheme": "bev-cars",
        "schemeHash": "9" * 64,
        "decisionRule": "guard",
        "evaluationStandard": {"number": "T/GUIJU 701-2026", "edition": "2026", "contentHash": "a" * 64},
        "libraryHash": "b" * 64,
        "snapshotHashes": ["c" * 64],
        "boardHash": "d" * 64,
        "engineVersion": "0.1.0",
        "level": 2,
        "illustrative": True,
        "evaluatedOn": "2026-11-15",
        "comparedOn": "2026-11-01",
        "decidedOn": "2026-11-20",
        **changed,
    }  # fmt: skip


@dataclass
class Office:
    """An issuer at work: its key, its two status lists, the documents a verifier has at hand."""

    issuer: Issuer = field(default_factory=lambda: issuer_of(1))
    seed: int = 1
    at: datetime = AT
    bits: dict[str, StatusList] = field(default_factory=lambda: {"revocation": StatusList(), "suspension": StatusList()})
    sign_with: Signer | None = None
    indexes: Mapping[str, int] = field(default_factory=lambda: {"revocation": 70_001, "suspension": 12_345})

    def address(self, purpose: str) -> str:
        return self.issuer.list_address(purpose)

    @property
    def signer(self) -> Signer:
        return self.sign_with or signer(self.seed)

    def entries(self) -> list[Entry]:
        return [Entry(self.address(purpose), self.indexes[purpose], purpose) for purpose in ("revocation", "suspension")]  # type: ignore[arg-type]

    def certificate(self, at: datetime | None = None, **changed: Any) -> dict[str, Any]:
        at = at or self.at
        name = "urn:uuid:6f1c1d1e-53ab-4d0e-9d2b-000000000001"
        return issue(claims(**changed), self.issuer, self.signer, id=name, valid_from=at, valid_until=at + YEAR, status=self.entries(), at=at)

    def lists(self, at: datetime | None = None) -> dict[str, dict[str, Any]]:
        made = (
            list_credential(self.address(purpose), purpose, bits, self.issuer, self.signer, at or self.at)  # type: ignore[arg-type]
            for purpose, bits in self.bits.items()
        )
        return {one["id"]: one for one in made}

    def verified(
        self, certificate: Any, at: datetime | None = None, lists: Mapping[str, Any] | None = None, documents: Mapping[str, Any] | None = None
    ) -> Shown:
        """What a verifier with these documents sees an hour after the lists were signed."""
        at_hand = self.lists() if lists is None else lists
        known = {self.issuer.did: self.issuer.document()} if documents is None else documents
        return verify(certificate, known.get, at_hand.get, at or self.at + timedelta(hours=1))
