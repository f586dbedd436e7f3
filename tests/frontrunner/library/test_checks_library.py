from __future__ import annotations

import json
from pathlib import Path

import pytest

from guiju.frontrunner.library.library import Library, read_library
from guiju.frontrunner.library.quality import as_json, from_json
from library_cases import A, B, Tables, as_csv, as_workbook, dictionary, tables


def read(given: Tables, folder: Path) -> Library:
    return read_library(as_csv(given, folder), dictionary())


def test_a_good_library_has_no_problem(tmp_path: Path) -> None:
    found = read(tables(), tmp_path / "lib").quality
    assert [each.code for each in found.diagnostics] == ["library-illustrative"]
    assert {each.name: each.rows for each in found.tables} == {"enterprises": 2, "standards": 2, "products": 3, "evidence": 2}


def flawed() -> Tables:
    """Every kind of flaw, each in a row of its own."""
    given = tables()
    given["企业"] += [[A, "甲汽车", None, None], [None, "无名", None, None], ["91310000MA1FL0000X", "丙", None, None], ["OWN-1", "ЈIA", None, None],
                    ["own-2", "Jia Motоrs", None, None], ["OWN-3", "丁\u200b", None, None]]  # fmt: skip
    given["标准"] += [
        ["Q/JIA 001", "2025", A, "重复", "2025-03-01", "现行", None, None, None],
        ["Q/JIA 001", "2021", A, "也现行", "2021-03-01", "现行", None, "看不懂", None],
        ["JIA 9", None, "nobody", "形式", "昨天", "现行", None, None, None],
        ["Q/JIA 2", "2020", A, "无状态", None, "某种", None, None, None],
        ["Q/JIA 3", "2020", A, "被代替", None, "被代替", None, None, None],
    ]
    given["产品"] += [
        ["p1", A, "Q/JIA 001", "2025", "重复", None, None, None, 12, 1600],
        [None, A, "Q/JIA 001", "2025", "无编号", None, None, None, 12, 1600],
        ["p4", "nobody", "Q/JIA 001", "2025", "无企业", None, None, None, 12, 1600],
        ["p5", A, "Q/JIA 99", "2025", "无标准", None, None, None, 12, 1600],
        ["p6", B, "Q/JIA 001", "2025", "别家的", None, None, None, 12, 1600],
        ["p7", A, "Q/JIA 3", "2020", "旧标准", None, "一百", None, "坏", 1600],
    ]
    given["证据"] += [
        ["p99", "nev.electricity.cltc", 12, "kWh/100km", 0.1, None, None, None, None],
        ["p2", "没有的性质", 12, "kWh/100km", 0.1, "甲", "1", None, None],
        ["p2", "nev.range.cltc", 500, "km", 1, "甲", "2", None, None],
        ["p2", "nev.electricity.cltc", 12, "kg", 0.1, "甲", "3", None, None],
        ["p2", "nev.electricity.cltc", 12, "kWh/100km", None, "甲", "4", None, None],
        ["p2", "nev.electricity.cltc", 12, "kWh/100km", 0.1, "甲", "5", None, None],
        ["p2", "vehicle.mass.curb", 1490, "kg", 1, "甲", "6", None, None],
    ]
    return given


CODES = {
    "library-key-missing", "library-key-repeated", "library-reference-unknown", "library-standard-of-other", "library-standard-dead",
    "library-code-check", "library-code-own", "library-status-missing", "library-editions-current", "library-superseded-by",
    "library-standard-form", "library-edition-missing", "library-methods", "library-lookalike", "library-odd-name", "library-evidence-property",
    "library-evidence-undeclared", "library-evidence-unit", "library-evidence-blank", "library-evidence-uncertainty",
    "library-evidence-contradicts", "cell-not-a-number", "cell-not-a-date", "cell-not-a-category",
}  # fmt: skip


def test_every_flaw_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    found = read(flawed(), tmp_path / "lib").quality
    assert set(found.counts) >= CODES
    wrong = next(each for each in found.diagnostics if each.code == "library-code-check")
    assert wrong.span is not None
    assert (Path(wrong.span.file).name, wrong.span.line) == ("企业.csv", 6)
    contradicted = [each.message("en") for each in found.diagnostics if each.code == "library-evidence-contradicts"]
    assert len(contradicted) == 2
    assert any("declared better than measured" in each and "11.5" in each for each in contradicted)
    unknown = {each.facts["key"] for each in found.diagnostics if each.code == "library-reference-unknown"}
    assert unknown == {"nobody", "Q/JIA 99-2025", "p99"}
    products = next(each for each in found.tables if each.name == "products")
    declared = next(each for each in products.columns if each.name == "nev.electricity.cltc")
    assert (declared.filled, declared.missing, declared.bad) == (8, 0, 1)


def test_the_sheet_is_named(tmp_path: Path) -> None:
    found = read_library(as_workbook(flawed(), tmp_path / "lib.xlsx"), dictionary()).quality
    assert set(found.counts) >= CODES
    wrong = next(each for each in found.diagnostics if each.code == "library-code-check")
    assert wrong.span is not None
    assert wrong.span.file.endswith("lib.xlsx [企业]")


def test_the_report_is_read_back(tmp_path: Path) -> None:
    found = read(flawed(), tmp_path / "lib").quality
    assert from_json(json.loads(json.dumps(as_json(found)))) == found


def test_many_of_a_kind_are_counted_and_some_listed(tmp_path: Path) -> None:
    given = tables()
    given["产品"] += [[f"q{n}", "nobody", "Q/JIA 001", "2025", "M", None, None, None, 12, 1600] for n in range(50)]
    found = read(given, tmp_path / "lib").quality
    assert found.counts["library-reference-unknown"] == 50
    assert "library-more" in found.counts
    assert len(found.diagnostics) < 60


@pytest.mark.parametrize(("u", "told"), [(0.4, 0), (0.39, 1)])
def test_exactly_k_u_is_no_contradiction(tmp_path: Path, u: float, told: int) -> None:
    given = tables()
    given["证据"][1][2], given["证据"][1][4] = 13.1, u  # declared 12.3, k·u = 0.8
    assert read(given, tmp_path / "lib").quality.counts.get("library-evidence-contradicts", 0) == told
