"""Reasons: why something is undefined, as one text that readings carry and that people read in their own language."""

from __future__ import annotations

import re

from guiju.base.diagnostics import Language

_CHINESE: tuple[tuple[str, str], ...] = (
    (r"division by zero", "除以零"),
    (r"no row for this category", "没有这一类别的行"),
    (r"no grade", "没有相应的等级"),
    (r"outside the table (.+)", "超出表「{}」的范围"),
    (r"(.+) has no value on (\S+)", "「{}」在 {} 没有值"),
    (r"(.+) has no value before (\S+)", "「{}」在 {} 之前没有值"),
    (r"no snapshot of (.+)", "没有「{}」的快照"),
    (r"(.+): this range is not in the snapshot", "「{}」：快照中没有这个可比范围"),
    (r"(.+): fewer than (\d+) members in this range", "「{}」：这个可比范围内不足 {} 个"),
    (r"(.+): too few members for anyone to be in", "「{}」：总数太少，无人入围"),
    (r"(.+): more share the best value than may be in", "「{}」：并列最优者多于名额，无人入围"),
)


def reason_text(reason: str, language: Language) -> str:
    """The reason as people read it; one that is not known here stands as it is."""
    if language == "en":
        return reason
    for pattern, chinese in _CHINESE:
        if match := re.fullmatch(pattern, reason):
            return chinese.format(*match.groups())
    return reason


def no_snapshot(population: str) -> str:
    return f"no snapshot of {population}"


def not_in_snapshot(population: str) -> str:
    return f"{population}: this range is not in the snapshot"


def too_few(population: str, least: int) -> str:
    return f"{population}: fewer than {least} members in this range"


def nobody(population: str) -> str:
    return f"{population}: too few members for anyone to be in"


def all_tied(population: str) -> str:
    return f"{population}: more share the best value than may be in"
