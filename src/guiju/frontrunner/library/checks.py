"""Checks of a library as it was read: all problems at once, each with its file, sheet, row and column, the first of each kind listed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from guiju.base.diagnostics import Diagnostic
from guiju.frontrunner.library.columns import ENTERPRISES, EVIDENCE, PRODUCTS, STANDARDS, Table
from guiju.frontrunner.library.credit_code import is_valid, looks_like_one, meant
from guiju.frontrunner.library.lookalike import lookalikes, oddities
from guiju.frontrunner.library.measured import evidence_checks
from guiju.frontrunner.library.properties import Properties, methods_of
from guiju.frontrunner.library.quality import ColumnQuality, Quality, TableQuality, counted
from guiju.frontrunner.library.told import Telling
from guiju.frontrunner.library.typed import Typed
from guiju.records.source import identifier, literal
from guiju.standard.model import Input

_FORM = re.compile(r"Q/\S+( \S+)*")


def checked(telling: Telling, fields: Sequence[Input], properties: Properties) -> Quality:
    """The quality of a library whose tables stand in the connection.

    telling   what was found before, which the quality tells too
    fields    the declared values, as the door asked them
    """
    for held in telling.made.values():
        _door(telling, held)
    _keys(telling)
    _references(telling)
    _codes(telling)
    _standards(telling, properties)
    _names(telling)
    if EVIDENCE.name in telling.made:
        evidence_checks(telling, fields, properties)
    telling.tell_more()
    found = telling.problems.found
    return Quality(tuple(_table(each) for each in telling.made.values()), counted(found, telling.counts), found)


def _table(held: Typed) -> TableQuality:
    core = {column.name for column in held.table.columns}
    columns = tuple(
        ColumnQuality(each.column or "", each.asked.name, each.present, each.missing, sum(each.bad.values()), each.asked.name not in core)
        for each in held.door.inputs
        if each.entry is None or each.column is not None
    )
    return TableQuality(held.table.name, held.door.rows, columns)


def _door(telling: Telling, held: Typed) -> None:
    """Cells that cannot be read, as the door tells them; of columns that no file has the table's own check speaks."""
    place = telling.file(held.table)
    for each in held.door.diagnostics():
        if each.code not in ("input-without-column", "more-bad-cells"):
            telling.problems.extend([Diagnostic(each.code, each.span and replace(each.span, file=place), each.facts)])
    for quality in held.door.inputs:
        for code, count in quality.bad.items():
            telling.counts[code] = telling.counts.get(code, 0) + count


def _keys(telling: Telling) -> None:
    for table, column in ((ENTERPRISES, "code"), (STANDARDS, "number"), (PRODUCTS, "product"), (EVIDENCE, "product")):
        telling.missing(table, column, "library-key-missing")
    for table in (ENTERPRISES, STANDARDS, PRODUCTS):
        key = " || '-' || ".join(identifier(name) for name in table.key)
        query = (
            f"SELECT min(row) AS row, min(line) AS line, {key} AS key, count(*) AS times FROM {table.name} "
            f"WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
        )
        telling.each("library-key-repeated", table, query, table.key[0])


def _references(telling: Telling) -> None:
    """What is referred to and is not there; a standard of another enterprise; products of standards that are not current."""
    for table in (STANDARDS, PRODUCTS):
        telling.missing(table, "enterprise", "library-key-missing")
        _unknown(telling, table, "enterprise", "t.enterprise", "SELECT code FROM enterprises WHERE code IS NOT NULL", ENTERPRISES)
    telling.missing(PRODUCTS, "standard", "library-key-missing")
    key = "t.standard || CASE WHEN t.edition = '' THEN '' ELSE '-' || t.edition END"
    known = "SELECT number || CASE WHEN edition = '' THEN '' ELSE '-' || edition END FROM standards WHERE number IS NOT NULL"
    _unknown(telling, PRODUCTS, "standard", key, known, STANDARDS)
    if EVIDENCE.name in telling.made:
        _unknown(telling, EVIDENCE, "product", "t.product", "SELECT product FROM products WHERE product IS NOT NULL", PRODUCTS)
    joined = f"FROM products AS t JOIN standards AS s ON s.number = t.standard AND s.edition = t.edition WHERE {key} IS NOT NULL"
    query = f"SELECT t.row, t.line, {key} AS key, s.enterprise AS owner, t.enterprise AS enterprise {joined} AND s.enterprise <> t.enterprise"
    telling.each("library-standard-of-other", PRODUCTS, query, "standard")
    telling.each(
        "library-standard-dead", PRODUCTS, f"SELECT t.row, t.line, {key} AS key, s.status AS status {joined} AND s.status <> 'current'", "standard"
    )


def _unknown(telling: Telling, table: Table, column: str, key: str, known: str, of: Table) -> None:
    query = f"SELECT t.row, t.line, {key} AS key FROM {table.name} AS t ANTI JOIN ({known}) AS k(known) ON k.known = {key} WHERE {key} IS NOT NULL"
    telling.each("library-reference-unknown", table, query, column, of_zh=of.title.zh, of_en=of.title.en)


def _codes(telling: Telling) -> None:
    rows = telling.connection.execute("SELECT row, line, code FROM enterprises WHERE code IS NOT NULL ORDER BY row").fetchall()
    own = [each for each in rows if not looks_like_one(each[2])]
    wrong = [each for each in rows if looks_like_one(each[2]) and not is_valid(each[2])]
    for row, line, code in telling.first("library-code-check", wrong):
        near = meant(code)
        hint = {"hint_zh": f"是不是 {near}？", "hint_en": f"did you mean {near}?"} if near else {}
        telling.add("library-code-check", ENTERPRISES, row, line, "code", key=code, **hint)
    for row, line, code in own[:1]:
        telling.add("library-code-own", ENTERPRISES, row, line, "code", key=code, count=len(own))


def _standards(telling: Telling, properties: Properties) -> None:
    """Numbers, editions and status of standards, what replaced them, and how they say their methods."""
    named = "number || CASE WHEN edition = '' THEN '' ELSE '-' || edition END"
    ((made_up,),) = telling.connection.execute("SELECT count(*) FROM standards WHERE illustrative").fetchall()
    if made_up:
        telling.problems.add("library-illustrative", None, count=made_up)
    telling.each("library-status-missing", STANDARDS, "SELECT row, line, '–' AS text FROM standards WHERE status IS NULL", "status")
    query = f"SELECT row, line, number AS key FROM standards WHERE NOT regexp_full_match(number, {literal(_FORM.pattern)})"
    telling.each("library-standard-form", STANDARDS, query, "number")
    telling.each("library-edition-missing", STANDARDS, "SELECT row, line, number AS key FROM standards WHERE edition = ''", "edition")
    query = (
        "SELECT min(row) AS row, min(line) AS line, number AS key, count(*) AS times, string_agg(edition, ', ' ORDER BY edition) AS editions "
        "FROM standards WHERE status = 'current' GROUP BY number HAVING count(DISTINCT edition) > 1"
    )
    telling.each("library-editions-current", STANDARDS, query, "edition")
    known = (
        f"SELECT {named} FROM standards WHERE number IS NOT NULL UNION SELECT number FROM standards WHERE status = 'current' AND number IS NOT NULL"
    )
    wrong = (
        "status = 'current' AND superseded_by IS NOT NULL OR status = 'superseded' AND superseded_by IS NULL "
        f"OR superseded_by = {named} OR superseded_by LIKE 'Q/%' AND superseded_by NOT IN ({known})"
    )
    query = f"SELECT row, line, {named} AS key, status, coalesce(superseded_by, '–') AS text FROM standards WHERE status IS NOT NULL AND ({wrong})"
    telling.each("library-superseded-by", STANDARDS, query, "superseded_by")
    query = 'SELECT t.row, s.line, t.methods FROM "typed standards" AS t JOIN standards AS s USING (row) WHERE t.methods IS NOT NULL ORDER BY t.row'
    rows = telling.connection.execute(query).fetchall()
    unread = [(row, line, text) for row, line, methods in rows for text in methods_of(methods, properties)[1]]
    for row, line, text in telling.first("library-methods", unread):
        telling.add("library-methods", STANDARDS, row, line, "methods", text=text)


def _names(telling: Telling) -> None:
    """Names of enterprises and brands that look alike and are not the same, or are odd by themselves."""
    for table, columns in ((ENTERPRISES, ("title_zh", "title_en")), (PRODUCTS, ("brand",))):
        held: set[str] = set()
        for column in columns:
            query = f"SELECT DISTINCT {column} FROM {table.name} WHERE {column} IS NOT NULL"
            held |= {name for (name,) in telling.connection.execute(query).fetchall()}
        zh, en = table.title.zh, table.title.en
        for group in telling.first("library-lookalike", lookalikes(held)):
            telling.problems.add("library-lookalike", None, names=", ".join(map(_visible, group)), zh=zh, en=en)
        for name in telling.first("library-odd-name", sorted(name for name in held if oddities(name))):
            telling.problems.add("library-odd-name", None, name=_visible(name), zh=zh, en=en)


def _visible(name: str) -> str:
    """A name with the code points of the characters that are not what they seem."""
    odd = "".join(f" U+{ord(c):04X}" for c in name if not c.isascii() and not "\u4e00" <= c <= "\u9fff" and oddities(name))
    return f"{name} [{odd.strip()}]" if odd else name
