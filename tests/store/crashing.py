"""What is killed: a process that works on a store as fast as it can. `python crashing.py WORD PLACE FILES …`; it tells what it has committed."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from guiju.app import kinds
from guiju.store.archive import restore
from guiju.store.database import Store, store_at
from guiju.store.kinds import evaluation
from guiju.store.migrate import make_store
from guiju.store.people import organisation_named
from guiju.store.sets import keep_records
from guiju.store.worker import Worker


def told(word: str) -> None:
    print(word, flush=True)


def work(store: Store, rows: str) -> None:
    """Does what waits in small pieces, under short leases."""
    evaluation.PIECE_ROWS = int(rows)
    duckdb.execute("SELECT 1")
    told("ready")
    Worker(store, kinds(), lease_seconds=1).run(poll_seconds=0.1)


def keep(store: Store, records: str) -> None:
    """Keeps sets of records, each with other content, one after the other."""
    organisation, folder = organisation_named(store, "local"), Path(records)
    told("ready")
    for n in range(10_000):
        file = folder / f"{n}.csv"
        file.write_text(f"a,b\n{n},{n}\n" * 50, encoding="utf-8")
        held, _ = keep_records(store, file, organisation, "test")
        told(held.id)


def bring_back(store: Store, archive: str) -> None:
    told("ready")
    restore(store, Path(archive), "test")
    told("restored")


def make(store: Store, _: str) -> None:
    told("ready")
    make_store(store, "test")
    told("made")


if __name__ == "__main__":
    _, word, place, files, rest = sys.argv
    {"work": work, "keep": keep, "restore": bring_back, "make": make}[word](store_at(place, Path(files) if files else None), rest)
