"""Spark judges as the exact reading does: shipped standards and random documents, from Parquet, in ANSI mode. Needs PySpark and Java."""

from __future__ import annotations

import gc
import math
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from checking import MADE_UP, program_of, shelf
from guiju.base.diagnostics import Problems, Refused
from guiju.cli import spark as spark_command
from guiju.ir.check import check
from guiju.ir.node import Op
from guiju.ir.program import Program
from guiju.readings.columnar import columns
from guiju.readings.missing import missing_columns
from guiju.readings.spark import ROUNDS, SPARK, asked
from guiju.records import door
from guiju.records import spark as spark_door
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.mapping import load_mapping
from guiju.records.read import read_table
from guiju.records.source import Column
from guiju.records.spark import TYPES, columns_of
from guiju.standard.model import Input
from random_documents import random_program
from spark_agreement import spark_agreement

COUNT = int(os.environ.get("GUIJU_AGREE_RECORDS", "100000")) // 10
DOCUMENTS = int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "300")) // 15
UNPROVED = (0, 5, 1428)
# PySpark leaves its sockets to the garbage collector, which says so in whatever test is running then.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("needs Java 17 or newer: there is no `java` on the PATH")
    sql = pytest.importorskip("pyspark.sql", reason="needs PySpark: pip install --require-hashes -r requirements/spark.txt")
    builder = sql.SparkSession.builder.master("local[2]").appName("guiju tests")
    options = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.memory": "1g",
               "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
               "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse"))}  # fmt: skip
    for name, value in options.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    yield made
    _ended(made)


def _ended(made: Any) -> None:
    """Spark stopped, its JVM ended and its sockets collected, so that nothing of it is seen by the tests that follow."""
    context, process = type(made.sparkContext), made.sparkContext._gateway.proc
    made.stop()
    context._gateway.shutdown()
    context._gateway = context._jvm = None
    process.stdin.close()
    process.wait(60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def _program(number: str) -> Program:
    standard = shelf().find(number)
    assert standard is not None
    return check(standard, None, shelf(), Problems())


def test_spark_runs_in_ansi_mode(session: Any) -> None:
    assert session.conf.get("spark.sql.ansi.enabled") == "true"


def _has_times(number: str) -> bool:
    return any(node.op in (Op.DAY, Op.SECONDS) for node in _program(number).order)


@pytest.mark.parametrize("number", [number for number in shelf().numbers() if not _has_times(number)])
def test_spark_agrees_on_a_shipped_standard(session: Any, number: str, tmp_path: Path) -> None:
    found = spark_agreement(session, _program(number), COUNT, 2, tmp_path)
    assert not found.differences, "\n".join(found.differences)
    assert found.undetermined, "no record lacked an input: the missing sets were not compared"


@pytest.mark.parametrize("number", [number for number in shelf().numbers() if _has_times(number)])
def test_a_standard_that_reads_times_is_refused_on_spark_by_name(number: str) -> None:
    with pytest.raises(Refused, match="spark-without-times"):
        columns(_program(number), dialect=SPARK)


@pytest.mark.parametrize("part", range(2))
def test_spark_agrees_on_random_documents(session: Any, part: int, tmp_path: Path) -> None:
    for seed in range(part, DOCUMENTS, 2):
        found = spark_agreement(session, random_program(seed, events=False), 200, seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5]])


def test_rows_near_an_unproved_comparison_are_judged_exactly_on_spark_too(session: Any, tmp_path: Path) -> None:
    rechecked = 0
    for seed in UNPROVED:
        found = spark_agreement(session, random_program(seed, events=False), 300, seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5]])
        rechecked += found.rechecked
    assert rechecked > 30


def test_a_deep_standard_is_given_the_rounds_it_needs_and_the_session_keeps_its_own(session: Any) -> None:
    """With few rounds any text of many steps is deep."""
    program = random_program(1, events=False)
    text = missing_columns(program, ("row",), dialect=SPARK)[0].replace("{source}", "source")
    inputs = [f"`{name}` {TYPES[each.kind]}" for name, each in program.inputs.items()]
    session.createDataFrame([], f"row BIGINT, {', '.join(inputs)}").createOrReplaceTempView("source")
    before = session.conf.get(ROUNDS)
    session.conf.set(ROUNDS, "5")
    try:
        with pytest.raises(Exception, match="Max iterations"):
            session.sql(text)
        assert asked(session, text).collect() == []
        assert session.conf.get(ROUNDS) == "5"
    finally:
        session.conf.set(ROUNDS, before)


def test_without_the_shifts_of_the_grid_analysis_spark_misjudges(session: Any, tmp_path: Path) -> None:
    program = _program("财建〔2018〕18号")
    real = program.exactness
    plain = replace(program)
    plain.__dict__["exactness"] = replace(real, shifts=dict.fromkeys(real.shifts, 0.0))
    assert spark_agreement(session, plain, 4_000, 3, tmp_path).differences


@pytest.mark.parametrize("text", ["plain", "it's", "two''quotes", "back\\slash", "\\'", "限值 “引号”", "a\\nb"])
def test_every_text_comes_through(session: Any, text: str) -> None:
    assert asked(session, f"SELECT {SPARK.text(text)} AS a").collect()[0].a == text


@pytest.mark.parametrize("x", [-2.5, -0.0, 0.49999999999999994, 2.0**52 - 0.5, -(2.0**52) + 0.5, 2.0**63, 1e300, -1e300])
def test_the_floor_of_every_double_is_its_floor(session: Any, x: float) -> None:
    found = asked(session, f"SELECT {SPARK.floor('x')} AS a FROM (SELECT {SPARK.number(x)} AS x)").collect()[0].a
    assert found == math.floor(x)


# The door.

DOORS = """
inputs:
  consumption: {column: kwh}
  floated: {column: four_bytes}
  exact: {column: decimals}
  whole: {column: steps}
  converted: {column: wh, unit: Wh/km}
  category: {column: kind, values: {乘用车: M1, 货车: N1}}
  powertrain: {constant: bev}
  swappable: {column: swap, values: {可: "true", 不可: "false"}}
  test_date: {column: day}
key: model
guiju: 1
"""
INPUTS = {
    "consumption": "{is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}",
    "floated": "{is: vehicle.mass.curb, unit: kg, decimals: 1, min: 300, max: 6000}",
    "exact": "{is: vehicle.mass.max_design, unit: kg, decimals: 1, min: 300, max: 6000}",
    "whole": "{is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}",
    "converted": "{is: nev.electricity.nedc, unit: kWh/100km, decimals: 2, min: 3, max: 60}",
    "category": "{is: vehicle.category, values: [M1, N1, M2]}",
    "powertrain": "{is: vehicle.powertrain, values: [bev, phev]}",
    "swappable": "{is: nev.battery.swappable}",
    "test_date": "{is: record.test_date}",
}
CELLS = """
    SELECT 'car ' || i AS model,
      CASE i % 11 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN NULL WHEN 3 THEN 13.925 WHEN 4 THEN 0.1::DOUBLE + 13.8::DOUBLE
        WHEN 5 THEN -0.0::DOUBLE WHEN 6 THEN 1e300 ELSE (i % 7000)::DOUBLE / 100 END AS kwh,
      CAST((i % 70000) / 10 AS FLOAT) AS four_bytes, CAST((i % 70001) / 20 AS DECIMAL(9, 2)) AS decimals, CAST(i % 2003 AS SMALLINT) AS steps,
      (i % 7000)::DOUBLE / 10 AS wh, ['M1', '乘用车', '货车', 'bus', 'N/A', '', '它''s \\ odd', NULL, ' M1 '][1 + i % 9] AS kind,
      ['可', '不可', '也许', '-', NULL][1 + i % 5] AS swap, CASE WHEN i % 6 > 0 THEN DATE '2026-01-01' + CAST(i % 900 AS INTEGER) END AS day
    FROM range(20000) t(i)"""


def _inputs() -> list[Input]:
    text = "\n".join(f"  {name}: {told}" for name, told in INPUTS.items())
    program = program_of(MADE_UP + f"inputs:\n{text}\nclauses:\n  '1': {{zh: 一, en: one, shall: consumption == consumption, source: s}}\n")
    return list(program.inputs.values())


def _cells(session: Any, query: str, folder: Path, mapping: str) -> tuple[Any, ColumnMapping, tuple[Column, ...]]:
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    loaded = load_mapping(folder / "mapping.yaml", Problems())
    assert loaded is not None
    connection = duckdb.connect()
    connection.execute(f"COPY ({query}) TO '{folder / 'cells.parquet'}' (FORMAT parquet)")
    frame = session.read.parquet(str(folder / "cells.parquet"))
    frame.createOrReplaceTempView("cells")
    return connection, loaded, columns_of(frame)


def test_the_door_on_spark_lets_in_what_the_door_lets_in(session: Any, tmp_path: Path) -> None:
    inputs = _inputs()
    connection, mapping, columns = _cells(session, CELLS, tmp_path, DOORS)
    counts = spark_door.admit(session, "cells", columns, mapping, inputs, "admitted")
    quality = door.admit(connection, read_table(tmp_path / "cells.parquet", connection, "records"), mapping, inputs, "admitted")
    assert [(each.present, each.missing, each.bad) for each in counts] == [(each.present, each.missing, dict(each.bad)) for each in quality.inputs]
    assert {code for each in counts for code in each.bad} == {
        "cell-not-finite", "cell-too-fine", "cell-below-minimum", "cell-above-maximum", "cell-too-large", "cell-not-a-category", "cell-not-a-boolean",
    }  # fmt: skip
    names = ", ".join(f'"{each.name}"' for each in inputs)
    wanted = connection.execute(f"SELECT key, {names} FROM admitted ORDER BY key").fetchall()
    given = [tuple(row) for row in session.table("admitted").orderBy("key").collect()]
    assert [repr(row) for row in given] == [repr(row) for row in wanted]


def _refused(session: Any, folder: Path, mapping: str) -> list[str]:
    _, loaded, columns = _cells(session, CELLS, folder, mapping)
    with pytest.raises(Refused) as refused:
        spark_door.admit(session, "cells", columns, loaded, _inputs(), "admitted")
    return [each.code for each in refused.value.diagnostics]


@pytest.mark.parametrize(("mapping", "code"), [
    ("guiju: 1\ninputs: {consumption: kind}", "spark-column-type"),
    ("guiju: 1\ninputs: {test_date: kwh}", "spark-column-type"),
    ("guiju: 1\ninputs: {swappable: swap}", "spark-column-type"),
    ("guiju: 1\ninputs: {consumption: {column: kwh, round: true}}", "spark-cannot-round"),
    ("guiju: 1\ninputs: {consumption: {constant: 2 t}}", "mapping-constant"),
    ("guiju: 1\nkey: number\ninputs: {consumption: kwh}", "mapping-unknown-column"),
])  # fmt: skip
def test_what_the_door_on_spark_cannot_do_is_refused_by_name(session: Any, mapping: str, code: str, tmp_path: Path) -> None:
    assert _refused(session, tmp_path, mapping) == [code]


# The command.

CARS = """
    SELECT 'car ' || i AS model, 'M1' AS category, 'bev' AS powertrain, 2000 AS max_mass, 1780 + 25 * (i % 30) AS curb_mass,
      CASE WHEN i % 7 > 0 THEN round(13.92 + 0.139 * (i % 30), 2) END AS consumption FROM range(500) t(i)"""


def test_the_command_gives_the_verdicts_of_evaluate(session: Any, tmp_path: Path) -> None:
    """In processes of its own, as people run it, beside the session of these tests."""
    connection = duckdb.connect()
    connection.execute(f"COPY ({CARS}) TO '{tmp_path / 'cars.parquet'}' (FORMAT parquet)")
    mapping = "guiju: 1\nkey: model\ninputs: " + "{" + ", ".join(f"{n}: {n}" for n in _program("GB 36980.1-2025").used_inputs) + "}\n"
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    common = ["GB 36980.1-2025", "--records", "cars.parquet", "--mapping", "mapping.yaml", "--out"]
    guiju = [sys.executable, "-m", "guiju", "--lang", "en"]
    on_spark = subprocess.run([*guiju, "spark", *common, "spark.out", "--master", "local[1]"], cwd=tmp_path, capture_output=True, text=True, check=False)
    evaluated = subprocess.run([*guiju, "evaluate", *common, "duckdb.parquet"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (on_spark.returncode, evaluated.returncode) == (1, 1), on_spark.stderr
    assert "wrote spark.out" in on_spark.stdout
    listed = 'key, "R1", overall, "limit"'
    wanted = connection.execute(f"SELECT {listed} FROM '{tmp_path / 'duckdb.parquet'}' ORDER BY key").fetchall()
    given = connection.execute(f"SELECT {listed} FROM '{tmp_path / 'spark.out' / '*.parquet'}' ORDER BY key").fetchall()
    assert given == wanted
    assert {row[1] for row in given} == {"pass", "fail", "undetermined"}


def test_what_spark_cannot_read_or_write_is_said(session: Any, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="spark-unreadable"):
        spark_command._read(session, str(tmp_path / "nothing.parquet"))
    (tmp_path / "taken").mkdir()
    with pytest.raises(Refused, match="spark-unwritable"):
        spark_command._write(session.range(3), str(tmp_path / "taken"), overwrite=False)


def test_where_pyspark_or_java_is_missing_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(Refused, match="spark-missing") as refused:
        spark_command.session_of(None)
    assert refused.value.diagnostics[0].facts["what"] == "PySpark"
    monkeypatch.setitem(sys.modules, "pyspark.sql", ModuleType("pyspark.sql"))
    monkeypatch.setattr(sys.modules["pyspark.sql"], "SparkSession", None, raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="spark-missing") as refused:
        spark_command.session_of(None)
    assert refused.value.diagnostics[0].facts["what"] == "Java"
