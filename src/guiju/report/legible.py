"""Legible: texts as every form can carry them. Records and standards come from strangers; no character of theirs may steer what shows it."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from json import dumps

from guiju.report.tree import Report, changed, plain

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co"))
_SPACES = str.maketrans(dict.fromkeys("\t\n\r\v\f\x85\u2028\u2029", " "))


def legible(text: str) -> str:
    """One line, in which every character is seen: those that steer, and those no font or encoding has, become the mark `\ufffd`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if _unseen(c) else c for c in text.translate(_SPACES))


def _unseen(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in _UNSEEN or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def legible_report(report: Report) -> Report:
    return changed(report, legible)


def identity(report: Report) -> str:
    """The sha256 of what a report says, the same whatever form it is written in."""
    return sha256(dumps(plain(report), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")).hexdigest()


_LONG = re.compile(r"[^\s\u2E80-\uFFFF]{15,}")
_AFTER = re.compile(r"(?<=[/._\-@=&?:,;+)\]])(?=\w)")
_CHUNK = 12


def pieces(text: str) -> list[str]:
    """The text in pieces between which a line may break: within words without spaces that are too long for a narrow column."""
    cuts = [0]
    for word in _LONG.finditer(text):
        ends = [*(word.start() + found.start() for found in _AFTER.finditer(word[0])), word.end()]
        begin = word.start()
        for end in ends:
            cuts += range(begin + _CHUNK, end - _CHUNK // 2, _CHUNK)
            cuts += [end] if end < word.end() else []
            begin = end
    return [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
