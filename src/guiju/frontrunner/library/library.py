"""Library: enterprises, the standards they declare, the products that implement them, and what was measured of those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Problems, told_without
from guiju.frontrunner.entity import DeclaredStandard, Enterprise, Evidence, Product
from guiju.frontrunner.library.checks import checked
from guiju.frontrunner.library.columns import CORE, TABLES
from guiju.frontrunner.library.hashing import library_hash
from guiju.frontrunner.library.opened import laid_out, open_tables
from guiju.frontrunner.library.properties import Properties, methods_kept
from guiju.frontrunner.library.quality import Quality
from guiju.frontrunner.library.told import Telling
from guiju.frontrunner.library.typed import Typed, declared_columns, make, source_of, typed
from guiju.records.mapping import Mapping as ColumnMapping
from guiju.records.mapping import load_mapping
from guiju.records.packed import EXPANDED_MAX
from guiju.records.source import Progress, Source, identifier, replace
from guiju.standard.dictionary import Dictionary
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 10_000
STEPS = 2 * len(TABLES) + 3
"""How often `read_library` tells that a step is done, at most: each table read, each typed, all put together, checked, hashed."""


@dataclass(frozen=True)
class Library:
    """connection   of DuckDB, with the tables enterprises, standards, products and evidence
    products     the wide table as a source: columns product, enterprise, standard, edition, model, brand, title_zh, title_en, on_sale (DATE),
                 price (DECIMAL, yuan), markets (list of texts), then the declared values under their headers, as found
    mapping      property → its column, the unit there, and what its words mean
    enterprises  by code
    standards    by (number, edition)
    hash         sha256 of what the tables say, in whatever order and format they came
    quality      what was found of it
    """

    name: str
    connection: DuckDBPyConnection = field(repr=False)
    products: Source = field(repr=False)
    mapping: ColumnMapping = field(repr=False)
    enterprises: Mapping[str, Enterprise] = field(repr=False)
    standards: Mapping[tuple[str, str], DeclaredStandard] = field(repr=False)
    hash: str
    quality: Quality = field(repr=False)

    @property
    def illustrative(self) -> bool:
        """Whether any of its standards is made up, or put in place of one that was not seen."""
        return any(each.illustrative for each in self.standards.values())

    @property
    def evidence(self) -> Iterator[Evidence]:
        """Everything measured, in the order of the file, streamed."""
        return self.measured()

    def measured(self, products: Sequence[str] | None = None) -> Iterator[Evidence]:
        """What was measured of some products, or of all; rows without a readable value are left out (the quality tells them)."""
        wanted, values = ("", []) if products is None else ("AND product IN (SELECT unnest(?))", [list(products)])
        columns = "product, property, value, unit, u, measured, laboratory, report, method"
        for product, property_, value, unit, u, measured, *others in _rows(
            self.connection, f"SELECT {columns} FROM evidence WHERE value IS NOT NULL {wanted} ORDER BY row", values
        ):
            laboratory, report, method = (each or "" for each in others)
            size = Decimal(u) if u is not None else None
            yield Evidence(product or "", property_ or "", Decimal(value), unit or "", size, laboratory, report, measured, method)

    def product(self, key: str) -> Product | None:
        """The product of a key; the first, where several have it."""
        return next(self.some(f"product = {_quoted(key)}"), None)

    def some(self, condition: str = "true") -> Iterator[Product]:
        """Products for which an SQL condition on the table products holds, streamed."""
        query = f"SELECT {', '.join(identifier(name) for name in CORE)} FROM products WHERE {condition} ORDER BY row"
        for key, enterprise, standard, edition, model, brand, zh, en, on_sale, price, markets in _rows(self.connection, query, []):
            title = Title(zh or model or key or "", en or zh or model or key or "")
            shown = None if price is None else Decimal(f"{price.normalize():f}")
            yield Product(key or "", enterprise or "", standard or "", edition, model or "", brand or "", title, on_sale, shown, tuple(markets))


def read_library(
    path: Path, dictionary: Dictionary, *, name: str = "", mapping: Path | None = None, limit: int = EXPANDED_MAX, progress: Progress | None = None,
    step: Callable[[], None] = lambda: None,
) -> Library:  # fmt: skip
    """The library in a workbook, a folder, or a zip of a folder, with its quality; nothing is refused for what is wrong in its cells.

    mapping   says which column holds which property; None: `mapping.yaml` beside the tables where there is one, and the headers otherwise
    limit     bytes that a packed file may unpack to
    step      told after each step, from this thread: what it raises ends the reading
    raises    Refused: library-empty, library-table-missing, library-table-twice, library-column-missing, library-column-twice, archive-bomb,
              library-archive, library-members, and what `read_table`, `load_mapping` and `admit` find
    """
    import duckdb

    connection = duckdb.connect()
    with laid_out(path, limit) as (place, hidden):
        opened = open_tables(place, connection, progress, step)
        problems = Problems()
        for source in opened.sources.values():
            problems.extend(source.diagnostics)
        given = _given(mapping or opened.mapping, problems)
        found = _build(connection, opened.sources, dictionary, given, problems, name or path.stem, step)
        if hidden:  # whoever sent a zip knows nothing of the folder it lay in
            told = Quality(found.quality.tables, found.quality.counts, tuple(told_without(hidden, found.quality.diagnostics)))
            found = Library(**{**vars(found), "quality": told})
        _settle(connection, opened.sources)
    return found


def _given(path: Path | None, problems: Problems) -> ColumnMapping | None:
    if path is None:
        return None
    wrong = Problems()
    held = load_mapping(path, wrong)
    wrong.refuse_errors()
    problems.extend(wrong.found)
    return held


def _build(
    connection: DuckDBPyConnection, sources: Mapping[str, Source], dictionary: Dictionary, given: ColumnMapping | None, problems: Problems, name: str,
    step: Callable[[], None],
) -> Library:  # fmt: skip
    properties = Properties(dictionary)
    mapping, fields = declared_columns(sources["products"], properties, given, problems)
    made: dict[str, Typed] = {}
    for table in TABLES:
        if table.name in sources:
            is_wide = table.name == "products"
            held = typed(connection, sources[table.name], table, fields if is_wide else (), mapping if is_wide else ColumnMapping({}), problems)
            made[table.name] = held
            step()
    problems.refuse_errors()
    make(connection, made, properties)
    products = source_of(connection, sources["products"])
    enterprises, standards = entities(connection)
    step()
    quality = checked(Telling(connection, made, problems), fields, properties)
    step()
    hash_ = library_hash(connection, products, mapping)
    step()
    return Library(name, connection, products, mapping, enterprises, standards, hash_, quality)


def _settle(connection: DuckDBPyConnection, sources: Mapping[str, Source]) -> None:
    """Drops what only the making needed; the files may go."""
    for name, source in sources.items():
        for each in (source.table, f"typed {name}", f"typed {name}_bad", f"typed {name}_repeated"):
            replace(connection, each)
    for each in ("words", "evidence_units"):
        replace(connection, each)


def entities(connection: DuckDBPyConnection) -> tuple[dict[str, Enterprise], dict[tuple[str, str], DeclaredStandard]]:
    """The enterprises by code and the standards by number and edition, of the tables of a connection; of a repeated key the first."""
    return _enterprises(connection), _standards(connection)


def _enterprises(connection: DuckDBPyConnection) -> dict[str, Enterprise]:
    found: dict[str, Enterprise] = {}
    for code, zh, en, region in _rows(connection, "SELECT code, title_zh, title_en, region FROM enterprises WHERE code IS NOT NULL ORDER BY row", []):
        found.setdefault(code, Enterprise(code, Title(zh or code, en or zh or code), region or ""))
    return found


def _standards(connection: DuckDBPyConnection) -> dict[tuple[str, str], DeclaredStandard]:
    found: dict[tuple[str, str], DeclaredStandard] = {}
    query = 'SELECT number, edition, enterprise, title_zh, title_en, published, status, "references", methods, illustrative FROM standards'
    for number, edition, enterprise, zh, en, published, status, references, methods, illustrative in _rows(
        connection, f"{query} WHERE number IS NOT NULL ORDER BY row", []
    ):
        title, held = Title(zh or number, en or zh or number), methods_kept(methods or "")
        declared = DeclaredStandard(number, edition, enterprise or "", title, published, status or "current", tuple(references), held, illustrative)
        found.setdefault((number, edition), declared)
    return found


def _rows(connection: DuckDBPyConnection, query: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.execute(query, values)
    while fetched := cursor.fetchmany(_FETCHED):
        yield from fetched


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
