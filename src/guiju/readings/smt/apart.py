"""Solvers apart: each in a context of its own, so that what it finds depends on its question alone and not on what the process asked before.

The solver numbers terms as it meets them and is led by these numbers. In the context that all terms share, the record shown for a question would
be another one after other questions; the answer would not.
"""

from __future__ import annotations

from typing import Any

from guiju.readings.smt.contexts import new_context, own_context, solver_library
from guiju.readings.smt.logic import Formula


class Solver:
    """A solver, or an optimizer, over copies of the terms it is given; its models speak of the terms themselves."""

    def __init__(self, steps: int, seconds: float, *, optimizes: bool = False) -> None:
        z3 = solver_library()
        self._context = new_context()
        self.inner = z3.Optimize(ctx=self._context) if optimizes else z3.Solver(ctx=self._context)
        self.inner.set("rlimit", steps)
        self.inner.set("timeout", max(1, int(1000 * seconds)))
        if not optimizes:
            self.inner.set("random_seed", 0)

    def add(self, *formulas: Formula) -> None:
        self.inner.add(*(self.copied(each) for each in formulas if each is not True))

    def add_named(self, formula: Formula, name: str) -> None:
        if formula is not True:
            self.inner.assert_and_track(self.copied(formula), solver_library().Bool(name, self._context))

    def copied(self, term: Formula) -> Any:
        return solver_library().BoolVal(term, self._context) if isinstance(term, bool) else term.translate(self._context)

    def outcome(self) -> tuple[str, Any]:
        """sat with a model, unsat, or the solver's reason why it does not know."""
        z3 = solver_library()
        try:
            found = self.inner.check()
            if found == z3.sat:
                return "sat", self.model()
            return ("unsat", None) if found == z3.unsat else (str(self.inner.reason_unknown()), None)
        except z3.Z3Exception as error:  # a resource that ran out while a model was made
            return str(error), None

    def model(self) -> Any:
        return self.inner.model().translate(own_context())
