"""Importing: a library made of a public set of models.

The sets name makes and models, and no standards that a make declares. One standard of each make is put in its place, marked illustrative; its
date, references and methods are what whoever imports says. Of a declared standard nothing is known from these sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.frontrunner.library.library import Library, read_library
from guiju.frontrunner.library.opened import MAPPING
from guiju.frontrunner.library.properties import methods_text
from guiju.records.importers import Imported, run
from guiju.records.mapping import About, load_mapping, mapping_yaml
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.source import identifier, literal
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NOTE = Title("该数据集没有企业标准：每个品牌放一个示意的标准，不是任何企业声明的",
             "the set has no declared standards: one for each make is put in its place, illustrative, declared by nobody")  # fmt: skip
MODELS: Mapping[str, tuple[str, ...]] = {"open-ev": ("model", "trim", "variant"), "ademe": ("model", "description"), "epa": ("model",)}
"""Columns of a set that name a model together."""
YEARS: Mapping[str, str] = {"open-ev": "year", "epa": "year"}
"""The column of the model year, which is part of what a model is called."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What is said of every standard that is put in place.

    published    None: the form check bars them
    references   numbers; methods: property → number
    """

    published: date | None = None
    references: tuple[str, ...] = ()
    methods: Mapping[str, str] = field(default_factory=dict)


def import_set(name: str, source: Path, to: Path, dictionary: Dictionary, placed: Placed) -> tuple[Imported, Library]:
    """Writes a public set as a library, a folder of Parquet files with its mapping, and reads it.

    name     of the importers of the records kit: ademe, epa, open-ev
    to       a folder that is not there yet
    raises   Refused: library-out, store-unwritable, and what `run` and `read_library` find
    """
    import duckdb

    if to.exists():
        raise Refused([Diagnostic("library-out", None, {"file": str(to)})])
    with duckdb.connect() as connection:
        imported = run(name, source, connection, "imported")
        mapping = _mapping(imported)
        to.mkdir(parents=True)
        for table, query in _queries(connection, imported, mapping, placed).items():
            connection.execute(f"COPY ({query}) TO {literal(str(to / f'{table}.parquet'))} (FORMAT parquet)")
    (to / MAPPING).write_text(mapping_yaml(mapping), encoding="utf-8")
    return imported, read_library(to, dictionary, name=to.name)


def _mapping(imported: Imported) -> ColumnMapping:
    """The mapping of the set, with the note that its standards are put in place."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="guiju-mapping-") as folder:
        path, problems = Path(folder) / MAPPING, Problems()
        path.write_text(imported.mapping_yaml, encoding="utf-8")
        held = load_mapping(path, problems)
        problems.refuse_errors()
    assert held is not None and held.about is not None, "an importer writes a whole mapping"
    about = About(held.about.title, held.about.terms, (*held.about.notes, NOTE))
    return replace(held, key="product", about=about)


def _queries(connection: DuckDBPyConnection, imported: Imported, mapping: ColumnMapping, placed: Placed) -> dict[str, str]:
    """Name of a table → its rows."""
    set_, table = imported.importer.name, identifier(imported.table)
    edition = str(placed.published.year) if placed.published else "示意"
    made = f"(SELECT DISTINCT trim(make) AS make FROM {table} WHERE nullif(trim(make), '') IS NOT NULL)"
    published = f"DATE '{placed.published}'" if placed.published else "CAST(NULL AS DATE)"
    columns = [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]
    held = [entry.column for entry in mapping.inputs.values() if entry.column in columns]
    model = ", ".join(f"nullif(trim({name}), '')" for name in (*MODELS[set_], *([YEARS[set_]] if set_ in YEARS else ())))
    markets = "markets" if "markets" in columns else "CAST(NULL AS VARCHAR)"
    said = {"references": "; ".join(placed.references), "methods": methods_text(placed.methods)}
    texts = ", ".join(f"{literal(text)} AS {identifier(name)}" for name, text in said.items())
    zh, en = "make || '（示意，代替未见到的标准）'", "make || ' (illustrative, in place of one not seen)'"
    named = f"'Q/示意 ' || make AS number, {literal(edition)} AS edition, make AS enterprise, {zh} AS title_zh, {en} AS title_en"
    implements = f"trim(make) AS enterprise, 'Q/示意 ' || trim(make) AS standard, {literal(edition)} AS edition"
    return {
        "enterprises": f"SELECT make AS code, make AS title_zh, make AS title_en, CAST(NULL AS VARCHAR) AS region FROM {made} ORDER BY make",
        "standards": f"SELECT {named}, {published} AS published, 'current' AS status, {texts}, true AS illustrative FROM {made} ORDER BY make",
        "products": f"SELECT CAST(id AS VARCHAR) AS product, {implements}, concat_ws(' ', {model}) AS model, trim(make) AS brand, "
        f"{markets} AS markets{_columns(held)} FROM {table} ORDER BY row",
    }


def _columns(names: Sequence[str | None]) -> str:
    return "".join(f", {identifier(name)}" for name in dict.fromkeys(names) if name)
