"""The unified social credit code of GB 32100-2015: eighteen characters, the last of which checks the others."""

from __future__ import annotations

from guiju.base.rounding import HALF_WIDTH

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Thirty-one characters; I, O, S, V and Z are not among them, which are too like others."""
LENGTH = 18


def check_character(first: str) -> str:
    """The eighteenth character to seventeen: 31 less the sum of values times powers of 3, all modulo 31 (GB 32100-2015, annex).

    raises   ValueError: where they are not seventeen of the alphabet
    """
    if len(first) != LENGTH - 1:
        raise ValueError(f"{len(first)} characters, not {LENGTH - 1}")
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first))
    return ALPHABET[-total % 31]


def looks_like_one(code: str) -> bool:
    """Whether it has the length of one; any other is an identifier of its own."""
    return len(code) == LENGTH


def is_valid(code: str) -> bool:
    """Whether the eighteen characters are of the alphabet and the last is right."""
    return looks_like_one(code) and all(each in ALPHABET for each in code) and check_character(code[:-1]) == code[-1]


def meant(code: str) -> str | None:
    """The valid code that was probably meant, where only width or capitals are wrong."""
    folded = code.translate(HALF_WIDTH).upper()
    return folded if folded != code and is_valid(folded) else None
