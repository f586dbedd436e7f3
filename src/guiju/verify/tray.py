"""Tray: tables that people bring to a page: pasted ones in the address itself, uploaded ones in memory for a while, shipped examples by name.

Nothing of them is stored. Whoever brought a table sees it, nobody else; one in an address is whoever's has the address.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.packed import refuse_bomb
from guiju.standard.shelf import data_folder
from guiju.verify.given import Given
from guiju.web.desk import named

BYTES_MAX, IN_ADDRESS_MAX, KEPT_MAX, KEPT_SECONDS = 4_000_000, 3000, 48, 2 * 3600


@dataclass(frozen=True, slots=True)
class Brought:
    """A table as it came.

    key           how an address names it: (example | table | kept, what)
    illustrative  whether its numbers are made up
    """

    name: str
    content: bytes
    key: tuple[str, str]
    illustrative: bool = False


class Tray:
    """The tables that were uploaded; the oldest makes room."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[str, Brought, float]] = OrderedDict()
        self._turn = threading.Lock()

    def put(self, owner: str, name: str, content: bytes) -> Brought:
        """Takes a table. Refused: verify-too-large."""
        refuse_large(content)
        id_ = secrets.token_urlsafe(12)
        made = Brought(Path(name.replace("\\", "/")).name[-120:] or "table.csv", content, ("kept", id_))
        with self._turn:
            self._sweep()
            self._held[id_] = owner, made, time.monotonic()
            while len(self._held) > KEPT_MAX:
                self._held.popitem(last=False)
        return made

    def get(self, owner: str, id_: str) -> Brought:
        """Refused: records-gone."""
        with self._turn:
            self._sweep()
            whose, found, _ = self._held.get(id_, ("", None, 0.0))
            if found is None or whose != owner:
                raise Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
            self._held.move_to_end(id_)
            return found

    def _sweep(self) -> None:
        for id_ in [id_ for id_, (_, _, at) in self._held.items() if time.monotonic() - at > KEPT_SECONDS]:
            del self._held[id_]

    def brought(self, given: Given, owner: str, shipped: dict[str, str], prefix: str = "") -> Brought | None:
        """The table an address names; None where it names none.

        shipped  the names of examples, and their files
        prefix   before the names of the address, where a page takes several tables
        raises   Refused: unknown-word, records-gone, verify-too-large
        """
        example, table, kept = (given.one(prefix + name) for name in ("example", "table", "kept"))
        if example:
            if example not in shipped:
                raise Refused([Diagnostic("unknown-word", None, {"word": example, "known": ", ".join(shipped)})])
            file = data_folder() / "examples" / "verify" / shipped[example]
            return Brought(file.name, file.read_bytes(), ("example", example), True)
        if table:
            return pasted(table)
        return self.get(owner, kept) if kept else None


def pasted(text: str) -> Brought:
    """A table that was pasted as text. Refused: verify-too-large."""
    content = text.replace("\r\n", "\n").strip("\n").encode("utf-8", "replace") + b"\n"
    refuse_large(content)
    return Brought("table.csv", content, ("table", text))


def refuse_large(content: bytes) -> None:
    if len(content) > BYTES_MAX:
        raise Refused([Diagnostic("verify-too-large", None, {"found": f"{len(content) / 1e6:.1f}", "most": f"{BYTES_MAX / 1e6:g}"})])


@contextmanager
def laid_out(table: Brought) -> Iterator[Path]:
    """The table as a file, for as long as it is read; problems name it as its owner does."""
    with tempfile.TemporaryDirectory(prefix="guiju-tray-") as folder:
        file = Path(folder) / table.name
        file.write_bytes(table.content)
        try:
            refuse_bomb(file)
            yield file
        except Refused as refused:
            raise Refused([named(each, Path(folder)) for each in refused.diagnostics]) from None
