"""Measured: the evidence of a library beside what is declared: by whom, in which unit, and whether the two agree within what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from guiju.base.units import UnknownUnit, parse_unit
from guiju.frontrunner.library.columns import EVIDENCE, PRODUCTS
from guiju.frontrunner.library.properties import Properties
from guiju.frontrunner.library.told import Telling
from guiju.records.headers import spelt_unit
from guiju.records.source import identifier, literal, replace
from guiju.standard.dictionary import Property
from guiju.standard.model import Input

K = 2
"""The coverage factor of a standard uncertainty: about 95 % where it is normal."""
LESS_IS_BETTER = frozenset({"energy-consumption", "fuel-consumption", "co2", "carbon-dioxide", "carbon-intensity"})
"""Kinds of which less is better."""
MORE_IS_BETTER = ("nev.range",)
"""Beginnings of properties of which more is better. Of all others a difference is told without saying which side is the better."""
_NOISE = 1e-9
"""Doubles that differ by less, relative to their size, count as equal."""
SAID = {
    "better": ("声明优于测得", "declared better than measured"),
    "worse": ("声明劣于测得", "declared worse than measured"),
    "differs": ("声明与测得不符", "declared and measured differ"),
}


def evidence_checks(telling: Telling, fields: Sequence[Input], properties: Properties) -> None:
    """What evidence lacks, and where it does not bear out what is declared."""
    for column in ("laboratory", "report"):
        telling.missing(EVIDENCE, column, "library-evidence-blank")
    words = [word for (word,) in telling.connection.execute("SELECT DISTINCT property FROM evidence WHERE property IS NOT NULL").fetchall()]
    unknown = [word for word in words if word not in properties.dictionary]
    listed = ", ".join(map(literal, unknown)) or "NULL"
    telling.each("library-evidence-property", EVIDENCE, f"SELECT row, line, property AS text FROM evidence WHERE property IN ({listed})", "property")
    telling.missing(EVIDENCE, "property", "library-key-missing")
    _ratios(telling, properties, sorted(set(words) - set(unknown)))
    query = "SELECT count(*), min(row), arg_min(line, row) FROM evidence WHERE value IS NOT NULL AND u IS NULL"
    ((count, row, line),) = telling.connection.execute(query).fetchall()
    if count:
        telling.add("library-evidence-uncertainty", EVIDENCE, row, line, "u", count=count)
    held = {each.is_ for each in fields if each.kind == "number"}
    for property_ in sorted(set(words) & held):
        _compared(telling, properties.dictionary[property_])
    undeclared = ", ".join(map(literal, sorted(set(words) - set(unknown) - {each.is_ for each in fields}))) or "NULL"
    query = f"SELECT row, line, property FROM evidence WHERE property IN ({undeclared})"
    telling.each("library-evidence-undeclared", EVIDENCE, query, "property")


def _ratios(telling: Telling, properties: Properties, known: Sequence[str]) -> None:
    """The table evidence_units: property, unit as written, and what a value in it is multiplied by to be in the property's own."""
    connection = telling.connection
    replace(connection, "evidence_units")
    connection.execute("CREATE TABLE evidence_units (property VARCHAR, unit VARCHAR, ratio DOUBLE)")
    for property_, unit in connection.execute("SELECT DISTINCT property, coalesce(unit, '') FROM evidence WHERE property IS NOT NULL").fetchall():
        ratio = _ratio(properties.dictionary[property_], unit) if property_ in known else None
        connection.execute("INSERT INTO evidence_units VALUES (?, ?, ?)", [property_, unit, ratio])
        if ratio is None and property_ in known:
            own = properties.dictionary[property_].unit
            query = f"SELECT row, line FROM evidence WHERE property = {literal(property_)} AND coalesce(unit, '') = {literal(unit)}"
            telling.each("library-evidence-unit", EVIDENCE, query, "unit", text=unit or "–", property=property_, unit=own or "1")


def _ratio(property_: Property, text: str) -> float | None:
    """None where the unit of a quantity is missing, unknown, or of another dimension; 1 of what has none."""
    if property_.unit is None:
        return 1.0 if not text else None
    try:
        unit = parse_unit(text) if text else None
    except UnknownUnit:
        unit = spelt_unit(text)
    return float(unit.ratio(property_.unit)) if unit is not None and unit.same_dimension(property_.unit) else None


def _compared(telling: Telling, property_: Property) -> None:
    """Tells where a declared value is beyond k·u of what was measured; rows without an uncertainty are not compared."""
    id_ = literal(property_.id)
    better = -1 if property_.kind in LESS_IS_BETTER else 1 if property_.id.startswith(MORE_IS_BETTER) else 0
    said = "'differs'" if not better else f"CASE WHEN (declared - measured) * {better} > 0 THEN 'better' ELSE 'worse' END"
    declared = f"SELECT product, any_value({identifier(property_.id)}) AS declared FROM {identifier(f'typed {PRODUCTS.name}')} GROUP BY product"
    both = (
        f"SELECT e.row, e.line, e.product AS key, d.declared, e.number * r.ratio AS measured, {K} * e.number_u * r.ratio AS allowed "
        "FROM evidence AS e JOIN evidence_units AS r ON r.property = e.property AND r.unit = coalesce(e.unit, '') "
        f"JOIN ({declared}) AS d ON d.product = e.product WHERE e.property = {id_}"
    )
    query = (
        f"SELECT row, line, key, declared, round(measured, 10) AS measured, round(allowed, 10) AS allowed, {said} AS said FROM ({both}) "
        f"WHERE abs(declared - measured) > allowed + {_NOISE} * greatest(abs(declared), abs(measured))"
    )
    for word, (zh, en) in SAID.items():
        told = {"property": property_.id, "unit": property_.unit or "", "k": K, "said_zh": zh, "said_en": en}
        telling.each("library-evidence-contradicts", EVIDENCE, f"SELECT * EXCLUDE said FROM ({query}) WHERE said = '{word}'", "value", **told)
