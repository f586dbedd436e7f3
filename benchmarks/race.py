"""The race: one workload, the same records, every peer in its own process; speed, memory, lines a person writes, and verdicts misjudged.

    python benchmarks/race.py [ROWS] [RUNS] [--only PEER,PEER] [--workload energy|subsidy]

Needs Python alone: the peers of benchmarks/race/ are installed, as their locks name them, into .cache/race-venv and .cache/race-node. Row by
row engines judge only as many records as SAMPLES says, and their rate is that of this sample. A peer that cannot be installed or fails is in the
table with the reason. Prints Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RACE = ROOT / "benchmarks" / "race"
CACHE = ROOT / ".cache"
VENV, NODE, DATA = CACHE / "race-venv", CACHE / "race-node", CACHE / "race"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

PEERS = {
    "ours": "Guiju (ours)",
    "duckdb_by_hand": "SQL by hand",
    "polars_by_hand": "Polars by hand",
    "pandas_by_hand": "pandas by hand",
    "openfisca": "OpenFisca-Core",
    "zen_engine": "zen-engine",
    "publicodes": "Publicodes",
    "cedar": "Cedar (yes or no only)",
}
SAMPLES = {"zen_engine": 100_000, "publicodes": 20_000, "cedar": 100_000}
"""The most records given to engines that take them one by one."""
NUMBERS = {"energy": ("GB 36980.1-2025", "standards/gb/GB-36980.1-2025"), "subsidy": ("财建〔2018〕18号", "standards/policy/CAIJIAN-2018-18")}
RULES = {
    "duckdb_by_hand": ("{w}.sql",), "polars_by_hand": ("{w}.py",), "pandas_by_hand": ("{w}.py",), "openfisca": ("{w}.py", "{w}_parameters/*.yaml"),
    "zen_engine": ("{w}.json",), "publicodes": ("{w}.publicodes",), "cedar": ("{w}.cedar",),
}  # fmt: skip
COMMENT = re.compile(r'\s*(#|--|//|"""|$)')
PROSE_KEYS = re.compile(r"\s*(zh|en|source|method):")
PROSE_BLOCKS = ("guiju", "standard", "sources", "subject", "left_out")


def main() -> None:
    asked = argparse.ArgumentParser(description="the race against the peers")
    asked.add_argument("rows", nargs="?", type=int, default=1_000_000)
    asked.add_argument("runs", nargs="?", type=int, default=5)
    asked.add_argument("--only", default=",".join(PEERS), help="peers, separated by commas; ours is always run")
    asked.add_argument("--workload", choices=NUMBERS, action="append")
    given = asked.parse_args()
    peers = [peer for peer in PEERS if peer == "ours" or peer in given.only.split(",")]
    lacking = install_python() | (install_node() if "publicodes" in peers else {})
    print(f"{date.today()}; {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; {given.rows:,} rows, {given.runs} runs")
    for workload in given.workload or NUMBERS:
        race(workload, given.rows, given.runs, peers, lacking)


def race(workload: str, rows: int, runs: int, peers: list[str], lacking: dict[str, str]) -> None:
    """Prints the table of one workload."""
    folder = DATA / f"{workload}-{rows}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    made = run([PYTHON, RACE / "ours" / "prepare.py", workload, folder, rows])
    if isinstance(made, str):
        sys.exit(f"the records could not be made: {made}")
    has_amounts = workload == "subsidy"
    heads = ["peer", "version", "records", "CPU s", "wall s", "records per CPU s", "CPU, ours = 1", "peak MB", "lines", "verdicts misjudged at the limit"]
    heads += ["amounts misjudged at the limit"] if has_amounts else []
    print(f"\n### {NUMBERS[workload][0]}\n\n| {' | '.join(heads)} |\n|---|---|{'---:|' * (len(heads) - 2)}", flush=True)
    ours = 0.0
    for peer in peers:
        found = lacking.get(peer) or timed(peer, workload, folder, min(rows, SAMPLES.get(peer, rows)), runs)
        told = found if isinstance(found, str) else run([PYTHON, RACE / "compare.py", folder, peer])
        if isinstance(found, str) or isinstance(told, str):
            print(f"| {PEERS[peer]} | not run: {told} {'| ' * (len(heads) - 2)}|", flush=True)
            continue
        per_row = found["cpu"] / found["rows"]
        ours = per_row if peer == "ours" else ours
        cells = [PEERS[peer], found["version"], f"{found['rows']:,}", f"{found['cpu']:.3f}", f"{found['wall']:.3f}", f"{1 / per_row:,.0f}"]
        cells += [f"{per_row / ours:,.2f}", f"{found['peak']:,.0f}", lines(peer, workload), misjudged(told, "wrong")]
        cells += [misjudged(told, "amounts") if "amounts" in told else "—"] if has_amounts else []
        print(f"| {' | '.join(cells)} |", flush=True)
    shutil.rmtree(folder)


def misjudged(told: dict[str, int], kind: str) -> str:
    elsewhere = told[f"{kind}_elsewhere"]
    return f"{told[kind] - elsewhere:,} of {told['at_limit']:,}" + (f" (+ {elsewhere:,} elsewhere)" if elsewhere else "")


def timed(peer: str, workload: str, folder: Path, rows: int, runs: int) -> dict[str, Any] | str:
    script = RACE / peer / ("run.mjs" if peer == "publicodes" else "run.py")
    return run(["node" if peer == "publicodes" else PYTHON, script, workload, folder, rows, runs])


def run(command: list[Any]) -> dict[str, Any] | str:
    """What a script says on its last line, or the last line of why it failed."""
    paths = os.pathsep.join(str(path) for path in (ROOT / "src", RACE))
    environment = {**os.environ, "PYTHONPATH": paths, "RACE_NODE": str(NODE), "POLARS_MAX_THREADS": "2"}
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    if done.returncode != 0:
        return next(iter(done.stderr.strip().splitlines()[-1:]), f"exit code {done.returncode}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def lines(peer: str, workload: str) -> str:
    """Lines neither blank nor comment of the rules a person writes; of ours also without titles, sources and translations."""
    if peer != "ours":
        files = [file for pattern in RULES[peer] for file in sorted((RACE / peer).glob(pattern.format(w=workload)))]
        return str(sum(not COMMENT.match(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()))
    written = (ROOT / NUMBERS[workload][1] / "standard.yaml").read_text(encoding="utf-8").splitlines()
    every = [line for line in written if not COMMENT.match(line)]
    bare, block = 0, ""
    for line in every:
        block = block if line[0] in " -" else line.split(":")[0]
        bare += block not in PROSE_BLOCKS and not PROSE_KEYS.match(line)
    return f"{len(every)} ({bare})"


def install_python() -> dict[str, str]:
    """The peers' own environment; peer → why it is not there."""
    lock = RACE / "requirements.txt"
    if is_done(VENV, lock):
        return {}
    print(f"installing the peers into {VENV.relative_to(ROOT)} …", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    if subprocess.run([*pip, "--requirement", str(lock)], check=False).returncode == 0:
        keep_stamp(VENV, lock)
        return {}
    return one_by_one([*pip, "--no-deps", "--requirement"], lock)


def one_by_one(pip: list[str], lock: Path) -> dict[str, str]:
    """Every package of the lock alone, so that one that cannot be had does not keep the others out."""
    needs = {"polars_by_hand": "polars", "pandas_by_hand": "pandas", "openfisca": "openfisca-core", "zen_engine": "zen-engine", "cedar": "cedarpy"}
    failed = set()
    for block in re.split(r"\n(?=\w)", lock.read_text(encoding="utf-8")):
        alone = CACHE / "race-alone.txt"
        alone.write_text(block + "\n", encoding="utf-8")
        if subprocess.run([*pip, str(alone)], check=False, capture_output=True).returncode:
            failed.add(block.split("==")[0])
    return {peer: f"{name} could not be installed" for peer, name in needs.items() if name in failed}


def install_node() -> dict[str, str]:
    lock = RACE / "package-lock.json"
    if not shutil.which("node") or not shutil.which("npm"):
        return {"publicodes": "needs node and npm"}
    if is_done(NODE, lock):
        return {}
    NODE.mkdir(parents=True, exist_ok=True)
    for file in (RACE / "package.json", lock):
        shutil.copy(file, NODE)
    done = subprocess.run(["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=NODE, capture_output=True, check=False)
    if done.returncode:
        return {"publicodes": "npm could not install publicodes"}
    keep_stamp(NODE, lock)
    return {}


def is_done(folder: Path, lock: Path) -> bool:
    stamp = folder / "race.stamp"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint(lock)


def keep_stamp(folder: Path, lock: Path) -> None:
    (folder / "race.stamp").write_text(fingerprint(lock), encoding="utf-8")


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
