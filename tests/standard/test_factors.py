"""Factors: what is found and refused, what is said of a malformed file, and what a parameter that refers to one becomes."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checking import MADE_UP, checked, evaluation_of, program_of, shelf
from guiju.base.diagnostics import Problems, Refused, report
from guiju.base.units import parse_unit
from guiju.readings.evaluate import Verdict
from guiju.readings.explain import explain, text
from guiju.standard.factors import Factors, as_equivalent, load_factors

GRID = ("electricity.cn", "average_CO2")


def refused(call: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()  # type: ignore[operator]
    return [d.code for d in caught.value.diagnostics]


def test_the_shipped_factors_are_sound() -> None:
    problems = Problems()
    factors = load_factors((Path(__file__).parents[2] / "factors",), problems)
    assert not problems.found, report(problems.found, "en", {})
    assert sum(len(values) for values in factors.values.values()) > 140


@pytest.mark.parametrize(("region", "year", "value"), [
    ("CN", 2021, "0.5568"), ("CN", 2022, "0.5366"), ("CN", 2023, "0.5306"), ("CN-31", 2023, "0.5737"), ("CN-310000", 2023, "0.5737"),
    ("CN-32", 2023, "0.5827"), ("CN-33", 2023, "0.4974"), ("CN-EAST", 2023, "0.5500"),
])  # fmt: skip
def test_a_factor_is_found_by_region_and_data_year(region: str, year: int, value: str) -> None:
    factor = shelf().factors().find(*GRID, region, year)
    assert (factor.text, factor.value, factor.kind.unit.text) == (value, Fraction(value), "kgCO2/kWh")
    assert factor.announcement.issuer.zh == "生态环境部、国家统计局"


@pytest.mark.parametrize(("on", "year"), [
    ("2024-04-11", None), ("2024-04-12", 2021), ("2024-12-19", 2021), ("2024-12-20", 2022), ("2025-12-30", 2022), ("2025-12-31", 2023),
])  # fmt: skip
def test_the_newest_published_on_a_day_holds_from_that_day(on: str, year: int | None) -> None:
    factor = shelf().factors().as_of(*GRID, "CN", date.fromisoformat(on))
    assert (factor and factor.data_year) == year


def test_a_month_of_publication_counts_from_its_last_day() -> None:
    footprint = ("electricity.cn", "carbon_footprint_CO2e", "CN")
    factors = shelf().factors()
    assert factors.as_of(*footprint, date(2025, 1, 30)) is None
    found = factors.as_of(*footprint, date(2025, 1, 31))
    assert found is not None and found.text == "0.6205"


@pytest.mark.parametrize(("asked", "code", "hint"), [
    (("electricity", "average_CO2", "CN"), "unknown-factor", "did you mean `electricity.cn`?"),
    (("electricity.cn", "average_CO2e", "CN"), "unknown-factor-kind", "did you mean `average_CO2`?"),
    (("electricity.cn", "average_CO2", "上海"), "unknown-factor-region", "write its code `CN-31`"),
    (("electricity.cn", "average_CO2", "CN-EASTERN"), "unknown-factor-region", "did you mean `CN-EAST`?"),
    (("electricity.cn", "average_CO2", "CN-54"), "unknown-factor-region", "the value of another region does not stand in"),
])  # fmt: skip
def test_what_is_not_there_is_refused_with_what_was_probably_meant(asked: tuple[str, str, str], code: str, hint: str) -> None:
    for call in (lambda: shelf().factors().find(*asked, 2022), lambda: shelf().factors().as_of(*asked, date(2026, 1, 1))):
        with pytest.raises(Refused) as caught:
            call()
        assert [d.code for d in caught.value.diagnostics] == [code]
        assert hint in caught.value.diagnostics[0].help("en")


def test_a_year_that_was_not_published_is_refused() -> None:
    assert refused(lambda: shelf().factors().find(*GRID, "CN", 2020)) == ["unknown-factor-year"]


def test_a_doubtful_factor_is_never_given() -> None:
    factors = shelf().factors()
    assert refused(lambda: factors.find("electricity.cn", "ets_notice_CO2", "CN", 2022)) == ["factor-unusable"]
    assert refused(lambda: factors.as_of("electricity.cn", "ets_notice_CO2", "CN", date(2026, 1, 1), earliest=date(2023, 1, 1))) == ["factor-unusable"]


# a malformed file

PAGE = """
regions: {CN: {zh: 全国, en: China}}
sources:
  n: {zh: 公告, en: announcement, issuer: {zh: 部, en: ministry}, published: 2024-04, address: "https://example.org"}
factors:
  grid:
    zh: 电
    en: electricity
    carrier: electricity
    kinds:
      average_CO2:
        zh: 平均
        en: average
        counts: CO2
        unit: kgCO2/kWh
        values:
          - {region: CN, data_year: 2021, value: 0.5, source: n, confidence: A}
"""


def loaded(folder: Path, page: str) -> tuple[Factors, list[str]]:
    (folder / "page.yaml").write_text(page, encoding="utf-8")
    problems = Problems()
    return load_factors((folder,), problems), [d.code for d in problems.found]


@pytest.mark.parametrize(("old", "new", "codes"), [
    ("value: 0.5,", "value: 0.5 to 0.6,", ["not-a-number"]),
    ("value: 0.5,", "value: -0.5,", ["not-a-number"]),
    ("value: 0.5, ", "", ["missing-key"]),
    ("data_year: 2021", "data_year: 21", ["not-a-number"]),
    ("region: CN,", "region: CM,", ["unknown-factor-region"]),
    ("source: n,", "source: m,", ["unknown-source"]),
    ("confidence: A", "confidence: B+", ["unknown-word"]),
    ("confidence: A", "confidence: C", ["missing-key"]),
    ("published: 2024-04,", "published: 2024-13,", ["not-a-date"]),
    (', address: "https://example.org"', "", ["missing-key"]),
    ("issuer: {zh: 部, en: ministry}, ", "", ["missing-key", "unknown-source"]),
    ("unit: kgCO2/kWh", "unit: kgCO2e/kWh", ["factor-counts-otherwise"]),
    ("unit: kgCO2/kWh", "unit: CO2/kWh", ["unknown-unit"]),
    ("counts: CO2", "counts: CH4", ["unknown-word"]),
    ("        counts: CO2\n", "", ["factor-counts-otherwise"]),
    ("          - {region: CN", "          - {region: CN, data_year: 2021, value: 0.6, source: n, confidence: A}\n          - {region: CN", ["duplicate-factor"]),
    ("carrier: electricity", "carier: electricity", ["unknown-key"]),
    ("regions:", "regionen:", ["unknown-key", "unknown-factor-region"]),
])  # fmt: skip
def test_a_malformed_entry_is_reported_and_left_out(tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    assert loaded(tmp_path, PAGE)[1] == []
    assert PAGE.count(old) == 1
    factors, said = loaded(tmp_path, PAGE.replace(old, new))
    assert sorted(said) == sorted(codes)
    assert len(factors.values.get(("grid", "average_CO2"), ())) <= 1


def test_a_factor_of_the_same_id_in_another_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PAGE, encoding="utf-8")
    assert loaded(tmp_path, PAGE.replace("0.5", "0.9"))[1] == ["duplicate-factor"]
    assert loaded(tmp_path, PAGE)[0].find("grid", "average_CO2", "CN", 2021).text == "0.5"


# a parameter that refers to one

TEXT = MADE_UP + """
inputs:
  electricity: {is: carbon.electricity, unit: kWh, decimals: 1, min: 0, max: 100000}
  used_on: {is: record.test_date}
parameters:
  grid: {zh: 电力因子, en: the grid, unit: kgCO2/kWh, factor: {id: electricity.cn, kind: average_CO2, region: CN-31, by: published}}
formulas: {emitted: {unit: kgCO2, formula: electricity * grid}, dated: {unit: kgCO2, formula: electricity * grid(used_on)}}
clauses: {"1": {zh: 甲, en: a, shall: "emitted <= 1 [tCO2] and dated <= 1 [tCO2]", source: s}}
"""


def test_the_value_is_the_one_of_the_day_and_of_the_record_s_own_day() -> None:
    given = {"electricity": "1000 kWh", "used_on": "2025-06-01"}
    found = evaluation_of(TEXT, given, on=date(2026, 1, 1))
    assert [found.of(found.program.values[name]) for name in ("emitted", "dated")] == [Fraction("573.7"), Fraction("584.9")]
    assert evaluation_of(TEXT, {**given, "used_on": "2024-04-11"}, on=date(2026, 1, 1)).verdict("1") is Verdict.UNDETERMINED


def test_the_explanation_cites_issuer_address_region_data_year_and_confidence() -> None:
    only = TEXT.replace(" and dated <= 1 [tCO2]", "").replace(", dated: {unit: kgCO2, formula: electricity * grid(used_on)}", "").replace(
        "  used_on: {is: record.test_date}\n", "")  # fmt: skip
    shown = text(explain(evaluation_of(only, {"electricity": "1000 kWh"}, on=date(2026, 1, 1)), "en"))
    for each in ("[grid_2023·A]", "National Bureau of Statistics", "No. 47 of 2025", "Shanghai, data of 2023", "https://www.mee.gov.cn/xxgk2018/",
                 "the grid = 0.5737 kgCO2/kWh  since 2025-12-31"):  # fmt: skip
        assert each in shown
    assert "grid_2022" not in shown


def test_by_data_year_the_value_holds_from_the_first_day_of_its_year() -> None:
    for on, value in (("2021-01-01", "0.5834"), ("2022-12-31", "0.5849"), ("2026-01-01", "0.5737")):
        program = program_of(TEXT.replace("by: published", "by: data_year"), on=date.fromisoformat(on))
        assert program.values["grid"].value == Fraction(value)
    assert program_of(TEXT.replace("by: published", "by: data_year"), on=date(2020, 12, 31)).values["grid"].op.value == "undefined"
    early = TEXT.replace("by: published", "by: data_year, earliest: 2018-01-01")
    assert program_of(early, on=date(2020, 12, 31)).values["grid"].value == Fraction("0.5834")
    assert program_of(early, on=date(2017, 12, 31)).values["grid"].op.value == "undefined"


def test_co2_stands_for_co2_equivalent_only_where_it_is_said_and_the_source_says_so() -> None:
    plain = TEXT.replace("kgCO2,", "kgCO2e,").replace("[tCO2]", "[tCO2e]").replace("unit: kgCO2/kWh", "unit: kgCO2e/kWh")
    assert "unit-mismatch" in checked(plain).codes
    program = program_of(plain.replace("by: published", "by: published, as: CO2e"), on=date(2026, 1, 1))
    assert (program.values["grid"].value, program.values["grid"].type.unit.text) == (Fraction("0.5737"), "kgCO2e/kWh")
    why = program.standard.sources["grid_2023"].why
    assert why is not None and "other gases are not counted" in why.en


@pytest.mark.parametrize(("unit", "other"), [
    ("kgCO2/kWh", "kgCO2e/kWh"), ("tCO2/10000kWh", "tCO2e/10000kWh"), ("gCO₂/km", "gCO2e/km"), ("千克二氧化碳/千瓦时", "kgCO2e/kWh"),
    ("ｋｇＣＯ２/L", "kgCO2e/L"),
])  # fmt: skip
def test_a_unit_of_co2_has_one_of_co2_equivalent_however_it_is_spelt(unit: str, other: str) -> None:
    assert as_equivalent(parse_unit(unit)) == parse_unit(other)
    assert parse_unit(as_equivalent(parse_unit(unit)).text) == parse_unit(other)


def test_operating_and_build_margin_may_stand_in_one_standard() -> None:
    both = TEXT.replace("kind: average_CO2, region: CN-31, by: published", "kind: operating_margin_CO2, region: CN-EAST, by: data_year").replace(
        "formulas:", "  build: {unit: kgCO2/kWh, factor: {id: electricity.cn, kind: build_margin_CO2, region: CN-EAST, by: data_year}}\nformulas:").replace(
        "electricity * grid}", "electricity * (grid + build) / 2}")  # fmt: skip
    assert checked(both).codes == []
    program = program_of(both)
    assert program.values["grid"].value == Fraction("0.7921")


def test_what_a_standard_takes_from_the_factors_is_told_by_name_and_value() -> None:
    standard = program_of(TEXT).standard
    assert standard.factors[-1] == "electricity.cn/average_CO2/CN-31/2023=0.5737 kgCO2/kWh"


def test_an_unverified_parameter_has_no_value_and_every_verdict_that_rests_on_it_says_so() -> None:
    plain = TEXT.replace("factor: {id: electricity.cn, kind: average_CO2, region: CN-31, by: published}", "unverified: {zh: 未见, en: not seen}")
    assert checked(plain).codes == ["parameters-unverified"]
    found = evaluation_of(plain, {"electricity": "1000 kWh", "used_on": "2025-06-01"})
    assert found.verdict("1") is Verdict.UNDETERMINED
    assert "undef.  the parameter `the grid` is unverified" in text(explain(found, "en"))
    assert "参数「电力因子」未核实" in text(explain(found, "zh"))


def test_every_shipped_electricity_factor_is_what_the_shared_facts_say(shared: Path) -> None:
    kinds = {"CDM_CCER_OM": "operating_margin_CO2", "CDM_CCER_BM": "build_margin_CO2"}
    grids = {"North": "CN-NORTH", "Northeast": "CN-NORTHEAST", "East": "CN-EAST", "Central": "CN-CENTRAL", "Northwest": "CN-NORTHWEST",
             "South": "CN-SOUTH", "Southwest": "CN-SOUTHWEST"}  # fmt: skip
    factors, seen = shelf().factors(), 0
    with (shared / "data" / "carbon" / "factors" / "cn_electricity_factors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = kinds.get(row["kind"], row["kind"])
            if row["confidence"] == "D" or kind not in factors.kinds["electricity.cn"]:
                continue
            found = factors.find("electricity.cn", kind, grids.get(row["code"], row["code"]), int(row["data_year"]))
            assert (found.text, found.kind.unit.text, found.confidence) == (row["value"], row["unit"], row["confidence"][0]), row
            seen += 1
    assert seen == 133
