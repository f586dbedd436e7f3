"""Code: what a diagnostic code says, and how bad it is."""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    severity: str
    zh: str
    en: str
    help_zh: str
    help_en: str


def E(zh: str, en: str, help_zh: str, help_en: str) -> Code:  # noqa: N802
    return Code("ERROR", zh, en, help_zh, help_en)


def W(zh: str, en: str, help_zh: str, help_en: str) -> Code:  # noqa: N802
    return Code("WARNING", zh, en, help_zh, help_en)


def N(zh: str, en: str, help_zh: str, help_en: str) -> Code:  # noqa: N802
    return Code("NOTE", zh, en, help_zh, help_en)
