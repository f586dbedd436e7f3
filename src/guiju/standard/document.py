"""Document: a YAML text with the place of every scalar, and no meaning yet.

YAML typing is never used (`no`, `12:30`, `0123` stay what was written); anchors, tags and several documents in one file are refused. The
tree is built from the parser's events on an explicit stack, so depth is bounded by a check, not by the interpreter's recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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


def _folded(item: Item, leaf: Callable[[Scalar], Any]) -> Any:
    """The item in dicts and lists, with what a function makes of every scalar."""
    match item:
        case Fields():
            return {key.text: _folded(value, leaf) for key, value in item.entries}
        case Listing():
            return [_folded(each, leaf) for each in item.items]
        case _:
            return leaf(item)


def plain(item: Item) -> Any:
    """The texts of an item, in dicts and lists."""
    return _folded(item, lambda scalar: "" if scalar.text in _NOTHING else scalar.text)


def places(item: Item) -> Any:
    """Where the texts of an item stand, in dicts and lists."""
    return _folded(item, lambda scalar: scalar.span)


def entries_of(item: Item | None) -> tuple[tuple[Scalar, Item], ...]:
    return item.entries if isinstance(item, Fields) else ()


def item_at(item: Item | None, name: str) -> Item | None:
    return next((value for key, value in entries_of(item) if key.text == name), None)


def scalar_at(item: Item | None, name: str) -> Scalar | None:
    found = item_at(item, name)
    return found if isinstance(found, Scalar) else None


_NOTHING = ("null", "~")


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
        line, start = raw[: error.start].count(b"\n") + 1, raw.rfind(b"\n", 0, error.start) + 1
        column = len(raw[start : error.start].decode("utf-8-sig", "replace")) + 1
        problems.add("file-not-utf8", Span(file, line, column, line, column + 1), file=file)
        return Document(file, "", None)


def read(text: str, file: str, problems: Problems) -> Document:
    """The document in a text."""
    if len(text) > BYTES_MAX:
        problems.add("file-too-large", Span(file, 1, 1, 1, 2), file=file, limit=BYTES_MAX)
        return Document(file, text, None)
    try:
        return Document(file, text, _tree(text, file, problems))
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        problems.add("yaml-syntax", _unreadable_span(file, text), **_facts("control characters are not allowed", ""))
        return Document(file, text, None)
    except yaml.MarkedYAMLError as error:
        problems.add("yaml-syntax", _error_span(error, file), **_facts(str(error.problem), str(error.context or "")))
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
    documents, aliases = 0, False
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
                return None
        elif isinstance(event, yaml.AliasEvent):
            done, aliases = Scalar("", _span(file, event.start_mark, event.end_mark), None), True
        if isinstance(event, yaml.NodeEvent) and (feature := _feature(event)):
            problems.add("yaml-feature", _span(file, event.start_mark, event.end_mark), feature=feature)
        if done is not None:
            if stack:
                stack[-1].items.append(done)
            else:
                root = done
    return None if aliases else root  # what an alias stands for is not known


def _feature(event: Any) -> str | None:
    if event.anchor:
        return f"{'*' if isinstance(event, yaml.AliasEvent) else '&'}{event.anchor}"
    tag = getattr(event, "tag", None)
    return tag and str(tag).replace("tag:yaml.org,2002:", "!!")


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


_UNREADABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPENED = ("did not find expected ',' or '}'", "did not find expected ',' or ']'", "found unexpected end of stream")
"""What the reader says where it gives up, although the mistake is where something was opened: its context."""
_QUOTES = ("含有 , { } [ ] : # % ' 的文字请加引号", "put quotes around a text that holds , { } [ ] : # % or '")
_INDENT = ("检查缩进：同一层的键左对齐，只用空格", "check the indentation: keys of one level stand under one another, after spaces only")
_PLAINLY = {
    "did not find expected ',' or '}'": ("「{」没有闭合，或缺少「,」", "the `{` is not closed, or a `,` is missing", *_QUOTES),
    "did not find expected ',' or ']'": ("「[」没有闭合，或缺少「,」", "the `[` is not closed, or a `,` is missing", *_QUOTES),
    "found unexpected end of stream": ("引号没有闭合", "the quote is not closed", "补上引号", "close it"),
    "found character that cannot start any token": ("值不能以这个字符开头", "a value cannot begin with this character", *_QUOTES),
    "mapping values are not allowed in this context": ("这里不应有冒号", "a colon is not expected here", *_QUOTES),
    "could not find expected ':'": ("这一行没有写成「键: 值」", "this line is not written `key: value`", *_INDENT),
    "did not find expected key": ("这里应是一个键", "a key is expected here", *_INDENT),
    "did not find expected '-' indicator": ("这里应是列表的一项「- 」", "an item of the list, `- `, is expected here", *_INDENT),
    "did not find expected node content": ("这里缺少一个值", "a value is missing here", *_QUOTES),
    "did not find expected <document start>": ("这里的内容不属于上文", "this does not belong to what stands above it", *_INDENT),
    "block sequence entries are not allowed in this context": ("这里不应是列表的一项", "an item of a list is not expected here", *_INDENT),
    "found a tab character that violates indentation": ("缩进用了制表符", "a tab is used for indentation", "只用空格", "use spaces"),
    "found unknown escape character": ("双引号中的反斜杠另有含义", "a backslash in double quotes is special", "改用单引号", "use single quotes"),
    "control characters are not allowed": ("有一个不可见的控制字符", "there is a control character, which cannot be seen", "删去它", "remove it"),
}
"""What the YAML reader says → what is wrong and what to do, in Chinese and English."""


def _facts(problem: str, context: str) -> dict[str, str]:
    said = "; ".join(part for part in (context, problem) if part)
    reason_zh, reason_en, hint_zh, hint_en = _PLAINLY.get(problem, (said, said, *_QUOTES))
    return {"reason_zh": reason_zh, "reason_en": reason_en, "hint_zh": hint_zh, "hint_en": hint_en}


def _error_span(error: yaml.MarkedYAMLError, file: str) -> Span:
    mark = (error.problem in _OPENED and error.context_mark) or error.problem_mark or error.context_mark
    return Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else Span(file, 1, 1, 1, 2)


def _unreadable_span(file: str, text: str) -> Span:
    match = _UNREADABLE.search(text)
    before = text[: match.start()] if match else ""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(file, line, column, line, column + 1)
