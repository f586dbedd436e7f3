"""Lists of cycles and certificates, and what the public zone asks of them: questions to the database, and CPU seconds, as there are more of them.

    python benchmarks/processes.py [CYCLES] [CERTIFICATES] [DATABASE]

One cycle with a published list and one issued certificate are made as the tests make them (`tests/certifying.py`; every figure is made up), and their
steps copied under new identifiers, as many as asked, into a store in a temporary folder; DATABASE: the URL of an empty PostgreSQL database instead.
Some of the certificates are withdrawn. Each row is one call, warm, after one that is not counted.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import event, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from certifying import Clock, issued, people, published
from guiju.frontrunner.process import acting, certifying, issuing, public
from guiju.frontrunner.zone.channels import changes
from guiju.store.canonical import new_id
from guiju.store.database import Store, store_at
from guiju.store.migrate import make_store
from guiju.store.tables import process, step

AT_ONCE, WITHDRAWN = 200, 20


def copied(store: Store, id_: str, times: int) -> None:
    """The steps of a process again and again; one in so many is marked withdrawn, where it is a certificate."""
    with store.reading() as connection:
        held = dict(connection.execute(select(process).where(process.c.id == id_)).one()._mapping)
        steps = [dict(row._mapping) for row in connection.execute(select(step).where(step.c.process == id_))]
    for first in range(0, times, AT_ONCE):
        made = [{**held, "id": new_id()} for _ in range(min(AT_ONCE, times - first))]
        for n, each in enumerate(made):
            if each["state"] == "valid" and n % WITHDRAWN == 0:
                each["state"] = "withdrawn"
        with store.writing() as connection:
            connection.execute(process.insert(), made)
            connection.execute(step.insert(), [{**each, "id": new_id(), "process": of["id"]} for of in made for each in steps])


def main() -> None:
    cycles, certificates = (int(word) for word in (*sys.argv[1:3], "1000", "10000")[:2])
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        opened = store_at(sys.argv[3], Path(folder)) if len(sys.argv) > 3 else store_at(folder)
        store = replace(opened, clock=clock)
        make_store(store, "benchmark")
        of = people(store)
        copied(store, published(of, clock), cycles - 1)
        copied(store, issued(of), certificates - 1)
        who = of.by("operator")
        asked: dict[str, Callable[[], object]] = {
            "cycles, as listed": lambda: acting.cycles_for(store, who),
            "certificates, as listed": lambda: certifying.certificates_for(store, who),
            "boards everybody may read": lambda: public.published_boards(store),
            "published lists": lambda: public.lists(store),
            "certificates, as the zone takes them": lambda: public.certificates(store),
            "feed of changes": lambda: changes(store, limit=1000),
            "bits of the status lists": lambda: public.statuses(store),
            "indexes taken": lambda: taken(store),
        }
        counted = [0]
        event.listen(store.engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1))
        print(f"{date.today()}; {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; {store.engine.dialect.name}; "
              f"{cycles:,} cycles, {certificates:,} certificates\n\n| | questions | CPU s | s |\n|---|---:|---:|---:|")  # fmt: skip
        for name, ask in asked.items():
            ask()
            counted[0], cpu, wall = 0, time.process_time(), time.perf_counter()
            ask()
            print(f"| {name} | {counted[0]:,} | {time.process_time() - cpu:.2f} | {time.perf_counter() - wall:.2f} |", flush=True)
        store.close()


def taken(store: Store) -> set[int]:
    with store.reading() as connection:
        return issuing.taken(connection)


if __name__ == "__main__":
    main()
