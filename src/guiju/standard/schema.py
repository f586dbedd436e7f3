"""Schema: the shapes of the written form as JSON Schema 2020-12, for editors that complete keys and mark what is wrong as it is typed.

It is made from the same shapes the reader checks, so it knows every key; what single texts mean is still for `guiju check` to say. Values
are texts to Guiju, but `value: 13.8` is a number to an editor, so a text may be a string, a number or a boolean there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from guiju.standard import aggregates, dictionary, factors, form
from guiju.standard.shape import Either, Kind, ListOf, MapOf, Shape

TEXT = ["string", "number", "boolean"]
WORDS: Mapping[str, Sequence[object]] = {
    "the document.guiju": (1, "1"), "standard.level": form.LEVELS, "standard.status": form.STATUSES, "relation.kind": form.RELATIONS,
    "source.grade": form.GRADES, "table.kind": ("step", "map", "interpolate"), "table.outside": ("error", "clamp"),
    "indicator.kind": ("basic", "core", "innovative"), "indicator.better": ("higher", "lower"), "score.not_applicable": ("exclude", "full", "zero"),
    "factor.by": factors.ORDERS, "factor.as": ("CO2e",), "value.confidence": factors.CONFIDENCES, "kind.counts": tuple(factors.COUNTED),
    "exception.exempt": (True, "true"), "input.order": ("rising",), "input.per": ("scenario",), "aggregate.undetermined": aggregates.POLICIES,
    "population.better": ("lower", "higher"), "population.ties": ("all", "none"), "input.decimals": (*range(10), *map(str, range(10))),
}  # fmt: skip
"""Where only these words may stand."""
ONE_OF = {"clause": ("shall", "should"), "exception": ("shall", "exempt"), "parameter": ("value", "values", "factor", "unverified")}
"""Of these keys a mapping has exactly one."""
FROM_THE_BASE = ("sources", "subject", "inputs")
DOCUMENTS: Mapping[str, Kind] = {"standard": form.SHAPE, "examples": form.EXAMPLES, "properties": dictionary.SHAPE, "factors": factors.SHAPE}
"""Document → its shape; that of a mapping of columns belongs to the records, and is given to `schema` by who knows it."""


def schema(name: str, kind: Kind, properties: Iterable[str] = ()) -> dict[str, Any]:
    """The JSON Schema of a document.

    name        of the document, such as standard
    properties  ids of the dictionary, which an editor offers for `is`; others are allowed
    """
    made = _Writer(name, tuple(properties))
    root = made.of(kind)
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Guiju: {name}"}
    return described | root | {"$defs": dict(sorted(made.definitions.items()))}


@cache
def told() -> Mapping[str, str]:
    """`shape.key`, after `document: ` where it is of one document only → what it holds, in Chinese and in English."""
    lines = Path(__file__).with_name("keys.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return {key: f"{zh}\n\n{en}" for key, zh, en in parts}


class _Writer:
    def __init__(self, document: str, properties: tuple[str, ...]) -> None:
        self.document, self.properties = document, properties
        self.definitions: dict[str, Any] = {}
        self.names: dict[int, str] = {}

    def of(self, kind: Kind) -> dict[str, Any]:
        match kind:
            case Shape():
                return self.defined(kind)
            case MapOf():
                return {"type": "object", "additionalProperties": self.of(kind.kind)}
            case ListOf():
                one = self.of(kind.kind)
                return {"anyOf": [one, {"type": "array", "items": one}]}
            case Either():
                return {"anyOf": [{"type": TEXT}, self.of(kind.shape)]}
            case "tree":
                return {}
            case _:
                return {"type": TEXT}

    def defined(self, shape: Shape) -> dict[str, Any]:
        """A reference to the definition of a shape, which is made where it is first met; shapes may share a name."""
        if id(shape) not in self.names:
            name = shape.name.replace(" ", "-").replace("/", "-")
            while name in self.definitions:
                name += "-"
            self.names[id(shape)] = name
            self.definitions[name] = {}
            self.definitions[name] = self.mapping(shape)
        return {"$ref": f"#/$defs/{self.names[id(shape)]}"}

    def mapping(self, shape: Shape) -> dict[str, Any]:
        made: dict[str, Any] = {
            "type": "object", "additionalProperties": False, "properties": {name: self.key(shape, name) for name in shape.keys},
            "required": [name for name, key in shape.keys.items() if key.required],
        }  # fmt: skip
        if "based_on" in shape.keys:  # what a profile does not say stands in the standard it is based on
            own = [name for name in made["required"] if name not in FROM_THE_BASE]
            made |= {"required": own, "anyOf": [{"required": ["based_on"]}, {"required": list(FROM_THE_BASE)}]}
        if shape.name in ONE_OF:
            made["oneOf"] = [{"required": [name]} for name in ONE_OF[shape.name]]
        return made

    def key(self, shape: Shape, name: str) -> dict[str, Any]:
        place = f"{shape.name}.{name}"
        known = told()
        texts = (known.get(key) for key in (f"{self.document}: {place}", place, f"*.{name}"))
        text = next((text for text in texts if text), None)
        described: dict[str, Any] = {"description": text} if text else {}
        if place in WORDS and self.document != "mapping":
            return described | {"enum": list(WORDS[place])}
        made = described | self.of(shape.keys[name].kind)
        return made | {"examples": list(self.properties)} if name == "is" and self.properties else made
