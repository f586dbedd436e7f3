"""Spark judges as the exact reading does: shipped standards and random documents, from Parquet, in ANSI mode. Needs PySpark and Java."""

from __future__ import annotations

import gc
import math
import os
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checking import shelf
from guiju.base.diagnostics import Problems
from guiju.ir.check import check
from guiju.ir.program import Program
from guiju.readings.spark import ROUNDS, SPARK, asked
from random_documents import random_program
from spark_agreement import spark_agreement

RECORDS = int(os.environ.get("GUIJU_AGREE_RECORDS", "100000")) // 10
DOCUMENTS = int(os.environ.get("GUIJU_AGREE_DOCUMENTS", "300")) // 10
UNPROVED = (0, 5, 1428)
# PySpark leaves its sockets to the garbage collector, which says so in whatever test is running then.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
DEEP = 12
"""A random document whose SQL for missing inputs has more steps than Spark understands without being told to go on."""


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


@pytest.mark.parametrize("number", shelf().numbers())
def test_spark_agrees_on_a_shipped_standard(session: Any, number: str, tmp_path: Path) -> None:
    found = spark_agreement(session, _program(number), RECORDS, 2, tmp_path)
    assert not found.differences, "\n".join(found.differences)
    assert found.undetermined, "no record lacked an input: the missing sets were not compared"


@pytest.mark.parametrize("part", range(2))
def test_spark_agrees_on_random_documents(session: Any, part: int, tmp_path: Path) -> None:
    for seed in range(part, DOCUMENTS, 2):
        found = spark_agreement(session, random_program(seed), 200, seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5]])


def test_rows_near_an_unproved_comparison_are_judged_exactly_on_spark_too(session: Any, tmp_path: Path) -> None:
    rechecked = 0
    for seed in UNPROVED:
        found = spark_agreement(session, random_program(seed), 300, seed, tmp_path)
        assert not found.differences, "\n".join([f"document {seed}", *found.differences[:5]])
        rechecked += found.rechecked
    assert rechecked > 100


def test_a_deep_standard_is_given_the_rounds_it_needs_and_the_session_keeps_its_own(session: Any, tmp_path: Path) -> None:
    before = session.conf.get(ROUNDS)
    assert not spark_agreement(session, random_program(DEEP), 50, DEEP, tmp_path).differences
    assert session.conf.get(ROUNDS) == before


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
