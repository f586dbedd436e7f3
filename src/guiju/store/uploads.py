"""Uploads: files that came from somebody else's machine, laid down under a name that is only a name, and kept as a set of records."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guiju.base.diagnostics import Diagnostic, Refused, told_without
from guiju.records.packed import refuse_bomb
from guiju.store.database import Store
from guiju.store.sets import RecordSet, Sensitivity, keep_records

EXPANDED_TIMES = 20
"""A compressed file may unpack to so many times the largest upload."""
MAPPING_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent, with the name it was sent under."""

    name: str
    content: BinaryIO


def keep_upload(
    store: Store, organisation: str, actor: str, file: Upload, mapping: Upload | None, *, limit: int, name: str = "", sheet: str = "",
    sensitivity: Sensitivity = "internal",
) -> tuple[RecordSet, list[Diagnostic]]:  # fmt: skip
    """The set of records a file becomes, and what the reader had to say; places are told from the file's own name on.

    limit    bytes of an upload; what it unpacks to is held to `EXPANDED_TIMES` as many
    raises   Refused: upload-name, archive-bomb, and what `keep_records` finds
    """
    with tempfile.TemporaryDirectory(prefix="guiju-upload-") as folder:
        path = laid_down(Path(folder), file, limit)
        held = None if mapping is None else laid_down(Path(folder) / "mapping", mapping, MAPPING_BYTES_MAX)
        called = "".join(c for c in name if c.isprintable()).strip() or path.stem
        try:
            found, told = keep_records(store, path, organisation, actor, name=called, mapping=held, sheet=sheet or None, sensitivity=sensitivity)
        except Refused as refused:
            raise Refused(told_without(folder, refused.diagnostics)) from None
        return found, told_without(folder, told)


def laid_down(folder: Path, file: Upload, limit: int) -> Path:
    """The file in a folder, under the last part of its name as far as that is only a name.

    raises   Refused: upload-name, archive-bomb
    """
    name = re.split(r"[/\\]", file.name)[-1]
    name = re.sub(r"[^\w.\- （）()]", "_", name).strip(". ")[-100:]
    if not name:
        raise Refused([Diagnostic("upload-name", None)])
    folder.mkdir(exist_ok=True)
    path = folder / name
    with path.open("wb") as out:
        while chunk := file.content.read(1 << 20):
            out.write(chunk)
    refuse_bomb(path, limit * EXPANDED_TIMES)
    return path
