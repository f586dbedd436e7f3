from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from guiju.app import PARTS
from guiju.cli.console import choose_language
from guiju.cli.main import build

CARS = """车型,整备质量(kg),CLTC电能消耗量（kWh/100km）,最大设计总质量kg,类别,动力
A,1780,13.92,2200,M1,bev
B,1780,13.93,2200,M1,bev
C,2315,13.3,,M1,bev
D,1780,14.055,2300,M1,bev
E,abc,12.1,2300,M1,phev
"""
GB = "GB 36980.1-2025"


@pytest.fixture(autouse=True)
def _language():
    yield
    choose_language(None)


@pytest.fixture
def cars(tmp_path: Path) -> Path:
    path = tmp_path / "cars.csv"
    path.write_bytes(CARS.encode("gb18030"))
    return path


def guiju(*words: object, language: str = "en") -> Result:
    result = CliRunner().invoke(build(PARTS), ["--lang", language, *(str(w) for w in words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_verdicts_of_a_gbk_file_are_written_with_what_is_missing_and_the_evidence(cars: Path, tmp_path: Path):
    out = tmp_path / "out.csv"
    assert guiju("evaluate", GB, "--records", cars, "--out", out).exit_code == 1
    rows = duckdb.sql(f"SELECT row, overall, missing, evidence FROM read_csv('{out}', all_varchar = true) ORDER BY row").fetchall()
    assert rows == [
        ("1", "pass", None, "B"), ("2", "fail", None, "B"), ("3", "undetermined", "max_mass", "B"), ("4", "undetermined", "consumption", "B"),
        ("5", "not_applicable", None, "B"),
    ]  # fmt: skip


def test_bad_cells_are_all_reported_with_their_line_and_no_row_is_lost(cars: Path):
    result = guiju("evaluate", GB, "--records", cars)
    assert "cars.csv:5" in result.stderr and "cell-too-fine" in result.stderr
    assert "cars.csv:6" in result.stderr and "cell-not-a-number" in result.stderr
    assert "data: 5 rows, all kept" in result.stdout


def test_the_failing_record_is_shown_with_the_reason(cars: Path):
    assert "13.93 > 13.92 kWh/100km; over by 0.01 kWh/100km (0.0718 %)" in guiju("evaluate", GB, "--records", cars).stdout


def test_exit_codes_tell_pass_fail_undetermined_and_wrong_input(tmp_path: Path):
    head = CARS.splitlines()[0]
    for line, code in (("A,1780,13.92,2200,M1,bev", 0), ("B,1780,13.93,2200,M1,bev", 1), ("C,2315,13.3,,M1,bev", 3), ("E,1,1,1,M1,phev", 0)):
        path = tmp_path / f"{line[0]}.csv"
        path.write_text(f"{head}\n{line}\n", encoding="utf-8")
        assert guiju("evaluate", GB, "--records", path).exit_code == code, line
    assert guiju("evaluate", GB, "--records", tmp_path / "nothing.csv").exit_code == 2
    assert guiju("evaluate", "GB 36980.2-2025", "--records", tmp_path / "A.csv").exit_code == 2


def test_strict_refuses_a_file_with_unusable_cells(cars: Path):
    assert guiju("evaluate", GB, "--records", cars, "--strict").exit_code == 2


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json", "ndjson"])
def test_results_are_written_in_every_format_and_never_over_an_existing_file(cars: Path, tmp_path: Path, ending: str):
    out = tmp_path / f"out.{ending}"
    guiju("evaluate", GB, "--records", cars, "--out", out)
    if ending == "xlsx":
        assert load_workbook(out).active.max_row == 6
    else:
        reader = {"csv": "read_csv", "parquet": "read_parquet"}.get(ending, "read_json")
        assert duckdb.sql(f"SELECT count(*) FROM {reader}('{out}')").fetchall() == [(5,)]
    before = out.read_bytes()
    refused = guiju("evaluate", GB, "--records", cars, "--out", out)
    assert refused.exit_code == 2 and "file-exists" in refused.stderr
    assert out.read_bytes() == before
    assert guiju("evaluate", GB, "--records", cars, "--out", out, "--overwrite").exit_code == 1


def test_two_standards_are_judged_in_one_run_with_columns_of_their_own(cars: Path, tmp_path: Path):
    out = tmp_path / "out.json"
    guiju("evaluate", GB, "GB/T 28382-2012", "--records", cars, "--out", out)
    first = json.loads(out.read_text(encoding="utf-8"))[0]
    assert first["GB 36980.1-2025 overall"] == "pass"
    assert first["GB/T 28382-2012 overall"] == "undetermined"


def test_explain_gives_the_reason_of_one_record_of_a_file(cars: Path):
    result = guiju("explain", GB, "--records", cars, "--key", "2")
    assert result.exit_code == 1
    assert "13.93 > 13.92 kWh/100km" in result.stdout
    assert guiju("explain", GB, "--records", cars, "--key", "99").exit_code == 2


def test_explain_takes_values_with_other_units_and_json_output():
    given = ("--set", "category=M1", "--set", "powertrain=bev", "--set", "max_mass=2.2 t", "--set", "curb_mass=1780 kg", "--set", "consumption=139.2 Wh/km")
    result = guiju("explain", GB, *given, "--json")
    assert json.loads(result.stdout)["overall"] == "pass"
    assert guiju("explain", GB, *given[:-1], "consumption=139.3 Wh/km").exit_code == 1


def test_a_wltp_value_is_refused_where_a_cltc_value_is_asked(tmp_path: Path):
    refused = guiju("explain", GB, "--set", "nev.electricity.wltp=13.0")
    assert refused.exit_code == 2 and "input-wrong-property" in refused.stderr
    path = tmp_path / "wltp.csv"
    path.write_text("整备质量(kg),WLTP电能消耗量（kWh/100km）\n1780,13\n", encoding="utf-8")
    result = guiju("evaluate", GB, "--records", path)
    assert result.exit_code == 3 and "column-of-other-property" in result.stderr


def test_all_problems_of_a_call_are_reported_at_once():
    refused = guiju("explain", GB, "--set", "curb_mas=1780", "--set", "consumption=viel")
    assert refused.exit_code == 2
    assert "did you mean `curb_mass`?" in refused.stderr and "input-not-a-number" in refused.stderr


def test_check_is_clean_on_the_shelf_and_says_so_in_both_languages():
    assert "0 errors, 0 warnings, " in guiju("check").stdout
    assert "0 个错误，0 个警告，" in guiju("check", language="zh").stdout
    notes = {each["code"] for each in json.loads(guiju("check", "--json").stdout)}
    assert notes == {"parameters-unverified", "inherited-example-changed", "inherited-expectations-gone"}


def test_check_reports_places_in_a_broken_file(tmp_path: Path):
    path = tmp_path / "standard.yaml"
    path.write_text("guiju: 1\nstandard: {number: X}\nclauses: {}\nclause: 3\n", encoding="utf-8")
    result = guiju("check", path)
    assert result.exit_code == 2
    assert f"{path}:4:1: error[unknown-key]" in result.stderr
    found = json.loads(guiju("check", path, "--json").stdout)
    assert {"code", "severity", "where", "zh", "en", "help_zh", "help_en"} <= set(found[0])


def test_show_writes_a_page_and_prints_markdown(tmp_path: Path):
    page = tmp_path / "gb.html"
    assert guiju("show", GB, "--html", page, language="zh").exit_code == 0
    assert "电动汽车能量消耗量限值" in page.read_text(encoding="utf-8")
    assert guiju("show", GB).stdout.startswith("# GB 36980.1-2025")


def test_the_sql_shown_runs_and_judges():
    made = guiju("sql", GB, "--source", "cars").stdout
    connection = duckdb.connect()
    connection.execute("CREATE TABLE cars AS SELECT 1 AS row, 'M1' AS category, 'bev' AS powertrain, 2200e0 AS max_mass, 1780e0 AS curb_mass, 13.92e0 AS consumption")
    assert connection.execute(f"SELECT overall FROM ({made})").fetchall() == [(1,)]


def test_sql_says_that_aggregates_are_no_part_of_it():
    found = guiju("sql", "DB11/T 3043-2024")
    assert found.exit_code == 0 and "aggregates-apart" in found.stderr and "account_days" in found.stderr


def test_map_writes_a_mapping_that_evaluate_takes(cars: Path, tmp_path: Path):
    out = tmp_path / "mapping.yaml"
    assert guiju("map", GB, "--records", cars, "--out", out).exit_code == 0
    assert guiju("evaluate", GB, "--records", cars, "--mapping", out).exit_code == 1
    assert guiju("map", GB, "--records", cars, "--out", out).exit_code == 2


def test_list_finds_by_chinese_and_english_words():
    assert "GB/T 19056-2021" in guiju("list", "记录仪", language="zh").stdout
    assert "no such standard" in guiju("list", "moon rocket").stdout


def test_a_date_that_is_none_is_a_diagnostic():
    assert guiju("check", GB, "--on", "tomorrow").exit_code == 2


def test_the_tour_runs_every_step_to_the_end_it_should_have(tmp_path: Path):
    result = guiju("tour", "--out", tmp_path / "tour")
    assert result.exit_code == 0, result.output
    assert {p.name for p in (tmp_path / "tour").iterdir()} >= {"vehicles.xlsx", "chargers.csv", "lag.html", "GB-36980.1-2025.html"}


def test_rounding_at_the_door_and_again_in_the_comparison_is_warned_of(tmp_path: Path):
    sample = (Path(__file__).parents[1] / "readings" / "sample.yaml").read_text(encoding="utf-8")
    standard = tmp_path / "standard.yaml"
    standard.write_text(sample.replace("shall: consumption <= limit,", "shall: consumption <= limit, compare: rounded 0.1 kWh/100km,"), encoding="utf-8")
    records, mapping = tmp_path / "cars.csv", tmp_path / "cars.mapping.yaml"
    records.write_text("p,m,c,r\nbev,1500,12.5449,500\n", encoding="utf-8")
    mapping.write_text(
        "guiju: 1\ninputs: {powertrain: {column: p}, mass: {column: m}, consumption: {column: c, round: true}, range: {column: r}}\n", encoding="utf-8"
    )
    result = guiju("evaluate", standard, "--records", records, "--mapping", mapping)
    assert "rounded-twice" in result.stderr and "clause 4.1" in result.stderr


def test_editions_that_use_one_name_for_two_properties_are_judged_together(tmp_path: Path):
    path, out = tmp_path / "cars.csv", tmp_path / "out.json"
    head = "类别,动力,整备质量(kg),最大设计总质量kg,CLTC电能消耗量（kWh/100km）"
    path.write_text(f"{head},NEDC电能消耗量（kWh/100km）\nM1,bev,1125,1500,10.28,14.41\n", encoding="utf-8")
    assert guiju("evaluate", GB, "财建〔2018〕18号", "--records", path, "--out", out).exit_code == 1
    row = json.loads(out.read_text(encoding="utf-8"))[0]
    assert (row[f"{GB} R1"], row["财建〔2018〕18号 R3"]) == ("fail", "fail")
    path.write_text(f"{head}\nM1,bev,1125,1500,10.27\n", encoding="utf-8")
    result = guiju("evaluate", GB, "财建〔2018〕18号", "--records", path, "--out", out, "--overwrite")
    assert result.exit_code == 3 and "nev.electricity.nedc" in result.stderr
    row = json.loads(out.read_text(encoding="utf-8"))[0]
    assert (row[f"{GB} R1"], row["财建〔2018〕18号 R3"]) == ("pass", "undetermined")
