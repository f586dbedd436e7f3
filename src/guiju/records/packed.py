"""Packed files of strangers: how much they unpack to, found without unpacking them, before anything reads them."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import IO

from guiju.base.diagnostics import Diagnostic, Refused

EXPANDED_MAX = 2 << 30
_CHUNK = 1 << 20


def refuse_bomb(path: Path, limit: int = EXPANDED_MAX) -> None:
    """
    limit    bytes a workbook or a .gz file may unpack to; what its directory says of that is not believed
    raises   Refused: archive-bomb
    """
    found = 0
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                found = sum(each.file_size for each in parts.infolist())
                for each in parts.infolist():
                    if found <= limit:
                        with parts.open(each) as part:
                            found += max(0, _length(part, limit) - each.file_size)
        elif path.name.lower().endswith(".gz"):
            with gzip.open(path) as content:
                found = _length(content, limit)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):
        return  # damaged, or encrypted: the reader says so
    if found > limit:
        raise Refused([Diagnostic("archive-bomb", None, {"found": f"{found:,}", "limit": f"{limit:,}"})])


def unpacked_bytes(path: Path) -> int:
    """Bytes of a file, or those a zip or workbook says it unpacks to, where that is more."""
    said = 0
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as parts:
                said = sum(each.file_size for each in parts.infolist())
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
            said = 0  # damaged: the reader says so
    return max(said, path.stat().st_size)


def _length(content: IO[bytes] | gzip.GzipFile, limit: int) -> int:
    """Bytes, counted no further than just past the limit."""
    had = 0
    while had <= limit and (chunk := content.read(_CHUNK)):
        had += len(chunk)
    return had
