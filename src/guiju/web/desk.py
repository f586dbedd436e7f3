"""Desk: files of records somebody dropped on a page, judged and kept in memory for a while; nothing of them is stored.

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


class Desk:
    """The sheets of one application; the oldest makes room."""

    def __init__(self) -> None:
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()
        self._turn = threading.Lock()

    def put(self, owner: str, number: str, name: str, content: BinaryIO, mapping: bytes | None, judge: Callable[[Path, Path | None], Batch]) -> Sheet:
        """Takes a file and has it judged.

        raises   Refused: whatever `judge` finds, told with the file's own name
        """
        folder = Path(tempfile.mkdtemp(prefix="guiju-desk-"))
        try:
            file, said = folder / _safe(name), folder / "mapping.yaml"
            with file.open("wb") as opened:
                shutil.copyfileobj(content, opened, 1 << 20)
            if mapping:
                said.write_bytes(mapping)
            refuse_bomb(file)
            batch = judge(file, said if mapping else None)
        except Refused as refused:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refused([named(each, folder) for each in refused.diagnostics]) from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        sheet = Sheet(secrets.token_urlsafe(16), owner, number, name, folder, file, said if mapping else None, batch, time.monotonic())
        self._keep(sheet)
        return sheet

    def judge_again(self, sheet: Sheet, mapping: str, judge: Callable[[Path, Path | None], Batch]) -> Sheet:
        """The same file with another mapping, as another sheet.

        raises   Refused: whatever `judge` finds
        """
        with sheet.file.open("rb") as content:
            return self.put(sheet.owner, sheet.number, sheet.name, content, mapping.encode(), judge)

    def get(self, id_: str, owner: str) -> Sheet:
        """raises   Refused: records-gone"""
        with self._turn:
            self._sweep()
            found = self._sheets.get(id_)
            if found is None or found.owner != owner:
                raise Refused([Diagnostic("records-gone", None, {"minutes": str(KEPT_SECONDS // 60)})])
            self._sheets.move_to_end(id_)
            return found

    def _keep(self, sheet: Sheet) -> None:
        with self._turn:
            self._sheets[sheet.id] = sheet
            self._sweep()

    def _sweep(self) -> None:
        old = [s for s in self._sheets.values() if time.monotonic() - s.at > KEPT_SECONDS]
        for sheet in [*old, *list(self._sheets.values())[: max(0, len(self._sheets) - KEPT_MAX - len(old))]]:
            self._sheets.pop(sheet.id, None)
            shutil.rmtree(sheet.folder, ignore_errors=True)


def _safe(name: str) -> str:
    """The name of a file without anything a path could be made of."""
    base = re.sub(r"[^\w.()（）\- ]", "_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return base[-120:] or "records"
