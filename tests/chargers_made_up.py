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

CARS = "product,类别,动力,整备质量(kg),总质量(kg),CLTC续航(km),CLTC电耗(kWh/100km)\n" + "".join(
    f"示意 {n},M1,bev,{1200 + 100 * n},3000,{400 + 20 * n},{9 + n / 4:.2f}\n" for n in range(12)
)
CARS_MAPPING = """guiju: 1
key: product
inputs:
  vehicle.category: {column: 类别, is: vehicle.category}
  vehicle.powertrain: {column: 动力, is: vehicle.powertrain}
  vehicle.mass.curb: {column: "整备质量(kg)", unit: kg, is: vehicle.mass.curb}
  vehicle.mass.max_design: {column: "总质量(kg)", unit: kg, is: vehicle.mass.max_design}
  nev.electricity.cltc: {column: "CLTC电耗(kWh/100km)", unit: kWh/100km, is: nev.electricity.cltc}
"""


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
