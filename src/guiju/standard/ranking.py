"""Ranking: the written form of a population → the model. What `best`, `min_count` and `ties` may say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol

from guiju.base.diagnostics import Problems
from guiju.standard.document import Scalar
from guiju.standard.expression import Expr
from guiju.standard.model import Best, Population, Title

TIES = ("all", "none")
_WHOLE = re.compile(r"[1-9][0-9]{0,8}")


class Reader(Protocol):
    """What of the standard's reader is needed here."""

    problems: Problems

    def name(self, key: Scalar) -> bool: ...

    def number(self, scalar: Scalar | None) -> Fraction | None: ...

    def one_of(self, scalar: Scalar | None, known: tuple[str, ...]) -> str: ...

    def expression(self, scalar: Scalar | None) -> Expr | None: ...

    def ids(self, raw: dict[str, Any]) -> tuple[str, ...]: ...


def read_population(reader: Reader, key: Scalar, raw: dict[str, Any]) -> Population | None:
    """The population a mapping of the right shape declares; None where a part of it means nothing, and that is reported."""
    better = reader.one_of(raw["better"], ("lower", "higher"))
    ties = reader.one_of(raw["ties"], TIES) if "ties" in raw else "all"
    of, where = reader.expression(raw["of"]), reader.expression(raw.get("where"))
    within = [e for each in raw.get("within", []) if (e := reader.expression(each))]
    best = _best(reader, raw["best"])
    if not raw.get("source"):
        reader.problems.add("no-source", key.span, what=key.text)
    fewest = raw.get("min_count")
    if fewest is not None and not _WHOLE.fullmatch(fewest.text):
        reader.problems.add("not-a-number", fewest.span, text=fewest.text, hint_zh="写 1 或更大的整数", hint_en="write a whole number, 1 or more")
        return None
    if not raw["best"]:
        reader.problems.add("empty-value", key.span, hint_zh="best 至少写一项", hint_en="write at least one entry under `best`")
    broken = of is None or ("where" in raw and where is None) or len(within) != len(raw.get("within", [])) or len(best) != len(raw["best"])
    if broken or of is None or not best or ties not in TIES or better not in ("lower", "higher"):
        return None
    title, least = Title(raw["zh"].text, raw["en"].text), int(fewest.text) if fewest else 1
    return Population(key.text, title, of, better, tuple(within), where, least, ties, tuple(best), reader.ids(raw), key.span)


def _best(reader: Reader, raw: Mapping[str, tuple[Scalar, Scalar]]) -> list[Best]:
    """`20 %` is a share of the members, `10` the first ten; `0.2` could be taken for either and is refused."""
    found = []
    for key, value in raw.values():
        if not reader.name(key):
            continue
        if _WHOLE.fullmatch(value.text):
            found.append(Best(key.text, None, int(value.text), key.span))
            continue
        share = reader.number(value) if "%" in value.text or "‰" in value.text else Fraction(0)
        if share is not None and 0 < share <= 1:
            found.append(Best(key.text, share, None, key.span))
        elif share is not None:
            reader.problems.add("population-best", value.span, text=value.text)
    return found
