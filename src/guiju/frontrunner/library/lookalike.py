"""Lookalikes: names made to be taken for one another: by characters of other scripts, by width and capitals, by what cannot be seen.

The confusable characters are those Unicode lists (UTS #39, through the package confusable-homoglyphs), and Chinese ones of a table of ours (`han`),
which says what it holds and that it is not complete.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from guiju.frontrunner.library.han import alike

NEUTRAL = frozenset({"COMMON", "INHERITED", "HAN", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "UNKNOWN"})
"""Scripts that stand beside others in honest names."""
_UNSEEN = frozenset({"Cf", "Cc", "Zl", "Zp", "Cn", "Co"})
_JOINING = frozenset("-‐‑–—·・._'")
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0\ufe0e\ufe0f\u034f\u2800")


@cache
def _classes() -> dict[int, str]:
    """Character → the one that stands for all it may be taken for."""
    from confusable_homoglyphs import confusables

    above: dict[str, str] = {}

    def top(each: str) -> str:
        while above.get(each, each) != each:
            each = above[each]
        return each

    def join(one: str, other: str) -> None:
        first, second = sorted((top(one), top(other)), key=lambda text: (not text.isascii(), len(text), text))
        if first != second:
            above[second] = first

    for character, others in confusables.confusables_data.items():
        for each in others:
            if len(character) == 1 and len(each["c"]) == 1:
                join(character, each["c"])
    return {ord(each): top(each) for each in list(above) if top(each) != each}


_SMALL = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "m": "rn", "w": "vv"})
"""Alike once capitals are gone; one that looks like two becomes both."""


def is_unseen(character: str) -> bool:
    """Whether nothing of a character can be seen, other than a space."""
    return unicodedata.category(character) in _UNSEEN or character in _FILLERS


def skeleton(name: str) -> str:
    """What is left of a name when all that may be taken for one another is one: two names with the same skeleton look alike.

    Without spaces, signs between words, marks above letters, capitals and width. Not for showing.
    """
    seen = unicodedata.normalize("NFKC", "".join(each for each in name if not is_unseen(each)))
    bare = "".join(each for each in unicodedata.normalize("NFD", seen) if unicodedata.category(each) not in ("Mn", "Me"))
    held = unicodedata.normalize("NFKC", bare.translate(alike()).translate(_classes()))
    small = held.translate(alike()).casefold().translate(_SMALL)
    return "".join(each for each in small if not each.isspace() and each not in _JOINING)


def lookalikes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names, in groups of those that are not the same and look alike; in alphabetical order."""
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(skeleton(name), set()).add(name)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def oddities(name: str) -> tuple[str, ...]:
    """What is odd of a name by itself: `unseen` characters, `scripts` that do not belong together (Latin beside Cyrillic)."""
    found = []
    if any(is_unseen(each) for each in name):
        found.append("unseen")
    if not name.isascii() and len(_scripts(name) - NEUTRAL) > 1:
        found.append("scripts")
    return tuple(found)


def _scripts(name: str) -> set[str]:
    from confusable_homoglyphs import categories

    return {str(each) for each in categories.unique_aliases("".join(c for c in name if not c.isascii() or c.isalpha()))}
