"""What is told of a nested or staggered design: the components of variance and the intermediate precisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from guiju.base.diagnostics import Language
from guiju.metrology.nested import Nested
from guiju.verify.told import Table, number, say


def table(found: Nested, language: Language) -> Table:
    zh = language == "zh"
    last = say(zh, "重复", "replicates")
    rows = [
        (last if c.factor == "replicate" else c.factor, str(c.dof), number(c.mean_square), number(c.variance) + ("*" if c.truncated else ""),
         number(c.variance**0.5))
        for c in found.components
    ]  # fmt: skip
    header = ("因子", "自由度", "均方", "方差分量", "标准差") if zh else ("factor", "dof", "mean square", "variance", "sd")
    return Table(say(zh, "套合方差分析", "nested analysis of variance"), header, rows, (1, 2, 3, 4))


def notes(found: Nested, factors: Sequence[str], language: Language) -> Iterator[str]:
    """s_r, each intermediate precision, s_R; and what was cut off at 0."""
    inner = [f"s_r = {number(found.intermediate(factors[-1]))}"]
    inner += [f"s_I({', '.join(factors[n + 1 :])}) = {number(found.intermediate(name))}" for n, name in reversed(list(enumerate(factors[:-1])))]
    yield "; ".join([*inner, f"s_R = {number(found.intermediate())}"])
    if any(c.truncated for c in found.components):
        yield say(language == "zh", "* 估计为负，取 0", "* the estimate is negative; 0 is used")


def as_json(found: Nested, factors: Sequence[str]) -> dict[str, Any]:
    return {"mean": found.mean, "components": [asdict(each) for each in found.components], "s_r": found.intermediate(factors[-1]),
            "s_R": found.intermediate()}  # fmt: skip
