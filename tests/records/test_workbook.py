"""Reading sheets of workbooks."""

from __future__ import annotations

import datetime
import io
import random
import zipfile
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection
from openpyxl import Workbook

from guiju.base.diagnostics import Refused
from guiju.records.read import read_table
from records.tables import codes, found, refusal


def saved(folder: Path, rows: list[list[object]], formats: dict[str, str] | None = None, sheets: tuple[str, ...] = ("车型",)) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheets[0]
    for row in rows:
        sheet.append(row)
    for place, shown in (formats or {}).items():
        sheet[place].number_format = shown
    for name in sheets[1:]:
        book.create_sheet(name).append(["other"])
    path = folder / "cars.xlsx"
    book.save(path)
    return path


def test_numbers_become_their_shortest_decimal(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    rows: list[list[object]] = [["型号", "x"], ["甲", 13.8], ["乙", 1780], ["丙", 0.1], ["丁", 1e-7], ["戊", 1e16], ["己", "13.80"], ["庚", -2.5]]
    source = read_table(saved(tmp_path, rows), connection, "t")
    assert [row[3] for row in found(connection, "t")] == ["13.8", "1780", "0.1", "0.0000001", "10000000000000000", "13.80", "-2.5"]
    assert source.sheet == "车型"
    assert codes(source.diagnostics) == []


def test_days_and_truths_become_words_the_door_understands(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "b", "c"], [datetime.date(2026, 1, 31), True, datetime.datetime(2026, 1, 31, 8, 30)], [None, False, "x"]]
    read_table(saved(tmp_path, rows), connection, "t")
    assert found(connection, "t") == [(1, 2, "2026-01-31", "true", "2026-01-31 08:30:00"), (2, 3, None, "false", "x")]


def test_a_percentage_is_what_is_shown(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    rows: list[list[object]] = [["名称", "效率"], ["甲", 0.965], ["乙", 0.29], ["丙", 95.5], ["丁", 1]]
    formats = {"B2": "0.0%", "B3": "0%", "B4": "0.0", "B5": '0.00"x%"'}
    read_table(saved(tmp_path, rows, formats), connection, "t")
    assert [row[3] for row in found(connection, "t")] == ["96.5%", "29%", "95.5", "1"]


def test_titles_and_blank_rows_are_no_rows_and_each_row_keeps_its_place_on_the_sheet(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    rows: list[list[object]] = [["2026 年车型表", None], [], ["型号", "质量"], ["甲", 1780], [None, None], [" ", None], ["乙", 1090]]
    source = read_table(saved(tmp_path, rows), connection, "t")
    assert found(connection, "t") == [(1, 4, "甲", "1780"), (2, 7, "乙", "1090")]
    assert codes(source.diagnostics) == ["rows-above-header"]


def test_a_formula_never_calculated_is_told(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(saved(tmp_path, [["a", "b"], [1, "=A2*2"], [2, 3]]), connection, "t")
    (told,) = source.diagnostics
    assert (told.code, told.facts["cell"], told.facts["count"]) == ("formula-not-calculated", "B2", "1")


def test_cells_merged_downwards_are_told(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = saved(tmp_path, [["a", "b"], ["x", 1], [None, 2]])
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["a", "b"], ["x", 1], [None, 2]]:
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(path)
    source = read_table(path, connection, "t")
    assert [(each.code, each.facts["cells"]) for each in source.diagnostics] == [("cells-merged", "A2:A3")]


def test_the_first_sheet_is_read_and_said_or_the_one_that_is_named(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = saved(tmp_path, [["a", "b"], [1, 2]], sheets=("车型", "说明"))
    assert codes(read_table(path, connection, "t").diagnostics) == ["sheet-chosen"]
    assert codes(read_table(path, connection, "t", sheet="车型").diagnostics) == []
    assert codes(read_table(path, connection, "t", sheet="说明").diagnostics) == ["no-records"]
    with pytest.raises(Refused) as refused:
        read_table(path, connection, "t", sheet="表一")
    assert refusal(refused.value) == "sheet-unknown"


def test_an_empty_sheet_is_refused(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_table(saved(tmp_path, []), connection, "t")
    assert refusal(refused.value) == "file-empty"


def test_a_workbook_with_a_password_is_refused(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(2000))
    with pytest.raises(Refused) as refused:
        read_table(path, connection, "t")
    assert refusal(refused.value) == "workbook-encrypted"


def test_a_workbook_damaged_anywhere_is_read_or_refused_but_never_breaks(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    chance = random.Random(8170)
    path = saved(tmp_path, [["型号", "效率"], *([f"{number}", number / 1000] for number in range(20))], {"B3": "0%"})
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    outcomes = set()
    for _ in range(300):
        changed = dict(parts)
        name = chance.choice([name for name in parts if name.startswith("xl/") and "theme" not in name])
        content = bytearray(changed[name])
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(content))
            content[place : place + chance.randint(0, 9)] = bytes(chance.choice(b'<>"/09AZ&; ') for _ in range(chance.randint(0, 3)))
        changed[name] = bytes(content)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as out:
            for part, written in changed.items():
                out.writestr(part, written)
        path.write_bytes(buffer.getvalue())
        try:
            outcomes.add(str(read_table(path, connection, "t").rows))
        except Refused as refused:
            outcomes.add(refusal(refused))
    assert {"20", "workbook-damaged"} <= outcomes
