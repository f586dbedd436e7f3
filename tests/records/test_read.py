"""Reading tables from the files people have."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guiju.base.diagnostics import Refused
from guiju.records import delimited
from guiju.records.read import read_table
from records.tables import cells, codes, found, refusal, written

CARS = "型号,整备质量(kg)\n甲,1780\n乙,1090\n"
TWO = [("甲", "1780"), ("乙", "1090")]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB 18030"), ("gbk", "GB 18030"), ("utf-16", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_a_csv_file_is_read_in_every_encoding_in_use_in_china(connection: DuckDBPyConnection, tmp_path: Path, encoding: str, said: str) -> None:
    text = "\ufeff" + CARS if encoding == "utf-16-be" else CARS
    source = read_table(written(tmp_path, text, encoding=encoding), connection, "cars")
    assert source.encoding == said
    assert [each.name for each in source.columns] == ["型号", "整备质量(kg)"]
    assert found(connection, "cars") == [(1, 2, "甲", "1780"), (2, 3, "乙", "1090")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_zipped_csv_file_is_read(connection: DuckDBPyConnection, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cars.csv.gz"
    path.write_bytes(gzip.compress(CARS.encode(encoding)))
    assert cells(connection, path) == TWO


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_and_the_line_end_are_found(connection: DuckDBPyConnection, tmp_path: Path, delimiter: str, end: str) -> None:
    path = written(tmp_path, CARS.replace(",", delimiter).replace("\n", end))
    assert read_table(path, connection, "cars").delimiter == delimiter
    assert cells(connection, path) == TWO


def test_a_decimal_stays_the_text_it_was(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert cells(connection, written(tmp_path, "a,b\n13.80,007\n1e3,０.1\n")) == [("13.80", "007"), ("1e3", "０.1")]


def test_a_ragged_line_is_a_row_without_cells_and_is_reported_with_its_line(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8,\n9,10\n"), connection, "t")
    assert found(connection, "t") == [(1, 2, "1", "2"), (2, 3, None, None), (3, 4, None, None), (4, 5, "7", "8"), (5, 6, "9", "10")]
    assert found(connection, "t_ragged") == [(2, 3, 1, "3"), (3, 4, 3, "4,5,6")]
    assert source.ragged == 2
    assert [(each.code, each.span and each.span.line) for each in source.diagnostics] == [("ragged-row", 3), ("ragged-row", 4)]


def test_many_ragged_lines_are_counted_and_all_kept(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, "a,b\n1,2\n" + "3\n" * 100 + "4,5\n" * 200), connection, "t")
    assert source.rows == 301
    assert len(found(connection, "t_ragged")) == source.ragged == 100
    assert source.diagnostics[-1].code == "more-ragged-rows"


def test_a_malformed_line_is_a_row_without_cells(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, 'a,b\n1,2\n"3"x,4\n5,6\n'), connection, "t")
    assert found(connection, "t") == [(1, 2, "1", "2"), (2, 3, None, None), (3, 4, "5", "6")]
    assert codes(source.diagnostics) == ["malformed-row"]


@pytest.mark.parametrize("text", ['a,b\n1,"2\n3,4\n', 'a,b\n1,"2\n3,"4"\n5,6\n', '"a,b\n' + "1,2\n" * 100_000])
def test_an_open_quote_is_refused_since_it_swallows_rows(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_table(written(tmp_path, text), connection, "t")
    assert refusal(refused.value) == "csv-quote-open"


def test_cells_over_several_lines_and_blank_lines_keep_the_lines_of_the_rows(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    read_table(written(tmp_path, 'a,b\n"1\n1",2\n\n3,4\n,\n5,6\n\n'), connection, "t")
    assert found(connection, "t") == [(1, 2, "1\n1", "2"), (2, 5, "3", "4"), (3, 7, "5", "6")]


def test_titles_above_the_header_are_told_and_left_out(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, "车型表\n\na,b\n1,2\n3,4\n"), connection, "t")
    assert found(connection, "t") == [(1, 4, "1", "2"), (2, 5, "3", "4")]
    assert codes(source.diagnostics) == ["rows-above-header"]


def test_repeated_headers_get_a_number_and_a_warning(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, "ec,EC,ec,row,\n1,2,3,4,5\n"), connection, "t")
    assert [each.name for each in source.columns] == ["ec", "EC", "ec (2)", "row", "column 5"]
    assert len({each.at.casefold() for each in source.columns} | {"row", "line"}) == 7
    assert found(connection, "t") == [(1, 2, "1", "2", "3", "4", "5")]
    assert codes(source.diagnostics) == ["header-repeated"]


def test_a_table_without_a_row_is_told(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, "a,b\n"), connection, "t")
    assert source.rows == 0
    assert codes(source.diagnostics) == ["no-records"]


def test_one_column_is_a_table_too(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert cells(connection, written(tmp_path, "mass\n1780\n1090\n")) == [("1780",), ("1090",)]


def test_a_name_with_brackets_or_stars_is_no_pattern_for_other_files(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "year=1").mkdir()
    for number, name in enumerate(["cars[1].csv", "cars1.csv", "cars*'.csv", "cars?.csv"]):
        written(tmp_path / "year=1", f"a,b\n{number},x\n", name)
        assert cells(connection, tmp_path / "year=1" / name) == [(str(number), "x")]
    connection.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path}/p1.parquet'")
    connection.execute(f"COPY (SELECT 2 AS a) TO '{tmp_path}/p[1].parquet'")
    assert cells(connection, tmp_path / "p[1].parquet") == [(2,)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.csv", None, "file-missing"),
        ("empty.csv", b"", "file-empty"),
        ("blank.csv", b"\n\r\n\n", "file-empty"),
        ("nul.csv", b"a,b\n1,\x00\n", "nul-bytes"),
        ("utf16-without-mark.csv", "a,b\n1,2\n".encode("utf-16-le"), "nul-bytes"),
        ("latin.csv", "é,à\n1,2\n".encode("latin-1"), "encoding-unknown"),
        ("broken.csv", (CARS * 3).encode()[:-1] + "乙".encode()[:2] + b"\n", "encoding-damaged"),
        ("cut.csv", (CARS * 3).encode() + "乙".encode()[:2], "encoding-damaged"),
        ("odd.csv", "\ufeffa,b\n1,2".encode("utf-16")[:-1], "encoding-damaged"),
        ("bad.csv.gz", b"\x1f\x8b\x08\x00garbage", "file-damaged"),
        ("cut.csv.gz", gzip.compress(CARS.encode(), mtime=0)[:-9], "file-damaged"),
        ("cars.pdf", b"%PDF", "format-unknown"),
        ("bad.parquet", b"PAR1 no", "file-damaged"),
        ("empty.parquet", b"", "file-damaged"),
        ("bad.xlsx", b"PK\x03\x04 no", "workbook-damaged"),
        ("text.xls", CARS.encode(), "workbook-damaged"),
        ("empty.xlsx", b"", "workbook-damaged"),
        ("bad.json", b'[{"a": 1}, {"a":]', "json-malformed"),
        ("empty.ndjson", b"", "file-empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_a_diagnostic(
    connection: DuckDBPyConnection, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / name, connection, "t")
    assert refusal(refused.value) == code


def test_a_misspelt_file_name_is_answered_with_the_one_meant(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    written(tmp_path, CARS, "vehicles.csv")
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / "vehicels.csv", connection, "t")
    assert "vehicles.csv" in refused.value.diagnostics[0].help("en")


def test_a_folder_is_no_table(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "cars.csv").mkdir()
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / "cars.csv", connection, "t")
    assert refusal(refused.value) == "file-unreadable"


def test_json_lines_are_text_with_a_column_per_key_met(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    lines = [
        '{"型号": "甲", "mass": 1780, "ec": 13.80}',
        "",
        '{"mass": 1e3, "a/b~\\"c": [1, 2], "ec": null}',
        '{"ok": true, "big": 12345678901234567890}',
    ]
    source = read_table(written(tmp_path, "\n".join(lines), "cars.ndjson"), connection, "t")
    assert [each.name for each in source.columns] == ["型号", "mass", "ec", 'a/b~"c', "ok", "big"]
    assert found(connection, "t") == [
        (1, 1, "甲", "1780", "13.8", None, None, None),
        (2, 3, None, "1000.0", None, "[1,2]", None, None),
        (3, 4, None, None, None, None, "true", "12345678901234567890"),
    ]


def test_a_broken_json_line_is_a_row_without_cells_and_is_reported(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, '{"a": 1}\n{"a": \n5\n{"a": 2}\n', "cars.jsonl"), connection, "t")
    assert found(connection, "t") == [(1, 1, "1"), (2, 2, None), (3, 3, None), (4, 4, "2")]
    assert [(each.code, each.span and each.span.line) for each in source.diagnostics] == [("malformed-row", 2), ("malformed-row", 3)]


@pytest.mark.parametrize("text", ['[{"a": 1},\n {"a": 2}]', '  [\n{"a": 1}\n, {"a": 2}]\n', '{"a": 1}\n{"a": 2}', '\ufeff[{"a": 1}, {"a": 2}]'])
def test_json_is_a_list_or_objects_one_after_another(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    assert cells(connection, written(tmp_path, text, "cars.json")) == [("1",), ("2",)]


def test_one_object_over_several_lines_is_one_row(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert cells(connection, written(tmp_path, json.dumps({"a": 1, "b": "甲"}, indent=2, ensure_ascii=False), "car.json")) == [("1", "甲")]


def test_json_in_gbk_is_read(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert cells(connection, written(tmp_path, '{"型号": "甲"}\n', "cars.ndjson", "gbk")) == [("甲",)]


def test_parquet_keeps_its_types_and_its_order(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(f"COPY (SELECT i AS \"row\", i / 10e0 AS ec, DATE '2026-01-01' AS d FROM range(300000) AS t(i)) TO '{tmp_path}/cars.parquet'")
    source = read_table(tmp_path / "cars.parquet", connection, "t")
    assert [(each.name, each.type) for each in source.columns] == [("row", "BIGINT"), ("ec", "DOUBLE"), ("d", "DATE")]
    assert source.rows == 300_000
    wrong = f'SELECT count(*) FROM t WHERE row <> "{source.columns[0].at}" + 1'
    assert connection.execute(wrong).fetchall() == [(0,)]


def test_a_table_may_be_read_again_under_the_same_name_in_another_format(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path}/a.parquet'")
    for path in [tmp_path / "a.parquet", written(tmp_path, "a,b\n1,2\n\n3,4\n"), written(tmp_path, '{"a": 1}', "a.json"), tmp_path / "a.parquet"]:
        read_table(path, connection, "t")


def test_progress_is_told_up_to_the_end(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    told: list[tuple[int | None, int | None]] = []
    read_table(written(tmp_path, "a,b\n" + "1,2\n" * 1000), connection, "t", progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 1000)
    assert told[-1] == (1000, 1000)


cell = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=6)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_what_a_csv_writer_wrote_is_read_cell_by_cell(
    connection: DuckDBPyConnection, tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    import csv

    path = tmp_path / "t.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerow(["first", "second", "third"])
        writer.writerows(rows)
    kept = [tuple(text or None for text in row) for row in rows if any(row)]
    assert cells(connection, path) == kept


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_orderly_file_is_read_by_the_engine(connection: DuckDBPyConnection, tmp_path: Path, end: str) -> None:
    read_table(written(tmp_path, f"a,b{end}1,2{end}3,4{end}"), connection, "t")
    assert connection.execute("SELECT table_type FROM information_schema.tables WHERE table_name = 't'").fetchall() == [("VIEW",)]


def test_both_ways_of_reading_give_the_same_cells(connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(8170)
    words = ["", "13.80", "甲", 'a ""b""', "x, y", "-", "1,780", "'", "；"]
    text = "a,b,c\n" + "".join(",".join(f'"{chance.choice(words)}"' for _ in "abc") + "\n" for _ in range(2000)) + "1,2,3\n"
    text = text.replace('"","",""\n', "")
    path = written(tmp_path, text)
    read_table(path, connection, "quick")
    monkeypatch.setattr(delimited, "_whole", lambda *_: None)
    read_table(path, connection, "slow")
    assert connection.execute("SELECT table_type FROM information_schema.tables WHERE table_name = 'quick'").fetchall() == [("VIEW",)]
    assert found(connection, "quick") == found(connection, "slow")


def test_objects_without_end_of_keys_are_refused(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_table(written(tmp_path, json.dumps({f"k{number}": 1 for number in range(2001)}), "wide.json"), connection, "t")
    assert refusal(refused.value) == "json-too-wide"
