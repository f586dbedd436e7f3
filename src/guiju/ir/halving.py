"""Long tables as balanced choices: a row is found by halving, so that no reading goes through a thousand rows one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

LONG = 32
"""Up to so many rows stand one after another. Of 8, 16, 32, 64 and 128 it was the fastest in DuckDB, or near it, for 50 to 1,000 rows."""
Text = TypeVar("Text")


def halved(count: int, leaf: Callable[[int, int], Text], choose: Callable[[int, Text, Text], Text], longest: int = LONG) -> Text:
    """What finds one of so many rows.

    leaf      (first, end) → what finds one of these rows, no more than `longest`
    choose    (at, left, right) → what takes `left` for the rows before `at`, `right` for those from it on
    """

    def part(first: int, end: int) -> Text:
        if end - first <= longest:
            return leaf(first, end)
        at = (first + end + 1) // 2
        return choose(at, part(first, at), part(at, end))

    return part(0, count)


def rising(keys: Sequence[str]) -> list[int]:
    """The positions of the keys in the order of their code points, which is that of their UTF-8 bytes."""
    return sorted(range(len(keys)), key=lambda at: keys[at])
