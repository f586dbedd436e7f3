"""Workers: they claim jobs, do them piece by piece, and let go of them when they are told to or can no longer hold them."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.database import Store
from guiju.store.files import Kept, put
from guiju.store.jobs import LEASE_SECONDS, Lease, LeaseLost, claim, fail, finish, keep_piece, pieces_of, release, renew, stop, tell_done
from guiju.store.kinds.aggregation import aggregation
from guiju.store.kinds.evaluation import evaluation
from guiju.store.kinds.proof import proof
from guiju.store.kinds.work import Kind, Watched
from guiju.store.results import Request

KINDS: Mapping[str, Kind] = {"evaluation": evaluation, "proof": proof, "aggregate": aggregation}
"""The kinds of work the store knows by itself."""
POLL_SECONDS = 0.5
AWAY = frozenset(("store-unreachable", "store-busy"))
"""What passes by itself: a job is not at fault when the database is away."""
log = logging.getLogger("guiju.store")


class Ending(Exception):
    """The worker is asked to end, or the job to be cancelled."""


@dataclass
class Worker:
    """One worker of one process. `until` ends it between two pieces; the job it holds then goes back to the others.

    kinds   those it takes; a larger table than `KINDS` where parts add theirs
    """

    store: Store
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    lease_seconds: float = LEASE_SECONDS
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")
    until: threading.Event = field(default_factory=threading.Event)

    def run(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Works until it is told to end. What the database cannot do for a while is tried again."""
        tell("worker.started", worker=self.name)
        is_away = False
        while not self.until.is_set():
            try:
                worked = self.once()
            except Refused as refused:
                worked = None
                if not is_away:
                    tell("store.away", logging.ERROR, reason=[each.as_json() for each in refused.diagnostics])
                is_away = True
            else:
                if is_away:
                    tell("store.back")
                is_away = False
            if worked is None:
                self.until.wait(poll_seconds)
        tell("worker.ended", worker=self.name)

    def drain(self) -> list[str]:
        """Works until nothing waits; gives the jobs it had."""
        had: list[str] = []
        while not self.until.is_set() and (id_ := self.once()) is not None:
            had.append(id_)
        return had

    def once(self) -> str | None:
        """Claims one job and does it; gives its identifier, or None where nothing waits."""
        found = claim(self.store, self.name, self.lease_seconds, list(self.kinds))
        if found is None:
            return None
        held, lease = found
        about: dict[str, Any] = {"job": held.id, "kind": held.request.kind, "attempt": lease.attempt}
        began = time.monotonic()
        tell("job.started", **about)
        try:
            with self._holding(lease) as still_held:
                became = self._work(held.request, lease, still_held)
        except LeaseLost:
            became = "lost"  # whoever holds it now goes on after the pieces that were kept
        tell(f"job.{became}", logging.ERROR if became == "failed" else logging.INFO, **about, seconds=round(time.monotonic() - began, 3))
        return held.id

    def _work(self, request: Request, lease: Lease, still_held: Callable[[], None]) -> str:
        """What became of the job: done, failed, cancelled, or released for another.

        raises   LeaseLost; Refused where the database is away: the lease then runs out, and the work goes on after the pieces that were kept
        """
        try:
            with self.kinds[request.kind](self.store, request) as work:
                if isinstance(work, Watched):
                    work.watched_by(lambda done: self._tell_done(lease, still_held, done, work.total))
                kept = pieces_of(self.store, lease.job)
                for number in range(work.pieces):
                    still_held()
                    if number not in kept:
                        kept[number] = work.piece(number, self._put)
                        keep_piece(self.store, lease, number, kept[number], work.total)
                still_held()
                outcome = work.whole([kept[number] for number in range(work.pieces)])
                also = outcome.effect() if outcome.effect is not None else None
                still_held()
                finish(self.store, lease, outcome, also)
                return "done"
        except Ending:
            is_released = self.until.is_set()
            (release if is_released else stop)(self.store, lease)
            return "released" if is_released else "cancelled"
        except Refused as refused:
            if any(each.code in AWAY for each in refused.diagnostics):
                raise
            fail(self.store, lease, refused.diagnostics)
        except LeaseLost:
            raise
        except Exception as error:
            # A fault of Guiju's own ends the job and not the worker, and says where it lies.
            log.error("fault", exc_info=error, extra={"fields": {"job": lease.job}})
            fail(self.store, lease, [Diagnostic("job-fault", None, {"kind": request.kind, "reason": f"{type(error).__name__}: {error}"})])
        return "failed"

    def _tell_done(self, lease: Lease, still_held: Callable[[], None], done: int, total: int) -> None:
        """
        raises   Ending, LeaseLost
        """
        try:
            still_held()
            tell_done(self.store, lease, done, total)
        except Refused:  # the database is away: how far it is can be told later
            return

    def _put(self, ending: str, write: Callable[[Path], object]) -> Kept:
        return put(self.store, "results", ending, write)

    @contextmanager
    def _holding(self, lease: Lease) -> Iterator[Callable[[], None]]:
        """Renews the lease beside the work. What it gives is asked between pieces: it raises where the work is to end, or is another's now."""
        done, lost, ending = threading.Event(), threading.Event(), threading.Event()

        def keep() -> None:
            while not done.wait(self.lease_seconds / 3):
                try:
                    if not renew(self.store, lease, self.lease_seconds):
                        ending.set()
                except LeaseLost:
                    lost.set()
                    return
                except Refused:  # the database is away: the next turn tries again, and the lease runs out if it stays away
                    continue

        def still_held() -> None:
            if lost.is_set():
                raise LeaseLost
            if ending.is_set() or self.until.is_set() or not renew(self.store, lease, self.lease_seconds):
                raise Ending

        beat = threading.Thread(target=keep, name=f"lease of {lease.job}", daemon=True)
        beat.start()
        try:
            yield still_held
        finally:
            done.set()
            beat.join()


def tell(event: str, level: int = logging.INFO, **fields: object) -> None:
    """A line in the log."""
    log.log(level, event, extra={"fields": fields})
