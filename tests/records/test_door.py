"""What is let in at the door, and what is reported."""

from __future__ import annotations

import csv
import datetime
import gzip
from fractions import Fraction
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guiju.base.diagnostics import Refused, report
from guiju.base.rounding import decimal_text, parse_number, round_gb
from guiju.base.units import parse_unit
from guiju.records.cells import TOLERANCE, NumberRule, State, number_meaning
from guiju.records.door import Quality, admit
from guiju.records.mapping import Entry, Mapping
from guiju.records.read import read_table
from guiju.standard.model import Input
from records.tables import CAR, CONSUMPTION, CURB_MASS, POWERTRAIN, SWAPPABLE, TEST_DATE, admitted, codes, column, found, number, refusal, written

with_database = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
FREE = number("free", "p.free", "km", None, "-1000", "1000")


def bad(quality: Quality) -> list[tuple[int, str, str, str]]:
    return [(cell.row, cell.input, cell.text, cell.code) for cell in quality.bad_cells()]


@pytest.mark.parametrize(
    "text",
    ["13.8", "13.80", " 13.8 ", "13.8 kWh/100km", "13.8kWh/100km", "13.8 KWH/100KM", "13.8　千瓦时/100千米", "１３．８", "+13.8", "1.38e1"],
)
def test_a_number_may_be_spelt_in_many_ways(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    assert column(connection, tmp_path, CONSUMPTION, [text]) == [13.8]


def test_what_arithmetic_in_a_spreadsheet_leaves_behind_is_no_finer_decimal(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert column(connection, tmp_path, CONSUMPTION, ["13.8000000000001", "13.799999999999999", "13.80000006"]) == [13.8, 13.8, None]


@pytest.mark.parametrize("text", ["1,780", "1780", "１，７８０", "1780 kg", "1,780公斤", "1780.0"])
def test_thousands_may_be_separated(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    assert column(connection, tmp_path, CURB_MASS, [text]) == [1780.0]


@pytest.mark.parametrize("text", ["", "NULL", "NA", "N/A", "n/a", "-", "—", "——", "无", "未知", "/", "不详", "None", " ", "　"])
def test_a_missing_value_is_missing_and_not_bad(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    quality = admitted(connection, written(tmp_path, f"n,x\n1,{text}\n2,13.8\n"), [CONSUMPTION], consumption=Entry("x"))
    assert (quality.inputs[0].present, quality.inputs[0].missing, quality.bad) == (1, 1, 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "cell-not-a-number"), ("约13", "cell-not-a-number"), ("≤13.8", "cell-not-a-number"), ("13.8/14.2", "cell-not-a-number"),
        ("13..8", "cell-not-a-number"), ("1_3", "cell-not-a-number"), ("0x1F", "cell-unit"), ("12 13", "cell-not-a-number"),
        ("13,8", "cell-decimal-comma"), ("1,23,4", "cell-decimal-comma"),
        ("13.8 kWh", "cell-unit"), ("138 Wh/km", "cell-unit"), ("13.8度", "cell-unit"),
        ("NaN", "cell-not-finite"), ("inf", "cell-not-finite"), ("-Infinity", "cell-not-finite"), ("∞", "cell-not-finite"),
        ("13.85", "cell-too-fine"), ("13.80001", "cell-too-fine"), ("2.9", "cell-below-minimum"), ("-13.8", "cell-below-minimum"),
        ("60.1", "cell-above-maximum"), ("1e9", "cell-above-maximum"), ("1e300", "cell-too-large"), ("1e999", "cell-too-large"),
        ("99999999999999999999", "cell-too-large"), ("２．９", "cell-below-minimum"), ("13.85 kWh/100km", "cell-too-fine"),
    ],
)  # fmt: skip
def test_a_bad_number_is_reported_with_its_place_and_is_null(connection: DuckDBPyConnection, tmp_path: Path, text: str, code: str) -> None:
    quality = admitted(connection, written(tmp_path, f'n,x\n1,13.8\n2,"{text}"\n'), [CONSUMPTION], consumption=Entry("x"))
    assert bad(quality) == [(2, "consumption", text, code)]
    assert [row[2] for row in found(connection, "records")] == [13.8, None]
    (told,) = quality.diagnostics()
    assert told.code == code
    assert told.span is not None and told.span.line == 3
    for language in ("zh", "en"):
        assert text in told.message(language) and "{" not in told.message(language) + told.help(language)  # type: ignore[arg-type]


def test_a_comma_is_ambiguous_where_another_stands_for_the_point(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert column(connection, tmp_path, CURB_MASS, ["1,780", "1780"]) == [1780.0, 1780.0]
    assert column(connection, tmp_path, CURB_MASS, ["1,780", "1780,5", "1780"]) == [None, None, 1780.0]
    quality = admitted(connection, written(tmp_path, "n;x\n1;1,780\n2;1780\n"), [CURB_MASS], curb_mass=Entry("x"))
    assert bad(quality) == [(1, "curb_mass", "1,780", "cell-decimal-comma")]


@pytest.mark.parametrize(
    ("unit", "text", "value"), [("Wh/km", "138", 13.8), ("Wh/km", "138.5", None), ("kWh/km", "0.138", 13.8), ("Wh/km", "138 Wh/km", 13.8)]
)
def test_a_column_in_another_unit_is_converted_exactly(
    connection: DuckDBPyConnection, tmp_path: Path, unit: str, text: str, value: float | None
) -> None:
    assert column(connection, tmp_path, CONSUMPTION, [text], Entry("x", unit=parse_unit(unit))) == [value]


def test_a_percentage_may_carry_its_sign(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    efficiency = number("efficiency", "p.efficiency", "%", 1, "0", "100")
    assert column(connection, tmp_path, efficiency, ["96.5%", "96.5", "９６．５％", "96.5 %"]) == [96.5] * 4
    assert column(connection, tmp_path, efficiency, ["0.965", "96.5%"], Entry("x", unit=parse_unit("1"))) == [96.5, None]


steps = st.integers(-(10**6), 10**6)
decimals = st.integers(0, 4)


def of(places: int, entry: Entry | None = None) -> Input:
    return number("y", "p.y", "kWh/100km", places, "-1000000", "1000000")


@with_database
@given(st.lists(steps, min_size=1, max_size=40), decimals)
def test_a_decimal_of_the_grid_becomes_the_double_nearest_to_it(
    connection: DuckDBPyConnection, tmp_path: Path, counts: list[int], places: int
) -> None:
    exact = [Fraction(count, 10**places) for count in counts]
    texts = [decimal_text(each) for each in exact]
    assert column(connection, tmp_path, of(places), texts) == [float(text) for text in texts]
    in_wh_km = [decimal_text(each * 10) for each in exact]
    assert column(connection, tmp_path, of(places), in_wh_km, Entry("x", unit=parse_unit("Wh/km"))) == [float(text) for text in texts]
    with_unit = [f"{text} kWh/100km" for text in texts]
    assert column(connection, tmp_path, of(places), with_unit) == [float(text) for text in texts]


@with_database
@given(st.lists(st.tuples(steps, st.integers(1, 999_999)), min_size=1, max_size=40), decimals)
def test_a_decimal_finer_than_declared_is_reported_or_rounded_if_so_wished(
    connection: DuckDBPyConnection, tmp_path: Path, counts: list[tuple[int, int]], places: int
) -> None:
    exact = [(count + Fraction(part, 10**6)) / 10**places for count, part in counts]
    texts = [decimal_text(each) for each in exact]
    assert column(connection, tmp_path, of(places), texts) == [None] * len(texts)
    rounded = [float(round_gb(each, Fraction(1, 10**places))) for each in exact]
    assert column(connection, tmp_path, of(places), texts, Entry("x", round=True)) == rounded


@with_database
@given(st.lists(steps, min_size=1, max_size=40), decimals)
def test_the_middle_between_two_steps_is_rounded_to_the_even_one(
    connection: DuckDBPyConnection, tmp_path: Path, counts: list[int], places: int
) -> None:
    exact = [(count + Fraction(1, 2)) / 10**places for count in counts]
    rounded = [float(round_gb(each, Fraction(1, 10**places))) for each in exact]
    texts = [decimal_text(each * 10) for each in exact]
    assert column(connection, tmp_path, of(places), texts, Entry("x", unit=parse_unit("Wh/km"), round=True)) == rounded
    connection.execute("CREATE OR REPLACE TABLE doubles AS SELECT unnest(?::DOUBLE[]) AS x", [[float(each) for each in exact]])
    connection.execute(f"COPY doubles TO '{tmp_path}/doubles.parquet'")
    admitted(connection, tmp_path / "doubles.parquet", [of(places)], y=Entry("x", round=True))
    assert [row[2] for row in found(connection, "records")] == rounded


odd_numbers = st.text("0123456789.,+-eE% k g　１．，", max_size=9) | st.decimals(-2000, 2000, allow_nan=False).map(str) | st.floats().map(repr)


@with_database
@given(st.lists(odd_numbers, min_size=1, max_size=60), st.none() | st.integers(0, 3), st.booleans())
def test_sql_and_exact_python_agree_on_every_spelling(
    connection: DuckDBPyConnection, tmp_path: Path, texts: list[str], places: int | None, is_rounded: bool
) -> None:
    texts = [text for text in texts if "," not in text and "，" not in text]
    asked = number("y", "p.y", "kg", places, "-1000", "1000")
    rule = NumberRule(asked.unit, Fraction(1), places, asked.minimum, asked.maximum, is_rounded)
    exact = [number_meaning(text, rule)[0] for text in texts]
    assert column(connection, tmp_path, asked, texts, Entry("x", round=is_rounded)) == exact
    plain = [parse_number(text) for text in texts]
    for number_, value in zip(plain, exact, strict=True):
        if number_ is not None and value is not None:
            assert isinstance(value, float) and abs(Fraction(value) - number_) <= Fraction(1, 2 * 10 ** (places or 0)) + TOLERANCE


def test_a_unit_without_declared_decimals_is_converted_to_the_nearest_double(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    texts = [f"{each}.{each}" for each in range(1, 400)]
    expected = [float(Fraction(text) * Fraction("1.609344")) for text in texts]
    assert column(connection, tmp_path, FREE, texts, Entry("x", unit=parse_unit("mi"))) == expected
    assert column(connection, tmp_path, FREE, ["0.1", "1e3", "1001", "x"]) == [0.1, 1000.0, None, None]


@pytest.mark.parametrize(
    "type_", ["DOUBLE", "FLOAT", "DECIMAL(9,1)", "DECIMAL(38,10)", "VARCHAR", "INTEGER", "HUGEINT", "BIGINT", "UTINYINT"]
)
def test_every_type_of_number_in_parquet_is_let_in(connection: DuckDBPyConnection, tmp_path: Path, type_: str) -> None:
    values = [3, 14, 60] if "INT" in type_ else [13.8, 3.1, 59.9]
    connection.execute(f"COPY (SELECT CAST(unnest(?) AS {type_}) AS x UNION ALL SELECT NULL) TO '{tmp_path}/t.parquet'", [values])
    quality = admitted(connection, tmp_path / "t.parquet", [CONSUMPTION], consumption=Entry("x"))
    assert [row[2] for row in found(connection, "records")] == [*map(float, values), None]
    assert quality.bad == 0


def test_nan_and_what_is_no_number_in_parquet_is_reported(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(
        "COPY (SELECT * FROM (VALUES (CAST('nan' AS DOUBLE), true, [1.5]), (CAST('-inf' AS DOUBLE), NULL, NULL), "
        f"(13.80000001, NULL, NULL)) AS t(a, b, c)) TO '{tmp_path}/t.parquet'"
    )
    inputs = [number(name, "p", "kWh/100km", 1, "3", "60") for name in "abc"]
    quality = admitted(connection, tmp_path / "t.parquet", inputs)
    assert [(row, name, code) for row, name, _, code in bad(quality)] == [
        (1, "a", "cell-not-finite"), (1, "b", "cell-not-a-number"), (1, "c", "cell-not-a-number"), (2, "a", "cell-not-finite"),
    ]  # fmt: skip
    assert found(connection, "records")[2][2] == 13.8


def test_yes_and_no_are_understood_and_a_bare_none_is_not_guessed(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    texts = ["是", "否", "true", "FALSE", "Y", "n", "1", "0", "√", "×", "１", "-", "未知"]
    assert column(connection, tmp_path, SWAPPABLE, texts) == [True, False] * 5 + [True, None, None]
    quality = admitted(connection, written(tmp_path, "n,x\n1,有\n2,无\n3,\n"), [SWAPPABLE], swappable=Entry("x"))
    assert [code for *_, code in bad(quality)] == ["cell-not-a-boolean"] * 2
    assert column(connection, tmp_path, SWAPPABLE, ["有", "无", ""], Entry("x", values={"有": "true", "无": "false"})) == [True, False, None]


def test_categories_are_values_titles_or_words_of_the_mapping(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    entry = Entry("x", values={"EV": "bev", "无": "phev"})
    texts = ["bev", " BEV ", "ｂｅｖ", "纯电动", "Battery Electric", "ev", "无", "phev", ""]
    assert column(connection, tmp_path, POWERTRAIN, texts, entry) == ["bev"] * 6 + ["phev", "phev", None]
    quality = admitted(connection, written(tmp_path, "n,x\n1,bve\n2,增程\n"), [POWERTRAIN], powertrain=Entry("x"))
    first, second = quality.diagnostics()
    assert codes([first, second]) == ["cell-not-a-category"] * 2
    assert first.help("en") == "did you mean `bev`?"
    assert second.help("en") == "known here: bev, phev"


def test_values_that_only_case_tells_apart_are_not_mixed_up(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    asked = Input("c", "p", "category", None, None, None, None, ("a", "A", "b"), "c", "c", None, POWERTRAIN.span)
    assert column(connection, tmp_path, asked, ["a", "A", "B", "ａ"]) == ["a", "A", "b", "a"]


@pytest.mark.parametrize(
    "text", ["2026-01-31", "2026/1/31", "2026年1月31日", "20260131", "2026-01-31 00:00:00", "2026-01-31T08:30:00.5", "２０２６-1-31"]
)
def test_days_are_understood_year_first(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    assert column(connection, tmp_path, TEST_DATE, [text]) == [datetime.date(2026, 1, 31)]


@pytest.mark.parametrize("text", ["31/01/2026", "2026-02-30", "45000", "26-01-31", "infinity", "epoch", "2026-01"])
def test_what_is_no_day_is_reported(connection: DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    quality = admitted(connection, written(tmp_path, f"n,x\n1,{text}\n"), [TEST_DATE], test_date=Entry("x"))
    assert bad(quality) == [(1, "test_date", text, "cell-not-a-date")]


def test_typed_truths_and_days_are_taken_as_they_are(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(
        f"COPY (SELECT true AS swappable, TIMESTAMP '2026-01-31 08:00:00' AS test_date UNION ALL SELECT NULL, NULL) TO '{tmp_path}/t.parquet'"
    )
    admitted(connection, tmp_path / "t.parquet", [SWAPPABLE, TEST_DATE])
    assert found(connection, "records") == [(1, "1", True, datetime.date(2026, 1, 31)), (2, "2", None, None)]


def test_a_constant_fills_every_row_and_an_input_without_a_column_none(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    source = read_table(written(tmp_path, "n,x\n1,13.8\n2,13.9\n"), connection, "t")
    mapping = Mapping({"consumption": Entry("x"), "curb_mass": Entry(constant="1,780 kg"), "powertrain": Entry(constant="纯电动")})
    quality = admit(connection, source, mapping, [CONSUMPTION, CURB_MASS, POWERTRAIN, SWAPPABLE], "z")
    assert found(connection, "z") == [(1, "1", 13.8, 1780.0, "bev", None), (2, "2", 13.9, 1780.0, "bev", None)]
    assert codes(quality.diagnostics()) == ["input-without-column"]
    assert quality.inputs[-1].missing == 2


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("y"), "mapping-unknown-column"),
        (Entry("x", is_="nev.electricity.wltp"), "wrong-property"),
        (Entry("x", unit=parse_unit("kg")), "mapping-unit"),
        (Entry(constant="13.85"), "mapping-constant"),
        (Entry(constant="many"), "mapping-constant"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_judged(
    connection: DuckDBPyConnection, tmp_path: Path, entry: Entry, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        admitted(connection, written(tmp_path, "n,x\n1,13.8\n"), [CONSUMPTION], consumption=entry)
    assert refusal(refused.value) == code


def test_an_input_called_row_is_refused(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        admitted(connection, written(tmp_path, "n,x\n1,2\n"), [number("Row", "p", "km", 0, "0", "9")], Row=Entry("x"))
    assert refusal(refused.value) == "input-name-reserved"


def test_columns_named_like_our_own_do_no_harm(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, 'row,key,a0,v0,"state of curb_mass"\nx,y,1780,z,w\n')
    admitted(connection, path, [CURB_MASS], key="key", curb_mass=Entry("a0"))
    assert found(connection, "records") == [(1, "y", 1780.0)]


def test_repeated_and_missing_keys_are_told_and_judged_all_the_same(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    quality = admitted(connection, written(tmp_path, "id,x\nA,13.8\nB,13.9\nA ,14.0\n,14.1\n"), [CONSUMPTION], key="id", consumption=Entry("x"))
    assert (quality.repeated, quality.keys_missing) == (1, 1)
    assert [(row[1], row[2]) for row in found(connection, "records")] == [("A", 13.8), ("B", 13.9), ("A", 14.0), (None, 14.1)]
    assert codes(quality.diagnostics()) == ["record-key-missing", "record-key-repeated"]


def test_rounding_is_counted(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, "n,x\n1,13.85\n2,13.75\n3,13.8\n4,13.84\n5,\n")
    quality = admitted(connection, path, [CONSUMPTION], consumption=Entry("x", round=True))
    assert [row[2] for row in found(connection, "records")] == [13.8, 13.8, 13.8, 13.8, None]
    assert (quality.inputs[0].present, quality.inputs[0].rounded, quality.inputs[0].missing) == (4, 3, 1)
    assert codes(quality.diagnostics()) == ["cells-rounded"]


def test_no_negative_nought_is_let_in(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    values = column(connection, tmp_path, of(1), ["-0", "-0.0", "-0.04", "－0"], Entry("x", round=True))
    assert [str(value) for value in values] == ["0.0"] * 4


cells = st.sampled_from(["", "13.8", "1780", "1,780 kg", "abc", "是", "bev", "2026-01-31", "13.85", "-", "9e99", "１３"])


@with_database
@given(st.lists(st.lists(cells, min_size=1, max_size=7), min_size=1, max_size=30))
def test_nothing_is_lost_between_the_file_and_the_table(connection: DuckDBPyConnection, tmp_path: Path, rows: list[list[str]]) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    path = written(tmp_path, ",".join(each.name for each in CAR) + "\n" + "\n".join(lines) + "\n")
    quality = admitted(connection, path, CAR)
    kept = [row for row in rows if any(row)]
    assert quality.rows == len(kept) == len(found(connection, "records")) == len(found(connection, "found"))
    assert [row[0] for row in found(connection, "records")] == list(range(1, len(kept) + 1))
    assert quality.source.ragged == sum(len(row) < 6 or any(row[6:]) for row in kept)
    for each in quality.inputs:
        assert each.present + each.missing + sum(each.bad.values()) == quality.rows
    assert quality.bad == len(bad(quality)) == len(connection.execute("SELECT * FROM records_bad").fetchall())


def test_all_bad_cells_are_kept_and_the_report_is_bounded(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, "n,x\n" + "".join(f"{n},bad {n}\n" for n in range(5000)))
    quality = admitted(connection, path, [CONSUMPTION], consumption=Entry("x"))
    assert quality.bad == len(list(quality.bad_cells())) == 5000
    told = quality.diagnostics(10)
    assert codes(told) == ["cell-not-a-number"] * 10 + ["more-bad-cells"]
    assert told[-1].facts["count"] == "5000"
    text = report(told, "zh", {})
    assert "cars.csv:2:1: 警告[cell-not-a-number]: 第 1 条记录「x」的“bad 0”不是数" in text


def test_the_rows_stay_in_order_however_many(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(
        f"COPY (SELECT printf('%d kg', 300 + i % 5000) AS curb_mass, printf('%.1f', 3e0 + i % 57) AS consumption, 'bev' AS powertrain "
        f"FROM range(400000) AS t(i)) TO '{tmp_path}/t.parquet'"
    )
    admitted(connection, tmp_path / "t.parquet", [CURB_MASS, CONSUMPTION, POWERTRAIN])
    wrong = "SELECT count(*) FROM records WHERE row <> rowid + 1 OR curb_mass <> 300 + (row - 1) % 5000 OR powertrain <> 'bev'"
    assert connection.execute(wrong).fetchall() == [(0,)]


def test_the_table_may_be_built_again(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    for text in ["n,x\n1,13.8 kWh/100km\n", "n,x\n1,14\n2,bad\n"]:
        quality = admitted(connection, written(tmp_path, text), [CONSUMPTION], consumption=Entry("x"))
    assert quality.rows == 2
    left = connection.execute("SELECT type_name FROM duckdb_types() WHERE NOT internal").fetchall()
    tables = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
    assert left == []
    assert [name for (name,) in tables] == ["found", "found_cells", "records", "records_bad", "records_repeated"]


def test_a_parquet_file_damaged_after_it_was_opened_is_a_diagnostic(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    connection.execute(f"COPY (SELECT 3 + (i * i) % 571 / 10 AS x FROM range(100000) AS t(i)) TO '{path}' (COMPRESSION zstd)")
    source = read_table(path, connection, "t")
    content = bytearray(path.read_bytes())
    content[100 : len(content) // 2] = bytes(len(content) // 2 - 100)
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        admit(connection, source, Mapping({"consumption": Entry("x", round=True)}), [CONSUMPTION], "z")
    assert refusal(refused.value) == "file-damaged"


def test_every_state_that_is_bad_has_a_code() -> None:
    from guiju.base.codes import CODES

    assert {state.code for state in State if state >= State.NOT_A_NUMBER} <= set(CODES)


@pytest.mark.parametrize(("name", "header"), [("fr_ademe_car_labelling", "empty_mass_kg"), ("open_ev_data", "curb_mass_kg")])
def test_the_real_sets_are_let_in_whole_and_alike_from_csv_and_parquet(
    connection: DuckDBPyConnection, shared: Path, name: str, header: str
) -> None:
    admitted_twice = []
    for ending in ["csv.gz", "parquet"]:
        source = read_table(shared / "data" / "products" / f"{name}.{ending}", connection, "t")
        assert source.diagnostics == ()
        quality = admit(connection, source, Mapping({"curb_mass": Entry(header)}, key="id"), [CURB_MASS], "z")
        assert (quality.bad, quality.repeated, quality.keys_missing) == (0, 0, 0)
        admitted_twice.append(found(connection, "z"))
    with gzip.open(shared / "data" / "products" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [(at, row["id"], float(row[header]) if row[header] else None) for at, row in enumerate(rows, 1)]
    assert admitted_twice == [expected, expected]


def test_many_repeated_keys_are_counted(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, "id,x\n" + "".join(f"K{n // 2},13.8\n" for n in range(100)))
    quality = admitted(connection, path, [CONSUMPTION], key="id", consumption=Entry("x"))
    assert codes(quality.diagnostics(5)) == ["record-key-repeated"] * 5 + ["more-keys-repeated"]
