"""Given: what an address says for a page of verification, read field by field; every problem is kept with its field, and told at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from guiju.base.diagnostics import Diagnostic, Language, Problems
from guiju.base.rounding import parse_number
from guiju.standard.model import Title
from guiju.verify.sheet import LARGEST


class Given:
    """The names and values of an address, in their order."""

    def __init__(self, items: Iterable[tuple[str, str]], language: Language) -> None:
        self.items = [(name, value.strip()) for name, value in items]
        self.language, self.problems = language, Problems()

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def one(self, name: str) -> str:
        return next((value for key, value in self.items if key == name and value), "")

    def many(self, name: str) -> list[str]:
        """Every value of a name, the empty ones too, so that the fields of one row stay together."""
        return [value for key, value in self.items if key == name]

    def number(self, name: str, label: Title, *, least: float = -LARGEST, most: float = LARGEST) -> Fraction | None:
        """The exact number of a field; None where it is empty or wrong, and what is wrong is kept."""
        return self.read(self.one(name), name, label, least=least, most=most)

    def read(self, text: str, field: str, label: Title, *, least: float = -LARGEST, most: float = LARGEST) -> Fraction | None:
        """The exact number of a text that was typed into a field."""
        if not text:
            return None
        found = parse_number(text)
        if found is None:
            self.wrong("verify-field-number", field, label, text=text)
        elif not least <= _double(found) <= most:
            self.wrong("verify-field-range", field, label, text=text, least=f"{least:g}", most=f"{most:g}")
            found = None
        return found

    def whole(self, name: str, label: Title, usual: int, least: int, most: int) -> int:
        """A whole number of a field; the usual one where there is none."""
        found = self.number(name, label, least=least, most=most)
        if found is not None and found.denominator != 1:
            self.wrong("verify-field-range", name, label, text=self.one(name), least=least, most=most)
        return usual if found is None else int(found)

    def word(self, name: str, known: Sequence[str], usual: str) -> str:
        """One of the words known; the usual one where there is none."""
        found = self.one(name) or usual
        if found not in known:
            self.problems.add("unknown-word", None, word=found, known=", ".join(known), field=name)
            return usual
        return found

    def wrong(self, code: str, field: str, label: Title, **facts: object) -> None:
        self.problems.add(code, None, label_zh=label.zh, label_en=label.en, field=field, **facts)


def real(x: Fraction | None) -> float | None:
    return None if x is None else float(x)


def _double(x: Fraction) -> float:
    """NaN where it is too large, which lies in no range."""
    try:
        return float(x)
    except OverflowError:
        return math.nan


def decimal(value: object) -> str:
    """A number of a request, as it was written."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def on_a_page(found: Diagnostic) -> Diagnostic:
    """What helps at the command line, in words for a page that has fields in place of options."""
    hint = PAGE_HELP.get(found.code)
    return found if hint is None else Diagnostic(found.code, found.span, {**found.facts, "hint_zh": hint[0], "hint_en": hint[1]})


PAGE_HELP = {
    "verify-column": ("在“哪一列是什么”中写出列标题", "name its header under “which column is what”"),
    "round-no-value": ("填指定值（及其标准不确定度）", "fill in the assigned value (and its standard uncertainty)"),
    "round-few": ("选方法 given，并填外部的指定值", "choose the method `given` and fill in an outside value"),
    "round-made-zero": ("选 q-hampel，或用更细的分辨力", "choose q-hampel, or a finer resolution"),
    "round-no-sigma": ("填 σ_pt，或选能给出标准差的方法", "fill in σ_pt, or choose a method that gives a standard deviation"),
    "round-unattainable": ("填外部的 σ_pt，或选稳健方法", "fill in an outside σ_pt, or choose a robust method"),
    "round-use-z-prime": ("选比分数 z'", "choose the score z'"),
    "plan-no-spread": ("直接填 γ", "fill in γ"),
    "uncertain-not-settled": ("减少要稳定的位数", "ask for fewer digits"),
}
"""Of codes whose own help names options of the command line."""
