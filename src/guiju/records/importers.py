"""Importers: three public sets of cars as tables whose columns are named for the properties they hold, each with its mapping.

A value as published keeps its number and its unit. What is computed from others stands in a column of its own and says how; what no column
of the set says is a constant of the mapping, with the reason above it, to be read and changed. Every row is kept, or counted under the
reason why it is not.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems
from guiju.base.units import parse_unit
from guiju.records.mapping import About, Entry, Mapping, mapping_yaml
from guiju.records.read import read_table
from guiju.records.source import Source, identifier, literal
from guiju.records.source import replace as replace_table
from guiju.records.write import write_table
from guiju.standard.model import Title
from guiju.standard.shape import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHARGING_LOSS = "1.10"
"""Electricity from the mains over electricity from the battery, where only the battery's is known. Assumed: no source gives it per car."""
MASS_ASSUMED = "3500 kg"
REASONS = {"exact-duplicate": Title("除 id 外与前面某行完全相同", "equal to an earlier row in all but the id")}


@dataclass(frozen=True, slots=True)
class Importer:
    """A public set: its terms, the columns it must have, and what becomes of them.

    needed      columns without which the set is not the one meant
    computed    column made → SQL over the columns found, all of them text
    kept        columns carried over under their own names
    numbers     columns made or kept that hold numbers
    entries     property → where it is found, and the remark above it
    notes       what a reader must know of the set
    """

    name: str
    title: Title
    licence: str
    attribution: str
    needed: tuple[str, ...]
    computed: AnyMapping[str, str]
    kept: tuple[str, ...]
    numbers: tuple[str, ...]
    entries: AnyMapping[str, tuple[Entry, Title]]
    notes: tuple[Title, ...]
    identity: str = "id"
    drops_duplicates: bool = False
    unknown_words: tuple[str, str] | None = None
    """(column found, column made): words of the first for which the second is empty are reported."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: rows_in = rows_out + all dropped.

    table        `row`, then the columns; numbers are DOUBLE or DECIMAL where every cell is one
    dropped      reason (of REASONS) → rows
    mapping_yaml the mapping of this table, with its remarks
    notes        the importer's, and what was found in this file
    """

    importer: Importer
    table: str
    rows_in: int
    rows_out: int
    dropped: AnyMapping[str, int]
    mapping_yaml: str
    notes: tuple[Title, ...]
    diagnostics: tuple[Diagnostic, ...]


def run(name: str, source: Path, connection: DuckDBPyConnection, into: str) -> Imported:
    """The file of a public set as the table `into` of the connection, with its mapping.

    name     of IMPORTERS
    source   the set's CSV (also .gz) or Parquet file
    raises   Refused: importer-unknown, import-columns-missing, and what `read_table` finds
    """
    problems = Problems()
    importer = IMPORTERS.get(name)
    if importer is None:
        problems.add("importer-unknown", None, name=name, known=", ".join(IMPORTERS), **did_you_mean(name, IMPORTERS))
        problems.refuse_errors()
    assert importer is not None, "refused above"
    found = read_table(source, connection, f"{into}_found")
    _check_columns(importer, found, problems)
    problems.refuse_errors()
    problems.extend(found.diagnostics)
    dropped = _make(connection, importer, found, into)
    for column in importer.numbers:
        _typed(connection, into, column)
    replace_table(connection, found.table)
    ((rows_out,),) = connection.execute(f"SELECT count(*) FROM {identifier(into)}").fetchall()
    assert found.rows == rows_out + sum(dropped.values()), "a row was lost without being counted"
    words = _unknown_words(connection, importer, into)
    if words:
        problems.add("import-words-unknown", None, column=importer.unknown_words and importer.unknown_words[0], words=words)
    notes = (*importer.notes, *_counted(dropped))
    text = _mapping_text(importer, _entries(connection, importer, into), notes)
    return Imported(importer, into, found.rows, int(rows_out), dropped, text, notes, problems.found)


def save(connection: DuckDBPyConnection, imported: Imported, path: Path, *, overwrite: bool = False) -> Path:
    """Writes the records to the file, in the format its ending names, and the mapping beside it; gives the mapping's path.

    raises   Refused: what `write_table` finds
    """
    columns = ", ".join(identifier(column) for column in _columns_of(connection, imported.table) if column != "row")
    write_table(connection, f"SELECT {columns} FROM {identifier(imported.table)} ORDER BY row", path, overwrite=overwrite)
    beside = path.with_name(f"{path.name.removesuffix('.gz').rpartition('.')[0]}.mapping.yaml")
    beside.write_text(imported.mapping_yaml, encoding="utf-8")
    return beside


def _check_columns(importer: Importer, found: Source, problems: Problems) -> None:
    names = [column.name for column in found.columns]
    missing = [column for column in importer.needed if column not in names]
    if missing:
        near = {column: did_you_mean(column, names).get("hint_en", "") for column in missing}
        said = ", ".join(column + (f" ({hint.removesuffix('?')})" if (hint := near[column]) else "") for column in missing)
        shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
        problems.add("import-columns-missing", None, file=found.path, zh=importer.title.zh, en=importer.title.en, columns=said, found=shown)
    taken = {*importer.needed, *importer.kept}
    left = [name for name in names if name not in taken]
    if left and not missing:
        problems.add("import-columns-left", None, count=len(left), columns=", ".join(left))


def _make(connection: DuckDBPyConnection, importer: Importer, found: Source, into: str) -> dict[str, int]:
    """Creates the table; gives how many rows were dropped, by reason."""
    at = {column.name: identifier(column.at) for column in found.columns}
    absent = [column for column in importer.kept if column not in at]
    cells = [f"CAST({place} AS VARCHAR) AS {identifier(name)}" for name, place in at.items()]
    cells += [f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in absent]
    rows = f"(SELECT row AS {identifier('row')}, {', '.join(cells)} FROM {identifier(found.table)})"
    if importer.drops_duplicates:
        same = ", ".join(identifier(name) for name in at if name != importer.identity)
        rows = f"(SELECT * FROM {rows} QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY row) = 1)"
    made = ", ".join(f"{sql} AS {identifier(column)}" for column, sql in importer.computed.items())
    kept = ", ".join(identifier(column) for column in importer.kept)
    replace_table(connection, into)
    connection.execute(
        f"CREATE TABLE {identifier(into)} AS SELECT CAST(row_number() OVER (ORDER BY row) AS BIGINT) AS row, {kept}, {made} FROM {rows} ORDER BY row"
    )
    ((rows_out,),) = connection.execute(f"SELECT count(*) FROM {identifier(into)}").fetchall()
    return {"exact-duplicate": found.rows - int(rows_out)} if importer.drops_duplicates else {}


def _typed(connection: DuckDBPyConnection, table: str, column: str) -> None:
    """Makes a column of texts one of numbers, where every text in it is one; otherwise the door must see the texts."""
    cell = identifier(column)
    kinds = connection.execute(f"SELECT typeof({cell}) FROM {identifier(table)} LIMIT 1").fetchall()
    if not kinds or kinds[0][0] != "VARCHAR":
        return
    query = f"SELECT count(*) FROM {identifier(table)} WHERE {cell} IS NOT NULL AND TRY_CAST({cell} AS DOUBLE) IS NULL"
    ((odd,),) = connection.execute(query).fetchall()
    if not odd:
        connection.execute(f"ALTER TABLE {identifier(table)} ALTER {cell} TYPE DOUBLE")


def _unknown_words(connection: DuckDBPyConnection, importer: Importer, table: str) -> str:
    if importer.unknown_words is None:
        return ""
    read, made = (identifier(column) for column in importer.unknown_words)
    query = f"SELECT DISTINCT {read} FROM {identifier(table)} WHERE {read} IS NOT NULL AND {made} IS NULL ORDER BY 1 LIMIT 12"
    return ", ".join(word for (word,) in connection.execute(query).fetchall())


def _entries(connection: DuckDBPyConnection, importer: Importer, table: str) -> dict[str, tuple[Entry, Title]]:
    """The entries that serve this file: an assumption that the file's own figures contradict is not made, the column is taken instead."""
    entries = dict(importer.entries)
    mass = "vehicle.mass.max_design"
    if mass in entries and entries[mass][0].constant is not None:
        heavy = f"SELECT count(*) FROM {identifier(table)} WHERE TRY_CAST({identifier(mass + ' (kg)')} AS DOUBLE) > 3500"
        if connection.execute(heavy).fetchall()[0][0]:
            contradicted = Title("所列总质量有超过 3500 kg 的，不再假设", "some masses of the set are above 3500 kg: nothing is assumed")
            entries[mass] = (_column(mass, "kg"), contradicted)
    return entries


def _mapping_text(importer: Importer, entries: AnyMapping[str, tuple[Entry, Title]], notes: Sequence[Title]) -> str:
    about = About(importer.title, f"{importer.licence}; {importer.attribution}", tuple(notes))
    mapping = Mapping({name: entry for name, (entry, _) in entries.items()}, importer.identity, about=about)
    return mapping_yaml(mapping, {name: f"{remark.zh} · {remark.en}" for name, (_, remark) in entries.items()})


def _counted(dropped: AnyMapping[str, int]) -> list[Title]:
    return [Title(f"去掉 {rows} 行：{REASONS[why].zh}", f"{rows} rows dropped: {REASONS[why].en}") for why, rows in dropped.items() if rows]


def _columns_of(connection: DuckDBPyConnection, table: str) -> list[str]:
    return [name for name, *_ in connection.execute(f"DESCRIBE {identifier(table)}").fetchall()]


# SQL of what is computed.


def exact_quotient(numerator: str, times: int, denominator: str) -> str:
    """SQL of numerator × times ÷ denominator, cut after 6 decimals; a seventh digit 1 tells that digits were cut.

    With it GB/T 8170, applied once at the door, meets a tie only where the quotient is one. NULL where a text is no number, or is not above 0.
    """
    over = f"CAST(TRY_CAST({numerator} AS DECIMAL(14, 4)) * 10000 AS HUGEINT) * {times * 1_000_000}"
    under = f"CAST(TRY_CAST({denominator} AS DECIMAL(14, 4)) * 10000 AS HUGEINT)"
    digits = f"({over}) // {under} * 10 + CASE WHEN ({over}) % {under} = 0 THEN 0 ELSE 1 END"
    return f"CASE WHEN {under} > 0 THEN CAST(CAST({digits} AS DECIMAL(28, 0)) * 0.0000001 AS DECIMAL(18, 7)) END"


def _words(column: str, meanings: AnyMapping[str, Sequence[str]], otherwise: str = "NULL") -> str:
    """SQL that turns the words of a column into values of a category; a word that is not listed becomes NULL."""
    whens = " ".join(f"WHEN {identifier(column)} IN ({', '.join(map(literal, words))}) THEN {literal(to)}" for to, words in meanings.items())
    return f"CASE {whens} ELSE {otherwise} END"


def _where(condition: str, column: str) -> str:
    return f"CASE WHEN {condition} THEN {column} END"


def _column(property_: str, unit: str = "", *, rounded: bool = False) -> Entry:
    """The entry of a column named for its property."""
    name = f"{property_} ({unit})" if unit else property_
    return Entry(column=name, unit=parse_unit(unit) if unit else None, is_=property_, round=rounded)


def _constant(property_: str, value: str) -> Entry:
    return Entry(constant=value, is_=property_)


_BEV, _PHEV = "\"vehicle.powertrain\" = 'bev'", "\"vehicle.powertrain\" = 'phev'"

_ADEME = Importer(
    name="ademe",
    title=Title("法国 ADEME 新车标识数据（型式批准值）", "ADEME car labelling: type-approval values of new cars in France"),
    licence="Licence Ouverte / Etalab",
    attribution="ADEME, Car Labelling, data.ademe.fr/datasets/ademe-car-labelling",
    needed=(
        "id", "make", "model", "description", "energy", "body", "empty_mass_kg", "mass_running_order_min_kg", "fuel_wltp_comb_min_l_100km",
        "fuel_wltp_comb_max_l_100km", "elec_wltp_min_wh_km", "elec_wltp_max_wh_km", "elec_range_min_km", "elec_range_max_km",
    ),
    kept=(
        "id", "make", "model", "description", "energy", "body", "elec_wltp_min_wh_km", "elec_wltp_max_wh_km", "elec_range_min_km",
        "elec_range_max_km",
    ),
    computed={
        "vehicle.powertrain": _words("energy", {
            "bev": ("ELECTRIC",), "phev": ("ELEC+ESSENC HR", "ELEC+GAZOLE HR"), "hev": ("ESS+ELEC HNR", "GAZ+ELEC HNR"), "fcev": ("HYDROGENE",),
            "ice": ("ESSENCE", "GAZOLE", "SUPERETHANOL", "ESS+G.P.L.", "GAZ NAT.VEH"),
        }),
        "vehicle.mass.curb (kg)": "empty_mass_kg",
        "vehicle.mass.running_order (kg)": "mass_running_order_min_kg",
        "wltp column": "CASE WHEN elec_wltp_min_wh_km IS NOT NULL THEN 'min' WHEN elec_wltp_max_wh_km IS NOT NULL THEN 'max' END",
        "nev.electricity.wltp (Wh/km)": _where(_BEV, "coalesce(elec_wltp_min_wh_km, elec_wltp_max_wh_km)"),
        "nev.range.wltp (km)": _where(_BEV, "CASE WHEN elec_wltp_min_wh_km IS NULL THEN elec_range_max_km ELSE elec_range_min_km END"),
        "nev.electricity.weighted.wltp (Wh/km)": _where(_PHEV, "coalesce(elec_wltp_min_wh_km, elec_wltp_max_wh_km)"),
        "nev.range.electric.wltp (km)": _where(_PHEV, "CASE WHEN elec_wltp_min_wh_km IS NULL THEN elec_range_max_km ELSE elec_range_min_km END"),
        "nev.fuel.weighted.wltp (L/100km)": _where(_PHEV, "coalesce(fuel_wltp_comb_min_l_100km, fuel_wltp_comb_max_l_100km)"),
    },
    numbers=(
        "vehicle.mass.curb (kg)", "vehicle.mass.running_order (kg)", "nev.electricity.wltp (Wh/km)", "nev.range.wltp (km)",
        "nev.electricity.weighted.wltp (Wh/km)", "nev.range.electric.wltp (km)", "nev.fuel.weighted.wltp (L/100km)", "elec_wltp_min_wh_km",
        "elec_wltp_max_wh_km", "elec_range_min_km", "elec_range_max_km",
    ),
    entries={
        "vehicle.category": (
            _constant("vehicle.category", "M1"),
            Title("假设：标识制度只管乘用车，表中没有逐车的类别", "assumed: the labelling covers passenger cars; the set names no category"),
        ),
        "vehicle.powertrain": (_column("vehicle.powertrain"), Title("由 energy 一列的词归类", "classed by the words of the column energy")),
        "vehicle.mass.curb": (_column("vehicle.mass.curb", "kg"), Title("empty_mass_kg，不含驾驶员", "empty_mass_kg, without the driver")),
        "vehicle.mass.running_order": (_column("vehicle.mass.running_order", "kg"), Title("含 75 kg 驾驶员", "with a driver of 75 kg")),
        "nev.electricity.wltp": (
            _column("nev.electricity.wltp", "Wh/km"),
            Title("WLTP，不能充作 CLTC；缺 min 时取 max（见 wltp column）", "WLTP is not CLTC; max where min is empty (see `wltp column`)"),
        ),
        "nev.range.wltp": (_column("nev.range.wltp", "km"), Title("与所取的电耗同列", "of the same column as the consumption")),
        "nev.electricity.weighted.wltp": (
            _column("nev.electricity.weighted.wltp", "Wh/km"), Title("插电式，加权值", "plug-in hybrids, weighted"),
        ),
        "nev.range.electric.wltp": (_column("nev.range.electric.wltp", "km"), Title("插电式", "plug-in hybrids")),
        "nev.fuel.weighted.wltp": (_column("nev.fuel.weighted.wltp", "L/100km"), Title("插电式，加权值", "plug-in hybrids, weighted")),
    },
    notes=(
        Title("数值为 WLTP 型式批准值；没有 CLTC 值，没有最大设计总质量，没有年款",
              "values are of WLTP type approval; no CLTC value, no maximum design mass, no model year"),
        Title("除 id 外完全相同的行（选装变型）只留一行", "of rows equal in all but the id (option variants) one is kept"),
    ),
    drops_duplicates=True,
    unknown_words=("energy", "vehicle.powertrain"),
)  # fmt: skip

_EPA = Importer(
    name="epa",
    title=Title("美国 EPA 燃料经济性数据（标签值）", "US EPA fuel economy data: label values"),
    licence="public domain (US Government work)",
    attribution="US EPA and DOE, fueleconomy.gov",
    needed=("id", "year", "make", "model", "VClass", "atvType", "fuelType1", "combE", "range"),
    kept=("id", "year", "make", "model", "VClass", "atvType", "fuelType1", "combE", "range", "rangeA"),
    computed={
        "vehicle.powertrain": "CASE WHEN atvType IS NULL AND fuelType1 IS NOT NULL THEN 'ice' ELSE "
        + _words("atvType", {
            "bev": ("EV",), "phev": ("Plug-in Hybrid",), "fcev": ("FCV",), "hev": ("Hybrid",),
            "ice": ("Diesel", "CNG", "FFV", "Bifuel (CNG)", "Bifuel (LPG)"),
        }) + " END",
        "nev.electricity.epa (kWh/100mi)": _where(f"{_BEV} AND TRY_CAST(combE AS DOUBLE) IS DISTINCT FROM 0", "combE"),
        "nev.range.epa (mi)": _where(f'{_BEV} AND TRY_CAST("range" AS DOUBLE) IS DISTINCT FROM 0', '"range"'),
        "nev.range.electric.epa (mi)": _where(_PHEV, "rangeA"),
    },
    numbers=("nev.electricity.epa (kWh/100mi)", "nev.range.epa (mi)", "nev.range.electric.epa (mi)", "combE", "range"),
    entries={
        "vehicle.powertrain": (
            _column("vehicle.powertrain"),
            Title("由 atvType 一列的词归类，空格为内燃机", "classed by the words of atvType; empty is a combustion engine"),
        ),
        "nev.electricity.epa": (
            _column("nev.electricity.epa", "kWh/100mi", rounded=True),
            Title("combE，标签值（含充电损失），只取纯电动；换算后按 GB/T 8170 修约",
                  "combE, the label's (charging loss included), battery electric only; rounded by GB/T 8170 after conversion"),
        ),
        "nev.range.epa": (_column("nev.range.epa", "mi", rounded=True), Title("标签值，只取纯电动", "the label's, battery electric only")),
        "nev.range.electric.epa": (_column("nev.range.electric.epa", "mi", rounded=True), Title("rangeA，插电式", "rangeA, plug-in hybrids")),
    },
    notes=(
        Title("没有质量，没有车辆类别：以质量定限值的标准都无法判定", "no mass and no vehicle category: what is limited by mass stays undetermined"),
        Title("EPA 标签值不是 CLTC 或 WLTP 值", "values of the EPA label are neither CLTC nor WLTP values"),
    ),
    unknown_words=("atvType", "vehicle.powertrain"),
)  # fmt: skip

_OPEN_EV = Importer(
    name="open-ev",
    title=Title("OpenEV Data（厂商规格表汇编）", "OpenEV Data: specifications compiled from makers' sheets"),
    licence="CDLA-Permissive-2.0",
    attribution="OpenEV Data contributors, github.com/open-ev-data/open-ev-data-dataset",
    needed=(
        "id", "make", "model", "year", "vehicle_type", "body_style", "curb_mass_kg", "gvw_kg", "seats", "battery_kwh_net", "range_cltc_km",
        "range_wltp_km",
    ),
    kept=(
        "id", "make", "model", "year", "trim", "variant", "vehicle_type", "body_style", "markets", "top_speed_kmh", "accel_0_100_s", "source_type",
        "source_url",
    ),
    computed={
        "vehicle.category": "CASE WHEN vehicle_type IN ('passenger_car', 'suv') OR body_style IN ('mpv', 'minivan') THEN 'M1' END",
        "vehicle.mass.curb (kg)": "curb_mass_kg",
        "vehicle.mass.max_design (kg)": "gvw_kg",
        "vehicle.seats": "seats",
        "nev.battery.energy.usable (kWh)": "battery_kwh_net",
        "nev.range.cltc (km)": "range_cltc_km",
        "nev.range.wltp (km)": "range_wltp_km",
        "nev.electricity.cltc (kWh/100km)": exact_quotient("battery_kwh_net", 110, "range_cltc_km"),
        "nev.electricity.cltc derived": _where("battery_kwh_net IS NOT NULL AND range_cltc_km IS NOT NULL",
                                               f"'battery_kwh_net / range_cltc_km * {CHARGING_LOSS}'"),
        "nev.electricity.cltc.battery (kWh/100km)": exact_quotient("battery_kwh_net", 100, "range_cltc_km"),
        "nev.electricity.wltp.battery (kWh/100km)": exact_quotient("battery_kwh_net", 100, "range_wltp_km"),
        "vehicle.acceleration.0_100 (s)": "accel_0_100_s",
    },
    numbers=(
        "vehicle.mass.curb (kg)", "vehicle.mass.max_design (kg)", "vehicle.seats", "nev.battery.energy.usable (kWh)", "nev.range.cltc (km)",
        "nev.range.wltp (km)", "top_speed_kmh", "accel_0_100_s", "vehicle.acceleration.0_100 (s)",
    ),
    entries={
        "vehicle.category": (
            _column("vehicle.category"),
            Title("假设：vehicle_type 为 passenger_car、suv 或 body_style 为 mpv、minivan 的算 M1，其余空缺",
                  "assumed: M1 where vehicle_type is passenger_car or suv, or body_style mpv or minivan; else empty"),
        ),
        "vehicle.powertrain": (
            _constant("vehicle.powertrain", "bev"),
            Title("假设：表中没有动力类型，全部算纯电动；可能混有增程式",
                  "assumed: the set has no powertrain, all count as battery electric; some may have a range extender"),
        ),
        "vehicle.mass.max_design": (
            _constant("vehicle.mass.max_design", MASS_ASSUMED), Title("假设：不超过 3500 kg", "assumed: not above 3500 kg"),
        ),
        "vehicle.mass.curb": (
            _column("vehicle.mass.curb", "kg"),
            Title("厂商标称，未注明是否含驾驶员", "as the makers state it; whether with a driver is not said"),
        ),
        "vehicle.seats": (_column("vehicle.seats"), Title("含驾驶员", "driver included")),
        "nev.electricity.cltc": (
            _column("nev.electricity.cltc", "kWh/100km", rounded=True),
            Title(f"派生：可用电量 ÷ CLTC 续驶里程 × {CHARGING_LOSS}（充电损失为假设），按 GB/T 8170 修约到标准声明的位数",
                  f"derived: usable energy ÷ CLTC range × {CHARGING_LOSS} (charging loss assumed), rounded by GB/T 8170 to the declared decimals"),
        ),
        "nev.electricity.cltc.battery": (
            _column("nev.electricity.cltc.battery", "kWh/100km", rounded=True),
            Title("派生：可用电量 ÷ CLTC 续驶里程，不含充电损失", "derived: usable energy ÷ CLTC range, without charging loss"),
        ),
        "nev.electricity.wltp.battery": (
            _column("nev.electricity.wltp.battery", "kWh/100km", rounded=True),
            Title("派生：可用电量 ÷ WLTP 续驶里程，不含充电损失", "derived: usable energy ÷ WLTP range, without charging loss"),
        ),
        "nev.battery.energy.usable": (_column("nev.battery.energy.usable", "kWh"), Title("厂商标称", "as the makers state it")),
        "nev.range.cltc": (_column("nev.range.cltc", "km"), Title("厂商标称", "as the makers state it")),
        "nev.range.wltp": (_column("nev.range.wltp", "km"), Title("厂商标称", "as the makers state it")),
        "vehicle.acceleration.0_100": (_column("vehicle.acceleration.0_100", "s"), Title("厂商标称", "as the makers state it")),
    },
    notes=(
        Title(f"CLTC 电耗不是测得值，而是派生：可用电量 ÷ CLTC 续驶里程 × {CHARGING_LOSS}；充电损失为假设",
              f"CLTC consumption is not measured but derived: usable energy ÷ CLTC range × {CHARGING_LOSS}; the charging loss is assumed"),
        Title("类别为假设：vehicle_type 为 passenger_car、suv 或 body_style 为 mpv、minivan 的算 M1，其余空缺",
              "the category is assumed: M1 where vehicle_type is passenger_car or suv, or body_style mpv or minivan; else empty"),
        Title("数值录自规格表，不是试验结果；同一车的不同年款各占一行",
              "values are typed from specification sheets, not tested; model years of one car are rows of their own"),
    ),
)  # fmt: skip

IMPORTERS: AnyMapping[str, Importer] = {each.name: each for each in (_ADEME, _EPA, _OPEN_EV)}
