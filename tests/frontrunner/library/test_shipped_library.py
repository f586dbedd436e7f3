"""The library of the examples, libraries made of real sets, and that order and format make no other library."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiju.base.diagnostics import Refused
from guiju.frontrunner.library.form_check import form_check
from guiju.frontrunner.library.importing import Placed, import_set
from guiju.frontrunner.library.library import read_library
from guiju.records.importers import run
from guiju.standard.shelf import Shelf
from library_cases import Cell, Tables, as_csv, as_parquet, as_workbook, dictionary, tables

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "frontrunner"
SETS = ROOT.parent / "shared" / "data" / "products"
REAL = {"open-ev": "open_ev_data.parquet", "ademe": "fr_ademe_car_labelling.parquet", "epa": "us_epa_ev_phev_fcv.parquet"}


def test_the_example_is_good_and_all_illustrative() -> None:
    found = read_library(EXAMPLES / "library", dictionary())
    assert found.quality.counts == {"library-illustrative": 1}
    assert all(each.illustrative for each in found.standards.values())
    assert len(found.mapping.inputs) == 50
    assert {each.key.split("-")[1][0] for each in found.some()} == {"C", "T", "D", "B", "S"}
    formed = form_check(found.standards.values(), Shelf().editions(), date(2026, 8, 1), others=found.standards)
    assert [each.standard.number for each in formed if not each.passes] == ["Q/EXA 001", "Q/EXG 3"]


def test_the_flawed_one_shows_what_can_be_wrong() -> None:
    found = read_library(EXAMPLES / "library-flawed", dictionary()).quality
    assert set(found.counts) >= {
        "library-key-missing", "library-key-repeated", "library-reference-unknown", "library-code-check", "library-editions-current",
        "library-status-missing", "library-lookalike", "library-evidence-contradicts", "library-evidence-unit", "cell-not-a-number",
    }  # fmt: skip
    assert len(found.errors) == 10


# invariance

NUMBERS = st.integers(30_000, 600_000).map(lambda n: n / 10_000)
ROWS = st.lists(st.tuples(NUMBERS, st.integers(900, 3_000), st.sampled_from(["红", "", "白 色", "007", "1.50"])), min_size=1, max_size=6)


@st.composite
def libraries(draw: st.DrawFn) -> tuple[Tables, Tables]:
    """A library, and the same with rows and columns in another order."""
    given_, rows = tables(), draw(ROWS)
    header: list[Cell] = ["产品编号", "企业代码", "标准编号", "版本", "型号", "CLTC电能消耗量（kWh/100km）", "整备质量(kg)", "颜色"]
    first = given_["产品"][1]
    given_["产品"] = [header, *([f"p{n}", *first[1:5], value, mass, colour] for n, (value, mass, colour) in enumerate(rows, 1))]
    given_["证据"] = given_["证据"][:2]
    order = draw(st.permutations(range(len(header))))
    turned = {name: [held[0], *draw(st.permutations(held[1:]))] for name, held in given_.items()}
    turned["产品"] = [[row[at] for at in order] for row in turned["产品"]]
    return given_, turned


@given(libraries(), st.integers(4, 7))
@settings(max_examples=5, deadline=None)
def test_the_hash_is_of_what_is_said(pair: tuple[Tables, Tables], decimals: int) -> None:
    one, turned = pair
    words = dictionary()
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = [
            as_csv(one, folder / "a"), as_csv(turned, folder / "b", decimals=decimals), as_workbook(turned, folder / "c.xlsx"),
            as_parquet(turned, folder / "d"),
        ]  # fmt: skip
        assert len({read_library(path, words).hash for path in paths}) == 1
        one["产品"][1][5] = float(str(one["产品"][1][5])) + 0.0001
        assert read_library(as_csv(one, folder / "e"), words).hash != read_library(paths[0], words).hash


# real sets


@pytest.mark.parametrize("name", REAL)
def test_real_sets_become_libraries(name: str, tmp_path: Path) -> None:
    source = SETS / REAL[name]
    if not source.is_file():
        pytest.skip(f"needs the product sets: {source.name} in ../shared/data/products")
    import duckdb

    placed = Placed(date(2025, 1, 1), ("GB 18384-2025",), {"nev.electricity.cltc": "GB/T 18386.1-2021"})
    _, found = import_set(name, source, tmp_path / "out", dictionary(), placed)
    with duckdb.connect() as connection:
        models = run(name, source, connection, "t").rows_out
    assert found.quality.rows("products") == models
    assert found.quality.errors == ()
    assert set(found.quality.counts) == {"library-code-own", "library-illustrative"}
    assert found.illustrative
    assert all(each.illustrative and each.number.startswith("Q/示意 ") and "示意" in each.title.zh for each in found.standards.values())
    assert {each.enterprise for each in found.standards.values()} == set(found.enterprises)
    about = found.mapping.about
    assert about is not None
    assert any("no declared standards" in note.en for note in about.notes)
    with pytest.raises(Refused, match="library-out"):
        import_set(name, source, tmp_path / "out", dictionary(), placed)


def test_without_a_date_the_form_check_bars_what_is_put_in_place(tmp_path: Path) -> None:
    source = SETS / REAL["open-ev"]
    if not source.is_file():
        pytest.skip(f"needs the product sets: {source.name} in ../shared/data/products")
    _, found = import_set("open-ev", source, tmp_path / "out", dictionary(), Placed())
    formed = form_check(found.standards.values(), {}, date(2026, 8, 1))
    assert {code.code for each in formed for code in each.reasons} == {"form-not-published"}
