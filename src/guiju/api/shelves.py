"""Shelves: the shelf whoever asks is shown: the shipped one, and beside it the editions of the store they may see."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guiju.api.asker import Asker
from guiju.api.library import Programs, SharedShelf
from guiju.base.diagnostics import Refused
from guiju.store.database import Store
from guiju.store.published import Published, laid_out, seen_shelves, stamp

LOOKED_SECONDS, KEPT_MAX = 2.0, 16
"""How long an edition that another process published may not be seen here; and how many organisations' shelves are kept."""


@dataclass
class _Kept:
    until: float
    stamp: tuple[int, str]
    shelf: SharedShelf
    programs: Programs


class Shelves:
    """The shelves of one application. Nothing is laid out where nothing but the shipped standards is published."""

    def __init__(self, base: SharedShelf, programs: Programs, store: Store | None) -> None:
        self.base, self.programs, self.store = base, programs, store
        self._held: OrderedDict[frozenset[str], _Kept] = OrderedDict()
        self._turn = threading.Lock()
        self._root: Path | None = None

    def known(self, user: Asker) -> tuple[SharedShelf, Programs] | None:
        """The shelf of somebody where it was looked at just now; None: ask `of`, which may take a moment."""
        if self.store is None:
            return self.base, self.programs
        held = self._held.get(frozenset(user.organisations))
        return (held.shelf, held.programs) if held is not None and held.until > time.monotonic() else None

    def of(self, user: Asker) -> tuple[SharedShelf, Programs]:
        """The shelf of somebody, and its programs. While the store is away: as it was seen last, else the shipped one."""
        assert self.store is not None, "without a store the shelf is always known"
        key = frozenset(user.organisations)
        with self._turn:
            held = self._held.get(key)
            try:
                held = self._looked(self.store, key, held)
            except Refused:
                held = held or _Kept(0.0, (0, ""), self.base, self.programs)
            held.until = time.monotonic() + LOOKED_SECONDS
            self._held[key] = held
            self._held.move_to_end(key)
            while len(self._held) > KEPT_MAX:
                self._held.popitem(last=False)
            return held.shelf, held.programs

    def _looked(self, store: Store, key: frozenset[str], held: _Kept | None) -> _Kept:
        seen = seen_shelves(store, key)
        now = stamp(store, seen)
        if held is not None and held.stamp == now:
            return held
        shelf = self._made(store, seen) if now[0] else self.base
        return _Kept(0.0, now, shelf, self.programs if shelf is self.base else Programs(shelf, self.programs))

    def look_again(self) -> None:
        """Something was published here: nobody waits to see it."""
        for held in list(self._held.values()):
            held.until = 0.0

    def _made(self, store: Store, seen: dict[str, str]) -> SharedShelf:
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix="guiju-editions-"))
            atexit.register(shutil.rmtree, self._root, ignore_errors=True)

        def beside(found: Sequence[Published]) -> SharedShelf:
            return self.base.with_beside({each.name: each for each in found})

        found = laid_out(store, self.base, seen, self._root, beside)
        return beside(found) if found else self.base
