"""The JSON Schemas: what the reader takes, they take; what it does not know, they do not."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from checking import MADE_UP, checked
from guiju.cli.authoring import SCHEMAS, schema_text
from guiju.standard.schema import ONE_OF, WORDS, told
from guiju.standard.shape import Either, ListOf, MapOf, Shape

ROOT = Path(__file__).resolve().parents[2]
FILES = [(path, path.stem) for path in sorted(ROOT.glob("standards/*/*/*.yaml")) if path.stem in ("standard", "examples")]
FILES += [(path, "factors") for path in sorted(ROOT.glob("factors/*.yaml"))]
FILES += [(path, "properties") for path in sorted(ROOT.glob("properties/*.yaml"))] + [(p, "mapping") for p in sorted(ROOT.glob("examples/*.mapping.yaml"))]


class AsAnEditorReads(yaml.SafeLoader):
    """Numbers and booleans are what they look like, dates are texts, keys are texts: the JSON a language server makes of YAML 1.2."""


NOT_1_2 = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
AsAnEditorReads.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in NOT_1_2] for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
AsAnEditorReads.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


def loaded(path: Path) -> Any:
    return as_json(yaml.load(path.read_text("utf-8"), Loader=AsAnEditorReads))


TYPES: dict[str, Any] = {"string": str, "number": (int, float), "boolean": bool, "object": dict, "array": list}


def wrong(value: Any, schema: dict[str, Any], definitions: dict[str, Any], at: str = "") -> list[str]:
    """What a validator says, for the words of JSON Schema that are used here; any other is an error of this test."""
    found: list[str] = []
    for word, rule in schema.items():
        match word:
            case "$schema" | "title" | "description" | "examples" | "$defs":
                pass
            case "$ref":
                found += wrong(value, definitions[rule.removeprefix("#/$defs/")], definitions, at)
            case "type":
                kinds = [rule] if isinstance(rule, str) else rule
                found += [] if any(isinstance(value, TYPES[kind]) for kind in kinds) else [f"{at}: no {rule}"]
            case "enum":
                found += [] if value in rule else [f"{at}: {value} is none of {rule}"]
            case "required":
                found += [f"{at}: lacks {name}" for name in rule if isinstance(value, dict) and name not in value]
            case "properties":
                found += [each for name, sub in rule.items() if name in value for each in wrong(value[name], sub, definitions, f"{at}.{name}")]
            case "additionalProperties":
                for name in (name for name in value if name not in schema.get("properties", {})) if isinstance(value, dict) else ():
                    found += [f"{at}: unknown {name}"] if rule is False else wrong(value[name], rule, definitions, f"{at}.{name}")
            case "items":
                found += [each for n, item in enumerate(value) for each in wrong(item, rule, definitions, f"{at}[{n}]")] if isinstance(value, list) else []
            case "anyOf" | "oneOf":
                tries = [wrong(value, each, definitions, at) for each in rule]
                matching = tries.count([])
                found += [] if matching == 1 or (matching and word == "anyOf") else [f"{at}: {matching} of {word}", *(each for said in tries for each in said)]
            case _:
                raise AssertionError(word)
    return found


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return {name: json.loads(schema_text(name)) for name in SCHEMAS}


def said(value: Any, schema: dict[str, Any]) -> list[str]:
    return wrong(value, schema, schema["$defs"])


@pytest.mark.parametrize(("path", "kind"), FILES, ids=[f"{path.parent.name} {path.stem}" for path, _ in FILES])
def test_what_is_shipped_is_valid(path: Path, kind: str, schemas: dict[str, Any]) -> None:
    assert not said(loaded(path), schemas[kind])


def known_mappings(value: Any, kind: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a document whose keys are known ones."""
    match kind:
        case Shape() if isinstance(value, dict):
            yield value
            for name, key in kind.keys.items():
                yield from known_mappings(value.get(name), key.kind)
        case MapOf() if isinstance(value, dict):
            for each in value.values():
                yield from known_mappings(each, kind.kind)
        case ListOf():
            for each in value if isinstance(value, list) else [value]:
                yield from known_mappings(each, kind.kind)
        case Either():
            yield from known_mappings(value, kind.shape)


@pytest.mark.parametrize("number", ["GB-46519-2025", "GONGGAO-2023-32", "CAIJIAN-2018-18"])
def test_an_unknown_key_anywhere_is_not_valid(number: str, schemas: dict[str, Any]) -> None:
    folder = next(ROOT.glob(f"standards/*/{number}"))
    for kind in ("standard", "examples"):
        document = loaded(folder / f"{kind}.yaml")
        places = list(known_mappings(document, SCHEMAS[kind]))
        assert len(places) > 20
        for place in places:
            place["xyzzy"] = 1
            assert any("unknown xyzzy" in each for each in said(document, schemas[kind]))
            del place["xyzzy"]
        assert not said(document, schemas[kind])


def test_a_required_key_a_wrong_word_and_two_of_one_are_seen(schemas: dict[str, Any]) -> None:
    sound = loaded(next(ROOT.glob("standards/*/GB-46519-2025")) / "standard.yaml")
    for change in (
        lambda s: s.pop("sources"), lambda s: s["standard"].update(status="valid"), lambda s: next(iter(s["clauses"].values())).pop("zh"),
        lambda s: next(iter(s["clauses"].values())).update(should="true"), lambda s: next(iter(s["clauses"].values())).pop("shall"),
        lambda s: next(iter(s["inputs"].values())).update(unit=["%"]), lambda s: s.update(subject="cars"),
    ):  # fmt: skip
        document = copy.deepcopy(sound)
        change(document)
        assert said(document, schemas["standard"])


WORDLESS = """
guiju: 1
standard: {number: T 1, edition: 1, title: {zh: a, en: a}, level: x, region: CN, status: x, relations: [{kind: x, target: y}]}
sources: {s: {title: t, address: a, grade: x}}
subject: {type: thing, zh: a, en: a}
inputs:
  a: {is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 10}
  k: {is: vehicle.category, values: [M1, N1], order: x, per: x}
parameters:
  p: {unit: kg, source: s}
  q: {unit: kgCO2/kWh, source: s, factor: {id: electricity.cn, kind: average_CO2, region: CN, by: x}}
tables:
  t: {of: a, kind: x, unit: kg, outside: x, rows: [{value: 1}], source: s}
clauses:
  "1": {zh: a, en: a, source: s, shall: a <= 1 kg, except: [{when: a <= 1 kg, exempt: x}, {when: a <= 1 kg}]}
  "2": {zh: a, en: a, source: s}
populations:
  r: {zh: a, en: a, of: a, better: x, ties: x, best: {b: 1}, source: s}
indicators:
  "3": {zh: a, en: a, name: n, kind: x, value: a, better: x, levels: {1: 1}, source: s}
scores:
  s1: {zh: a, en: a, weights: {n: 1}, points: {1: 1}, not_applicable: x}
aggregates:
  all: {zh: a, en: a, by: [], sums: {a: a}, undetermined: x, source: s}
"""


NOT_HERE = ("the document.guiju", "input.decimals", "factor.as", "value.confidence", "kind.counts")
"""Not told as words, or words of another document."""


def test_the_words_and_choices_are_those_of_the_reader() -> None:
    found = checked(WORDLESS).problems.found
    words = {tuple(str(d.facts["known"]).split(", ")) for d in found if d.code == "unknown-word"}
    spelt = {key: tuple(str(word) for word in allowed if isinstance(word, str)) for key, allowed in WORDS.items()}
    assert words == {allowed for key, allowed in spelt.items() if key not in NOT_HERE}
    assert {tuple(str(d.facts["keys"]).split(", ")) for d in found if d.code == "one-of-keys"} == set(ONE_OF.values())


def test_an_exemption_is_true_or_an_error() -> None:
    for word, codes in (("true", []), ("false", ["unknown-word"])):
        text = MADE_UP + f"""
inputs: {{a: {{is: vehicle.mass.curb, unit: kg, decimals: 0, min: 0, max: 10}}}}
clauses:
  "1": {{zh: a, en: a, source: s, shall: a <= 1 kg, except: [{{when: a >= 5 kg, exempt: {word}}}]}}
"""
        assert checked(text).codes == codes


def keys_of(kind: Any) -> Iterator[str]:
    match kind:
        case Shape():
            for name, key in kind.keys.items():
                yield f"{kind.name}.{name}"
                yield from keys_of(key.kind)
        case MapOf() | ListOf():
            yield from keys_of(kind.kind)
        case Either():
            yield from keys_of(kind.shape)


def test_every_description_is_of_a_key_there_is_and_most_keys_have_one(schemas: dict[str, Any]) -> None:
    there = {f"{name}: {key}" for name, kind in SCHEMAS.items() for key in keys_of(kind)}
    plain = {key.split(": ")[1] for key in there}
    for key in told():
        assert key in there or key in plain or (key.startswith("*.") and any(each.endswith(key[1:]) for each in plain)), key
    amended = ("standard: add.", "standard: replace.")  # the sections of a document, told there
    lacking = [key for key in there if not key.startswith(amended) and not any(k in told() for k in (key, key.split(": ")[1], f"*.{key.rsplit('.')[-1]}"))]
    assert len(lacking) <= len(there) // 10, lacking


def test_an_unknown_document_is_refused() -> None:
    with pytest.raises(Exception, match="unknown-word"):
        schema_text("standrad")
