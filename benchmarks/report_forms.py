"""How long the forms of a long report take: one record by a standard of so many clauses, each told with its values and sources.

    python benchmarks/report_forms.py [CLAUSES]
"""

from __future__ import annotations

import platform
import resource
import sys
import time
from datetime import date
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from checking import MADE_UP, checked
from guiju.readings.evaluate import evaluate
from guiju.readings.explain import explain
from guiju.report.evaluation import evaluation_report
from guiju.report.written import content

CLAUSES = int(sys.argv[1]) if len(sys.argv) > 1 else 490
TEXT = "".join(f'  "R{n}": {{zh: 续驶里程不小于第 {n} 档的要求（长标题用来占满一整行的宽度）, en: range {n}, shall: range >= {n} km, source: s}}\n' for n in range(CLAUSES))

program = checked(f"{MADE_UP}\ninputs:\n  range: {{is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}}\nclauses:\n{TEXT}").program
assert program is not None
started = time.perf_counter()
report = evaluation_report([explain(evaluate(program, {"range": Fraction(150)}), "zh")], "一辆车")
told = f"Python {platform.python_version()}, typst {version('typst')}, openpyxl {version('openpyxl')}, python-docx {version('python-docx')}"
print(f"{date.today()}; {platform.machine()}, {told}; {CLAUSES} clauses; the tree in {time.perf_counter() - started:.2f} s\n")
print("| form | first | again | bytes |\n| --- | --: | --: | --: |")
for form in ("pdf", "docx", "html", "xlsx", "markdown"):
    times, made = [], b""
    for _ in range(3):
        started = time.perf_counter()
        made = content(report, form)
        times.append(time.perf_counter() - started)
    pages = f" ({made.count(b'/Type/Page/')} pages)" if form == "pdf" else ""
    print(f"| {form}{pages} | {times[0]:.2f} s | {min(times[1:]):.2f} s | {len(made):,} |")
print(f"\nat most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
