"""Desk: files of records somebody dropped on a page, judged and kept for a while: in the store where there is one, so that every process of the
workbench has them, otherwise in memory.

What shall be kept is put into the store as a set of records. A page of a file that is no longer here says so.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.records.bulk import Batch
from guiju.records.packed import refuse_bomb
from guiju.store import dropped
from guiju.store.database import Store

KEPT_MAX, KEPT_SECONDS = 24, 2 * 3600


@dataclass
class Sheet:
    """A file on the desk, judged by one standard. `turn` is taken by whoever asks its database, which is for one at a time.

    owner   the account it belongs to: nobody else is shown it
    """

    id: str
    owner: str
    number: str
    name: str
    folder: Path
    file: Path
    mapping: Path | None
    sheet: str
    batch: Batch
    at: float
    turn: threading.Lock = field(default_factory=threading.Lock)

    def said(self, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The diagnostics with the name of the file as its owner knows it, not where it lies here."""
        return tuple(named(each, self.folder) for each in found)


def named(found: Diagnostic, folder: Path) -> Diagnostic:
    facts = {name: value.replace(f"{folder}/", "") for name, value in found.facts.items()}
    span = found.span and replace(found.span, file=found.span.file.replace(f"{folder}/", ""))
    return replace(found, facts=facts, span=span)


Judge = Callable[[Path, Path | None, str], Batch]
"""(file, mapping file, sheet of a workbook) → judged"""


class Desk:
    """The sheets of one application; the oldest makes room.

    store   where the files are kept; what is in memory then only saves judging them again
    """

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()
        self._turn = threading.Lock()

    def put(self, owner: str, number: str, name: str, content: BinaryIO, mapping: bytes | None, judge: Judge, sheet: str = "") -> Sheet:
        """Takes a file and has it judged.

        raises   Refused: whatever `judge` finds, told with the file's own name; store-unwritable
        """
        def lay(file: Path) -> None:
            with file.open("wb") as opened:
                shutil.copyfileobj(content, opened, 1 << 20)
            refuse_bomb(file)

        made = self._judged("", owner, number, name, lay, mapping, judge, sheet)
        if self.store is not None:
            text = None if mapping is None else mapping.decode("utf-8", "replace")
            made.id = dropped.drop(self.store, made.file, owner, number, name, text, sheet or None).id
        else:
            made.id = secrets.token_urlsafe(16)
        self._keep(made)
        return made

    def _judged(
        self, id_: str, owner: str, number: str, name: str, lay: Callable[[Path], object], mapping: bytes | None, judge: Judge, sheet: str
    ) -> Sheet:
        folder = Path(tempfile.mkdtemp(prefix="guiju-desk-"))
        try:
            file, said = folder / safe(name, "records"), folder / "mapping.yaml"
            lay(file)
            if mapping:
                said.write_bytes(mapping)
            batch = judge(file, said if mapping else None, sheet)
        except Refused as refused:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refused([named(each, folder) for each in refused.diagnostics]) from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Sheet(id_, owner, number, name, folder, file, said if mapping else None, sheet, batch, time.monotonic())

    def judge_again(self, sheet: Sheet, mapping: str, judge: Judge) -> Sheet:
        """The same file with another mapping, as another sheet.

        raises   Refused: whatever `judge` finds
        """
        with sheet.file.open("rb") as content:
            return self.put(sheet.owner, sheet.number, sheet.name, content, mapping.encode(), judge, sheet.sheet)

    def get(self, id_: str, owner: str, number: str, judge: Judge) -> Sheet:
        """
        judge    for a file that another process was given
        raises   Refused: records-gone, also where it is somebody else's or was judged by another standard; what `judge` finds
        """
        gone = Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
        held = None if self.store is None else dropped.dropped_of(self.store, id_, owner)
        if held is not None and held.number != number:
            raise gone
        with self._turn:
            self._sweep()
            found = self._sheets.get(id_)
            if found is not None and found.owner == owner and found.number == number:
                self._sheets.move_to_end(id_)
                return found
        if held is None or self.store is None:
            raise gone
        place = dropped.content(self.store, held)
        mapping = None if held.mapping is None else held.mapping.encode()
        made = self._judged(id_, owner, number, held.name, lambda file: shutil.copyfile(place, file), mapping, judge, held.sheet or "")
        self._keep(made)
        return made

    def _keep(self, sheet: Sheet) -> None:
        with self._turn:
            self._sheets[sheet.id] = sheet
            self._sweep()

    def _sweep(self) -> None:
        old = [s for s in self._sheets.values() if time.monotonic() - s.at > KEPT_SECONDS]
        for sheet in [*old, *list(self._sheets.values())[: max(0, len(self._sheets) - KEPT_MAX - len(old))]]:
            self._sheets.pop(sheet.id, None)
            shutil.rmtree(sheet.folder, ignore_errors=True)


def safe(name: str, otherwise: str) -> str:
    """The name of a file without anything a path could be made of; `otherwise` where nothing of it is left."""
    base = re.sub(r"[^\w.()（）\- ]", "_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return base[-120:] or otherwise
