"""Gathered: what the zone shows, brought together from public libraries and the certificates that were issued: looked up, filtered, paged.

Lists are by brand, model and identifier, an order that says nothing of who is better.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.rounding import parse_number
from guiju.base.units import UnknownUnit, parse_unit
from guiju.frontrunner.entity import DeclaredStandard, Enterprise, Evidence, Product
from guiju.frontrunner.library.library import Library
from guiju.frontrunner.zone.held import Certificate, Held, Known, Value
from guiju.frontrunner.zone.named import Names
from guiju.frontrunner.zone.words import variants
from guiju.records.mapping import Entry, found_column
from guiju.records.source import identifier, literal
from guiju.standard.dictionary import NOT_NUMBERS, Dictionary
from guiju.standard.model import Title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SEPARATOR, PER_PAGE = ":", 50
_TEXTS = ("id", "library", "key", "enterprise", "enterprise_zh", "enterprise_en", "region", "standard", "edition", "model", "brand", "zh", "en")
_PRODUCT = {**dict.fromkeys(_TEXTS, "VARCHAR"), "price": "DECIMAL(18, 4)", "illustrative": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty: by nothing.

    words      each found in the name, brand, model, enterprise or standard
    indicator  with `level`: a valid certificate gives it at least this level (1 is the best)
    certified  `valid`: with a valid certificate; `any`: with one, whatever became of it
    """

    words: tuple[str, ...] = ()
    scheme: str = ""
    indicator: str = ""
    level: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    region: str = ""
    brand: str = ""
    enterprise: str = ""
    certified: str = "valid"


@dataclass(frozen=True, slots=True)
class Row:
    """A product in a list. certificates: those it carries"""

    id: str
    name: Title
    brand: str
    model: str
    enterprise: str
    enterprise_title: Title
    region: str
    standard: str
    edition: str
    price: Decimal | None
    illustrative: bool
    certificates: tuple[Certificate, ...]


def price_of(text: str) -> Decimal | None:
    """A price as it is compared, to a hundredth of a fen; None where nothing is said.

    raises   Refused: not-a-number, also where no price is so high
    """
    try:
        found = Decimal(text) if text else None
    except InvalidOperation:
        found = Decimal("NaN")
    if found is not None and not (found.is_finite() and found.adjusted() < 12):
        raise Refused([Diagnostic("not-a-number", None, {"text": text[:100]})])
    return None if found is None else found.quantize(Decimal("0.0001"))


@dataclass(frozen=True)
class Gathered:
    """libraries      by name
    certificates   by id, the newest first
    of_product     product id → certificates it carries
    """

    libraries: Mapping[str, Library]
    certificates: Mapping[str, Certificate]
    of_product: Mapping[str, tuple[Certificate, ...]]
    held: Held
    dictionary: Dictionary
    connection: DuckDBPyConnection = field(repr=False)

    def rows(self, wanted: Wanted, page: int = 1, per_page: int = PER_PAGE) -> tuple[list[Row], int]:
        """A page of the products wanted, and how many there are."""
        condition, values = _condition(wanted)
        cursor = _quiet(self.connection)
        ((total,),) = cursor.execute(f"SELECT count(*) FROM product p WHERE {condition}", values).fetchall()
        columns = "id, zh, en, brand, model, enterprise, enterprise_zh, enterprise_en, region, standard, edition, price, illustrative"
        query = f"SELECT {columns} FROM product p WHERE {condition} ORDER BY brand, model, id LIMIT {per_page} OFFSET {(page - 1) * per_page}"
        return [self._row(each) for each in cursor.execute(query, values).fetchall()], int(total)

    def _row(self, each: Sequence[Any]) -> Row:
        id_, zh, en, brand, model, enterprise, enterprise_zh, enterprise_en, region, standard, edition, price, illustrative = each
        shown = None if price is None else Decimal(f"{price.normalize():f}")
        return Row(id_, Title(zh, en), brand, model, enterprise, Title(enterprise_zh, enterprise_en), region, standard, edition, shown,
                   bool(illustrative), self.of_product.get(id_, ()))  # fmt: skip

    def choices(self, column: str, most: int = 500) -> list[tuple[str, int]]:
        """The values of brand or region with how many products have each, by value."""
        query = f"SELECT {identifier(column)}, count(*) FROM product WHERE {identifier(column)} <> '' GROUP BY 1 ORDER BY 1 LIMIT {most}"
        return [(str(value), int(count)) for value, count in _quiet(self.connection).execute(query).fetchall()]

    def count(self, condition: str = "true", values: Sequence[Any] = ()) -> int:
        ((found,),) = _quiet(self.connection).execute(f"SELECT count(*) FROM product p WHERE {condition}", list(values)).fetchall()
        return int(found)

    def enterprise(self, code: str) -> Enterprise | None:
        return next((library.enterprises[code] for library in self.libraries.values() if code in library.enterprises), None)

    def standards(self, enterprises: Iterable[str]) -> list[DeclaredStandard]:
        """Standards these enterprises declare, by number and edition."""
        codes = set(enterprises)
        found = {(s.number, s.edition): s for library in self.libraries.values() for s in library.standards.values() if s.enterprise in codes}
        return [found[key] for key in sorted(found)]

    def standard(self, number: str, edition: str) -> DeclaredStandard | None:
        return next((library.standards[number, edition] for library in self.libraries.values() if (number, edition) in library.standards), None)

    def known(self, id_: str) -> Known | None:
        return self.held.load([id_]).get(id_)


def gather(libraries: Sequence[Library], certificates: Sequence[Certificate], dictionary: Dictionary, before: Gathered | None = None) -> Gathered:
    """What the zone shows of these. It takes some seconds for 10⁶ products and is kept until something changes.

    before   gathered earlier: its names are kept where the libraries are the same
    """
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")  # on a slow machine DuckDB would draw one among what is printed
    connection.execute(f"CREATE TABLE product ({', '.join(f'{name} {type_}' for name, type_ in _PRODUCT.items())})")
    by_name = {each.name: each for each in libraries}
    with tempfile.TemporaryDirectory(prefix="guiju-zone-") as folder:
        for library in libraries:
            _bring(connection, library, Path(folder) / "products.parquet")
    by_id = {each.id: each for each in certificates}
    of_product = _marks(connection, certificates)
    properties = frozenset(property_ for each in libraries for property_ in _numbers(each, dictionary))
    same = before is not None and [*map(id, before.libraries.values())] == [*map(id, libraries)]
    names = before.held.names if before is not None and same else _names(connection)
    loader = _Loader(by_name, of_product, dictionary)
    return Gathered(by_name, by_id, of_product, Held(names, by_id, properties, loader.load), dictionary, connection)


def _names(connection: DuckDBPyConnection) -> Names:
    rows = connection.execute("SELECT id, brand, model, zh, en FROM product").fetchall()
    return Names(((id_, brand, model, [each for each in (zh, en) if each]) for id_, brand, model, zh, en in rows), variants())


def _quiet(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """A cursor of its own, that draws no bar."""
    cursor = connection.cursor()
    cursor.execute("SET enable_progress_bar = false")
    return cursor


def _bring(connection: DuckDBPyConnection, library: Library, file: Path) -> None:
    """The products of a library, each once, through a file: two databases have no table in common."""
    name = literal(library.name)
    query = f"""
        SELECT {name} || '{SEPARATOR}' || p.product AS id, {name} AS library, p.product AS key, coalesce(p.enterprise, '') AS enterprise,
            coalesce(e.title_zh, p.enterprise, '') AS enterprise_zh, coalesce(e.title_en, e.title_zh, p.enterprise, '') AS enterprise_en,
            coalesce(e.region, '') AS region, coalesce(p.standard, '') AS standard, coalesce(p.edition, '') AS edition,
            coalesce(p.model, '') AS model, coalesce(p.brand, '') AS brand, coalesce(p.title_zh, p.model, p.product) AS zh,
            coalesce(p.title_en, p.title_zh, p.model, p.product) AS en, p.price AS price, coalesce(s.illustrative, false) AS illustrative
        FROM (SELECT DISTINCT ON (product) * FROM products WHERE product IS NOT NULL ORDER BY product, row) p
        LEFT JOIN (SELECT DISTINCT ON (code) code, title_zh, title_en, region FROM enterprises ORDER BY code, row) e ON e.code = p.enterprise
        LEFT JOIN (SELECT DISTINCT ON (number, edition) number, edition, illustrative FROM standards ORDER BY number, edition, row) s
            ON s.number = p.standard AND s.edition = p.edition"""
    _quiet(library.connection).execute(f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet)")
    connection.execute(f"INSERT INTO product SELECT {', '.join(_PRODUCT)} FROM read_parquet({literal(str(file))})")


def _marks(connection: DuckDBPyConnection, certificates: Sequence[Certificate]) -> Mapping[str, tuple[Certificate, ...]]:
    """Table `mark`: which product carries which certificate. A certificate is of the models of an enterprise that implement its standard."""
    connection.execute("CREATE TABLE named (certificate VARCHAR, enterprise VARCHAR, standard VARCHAR, edition VARCHAR, model VARCHAR)")
    connection.execute("CREATE TABLE given (certificate VARCHAR, model VARCHAR, scheme VARCHAR, state VARCHAR, indicator VARCHAR, level INTEGER)")
    named = [(each.id, each.enterprise, each.standard, each.edition, model) for each in certificates for model in each.models]
    given = [(each.id, model, each.scheme_id, each.state, name, level) for each in certificates for model in each.models
             for name, level in (*each.of(model).levels.items(), ("", each.of(model).level))]  # fmt: skip
    for table, rows, types in (("named", named, "VVVVV"), ("given", given, "VVVVVI")):
        if rows:
            columns = ", ".join(f"unnest(?::{'VARCHAR' if kind == 'V' else 'INTEGER'}[])" for kind in types)
            connection.execute(f"INSERT INTO {table} SELECT {columns}", [list(column) for column in zip(*rows, strict=True)])
    connection.execute("""CREATE TABLE mark AS SELECT p.id, n.certificate, n.model FROM named n JOIN product p
        ON p.enterprise = n.enterprise AND p.standard = n.standard AND p.edition = n.edition AND p.model = n.model""")
    by_id, found = {each.id: each for each in certificates}, dict[str, list[Certificate]]()
    for id_, certificate in connection.execute("SELECT id, certificate FROM mark").fetchall():
        found.setdefault(id_, []).append(by_id[certificate])
    order = {each.id: n for n, each in enumerate(certificates)}
    return {id_: tuple(sorted(each, key=lambda c: (not c.is_valid, order[c.id]))) for id_, each in found.items()}


def _condition(wanted: Wanted) -> tuple[str, list[Any]]:
    parts, values = ["true"], list[Any]()
    for word in wanted.words:
        parts.append("contains(lower(concat_ws(' ', zh, en, brand, model, enterprise, enterprise_zh, enterprise_en, standard)), ?)")
        values.append(word.lower())
    for column in ("region", "brand", "enterprise"):
        if getattr(wanted, column):
            parts.append(f"p.{column} = ?")
            values.append(getattr(wanted, column))
    for sign, bound in ((">=", wanted.low), ("<=", wanted.high)):
        if bound is not None:
            parts.append(f"price {sign} CAST(? AS DECIMAL(18, 4))")
            values.append(str(bound))
    marks = []
    if wanted.certified == "valid" or wanted.level is not None:
        marks.append("g.state = 'valid'")
    for column, asked in (("scheme", wanted.scheme), ("indicator", wanted.indicator)):
        if asked:
            marks.append(f"g.{column} = ?")
            values.append(asked)
    if wanted.level is not None:
        marks.append("g.level <= ?" + ("" if wanted.indicator else " AND g.indicator = ''"))
        values.append(wanted.level)
    if marks or wanted.certified == "any":
        given = "mark m JOIN given g ON g.certificate = m.certificate AND g.model = m.model"
        parts.append(f"EXISTS (FROM {given} WHERE m.id = p.id AND {' AND '.join(marks or ['true'])})")
    return " AND ".join(parts), values


# what is known of products


def _numbers(library: Library, dictionary: Dictionary) -> dict[str, tuple[Entry, str]]:
    """Property → its entry, and its column in the table of products, for the declared values that are numbers."""
    found = {}
    for name, entry in library.mapping.inputs.items():
        id_ = entry.is_ or name
        known, column = dictionary.get(id_), found_column(entry.column, library.products.columns) if entry.column else None
        if known is not None and known.unit is not None and known.kind not in NOT_NUMBERS and column is not None:
            found[id_] = (entry, column.at)
    return found


class _Loader:
    """Loads what is known of products from their libraries. One question at a time: a library is one database."""

    def __init__(self, libraries: Mapping[str, Library], of_product: Mapping[str, tuple[Certificate, ...]], dictionary: Dictionary) -> None:
        self.libraries, self.of_product, self.dictionary = libraries, of_product, dictionary
        self.turn = threading.Lock()

    def load(self, ids: Sequence[str]) -> Mapping[str, Known]:
        by_library: dict[str, list[str]] = {}
        for id_ in ids:
            name, _, key = id_.partition(SEPARATOR)
            by_library.setdefault(name, []).append(key)
        with self.turn:
            return {f"{name}{SEPARATOR}{key}": known for name, keys in by_library.items() if name in self.libraries
                    for key, known in self._known(self.libraries[name], keys).items()}  # fmt: skip

    def _known(self, library: Library, keys: Sequence[str]) -> dict[str, Known]:
        listed = ", ".join(literal(key) for key in keys)
        products = dict[str, Product]()
        for each in library.some(f"product IN ({listed})"):
            products.setdefault(each.key, each)
        values = self._declared(library, listed, products)
        for evidence in library.measured(keys):
            made = _measured(evidence, self.dictionary)
            if made is not None and evidence.product in values:
                values[evidence.product].append(made)
        found = {}
        for key, product in products.items():
            declared = library.standards.get((product.standard, product.edition or ""))
            enterprise = library.enterprises.get(product.enterprise)
            carried = self.of_product.get(f"{library.name}{SEPARATOR}{key}", ())
            certified = [value for each in carried if each.is_valid for value in each.of(product.model or "").values]
            found[key] = Known(product, enterprise.title if enterprise else Title(product.enterprise, product.enterprise),
                               enterprise.region if enterprise else "", bool(declared and declared.illustrative),
                               (*certified, *values[key]), carried, library.name)  # fmt: skip
        return found

    def _declared(self, library: Library, listed: str, products: Mapping[str, Product]) -> dict[str, list[Value]]:
        """Declared values, as they are written in their cells; what is no number there is none."""
        numbers = _numbers(library, self.dictionary)
        values: dict[str, list[Value]] = {key: [] for key in products}
        columns = "".join(f", CAST({identifier(at)} AS VARCHAR)" for _, at in numbers.values())
        query = f"SELECT DISTINCT ON (product) product{columns} FROM products WHERE product IN ({listed}) ORDER BY product, row"
        for key, *cells in _quiet(library.connection).execute(query).fetchall():
            product = products[key]
            cited = f"{product.standard}-{product.edition}" if product.edition else product.standard
            for (property_, (entry, _)), cell in zip(numbers.items(), cells, strict=True):
                number, unit = parse_number(cell) if cell else None, entry.unit or self.dictionary[property_].unit
                if number is not None and unit is not None:
                    values[key].append(Value(property_, number, unit, "declared", cited))
        return values


def _measured(each: Evidence, dictionary: Dictionary) -> Value | None:
    """A value of the evidence; None where its property or unit is not known, or they do not go together."""
    known = dictionary.get(each.property)
    if known is None or known.unit is None:
        return None
    try:
        unit = parse_unit(each.unit) if each.unit else known.unit
    except UnknownUnit:
        return None
    u = None if each.u is None else Fraction(each.u)
    made = Value(each.property, Fraction(each.value), unit, "measured", each.report, u, each.laboratory, each.method, each.measured)
    return made if unit.same_dimension(known.unit) else None
