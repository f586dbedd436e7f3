from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guiju.base.diagnostics import Refused
from guiju.frontrunner.library.library import Library, read_library
from library_cases import A, B, as_csv, as_parquet, as_workbook, dictionary, tables


def read(path: Path, **given: object) -> Library:
    return read_library(path, dictionary(), **given)  # type: ignore[arg-type]


def codes(refused: Refused) -> set[str]:
    return {each.code for each in refused.diagnostics}


def test_a_library_is_read_from_sheets(tmp_path: Path) -> None:
    found = read(as_workbook(tables(), tmp_path / "lib.xlsx"))
    assert found.name == "lib"
    assert set(found.enterprises) == {A, B}
    assert found.enterprises[A].title.en == "Jia Motors"
    declared = found.standards["Q/YI 7", "2024"]
    assert (declared.enterprise, declared.published, declared.status) == (B, date(2024, 11, 1), "current")
    assert found.standards["Q/JIA 001", "2025"].references == ("GB 18384-2025", "GB/T 18386.1-2021")
    assert found.standards["Q/JIA 001", "2025"].methods == {"nev.electricity.cltc": "GB/T 18386.1-2021"}
    assert found.illustrative
    assert set(found.mapping.inputs) == {"nev.electricity.cltc", "vehicle.mass.curb"}
    product = found.product("p2")
    assert product is not None
    assert (product.price, product.markets) == (Decimal("159800.5"), ("CN-31",))
    assert [(each.property, each.value, each.u) for each in found.measured(["p3"])] == [("nev.electricity.cltc", Decimal(130), Decimal("0.5"))]


def test_format_and_order_make_no_other_library(tmp_path: Path) -> None:
    given = tables()
    turned = {name: [rows[0], *reversed(rows[1:])] for name, rows in given.items()}
    turned["产品"] = [[*row[3:], *row[:3]] for row in turned["产品"]]
    paths = [
        as_csv(given, tmp_path / "csv"), as_csv(given, tmp_path / "fine", decimals=6), as_workbook(turned, tmp_path / "lib.xlsx"),
        as_parquet(given, tmp_path / "parquet"),
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as parts:
        for file in paths[0].iterdir():
            parts.write(file, f"inner/{file.name}")
    assert len({read(path).hash for path in (*paths, tmp_path / "lib.zip")}) == 1
    given["产品"][1][8] = 12.4
    assert read(as_csv(given, tmp_path / "other")).hash != read(paths[0]).hash


def test_what_no_library_is_made_of(tmp_path: Path) -> None:
    given = tables()
    del given["标准"]
    with pytest.raises(Refused) as refused:
        read(as_csv(given, tmp_path / "a"))
    assert codes(refused.value) == {"library-table-missing"}
    (tmp_path / "b").mkdir()
    with pytest.raises(Refused) as refused:
        read(tmp_path / "b")
    assert codes(refused.value) == {"library-empty"}
    as_csv({"products": tables()["产品"], "别的": [["a"], ["1"]]}, as_csv(tables(), tmp_path / "c"))
    with pytest.raises(Refused) as refused:
        read(tmp_path / "c")
    assert codes(refused.value) == {"library-table-twice", "library-table-unknown"}
    given = tables()
    given["标准"][0][0] = "序"
    given["企业"][0][2] = "名称"
    with pytest.raises(Refused) as refused:
        read(as_csv(given, tmp_path / "d"))
    assert codes(refused.value) >= {"library-column-missing", "library-column-twice"}


def test_columns_nobody_knows_are_kept_and_told(tmp_path: Path) -> None:
    given = tables()
    given["产品"] = [[*row, "颜色" if n == 0 else "红", "CLTC百公里电耗" if n == 0 else 12.0] for n, row in enumerate(given["产品"])]
    found = read(as_csv(given, tmp_path / "a"))
    assert {"library-column-unknown", "library-property-twice"} <= set(found.quality.counts)
    assert found.products.column("颜色") is not None


def test_archives_are_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(Refused) as refused:
        read(tmp_path / "broken.zip")
    assert codes(refused.value) == {"library-archive"}
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as parts:
        for number in range(101):
            parts.writestr(f"{number}.csv", "a\n1\n")
    with pytest.raises(Refused) as refused:
        read(tmp_path / "many.zip")
    assert codes(refused.value) == {"library-members"}
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("products.csv", "0" * 3_000_000)
    with pytest.raises(Refused) as refused:
        read(tmp_path / "bomb.zip", limit=1_000_000)
    assert codes(refused.value) == {"archive-bomb"}
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as parts:
        parts.writestr("../../escaped.csv", "a\n1\n")
    with pytest.raises(Refused):
        read(tmp_path / "out.zip")
    assert not list(tmp_path.parent.glob("escaped.csv"))
