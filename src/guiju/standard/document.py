"""Document: a YAML text with the place of every scalar, and no meaning yet.

YAML typing is never used (`no`, `12:30`, `0123` stay what was written); anchors, tags and several documents in one file are refused. The
tree is built from the parser's events on an explicit stack, so depth is bounded by a check, not by the interpreter's recursion.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guiju.base.diagnostics import Problems, Span

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH_MAX = 40
BYTES_MAX = 8_000_000


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    span: Span
    shift: int | None
    """Columns between the span's start and the text's first character; None where the text is not letter for letter in one line."""

    def part(self, start: int, end: int) -> Span:
        """The span of text[start:end]; the whole scalar where that cannot be told."""
        if self.shift is None:
            return self.span
        column = self.span.column + self.shift
        return Span(self.span.file, self.span.line, column + start, self.span.line, column + max(end, start + 1))


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Fields:
    entries: tuple[tuple[Scalar, Item], ...]
    span: Span


Item = Scalar | Listing | Fields


@dataclass(frozen=True, slots=True)
class Document:
    file: str
    text: str
    root: Item | None


def load(path: Path, problems: Problems, shown_as: str | None = None) -> Document:
    """The document in a file; an unreadable or malformed file gives root None and a Diagnostic."""
    file = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.add("file-unreadable", None, file=file, reason=error.strerror or error)
        return Document(file, "", None)
    try:
        return read(raw.decode("utf-8-sig"), file, problems)
    except UnicodeDecodeError as error:
        problems.add("file-not-utf8", Span(file, raw[: error.start].count(b"\n") + 1, 1, 1, 2), file=file)
        return Document(file, "", None)


def read(text: str, file: str, problems: Problems) -> Document:
    """The document in a text."""
    if len(text) > BYTES_MAX:
        problems.add("file-too-large", Span(file, 1, 1, 1, 2), file=file, limit=BYTES_MAX)
        return Document(file, text, None)
    try:
        return Document(file, text, _tree(text, file, problems))
    except yaml.YAMLError as error:
        problems.add("yaml-syntax", _error_span(error, file, text), reason=_reason(error))
        return Document(file, text, None)


class _Open:
    """A mapping or sequence whose end has not been met."""

    __slots__ = ("is_mapping", "items", "start")

    def __init__(self, is_mapping: bool, start: Any) -> None:
        self.is_mapping, self.start = is_mapping, start
        self.items: list[Item] = []


def _tree(text: str, file: str, problems: Problems) -> Item | None:
    stack: list[_Open] = []
    root: Item | None = None
    documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        done: Item | None = None
        if isinstance(event, yaml.ScalarEvent):
            done = _scalar(event, file)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            stack.append(_Open(isinstance(event, yaml.MappingStartEvent), event.start_mark))
            if len(stack) > DEPTH_MAX:
                problems.add("yaml-too-deep", _span(file, event.start_mark, event.start_mark), limit=DEPTH_MAX)
                return None
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = _closed(stack.pop(), event.end_mark, file, problems)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                problems.add("yaml-feature", _span(file, event.start_mark, event.end_mark), feature="---")
                return root
        elif isinstance(event, yaml.AliasEvent):
            done = Scalar("", _span(file, event.start_mark, event.end_mark), None)
        if isinstance(event, yaml.NodeEvent) and (feature := event.anchor or getattr(event, "tag", None)):
            problems.add("yaml-feature", _span(file, event.start_mark, event.end_mark), feature=feature)
        if done is not None:
            if stack:
                stack[-1].items.append(done)
            else:
                root = done
    return root


def _scalar(event: Any, file: str) -> Scalar:
    start, end = event.start_mark, event.end_mark
    shift = None
    if start.line == end.line:
        written = end.column - start.column
        quotes = 1 if event.style in ("'", '"') else 0
        if (quotes or not event.style) and written == len(event.value) + 2 * quotes:  # no style is None to one loader and "" to the other
            shift = quotes
    return Scalar(event.value, _span(file, start, end), shift)


def _closed(opened: _Open, end: Any, file: str, problems: Problems) -> Item:
    span = _span(file, opened.start, end)
    if not opened.is_mapping:
        return Listing(tuple(opened.items), span)
    entries: list[tuple[Scalar, Item]] = []
    seen: set[str] = set()
    for key, value in zip(opened.items[::2], opened.items[1::2], strict=True):
        if not isinstance(key, Scalar):
            problems.add("key-not-text", key.span)
        elif key.text in seen:
            problems.add("duplicate-key", key.span, key=key.text)
        else:
            seen.add(key.text)
            entries.append((key, value))
    return Fields(tuple(entries), span)


def _span(file: str, start: Any, end: Any) -> Span:
    return Span(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _error_span(error: yaml.YAMLError, file: str, text: str) -> Span:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
    line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
    return Span(file, line, 1, line, 2)


def _reason(error: yaml.YAMLError) -> str:
    parts = [getattr(error, "context", None), getattr(error, "problem", None) or getattr(error, "reason", None)]
    return "; ".join(str(part) for part in parts if part) or "unreadable"
