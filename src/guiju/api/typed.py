"""Typed: who types a command that works on a store, as which account, and how they name a process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guiju.api.asker import Asker, asker_of
from guiju.api.keeping import machine
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import refusals
from guiju.store.database import Store, store_at
from guiju.store.migrate import require_current
from guiju.store.people import account_of


@dataclass(frozen=True)
class Here:
    store: Store
    who: Asker


@contextmanager
def opened(place: str, files: Path | None, who: str | None) -> Iterator[Here]:
    """The store, and who types: an account, or the one of this machine. What is wrong inside becomes its diagnostics and exit code 2."""
    with refusals():
        store = store_at(place, files)
        try:
            require_current(store)
            yield Here(store, machine(store) if who is None else asker_of(account_of(store, who), "key"))
        finally:
            store.close()


def one_named(held: Iterable[tuple[str, Collection[str]]], word: str) -> str:
    """The identifier of a process by it, by how it ends, or by what it is called: the first.

    held     (identifier, what it is called), the newest first
    raises   Refused: unknown-process
    """
    found = next((id_ for id_, called in held if word == id_ or word in called or (len(word) >= 6 and id_.endswith(word))), None)
    if found is None:
        raise Refused([Diagnostic("unknown-process", None, {"name": word})])
    return found
