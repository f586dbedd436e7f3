"""Spark: the columnar reading on a cluster, as SQL for Spark 4 in ANSI mode, with the same verdicts.

What differs from DuckDB is in `SPARK`: `floor` of a double is a BIGINT and ends at 2⁶³, quotes in texts are escaped by a backslash, an unsigned
byte does not exist. Divisions are guarded by the graph's own rules, so ANSI mode has nothing to raise. PySpark is imported by whoever makes the
session; nothing here is slow to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guiju.ir.program import Program
from guiju.readings.columnar import Columns, Dialect, columns, exact_outputs, record_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

WHOLE_FROM = 2.0**52
"""Doubles from here on are whole numbers."""
ROUNDS = "spark.sql.analyzer.maxIterations"


def _double(value: float) -> str:
    return f"{value!r}D"


def _text(text: str) -> str:
    """Backslashes first: in Spark they escape, and two quotes side by side have not always meant one."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _floor(x: str) -> str:
    """A double's floor beyond 2⁶³ too, where Spark's own gives the largest BIGINT."""
    return f"CASE WHEN abs({x}) < {_double(WHOLE_FROM)} THEN floor({x}) ELSE {x} END"


SPARK = Dialect(
    number=_double,
    days=lambda a, b: f"CAST(datediff({b}, {a}) AS DOUBLE)",
    months=lambda day, count: f"add_months({day}, {count})",
    verdict_type="TINYINT",
    text=_text,
    floor=_floor,
    text_type="STRING",
    quote="`",
    step="AS",
)


def asked(session: SparkSession, text: str) -> DataFrame:
    """What a text gives. Spark understands about one step in a round and gives up after 100 rounds, so a deep standard is given more."""
    before = session.conf.get(ROUNDS)
    session.conf.set(ROUNDS, str(max(int(before or 0), 100 + 3 * text.count(f" {SPARK.step} (SELECT "))))
    try:
        return session.sql(text)
    finally:
        session.conf.set(ROUNDS, before)


def judge(session: SparkSession, program: Program, source: str, keep: Sequence[str] = ("row",), *, values: bool = True) -> DataFrame:
    """Judges every row of a table or view: the columns kept, a verdict code per clause and `overall`, and values.

    Rows near a comparison that could not be proved are brought to the driver at once and re-evaluated exactly there; of the standards on the
    shelf none has any. Rows come in no order.

    source   a table, view or (query) with a column per input, typed and on the declared decimals
    """
    inputs = [name for name in program.used_inputs if name not in keep]
    made = columns(program, keep, values=values, dialect=SPARK)
    if not made.rechecks:
        return asked(session, made.sql(source))
    found = asked(session, columns(program, (*keep, *inputs), values=values, dialect=SPARK).sql(source))
    judged = found.where("NOT recheck").drop("recheck", *inputs)
    return judged.union(_exactly(session, made, found, judged, keep))


def _exactly(session: SparkSession, made: Columns, found: DataFrame, judged: DataFrame, keep: Sequence[str]) -> DataFrame:
    """The rows marked to be re-evaluated, with the columns of `judged`."""
    program, names = made.program, list(made.program.used_inputs)
    wanted = [SPARK.name(name) for name in (*keep, *names)]
    rows = []
    for near in found.where("recheck").selectExpr(*wanted).collect():
        record = record_of(program, names, near[len(keep) :])
        rows.append((*near[: len(keep)], *exact_outputs(program, made.outputs, record)))
    return session.createDataFrame(rows, judged.schema)
