"""Who asks: a person signed in, a program with a key, the one person at this machine, or anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.store.people import ROLES, Account


@dataclass(frozen=True, slots=True)
class Asker:
    """
    id              of the account; `public` where there is none
    organisation    of the account; whose what they make is, unless they say another
    organisations   identifier of an organisation → the roles held in it; their own is always among them
    by              how it is known who asks
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

    def acting_for(self, organisation: str | None, roles: Iterable[str]) -> str:
        """The organisation they act for: the one they say, else their own; they must have one of the roles in it.

        raises   Refused: not-allowed
        """
        chosen = organisation or self.organisation
        wanted = frozenset(roles)
        if chosen is None or not wanted & self.organisations.get(chosen, frozenset()):
            raise Refused([Diagnostic("not-allowed-there", None, {"organisation": chosen or "—", "roles": ", ".join(sorted(wanted))})])
        return chosen


NOBODY = Asker("public", "public", "", None, {}, "nobody")


def asker_of(account: Account, by: Literal["session", "key"]) -> Asker:
    """An account as one who asks."""
    held: dict[str, frozenset[str]] = {account.organisation: frozenset()}
    for organisation, role in account.roles:
        held[organisation] = held.get(organisation, frozenset()) | {role}
    return Asker(account.id, account.name, account.title, account.organisation, held, by)


def person_at_this_machine(id_: str = "here", organisation: str = "here") -> Asker:
    """Single-user mode: whoever reaches the loopback address may do everything."""
    return Asker(id_, "here", "", organisation, {organisation: frozenset(ROLES)}, "machine")


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
