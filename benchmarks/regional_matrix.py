"""The matrix of every two of many regional documents; against one plain encoding of each pair for the same solver.

    python benchmarks/regional_matrix.py [REGIONS [PAIRS]]

The documents are made: 20 indicators with tables of 10 rows, half of them moved up or down in each region. `plain` asks the same solver,
clause by clause and both ways, with the whole of the other document as hypothesis, on the grids; it is run on so many of the pairs only
(PAIRS), and its total is told for those pairs beside ours for the same. CPU seconds of the process.
"""

from __future__ import annotations

import platform
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from proofs import indicators, plain, program_of

from checking import shelf
from guiju.align.matrix import Relation, compare_pairs
from guiju.align.side import Side
from guiju.ir.program import Program
from guiju.standard.model import Title

INDICATORS, ROWS = 20, 10


def regional(region: int) -> Program:
    """The document of a region: each table may be moved as a whole."""
    chance = random.Random(region)
    lines = []
    for line in indicators(INDICATORS, ROWS, 0).splitlines():
        moved = chance.choice((0, 0, 0, -1, 1, 2))
        lines.append(re.sub(r"value: (\d+)", lambda n, by=moved: f"value: {int(n[1]) + by}", line) if line.startswith("  t") else line)
    return program_of("\n".join(lines) + "\n")


def timed(sides: Sequence[Side], dictionary: dict[str, object]) -> tuple[float, Counter[Relation]]:
    before = time.process_time()
    made = compare_pairs(sides, dictionary)  # type: ignore[arg-type]
    return time.process_time() - before, sum((m.counts(1) for m in made), Counter())


def main(regions: int = 30, pairs: int = 6) -> None:
    held = shelf().dictionary
    dictionary = {**held, **{f"made.x{n}": replace(held["nev.range.cltc"], id=f"made.x{n}", method=None) for n in range(INDICATORS)}}
    sides = [Side(f"R{n}", Title("地区", "region"), (regional(n),)) for n in range(regions)]
    print(f"{date.today()}; {platform.machine()}, Python {platform.python_version()}\n")
    whole, counts = timed(sides, dictionary)
    told = ", ".join(f"{n} {relation.value}" for relation, n in sorted(counts.items(), key=lambda r: r[0].value) if relation is not Relation.MEASURE)
    print(f"{regions} documents of {INDICATORS} indicators, {regions * (regions - 1) // 2} pairs: {whole:.1f} s; {told}")
    some = [(sides[2 * n], sides[2 * n + 1]) for n in range(pairs)]
    own = sum(timed(pair, dictionary)[0] for pair in some)
    before = time.process_time()
    answers = sum((plain(a.programs[0], b.programs[0]) + plain(b.programs[0], a.programs[0]) for a, b in some), Counter())
    other = time.process_time() - before
    print(f"{pairs} of the pairs: ours {own:.2f} s, plain {other:.2f} s ({dict(answers)}), plain / ours {other / own:.1f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
