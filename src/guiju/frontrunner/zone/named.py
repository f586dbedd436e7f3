"""Named: products, models and brands of a library found in a text, and what only looks like one of them.

A name that looks like one in the library, and is written with other characters, is never taken for it: it is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guiju.base.rounding import HALF_WIDTH
from guiju.frontrunner.library.han import is_han
from guiju.frontrunner.library.lookalike import skeleton

SHORTEST = 2
_MODEL = re.compile(r"\s*[A-Za-z]{1,6}-?\d[\w-]*", re.ASCII)
"""What stands behind a brand and is the name of a model."""


@dataclass(frozen=True, slots=True)
class Named:
    """start, end   place in the text
    name     as the library has it
    keys     products of that name; of a brand all of it
    is_brand
    """

    start: int
    end: int
    name: str
    keys: frozenset[str]
    is_brand: bool = False


@dataclass(frozen=True, slots=True)
class Unlike:
    """What is not a name of the library but nearly. is_variant   it is one with the name of a variant behind it; else it looks like one"""

    start: int
    end: int
    name: str
    is_variant: bool = False


@lru_cache(maxsize=65_536)
def _plain(sign: str) -> str:
    """A character as names are compared: half-width, small."""
    low = sign.translate(HALF_WIDTH).lower()
    return low if len(low) == 1 else sign


@lru_cache(maxsize=65_536)
def looks(sign: str) -> str:
    """A character as it looks, in one or two that stand for all it can be taken for; nothing for one that cannot be seen."""
    return skeleton(sign)


@dataclass(frozen=True, slots=True)
class _Entry:
    """text   as it is compared: plain, or as it looks; gaps: positions in it before which the name has a space"""

    name: str
    text: str
    gaps: frozenset[int]
    keys: frozenset[str]
    is_brand: bool

    def joined(self, other: _Entry) -> _Entry:
        return _Entry(self.name, self.text, self.gaps | other.gaps, self.keys | other.keys, self.is_brand and other.is_brand)


class Names:
    """The names of a library. Built once, asked for every text."""

    def __init__(self, products: Iterable[tuple[str, str, str, Sequence[str]]], variants: Sequence[str]) -> None:
        """products   (key, brand, model, further titles)"""
        named: dict[tuple[str, bool], set[str]] = defaultdict(set)
        for key, brand, model, titles in products:
            for name in {model, f"{brand} {model}" if brand and model else "", *titles}:
                named[name.strip(), False].add(key)
            named[brand.strip(), True].add(key)
        kept = {key: keys for key, keys in named.items() if len(key[0]) >= SHORTEST and not key[0].replace(".", "").isdigit()}
        self._plain, self._alike = _indexed(kept, _plain), _indexed(kept, looks)
        self._variants = tuple(sorted(("".join(map(_plain, each)) for each in variants), key=len, reverse=True))

    def find(self, text: str) -> tuple[tuple[Named, ...], tuple[Unlike, ...]]:
        """The names in a text, the longest at each place; and what only looks like one."""
        found, unlike, taken = dict[int, Named](), list[Unlike](), [0] * len(text)

        def take(start: int, end: int, times: int) -> None:
            for place in range(start, end):
                taken[place] += times

        for entry, start, end in self._hits(text, _plain, self._plain):
            behind = self._behind(text, end, entry)
            if behind > end:
                unlike.append(Unlike(start, behind, entry.name, True))
            else:
                found[start] = Named(start, end, entry.name, entry.keys, entry.is_brand)
            take(start, behind, 1)
        for entry, start, end in self._hits(text, looks, self._alike):
            for each in [found[place] for place in range(start, end) if place in found]:
                if each.end <= end and end - start > each.end - each.start:
                    del found[each.start]
                    take(each.start, each.end, -1)
            if not any(taken[start:end]) and not _of_other_words(text, start, end):
                unlike.append(Unlike(start, end, entry.name))
                take(start, end, 1)
        return tuple(found.values()), tuple(sorted(unlike, key=lambda each: each.start))

    def _hits(self, text: str, sign: Callable[[str], str], index: _Index) -> Iterable[tuple[_Entry, int, int]]:
        places = [n for n, each in enumerate(text) if not each.isspace() for _ in sign(each)]
        dense = "".join(sign(each) for each in text if not each.isspace())
        at = 0
        while at < len(dense):
            for length in index.lengths.get(dense[at : at + SHORTEST], ()):
                entry = index.entries.get(dense[at : at + length]) if at + length <= len(dense) else None
                if entry is not None and _stands_alone(text, places, at, at + length, entry):
                    yield entry, places[at], places[at + length - 1] + 1
                    at += length - 1
                    break
            at += 1

    def _behind(self, text: str, end: int, entry: _Entry) -> int:
        """Where a variant, or an unknown model of a brand, that stands right behind a name ends; `end` where there is none."""
        if entry.is_brand:
            model = _MODEL.match(text, end)
            return model.end() if model and not any(True for _ in self._hits(model[0], _plain, self._plain)) else end
        start = end
        while start < len(text) and text[start] in " -":
            start += 1
        behind = "".join(map(_plain, text[start : start + 12]))
        for each in self._variants:
            following = behind[len(each) : len(each) + 1]
            if behind.startswith(each) and not (each[-1].isascii() and following.isascii() and following.isalpha()):
                return start + len(each)
        return end


def _gaps(name: str, sign: Callable[[str], str]) -> frozenset[int]:
    dense, found = 0, set()
    for each in name.strip():
        if each.isspace():
            found.add(dense)
        else:
            dense += len(sign(each))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Index:
    """entries   as written here → the name; lengths: first characters → lengths of the names that begin so, the longest first"""

    entries: Mapping[str, _Entry]
    lengths: Mapping[str, Sequence[int]]


def _indexed(names: Mapping[tuple[str, bool], set[str]], sign: Callable[[str], str]) -> _Index:
    """names   (name, whether it is a brand) → keys"""
    entries: dict[str, _Entry] = {}
    lengths: dict[str, set[int]] = defaultdict(set)
    for (name, is_brand), keys in names.items():
        written = "".join(sign(each) for each in name if not each.isspace())
        entry, held = _Entry(name, written, _gaps(name, sign), frozenset(keys), is_brand), entries.get(written)
        entries[written] = entry if held is None else held.joined(entry)
        lengths[written[:SHORTEST]].add(len(written))
    return _Index(entries, {head: sorted(each, reverse=True) for head, each in lengths.items()})


def _stands_alone(text: str, places: Sequence[int], start: int, end: int, entry: _Entry) -> bool:
    """Whether a hit is a whole word, and has spaces only where the name has."""
    first, last = places[start], places[end - 1]
    if any(n - start not in entry.gaps and any(sign.isspace() for sign in text[places[n - 1] + 1 : places[n]]) for n in range(start + 1, end)):
        return False
    before, after = text[first - 1 : first], text[last + 1 : last + 2]
    longer = after in ("-", "+") and _glued(text[last], text[last + 2 : last + 3])
    return not (_glued(before, text[first]) or _glued(text[last], after) or longer)


def _of_other_words(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is two Chinese characters amid others: parts of words (由通用 is no 申通) rather than a name."""
    dense = [each for each in text[start:end] if not each.isspace()]
    beside = text[start - 1 : start] + text[end : end + 1] if start else text[end : end + 1]
    return len(dense) == SHORTEST and all(map(is_han, dense)) and any(map(is_han, beside))


def _glued(left: str, right: str) -> bool:
    """Whether two characters beside one another belong to one Latin word."""
    return bool(left and right) and all(_plain(each).isascii() and each.isalnum() for each in (left, right))
