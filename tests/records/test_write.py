"""Writing results to files that other programs open."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import openpyxl
import pytest
from duckdb import DuckDBPyConnection

from guiju.base.diagnostics import Refused
from guiju.records import write
from guiju.records.read import read_table
from guiju.records.write import write_table
from records.tables import cells, refusal

QUERY = (
    "SELECT * FROM (VALUES ('甲', 13.8::DOUBLE, 1780::BIGINT, true, DATE '2026-01-31', '=1+1'), ('乙, \"x\"', NULL, NULL, false, NULL, '-13.8'), "
    "('丙', 0.1::DOUBLE, 3::BIGINT, NULL, NULL, NULL)) AS t(\"型号\", ec, mass, pass, day, note)"
)
ROWS = [
    ("甲", 13.8, 1780, True, datetime.date(2026, 1, 31), "=1+1"),
    ('乙, "x"', None, None, False, None, "-13.8"),
    ("丙", 0.1, 3, None, None, None),
]


def test_csv_opens_in_a_spreadsheet_and_holds_no_formula(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_table(connection, QUERY, path) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + "型号,ec,mass,pass,day,note\n".encode())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1:] == [
        ["甲", "13.8", "1780", "true", "2026-01-31", "'=1+1"], ['乙, "x"', "", "", "false", "", "-13.8"], ["丙", "0.1", "3", "", "", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1", "+1+1", "-1+1", "@x", "\tx", "\rx", "＝1", "＋x"])
def test_what_a_spreadsheet_would_run_is_guarded_alike_in_csv_and_in_the_header(
    connection: DuckDBPyConnection, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "out.csv"
    write_table(connection, f"SELECT * FROM (SELECT chr(65) AS \"{text}\", '{text}' AS b)", path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert (header[0], row[1]) == ("'" + text, "'" + text) == (write.guarded(text),) * 2


@pytest.mark.parametrize("text", ["-13.8", "+1", "1=1", "甲", "", "'=1"])
def test_what_no_spreadsheet_runs_is_left_alone(text: str) -> None:
    assert write.guarded(text) == text


def test_xlsx_holds_numbers_days_and_texts(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_table(connection, QUERY, path) == 3
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    found = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert found[0] == ("型号", "ec", "mass", "pass", "day", "note")
    days = [row[4].date() if isinstance(row[4], datetime.datetime) else row[4] for row in found[1:]]
    assert [(*row[:4], day, row[5]) for row, day in zip(found[1:], days, strict=True)] == ROWS
    assert sheet["F2"].data_type == "s" and sheet["F2"].quotePrefix
    assert sheet.freeze_panes == "A2"


def test_xlsx_takes_what_it_has_no_type_for_as_text(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    connection.execute("SET TimeZone = 'UTC'")
    write_table(
        connection,
        "SELECT [1, 2] AS a, 'nan'::DOUBLE AS b, 12345678901234567890::HUGEINT AS c, 'a' || chr(7) AS d, 9007199254740993 AS e, "
        "'2026-01-31 08:00:00+08'::TIMESTAMPTZ AS f, 1.25::DECIMAL(9, 2) AS g",
        path,
    )
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    found = [cell.value for cell in sheet[2]]
    assert found[:5] == ["[1, 2]", "nan", "12345678901234567890", "a\ufffd", "9007199254740993"]
    assert str(found[5]).startswith("2026-01-31 00:00:00") and found[6] == 1.25


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "#N/A", "'x", "-13.8", "甲", " x ", "1780", "TRUE"])
def test_a_text_in_xlsx_stays_that_text(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    connection.execute("CREATE TABLE t AS SELECT 'a' AS a, CAST(? AS VARCHAR) AS x", [text])
    write_table(connection, "SELECT * FROM t", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    assert (sheet["B2"].value, sheet["B2"].data_type) == (text, "s")
    assert cells(connection, tmp_path / "out.xlsx") == [("a", text)]


def test_parquet_keeps_types_and_has_row_groups_of_a_good_size(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    write_table(connection, "SELECT i, i / 10e0 AS x FROM range(300000) AS t(i)", path)
    groups = connection.execute(f"SELECT DISTINCT row_group_num_rows FROM parquet_metadata('{path}') ORDER BY 1").fetchall()
    assert groups[-1] == (122_880,)
    assert connection.execute(f"SELECT count(*), sum(i) FROM '{path}'").fetchall() == [(300_000, 300_000 * 299_999 // 2)]


@pytest.mark.parametrize(("name", "parse"), [("out.json", json.loads), ("out.ndjson", lambda text: [json.loads(line) for line in text.splitlines()])])
def test_json_is_json(connection: DuckDBPyConnection, tmp_path: Path, name: str, parse: object) -> None:
    assert callable(parse)
    query = "SELECT '甲' AS \"型号\", 13.8::DOUBLE AS ec, 'nan'::DOUBLE AS x, true AS ok UNION ALL SELECT '乙', NULL, 1, NULL"
    write_table(connection, query, tmp_path / name)
    assert parse((tmp_path / name).read_text(encoding="utf-8")) == [
        {"型号": "甲", "ec": 13.8, "x": None, "ok": True}, {"型号": "乙", "ec": None, "x": 1.0, "ok": None},
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json", "ndjson"])
def test_what_is_written_is_read_back(connection: DuckDBPyConnection, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"车型 [1]'.{ending}"
    write_table(connection, 'SELECT * FROM (VALUES (\'甲\', 13.8::DOUBLE), (\'乙,"\', 1780)) AS t("型号", "质量(kg)")', path)
    assert [(name, float(str(mass))) for name, mass in cells(connection, path)] == [("甲", 13.8), ('乙,"', 1780.0)]
    assert [each.name for each in read_table(path, connection, "t").columns] == ["型号", "质量(kg)"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json"])
def test_a_file_is_never_overwritten_unless_asked_and_then_whole(connection: DuckDBPyConnection, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    path.write_text("mine")
    with pytest.raises(Refused) as refused:
        write_table(connection, QUERY, path)
    assert refusal(refused.value) == "file-exists"
    assert path.read_text() == "mine"
    write_table(connection, QUERY, path, overwrite=True)
    assert path.read_bytes() != b"mine"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    written = write.WRITERS[".csv"]

    def slow(connection: DuckDBPyConnection, query: str, described: write.Described, partial: Path) -> int:
        path.write_text("mine")
        return written(connection, query, described, partial)

    monkeypatch.setitem(write.WRITERS, ".csv", slow)
    with pytest.raises(Refused) as refused:
        write_table(connection, QUERY, path)
    assert refusal(refused.value) == "file-exists"
    assert [each.read_text() for each in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(("name", "code"), [("out.doc", "format-unknown"), ("none/out.csv", "folder-missing")])
def test_what_cannot_be_written_is_a_diagnostic(connection: DuckDBPyConnection, tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        write_table(connection, QUERY, tmp_path / name)
    assert refusal(refused.value) == code


def test_too_much_for_a_sheet_is_refused_and_leaves_nothing(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused) as refused:
        write_table(connection, "SELECT * FROM range(1048576)", tmp_path / "out.xlsx")
    assert refusal(refused.value) == "too-many-rows"
    with pytest.raises(Refused) as refused:
        write_table(connection, "SELECT repeat('x', 32768) AS x", tmp_path / "out.xlsx")
    assert refusal(refused.value) == "text-too-long"
    monkeypatch.setattr(write, "SHEET_ROWS_MAX", 2)
    write_table(connection, "SELECT * FROM range(2)", tmp_path / "two.xlsx")
    assert [each.name for each in tmp_path.iterdir()] == ["two.xlsx"]


def test_a_full_disk_is_a_diagnostic_and_leaves_nothing(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(write.WRITERS, ".csv", full)
    with pytest.raises(Refused) as refused:
        write_table(connection, QUERY, tmp_path / "out.csv")
    assert refusal(refused.value) == "file-unwritable"
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_gives_nothing_is_a_file_with_a_header(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    for ending in ["csv", "xlsx", "parquet", "json", "ndjson"]:
        assert write_table(connection, "SELECT 1 AS a, 'x' AS b WHERE false", tmp_path / f"out.{ending}") == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "\ufeffa,b\n"
    assert json.loads((tmp_path / "out.json").read_text()) == []
