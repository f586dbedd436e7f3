"""Answers: proved, refuted with a witness, unknown because, not comparable because. There is no fifth, and no guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guiju.ir.values import Value
from guiju.readings.evaluate import Evaluation, Verdict, is_met
from guiju.readings.smt.space import Assignment
from guiju.standard.model import Title

How = str
"""solver: there is no record to the contrary; text: both are written alike; pieces: two tables compared piece by piece;
parts: from the answers of its parts"""


@dataclass(frozen=True, slots=True)
class Witness:
    """A full record that shows it, judged by the exact reading.

    evaluations   one per program, in their order
    real          the row of the real records it is; None: made for the purpose, as typical as it can be
    """

    assignment: Assignment
    evaluations: tuple[Evaluation, ...]
    real: str | None = None

    def record(self, position: int) -> Mapping[str, Value]:
        return self.evaluations[position].record

    def verdicts(self, position: int) -> dict[str, Verdict]:
        return self.evaluations[position].verdicts

    def blamed(self, position: int) -> tuple[str, ...]:
        """The clauses that must be met and are not surely met."""
        evaluation = self.evaluations[position]
        return tuple(c.no for c in evaluation.program.clauses if c.clause.strength == "shall" and not is_met(evaluation, c))


@dataclass(frozen=True, slots=True)
class Proved:
    """It holds of every record. `witness` where the question is whether something exists."""

    by: How = "solver"
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Refuted:
    """It does not hold: the witness shows it; or, where something was to exist, the clauses (program, number) that leave no room for it.

    unasked   properties the first standard asks nothing of, so that it cannot imply anything about them
    """

    witness: Witness | None = None
    conflict: tuple[tuple[int, str], ...] = ()
    unasked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    reason: Title


@dataclass(frozen=True, slots=True)
class NotComparable:
    reason: Title


Answer = Proved | Refuted | Unknown | NotComparable


def weakest(answers: list[Answer]) -> Answer:
    """The answer of a whole that holds where all of its parts do: one witness against a part is one against the whole."""
    for kind in (Refuted, Unknown, NotComparable):
        found = next((answer for answer in answers if isinstance(answer, kind)), None)
        if found is not None:
            return found
    return Proved("parts")
