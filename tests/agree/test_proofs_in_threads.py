"""Threads that prove, and one that collects garbage, neither crash the solver nor change what it finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_threads_prove_what_one_alone_proves() -> None:
    """In a process of its own: memory freed in the wrong thread would end this one."""
    paths = os.pathsep.join(each for each in sys.path if each)
    asked = [sys.executable, HERE / "proving_in_threads.py"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "PYTHONPATH": paths})
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr[-2000:])
    assert done.stdout.endswith("answers\n")
