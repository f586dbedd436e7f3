"""Inputs, properties and small tables that the tests of records share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from duckdb import DuckDBPyConnection

from guiju.base.diagnostics import Diagnostic, Refused, Span
from guiju.base.units import parse_unit
from guiju.records.door import Quality, admit
from guiju.records.mapping import Entry, Mapping
from guiju.records.read import read_table
from guiju.standard.dictionary import Property
from guiju.standard.model import Input

HERE = Span("standard.yaml", 1, 1, 1, 2)


def number(name: str, is_: str, unit: str, decimals: int | None, low: str, high: str) -> Input:
    known = PROPERTIES.get(is_)
    zh, en, basis = (known.zh, known.en, known.basis) if known else (name, name, None)
    return Input(name, is_, "number", parse_unit(unit), decimals, Fraction(low), Fraction(high), (), zh, en, basis, HERE)


def words(name: str, is_: str, kind: str, values: Sequence[str] = (), labels: dict[str, tuple[str, str]] | None = None) -> Input:
    assert kind in ("boolean", "category", "date")
    known = PROPERTIES.get(is_)
    zh, en = (known.zh, known.en) if known else (name, name)
    return Input(name, is_, kind, None, None, None, None, tuple(values), zh, en, None, HERE, labels or {})  # type: ignore[arg-type]


def prop(
    id_: str, zh: str, en: str, kind: str, unit: str | None = None, headers: Sequence[str] = (), cycle: str | None = None, metering: str | None = None
) -> Property:
    return Property(id_, zh, en, kind, parse_unit(unit) if unit else None, cycle, metering, None, tuple(headers), {}, HERE)


PROPERTIES = {
    each.id: each
    for each in (
        prop("vehicle.mass.curb", "整车整备质量", "curb mass", "mass", "kg", ["整备质量", "curb_mass_kg", "empty_mass_kg"]),
        prop("vehicle.mass.running_order", "行驶状态质量", "mass in running order", "mass", "kg",
             ["mass_running_order_min_kg", "mass_running_order_max_kg"]),
        prop("nev.electricity.cltc", "电能消耗量（CLTC）", "electricity consumption (CLTC)", "energy-consumption", "kWh/100km",
             ["CLTC百公里电耗", "CLTC电耗"], "cltc", "mains"),
        prop("nev.electricity.wltp", "电能消耗量（WLTP）", "electricity consumption (WLTP)", "energy-consumption", "kWh/100km",
             ["elec_wltp_min_wh_km", "elec_wltp_max_wh_km"], "wltp", "mains"),
        prop("nev.electricity.epa", "电能消耗量（EPA）", "electricity consumption (EPA)", "energy-consumption", "kWh/100km",
             ["combE"], "epa", "mains"),
        prop("nev.electricity.cltc.battery", "电池端电能消耗量（CLTC）", "electricity from the battery (CLTC)", "energy-consumption", "kWh/100km",
             ["derived_kwh_100km_cltc_net"], "cltc", "battery"),
        prop("nev.range.cltc", "续驶里程（CLTC）", "range (CLTC)", "distance", "km", ["CLTC续航", "range_cltc_km"], "cltc"),
        prop("nev.range.wltp", "续驶里程（WLTP）", "range (WLTP)", "distance", "km", ["WLTP续航", "range_wltp_km"], "wltp"),
        prop("vehicle.powertrain", "动力类型", "powertrain", "category", None, ["动力类型"]),
        prop("nev.battery.swappable", "可换电", "battery can be swapped", "boolean", None, ["换电"]),
        prop("record.test_date", "试验日期", "test date", "date", None, ["试验日期"]),
    )
}  # fmt: skip

CURB_MASS = number("curb_mass", "vehicle.mass.curb", "kg", 0, "300", "6000")
CONSUMPTION = number("consumption", "nev.electricity.cltc", "kWh/100km", 1, "3", "60")
RANGE = number("range", "nev.range.cltc", "km", 0, "0", "2000")
POWERTRAIN = words("powertrain", "vehicle.powertrain", "category", ["bev", "phev"], {"bev": ("纯电动", "battery electric")})
SWAPPABLE = words("swappable", "nev.battery.swappable", "boolean")
TEST_DATE = words("test_date", "record.test_date", "date")
CAR = (CURB_MASS, CONSUMPTION, RANGE, POWERTRAIN, SWAPPABLE, TEST_DATE)


def written(folder: Path, text: str, name: str = "cars.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def found(connection: DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f'SELECT * FROM "{table}" ORDER BY row').fetchall()


def cells(connection: DuckDBPyConnection, path: Path) -> list[tuple[object, ...]]:
    """The cells of the table in a file, without row and line."""
    read_table(path, connection, "found")
    return [row[2:] for row in found(connection, "found")]


def admitted(connection: DuckDBPyConnection, path: Path, fields: Sequence[Input], key: str | None = None, **entries: Entry) -> Quality:
    """The quality of a file whose columns are mapped as said; an input without an entry is mapped to the column of its name."""
    source = read_table(path, connection, "found")
    inputs = {asked.name: entries.get(asked.name, Entry(asked.name)) for asked in fields}
    return admit(connection, source, Mapping(inputs, key), fields, "records")


def column(connection: DuckDBPyConnection, folder: Path, asked: Input, texts: Sequence[str], entry: Entry | None = None) -> list[object]:
    """What the texts of one column become."""
    text = "n,x\n" + "".join(f'{number},"{text}"\n' for number, text in enumerate(texts))
    admitted(connection, written(folder, text), [asked], **{asked.name: entry or Entry("x")})
    return [row[2] for row in found(connection, "records")]


def codes(diagnostics: Sequence[Diagnostic]) -> list[str]:
    return [each.code for each in diagnostics]


def refusal(refused: Refused) -> str:
    (only,) = refused.diagnostics
    assert only.message("zh") and "{" not in only.message("en") + only.message("zh")
    return only.code
