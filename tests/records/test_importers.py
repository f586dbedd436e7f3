"""Importers: small files in the form of the three public sets, and the sets themselves where they lie beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from guiju.base.diagnostics import Problems, Refused
from guiju.records.door import admit
from guiju.records.importers import IMPORTERS, Imported, run, save
from guiju.records.mapping import load_mapping
from guiju.records.read import read_table
from guiju.standard.model import Input
from guiju.standard.shelf import Shelf

ADEME = (
    "id,make,model,description,energy,body,empty_mass_kg,mass_running_order_min_kg,fuel_wltp_comb_min_l_100km,fuel_wltp_comb_max_l_100km,"
    "elec_wltp_min_wh_km,elec_wltp_max_wh_km,elec_range_min_km,elec_range_max_km\n"
    "1,A,one,one 1,ELECTRIC,BERLINE,1500,1575,,,150.5,170,400,350\n"
    "2,A,one,one 1,ELECTRIC,BERLINE,1500,1575,,,150.5,170,400,350\n"
    "3,B,two,two 1,ELECTRIC,BERLINE,1200,1275,,,,139,,230\n"
    "4,C,three,three 1,ELEC+ESSENC HR,BREAK,1900,1975,1.2,1.6,180,210,60,50\n"
    "5,D,four,four 1,ESSENCE,BREAK,1300,1375,5.9,6.4,,,,\n"
    "6,E,five,five 1,VAPEUR,BREAK,1300,1375,5.9,6.4,,,,\n"
)
EPA = (
    "id,year,make,model,VClass,atvType,fuelType1,combE,range,rangeA\n"
    "1,2024,A,one,Compact Cars,EV,Electricity,30,250,\n"
    "2,2024,B,two,Compact Cars,Plug-in Hybrid,Regular Gasoline,40,500,32\n"
    "3,2024,C,three,Compact Cars,,Regular Gasoline,0,0,\n"
    "4,2024,D,four,Compact Cars,FCV,Hydrogen,72,402,\n"
)
OPEN_EV = (
    "id,make,model,year,trim,variant,vehicle_type,body_style,markets,curb_mass_kg,gvw_kg,seats,battery_kwh_net,range_cltc_km,range_wltp_km,"
    "top_speed_kmh,source_type,source_url\n"
    "a,A,one,2024,,,suv,suv,CN,1700,,5,45.75,500,,180,oem,https://example.org\n"
    "b,A,two,2024,,,van,minivan,CN,2400,,7,100,630,,180,oem,https://example.org\n"
    "c,B,three,2024,,,pickup,pickup,US,2900,,5,130,,500,180,oem,https://example.org\n"
    "d,B,four,2024,,,suv,suv,CN,,,5,60,0,,180,press,https://example.org\n"
)
FILES = {"ademe": ADEME, "epa": EPA, "open-ev": OPEN_EV}
SHARED = {
    "ademe": ("fr_ademe_car_labelling", 2558, 1632),
    "epa": ("us_epa_ev_phev_fcv", 953, 953),
    "open-ev": ("open_ev_data", 689, 689),
}


def imported(connection: DuckDBPyConnection, folder: Path, name: str, text: str | None = None) -> Imported:
    source = folder / f"{name}.csv"
    source.write_text(FILES[name] if text is None else text, encoding="utf-8")
    return run(name, source, connection, "cars")


def column(connection: DuckDBPyConnection, name: str) -> list[object]:
    return [value for (value,) in connection.execute(f'SELECT "{name}" FROM cars ORDER BY row').fetchall()]


def inputs_of(number: str) -> list[Input]:
    standard = Shelf().find(number)
    assert standard is not None
    return list(standard.inputs.values())


def test_every_importer_tells_its_terms() -> None:
    for name, each in IMPORTERS.items():
        assert each.name == name
        assert each.licence and each.attribution and each.title.zh and each.title.en


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_kept_or_counted_under_a_reason(name: str, connection: DuckDBPyConnection, tmp_path: Path) -> None:
    found = imported(connection, tmp_path, name)
    assert found.rows_in == FILES[name].count("\n") - 1
    assert found.rows_in == found.rows_out + sum(found.dropped.values())
    assert len(column(connection, "id")) == found.rows_out


@pytest.mark.parametrize("name", FILES)
def test_the_mapping_written_loads_without_a_problem_and_names_properties_of_the_dictionary(
    name: str, connection: DuckDBPyConnection, tmp_path: Path
) -> None:
    found = imported(connection, tmp_path, name)
    beside = save(connection, found, tmp_path / "out.parquet")
    problems = Problems()
    mapping = load_mapping(beside, problems)
    assert mapping is not None and not problems.found
    assert set(mapping.inputs) <= set(Shelf().dictionary)
    columns = {each.name for each in read_table(tmp_path / "out.parquet", connection, "again").columns}
    assert {entry.column for entry in mapping.inputs.values() if entry.column} <= columns
    head = mapping.about
    assert head is not None and head.title == found.importer.title and head.notes == found.notes
    assert found.importer.licence in head.terms and found.importer.attribution in head.terms


def test_rows_equal_in_all_but_the_id_are_dropped_and_counted(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    found = imported(connection, tmp_path, "ademe")
    assert found.dropped == {"exact-duplicate": 1}
    assert column(connection, "id") == ["1", "3", "4", "5", "6"]
    assert "1 rows dropped" in found.mapping_yaml


def test_the_greater_consumption_is_taken_only_where_the_lesser_is_missing_and_the_row_says_so(
    connection: DuckDBPyConnection, tmp_path: Path
) -> None:
    imported(connection, tmp_path, "ademe")
    assert column(connection, "nev.electricity.wltp (Wh/km)") == [150.5, 139.0, None, None, None]
    assert column(connection, "nev.range.wltp (km)") == [400.0, 230.0, None, None, None]
    assert column(connection, "wltp column") == ["min", "max", "min", None, None]
    assert column(connection, "nev.electricity.weighted.wltp (Wh/km)") == [None, None, 180.0, None, None]
    assert column(connection, "vehicle.mass.curb (kg)") == [1500.0, 1200.0, 1900.0, 1300.0, 1300.0]


def test_a_word_nobody_knows_is_told_and_stays_unclassed(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    found = imported(connection, tmp_path, "ademe")
    assert column(connection, "vehicle.powertrain") == ["bev", "bev", "phev", "ice", None]
    told = [d for d in found.diagnostics if d.code == "import-words-unknown"]
    assert len(told) == 1 and "VAPEUR" in told[0].message("zh")


def test_the_epa_label_is_a_property_of_its_own_and_only_of_battery_cars(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    found = imported(connection, tmp_path, "epa")
    assert column(connection, "vehicle.powertrain") == ["bev", "phev", "ice", "fcev"]
    assert column(connection, "nev.electricity.epa (kWh/100mi)") == [30.0, None, None, None]
    assert column(connection, "nev.range.electric.epa (mi)") == [None, 32.0, None, None]
    assert "nev.electricity.cltc" not in found.mapping_yaml and "vehicle.mass" not in found.mapping_yaml


def test_the_derived_consumption_is_exact_and_named_as_derived(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    """45.75 × 110 ÷ 500 is 10.065, a tie, which GB/T 8170 rounds to the even 10.06; 100 × 110 ÷ 630 does not end."""
    found = imported(connection, tmp_path, "open-ev")
    assert [str(v) for v in column(connection, "nev.electricity.cltc (kWh/100km)")] == ["10.0650000", "17.4603171", "None", "None"]
    assert [bool(v) for v in column(connection, "nev.electricity.cltc derived")] == [True, True, False, True]
    assert column(connection, "vehicle.category") == ["M1", "M1", None, "M1"]
    assert 'round: "true"' in found.mapping_yaml or "round: true" in found.mapping_yaml
    save(connection, found, tmp_path / "out.csv")
    mapping = load_mapping(tmp_path / "out.mapping.yaml", Problems())
    assert mapping is not None
    quality = admit(connection, read_table(tmp_path / "out.csv", connection, "out"), mapping, inputs_of("GB 36980.1-2025"), "admitted")
    assert connection.execute("SELECT consumption FROM admitted ORDER BY row").fetchall() == [(10.06,), (17.46,), (None,), (None,)]
    assert next(each.rounded for each in quality.inputs if each.asked.name == "consumption") == 2


def test_an_assumption_is_not_made_where_the_set_itself_contradicts_it(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert 'vehicle.mass.max_design: {constant: "3500 kg"' in imported(connection, tmp_path, "open-ev").mapping_yaml
    heavy = OPEN_EV.replace(",2400,,7,", ",2400,3600,7,")
    assert 'vehicle.mass.max_design: {column: "vehicle.mass.max_design (kg)"' in imported(connection, tmp_path, "open-ev", heavy).mapping_yaml


def test_a_number_that_is_none_stays_for_the_door_to_see(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    odd = OPEN_EV.replace(",1700,,5,", ",1700 approx,,5,")
    found = imported(connection, tmp_path, "open-ev", odd)
    save(connection, found, tmp_path / "out.parquet")
    mapping = load_mapping(tmp_path / "out.mapping.yaml", Problems())
    assert mapping is not None
    source = read_table(tmp_path / "out.parquet", connection, "out")
    quality = admit(connection, source, mapping, inputs_of("GB 36980.1-2025"), "admitted")
    assert [cell.text for cell in quality.bad_cells()] == ["1700 approx"]


def test_a_renamed_column_is_told_with_the_nearest_name(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        imported(connection, tmp_path, "open-ev", OPEN_EV.replace("curb_mass_kg", "curb_mass", 1))
    (told,) = refused.value.diagnostics
    assert told.code == "import-columns-missing"
    assert "curb_mass_kg" in told.message("zh") and "`curb_mass`" in told.message("en")


def test_another_set_is_told_not_to_be_the_one_meant(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        imported(connection, tmp_path, "epa", ADEME)
    assert [d.code for d in refused.value.diagnostics] == ["import-columns-missing"]


def test_columns_that_are_not_taken_are_told(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    found = imported(connection, tmp_path, "epa", EPA.replace("rangeA\n", "rangeA,colour\n", 1).replace(",250,\n", ",250,,red\n"))
    (told,) = [d for d in found.diagnostics if d.code == "import-columns-left"]
    assert "colour" in told.message("en")


def test_an_unknown_importer_is_told_with_those_there_are(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        run("adem", tmp_path / "nothing.csv", connection, "cars")
    (told,) = refused.value.diagnostics
    assert told.code == "importer-unknown" and "open-ev" in told.help("en") + told.message("en") + told.facts["known"]


def test_a_mapping_that_says_nothing_of_its_records_is_read_as_such(tmp_path: Path) -> None:
    plain = tmp_path / "plain.mapping.yaml"
    plain.write_text("guiju: 1\ninputs: {}\n", encoding="utf-8")
    mapping = load_mapping(plain, Problems())
    assert mapping is not None and mapping.about is None


@pytest.mark.parametrize("name", SHARED)
def test_the_real_sets_come_in_whole_alike_from_both_formats(name: str, shared: Path, connection: DuckDBPyConnection) -> None:
    """The sets at hand are a part of those the facts page counts (3604, 1802 and 1189 rows), so its totals are not reproduced."""
    file, rows_in, rows_out = SHARED[name]
    tables = []
    for ending in (".parquet", ".csv.gz"):
        found = run(name, shared / "data" / "products" / f"{file}{ending}", connection, "cars")
        assert (found.rows_in, found.rows_out) == (rows_in, rows_out)
        assert found.rows_in == found.rows_out + sum(found.dropped.values())
        tables.append(connection.execute("SELECT * FROM cars ORDER BY row").fetchall())
    assert tables[0] == tables[1]


def test_the_whole_epa_table_comes_in_by_the_same_importer(shared: Path, connection: DuckDBPyConnection) -> None:
    found = run("epa", shared / "data" / "products" / "us_epa_all_vehicles.parquet", connection, "cars")
    counts = connection.execute('SELECT "vehicle.powertrain", count(*) FROM cars GROUP BY 1').fetchall()
    assert found.rows_in == found.rows_out == 27_950
    assert dict(counts) == {"bev": 724, "phev": 204, "fcev": 25, "hev": 897, "ice": 26_100}
    assert not [d for d in found.diagnostics if d.code == "import-words-unknown"]
