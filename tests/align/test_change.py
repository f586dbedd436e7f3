"""From one edition to the next: what became of each requirement, and which real products change verdict."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from typer.testing import CliRunner

from guiju.align.change import Change
from guiju.app import PARTS
from guiju.cli.main import build
from guiju.readings.evaluate import Verdict
from guiju.standard.shelf import data_folder

VEHICLES = data_folder() / "examples" / "vehicles.csv"
AS_IF = ["--treat-as", "nev.electricity.nedc=nev.electricity.cltc"]


def told(*words: str) -> Any:
    ran = CliRunner().invoke(build(PARTS), ["align", "diff", *words, "--json"])
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def test_the_driving_recorder_was_tightened_and_asks_more() -> None:
    found = told("GB/T 19056-2012", "GB/T 19056-2021")
    assert found["counts"] == {"same": 3, "tightened": 2, "new": 2}
    tightened = [row["cells"][1]["clauses"][0]["asks"]["en"] for row in found["rows"] if row["change"] == "tightened"]
    assert tightened == ["≥ 168 h", "≤ 0.1 s"]
    back = told("GB/T 19056-2021", "GB/T 19056-2012")
    assert back["counts"] == {"same": 3, "loosened": 2, "gone": 2}


def test_real_products_that_change_their_verdict_are_counted_and_listed() -> None:
    mapping = VEHICLES.with_suffix(".mapping.yaml")
    found = told("财建〔2020〕86号", "GB 36980.1-2025", *AS_IF, "--records", str(VEHICLES), "--mapping", str(mapping), "--top", "100")
    products = found["products"]
    counted = Counter({(row["older"], row["newer"]): row["products"] for row in products["verdicts"]})
    listed = Counter((each["older"], each["newer"]) for each in products["listed"])
    assert listed == Counter({pair: n for pair, n in counted.items() if pair[0] != pair[1]}) and products["changed"] == listed.total() > 0
    light = next(each for each in products["listed"] if "轻车" in each["key"])
    assert (light["older"], light["newer"]) == (Verdict.FAIL.value, Verdict.PASS.value)
    assert all(each["fails"] == ["R1"] for each in products["listed"] if each["newer"] == "fail")


def test_every_change_has_its_words_and_a_table_is_printed() -> None:
    from guiju.align.commands.changed import CHANGES

    assert set(CHANGES) == set(Change)
    shown = CliRunner().invoke(build(PARTS), ["--lang", "en", "align", "diff", "GB/T 19056-2012", "GB/T 19056-2021"])
    assert shown.exit_code == 0 and "↑ tightened" in shown.output and "R3: ≤ 0.1 s" in shown.output


def test_editions_that_share_nothing_are_all_new_and_gone() -> None:
    assert set(told("GB 36980.1-2025", "GB 46519-2025")["counts"]) == {"new", "gone"}
