"""Uncertainty against the peers, one after the other in one run: uncertainties, GTC, metrolopy, suncal, and metRology where R has it.

    python benchmarks/uncertainty_peers.py [SEED]

The peers of benchmarks/peers/ are installed from PyPI into a virtual environment that this run makes and throws away; none is a dependency of the
project. Rscript runs metRology if both are there (R_LIBS names where), else the table says so. All get the same numbers in a file; what each gives
is held against ours. CPU seconds of each process without starting it, the best of three, per piece of work: slow peers do fewer pieces.
"""

from __future__ import annotations

import json
import math
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from guiju.metrology import conformity, robust
from guiju.metrology.distribution import normal
from guiju.metrology.model import Model
from guiju.metrology.montecarlo import monte_carlo
from guiju.metrology.precision import cells
from guiju.metrology.propagation import gum_many
from guiju.verify.study import EDITIONS, NEWEST, analyse_cells

FOLDER = Path(__file__).parent / "peers"
PEERS = {"uncertainties": "uncertainties", "gtc": "GTC", "metrolopy": "metrolopy", "suncal": "suncal"}
NAMES = "abcdef"
RECORDS, TRIALS, CASES, SETS = 20_000, 1_000_000, 2_000, 2_000
AGREES = {"propagation": 1e-7, "trials": 5e-3, "risk": 1e-6, "algorithm A": 1e-2, "mandel": 1e-9}
"""How near the peer's figures must be to ours, relatively: drawn ones by chance; metRology takes numerical derivatives, and its Algorithm A stops early."""


def six(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    return a * np.exp(-b * c) + d / e * np.sqrt(f)


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    found, least = None, math.inf
    for _ in range(3):
        start = time.process_time()
        found = work()
        least = min(least, time.process_time() - start)
    return least, found


def data(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "x": rng.uniform(1, 2, (len(NAMES), RECORDS)).tolist(), "u": 0.01, "trials": TRIALS,
        "risk": {"mean": 10.0, "sd": 1.0, "u": np.linspace(0.1, 1, CASES).tolist(), "low": 8.5, "high": 11.7, "accept": [8.6, 11.5]},
        "sets": rng.standard_t(3, (SETS, 30)).tolist(),
        "study": (rng.normal(10, 0.3, (10, 20, 1)) + rng.normal(0, 0.2, (10, 20, 4))).tolist(),
    }  # fmt: skip


def ours(given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each piece of work takes here, per piece, and what it gives."""
    x = {name: np.array(row) for name, row in zip(NAMES, given["x"], strict=True)}
    u = {name: np.full(RECORDS, given["u"]) for name in NAMES}
    took, (_, spread) = best(lambda: gum_many(six, x, u))
    model = Model(six, {name: normal(float(row[0]), given["u"]) for name, row in x.items()})
    plain, run = best(lambda: monte_carlo(model, trials=TRIALS, sampler="philox"))
    even, settled = best(lambda: monte_carlo(model, digits=2))
    risk = given["risk"]
    ends = ([risk["low"]], [risk["high"]]), tuple([end] for end in risk["accept"])
    several = (np.full(CASES, risk["mean"]), np.full(CASES, risk["sd"]), np.array(risk["u"]))
    judged, (consumer, producer) = best(lambda: conformity.global_risks_many(*several, *ends))
    sets = np.array(given["sets"])
    robustly, (location, scale, _) = best(lambda: robust.algorithm_a_many(sets))
    many: np.ndarray = np.repeat(np.array(given["study"])[None], 1000, axis=0)
    analyse_cells(cells(many[:2]), EDITIONS[NEWEST])
    studied, made = best(lambda: analyse_cells(cells(many), EDITIONS[NEWEST]))
    drawn = run.outputs[0]
    return {
        "propagation": {"took": took / RECORDS, "gives": spread.tolist()},
        "trials": {"took": plain, "gives": [drawn.u, drawn.high - drawn.low]},
        "settled": {"took": even, "gives": [settled.outputs[0].u, settled.outputs[0].high - settled.outputs[0].low], "n": settled.outputs[0].trials},
        "risk": {"took": judged / CASES, "gives": np.stack([consumer, producer], axis=1).tolist()},
        "algorithm A": {"took": robustly / SETS, "gives": np.stack([location, scale], axis=1).tolist()},
        "mandel": {"took": studied / 1000, "gives": [made.mandel.h[0].tolist(), made.mandel.k[0].tolist()]},
    }


def peers(given: Path, folder: Path) -> dict[str, Any]:
    """What every peer takes and gives, by peer; a text where it could not be run."""
    found: dict[str, Any] = {}
    environment = folder / "venv"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    installed = subprocess.run([python, "-m", "pip", "install", "-q", "scipy", *PEERS.values()], capture_output=True, text=True, check=False)
    for peer in PEERS:
        found[peer] = run_peer([str(python), str(FOLDER / f"with_{peer}.py"), str(given)]) if installed.returncode == 0 else installed.stderr[-200:]
    rscript = shutil.which("Rscript")
    found["metRology"] = "no R here" if rscript is None else run_peer([rscript, str(FOLDER / "with_metrology.R"), str(given.with_suffix("")), str(folder)])
    return found


def run_peer(command: list[str]) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "failed"
    return json.loads(done.stdout.strip().splitlines()[-1])


def plain_files(given: dict[str, Any], folder: Path) -> None:
    """The same for R, which needs no JSON for it."""
    np.savetxt(folder / "x.txt", np.array(given["x"]).T[:1000])
    np.savetxt(folder / "sets.txt", np.array(given["sets"])[:300])
    np.savetxt(folder / "study.txt", np.array(given["study"]).reshape(10, -1))


def row(what: str, peer: str, version: str, took: float, mine: float, note: str) -> str:
    return f"| {what} | {peer} {version} | {1e6 * mine:,.3g} | {1e6 * took:,.3g} | {took / mine:,.1f} | {note} |"


def off(work: str, theirs: Any, mine: Any) -> str:
    """How far a peer's figures are from ours, and whether that is more than it should be."""
    a = np.array(theirs)
    b = np.array(mine)[: len(a)] if work != "mandel" else np.array(mine)
    worst = float(np.max(np.abs(a - b)) / np.max(np.abs(b)))
    return f"{worst:.1e}" + ("" if worst <= AGREES[work] else " **apart**")


def main() -> None:
    given = data(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(given), encoding="utf-8")
        plain_files(given, folder)
        mine, theirs = ours(given), peers(folder / "data.json", folder)
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}; CPU, best of three, µs per piece of work\n")
    print("| work | peer | ours, µs | peer, µs | peer / ours | figures differ by |\n| --- | --- | ---: | ---: | ---: | --- |")
    words = {"propagation": "u of one record, 6 inputs", "trials": "10⁶ trials, 6 inputs: u, 95 % interval", "risk": "global risks, one case",
             "algorithm A": "Algorithm A, 30 values", "mandel": "one study 20 × 10 × 4 (ours: every statistic; peer: h and k)"}  # fmt: skip
    for work, what in words.items():
        for peer, found in theirs.items():
            if isinstance(found, dict) and work in found["work"]:
                done = found["work"][work]
                print(row(what, peer, found["version"], done["took"], mine[work]["took"], off(work, done["gives"], mine[work]["gives"])))
    for peer, found in theirs.items():
        if not isinstance(found, dict):
            print(f"| | {peer} | | | | not run: {found} |")
    settled = mine["settled"]
    print(f"\nadaptive, 2 digits (JCGM 101, 7.9), Sobol: {1e3 * settled['took']:.2f} ms, {settled['n']:,} points, "
          f"u off {abs(settled['gives'][0] / mine['trials']['gives'][0] - 1):.1e} from 10⁶ trials; no peer has it")  # fmt: skip
    print(in_duckdb())


def in_duckdb(rows: int = 10_000_000) -> str:
    connection = duckdb.connect(config={"threads": 2})
    for statement in conformity.duckdb_macros():
        connection.execute(statement)
    connection.execute(f"CREATE TABLE r AS SELECT 10 + random() * 2 - 1 AS y, 0.05 + random() AS u FROM range({rows})")
    took, _ = best(lambda: connection.execute("SELECT avg(conformance_probability(y, u, 9.2, 10.9)) FROM r").fetchone())
    return f"{rows:,} conformance probabilities in DuckDB: {took:.2f} CPU s; no peer has it"


if __name__ == "__main__":
    main()
