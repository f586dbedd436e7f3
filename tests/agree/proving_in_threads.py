"""What may happen in a process with threads: three prove at a time; one frees what another made. Run by `test_proofs_in_threads.py`."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from checking import shelf
from guiju.readings.smt.contexts import own_context, solver_library
from guiju.readings.smt.logic import conj
from guiju.readings.smt.search import Budget
from guiju.readings.smt.strictness import at_least_as_strict
from random_documents import editions

BUDGET = Budget(steps=100_000, seconds=600)
SEEDS = [1, 2, 3, 5, 6]


def proved(seed: int) -> list[str]:
    found = at_least_as_strict(*editions(seed), shelf().dictionary, budget=BUDGET)
    return [type(found.whole).__name__, *(type(each.answer).__name__ for each in found.clauses)]


def freed_elsewhere(terms: int) -> None:
    """Makes terms whose last holder is another thread, as a collector of garbage may be."""
    left: SimpleQueue[Any] = SimpleQueue()

    def free() -> None:
        while left.get() is not None:
            pass

    freeing = threading.Thread(target=free)
    freeing.start()
    z3 = solver_library()
    for n in range(terms):
        left.put(conj([z3.Real(f"x{n % 97}", own_context()) <= n, z3.Real(f"y{n % 89}", own_context()) >= n]))
    left.put(None)
    freeing.join()


def main() -> None:
    freed_elsewhere(60_000)
    alone = [proved(seed) for seed in SEEDS]
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(proved, SEEDS * 2)) == alone * 2
    print(2 * sum(map(len, alone)), "answers")


if __name__ == "__main__":
    main()
