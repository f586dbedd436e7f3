"""The way from a table to a snapshot to verdicts that cite it, as a user types it; and what docs/populations.md shows of it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from checking import MADE_UP
from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build
from test_docs import GUIJU, ROOT, blocks, calls, missing_lines, page

TEXT = MADE_UP + """
inputs:
  category: {is: vehicle.category, values: [M1, M2]}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 1, min: 3, max: 60}
  mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
populations:
  leaders: {zh: 排名, en: ranking, of: consumption, better: lower, within: [category], min_count: 3, best: {top20: 20 %, first2: 2}, source: s}
clauses:
  "1": {zh: 领先, en: leading, shall: consumption <= leaders.top20, source: s}
  "2": {zh: 质量, en: mass, shall: mass <= 3000 kg, source: s}
"""
CARS = "车型,类别,CLTC电能消耗量（kWh/100km）,整备质量(kg)\n" + "".join(
    f"car {n},{'M2' if n > 11 else 'M1'},{12 + n // 2 / 10:.1f},{1500 + n}\n" for n in range(1, 14)
)
DAY = ("--on", "2026-03-01")


@pytest.fixture(autouse=True)
def _language():
    yield
    choose_language(None)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    standard, cars = tmp_path / "standard.yaml", tmp_path / "cars.csv"
    standard.write_text(TEXT, "utf-8")
    cars.write_text(CARS, "utf-8")
    return standard, cars, tmp_path / "leaders.json"


def guiju(*words: object, language: str = "en") -> Result:
    result = CliRunner().invoke(build(PARTS), ["--lang", language, *(str(w) for w in words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_snapshot_is_taken_once_and_verdicts_cite_it(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    standard, cars, kept = files
    taken = guiju("snapshot", standard, cars, *DAY, "--to", kept)
    assert taken.exit_code == 0, taken.output
    rows = [" ".join(line.split()) for line in taken.stdout.splitlines()]
    assert "M1 11 0 0 leaders.top20 12.1 2 3" in rows, taken.stdout
    assert "M2 2 0 0 fewer than 3" in rows
    hash_ = json.loads(kept.read_text("utf-8"))["hash"]
    out = tmp_path / "out.csv"
    judged = guiju("evaluate", standard, "--records", cars, *DAY, "--snapshot", kept, "--out", out)
    assert judged.exit_code == 1 and f"snapshot sha256 {hash_}" in judged.stdout and "members: leaders 13" in judged.stdout
    found = duckdb.sql(f"SELECT \"1\", count(*), any_value(snapshot) FROM read_csv('{out}', all_varchar = true) GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [("fail", 8, hash_), ("pass", 3, hash_), ("undetermined", 2, hash_)]
    assert "leaders: fewer than 3 members in this range" in judged.stdout
    explained = guiju("explain", standard, "--records", cars, "--key", "5", *DAY, "--snapshot", kept, language="zh")
    assert f"快照 sha256 {hash_}" in explained.stdout and "「M1」内共 11 个，名额 2，入围 3" in explained.stdout
    assert guiju("sql", standard, *DAY, "--snapshot", kept).stdout.startswith(f"-- snapshot sha256 {hash_}")


def test_a_table_in_another_order_makes_the_same_snapshot_and_another_table_is_never_written_over_it(files: tuple[Path, Path, Path]) -> None:
    standard, cars, kept = files
    guiju("snapshot", standard, cars, *DAY, "--to", kept)
    before = kept.read_bytes()
    head, *lines = CARS.splitlines()
    cars.write_text("\n".join([head, *reversed(lines)]) + "\n", "utf-8")
    again = guiju("snapshot", standard, cars, *DAY, "--to", kept)
    assert again.exit_code == 0 and "holds this very snapshot already" in again.stdout
    cars.write_text(CARS.replace(",12.0,", ",11.9,"), "utf-8")
    refused = guiju("snapshot", standard, cars, *DAY, "--to", kept)
    assert refused.exit_code == 2 and "file-exists" in refused.stderr
    assert kept.read_bytes() == before


def test_a_snapshot_that_does_not_fit_is_refused(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    standard, cars, kept = files
    guiju("snapshot", standard, cars, *DAY, "--to", kept)
    judge = ("--records", cars, "--snapshot", kept)
    early = guiju("evaluate", standard, *judge)
    assert early.exit_code == 2 and "snapshot-later" in early.stderr
    other = guiju("evaluate", "GB 36980.1-2025", *judge, *DAY)
    assert other.exit_code == 2 and "snapshot-not-used" in other.stderr
    standard.write_text(TEXT.replace("3000 kg", "3001 kg"), "utf-8")
    changed = guiju("evaluate", standard, *judge, *DAY)
    assert changed.exit_code == 2 and "snapshot-of-another-text" in changed.stderr
    kept.write_text(kept.read_text("utf-8").replace('"12.1"', '"12.5"'), "utf-8")
    altered = guiju("evaluate", standard, *judge, *DAY)
    assert altered.exit_code == 2 and "snapshot-altered" in altered.stderr
    assert guiju("snapshot", "GB 36980.1-2025", cars, *DAY, "--to", tmp_path / "b.json").exit_code == 2
    assert guiju("snapshot", standard, cars, "--on", "someday", "--to", tmp_path / "b.json").exit_code == 2
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize(("name", "language"), [("docs/populations.md", "en"), ("docs/populations.zh.md", "zh")])
def test_every_command_of_the_page_prints_what_is_shown(name: str, language: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "example.yaml").write_text(blocks(page(name), "yaml")[0], "utf-8")
    environment = {**os.environ, "GUIJU_LANG": language, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    assert len(list(calls(page(name)))) == 2
    for command, shown in calls(page(name)):
        words = [*GUIJU, *shlex.split(command)[1:]]
        ran = subprocess.run(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        printed = ran.stdout.decode() + f"exit code {ran.returncode}\n退出码 {ran.returncode}\n"
        assert not missing_lines(shown, printed), printed


def test_the_page_has_the_same_examples_in_both_languages() -> None:
    english, chinese = page("docs/populations.md"), page("docs/populations.zh.md")
    assert blocks(english, "yaml") == blocks(chinese, "yaml")
    assert [command for command, _ in calls(english)] == [command for command, _ in calls(chinese)]
