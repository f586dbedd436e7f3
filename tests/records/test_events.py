"""Identifiers and times at the door: of one record and of tables of every format, text or typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from guiju.base.diagnostics import Problems
from guiju.ir.record import admit_value
from guiju.records.door import admit
from guiju.records.mapping import Entry, Mapping
from guiju.records.read import read_table
from guiju.standard.model import Input
from records.tables import HERE, admitted, column, written

ACCOUNT = Input("account", "trip.account", "identifier", None, None, None, None, (), "账户", "account", None, HERE)
STARTED = Input("started", "trip.started", "time", None, None, None, None, (), "开始", "start", None, HERE, zone=timedelta(hours=8))
MOMENT = datetime(2026, 1, 31, 0, 30)


@pytest.mark.parametrize("text", [
    "2026-01-31T08:30:00", "2026-01-31 08:30:00", "2026-01-31T08:30:00+08:00", "2026-01-31T00:30:00Z", "2026-01-30T20:00:00-04:30", "2026/1/31 8:30",
    "2026年1月31日 8:30", "2026-01-31T08:30:00.000",
])  # fmt: skip
def test_a_time_in_a_cell_is_a_moment_in_utc_however_it_is_written(connection: DuckDBPyConnection, tmp_path: Path, text: str):
    assert column(connection, tmp_path, STARTED, [text]) == [MOMENT]


@pytest.mark.parametrize(("text", "code"), [
    ("2026-01-31", "cell-not-a-time"), ("2026-01-31T24:00:00", "cell-not-a-time"), ("2026-02-30T08:00:00", "cell-not-a-time"), ("soon", "cell-not-a-time"),
    ("2026-01-31T08:30:00.5", "cell-time-too-fine"), ("9999-12-31T23:59:59", "cell-not-a-time"), ("2026-01-31T08:30:00+15:00", "cell-not-a-time"),
])  # fmt: skip
def test_a_cell_that_is_no_moment_is_missing_and_told(connection: DuckDBPyConnection, tmp_path: Path, text: str, code: str):
    quality = admitted(connection, written(tmp_path, f"n,x\n1,{text}\n2,2026-01-31T08:30:00\n3,—\n"), [STARTED], started=Entry("x"))
    assert [(cell.row, cell.code) for cell in quality.bad_cells()] == [(1, code)]
    assert (quality.inputs[0].present, quality.inputs[0].missing) == (1, 1)


def test_typed_moments_of_parquet_are_taken_as_they_are(connection: DuckDBPyConnection, tmp_path: Path):
    """Without an offset they are read in the zone; with one they are moments whatever the zone of the session."""
    connection.execute("SET TimeZone = 'America/New_York'")
    values = (
        "TIMESTAMP '2026-01-31 08:30:00' AS local, TIMESTAMPTZ '2026-01-31 00:30:00+00' AS zoned, TIMESTAMP_NS '2026-01-31 08:30:00.000000001' AS fine, "
        "TIMESTAMP_S '2026-01-31 08:30:00' AS seconds, TIMESTAMP 'infinity' AS never, DATE '2026-01-31' AS day, 'a b' AS who, 7 AS number"
    )
    connection.execute(f"COPY (SELECT {values}) TO '{tmp_path}/t.parquet'")
    source = read_table(tmp_path / "t.parquet", connection, "records")
    expected = {"local": MOMENT, "zoned": MOMENT, "seconds": MOMENT, "fine": None, "never": None, "day": None}
    for name, wanted in expected.items():
        admit(connection, source, Mapping({"started": Entry(name)}), [STARTED], "let_in")
        assert connection.execute("SELECT started FROM let_in").fetchall() == [(wanted,)], name
    for name, wanted in {"who": "a b", "number": "7"}.items():
        admit(connection, source, Mapping({"account": Entry(name)}), [ACCOUNT], "let_in")
        assert connection.execute("SELECT account FROM let_in").fetchall() == [(wanted,)], name


def test_an_identifier_is_kept_as_it_is(connection: DuckDBPyConnection, tmp_path: Path):
    assert column(connection, tmp_path, ACCOUNT, ["007", "7", "A", "a", " x ", "张三", "１"]) == ["007", "7", "A", "a", "x", "张三", "１"]
    quality = admitted(connection, written(tmp_path, "n,x\n1,\n2,—\n3,N/A\n4,a\n"), [ACCOUNT], account=Entry("x"))
    assert (quality.inputs[0].present, quality.inputs[0].missing, quality.bad) == (1, 3, 0)


def test_one_account_may_be_given_for_a_whole_file(connection: DuckDBPyConnection, tmp_path: Path):
    admitted(connection, written(tmp_path, "n\n1\n"), [ACCOUNT, STARTED], account=Entry(constant="007"), started=Entry(constant="2026-01-31 08:30"))
    assert connection.execute("SELECT account, started FROM records").fetchall() == [("007", MOMENT)]


@pytest.mark.parametrize(("declared", "value", "wanted", "code"), [
    (ACCOUNT, " 007 ", "007", None), (ACCOUNT, 7, "7", None), (ACCOUNT, 7.0, None, "input-not-an-identifier"), (ACCOUNT, True, None, "input-not-an-identifier"),
    (STARTED, "2026-01-31T08:30:00", MOMENT.replace(tzinfo=UTC), None), (STARTED, datetime(2026, 1, 31, 8, 30), MOMENT.replace(tzinfo=UTC), None),
    (STARTED, MOMENT.replace(tzinfo=UTC), MOMENT.replace(tzinfo=UTC), None), (STARTED, "2026-01-31", None, "input-not-a-time"),
    (STARTED, "2026-01-31T08:30:00.5", None, "input-time-too-fine"), (STARTED, datetime(2026, 1, 31, 8, 30, 0, 5), None, "input-time-too-fine"),
])  # fmt: skip
def test_one_record_is_let_in_by_the_same_rules(declared: Input, value: object, wanted: object, code: str | None):
    problems = Problems()
    assert admit_value(declared, value, problems) == wanted
    assert [d.code for d in problems.found] == ([code] if code else [])
