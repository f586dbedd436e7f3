"""For tests of boards: an evaluation standard and a scheme of made-up figures, and libraries put together from rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from guiju.base.diagnostics import Problems
from guiju.base.units import parse_unit
from guiju.frontrunner.board.boards import boards, unchecked
from guiju.frontrunner.board.model import Boards, FormCheck
from guiju.frontrunner.entity import DeclaredStandard, Enterprise
from guiju.frontrunner.scheme_meaning import Opened, open_scheme
from guiju.records.mapping import Entry
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import Column, Source
from guiju.standard.model import Title
from guiju.standard.shelf import Shelf, default_shelves

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ON = date(2026, 6, 1)
STANDARD = """guiju: 1
standard: {number: T/BOARD 1-2026, edition: "2026", title: {zh: 领跑者评价, en: front-runners}, level: group, region: CN, status: draft,
  dates: {effective: 2026-01-01}}
sources: {s: {title: made up, grade: illustrative, why: {zh: 测试用, en: for tests}}}
subject: {type: vehicle.car, zh: 车, en: car}
inputs:
  category: {is: vehicle.category, values: [M1, N1]}
  curb_mass: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 300, max: 6000}
  consumption: {is: nev.electricity.cltc, unit: kWh/100km, decimals: 2, min: 3, max: 60}
  range: {is: nev.range.cltc, unit: km, decimals: 0, min: 0, max: 2000}
  density: {is: nev.battery.energy_density, unit: Wh/kg, decimals: 1, min: 20, max: 500}
  speed: {is: vehicle.speed.thirty_minutes, unit: km/h, decimals: 0, min: 30, max: 400}
tables:
  limit:
    {of: curb_mass, kind: step, unit: kWh/100km, numeric: {m: curb_mass as kg}, source: s, jumps: [1090 kg, 2710 kg],
     rows: [{upto: 1090 kg, value: 10.1}, {upto: 2710 kg, value: 0.00556 * (m - 1780) + 13.92}, {value: 19.1}]}
formulas:
  ratio: {zh: 能耗与限值之比, en: consumption over limit, unit: "1", formula: consumption / limit}
scope: {zh: 乘用车, en: cars, shall: category == 'M1', source: s}
clauses:
  "4.1": {zh: 车速, en: speed, shall: "speed >= 100 km/h", source: s}
indicators:
  "5.1": {zh: 续驶, en: range, name: i_range, kind: core, value: range, better: higher, levels: {1: 600 km, 2: 500 km, 3: 400 km}, source: s}
  "5.2": {zh: 能耗, en: consumption, name: i_ratio, kind: core, value: ratio, better: lower, levels: {1: 0.85, 2: 0.95, 3: 1}, source: s}
  "5.3": {zh: 密度, en: density, name: i_density, kind: core, value: density, better: higher,
          levels: {1: 160 Wh/kg, 2: 140 Wh/kg, 3: 125 Wh/kg}, source: s}
  "5.4": {zh: 车速, en: speed, name: i_speed, kind: innovative, value: speed, better: higher, when: curb_mass > 1000 kg,
          levels: {1: 160 km/h, 2: 140 km/h, 3: 120 km/h}, source: s}
"""
SCHEME = """guiju: 1
scheme:
  id: cars
  title: {zh: 车, en: cars}
  standard: T/BOARD 1-2026
  entity: product
  range:
    - {zh: 车重, en: mass, formula: "'small' if curb_mass < 1200 kg else 'large'", words: {small: {zh: 小, en: small}, large: {zh: 大, en: large}}}
  basic: ["4.1"]
  core: {i_range: {}, i_ratio: {national: R1 of GB 36980.1-2025}, i_density: {}}
  innovative: {i_speed: {}}
  references:
    domestic:
      i_range: {value: "700", unit: km, on: 2026-01-01, population: {zh: 示意, en: made up}, source: s}
      others: {none: {zh: 示意, en: made up}}
    international: {others: {none: {zh: 示意, en: made up}}}
  weights: {completeness: 30, advancement: 50, drafting: 20, source: s}
  shortlist: {least: 60, share: 50 %, source: s}
  evaluator: {zh: 甲, en: a}
  cycle: 2026
  sources: {s: {title: made up, grade: illustrative}}
"""
INPUTS = ("category", "curb_mass", "consumption", "range", "density", "speed")
GOOD: Mapping[str, Any] = {
    "enterprise": "E1", "standard": "Q/1", "edition": "2024", "model": "m", "on_sale": "2025-01-01", "category": "M1", "curb_mass": "1500",
    "consumption": "10.00", "range": "650", "density": "170.0", "speed": "170",
}  # fmt: skip


def shelf_with(folder: Path, standard: str = STANDARD, scheme: str = SCHEME, name: str = "cars") -> Shelf:
    """A shelf beside the shipped one, with the standard and the scheme."""
    place = folder / "standards" / "t" / "T-BOARD-1-2026"
    place.mkdir(parents=True, exist_ok=True)
    (place / "standard.yaml").write_text(standard, encoding="utf-8")
    (folder / "schemes").mkdir(exist_ok=True)
    (folder / "schemes" / f"{name}.yaml").write_text(scheme, encoding="utf-8")
    return Shelf((folder / "standards", *default_shelves()))


def opened(folder: Path, standard: str = STANDARD, scheme: str = SCHEME) -> Opened:
    problems = Problems()
    found = open_scheme(shelf_with(folder, standard, scheme), folder / "schemes" / "cars.yaml", ON, problems)
    problems.refuse_errors()
    assert found is not None
    return found


@dataclass
class Held:
    """A library as boards ask for it, of rows in memory."""

    connection: DuckDBPyConnection
    products: Source
    mapping: ColumnMapping
    enterprises: Mapping[str, Enterprise]
    standards: Mapping[tuple[str, str], DeclaredStandard]
    hash: str = "0" * 64
    illustrative: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)


def library(rows: Sequence[Mapping[str, Any]], units: Mapping[str, str] | None = None, extra: Mapping[str, str] | None = None,
            standards: Mapping[tuple[str, str], DeclaredStandard] | None = None) -> Held:  # fmt: skip
    """Rows in their order, as texts. Every standard named is declared by the enterprise of the first row that names it.

    units   input → unit of its column, where that is not its own
    extra   column → property, beyond what the standard asks
    """
    connection = duckdb.connect()
    names = ["product", "enterprise", "standard", "edition", "model", "on_sale", *INPUTS, *(extra or {})]
    columns = ", ".join(f'"{name}" VARCHAR' for name in names)
    connection.execute(f"CREATE TABLE products (row BIGINT, line BIGINT, {columns})")
    values = [[at, None, *(row.get(name, GOOD.get(name)) for name in names)] for at, row in enumerate(rows, 1)]
    for value in values:
        value[2] = rows[value[0] - 1].get("product", f"p{value[0]}")
    if values:
        connection.executemany(f"INSERT INTO products VALUES ({', '.join('?' * (len(names) + 2))})", values)
    entries = {name: Entry(column=name, unit=parse_unit((units or {})[name]) if name in (units or {}) else None) for name in INPUTS}
    entries |= {name: Entry(column=name, is_=is_) for name, is_ in (extra or {}).items()}
    found = standards or {}
    if standards is None:
        for row in ({**GOOD, **row} for row in rows):
            declared = DeclaredStandard(
                row["standard"], row["edition"], row["enterprise"], Title("标准", "standard"), date(2024, 1, 1), "current", (), {}
            )
            found.setdefault((row["standard"], row["edition"]), declared)
    enterprises = {each.enterprise: Enterprise(each.enterprise, Title("企业", "enterprise"), "CN") for each in found.values()}
    source = Source(Path("products.csv"), "products", "csv", len(rows), tuple(Column(name, name, "VARCHAR") for name in names))
    return Held(connection, source, ColumnMapping(entries, "product"), enterprises, found)


def run(scheme: Opened, held: Held, form: FormCheck = unchecked) -> Boards:
    return boards(scheme.program, scheme.scheme, held, ON, form=form, form_name="none" if form is unchecked else "test")


def library_files(folder: Path, rows: Sequence[Mapping[str, Any]], cites: str = "GB 18384-2025") -> Path:
    """The same as files, as a library is brought: every enterprise with a standard of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    held = [{**GOOD, **row} for row in rows]
    makers = sorted({(row["enterprise"], row["standard"]) for row in held})
    names = ["product", "enterprise", "standard", "edition", "model", "on_sale"]
    tables = {
        "enterprises": [["code", "title_zh", "title_en", "region"], *([code, f"企业{code}", f"enterprise {code}", "CN"] for code, _ in makers)],
        "standards": [["number", "edition", "enterprise", "title_zh", "title_en", "published", "status", "references", "illustrative"],
                      *([number, "2024", code, "标准", "standard", "2024-01-01", "current", cites, "true"] for code, number in makers)],
        "products": [[*names, *INPUTS], *([row.get("product") or f"p{at}", *(row.get(n) or "" for n in (*names[1:], *INPUTS))]
                                          for at, row in enumerate(held, 1))],
    }  # fmt: skip
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(",".join(map(str, line)) for line in lines) + "\n", encoding="utf-8")
    properties = {"category": "vehicle.category", "curb_mass": "vehicle.mass.curb", "consumption": "nev.electricity.cltc", "range": "nev.range.cltc",
                  "density": "nev.battery.energy_density", "speed": "vehicle.speed.thirty_minutes"}  # fmt: skip
    entries = "\n".join(f"  {property_}: {{column: {name}}}" for name, property_ in properties.items())
    (folder / "mapping.yaml").write_text(f"guiju: 1\nkey: product\ninputs:\n{entries}\n", encoding="utf-8")
    return folder
