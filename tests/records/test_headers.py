"""What headers say, and which property they name."""

from __future__ import annotations

import pytest

from guiju.base.units import parse_unit
from guiju.records.headers import parse_header, spelt_unit
from guiju.records.likeness import held_by, named_properties
from records.tables import PROPERTIES


@pytest.mark.parametrize(
    ("text", "words", "unit"),
    [
        ("整备质量(kg)", "整备质量", "kg"),
        ("整备质量（千克）", "整备质量", "kg"),
        ("整备质量/kg", "整备质量", "kg"),
        ("整备质量 kg", "整备质量", "kg"),
        ("整备质量\n（kg）", "整备质量", "kg"),
        ("整备质量(单位：kg)", "整备质量", "kg"),
        ("电能消耗量（kWh/100km）", "电能消耗量", "kWh/100km"),
        ("电耗/kWh/100km", "电耗", "kWh/100km"),
        ("百公里电耗 单位：KWH/100KM", "百公里电耗", "kWh/100km"),
        ("加权效率（％）", "加权效率", "%"),
        ("curb_mass_kg", "curb mass", "kg"),
        ("Curb mass, kg", "curb mass", "kg"),
        ("elec_wltp_max_wh_km", "elec", "Wh/km"),
        ("ec_kwh_100_km", "ec", "kWh/100km"),
        ("derived_kwh_100km_cltc_net", "derived net", "kWh/100km"),
        ("power_to_mass_kw_per_kg", "power to mass", "kW/kg"),
        ("top_speed_kmh", "top speed", "km/h"),
        ("system_torque_nm", "system torque", "N·m"),
        ("co2_g_km", "co2", "g/km"),
        ("model_s", "model s", None),
        ("备注(含税)", "备注 含税", None),
        ("combE", "e", None),
        ("", "", None),
    ],
)
def test_a_header_is_words_and_a_unit(text: str, words: str, unit: str | None) -> None:
    header = parse_header(text)
    assert " ".join(header.words) == words
    assert header.unit == (parse_unit(unit) if unit else None)


@pytest.mark.parametrize(
    ("text", "cycles", "metering", "narrowed"),
    [
        ("elec_wltp_max_wh_km", {"wltp"}, None, {"max"}),
        ("WLTC续航", {"wltp"}, None, set()),
        ("CLTC-P续航里程", {"cltc"}, None, set()),
        ("中国工况电耗", {"cltc"}, None, set()),
        ("等速续航(km)", {"constant-speed"}, None, set()),
        ("derived_kwh_100km_cltc_net", {"cltc"}, "battery", set()),
        ("电网端电耗", set(), "mains", set()),
        ("低温续航 NEDC/CLTC", {"nedc", "cltc"}, None, {"cold"}),
        ("rangeCity", set(), None, {"city"}),
    ],
)
def test_a_header_may_name_cycle_and_metering_point(text: str, cycles: set[str], metering: str | None, narrowed: set[str]) -> None:
    header = parse_header(text)
    assert (header.cycles, header.metering, header.narrowed) == (cycles, metering, narrowed)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("KWH/100KM", "kWh/100km"), ("KG", "kg"), ("MW", "MW"), ("mw", None), ("％", "%"), ("千瓦时/百公里", None), ("", None), ("型", None)],
)
def test_a_unit_in_the_wrong_case_is_known_where_it_can_be_only_one(text: str, unit: str | None) -> None:
    assert spelt_unit(text) == (parse_unit(unit) if unit else None)


@pytest.mark.parametrize(
    ("text", "wanted", "held"),
    [
        ("elec_wltp_max_wh_km", "nev.electricity.cltc", "nev.electricity.wltp"),
        ("combE", "nev.electricity.cltc", "nev.electricity.epa"),
        ("WLTP 电耗 (Wh/km)", "nev.electricity.cltc", "nev.electricity.wltp"),
        ("derived_kwh_100km_cltc_net", "nev.electricity.cltc", "nev.electricity.cltc.battery"),
        ("mass_running_order_max_kg", "vehicle.mass.curb", "vehicle.mass.running_order"),
        ("NEDC 电耗", "nev.electricity.cltc", "NEDC"),
        ("CLTC 电耗", "nev.electricity.cltc", None),
        ("电能消耗量（kWh/100km）", "nev.electricity.cltc", None),
        ("整备质量(kg)", "vehicle.mass.curb", None),
        ("什么也不是", "nev.electricity.cltc", None),
    ],
)
def test_a_header_that_names_another_cycle_metering_point_or_property_holds_that(text: str, wanted: str, held: str | None) -> None:
    header = parse_header(text)
    assert held_by(header, PROPERTIES[wanted], named_properties(header, PROPERTIES), PROPERTIES) == held
