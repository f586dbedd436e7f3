"""Held: a revision of a library of the store as the population thresholds are derived from, and as what the effect of a standard is told from.

Enterprises are called by their names, by their codes too where two have one name. A product whose library says no day on sale may be dated by
the publication of the standard it implements: the column `published` has that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.authoring.asked import Bring
from guiju.frontrunner.library.kept import Listed, libraries, library_of, revisions
from guiju.records.mapping import About, mapping_yaml
from guiju.records.source import Column, Source, file_literal, identifier, literal
from guiju.standard.model import Title
from guiju.store.database import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PUBLISHED = "published"
ROWS_MAX = 1_000_000
"""Rows of a library that are taken as a population, at most."""


@dataclass(frozen=True, slots=True)
class Named:
    """A revision of a library by its name. illustrative: as the library says of the standards in it"""

    name: str
    revision: int
    hash: str
    illustrative: bool

    @property
    def word(self) -> str:
        return f"{self.name}@{self.revision}"

    @property
    def title(self) -> Title:
        return Title(f"标准库「{self.name}」第 {self.revision} 版", f"library {self.name}, revision {self.revision}")


def named(store: Store, word: str) -> Named:
    """The revision that `NAME@REVISION` means; `NAME` means the newest.

    raises   Refused: library-unknown, library-revision
    """
    known = {each.name for each in libraries(store)}
    name, sign, number = (word.strip(), "", "") if word.strip() in known else word.strip().rpartition("@")
    if not sign or not number.isdecimal():
        name, number = word.strip(), ""
    held = revisions(store, name)
    found = held[0] if not number else next((each for each in held if each.revision == int(number)), None)
    if found is None:
        raise Refused([Diagnostic("library-revision", None, {"name": name, "revision": number, "newest": str(held[0].revision)})])
    return _named(found)


def every_revision(store: Store, word: str) -> list[Named]:
    """Every revision of a library up to the one that is named, the oldest first.

    raises   Refused: library-unknown, library-revision
    """
    last = named(store, word)
    return [_named(each) for each in reversed(revisions(store, last.name)) if each.revision <= last.revision]


def choices(store: Store) -> list[tuple[str, str, int, bool]]:
    """(word, name, rows, illustrative) of the newest revision of each library, by name."""
    return [(f"{each.name}@{each.revision}", each.name, each.rows.get("products", 0), each.illustrative) for each in libraries(store)]


def _named(each: Listed) -> Named:
    return Named(each.name, each.revision, each.hash, each.illustrative)


def of_library(store: Store, held: Named, folder: Path) -> Bring:
    """What reads a revision of a library. folder: there as long as it is read

    raises   Refused, when it is read: authoring-library-large, store-file-missing, store-file-altered
    """

    def bring(connection: DuckDBPyConnection) -> tuple[Source, Path | None]:
        found = library_of(store, held.name, held.revision)
        try:
            if found.products.rows > ROWS_MAX:
                facts = {"name": held.word, "found": f"{found.products.rows:,}", "most": f"{ROWS_MAX:,}"}
                raise Refused([Diagnostic("authoring-library-large", None, facts)])
            file = folder / "population.parquet"
            added = _free([each.at for each in found.products.columns])
            found.connection.execute(f"COPY ({_query(added)}) TO {literal(str(file))} (FORMAT parquet)")
            ((dated, published),) = found.connection.execute(f"SELECT count(on_sale), count({identifier(added)}) FROM ({_query(added)})").fetchall()
        finally:
            found.connection.close()
        connection.execute(f"CREATE VIEW records AS SELECT * FROM read_parquet({file_literal(file)})")
        columns = [each for each in found.products.columns if each.at != "on_sale" or dated]
        columns.append(Column(_header(columns), added, "DATE"))
        said = () if dated or not published else (Diagnostic("effect-published", None, {"name": held.word}),)
        about = found.mapping.about
        title = Title(f"{held.title.zh}：{about.title.zh}", f"{held.title.en}: {about.title.en}") if about else held.title
        mapping = replace(found.mapping, about=About(title, about.terms if about else "", about.notes if about else ()))
        (folder / "mapping.yaml").write_text(mapping_yaml(mapping), encoding="utf-8")
        source = replace(found.products, path=Path(held.word), table="records", columns=tuple(columns), diagnostics=said)
        return source, folder / "mapping.yaml"

    return bring


def _free(taken: Sequence[str]) -> str:
    """A name that no column of the library has."""
    folded = {each.casefold() for each in taken}
    return next(name for n in range(len(taken) + 1) if (name := f"{PUBLISHED}{n or ''}") not in folded)


def _header(columns: Sequence[Column]) -> str:
    folded = {each.name.casefold() for each in columns}
    return next(name for name in (PUBLISHED, f"standards.{PUBLISHED}", f"standards.{PUBLISHED}.") if name not in folded)


def _query(added: str) -> str:
    """The products with the names of their enterprises, and the day their standards were published; of what is repeated the first counts."""
    return (
        "SELECT p.* REPLACE (coalesce(e.title, p.enterprise) AS enterprise), s.published AS " + identifier(added) + " FROM products p "
        "LEFT JOIN (SELECT code, CASE WHEN count(*) OVER (PARTITION BY title_zh) > 1 THEN title_zh || ' ' || code ELSE title_zh END AS title FROM "
        "(SELECT code, arg_min(title_zh, row) AS title_zh FROM enterprises WHERE code IS NOT NULL GROUP BY code)) e ON e.code = p.enterprise "
        "LEFT JOIN (SELECT number, edition, arg_min(published, row) AS published FROM standards GROUP BY number, edition) s "
        "ON s.number = p.standard AND s.edition IS NOT DISTINCT FROM p.edition ORDER BY p.row"
    )
