"""Evaluate: one record, judged exactly. The reading every other reading is tested against."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guiju.ir.node import Node, Op
from guiju.ir.program import ClauseMeaning, Program
from guiju.ir.values import RULES as EXACT
from guiju.ir.values import Rule, Unknown, Value, unknown_of

RULES: Mapping[Op, Rule] = EXACT


class Verdict(enum.Enum):
    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The value of every node for one record."""

    program: Program
    record: Mapping[str, Value]
    values: Mapping[int, Value]

    def of(self, node: Node) -> Value:
        return self.values[node.index]

    def verdict(self, no: str) -> Verdict:
        """Of a clause, or of the whole (`overall`)."""
        return self.judge(next(m for m in self.program.judged if m.no == no))

    def judge(self, meaning: ClauseMeaning) -> Verdict:
        applies, requires = self.values[meaning.applies.index], self.values[meaning.requires.index]
        if applies is False:
            return Verdict.NOT_APPLICABLE
        if applies is not True or type(requires) is Unknown:
            return Verdict.UNDETERMINED
        return Verdict.PASS if requires else Verdict.FAIL

    def why_unknown(self, meaning: ClauseMeaning) -> Unknown:
        """What an undetermined verdict lacks."""
        applies, requires = self.values[meaning.applies.index], self.values[meaning.requires.index]
        return unknown_of([applies, requires]) or Unknown()

    @property
    def verdicts(self) -> dict[str, Verdict]:
        return {m.no: self.judge(m) for m in self.program.judged}


def is_met(evaluation: Evaluation, meaning: ClauseMeaning) -> bool:
    """Whether a clause surely asks nothing of the record or surely is met: what a whole needs of each of its clauses."""
    return evaluation.of(meaning.applies) is False or evaluation.of(meaning.requires) is True


def evaluate(program: Program, record: Mapping[str, Value]) -> Evaluation:
    """The record judged; `record` holds exact values by input name (see `ir.record.admit`), inputs not in it are missing.

    Work grows with the number of distinct nodes; nothing is rounded but where the standard says so.
    """
    values: dict[int, Any] = {}
    for node in program.order:
        if node.op is Op.INPUT:
            name = node.value
            values[node.index] = record[name] if name in record else EXACT[Op.INPUT](node, ())  # type: ignore[index]
        else:
            values[node.index] = EXACT[node.op](node, [values[a.index] for a in node.args])
    return Evaluation(program, record, values)
