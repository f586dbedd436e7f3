"""The shipped example of authoring for tests: fifty chargers, every one of them made up, and questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from guiju.frontrunner.authoring.asked import Answer, Asked, answered, from_file
from guiju.frontrunner.authoring.sample import Headers
from guiju.standard.shelf import Shelf, data_folder

NUMBER, INDICATOR = "GB 46519-2025", "efficiency_level"
FILE = data_folder() / "examples" / "frontrunner" / "chargers.csv"
MAPPING = FILE.with_name("chargers.mapping.yaml")


@cache
def shelf() -> Shelf:
    return Shelf()


def asked(**said: Any) -> Asked:
    return Asked(NUMBER, INDICATOR, headers=Headers(within="结构形式"), **said)


def answer(file: Path = FILE, mapping: Path | None = MAPPING, **said: Any) -> Answer:
    return answered(shelf(), from_file(file, mapping), asked(**said))


def rewritten(folder: Path, rows: Sequence[str], name: str = "other.csv") -> Path:
    """The example with other rows below its header."""
    file = folder / name
    file.write_text("\n".join([FILE.read_text("utf-8").split("\n", 1)[0], *rows]) + "\n", encoding="utf-8")
    return file


def rows() -> list[str]:
    return FILE.read_text("utf-8").strip().split("\n")[1:]
