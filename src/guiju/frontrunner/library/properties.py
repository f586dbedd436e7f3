"""Properties: what a library's words for quantities mean, by the dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guiju.records.headers import parse_header
from guiju.records.likeness import SAME_WORDS, named_properties
from guiju.standard.dictionary import Dictionary, Property

_PAIRS = re.compile(r"[;；\n]+")
_SIGN = re.compile("[=＝:：]")
_CLOSE = 0.02


class Properties:
    """Finds a property by its id, its titles or its headers; what it looked for once it remembers."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self._found: dict[str, Property | None] = {}

    def named(self, word: str) -> Property | None:
        """The property of an id, or the only one that a word names well."""
        if word not in self._found:
            self._found[word] = self.dictionary.get(word) or self._alike(word)
        return self._found[word]

    def _alike(self, word: str) -> Property | None:
        named = named_properties(parse_header(word), self.dictionary)
        if not named or named[0][0] < SAME_WORDS or (len(named) > 1 and named[0][0] - named[1][0] < _CLOSE):
            return None
        return named[0][1]


def methods_of(text: str, properties: Properties) -> tuple[dict[str, str], list[str]]:
    """Property → number of the method, as a cell says `续驶里程=GB/T 18386.1-2021; …`; and the words that name no property."""
    methods: dict[str, str] = {}
    unknown = []
    for pair in filter(None, map(str.strip, _PAIRS.split(text))):
        word, method = (*map(str.strip, _SIGN.split(pair, maxsplit=1)), "")[:2]
        found = properties.named(word) if method else None
        if found is None:
            unknown.append(pair)
        else:
            methods[found.id] = method
    return methods, unknown


def methods_kept(text: str) -> dict[str, str]:
    """Property → number of the method, of a cell as the library keeps it."""
    pairs = (pair.partition("=") for pair in text.split("; ") if pair)
    return {property_: method for property_, _, method in pairs}


def methods_text(methods: Mapping[str, str]) -> str:
    return "; ".join(f"{property_}={method}" for property_, method in sorted(methods.items()))
