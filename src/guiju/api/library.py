"""Standards as they are served: one shelf for all threads, what is in it, and the programs made of it, kept in memory."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from guiju.base.diagnostics import Problems, Refused
from guiju.ir.program import Program
from guiju.records.bulk import programs
from guiju.standard.document import Document
from guiju.standard.factors import Factors
from guiju.standard.model import Standard, Title
from guiju.standard.shelf import KnownEdition, Opened, Shelf
from guiju.store.published import Published

PROGRAMS_MAX = 512
"""Programs kept: a standard on a date, as written or as corrected."""


@dataclass
class SharedShelf(Shelf):
    """A shelf that several threads may ask at once. A word from outside names a standard; it is never taken for a path of this machine."""

    published: Mapping[str, Published] = field(default_factory=dict, repr=False, compare=False)
    """Name → the edition of the store that stands here under it."""
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def paths(self) -> Mapping[str, Path]:
        with self._lock:
            return super().paths()

    def numbers(self) -> Iterable[str]:
        return tuple(self.paths())

    def factors(self) -> Factors:
        with self._lock:
            return super().factors()

    def locate(self, word: str) -> Path | None:
        """The folder of a standard named by number or by folder name, both as loosely as on the command line."""
        with self._lock:
            return self._named(word)

    def open(self, path: Path, on: date | None = None) -> Opened:
        with self._lock:
            return super().open(path, on)

    def document(self, number: str) -> Document | None:
        with self._lock:
            return super().document(number)

    def find(self, number: str, on: date | None = None) -> Standard | None:
        with self._lock:
            return super().find(number, on)

    def editions(self) -> Mapping[tuple[str, str], KnownEdition]:
        with self._lock:
            return super().editions()

    def aside(self) -> SharedShelf:
        """The same shelf for one request: what is opened from it, such as a text that somebody is writing, is not kept in this one."""
        self.locate("")
        with self._lock:
            other = copy.copy(self)
            other._lock, other._opened, other._documents = threading.RLock(), dict(self._opened), dict(self._documents)
            return other

    def with_beside(self, published: Mapping[str, Published]) -> SharedShelf:
        """The same shelf with editions of the store beside it; what is read already is not read again."""
        with self._lock:
            made = SharedShelf(self.folders, self.property_folders, self.problems, self.shipped,
                               tuple((name, each.folder) for name, each in published.items()), published)  # fmt: skip
            made._opened, made._documents = dict(self._opened), dict(self._documents)
            return made

    def entry(self, path: Path) -> Entry | None:
        """What a list says of the standard in a folder; None where it cannot be read."""
        standard = self.open(path).standard
        return None if standard is None else _entry(path, standard, self._published_in.get(path))

    @cached_property
    def _published_in(self) -> Mapping[Path, Published]:
        return {each.folder: each for each in self.published.values()}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of a standard. `name` is that of its folder, which can stand in an address as it is."""

    name: str
    number: str
    title: Title
    edition: str
    level: str
    region: str
    issuer: str
    status: str
    subject: str
    subject_title: Title
    published: date | None
    effective: date | None
    withdrawn: date | None
    clauses: int
    examples: int
    unverified: tuple[str, ...]
    content_hash: str
    published_as: Published | None = None


def _entry(path: Path, s: Standard, published: Published | None) -> Entry:
    authored = s.authored
    return Entry(path.name, s.number, s.title, s.edition, s.level, s.region, path.parent.name, s.status, s.subject[0], s.subject[1], s.published,
                 s.effective, s.withdrawn, len(authored.clauses), len(s.examples), tuple(p.name for p in s.unverified), s.content_hash,
                 published)  # fmt: skip


class Programs:
    """The programs of a shelf, each made once for a date and a reading; the longest unused makes room.

    base   those of the shelf beneath, which mean there what they mean here
    """

    def __init__(self, shelf: SharedShelf, base: Programs | None = None) -> None:
        self.shelf, self.base = shelf, base
        self._held: OrderedDict[tuple[Path, date | None, bool], Program] = OrderedDict()
        self._lock = threading.RLock()

    def of(self, word: str, on: date | None = None, corrected: bool = False) -> Program:
        """The program of a standard named by number or folder name.

        raises   Refused: unknown-standard, and what `guiju check` finds
        """
        path = self.shelf.locate(word)
        if self.base is not None and (path is None or self.base.shelf.locate(path.name) == path):
            return self.base.of(word if path is None else path.name, on, corrected)
        key = None if path is None else (path, on, corrected)
        with self._lock:
            if key is not None and key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            made = programs(self.shelf, [word], on, corrected)[0]
            if key is not None:
                self._held[key] = made
                if len(self._held) > PROGRAMS_MAX:
                    self._held.popitem(last=False)
            return made

    def all_of(self, words: Iterable[str], on: date | None = None, corrected: bool = False) -> list[Program]:
        """The programs of several.

        raises   Refused, with every problem of every one of them
        """
        problems, found = Problems(), []
        for word in words:
            try:
                found.append(self.of(word, on, corrected))
            except Refused as refused:
                problems.extend(refused.diagnostics)
        problems.refuse_errors()
        return found
