"""Mapping: which column of a table holds which input of a standard, in what unit, and what its words mean.

    guiju: 1
    about: {title: {zh: …, en: …}, terms: 许可与署名, notes: [{zh: 推定或假设, en: …}]}   # printed with every result
    key: 产品型号                                        # the column that names a record
    inputs:
      curb_mass: {column: 整备质量(kg)}
      consumption: {column: ec_wh_km, unit: Wh/km, is: nev.electricity.cltc, round: true}
      powertrain: {column: 动力类型, values: {纯电动: bev, 插电式: phev}}
      category: {constant: M1}

An entry may stand under an input's name, or under the id of a property: then it serves every input that asks that property.
"""

from __future__ import annotations

import json
import re
from collections import abc
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Problems, Span
from guiju.base.units import Unit, UnknownUnit, parse_unit
from guiju.records.headers import parse_header
from guiju.records.likeness import held_by, named_properties
from guiju.records.source import Column
from guiju.standard.dictionary import LABELS, Dictionary
from guiju.standard.document import Scalar, load
from guiju.standard.model import Input, Title
from guiju.standard.shape import Either, Key, ListOf, MapOf, Shape, did_you_mean, read

ENTRY = Shape("input", {
    "column": Key("text"), "constant": Key("text"), "unit": Key("text"), "is": Key("text"), "round": Key("text"), "values": Key(MapOf("text")),
})  # fmt: skip
ABOUT = Shape("about", {"title": Key(LABELS, True), "terms": Key("text"), "notes": Key(ListOf(LABELS))})
MAPPING = Shape("mapping", {"guiju": Key("text", True), "about": Key(ABOUT), "key": Key("text"), "inputs": Key(MapOf(Either(ENTRY)), True)})
BOOLEAN_WORDS = {"true": True, "false": False}
_PLAIN = re.compile(r"[A-Za-z_一-鿿][\w一-鿿./·（）%-]*")
_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one input comes from: a column, or one constant for every row.

    unit    of the column as found; None: the input's own
    is_     the property the column holds; None: the one the input asks
    values  word found → category value, or true / false
    round   whether what is finer than declared is rounded by GB/T 8170 at the door
    """

    column: str | None = None
    constant: str | None = None
    unit: Unit | None = None
    is_: str | None = None
    values: abc.Mapping[str, str] = field(default_factory=dict)
    round: bool = False
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class About:
    """What must be known of the records: what they are, whose and on what terms, and what is derived or assumed in them."""

    title: Title
    terms: str = ""
    notes: tuple[Title, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries by input name or property id, and the column that names a record (None: its row number does)."""

    inputs: abc.Mapping[str, Entry]
    key: str | None = None
    file: str | None = field(default=None, compare=False)
    about: About | None = None

    def of(self, asked: Input) -> Entry | None:
        """The entry that serves an input."""
        return self.inputs.get(asked.name) or self.inputs.get(asked.is_)

    def holding(self, property_: str, fields: abc.Sequence[Input]) -> Entry | None:
        """The entry that holds a property: under its id, said by `is`, or under the name of an input that asks it."""
        names = {each.name for each in fields if each.is_ == property_}
        for name, entry in self.inputs.items():
            if entry.is_ == property_ or (entry.is_ is None and (name == property_ or name in names)):
                return entry
        return None


def load_mapping(path: Path, problems: Problems) -> Mapping | None:
    """The mapping in a YAML file; what is wrong in it is added to the problems, with its place.

    codes   file-unreadable, yaml-syntax, format-version, unknown-key, missing-key, kind-mismatch, unknown-unit, mapping-column-or-constant,
            mapping-round
    """
    values = read(load(path, problems).root, MAPPING, problems)
    if values is None:
        return None
    if values["guiju"].text != "1":
        problems.add("format-version", values["guiju"].span, found=values["guiju"].text)
    entries = {name: _entry(key, found, problems) for name, (key, found) in values.get("inputs", {}).items()}
    key = values.get("key")
    return Mapping(entries, key.text if key else None, str(path), _about(values["about"]) if "about" in values else None)


def _about(values: dict[str, Any]) -> About:
    notes = tuple(Title(note["zh"].text, note["en"].text) for note in values.get("notes", []))
    return About(Title(values["title"]["zh"].text, values["title"]["en"].text), values["terms"].text if "terms" in values else "", notes)


def _entry(key: Scalar, found: object, problems: Problems) -> Entry:
    if isinstance(found, Scalar):
        return Entry(column=found.text, span=found.span)
    assert isinstance(found, dict), "the shape lets nothing else through"

    def text(name: str) -> str | None:
        return found[name].text if name in found else None

    if ("column" in found) == ("constant" in found):
        problems.add("mapping-column-or-constant", key.span, input=key.text)
    if text("round") not in (None, *BOOLEAN_WORDS):
        problems.add("mapping-round", found["round"].span, found=text("round"))
    values = {word: to.text for word, (_, to) in found.get("values", {}).items()}
    return Entry(text("column"), text("constant"), _unit(found.get("unit"), problems), text("is"), values, text("round") == "true", key.span)


def _unit(scalar: Scalar | None, problems: Problems) -> Unit | None:
    if scalar is None:
        return None
    try:
        return parse_unit(scalar.text)
    except UnknownUnit as error:
        place = scalar.part(error.position, len(scalar.text))
        problems.add("unknown-unit", place, unit=scalar.text, reason_zh=error.reason_zh, reason_en=error.reason_en)
        return None


def mapping_yaml(mapping: Mapping, reasons: abc.Mapping[str, str] | None = None) -> str:
    """The mapping as a file to be read and edited; `load_mapping` reads it back equal.

    reasons   input → a remark that is put above its entry
    """
    lines = ["guiju: 1", *(_about_lines(mapping.about) if mapping.about else ())]
    if mapping.key is not None:
        lines.append(f"key: {_scalar(mapping.key)}")
    lines.append("inputs:" if mapping.inputs else "inputs: {}")
    for name, entry in mapping.inputs.items():
        remark = " ".join((reasons or {}).get(name, "").split())
        lines += [f"  # {remark}"] if remark else []
        fields = {
            "column": entry.column, "constant": entry.constant, "unit": entry.unit.text if entry.unit else None, "is": entry.is_,
            "round": "true" if entry.round else None,
        }  # fmt: skip
        written = [f"{key}: {_scalar(value)}" for key, value in fields.items() if value is not None]
        if entry.values:
            written.append("values: {" + ", ".join(f"{_scalar(word)}: {_scalar(to)}" for word, to in entry.values.items()) + "}")
        lines.append(f"  {_scalar(name)}: {{{', '.join(written)}}}")
    return "\n".join(lines) + "\n"


def _about_lines(about: About) -> list[str]:
    def titled(title: Title) -> str:
        return f"{{zh: {json.dumps(title.zh, ensure_ascii=False)}, en: {json.dumps(title.en, ensure_ascii=False)}}}"

    lines = ["about:", f"  title: {titled(about.title)}"]
    if about.terms:
        lines.append(f"  terms: {json.dumps(about.terms, ensure_ascii=False)}")
    return [*lines, *(["  notes:"] if about.notes else []), *(f"    - {titled(note)}" for note in about.notes)]


def _scalar(text: str) -> str:
    """The text as YAML: bare where no reader could take it for anything else."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _YAML_WORDS and not text.endswith("-"):
        return text
    return json.dumps(text, ensure_ascii=False)


def found_column(name: str, columns: abc.Sequence[Column]) -> Column | None:
    """The column with that header; failing that the only one that differs just in case, width or spaces."""
    exact = next((column for column in columns if column.name == name), None)
    wanted = parse_header(name).folded
    alike = [column for column in columns if wanted and parse_header(column.name).folded == wanted]
    return exact or (alike[0] if len(alike) == 1 else None)


def check_mapping(
    mapping: Mapping, columns: abc.Sequence[Column], fields: abc.Iterable[Input], dictionary: Dictionary
) -> tuple[Diagnostic, ...]:
    """What is wrong with a mapping for these inputs and this table; fields are those of all the standards it is to serve.

    codes   as `entry_problems`; mapping-unknown-input, unknown-property, wrong-property (by what the header says), header-says-otherwise,
            header-unit
    """
    problems = Problems()
    fields = tuple(fields)
    known = {asked.name for asked in fields} | {asked.is_ for asked in fields}
    for name, entry in mapping.inputs.items():
        if name not in known and name not in dictionary:
            problems.add("mapping-unknown-input", entry.span, input=name, **did_you_mean(name, known))
        if entry.is_ is not None and entry.is_ not in dictionary and entry.is_ not in known:
            problems.add("unknown-property", entry.span, id=entry.is_, **did_you_mean(entry.is_, dictionary))
    if mapping.key is not None and found_column(mapping.key, columns) is None:
        problems.add("mapping-unknown-column", None, input="key", column=mapping.key, **did_you_mean(mapping.key, [c.name for c in columns]))
    for asked in fields:
        serving = mapping.of(asked)
        if serving is not None and entry_problems(asked, serving, columns, problems) and serving.column is not None:
            _header_problems(asked, serving, serving.column, dictionary, problems)
    return problems.found


def entry_problems(asked: Input, entry: Entry, columns: abc.Sequence[Column], problems: Problems) -> bool:
    """Adds what is wrong with an entry in itself; gives whether nothing is.

    codes   mapping-unknown-column, wrong-property, mapping-unit, mapping-value, mapping-round
    """
    before = len(problems.found)
    facts = {"input": asked.name, "column": entry.column or ""}
    if entry.column is not None and found_column(entry.column, columns) is None:
        problems.add("mapping-unknown-column", entry.span, **facts, **did_you_mean(entry.column, [column.name for column in columns]))
    if entry.is_ is not None and entry.is_ != asked.is_:
        wrong_property(problems, entry.span, asked, entry.column or entry.constant or "", entry.is_)
    if entry.unit is not None and (asked.unit is None or not entry.unit.same_dimension(asked.unit)):
        problems.add("mapping-unit", entry.span, **facts, found=entry.unit, declared=asked.unit or "–")
    if entry.round and asked.kind != "number":
        problems.add("mapping-round", entry.span, found=f"{asked.name}: {asked.kind}")
    allowed = tuple(BOOLEAN_WORDS) if asked.kind == "boolean" else asked.values
    for word, to in entry.values.items():
        if asked.kind not in ("boolean", "category") or (allowed and to not in allowed):
            problems.add("mapping-value", entry.span, **facts, word=word, to=to, **did_you_mean(to, allowed))
    return len(problems.found) == before


def wrong_property(problems: Problems, span: Span | None, asked: Input, column: str, held: str) -> None:
    problems.add("wrong-property", span, input=asked.name, column=column, held=held, asked=asked.is_, **_basis_facts(held, asked.is_))


def _basis_facts(held: str, asked: str) -> dict[str, str]:
    """The last words of the two ids, which is where they differ: wltp and cltc."""
    return {"held_last": held.rpartition(".")[2].upper(), "asked_last": asked.rpartition(".")[2].upper()}


def _header_problems(asked: Input, entry: Entry, column: str, dictionary: Dictionary, problems: Problems) -> None:
    header = parse_header(column)
    wanted = None if asked.is_unrolled else dictionary.get(asked.is_)
    held = held_by(header, wanted, named_properties(header, dictionary), dictionary) if wanted else None
    if held is not None and entry.is_ is None:
        wrong_property(problems, entry.span, asked, column, held)
    elif held is not None:
        problems.add("header-says-otherwise", entry.span, input=asked.name, column=column, held=held, asked=asked.is_)
    unit = entry.unit or asked.unit
    if header.unit is None or unit is None or not header.unit.same_dimension(unit) or header.unit == unit:
        return
    code = "header-unit" if entry.unit is None else "header-unit-otherwise"
    problems.add(code, entry.span, input=asked.name, column=column, found=header.unit, unit=unit)

