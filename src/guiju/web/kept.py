"""Kept: what pages of the store have in common: its words, who is who, which edition an identifier is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from guiju.base.diagnostics import Diagnostic, Refused, Severity
from guiju.store.database import Store
from guiju.store.editions import Edition, edition_named, editions_of, shelves_seen_by
from guiju.store.people import account_names, organisations
from guiju.web.asking import Asked, asked
from guiju.web.opening import library_of
from guiju.web.rendering import render

KINDS = {
    "evaluation": ("评价", "Evaluation"), "proof": ("证明", "Proof"), "aggregate": ("汇总", "Aggregation"), "report": ("报告", "Report"),
    "comparison": ("比较", "Comparison"), "dossier": ("标准验证", "Verification of a standard"), "study": ("协同试验的分析", "Study analysed"),
    "board": ("排行榜", "Boards"), "proposal": ("等级界限的建议", "Levels proposed"),
    "library": ("导入标准库", "Import of a library"),
}  # fmt: skip
"""Words of kinds of work; one that is not here is called by its name."""
STATES = {
    "queued": ("…", "等候", "queued"), "running": ("▸", "在做", "running"), "done": ("✓", "完成", "done"), "failed": ("✗", "失败", "failed"),
    "cancelled": ("–", "已取消", "cancelled"),
}  # fmt: skip
ROLES = {
    "admin": ("管理员", "administrator"), "author": ("起草人", "author"), "verifier": ("验证人员", "verifier"),
    "evaluator": ("评价人员", "evaluator"), "enterprise": ("企业", "enterprise"), "operator": ("运营方", "operator"),
    "regulator": ("监管方", "regulator"), "auditor": ("审计员", "auditor"), "public": ("公众", "public"),
}  # fmt: skip


def store_of(who: Asked) -> Store:
    """raises   Refused: no-store"""
    if who.store is None:
        raise Refused([Diagnostic("no-store", None, {})])
    found: Store = who.store
    return found


@dataclass(frozen=True)
class Words:
    """What templates of these pages ask: how kinds, states, roles, moments, accounts and editions are called."""

    who: Asked
    accounts: Mapping[str, str]
    editions: Mapping[str, Edition]

    def kind(self, name: str) -> str:
        return self.who.say(*KINDS.get(name, (name, name)))

    def state(self, name: str) -> str:
        mark, zh, en = STATES[name]
        return f"{mark} {self.who.say(zh, en)}"

    def role(self, name: str) -> str:
        return self.who.say(*ROLES.get(name, (name, name)))

    def account(self, id_: str) -> str:
        return self.accounts.get(id_, id_)

    def moment(self, at: datetime | None) -> str:
        return "—" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    def number(self, id_: str) -> str:
        return self.editions[id_].number if id_ in self.editions else id_


def words(who: Asked, accounts: Iterable[str] = (), editions: Iterable[str] = ()) -> Words:
    """Looks up the names that a page will show."""
    store = store_of(who)
    return Words(who, account_names(store, list(accounts)), editions_of(store, editions))


def page_of(request: Request, template: str, words_: Words, status: int = 200, **context: Any) -> Response:
    """A page of the store: what it shows is for whoever asks, and not kept by the browser."""
    response = render(request, template, status, words=words_, **context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def after_last(found: Sequence[Any], limit: int) -> str | None:
    """The identifier a further page begins at, where one more was asked for than a page holds."""
    return str(found[limit - 1].id) if len(found) > limit else None


def acting(who: Asked, roles: Iterable[str]) -> list[tuple[str, str]]:
    """(identifier, title) of the organisations somebody may act for, their own first."""
    wanted = frozenset(roles)
    titles = {id_: title or name for id_, name, title in organisations(store_of(who))}
    held = [id_ for id_, roles_ in who.user.organisations.items() if wanted & roles_ and id_ in titles]
    return [(id_, titles[id_]) for id_ in sorted(held, key=lambda id_: (id_ != who.user.organisation, titles[id_]))]


def edition_meant(who: Asked, word: str) -> str:
    """The identifier of the edition in the store that a word of the library names: the very text the library shows.

    raises   Refused: unknown-edition, unknown-standard
    """
    store, held = store_of(who), library_of(who)
    name = held.number(word)
    seen = shelves_seen_by(store, who.user.organisations)
    if name is None:
        return edition_named(store, word, seen).id
    head = held.head(name)
    if head is not None and head.published_as is not None:
        return head.published_as.edition.id
    shown = who.shelf.open(held.paths[name]).standard
    if shown is not None:
        from guiju.store.editions import editions

        same = [e for e in editions(store, [name], shelves=seen, latest=False) if e.number == name and e.content_hash == shown.content_hash]
        if same:
            return same[-1].id
    return edition_named(store, name, seen).id


def diagnostics_of(failure: Iterable[Mapping[str, Any]], who: Asked) -> list[dict[str, Any]]:
    """Diagnostics that were kept as JSON, in the language of whoever asks; an error first."""
    order = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE}
    told = [{"severity": order[d["severity"]], "text": d[who.language], "help": d[f"help_{who.language}"], "code": d["code"]} for d in failure]
    return sorted(told, key=lambda d: -d["severity"])


def here(request: Request) -> tuple[Asked, Store]:
    """Who asks, and the store.

    raises   Refused: no-store
    """
    who = asked(request)
    return who, store_of(who)
