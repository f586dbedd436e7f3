"""Apart: long questions, such as proofs, answered in a process of their own, one at a time, while pages say how far it is.

A solver holds memory and a lock of its own and is not made for threads; a process can be waited for, and its answers are plain values, kept
for the next who asks the same.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.web.asking import Asked

ANSWERS_MAX, WAITING_MAX, WAIT_SECONDS = 128, 16, 2.5
Tell = Callable[[int | None, int | None], None]
_far: Any = None
"""In the process apart: how far it is, seen by the one that asked."""


def _begin(far: Any) -> None:
    global _far  # noqa: PLW0603 – the one thing a process of a pool is given
    _far = far
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _answered(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, tuple[Diagnostic, ...]]:
    def tell(done: int | None, total: int | None) -> None:
        _far[0], _far[1] = done or 0, total or 0

    tell(0, 0)
    try:
        return function(tell, *arguments), ()
    except Refused as refused:  # an exception that carries more than a text does not travel
        return None, refused.diagnostics


@dataclass(frozen=True, slots=True)
class Answer:
    """value   None as long as it is not there; then `done` of `total` steps are, 0 of 0 while others wait before it"""

    value: Any
    done: int = 0
    total: int = 0


class Apart:
    """The process, and the answers it gave last."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._held: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._pool: ProcessPoolExecutor | None = None
        self._far: Any = None

    def ask(self, key: Hashable, function: Callable[..., Any], *arguments: Any, seconds: float = WAIT_SECONDS) -> Answer:
        """The answer if it is there within some seconds, else how far it is.

        function   of a module, given `tell(done, total)` and the arguments; what it gives can be pickled
        raises     Refused: what the function refused, apart-broken, proof-busy
        """
        future = self._asked(key, function, arguments)
        try:
            value, refused = future.result(seconds)
        except NotYet:
            done, total = (int(self._far[0]), int(self._far[1])) if future.running() else (0, 0)
            return Answer(None, done, total)
        except BrokenProcessPool:
            with self._turn:
                self._pool, self._held = None, OrderedDict()
            raise Refused([Diagnostic("apart-broken", None, {})]) from None
        if refused:
            raise Refused(refused)
        return Answer(value)

    def _asked(self, key: Hashable, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        with self._turn:
            if key not in self._held:
                if self._pool is None:
                    context = multiprocessing.get_context("spawn")
                    self._far = context.Array("l", 2, lock=False)
                    self._pool = ProcessPoolExecutor(1, context, _begin, (self._far,))
                if sum(not each.done() for each in self._held.values()) >= WAITING_MAX:
                    raise Refused([Diagnostic("proof-busy", None, {"seconds": "0"})])
                self._held[key] = self._pool.submit(_answered, function, arguments)
                while len(self._held) > ANSWERS_MAX:
                    self._held.popitem(last=False)[1].cancel()
            self._held.move_to_end(key)
            return self._held[key]

    def close(self) -> None:
        """Ends the process; what waits is given up."""
        with self._turn:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def apart_of(who: Asked) -> Apart:
    state = who.request.app.state
    if not hasattr(state, "apart"):
        state.apart = Apart()
    found: Apart = state.apart
    return found
