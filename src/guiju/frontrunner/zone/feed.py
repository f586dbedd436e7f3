"""Feed: many texts at once, as rows of a table: which column holds the text, which the product it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.frontrunner.zone.checking import Checked
from guiju.records.headers import parse_header
from guiju.records.packed import refuse_bomb
from guiju.records.read import read_table
from guiju.records.source import identifier

ROWS_MAX = 10_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("文案", "宣传语", "宣传文案", "广告语", "广告", "描述", "卖点", "text", "copy", "description", "claim", "ad"),
    "product": ("产品编号", "产品", "product", "product_id", "key", "sku"),
    "brand": ("品牌", "brand"),
    "model": ("型号", "产品型号", "model"),
    "row": ("编号", "商品编号", "id", "item", "item_id"),
}
"""What a column can be → the headers it goes by."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a feed. id   as the feed has it, else its row number; product, brand, model: what the text is said to be about"""

    number: int
    id: str
    text: str
    product: str
    brand: str
    model: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a whole feed. texts: rows in which a claim was of that verdict, contradicted before unsupported before the others"""

    rows: int
    claims: Mapping[str, int]
    texts: Mapping[str, int]


def read_feed(path: Path) -> tuple[Line, ...]:
    """The rows of a feed, at most ROWS_MAX.

    raises   Refused: what `read_table` refuses, archive-bomb, zone-feed-columns, zone-feed-long, zone-feed-empty
    """
    import duckdb

    refuse_bomb(path)
    with duckdb.connect() as connection:
        source = read_table(path, connection, "feed")
        found = {name: next((c.name for c in source.columns if parse_header(c.name).folded in {parse_header(w).folded for w in words}), None)
                 for name, words in COLUMNS.items()}  # fmt: skip
        if found["text"] is None:
            known = ", ".join(COLUMNS["text"])
            raise Refused([Diagnostic("zone-feed-columns", None, {"found": ", ".join(c.name for c in source.columns[:12]), "known": known})])
        chosen = ", ".join("NULL" if column is None else f"CAST({identifier(column)} AS VARCHAR)" for column in found.values())
        rows = connection.execute(f"SELECT {chosen} FROM {identifier(source.table)} ORDER BY row LIMIT {ROWS_MAX + 1}").fetchall()
    if len(rows) > ROWS_MAX:
        raise Refused([Diagnostic("zone-feed-long", None, {"most": str(ROWS_MAX)})])
    if not rows:
        raise Refused([Diagnostic("zone-feed-empty", None, {})])
    return tuple(_line(number, dict(zip(found, (each or "" for each in row), strict=True))) for number, row in enumerate(rows, 1))


def _line(number: int, cells: Mapping[str, str]) -> Line:
    return Line(number, cells["row"].strip() or str(number), cells["text"], cells["product"].strip(), cells["brand"].strip(), cells["model"].strip())


Check = Callable[[Line], Checked]


WORST = ("contradicted", "unsupported", "unverifiable", "not-understood", "confirmed")


def tally(lines: Sequence[Line], check: Check) -> Tally:
    """How many claims, and how many texts, are of each verdict. A text counts by its worst claim; one without claims by none."""
    claims: dict[str, int] = dict.fromkeys(WORST, 0)
    texts: dict[str, int] = {**claims, "none": 0}
    for line in lines:
        found = check(line)
        for each in found.findings:
            claims[each.verdict] += 1
        texts[worst(found) or "none"] += 1
    return Tally(len(lines), claims, texts)


def worst(checked: Checked) -> str | None:
    """The verdict a text goes by: that of its worst claim; None where it makes none."""
    there = {each.verdict for each in checked.findings}
    return next((verdict for verdict in WORST if verdict in there), None)


def table(lines: Sequence[Line], check: Check, language: str) -> Iterator[tuple[str, ...]]:
    """A row for each claim, the heads first: what a sales system takes back in."""
    zh = ("行", "编号", "说法", "起", "止", "结论", "说明", "依据", "证书")
    en = ("row", "id", "claim", "start", "end", "verdict", "why", "rests on", "certificates")
    yield zh if language == "zh" else en
    for line in lines:
        found = check(line)
        for each in found.findings:
            rests = "; ".join(f"{c.value.origin} {c.value.cited}: {c.text.zh if language == 'zh' else c.text.en}" for c in each.rests_on)
            why = each.why.zh if language == "zh" else each.why.en
            claim = found.text[each.claim.start : each.claim.end]
            yield (str(line.number), line.id, claim, str(each.claim.start), str(each.claim.end), each.verdict, why, rests,
                   " ".join(c.id for c in each.certificates))  # fmt: skip
