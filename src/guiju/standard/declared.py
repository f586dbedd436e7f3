"""Declared: the names a document declares, sound or not, so that what refers to a malformed declaration is not reported again."""

from __future__ import annotations

from collections.abc import Iterator

from guiju.standard.document import Fields, Item, Scalar
from guiju.standard.model import Standard


def sections(root: Item | None) -> Iterator[tuple[str, list[str]]]:
    """The sections of a document, and what they declare."""
    for section, item in root.entries if isinstance(root, Fields) else ():
        yield section.text, [key.text for key, _ in item.entries] if isinstance(item, Fields) else []


def declared_in(root: Item | None) -> Iterator[str]:
    """The names a document declares, sound or not: plain names, clauses as `[4.1]`, sources as `source s1`, any indicator as `indicator`."""
    for section, item in root.entries if isinstance(root, Fields) else ():
        for key, value in item.entries if isinstance(item, Fields) else ():
            yield from names_of_entry(section.text, key, value)


def names_of_entry(section: str, key: Scalar, value: Item) -> Iterator[str]:
    """The names an entry of a section declares."""
    match section:
        case "clauses":
            yield f"[{key.text}]"
        case "sources":
            yield f"source {key.text}"
        case "indicators":
            names = [v.text for k, v in value.entries if k.text == "name" and isinstance(v, Scalar)] if isinstance(value, Fields) else []
            yield from names or ["indicator"]
        case "uses" | "inputs" | "parameters" | "tables" | "formulas" | "scores" | "grades" | "aggregates" | "populations":
            yield key.text


def names_of(s: Standard) -> set[str]:
    """The names a standard has, written in the same way."""
    groups = (s.uses, s.inputs, s.parameters, s.tables, s.formulas, s.indicators, s.scores, s.gradings, s.aggregates, s.populations)
    return {name for group in groups for name in group} | {f"[{no}]" for no in s.clauses} | {f"source {id_}" for id_ in s.sources}
