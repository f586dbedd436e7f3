"""Split levels: what is computed is what the model says, and what is out of line is found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from guiju.app import PARTS
from guiju.base.diagnostics import Refused
from guiju.cli.main import build
from guiju.metrology.split import split_level
from guiju.verify.split_level import flagged, read_split


def test_both_spreads_of_simulated_studies_are_found_again():
    rng = np.random.default_rng(1)
    shape = (4000, 1, 12)
    lab = rng.normal(0, 0.4, shape)
    a, b = 10 + lab + rng.normal(0, 0.3, shape), 11 + lab + rng.normal(0, 0.3, shape)
    found = split_level(a, b)
    assert np.mean(found.s_r**2) == pytest.approx(0.3**2, rel=0.03)
    assert np.mean(found.s_y**2 + found.s_D**2 / 4) == pytest.approx(0.3**2 + 0.4**2, rel=0.03)
    assert np.mean(found.difference) == pytest.approx(-1, abs=0.01)
    share = np.mean(found.mandel["difference"].h_flag > 0)
    assert share == pytest.approx(0.05, abs=0.005)


def test_figures_are_those_worked_out_by_hand_and_do_not_depend_on_unit_or_origin():
    a, b = np.array([[1.0, 2.0, 4.0, 3.0]]), np.array([[1.5, 2.0, 5.0, 2.5]])
    found = split_level(a, b)
    d, y = a - b, (a + b) / 2
    assert found.s_r[0] == pytest.approx(d.std(ddof=1) / np.sqrt(2))
    assert found.s_R[0] == pytest.approx(np.sqrt(y.var(ddof=1) + d.var(ddof=1) / 4))
    other = split_level(1000 + 7 * a, 1000 + 7 * b)
    assert other.s_R[0] == pytest.approx(7 * found.s_R[0])
    assert other.mandel["average"].h == pytest.approx(found.mandel["average"].h)
    missing = split_level(np.array([[1.0, 2.0, 4.0, 3.0, np.nan]]), np.array([[1.5, 2.0, 5.0, 2.5, 9.0]]))
    assert missing.p[0] == 4
    assert missing.s_R[0] == pytest.approx(found.s_R[0])


def test_a_negative_between_laboratory_variance_is_cut_off():
    found = split_level(np.array([[1.0, 2.0, 1.0]]), np.array([[2.0, 1.0, 2.0]]))
    assert found.truncated[0]
    assert found.s_L[0] == 0
    assert found.s_R[0] == found.s_r[0]


def written(folder: Path, rows: list[str]) -> Path:
    path = folder / "split.csv"
    path.write_text("lab,level,replicate,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def study(folder: Path, wild: float = 0.0) -> Path:
    rng = np.random.default_rng(3)
    rows = []
    for lab in range(1, 10):
        own = rng.normal(0, 0.3)
        first, second = 10 + own + rng.normal(0, 0.1), 10.4 + own + rng.normal(0, 0.1)
        rows += [f"{lab},1,b,{second + (wild if lab == 4 else 0):.3f}", f"{lab},1,a,{first:.3f}"][:: 1 if lab > 1 else -1]
    return written(folder, rows)


def test_a_wild_difference_is_named_as_cochran_would_name_it(tmp_path: Path):
    assert not [f for f in flagged(read_split(study(tmp_path))) if f.outlier]
    (flag,) = [f for f in flagged(read_split(study(tmp_path, 2.0))) if f.part == "difference"]
    assert (flag.test, flag.labs, flag.outlier) == ("grubbs_low", ("4",), True)


def test_the_command_tells_it(tmp_path: Path):
    path = study(tmp_path, 2.0)
    found = CliRunner().invoke(build(PARTS), ["--lang", "en", "verify", "split-level", str(path)])
    assert found.exit_code == 1, found.output
    assert "difference a − b" in found.output
    told = json.loads(CliRunner().invoke(build(PARTS), ["--lang", "en", "verify", "split-level", str(path), "--json"]).stdout)
    assert told["materials"] == ["a", "b"]
    level = told["levels"][0]
    assert level["s_R"] ** 2 == pytest.approx(level["s_y"] ** 2 + level["s_D"] ** 2 / 4)


@pytest.mark.parametrize(("rows", "code"), [
    ([f"{lab},1,{m},{lab + n}" for lab in range(4) for n, m in enumerate("abc")], "split-materials"),
    ([f"{lab},1,a,1.{lab}" for lab in range(4)] + ["0,1,b,2", "1,1,b,3"], "verify-few-labs"),
    ([f"{lab},1,{m},1.{lab}" for lab in range(2) for m in "ab"], "verify-few-labs"),
])  # fmt: skip
def test_what_is_no_split_level_is_refused(tmp_path: Path, rows: list[str], code: str):
    with pytest.raises(Refused) as refused:
        read_split(written(tmp_path, rows))
    assert [d.code for d in refused.value.diagnostics] == [code]
