"""Issuers: who signs certificates and status lists, with which keys, and for how long a status list is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.credential import did as dids
from guiju.frontrunner.credential.did import Method
from guiju.report.signing import Signer
from guiju.standard.model import Title

CONTEXT_PATH, EARLIER_CONTEXT_PATH = "/frontrunners/context/v2", "/frontrunners/context/v1"
STATUS_PATH = "/frontrunners/status/"


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    did             did:web:…
    keys            every key that ever signed for it
    list_valid      how long a status list is good from its signing: the longest that a withdrawal can stay unseen
    list_refresh    how long it may be kept before the next is asked for
    illustrative    made up: marked so on whatever it issues
    """

    did: str
    title: Title
    keys: tuple[Method, ...]
    list_valid: timedelta = timedelta(hours=24)
    list_refresh: timedelta = timedelta(hours=1)
    illustrative: bool = False

    @property
    def base(self) -> str:
        """https://host"""
        found = dids.base_of(self.did)
        if found is None:
            raise Refused([Diagnostic("credential-issuer", None, {"did": self.did})])
        return found

    @property
    def context(self) -> str:
        """Where the context document of its certificates stands."""
        return self.base + CONTEXT_PATH

    def list_name(self, purpose: str, number: int = 1) -> str:
        """Of its status list for a purpose: the first, or one of those after it; issuers on one host have lists of their own."""
        return "-".join([*self.did.split(":")[3:], purpose, str(number)])

    def list_address(self, purpose: str, number: int = 1) -> str:
        """Where that list stands."""
        return f"{self.base}{STATUS_PATH}{self.list_name(purpose, number)}"

    def document(self) -> dict[str, Any]:
        """Its DID document."""
        return dids.document(self.did, self.keys)

    def method_for(self, signer: Signer, at: datetime) -> Method:
        """The key of its document that the signer holds.

        raises   Refused: credential-signer where it holds none; credential-key-revoked, credential-key-retired where it may not sign at that moment
        """
        method = next((key for key in self.keys if key.public == signer.public), None)
        if method is None:
            raise Refused([Diagnostic("credential-signer", None, {"did": self.did})])
        facts = {"method": method.id}
        if method.revoked is not None:
            raise Refused([Diagnostic("credential-key-revoked", None, {**facts, "date": method.revoked.isoformat()})])
        if method.expires is not None and at >= method.expires:
            raise Refused([Diagnostic("credential-key-retired", None, {**facts, "date": method.expires.isoformat()})])
        return method
