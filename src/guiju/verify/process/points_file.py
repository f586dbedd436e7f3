"""Points from a file: YAML as shipped, or a table with a row for each capability. Every problem is told at once, and nothing is taken half."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Problems, Span
from guiju.records.headers import parse_header
from guiju.records.read import read_table
from guiju.records.source import identifier
from guiju.records.text import line_span
from guiju.standard.document import Fields, Listing, Scalar, load
from guiju.standard.shape import Key, MapOf, Shape, read
from guiju.verify.process.point import SOURCE, Known, Point, Source, item_of, point_of, source_of

FILE = Shape("points", {"sources": Key(MapOf(SOURCE), True), "points": Key(MapOf("tree"), True)}, "验证点")
YAML = (".yaml", ".yml")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("代码", "code"), "zh": ("名称", "中文名称", "zh"), "en": ("英文名称", "name", "en"), "holder_zh": ("承担单位", "单位", "holder_zh"),
    "holder_en": ("承担单位英文", "holder", "holder_en"), "field": ("领域", "field"), "holds": ("方向", "holds"), "region": ("地区", "region"),
    "organisation": ("机构", "organisation"), "batch": ("批次", "batch"), "methods": ("验证方式", "methods"), "laboratory": ("实验室", "laboratory"),
    "laboratory_en": ("实验室英文", "laboratory_en"), "property": ("性质", "property"), "method": ("方法", "试验方法", "method"),
    "low": ("下限", "low"), "high": ("上限", "high"), "unit": ("单位符号", "计量单位", "unit"), "expanded": ("扩展不确定度", "expanded"),
    "k": ("包含因子", "k"), "until": ("有效期", "until"), "source": ("来源", "source"), "address": ("网址", "address"), "grade": ("等级", "grade"),
    "read": ("读取日期", "read"),
}  # fmt: skip
"""What a column can be → the headers that say so."""
NEEDED = ("code", "zh", "holder_zh", "region", "source", "grade")
OWN = ("zh", "en", "holder_zh", "holder_en", "field", "holds", "region", "organisation", "batch", "methods", "source", "address", "grade", "read")
"""What is said of the point and not of a capability: the same in each of its rows, or only in the first."""
ABLE = ("property", "method", "low", "high", "unit", "expanded", "k", "until")


def read_points(path: Path, known: Known) -> list[Point]:
    """The points of a file, all of them sound.

    raises   Refused, with every problem of every point
    """
    problems = Problems()
    found = _yaml(path, known, problems) if path.suffix.lower() in YAML else _table(path, known, problems)
    problems.refuse_errors()
    return found


def _yaml(path: Path, known: Known, problems: Problems) -> list[Point]:
    raw = read(load(path, problems).root, FILE, problems)
    if raw is None:
        return []
    sources = {}
    for key, values in raw["sources"].values():
        source = source_of(values, problems)
        if source is not None:
            sources[key.text] = source, {name: scalar.text for name, scalar in values.items() if name}
    found = [point_of(key, item, sources, known, problems) for key, item in raw["points"].values()]
    return [each for each in found if each is not None]


def point_kept(code: str, body: Mapping[str, Any], known: Known) -> Point:
    """A point as the store or a request has it, its source in full under `source`.

    raises   Refused, with every problem
    """
    problems, span = Problems(), Span(code, 1, 1, 1, 2)
    said = body.get("source")
    texts = {name: str(text) for name, text in said.items()} if isinstance(said, Mapping) else {}
    raw = read(item_of(texts, span), SOURCE, problems)
    source = source_of(raw, problems) if raw is not None else None
    sources: dict[str, tuple[Source, Mapping[str, str]]] = {} if source is None else {"source": (source, texts)}
    found = None if source is None else point_of(Scalar(code, span, None), item_of({**body, "source": "source"}, span), sources, known, problems)
    problems.refuse_errors()
    assert found is not None, "what is not sound has a problem"
    return found


def _table(path: Path, known: Known, problems: Problems) -> list[Point]:
    """Rows of one code are one point; its laboratories are those its rows name."""
    rows: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, row in _rows(path, problems):
        if "code" in row:
            rows.setdefault(row["code"], []).append((line, row))
        elif row:
            problems.add("point-cell-missing", line_span(path, line), column=COLUMNS["code"][0])
    found = [_of_rows(path, code, several, known, problems) for code, several in rows.items()]
    return [each for each in found if each is not None]


def _rows(path: Path, problems: Problems) -> list[tuple[int, dict[str, str]]]:
    """(line, what each cell that is not empty says) of every row.

    raises   Refused: what `read_table` finds; point-column, every column that is needed and not there
    """
    import duckdb

    with duckdb.connect() as connection:
        source = read_table(path, connection, "points")
        at = {}
        for name, words in COLUMNS.items():
            column = next((c for word in words for c in source.columns if word in (c.name.strip().casefold(), parse_header(c.name).stem)), None)
            if column is not None:
                at[name] = column.at
            elif name in NEEDED:
                problems.add("point-column", None, column=" / ".join(words), file=path, known=", ".join(c.name for c in source.columns))
        problems.refuse_errors()
        cells = ", ".join(f"CAST({identifier(each)} AS VARCHAR)" for each in at.values())
        found = connection.execute(f"SELECT row, line, {cells} FROM {identifier(source.table)} ORDER BY row").fetchall()
    rows = [(int(line or row), zip(at, texts, strict=True)) for row, line, *texts in found]
    return [(line, {name: text.strip() for name, text in cells if text and text.strip()}) for line, cells in rows]


def _of_rows(path: Path, code: str, rows: Sequence[tuple[int, dict[str, str]]], known: Known, problems: Problems) -> Point | None:
    first_line, first = rows[0]
    place, before = line_span(path, first_line), len(problems)
    for name in NEEDED:
        if name not in first:
            problems.add("point-cell-missing", place, column=COLUMNS[name][0])
    for line, row in rows[1:]:
        for name in OWN:
            if name in row and row[name] != first.get(name):
                facts = {"point": code, "column": COLUMNS[name][0], "text": row[name], "first": first.get(name, "–")}
                problems.add("point-row-differs", line_span(path, line), **facts)
    if len(problems) > before:
        return None
    labs: dict[str, dict[str, str]] = {}
    able = []
    for line, row in rows:
        if "laboratory" in row:
            name = row["laboratory"]
            labs[name] = {"zh": name, "en": row.get("laboratory_en", name)}
        if "property" in row:
            able.append((line, {part: row[part] for part in (*ABLE, "laboratory") if part in row}))
    texts: dict[str, str] = {name: first[name] for name in ("zh", "field", "region", "organisation", "batch") if name in first}
    texts |= {"en": first.get("en", first["zh"]), "source": "source"}
    several = {name: _words(first[name]) for name in ("holds", "methods") if name in first}
    holder = {"zh": first["holder_zh"], "en": first.get("holder_en", first["holder_zh"])}
    whole = item_of({**texts, **several, "holder": holder, "laboratories": labs}, place)
    assert isinstance(whole, Fields)
    listed = tuple(item_of(each, line_span(path, line)) for line, each in able)
    item = Fields((*whole.entries, *(((Scalar("capabilities", place, None), Listing(listed, place)),) if listed else ())), place)
    said: dict[str, str] = {"title": first["source"], **{name: first[name] for name in ("address", "grade", "read") if name in first}}
    raw = read(item_of(said, place), SOURCE, problems)
    source = source_of(raw, problems) if raw else None
    return point_of(Scalar(code, place, None), item, {"source": (source, said)}, known, problems) if source else None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("、", ",").replace("，", ",").split(",") if word.strip()]
