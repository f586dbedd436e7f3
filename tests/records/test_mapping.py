"""Mappings, written by hand or suggested."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guiju.base.diagnostics import Problems
from guiju.base.units import parse_unit
from guiju.records.mapping import Entry, Mapping, check_mapping, load_mapping, mapping_yaml
from guiju.records.source import Column
from guiju.records.suggestion import Suggestion, suggest
from records.tables import CAR, CONSUMPTION, CURB_MASS, PROPERTIES, RANGE, codes, written


def columns(*names: str) -> list[Column]:
    return [Column(name, name, "VARCHAR") for name in names]


def loaded(folder: Path, text: str) -> tuple[Mapping | None, list[str]]:
    problems = Problems()
    mapping = load_mapping(written(folder, text, "mapping.yaml"), problems)
    assert all(each.span is not None for each in problems.found)
    return mapping, codes(problems.found)


def test_a_mapping_file_says_column_unit_property_words_rounding_or_a_constant(tmp_path: Path) -> None:
    text = """
guiju: 1
key: 型号
inputs:
  curb_mass: 整备质量(kg)
  consumption: {column: ec_wh_km, unit: Wh/km, is: nev.electricity.cltc, round: true}
  swappable: {column: 换电, values: {有: true, 无: false}}
  powertrain: {constant: bev}
"""
    mapping, problems = loaded(tmp_path, text)
    assert problems == []
    assert mapping == Mapping(
        {
            "curb_mass": Entry("整备质量(kg)"),
            "consumption": Entry("ec_wh_km", unit=parse_unit("Wh/km"), is_="nev.electricity.cltc", round=True),
            "swappable": Entry("换电", values={"有": "true", "无": "false"}),
            "powertrain": Entry(constant="bev"),
        },
        key="型号",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("guiju: 1\ninputs: {a: {column: x, constant: 1}}", "mapping-column-or-constant"),
        ("guiju: 1\ninputs: {a: {unit: kg}}", "mapping-column-or-constant"),
        ("guiju: 1\ninputs: {a: {column: x, unit: kgg}}", "unknown-unit"),
        ("guiju: 1\ninputs: {a: {column: x, round: maybe}}", "mapping-round"),
        ("guiju: 1\ninputs: {a: {colunm: x}}", "unknown-key"),
        ("guiju: 2\ninputs: {a: {column: x}}", "format-version"),
        ("guiju: 1", "missing-key"),
        ("guiju: 1\ninputs: [a]", "kind-mismatch"),
        ("guiju: 1\ninputs: {a: {column: [x]}}", "kind-mismatch"),
        ("guiju: 1\ninputs: {a: {column: x}", "yaml-syntax"),
    ],
)
def test_what_is_wrong_in_a_mapping_file_is_shown_in_its_place(tmp_path: Path, text: str, code: str) -> None:
    assert code in loaded(tmp_path, text)[1]


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(lambda text: text.strip() != "")
entries = st.builds(
    Entry,
    column=texts,
    unit=st.sampled_from([None, parse_unit("Wh/km"), parse_unit("%")]),
    is_=st.none() | texts,
    values=st.dictionaries(texts, texts, max_size=3),
    round=st.booleans(),
) | st.builds(Entry, constant=texts)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(texts, entries, max_size=4), st.none() | texts)
def test_a_mapping_written_to_a_file_is_read_back_equal(tmp_path: Path, inputs: dict[str, Entry], key: str | None) -> None:
    mapping = Mapping(inputs, key)
    assert loaded(tmp_path, mapping_yaml(mapping, dict.fromkeys(inputs, "why\nso"))) == (mapping, [])


def check(table: list[Column], **inputs: Entry) -> list[str]:
    found = check_mapping(Mapping(inputs), table, CAR, PROPERTIES)
    assert all("{" not in each.message("zh") + each.message("en") + each.help("zh") + each.help("en") for each in found)
    return codes(found)


def test_a_wltp_column_mapped_where_cltc_is_asked_is_an_error() -> None:
    table = columns("elec_wltp_max_wh_km")
    by_header = check_mapping(Mapping({"consumption": Entry("elec_wltp_max_wh_km", unit=parse_unit("Wh/km"))}), table, [CONSUMPTION], PROPERTIES)
    said = check_mapping(Mapping({"consumption": Entry("elec_wltp_max_wh_km", is_="nev.electricity.wltp")}), table, [CONSUMPTION], PROPERTIES)
    assert codes(by_header) == codes(said)[:1] == ["wrong-property"]
    assert by_header[0].message("en") == (
        "column `elec_wltp_max_wh_km` holds nev.electricity.wltp, the standard asks nev.electricity.cltc: a WLTP value is not a CLTC value"
    )


def test_a_header_that_is_wrong_can_be_overruled_in_so_many_words() -> None:
    entry = Entry("elec_wltp_max_wh_km", unit=parse_unit("Wh/km"), is_="nev.electricity.cltc")
    assert check(columns("elec_wltp_max_wh_km"), consumption=entry) == ["header-says-otherwise"]


def test_a_unit_in_the_header_is_not_passed_over() -> None:
    table = columns("电能消耗量(Wh/km)")
    assert check(table, consumption=Entry("电能消耗量(Wh/km)")) == ["header-unit"]
    assert check(table, consumption=Entry("电能消耗量(Wh/km)", unit=parse_unit("kWh/100km"))) == ["header-unit-otherwise"]
    assert check(table, consumption=Entry("电能消耗量(Wh/km)", unit=parse_unit("Wh/km"))) == []


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"curb_mas": Entry("x")}, "mapping-unknown-input"),
        ({"curb_mass": Entry("y")}, "mapping-unknown-column"),
        ({"curb_mass": Entry("x", is_="vehicle.mass.curbb")}, "unknown-property"),
        ({"curb_mass": Entry("x", unit=parse_unit("km"))}, "mapping-unit"),
        ({"swappable": Entry("x", unit=parse_unit("km"))}, "mapping-unit"),
        ({"swappable": Entry("x", round=True)}, "mapping-round"),
        ({"swappable": Entry("x", values={"有": "yes"})}, "mapping-value"),
        ({"powertrain": Entry("x", values={"纯电": "BEV"})}, "mapping-value"),
        ({"curb_mass": Entry("x", values={"无": "0"})}, "mapping-value"),
    ],
)
def test_a_mapping_that_does_not_fit_is_reported(inputs: dict[str, Entry], code: str) -> None:
    assert code in check(columns("x"), **inputs)


def test_a_column_may_be_named_in_another_case_or_width() -> None:
    assert check(columns("整备质量（KG）"), curb_mass=Entry("整备质量(kg)")) == []


def test_an_entry_under_a_property_serves_every_input_that_asks_it() -> None:
    mapping = Mapping({"vehicle.mass.curb": Entry("x")})
    assert mapping.of(CURB_MASS) == Entry("x")
    assert check_mapping(mapping, columns("x"), CAR, PROPERTIES) == ()


def suggested(*names: str) -> Suggestion:
    suggestion = suggest(columns(*names), CAR, PROPERTIES)
    assert check_mapping(suggestion.mapping, columns(*names), CAR, PROPERTIES) == ()
    assert all("{" not in each.message("zh") + each.message("en") for each in suggestion.diagnostics)
    return suggestion


def taken(suggestion: Suggestion) -> dict[str, str | None]:
    return {name: entry.column for name, entry in suggestion.mapping.inputs.items()}


def test_chinese_headers_with_units_are_understood() -> None:
    headers = ["产品型号", "整备质量(kg)", "CLTC百公里电耗（Wh/km）", "CLTC续航(公里)", "动力类型", "是否可换电", "换电", "试验日期", "备注"]
    suggestion = suggested(*headers)
    assert taken(suggestion) == {
        "curb_mass": "整备质量(kg)", "consumption": "CLTC百公里电耗（Wh/km）", "range": "CLTC续航(公里)", "powertrain": "动力类型",
        "swappable": "换电", "test_date": "试验日期",
    }  # fmt: skip
    assert suggestion.mapping.inputs["consumption"].unit == parse_unit("Wh/km")
    assert suggestion.mapping.key == "产品型号"


def test_the_names_of_the_inputs_are_understood() -> None:
    assert taken(suggested(*(each.name for each in CAR))) == {each.name: each.name for each in CAR}


def test_a_header_without_a_cycle_is_taken_with_a_warning() -> None:
    suggestion = suggested("整备质量(kg)", "电能消耗量（kWh/100km）")
    assert taken(suggestion)["consumption"] == "电能消耗量（kWh/100km）"
    assert "cycle-not-stated" in codes(suggestion.diagnostics)


def test_a_header_without_a_cycle_is_not_taken_from_a_table_of_other_cycles() -> None:
    suggestion = suggested("range", "combE", "elec_wltp_max_wh_km")
    assert "range" not in taken(suggestion)
    assert "cycle-ambiguous" in codes(suggestion.diagnostics)


def test_a_column_of_another_cycle_metering_point_or_mass_is_told_and_never_taken() -> None:
    suggestion = suggested("elec_wltp_max_wh_km", "derived_kwh_100km_cltc_net", "mass_running_order_max_kg", "range_wltp_km")
    assert taken(suggestion) == {}
    wrong = {(each.input, each.held) for each in suggestion.candidates if each.state == "wrong-property"}
    assert {("consumption", "nev.electricity.wltp"), ("consumption", "nev.electricity.cltc.battery"), ("curb_mass", "vehicle.mass.running_order"),
            ("range", "nev.range.wltp")} <= wrong  # fmt: skip
    assert {"column-of-other-property", "input-without-column"} == set(codes(suggestion.diagnostics))


def test_columns_alike_are_left_to_the_user() -> None:
    suggestion = suggested("整备质量(kg)", "整备质量（吨）")
    assert taken(suggestion) == {}
    assert "column-ambiguous" in codes(suggestion.diagnostics)


def test_a_narrower_quantity_gives_way_to_the_plain_one() -> None:
    assert taken(suggested("CLTC电耗(最高)", "CLTC电耗"))["consumption"] == "CLTC电耗"


def test_a_unit_of_another_dimension_rules_a_column_out() -> None:
    assert taken(suggested("整备质量(km)")) == {}


def test_a_suggestion_can_be_saved_with_its_reasons_and_read_back(tmp_path: Path) -> None:
    suggestion = suggested("型号", "整备质量(kg)", "CLTC百公里电耗（Wh/km）")
    text = suggestion.yaml("zh")
    assert "# 0.95 与「整备质量」相符，单位 kg" in text
    assert loaded(tmp_path, text) == (suggestion.mapping, [])


def test_one_column_cannot_be_two_properties() -> None:
    other = replace(RANGE, name="distance", is_="nev.range.wltp")
    suggestion = suggest(columns("range"), [RANGE, other], PROPERTIES)
    assert taken(suggestion) == {}
    assert "column-shared" in codes(suggestion.diagnostics)


def test_every_candidate_says_why() -> None:
    suggestion = suggested("整备质量(kg)", "elec_wltp_max_wh_km")
    assert [(each.input, each.column, each.state) for each in suggestion.candidates] == [
        ("curb_mass", "整备质量(kg)", "mapped"), ("consumption", "elec_wltp_max_wh_km", "wrong-property"),
    ]  # fmt: skip
    assert all(each.reason("zh") and each.reason("en") for each in suggestion.candidates)


