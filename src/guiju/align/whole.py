"""Whole: the cheapest choice of yes or no that meets linear rows, by HiGHS, and a proof in whole numbers that there is none cheaper.

The solver counts in doubles. What it chooses is checked in whole numbers, and its bound stays its own word until `proved` has shown it: for any
multipliers of the rows that are not negative, what the rows add up to is a bound, so the solver's multipliers, made whole, need not be trusted.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

SCALE = 1 << 32
"""Multipliers of rows are whole numbers of this fraction."""


@dataclass(frozen=True, slots=True)
class Row:
    """The terms of what is chosen add up to at least so much."""

    terms: Mapping[int, int]
    least: int

    def holds(self, chosen: frozenset[int]) -> bool:
        return sum(by for position, by in self.terms.items() if position in chosen) >= self.least


@dataclass(frozen=True, slots=True)
class Least:
    """What the solver found.

    chosen   None: nothing within the time; it meets every row, checked in whole numbers
    bound    nothing costs less, so the solver says
    ended    it searched to the end: where nothing is chosen, nothing can be
    """

    chosen: frozenset[int] | None
    bound: int
    ended: bool


@dataclass(frozen=True)
class Choice:
    """What may be chosen: the cost of each, not negative, and the rows to be met."""

    costs: Sequence[int]
    rows: Sequence[Row]

    def cost(self, chosen: frozenset[int]) -> int:
        return sum(self.costs[position] for position in chosen)

    def least(self, seconds: float) -> Least:
        """The cheapest choice, or the best one found in the time, with the solver's bound."""
        solver = self._solver(seconds, whole=True)
        solver.run()
        status, values = solver.getModelStatus().name, solver.getSolution().col_value
        ended = status in ("kOptimal", "kInfeasible", "kModelEmpty")
        told = solver.getInfo().mip_dual_bound if status != "kModelEmpty" else 0.0
        bound = math.ceil(told - 1e-6 * max(1.0, abs(told))) if math.isfinite(told) else 0
        chosen = frozenset(position for position, value in enumerate(values) if value > 0.5)
        found = status != "kInfeasible" and len(values) == len(self.costs) and all(row.holds(chosen) for row in self.rows)
        return Least(chosen if found else None, max(bound, 0), ended)

    def pruned(self) -> frozenset[int] | None:
        """Everything, less what can be spared, the dearest first; None where that does not meet the rows."""
        kept = frozenset(range(len(self.costs)))
        rows = [row for row in self.rows if row.holds(kept)]
        for position in sorted(kept, key=lambda each: (-self.costs[each], each)):
            if all(row.holds(kept - {position}) for row in rows if position in row.terms):
                kept -= {position}
        return kept if all(row.holds(kept) for row in self.rows) else None

    def proved(self, value: int, steps: int, seconds: float) -> bool:
        """Whether it is shown in whole numbers that no choice costs less than the value; within so many linear programs.

        A row may be missed at a price above the value, so that every linear program has a solution; a choice that misses none pays nothing.
        """
        solver, price = self._solver(seconds, whole=False, price=value + 1), value + 1
        until = time.monotonic() + seconds
        parts: list[dict[int, int]] = [{}] if value > 0 else []
        while parts:
            fixed = parts.pop()
            steps -= 1
            if steps < 0 or time.monotonic() > until:
                return False
            low = [fixed.get(position, 0) for position in range(len(self.costs))]
            high = [fixed.get(position, 1) for position in range(len(self.costs))]
            solver.changeColsBounds(len(low), self._positions, _doubles(low), _doubles(high))
            solver.run()
            solution = solver.getSolution()
            weights = [min(max(round(dual * SCALE), 0), price * SCALE) for dual in solution.row_dual]
            if self._bound(weights, low, high) > (value - 1) * SCALE:
                continue
            loose = [(abs(x - 0.5), position) for position, x in enumerate(solution.col_value[: len(low)]) if position not in fixed]
            if not loose:
                return False
            _, position = min(loose)
            parts += [{**fixed, position: 0}, {**fixed, position: 1}]
        return True

    def _bound(self, weights: Sequence[int], low: Sequence[int], high: Sequence[int]) -> int:
        """What any choice within the bounds costs at least, times SCALE: rows weighted and added, and the rest of each cost at its cheapest."""
        rest = [cost * SCALE for cost in self.costs]
        total = 0
        for weight, row in zip(weights, self.rows, strict=True):
            total += weight * row.least
            if weight:
                for position, by in row.terms.items():
                    rest[position] -= weight * by
        return total + sum(min(each * at_low, each * at_high) for each, at_low, at_high in zip(rest, low, high, strict=True))

    @cached_property
    def _positions(self) -> Any:
        import numpy

        return numpy.arange(len(self.costs), dtype=numpy.int32)

    def _solver(self, seconds: float, whole: bool, price: int | None = None) -> Any:
        """HiGHS with the choice in it; with a price, rows may be missed at it."""
        import highspy

        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5, "time_limit": max(seconds, 0.01)}
        for name, setting in options.items():
            solver.setOptionValue(name, setting)
        lp = highspy.HighsLp()
        slack = [] if price is None else [price] * len(self.rows)
        lp.num_col_, lp.num_row_ = len(self.costs) + len(slack), len(self.rows)
        lp.col_cost_ = _doubles([*self.costs, *slack])
        lp.col_lower_ = _doubles([0] * lp.num_col_)
        lp.col_upper_ = _doubles([*([1] * len(self.costs)), *([highspy.kHighsInf] * len(slack))])
        lp.row_lower_ = _doubles([row.least for row in self.rows])
        lp.row_upper_ = _doubles([highspy.kHighsInf] * len(self.rows))
        starts, indices, values = [0], [], []
        for at, row in enumerate(self.rows):
            indices += [*row.terms, *([len(self.costs) + at] if slack else [])]
            values += [*row.terms.values(), *([1] if slack else [])]
            starts.append(len(indices))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, indices, _doubles(values)
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
        solver.passModel(lp)
        return solver


def _doubles(values: Sequence[float]) -> Any:
    import numpy

    return numpy.array(values, dtype=numpy.float64)
