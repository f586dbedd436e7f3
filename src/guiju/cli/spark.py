"""Judging on Spark: Parquet in, Parquet out, on this machine or a cluster."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.dates import as_of
from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import Exit, console, language, refusals, say, show, table
from guiju.cli.reading import aggregates_apart, texts_of
from guiju.ir.program import Program
from guiju.readings.columnar import CODES
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import MARKS, WORDS
from guiju.readings.spark import SPARK, asked, judge
from guiju.records.bulk import mapping_of, programs
from guiju.records.source import Source
from guiju.records.spark import InputCount, admit, columns_of
from guiju.standard.shelf import Shelf

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

REASON_MAX = 200
CONFIGURED = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME", "SPARK_REMOTE")
"""Where one of these is in the environment, spark-submit or a configuration says where Spark runs."""
ALONE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}


def judge_on_spark(
    standard: str, records: str, out: str | None, mapping: Path | None, master: str | None, on: str | None, overwrite: bool, corrected: bool
) -> Exit:
    """Prints how inputs were filled and the verdicts counted; writes key, inputs, verdicts in words and values; gives the exit code."""
    shelf = Shelf()
    with refusals(texts_of(shelf, [standard])):
        program = programs(shelf, [standard], as_of(on), corrected)[0]
        aggregates_apart(program)
        session = session_of(master)
        try:
            frame = _read(session, records)
            frame.createOrReplaceTempView("found")
            columns = columns_of(frame)
            used, suggestion = mapping_of(shelf, [program], Source(Path(records), "found", "parquet", 0, columns), mapping)
            if suggestion is not None:
                show(suggestion.diagnostics)
            inputs = [program.inputs[name] for name in program.used_inputs]
            _show_inputs(admit(session, "found", columns, used, inputs, "admitted"))
            judged = judge(session, program, "admitted", ("key", *program.used_inputs))
            if out is not None:
                _write(_in_words(session, program, judged), out, overwrite)
                console().print(say(f"已写出 {out}", f"wrote {out}"), style="bold")
            return _show_verdicts(session, program, judged)
        finally:
            session.stop()


def session_of(master: str | None) -> SparkSession:
    """A session of the master named, else of what spark-submit or the configuration says, else of this machine, which then listens to itself only.

    raises   Refused: spark-missing
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Refused([Diagnostic("spark-missing", None, {"what": "PySpark"})]) from None
    if shutil.which("java") is None:
        raise Refused([Diagnostic("spark-missing", None, {"what": "Java"})])
    if master is None and not any(name in os.environ for name in CONFIGURED):
        master = "local[*]"
    options = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    if master is not None:
        options["spark.master"] = master
        options |= ALONE if master.startswith("local") else {}
    builder = SparkSession.builder.appName("guiju")
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _read(session: SparkSession, records: str) -> DataFrame:
    from pyspark.errors import PySparkException

    try:
        return session.read.parquet(records)
    except PySparkException as error:
        raise Refused([Diagnostic("spark-unreadable", None, {"records": records, "reason": _first_line(error)})]) from None


def _write(frame: DataFrame, out: str, overwrite: bool) -> None:
    from pyspark.errors import PySparkException

    try:
        frame.write.mode("overwrite" if overwrite else "errorifexists").parquet(out)
    except PySparkException as error:
        raise Refused([Diagnostic("spark-unwritable", None, {"out": out, "reason": _first_line(error)})]) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:REASON_MAX]


def _in_words(session: SparkSession, program: Program, judged: DataFrame) -> DataFrame:
    """The columns as they are written: verdicts in words, as `guiju evaluate --out` gives them."""
    numbers = {meaning.no for meaning in program.judged}
    words = " ".join(f"WHEN {code} THEN {SPARK.text(verdict.value)}" for code, verdict in CODES.items() if code is not None)
    rest = f"{words} ELSE {SPARK.text(Verdict.UNDETERMINED.value)} END"
    quoted = {name: SPARK.name(name) for name in judged.columns}
    selected = [f"CASE {column} {rest} AS {column}" if name in numbers else column for name, column in quoted.items()]
    judged.createOrReplaceTempView("judged")
    return asked(session, f"SELECT {', '.join(selected)} FROM judged")


def _show_inputs(counts: Sequence[InputCount]) -> None:
    rows = []
    for each in counts:
        where = say("— 没有列", "— no column") if each.entry is None else each.entry.column or f"= {each.entry.constant}"
        counted = (f"{number:,}" for number in (each.present, each.missing, sum(each.bad.values())))
        rows.append((each.asked.title(language()), where, *counted, ", ".join(each.bad)))
    header = (say("输入", "input"), say("取自", "from"), say("有值", "present"), say("缺", "missing"), say("不可用", "unusable"), say("原因", "why"))
    table(say("数据", "data"), header, rows, right=(2, 3, 4))


def _show_verdicts(session: SparkSession, program: Program, judged: DataFrame) -> Exit:
    """The verdicts of every clause in one pass."""
    order = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
    codes = {verdict: code for code, verdict in CODES.items()}
    tests = {verdict: "{} IS NULL" if codes[verdict] is None else f"{{}} = {codes[verdict]}" for verdict in order}
    judged.createOrReplaceTempView("judged")
    sums = [f"count_if({tests[verdict].format(SPARK.name(m.no))})" for m in program.judged for verdict in order]
    found = list(asked(session, f"SELECT {', '.join(sums)} FROM judged").collect()[0])
    tallies = {m.no: dict(zip(order, found[i * 4 : i * 4 + 4], strict=True)) for i, m in enumerate(program.judged)}
    rows = []
    for meaning in (program.judged[-1], *program.clauses) if program.overall else program.clauses:
        name = program.standard.number if meaning.no == "overall" else f"  {meaning.no} {meaning.clause.title.text(language())}"
        rows.append((name, *(f"{tallies[meaning.no][verdict]:,}" for verdict in order)))
    header = (say("标准 / 条款", "standard / clause"), *(f"{MARKS[v]} {WORDS[v][language()]}" for v in order))
    table(say("判定", "verdicts"), header, rows, right=(1, 2, 3, 4))
    overall = tallies.get("overall", {})
    if overall.get(Verdict.FAIL):
        return Exit.FAILS
    return Exit.UNDETERMINED if overall.get(Verdict.UNDETERMINED) else Exit.OK
