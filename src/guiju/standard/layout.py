"""Layout: a YAML text as its author laid it out, with every comment and blank line at the entry it belongs to.

A comment at the end of a line belongs to the entry that ends there, or to the one just opened; a comment on a line of its own belongs to the
entry below it, or, where it stands further in than that one, to the end of the block above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from guiju.standard.document import LOADER


@dataclass(slots=True)
class Leaf:
    text: str
    style: str
    """`'`, `"`, `|`, `>`, or nothing for a plain one."""
    start: int
    end: int
    lines: tuple[str, ...] = ()
    """The lines of a plain text that goes on over several."""


@dataclass(slots=True)
class Branch:
    is_mapping: bool
    is_flow: bool
    start: int
    column: int
    end: int = -1
    entries: list[Entry] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    """Comments and blank lines after the last entry."""


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item of a list."""

    key: Leaf | None
    value: Leaf | Branch
    start: int
    column: int
    above: list[str] = field(default_factory=list)
    """Comments and blank lines on lines of their own before it."""
    beside: list[str] = field(default_factory=list)
    """Comments at the end of its line."""

    @property
    def end(self) -> int:
        return self.value.end

    @property
    def is_block(self) -> bool:
        return isinstance(self.value, Branch) and not self.value.is_flow


@dataclass(frozen=True, slots=True)
class Layout:
    root: Branch
    head: list[str]
    """Comments before the first entry with a blank line after them: they are about the file."""


def layout(text: str) -> Layout | None:
    """The layout of a text with line ends `\\n` that `document.read` takes; None where it is no mapping."""
    root = _tree(text)
    if not isinstance(root, Branch) or not root.is_mapping:
        return None
    entries = list(_entries(root))
    hidden = _hidden(text, root)
    comments = _comments(text, hidden)
    for start, end in comments:
        hidden[start:end] = b"\1" * (end - start)
    _find_dashes(text, root, hidden)
    lines: list[tuple[int, str]] = []
    for start, end in comments:
        said = text[start:end].rstrip()
        if text[text.rfind("\n", 0, start) + 1 : start].strip():
            _beside(text, entries, start).beside.append(said)
        else:
            lines.append((start, said))
    lines += [(m.start(), "") for m in re.finditer(r"(?m)^[ \t]*\n", text) if not hidden[m.start()]]
    return Layout(root, _own_lines(text, root, entries, sorted(lines)))


def _tree(text: str) -> Leaf | Branch | None:
    stack: list[tuple[Branch, list[Leaf | Branch]]] = []
    for event in yaml.parse(text, Loader=LOADER):
        done: Leaf | Branch | None = None
        if isinstance(event, yaml.ScalarEvent):
            done = _leaf(text, event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            mark: Any = event.start_mark
            stack.append((Branch(isinstance(event, yaml.MappingStartEvent), bool(event.flow_style), mark.index, mark.column), []))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            end: Any = event.end_mark
            done = _closed(*stack.pop(), end.index)
        if done is not None and not stack:
            return done
        if done is not None:
            stack[-1][1].append(done)
    return None


def _leaf(text: str, event: Any) -> Leaf:
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    lines = tuple(line.strip() for line in text[start:end].split("\n"))
    return Leaf(event.value, event.style or "", start, end, lines if len(lines) > 1 and not event.style else ())


def _closed(branch: Branch, items: list[Leaf | Branch], end: int) -> Branch:
    pairs: list[tuple[Leaf | None, Leaf | Branch]] = [(None, item) for item in items]
    if branch.is_mapping:
        pairs = [(key if isinstance(key, Leaf) else None, value) for key, value in zip(items[::2], items[1::2], strict=True)]
    for key, value in pairs:
        start = key.start if key else value.start
        branch.entries.append(Entry(key, value, start, branch.column))
    branch.end = end if branch.is_flow or not items else items[-1].end
    return branch


def _entries(branch: Branch) -> Iterator[Entry]:
    for entry in branch.entries:
        yield entry
        if isinstance(entry.value, Branch):
            yield from _entries(entry.value)


def _branches(branch: Branch) -> Iterator[Branch]:
    yield branch
    for entry in branch.entries:
        if isinstance(entry.value, Branch):
            yield from _branches(entry.value)


def _hidden(text: str, root: Branch) -> bytearray:
    """1 for every character of a scalar: no comment begins there. The first line of a block scalar may end with one."""
    hidden = bytearray(len(text) + 1)
    for entry in _entries(root):
        for leaf in (entry.key, entry.value):
            if isinstance(leaf, Leaf) and leaf.end > leaf.start:
                start = text.find("\n", leaf.start, leaf.end) if leaf.style in ("|", ">") else leaf.start
                start = leaf.end if start < 0 else start
                hidden[start : leaf.end] = b"\1" * (leaf.end - start)
    return hidden


def _comments(text: str, hidden: bytearray) -> list[tuple[int, int]]:
    found, at = [], text.find("#")
    while at >= 0:
        end = at + 1
        if not hidden[at]:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found.append((at, end))
        at = text.find("#", end)
    return found


def _find_dashes(text: str, root: Branch, hidden: bytearray) -> None:
    """An item of a block list begins with its dash, which the reader does not tell."""
    for branch in _branches(root):
        if branch.is_mapping or branch.is_flow:
            continue
        for entry in branch.entries:
            at = entry.value.start
            while at > 0 and not (text[at - 1] == "-" and not hidden[at - 1]):
                at -= 1
            entry.start = max(at - 1, 0)
        branch.column = entry.start - (text.rfind("\n", 0, entry.start) + 1)
        for entry in branch.entries:
            entry.column = branch.column


def _beside(text: str, entries: list[Entry], at: int) -> Entry:
    """The entry a comment at the end of a line belongs to: the outermost that ends on the line, else the innermost that is open there."""
    ended = [e for e in entries if not e.is_block and e.end <= at and "\n" not in text[e.end : at]]
    if ended:
        last = max(e.end for e in ended)
        return min((e for e in ended if e.end == last), key=lambda e: e.start)
    opened = [e for e in entries if e.start < at and "\n" not in text[e.start : at]]
    return max(opened, key=lambda e: e.start) if opened else max((e for e in entries if e.start < at), key=lambda e: e.start, default=entries[0])


def _own_lines(text: str, root: Branch, entries: list[Entry], lines: list[tuple[int, str]]) -> list[str]:
    """Gives each comment and blank line to an entry or a block; those about the file are returned.

    A blank line goes with the comment below it, or with the entry below it.
    """
    first = min(e.start for e in entries) if entries else len(text)
    top = [(at, said) for at, said in lines if at < first]
    blank = max((n for n, (_, said) in enumerate(top) if not said), default=-1)
    head = [said for _, said in top[: blank + 1]]
    if not any(head):
        head = []
    waiting: list[str] = []
    rest = lines[len(head) :]
    for n, (at, said) in enumerate(rest):
        if not said and n + 1 < len(rest) and not text[at : rest[n + 1][0]].strip():
            waiting.append(said)
            continue
        place = _place(text, root, entries, at, said)
        place += [*waiting, said]
        waiting = []
    return head


def _place(text: str, root: Branch, entries: list[Entry], at: int, said: str) -> list[str]:
    after = min((e for e in entries if e.start > at), key=lambda e: (e.start, -e.end), default=None)
    around = max((e for e in entries if not e.is_block and e.start < at < e.end), key=lambda e: e.start, default=None)
    if around is not None and (after is None or after.start > around.end):
        return around.above
    column = at - (text.rfind("\n", 0, at) + 1)
    last = max((e.end for e in entries if e.end <= at and not e.is_block), default=-1)
    ended = [b for b in _branches(root) if not b.is_flow and b.entries and b.end == last and b.column <= column]
    ended = [b for b in ended if after is None or b.column > after.column]
    if said and ended and around is None:
        return max(ended, key=lambda b: b.column).tail
    return root.tail if after is None else after.above
