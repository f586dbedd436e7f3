"""Brought: files somebody brought to a page of coordination, products or tests on offer; kept for a while, as files dropped on other pages are."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from guiju.api.paths import store_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.packed import refuse_bomb
from guiju.standard.shelf import data_folder
from guiju.store import dropped
from guiju.store.belonging import set_for
from guiju.store.database import Store
from guiju.store.files import proved
from guiju.web.asking import Asked
from guiju.web.desk import named, safe

KEPT_MAX, KEPT_SECONDS, MAPPING_MAX, PURPOSE = 48, 2 * 3600, 1 << 20, "coordination"


@dataclass(frozen=True, slots=True)
class File:
    """A file, and the mapping of its columns where it has one.

    owner    the account it belongs to: nobody else is shown it
    """

    id: str
    owner: str
    name: str
    path: Path
    mapping: Path | None
    at: float

    def named(self, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The diagnostics with the name of the file as its owner knows it, not where it lies here."""
        return tuple(named(each, self.path.parent) for each in found)


class Kept:
    """The files of one application; the oldest makes room.

    store   where they are kept, so that every process of the workbench has them; what is in memory then only saves fetching them again
    """

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self._files: OrderedDict[str, File] = OrderedDict()
        self._turn = threading.Lock()
        self._folder: Path | None = None

    def text(self, content: str) -> Path:
        """A text as a file, the same for the same text."""
        with self._turn:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="guiju-kept-"))
            path = self._folder / f"{sha256(content.encode()).hexdigest()}.yaml"
            path.write_text(content, encoding="utf-8")
            return path

    def put(self, owner: str, name: str, content: BinaryIO, mapping: bytes | None) -> File:
        """raises   Refused: an archive that unpacks to too much"""
        folder = Path(tempfile.mkdtemp(prefix="guiju-kept-"))
        file, said = folder / safe(name, "file"), folder / "mapping.yaml"
        try:
            with file.open("wb") as opened:
                shutil.copyfileobj(content, opened, 1 << 20)
            if mapping:
                said.write_bytes(mapping)
            refuse_bomb(file)
        except Refused as refused:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refused([named(each, folder) for each in refused.diagnostics]) from None
        id_ = secrets.token_urlsafe(16)
        if self.store is not None:
            text = mapping.decode("utf-8", "replace") if mapping else None
            id_ = dropped.drop(self.store, file, owner, PURPOSE, name, text, None).id
        return self._keep(File(id_, owner, name, file, said if mapping else None, time.monotonic()))

    def _keep(self, made: File) -> File:
        with self._turn:
            self._files[made.id] = made
            self._sweep()
        return made

    def get(self, id_: str, owner: str) -> File:
        """raises   Refused: records-gone"""
        with self._turn:
            self._sweep()
            found = self._files.get(id_)
            if found is not None and found.owner == owner:
                self._files.move_to_end(id_)
                return found
        if self.store is None:
            raise Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
        return self._keep(self._fetched(self.store, id_, owner))

    def _fetched(self, store: Store, id_: str, owner: str) -> File:
        """A file that another process was given.

        raises   Refused: records-gone, store-file-missing, store-file-altered
        """
        held = dropped.dropped_of(store, id_, owner)
        if held.number != PURPOSE:
            raise Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
        path = Path(tempfile.mkdtemp(prefix="guiju-kept-")) / safe(held.name, "file")
        shutil.copyfile(dropped.content(store, held), path)
        mapping = None if held.mapping is None else path.with_name("mapping.yaml")
        if mapping is not None:
            mapping.write_text(held.mapping or "", encoding="utf-8")
        return File(id_, owner, held.name, path, mapping, time.monotonic())

    def _sweep(self) -> None:
        old = [f for f in self._files.values() if time.monotonic() - f.at > KEPT_SECONDS]
        for file in [*old, *list(self._files.values())[: max(0, len(self._files) - KEPT_MAX - len(old))]]:
            self._files.pop(file.id, None)
            shutil.rmtree(file.path.parent, ignore_errors=True)


def kept_of(who: Asked) -> Kept:
    state = who.request.app.state
    if not hasattr(state, "kept_files"):
        state.kept_files = Kept(who.store)
    found: Kept = state.kept_files
    return found


# what a word of a URL names


def samples() -> dict[str, Path]:
    """The bundled files of real products, by name."""
    return {file.stem: file for file in sorted((data_folder() / "examples").glob("*.csv"))}


def records_of(who: Asked) -> File | None:
    """The products of `?records=`: sample:NAME bundled, set:ID of the store, or a file that was brought.

    raises   Refused: records-gone, unknown-record-set, no-store, store-file-missing, store-file-altered
    """
    word = who.one("records")
    kind, _, name = word.partition(":")
    if not word:
        return None
    if kind == "sample" and name in samples():
        path = samples()[name]
        mapping = path.with_name(f"{path.stem}.mapping.yaml")
        return File(word, "", path.name, path, mapping if mapping.is_file() else None, 0)
    if kind == "set":
        return _of_store(who, name)
    return kept_of(who).get(word, who.user.id)


def _of_store(who: Asked, name: str) -> File:
    store = store_of(who.request)
    held = set_for(store, who.user, name)
    path = proved(store, held.file, held.sha256)
    mapping = None if held.mapping is None else kept_of(who).text(held.mapping)
    return File(f"set:{held.id}", who.user.id, held.name, path, mapping, 0)


def catalogues() -> dict[str, Path]:
    """The bundled catalogues of tests; all of them are illustrative."""
    folder = data_folder() / "examples" / "align"
    return {"v2x-recorder": folder / "tests.yaml", "recorder": folder / "recorder" / "tests.yaml"}


def tests_of(who: Asked) -> File | None:
    """The catalogue of tests of `?tests=`: a bundled one, or a file that was brought; None where none is named.

    raises   Refused: records-gone
    """
    word = who.one("tests")
    if not word:
        return None
    if word in catalogues():
        path = catalogues()[word]
        return File(word, "", path.name, path, None, 0)
    return kept_of(who).get(word, who.user.id)


