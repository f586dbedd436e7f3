"""Tokens: the text of an expression, cut into numbers, names, words and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guiju.base.rounding import HALF_WIDTH

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>\d{4}-\d{1,2}-\d{1,2}(?!\d))
    | (?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d]\w*|[℃㎡㎥])
    | (?P<quoted>「[^「」]+」)
    | (?P<word>'[^']*'|"[^"]*"|‘[^’]*’|“[^”]*”)
    | (?P<op><=|>=|==|!=|[-+*/^()\[\]{}<>=,.%‰°&|!≤≥≠×÷·⁺⁻＜＞（），；;：－＋＊／％＝［］｛｝−?:])
    )""",
    re.VERBOSE,
)
_FULL_WIDTH = {c: c.translate(HALF_WIDTH) for c in "（），；：－＋＊／％＝［］｛｝−"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


class Syntax(Exception):
    """What cannot be read, as a Diagnostic's code and facts, with its place in the text."""

    def __init__(self, code: str, start: int, end: int, **facts: str) -> None:
        super().__init__(code)
        self.code, self.start, self.end, self.facts = code, start, end, facts


def tokens_of(text: str) -> list[Token]:
    """The tokens of an expression, with an `end` after the last.

    raises   Syntax: unexpected-symbol, at a character no token begins with
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:]
            if not rest.strip():
                break
            start = at + len(rest) - len(rest.lstrip())
            raise Syntax("unexpected-symbol", start, start + 1, found=text[start])
        kind = match.lastgroup or ""
        word = match[kind]
        tokens.append(Token(kind, _FULL_WIDTH.get(word, word), match.start(kind), match.end()))
        at = match.end()
    tokens.append(Token("end", "", len(text), len(text) + 1))
    return tokens
