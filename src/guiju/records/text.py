"""Text: which encoding a file is in, and the file as plain UTF-8 that DuckDB can read.

DuckDB reads neither GBK nor UTF-16. The ladder is: byte order mark, then UTF-8, then GB 18030, each strict; what fits none is refused, with
the line. A file is decoded as a stream, once, and its lines are counted on the way.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from guiju.base.diagnostics import Diagnostic, Refused, Span

CHUNK = 1 << 22
_GZIP = b"\x1f\x8b"
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SHOWN = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "gb18030": "GB 18030"}
_ENOUGH_CHINESE = 8


@dataclass(frozen=True, slots=True)
class Text:
    """A text file as UTF-8 without byte order mark: itself, or a copy in a temporary folder.

    lines     ended by \\n or \\r\\n; a last line without an end counts, blank lines at the end of the file do not
    line_end  \\n or \\r\\n; None where they are mixed or a \\r stands alone, so that counting \\n does not count the lines
    blank     whether there is nothing but line ends
    """

    path: Path
    encoding: str
    lines: int
    line_end: str | None
    blank: bool


class _Undecodable(Exception):
    """The bytes are not in the encoding tried; likely: what came before shows that it is the right encoding, damaged here."""

    def __init__(self, line: int, byte: bytes, likely: bool) -> None:
        super().__init__(f"line {line}: byte {byte.hex()}")
        self.line, self.byte, self.likely = line, byte, likely


class _Counts:
    """Line ends met so far, whichever way the file is cut into chunks."""

    def __init__(self) -> None:
        self.newlines = self.returns = self.pairs = self.size = 0
        self.trailing = b""

    def add(self, chunk: bytes) -> None:
        self.newlines += chunk.count(b"\n")
        self.returns += chunk.count(b"\r")
        self.pairs += chunk.count(b"\r\n") + (self.trailing[-1:] == b"\r" and chunk[:1] == b"\n")
        self.size += len(chunk)
        tail = chunk[len(chunk.rstrip(b"\r\n")) :]
        self.trailing = self.trailing + tail if len(tail) == len(chunk) else tail

    @property
    def lines(self) -> int:
        unended = self.size > 0 and not self.trailing
        return self.newlines - max(self.trailing.count(b"\n") - 1, 0) + unended

    @property
    def line_end(self) -> str | None:
        if self.returns == 0:
            return "\n"
        return "\r\n" if self.returns == self.pairs == self.newlines else None


def plain(path: Path, folder: Path) -> Text:
    """The file as plain UTF-8; where a copy is needed it is written into the folder.

    raises   file-unreadable, file-damaged (gzip), encoding-unknown, encoding-damaged, nul-bytes
    """
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == _GZIP
        with _opened(path, zipped) as file:
            head = file.read(4)
        mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
        return _first_fitting(path, zipped, mark, folder)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused([Diagnostic("file-damaged", None, {"file": str(path), "reason": str(error)})]) from None
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> Refused:
    return Refused([Diagnostic("file-unreadable", None, {"file": str(path), "reason": error.strerror or str(error)})])


def line_span(path: Path, line: int) -> Span:
    """The line of a file as a place; where in the line is for the message to say."""
    return Span(str(path), line, 1, line, 2)


def _first_fitting(path: Path, zipped: bool, mark: bytes, folder: Path) -> Text:
    tried: list[_Undecodable] = []
    for encoding in [_MARKS[mark]] if mark else ["utf-8", "gb18030"]:
        copy = folder / "plain.txt" if zipped or mark or encoding != "utf-8" else None
        try:
            return _decoded(path, zipped, len(mark), encoding, copy)
        except _Undecodable as error:
            if error.likely or mark:
                facts = {"file": str(path), "encoding": _SHOWN[encoding], "byte": error.byte.hex(" ").upper()}
                raise Refused([Diagnostic("encoding-damaged", line_span(path, error.line), facts)]) from None
            tried.append(error)
    facts = {"file": str(path), "utf8_line": str(tried[0].line), "gbk_line": str(tried[-1].line)}
    raise Refused([Diagnostic("encoding-unknown", line_span(path, tried[0].line), facts)])


def _opened(path: Path, zipped: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if zipped else path.open("rb")


def _chunks(path: Path, zipped: bool, skip: int) -> Iterator[bytes]:
    with _opened(path, zipped) as file:
        file.read(skip)
        while chunk := file.read(CHUNK):
            yield chunk
    yield b""


def _decoded(path: Path, zipped: bool, skip: int, encoding: str, copy: Path | None) -> Text:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    counts, chinese = _Counts(), 0
    with copy.open("wb") if copy else nullcontext() as out:
        for chunk in _chunks(path, zipped, skip):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start]
                likely = encoding == "utf-8" and chinese + _chinese(before.decode("utf-8", "ignore")) >= _ENOUGH_CHINESE
                raise _Undecodable(counts.newlines + before.count(b"\n") + 1, error.object[error.start : error.end], likely) from None
            if encoding == "utf-8" and chinese < _ENOUGH_CHINESE:
                chinese += _chinese(text)
            utf8 = chunk if encoding == "utf-8" else text.encode("utf-8")
            if (nul := utf8.find(b"\x00")) >= 0:
                line = counts.newlines + utf8.count(b"\n", 0, nul) + 1
                raise Refused([Diagnostic("nul-bytes", line_span(path, line), {"file": str(path)})])
            counts.add(utf8)
            if out:
                out.write(utf8)
    return Text(copy or path, _SHOWN[encoding], counts.lines, counts.line_end, len(counts.trailing) == counts.size)


def _chinese(text: str) -> int:
    """Evidence that a text is UTF-8: its Chinese characters less its Latin letters with accents, which GBK read as UTF-8 turns into."""
    if text.isascii():
        return 0
    wide = [ord(character) for character in text if not character.isascii()]
    return sum(0x3000 <= code <= 0x9FFF for code in wide) - sum(code < 0x800 for code in wide)
