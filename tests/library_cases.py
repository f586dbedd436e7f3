"""Small libraries that tests write as files: every cell made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from openpyxl import Workbook

from guiju.standard.dictionary import Dictionary
from guiju.standard.shelf import Shelf

Cell = str | float | None
Tables = dict[str, list[list[Cell]]]
"""Name of a table → its rows, the header first."""

A, B = "91310000MA1FL0000N", "91110000MA1FL0001C"


def dictionary() -> Dictionary:
    return Shelf().dictionary


def tables() -> Tables:
    """Two enterprises, a standard of each, three products, two measured values; nothing is wrong with it."""
    return {
        "企业": [["企业代码", "企业名称", "企业英文名称", "地区"], [A, "甲汽车", "Jia Motors", "CN-31"], [B, "乙汽车", "Yi Motors", "CN-11"]],
        "标准": [
            ["标准编号", "版本", "企业代码", "标准名称", "公布日期", "状态", "规范性引用文件", "试验方法", "示意"],
            ["Q/JIA 001", "2025", A, "纯电动乘用车", "2025-03-01", "现行", "GB 18384-2025；GB/T 18386.1-2021", "nev.electricity.cltc=GB/T 18386.1-2021", "是"],
            ["Q/YI 7-2024", None, B, "纯电动乘用车", "2024-11-01", "现行", "GB 18384-2025", None, "是"],
        ],
        "产品": [
            ["产品编号", "企业代码", "标准编号", "版本", "型号", "品牌", "价格（元）", "销售地区", "CLTC电能消耗量（kWh/100km）", "整备质量(kg)"],
            ["p1", A, "Q/JIA 001", "2025", "J1", "甲", 199800, "CN-31；CN-11", 12.3, 1600],
            ["p2", A, "Q/JIA 001", "2025", "J2", "甲", 159800.5, "CN-31", 11.5, 1500],
            ["p3", B, "Q/YI 7", "2024", "Y1", "乙", None, "CN-11", 13, 1700],
        ],
        "证据": [
            ["产品编号", "性质", "测得值", "单位", "标准不确定度", "实验室", "报告编号", "检测日期", "方法"],
            ["p1", "nev.electricity.cltc", 12.3, "kWh/100km", 0.05, "示例实验室", "R1", "2025-04-01", "GB/T 18386.1-2021"],
            ["p3", "CLTC电能消耗量", 130, "Wh/km", 0.5, "示例实验室", "R2", "2025-04-02", "GB/T 18386.1-2021"],
        ],
    }  # fmt: skip


def as_csv(given: Mapping[str, Sequence[Sequence[Cell]]], folder: Path, *, decimals: int | None = None) -> Path:
    """decimals   numbers are written with so many, at least"""

    def text(cell: Cell) -> str:
        if isinstance(cell, float | int) and decimals is not None:
            return f"{cell:.{decimals}f}"
        return '"' + str("" if cell is None else cell).replace('"', '""') + '"'

    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in given.items():
        (folder / f"{name}.csv").write_text("\n".join(",".join(map(text, row)) for row in rows) + "\n", encoding="utf-8")
    return folder


def as_workbook(given: Mapping[str, Sequence[Sequence[Cell]]], path: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in given.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def as_parquet(given: Mapping[str, Sequence[Sequence[Cell]]], folder: Path) -> Path:
    """Columns of numbers as DOUBLE, the others as text."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for name, (header, *rows) in given.items():
            kinds = ["DOUBLE" if any(isinstance(row[n], float | int) for row in rows) else "VARCHAR" for n in range(len(header))]
            columns = ", ".join(f'"{title}" {kind}' for title, kind in zip(header, kinds, strict=True))
            connection.execute(f"CREATE OR REPLACE TABLE t ({columns})")
            for row in rows:
                connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(row))})", list(row))
            connection.execute(f"COPY t TO '{folder / name}.parquet' (FORMAT parquet)")
    return folder
