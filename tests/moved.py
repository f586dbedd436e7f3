"""A clock for the real program: its commands and its workbench, at a moment that a test moves; see `later/sitecustomize.py`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "later"


@dataclass(frozen=True)
class Moved:
    """How far the clock of every store of this test is from now: set by `days`, at once, for all processes.

    file   holds the seconds
    """

    file: Path

    def days(self, days: float) -> Moved:
        """days   from now; negative: in the past"""
        beside = self.file.with_suffix(".new")
        beside.write_text(str(days * 86_400))
        beside.replace(self.file)
        return self

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    @property
    def variables(self) -> dict[str, str]:
        """Of the environment of a process that is to live by it."""
        path = os.pathsep.join(filter(None, (str(FOLDER), os.environ.get("PYTHONPATH", ""))))
        return {"PYTHONPATH": path, "LATER": str(self.file)}
