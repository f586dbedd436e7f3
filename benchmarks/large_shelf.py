"""Large shelf: the workbench with ten thousand standards: how long until it answers, what it keeps in memory, how long a search takes.

    python benchmarks/large_shelf.py [STANDARDS]

The shelf is made: every standard that is shipped and rests on no other, over and over, each copy under a number and a title of its own, without its
examples. `start` is the application until it would take its first request, in a fresh process; without a store, since the store takes a shelf in
once and not at every start. `first` is the first answer to a request, `next` the median of those after it. CPU seconds of the process.
"""

from __future__ import annotations

import logging
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

REPEATS = 9
ASKED = {
    "start page": "/",
    "library": "/standards",
    "library, two words": "/standards?q=%E7%94%B5%E5%8A%A8+4711",
    "library, initials of pinyin": "/standards?q=dnxh",
    "library, two filters": "/standards?level=national&status=in-force",
    "library, last page": "/standards?page=999",
    "API list": "/api/v1/standards",
    "API list, words and day": "/api/v1/standards?q=vehicle&in_force=2026-06-01&limit=500",
    "one standard": "/standards/{name}",
    "API, one standard": "/api/v1/standards/{name}",
}


def make(folder: Path, standards: int) -> None:
    """Copies of the shipped standards, in a hundred folders of issuers."""
    shipped = Path(__file__).resolve().parents[1] / "standards"
    texts = [text for path in sorted(shipped.glob("*/*/standard.yaml")) if "based_on:" not in (text := path.read_text(encoding="utf-8"))]
    for n in range(standards):
        lines = texts[n % len(texts)].splitlines(keepends=True)
        at = next(at for at, line in enumerate(lines) if line.strip().startswith("number:"))
        lines[at] = f"  number: X/T {n}-2026\n"
        made = folder / "standards" / f"issuer{n % 100:02}" / f"X-T-{n}-2026"
        made.mkdir(parents=True)
        (made / "standard.yaml").write_text("".join(lines).replace("title: {zh: ", f"title: {{zh: 第{n}号", 1), encoding="utf-8")


def measure(standards: int) -> None:
    """In a process of its own: prints the rows of the table."""
    began = time.process_time()
    from guiju.app import application

    app = application()
    print(f"| start | {time.process_time() - began:.2f} | |", flush=True)
    logging.disable(logging.INFO)
    from fastapi.testclient import TestClient

    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    for name, template in ASKED.items():
        address = template.format(name=f"X-T-{standards // 2}-2026")
        seconds = []
        for _ in range(REPEATS):
            start = time.process_time()
            answer = client.get(address)
            seconds.append(time.process_time() - start)
            assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
        print(f"| {name} | {seconds[0]:.3f} | {statistics.median(seconds[1:]):.3f} |", flush=True)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    standards = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), standards)
        print(f"{date.today()}; {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; {standards:,} standards\n")
        print("| | first, CPU s | next, CPU s |\n|---|---:|---:|", flush=True)
        given = {**os.environ, "GUIJU_SHELVES": f"{folder}/standards", "LARGE_SHELF": str(standards)}
        subprocess.run([sys.executable, __file__], env=given, check=True)


if __name__ == "__main__":
    if "LARGE_SHELF" in os.environ:
        measure(int(os.environ["LARGE_SHELF"]))
    else:
        main()
