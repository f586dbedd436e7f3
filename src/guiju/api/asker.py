"""Who asks: a person signed in, a program with a key, the one person at this machine, or anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guiju.base.diagnostics import Language

ROLES = ("admin", "author", "verifier", "evaluator", "enterprise", "operator", "regulator", "auditor", "public")


@dataclass(frozen=True, slots=True)
class Asker:
    """
    id             of the account; `public` and `here` where there is none
    organisations  identifier of an organisation → the roles held in it
    organisation   the one they act for
    by             how it is known who asks
    """

    id: str
    name: str
    title: str
    organisation: str | None
    organisations: dict[str, frozenset[str]]
    by: Literal["nobody", "session", "key", "machine"]

    @property
    def is_signed_in(self) -> bool:
        return self.by != "nobody"

    @property
    def roles(self) -> frozenset[str]:
        """Every role they have anywhere; everyone is `public`."""
        return frozenset({"public"}).union(*self.organisations.values())

    def has(self, role: str, organisation: str | None = None) -> bool:
        return role in (self.roles if organisation is None else self.organisations.get(organisation, frozenset()))


NOBODY = Asker("public", "public", "", None, {}, "nobody")


def person_at_this_machine(organisation: str = "here") -> Asker:
    """Single-user mode: whoever reaches the loopback address may do everything."""
    return Asker("here", "here", "", organisation, {organisation: frozenset(ROLES)}, "machine")


def preferred(words: str) -> Language | None:
    """The language an Accept-Language header asks for first, of those there are."""
    ranked = []
    for at, part in enumerate(words.split(",")[:20]):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        ranked.append((-weight, at, tag.strip().casefold()))
    for weight, _, tag in sorted(ranked):
        if weight < 0 and tag[:2] in ("zh", "en"):
            return "zh" if tag.startswith("zh") else "en"
    return None
