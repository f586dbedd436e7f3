"""Clauses of different sides put together: the gap that Jiangsu's range leaves at Zhejiang's spacing."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checking import shelf
from guiju.align.across import across
from guiju.align.side import sides_of
from guiju.app import PARTS
from guiju.cli.main import build
from guiju.readings.examples import examine
from guiju.readings.smt.answers import Proved, Refuted
from guiju.records.bulk import programs
from guiju.standard.regions import load_regions
from guiju.standard.shelf import data_folder

COVERAGE = data_folder() / "checks" / "rsu-coverage"


def test_the_range_of_jiangsu_leaves_gaps_at_the_spacing_of_zhejiang() -> None:
    """Facts §0.3: at 1 km a 300 m range leaves 400 m uncovered; the range is over 300 m, so it is a little less."""
    (check,) = programs(shelf(), [str(COVERAGE)], None)
    found = across(check, sides_of(shelf(), load_regions(), ["江苏", "浙江"], "road", None), shelf().dictionary)
    told = {tuple(f"{p.side.code} {p.meaning.no}" for p in each.parts): each for each in found}
    inside = told.pop(("CN-32 4.1-3", "CN-32 4.1-10 a"))
    assert isinstance(inside.answer, Proved)
    assert {names[1]: (each.worst.end, each.worst.reached, each.worst.on_grid) for names, each in told.items() if each.worst} == {
        "CN-33 3.1.3-6 b": (400, False, 398), "CN-33 3.1.3-6 c": (1400, False, 1398), "CN-33 3.1.3-6 d": (4400, False, 4398)}  # fmt: skip
    for each in told.values():
        assert isinstance(each.answer, Refuted) and each.worst is not None and each.worst.witness is not None
        judged = each.worst.witness.evaluations[each.check[0]]
        assert judged.record["spacing"] - 2 * judged.record["range"] == each.worst.on_grid  # type: ignore[operator]


@pytest.mark.parametrize("folder", sorted((data_folder() / "checks").iterdir()), ids=lambda f: f.name)
def test_the_examples_of_every_check_that_is_shipped_pass(folder: Path) -> None:
    _, _, problems = examine(shelf(), folder)
    assert not problems.found


def test_the_command_tells_the_gap_and_refuses_where_nothing_can_be_checked() -> None:
    root, run = build(PARTS), CliRunner()
    shown = run.invoke(root, ["--lang", "en", "align", "across", "江苏", "浙江", "--subject", "road"])
    assert shown.exit_code == 1 and "less than 400 m (398 m on the declared decimals)" in shown.output
    told = json.loads(run.invoke(root, ["align", "across", "江苏", "浙江", "--subject", "road", "--json"]).output)
    (check,) = told["checks"]
    assert [Fraction(c["worst"]["end"]) for c in check["combinations"] if "worst" in c] == [400, 1400, 4400] and check["grades"] == ["C"]
    refused = run.invoke(root, ["align", "across", "GB 36980.1-2025"])
    assert refused.exit_code == 2 and "align-no-check" in refused.stderr
