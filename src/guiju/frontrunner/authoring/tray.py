"""Tray: records that people bring to a page of authoring, kept in memory for a while; whoever brought them sees them, nobody else."""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.authoring.asked import Bring
from guiju.records.packed import refuse_bomb
from guiju.records.read import read_table
from guiju.records.source import Source
from guiju.standard.shelf import data_folder
from guiju.store.sets import RecordSet, opened_set
from guiju.web.desk import named, safe

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BYTES_MAX, KEPT_MAX, KEPT_SECONDS = 4_000_000, 32, 2 * 3600
SHIPPED = {"chargers": "chargers"}
"""Name of an example → the stem of its files in examples/frontrunner; every one of them is made up."""


@dataclass(frozen=True, slots=True)
class Brought:
    name: str
    content: bytes
    mapping: bytes | None


class Tray:
    """What was uploaded; the oldest makes room."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[str, Brought, float]] = OrderedDict()
        self._turn = threading.Lock()

    def put(self, owner: str, name: str, content: bytes, mapping: bytes | None) -> str:
        """The key it is kept under.

        raises   Refused: authoring-too-large
        """
        size = len(content) + len(mapping or b"")
        if size > BYTES_MAX:
            raise Refused([Diagnostic("authoring-too-large", None, {"found": f"{size / 1e6:.1f}", "most": f"{BYTES_MAX / 1e6:g}"})])
        key = secrets.token_urlsafe(12)
        with self._turn:
            self._sweep()
            self._held[key] = owner, Brought(safe(name, "records.csv"), content, mapping), time.monotonic()
            while len(self._held) > KEPT_MAX:
                self._held.popitem(last=False)
        return key

    def get(self, owner: str, key: str) -> Brought:
        """
        raises   Refused: records-gone
        """
        with self._turn:
            self._sweep()
            whose, found, _ = self._held.get(key, ("", None, 0.0))
            if found is None or whose != owner:
                raise Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
            return found

    def _sweep(self) -> None:
        for key in [key for key, (_, _, at) in self._held.items() if time.monotonic() - at > KEPT_SECONDS]:
            del self._held[key]


def shipped(name: str) -> Bring:
    """A shipped example.

    raises   Refused: unknown-word
    """
    if name not in SHIPPED:
        raise Refused([Diagnostic("unknown-word", None, {"word": name, "known": ", ".join(SHIPPED)})])
    folder = data_folder() / "examples" / "frontrunner"
    return lambda connection: (read_table(folder / f"{SHIPPED[name]}.csv", connection, "records"), folder / f"{SHIPPED[name]}.mapping.yaml")


def of_bytes(brought: Brought, folder: Path) -> Bring:
    """What was brought, laid out in a folder that is there while it is read; problems name it as its owner does."""

    def bring(connection: DuckDBPyConnection) -> tuple[Source, Path | None]:
        file, said = folder / brought.name, folder / "mapping.yaml"
        file.write_bytes(brought.content)
        if brought.mapping:
            said.write_bytes(brought.mapping)
        try:
            refuse_bomb(file)
            return read_table(file, connection, "records"), said if brought.mapping else None
        except Refused as refused:
            raise Refused([named(each, folder) for each in refused.diagnostics]) from None

    return bring


def of_set(store: Any, held: RecordSet, folder: Path) -> Bring:
    """A set of records of the store; the mapping it came with is laid out in a folder that is there while it is read."""

    def bring(connection: DuckDBPyConnection) -> tuple[Source, Path | None]:
        source, _ = opened_set(store, held, connection, "records")
        if held.mapping is None:
            return source, None
        said = folder / "mapping.yaml"
        said.write_text(held.mapping, encoding="utf-8")
        return source, said

    return bring


def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="guiju-authoring-")
