"""Diagnostics: what is wrong, where, and what to do about it, in Chinese and English.

A user's mistake is never an exception with a traceback. It is a Diagnostic with a code from the closed list in `codes`; a run collects all
of them in a `Problems` and reports them together.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from guiju.base.codes import CODES

Language = Literal["zh", "en"]


class Severity(enum.IntEnum):
    NOTE = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file; lines and columns count from 1, the end column is the first one past the stretch."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a code of the closed list, its place, and the facts its message is filled with."""

    code: str
    span: Span | None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return Severity[CODES[self.code].severity]

    def message(self, language: Language = "zh") -> str:
        code = CODES[self.code]
        return _filled(code.zh if language == "zh" else code.en, self.facts)

    def help(self, language: Language = "zh") -> str:
        """What to do; a fact named `hint_zh` / `hint_en` (or `hint`) takes the place of the code's general help."""
        code = CODES[self.code]
        hint = self.facts.get(f"hint_{language}") or self.facts.get("hint")
        return hint or _filled(code.help_zh if language == "zh" else code.help_en, self.facts)

    def as_json(self) -> dict[str, object]:
        """The same in the form every API and file carries."""
        place = self.span and {
            "file": self.span.file,
            "line": self.span.line,
            "column": self.span.column,
            "end_line": self.span.end_line,
            "end_column": self.span.end_column,
        }
        return {
            "code": self.code,
            "severity": self.severity.name.lower(),
            "where": place,
            "zh": self.message("zh"),
            "en": self.message("en"),
            "help_zh": self.help("zh"),
            "help_en": self.help("en"),
        }


class Refused(Exception):
    """What was asked cannot be done; carries every problem found. Faces turn it into text, never into a traceback."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{d.span or ''} {d.code}: {d.message('en')}" for d in self.diagnostics))


class Problems:
    """The problems of one run, in the order found; the same problem at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Span | None, str], Diagnostic] = {}

    def add(self, code: str, span: Span | None, **facts: object) -> None:
        diagnostic = Diagnostic(code, span, {name: str(value) for name, value in facts.items()})
        self._found.setdefault((code, span, diagnostic.message("en")), diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self._found.setdefault((diagnostic.code, diagnostic.span, diagnostic.message("en")), diagnostic)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found.values(), key=_place))

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._found.values())

    def refuse_errors(self) -> None:
        """Raise Refused with everything found, if any of it is an error."""
        if self.has_errors:
            raise Refused(self.found)


def told_without(folder: str, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics with files named from a folder on: whoever sent them knows nothing of the folder they lay in for a moment."""
    before = folder.rstrip("/\\")

    def shortened(text: str) -> str:
        return text.replace(f"{before}/", "").replace(f"{before}\\", "").replace(before, "")

    return [
        Diagnostic(d.code, d.span and replace(d.span, file=shortened(d.span.file)), {name: shortened(fact) for name, fact in d.facts.items()})
        for d in found
    ]


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    span = diagnostic.span
    return ("", 0, 0) if span is None else (span.file, span.line, span.column)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


_LONGEST_FACT, _WIDEST_LINE, _BEFORE_MARK = 300, 160, 60


def _filled(template: str, facts: Mapping[str, str]) -> str:
    return template.format_map(_Facts({name: _visible(_shortened(fact)) for name, fact in facts.items()}))


def _shortened(fact: str) -> str:
    return fact if len(fact) <= _LONGEST_FACT else fact[:_LONGEST_FACT] + "…"


def _visible(text: str) -> str:
    """The text with a mark for every character that a terminal would obey rather than show."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\u3000" else "\ufffd" for c in text)


WORDS: Mapping[Severity, Mapping[Language, str]] = {
    Severity.ERROR: {"zh": "错误", "en": "error"},
    Severity.WARNING: {"zh": "警告", "en": "warning"},
    Severity.NOTE: {"zh": "提示", "en": "note"},
}


def report(diagnostics: Iterable[Diagnostic], language: Language, sources: Mapping[str, str]) -> str:
    """The diagnostics as text: place, message, the line with an underline, and what to do.

    sources   file name → its whole text, for showing lines; a file not in it is shown without its line
    """
    lines = {file: _LINE_END.split(text) for file, text in sources.items()}
    return "\n".join(_shown(d, language, lines) for d in diagnostics)


# What ends a line for the YAML reader, which counted the lines; str.splitlines knows more ends.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def _shown(diagnostic: Diagnostic, language: Language, sources: Mapping[str, Sequence[str]]) -> str:
    place = f"{diagnostic.span}: " if diagnostic.span else ""
    lines = [f"{place}{WORDS[diagnostic.severity][language]}[{diagnostic.code}]: {diagnostic.message(language)}"]
    if diagnostic.span and diagnostic.span.file in sources:
        lines += _underlined(diagnostic.span, sources[diagnostic.span.file])
    if diagnostic.help(language):
        lines.append(f"    → {diagnostic.help(language)}")
    return "\n".join(lines)


def _underlined(span: Span, lines: Sequence[str]) -> list[str]:
    if not 1 <= span.line <= len(lines):
        return []
    line = _visible(lines[span.line - 1].replace("\t", " "))
    if not line.strip():
        return []
    start, end = span.column - 1, span.end_column - 1 if span.end_line == span.line else len(line)
    before, marked = line[:start], line[start : max(end, start + 1)]
    if len(line) > _WIDEST_LINE and start > _BEFORE_MARK:
        before = "…" + before[-_BEFORE_MARK:]
    shown = (before + line[start:])[:_WIDEST_LINE].rstrip()
    marks = width(marked[: _WIDEST_LINE - len(before)].rstrip())
    more = "…" if len(before) + len(line) - start > _WIDEST_LINE else ""
    return [f"    {shown}{more}", f"    {' ' * width(before)}{'^' * max(marks, 1)}"]


def width(text: str) -> int:
    """Columns the text takes in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
