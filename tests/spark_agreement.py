"""Whether Spark agrees with the exact reading: the same records from a Parquet file, judged by Spark, and every difference named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from agreement import Agreement, Expected, compare_missing, load
from guiju.ir.program import Program
from guiju.readings.columnar import columns
from guiju.readings.evaluate import evaluate
from guiju.readings.missing import missing_columns
from guiju.readings.spark import SPARK, asked, judge
from random_records import records


def spark_agreement(session: Any, program: Program, count: int, seed: int, folder: Path) -> Agreement:
    """Verdicts, values and what undetermined verdicts wait for, of `count` records that hug the program's limits."""
    found = records(program, count, seed)
    _as_parquet(program, found, folder)
    session.read.parquet(str(folder / "records.parquet")).createOrReplaceTempView("source")
    made = columns(program, ("row",), dialect=SPARK)
    result = Agreement(sql=made.template)
    if made.rechecks:
        result.rechecked = asked(session, made.sql("source")).where("recheck").count()
    rows = judge(session, program, "source").orderBy("row").collect()
    text, bits = missing_columns(program, ("row",), dialect=SPARK)
    # What a record near an unproved comparison waits for is told by the exact reading, whatever the engine.
    masks = [None] * count if made.rechecks else asked(session, text.replace("{source}", "source")).orderBy("row").collect()
    expected = Expected(program, made.outputs, "Spark")
    for record, row, mask in zip(found, rows, masks, strict=True):
        evaluation = evaluate(program, record)
        verdicts = [evaluation.judge(m) for m in program.judged]
        expected.compare(evaluation, verdicts, row[1:], result)
        if mask is not None:
            compare_missing(evaluation, verdicts, mask[1:], bits, result)
        if len(result.differences) > 20:
            break
    return result


def _as_parquet(program: Program, found: list[Any], folder: Path) -> None:
    connection = duckdb.connect(config={"threads": 1})
    load(connection, program, found, folder / "records.csv")
    connection.execute(f"COPY source TO '{folder / 'records.parquet'}' (FORMAT parquet)")
    connection.close()
