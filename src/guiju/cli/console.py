"""What every command shares: the language, printing, progress, exit codes, and turning Diagnostics into text."""

from __future__ import annotations

import contextlib
import locale
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from guiju.base.diagnostics import Diagnostic, Language, Refused, Severity, report

if TYPE_CHECKING:
    from rich.console import Console


class Exit(IntEnum):
    """What a script can rely on."""

    OK = 0
    """every verdict is pass or not applicable"""
    FAILS = 1
    """something fails"""
    WRONG_INPUT = 2
    """the standard, the records or the call are wrong; diagnostics say how"""
    UNDETERMINED = 3
    """nothing fails, but something could not be determined"""


_state: dict[str, Any] = {"language": None}
_speaking: ContextVar[Language | None] = ContextVar("speaking", default=None)


def language() -> Language:
    """The language chosen by --lang or GUIJU_LANG, else that of the locale; Chinese where nothing says otherwise."""
    chosen = _speaking.get() or _state["language"] or os.environ.get("GUIJU_LANG")
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    found = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
    return "en" if found.lower().startswith("en") else "zh"


@contextlib.contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Another language for what is said inside, in this thread: a server answers people of both."""
    token = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(token)


def choose_language(word: str | None) -> None:
    _state["language"] = word


def say(zh: str, en: str) -> str:
    return zh if language() == "zh" else en


def console(error: bool = False) -> Console:
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 140
    return Console(stderr=error, highlight=False, soft_wrap=not sys.stdout.isatty(), width=wide)


def show(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str] | None = None) -> None:
    """Diagnostics on standard error, in colour where it is a terminal."""
    from rich.text import Text

    colours = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
    out = console(error=True)
    for diagnostic in diagnostics:
        out.print(Text(report([diagnostic], language(), sources or {}), style=colours[diagnostic.severity]), soft_wrap=True)


@contextlib.contextmanager
def refusals(sources: Mapping[str, str] | None = None) -> Iterator[None]:
    """A Refused inside becomes its diagnostics on standard error and exit code 2; an interrupt says that nothing was half-written."""
    try:
        yield
    except Refused as refused:
        show(refused.diagnostics, sources)
        raise typer.Exit(Exit.WRONG_INPUT) from None
    except KeyboardInterrupt:
        console(error=True).print(say("已中断；没有写出任何文件。", "interrupted; no file was written."))
        raise typer.Exit(130) from None


@contextlib.contextmanager
def progress(words: str) -> Iterator[Callable[[int | None, int | None], None]]:
    """A bar on standard error while something long runs; silent where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*parts, console=console(error=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done or 0, total=total)


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A table on standard output; `right` are the columns of numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for position, word in enumerate(header):
        made.add_column(word, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell, style=_STYLES.get(cell[:1], "")) for cell in row))
    console().print(made)


_STYLES = {"✓": "green", "✗": "red", "?": "yellow", "–": "dim"}


def written(path: Path) -> None:
    console().print(say(f"已写出 {path}", f"wrote {path}"), style="bold")
