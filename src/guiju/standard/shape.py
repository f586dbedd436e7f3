"""Shapes: which keys a mapping may and must have, and of what kind; checked before anything is given a meaning.

`read` gives plain dicts of Scalars, lists and dicts. What is malformed is reported and left out, so that the rest can still be checked. A
declaration is left out as a whole: half of one would only cause messages about the missing half.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.standard.document import Fields, Item, Listing, Scalar


@dataclass(frozen=True, slots=True)
class Key:
    kind: Kind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping with known keys.

    whole     left out as a whole where any part of it is malformed
    partial   given with what it has where required keys are missing or malformed
    """

    name: str
    keys: Mapping[str, Key]
    zh: str = ""
    whole: bool = False
    partial: bool = False

    def within(self, owner: Scalar | None) -> dict[str, str]:
        """Facts for a Diagnostic: what this is, with the key it stands under where that is its name."""
        named = f" {owner.text}" if owner else ""
        return {"within": self.name + named, "within_zh": (self.zh or self.name) + named}


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with free keys, all values of one kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, or one item standing for a list of one."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Either:
    """A scalar, or a mapping of the given shape."""

    shape: Shape


Kind = str | Shape | MapOf | ListOf | Either
"""The plain kinds are 'text', a scalar that is not empty, 'label', a text with no meaning to check: '?' stands for one that is missing, and
'tree', anything, given as it is in the document."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word a misspelt one probably means."""
    close = difflib.get_close_matches(word, list(known), 1, 0.6)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str], *, listed: bool = False) -> dict[str, str]:
    """Facts for a Diagnostic's help, empty where nothing is near.

    listed   the message itself lists what is known
    """
    known = list(known)
    near = nearest(word, known)
    if near is not None:
        return {"hint_zh": f"是不是「{near}」？", "hint_en": f"did you mean `{near}`?"}
    if 0 < len(known) <= 12 and not listed:
        words = ", ".join(known)
        return {"hint_zh": f"可用的有：{words}", "hint_en": f"known here: {words}"}
    return {}


def read(item: Item | None, kind: Kind, problems: Problems, whole: bool = False, owner: Scalar | None = None) -> Any:
    """The item as plain Python values of that kind; None where it is malformed (and reported).

    whole   None also where any part is malformed
    owner   the key the item stands under, where that is a name the author gave
    """
    if item is None:
        return None
    if isinstance(item, Scalar) and not item.text.strip():
        problems.add("empty-value", item.span)
        return None
    if isinstance(kind, Shape):
        return _fields(item, kind, problems, whole or kind.whole, owner)
    if isinstance(kind, MapOf):
        return _map(item, kind, problems, whole)
    if isinstance(kind, ListOf):
        items = item.items if isinstance(item, Listing) else (item,)
        values = [read(each, kind.kind, problems, whole) for each in items]
        return None if whole and None in values else [value for value in values if value is not None]
    if isinstance(kind, Either):
        return item if isinstance(item, Scalar) else read(item, kind.shape, problems, whole)
    if kind == "tree":
        return item
    if not isinstance(item, Scalar):
        problems.add("kind-mismatch", _head(item), expected_zh="一个文本值", expected_en="a single text value")
        return None
    return item


def _fields(item: Item, shape: Shape, problems: Problems, whole: bool, owner: Scalar | None) -> dict[str, Any] | None:
    within = shape.within(owner)
    if not isinstance(item, Fields):
        problems.add("kind-mismatch", _head(item), expected_zh=f"带键的映射（{within['within_zh']}）",
                     expected_en=f"a mapping with keys ({within['within']})")  # fmt: skip
        return None
    out: dict[str, Any] = {"": item.span}
    misspelt: set[str | None] = set()
    for key, value in item.entries:
        known = shape.keys.get(key.text)
        if known is None:
            problems.add("unknown-key", key.span, key=key.text, **within, **did_you_mean(key.text, shape.keys))
            misspelt.add(nearest(key.text, shape.keys))
            continue
        out[key.text] = read(value, known.kind, problems, whole)
    for name in [name for name, key in shape.keys.items() if key.required and name not in out]:
        if name not in misspelt:
            problems.add("missing-key", owner.span if owner else _head(item), key=name, **within)
        out[name] = None
    for name in [name for name, value in out.items() if name and value is None and shape.keys[name].kind == "label"]:
        out[name] = Scalar("?", item.span, None)
    if any(whole or (shape.keys[name].required and not shape.partial) for name, value in out.items() if value is None):
        return None
    if whole and any(name not in out for name in misspelt if name):
        return None  # what stands under the misspelt key is missing
    return {name: value for name, value in out.items() if value is not None}


def _map(item: Item, kind: MapOf, problems: Problems, whole: bool) -> dict[str, Any] | None:
    if not isinstance(item, Fields):
        problems.add("kind-mismatch", _head(item), expected_zh="带键的映射", expected_en="a mapping with keys")
        return None
    values = [(key, read(value, kind.kind, problems, whole, key)) for key, value in item.entries]
    if whole and any(value is None for _, value in values):
        return None
    return {key.text: (key, value) for key, value in values if value is not None}


def _head(item: Item) -> Span:
    """The first character of an item: a whole mapping underlined would bury the message."""
    span = item.span
    return Span(span.file, span.line, span.column, span.line, span.end_column if span.end_line == span.line else span.column + 1)
