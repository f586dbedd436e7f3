"""One record and one document: exact evaluation, explanation, the compiled form, checking; and how long the command takes to start.

    python benchmarks/one_record.py

Times are the least of several repeats, per call. The peer for the compiled form is the same rule written by hand in Python.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import timeit
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.record import admit
from guiju.readings.compiled import compile_record
from guiju.readings.evaluate import evaluate
from guiju.readings.examples import run_examples
from guiju.readings.explain import explain, text
from guiju.standard.document import load
from guiju.standard.parse import parse_standard
from guiju.standard.shelf import Shelf


def by_hand(record: dict[str, object]) -> bool | None:
    """GB 36980.1-2025 as a programmer would write it: floats, no rounding, no check at the door."""
    if record["category"] != "M1" or record["powertrain"] != "bev" or record["max_mass"] > 3500:  # type: ignore[operator]
        return None
    mass: float = record["curb_mass"]  # type: ignore[assignment]
    limit = 10.1 if mass <= 1090 else 0.00556 * (mass - 1780) + 13.92 if mass <= 2710 else 19.1
    return record["consumption"] <= limit  # type: ignore[operator]


def microseconds(call: Callable[[], object]) -> float:
    timer = timeit.Timer(call)
    number, _ = timer.autorange()
    return min(timer.repeat(5, number)) / number * 1e6


def main() -> None:
    shelf = Shelf()
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}\n")
    print("| standard | nodes | evaluate, µs | explain to text, µs | compiled, µs | load, parse, check, ms | with its examples, ms |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for number, folder in shelf.paths().items():
        opened = shelf.open(folder)
        standard = opened.standard
        assert standard is not None
        program = check(standard, None, shelf, Problems())
        example = max(standard.examples, key=lambda e: len(e.given))
        record = admit(program.inputs, {n: s.text for n, s in example.given.items()}, Problems())
        floats = {n: float(v) if isinstance(v, Fraction) else v for n, v in record.items()}
        judge = compile_record(program)

        def checked(path: Path = folder, examples: bool = False) -> None:
            problems = Problems()
            document, beside = load(path / "standard.yaml", problems), load(path / "examples.yaml", problems) if examples else None
            made = parse_standard(document, beside, shelf.dictionary, problems, shelf.factors)
            assert made is not None
            found = check(made, None, shelf, problems)
            if examples:
                run_examples(found, shelf, problems)

        cells = (
            microseconds(lambda: evaluate(program, record).verdicts), microseconds(lambda: text(explain(evaluate(program, record), "zh"))),
            microseconds(lambda: judge(floats)), microseconds(checked) / 1000, microseconds(lambda: checked(examples=True)) / 1000,
        )  # fmt: skip
        print(f"| {number} | {len(program.order)} | {cells[0]:.0f} | {cells[1]:.0f} | {cells[2]:.2f} | {cells[3]:.1f} | {cells[4]:.1f} |")
        if number == "GB 36980.1-2025":
            hand = microseconds(lambda: by_hand(floats))
    print(f"\nGB 36980.1-2025 by hand in Python, without any check of its input: {hand:.2f} µs")
    command = [sys.executable, "-c", "from guiju.app import main; main()", "--version"]
    starts = [timeit.timeit(lambda: subprocess.run(command, check=True, capture_output=True), number=1) for _ in range(7)]
    print(f"`guiju --version`, a whole process: least {min(starts):.2f} s of 7, most {max(starts):.2f} s")


if __name__ == "__main__":
    main()
