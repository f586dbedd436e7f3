"""Interests: which organisation of the store acts for which enterprise, and who must keep out of whose matters.

An enterprise is known by its code, as in a library of declared standards; an organisation of the store acts for it once an operator has said so:
the same one declares for it in libraries.
Nobody evaluates, reviews or decides in a matter of an enterprise whose organisation they have a role in, or that they declared an interest in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.library.kept import OWNERS
from guiju.frontrunner.library.lookalike import skeleton
from guiju.frontrunner.process.cycle import Interest
from guiju.standard.model import Title
from guiju.store.access import first_organisation
from guiju.store.acts import Act
from guiju.store.belonging import Somebody
from guiju.store.database import Store
from guiju.store.people import organisation_named
from guiju.store.processes import Step
from guiju.store.registers import Entry, Kept, entries_of, entries_within, keep_entries
from guiju.store.tables import role_grant

CODE_MAX = 40


def bind_enterprise(store: Store, who: Somebody, code: str, title: Title, organisation: str) -> Kept:
    """Says which organisation of the store acts for an enterprise, from now on.

    organisation   by name or identifier
    raises         Refused: not-allowed-there, frontrunner-code, unknown-organisation; frontrunner-enterprise-alike, where its title is made to look
                   like another's
    """
    who.acting_for(first_organisation(store), ("operator", "admin"))
    code = code.strip()
    if not code or len(code) > CODE_MAX or not code.isprintable():
        raise Refused([Diagnostic("frontrunner-code", None, {"code": code[:CODE_MAX], "most": str(CODE_MAX)})])
    _refuse_alike(store, code, title)
    body = {"code": code, "zh": title.zh or code, "en": title.en or title.zh or code}
    return keep_entries(store, OWNERS, {code: (organisation_named(store, organisation), body)}, who.id)


def _refuse_alike(store: Store, code: str, title: Title) -> None:
    """Refuses a title that looks like the title of another enterprise and is written with other characters."""
    problems = Problems()
    for each in (other for other in enterprises(store) if other.code != code):
        for language in ("zh", "en"):
            own, there = getattr(title, language), str(each.body.get(language, ""))
            if own and there not in (own, "") and skeleton(own) == skeleton(there):
                problems.add("frontrunner-enterprise-alike", None, title=own, other=there, of=each.code)
    problems.refuse_errors()


def enterprises(store: Store) -> list[Entry]:
    """Every enterprise somebody acts for, by code."""
    return entries_of(store, OWNERS)


def bound(connection: Connection, codes: Iterable[str] | None = None) -> dict[str, str]:
    """Code → organisation that acts for it; those for whom nobody does are not in it."""
    found = entries_within(connection, OWNERS, None if codes is None else list(codes))
    return {each.code: each.organisation for each in found if each.organisation}


def acting_for_enterprise(connection: Connection, who: Somebody, code: str, roles: Iterable[str]) -> str:
    """The organisation that acts for an enterprise, in which whoever asks has a role for it.

    raises   Refused: frontrunner-enterprise-unbound, not-allowed-there
    """
    organisation = bound(connection, [code]).get(code)
    if organisation is None:
        raise Refused([Diagnostic("frontrunner-enterprise-unbound", None, {"code": code})])
    return who.acting_for(organisation, roles)


def conflicts(connection: Connection, actor: str, codes: Iterable[str], interests: Iterable[Interest]) -> dict[str, Title]:
    """Code → why an account must keep out of the matters of that enterprise: a role in its organisation, or an interest it declared.

    The account's roles are read as they are in this transaction, whatever it was asked with.
    """
    wanted = set(codes)
    roles = role_grant.select().with_only_columns(role_grant.c.organisation).where(role_grant.c.account == actor)
    own = set(connection.execute(roles).scalars())
    by_role = {code: Title("在该企业任职", "a role in that enterprise") for code, at in bound(connection, wanted).items() if at in own}
    declared = {e.enterprise: Title("申报过利益关系", "an interest declared") for e in interests if e.by == actor and e.enterprise in wanted}
    return by_role | declared


def refuse_conflicts(
    connection: Connection, wanted: Act, step: Step, codes: Iterable[str], interests: Iterable[Interest], problems: Problems
) -> None:  # fmt: skip
    """Reports every enterprise that is in the way of an act."""
    for code, why in sorted(conflicts(connection, step.actor, codes, interests).items()):
        problems.add("frontrunner-conflict", None, act_zh=wanted.title.zh, act_en=wanted.title.en, enterprise=code, why_zh=why.zh, why_en=why.en)


def titles_of(store: Store) -> Mapping[str, Title]:
    """Code → what the enterprise is called in the register."""
    return {each.code: Title(each.body.get("zh", each.code), each.body.get("en", each.code)) for each in enterprises(store)}
