"""What the solver shows depends on the question alone."""

from __future__ import annotations

import os
import subprocess
import sys

ASK = """
import sys
from guiju.readings.smt.apart import Solver
from guiju.readings.smt.contexts import solver_library
z3 = solver_library()

def asked_before():
    n, z, y, x = z3.Int("n"), z3.Real("z"), z3.Real("y"), z3.Real("x")
    kept = [n % 5, z / 2, z * y, x + y + z] + [z3.Real(f"q{i}") * y > i for i in range(50)]
    solver = z3.Solver()
    solver.add(z * z > y, x * n > 3 * z)
    solver.check()
    return kept

held = asked_before() if sys.argv[1:] else None
x, y, z = z3.Reals("x y z")
n = z3.Int("n")
formulas = x * y * z >= 777, x + y + z <= 41, x * x + y <= z * y, y > z / 2, n > 3, z3.ToReal(n) * x < y * 7, n % 5 == 2
solver = Solver(50_000_000, 120)
solver.add(*formulas)
outcome, model = solver.outcome()
assert outcome == "sat" and all(z3.is_true(model.eval(each, model_completion=True)) for each in formulas)
print(sorted(f"{name} = {model[name]}" for name in model))
"""


def _answer(*words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run([sys.executable, "-c", ASK, *words], capture_output=True, text=True, check=True, env=environment).stdout


def test_a_record_found_after_other_questions_is_the_one_found_before_any() -> None:
    """In the context that all terms share it is not: 12, 12, 22, 3 becomes 12, 155/16, 23/8, 28."""
    assert _answer() == _answer("after others") != ""
