"""Declared: what a document says of itself, sound or not: its date, and its names, so that what refers to a malformed one is not reported again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guiju.base.dates import parse_date
from guiju.standard.document import Item, Scalar, entries_of, item_at, scalar_at
from guiju.standard.model import Standard


def sections(root: Item | None) -> Iterator[tuple[str, list[str]]]:
    """The sections of a document, and what they declare."""
    for section, item in entries_of(root):
        yield section.text, [key.text for key, _ in entries_of(item)]


def declared_in(root: Item | None) -> Iterator[str]:
    """The names a document declares, sound or not: plain names, clauses as `[4.1]`, sources as `source s1`, any indicator as `indicator`."""
    for section, item in entries_of(root):
        for key, value in entries_of(item):
            yield from names_of_entry(section.text, key, value)


def names_of_entry(section: str, key: Scalar, value: Item) -> Iterator[str]:
    """The names an entry of a section declares."""
    match section:
        case "clauses":
            yield f"[{key.text}]"
        case "sources":
            yield f"source {key.text}"
        case "indicators":
            name = scalar_at(value, "name")
            yield name.text if name else "indicator"
        case "uses" | "inputs" | "parameters" | "tables" | "formulas" | "scores" | "grades" | "aggregates" | "populations":
            yield key.text


def names_of(s: Standard) -> set[str]:
    """The names a standard has, written in the same way."""
    groups = (s.uses, s.inputs, s.parameters, s.tables, s.formulas, s.indicators, s.scores, s.gradings, s.aggregates, s.populations)
    return {name for group in groups for name in group} | {f"[{no}]" for no in s.clauses} | {f"source {id_}" for id_ in s.sources}


def stated_date(root: Item | None) -> date | None:
    """The day a document takes effect, else is published, else was last read by its author."""
    dates = item_at(item_at(root, "standard"), "dates")
    read = [day for _, source in entries_of(item_at(root, "sources")) if (day := day_at(source, "read"))]
    return day_at(dates, "effective") or day_at(dates, "published") or max(read, default=None)


def day_at(item: Item | None, name: str) -> date | None:
    scalar = scalar_at(item, name)
    return parse_date(scalar.text) if scalar else None
