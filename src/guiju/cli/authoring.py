"""Commands for those who write standards: schema."""

from __future__ import annotations

import json
from collections.abc import Mapping

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.cli.console import refusals
from guiju.records.mapping import MAPPING
from guiju.standard.schema import DOCUMENTS, schema
from guiju.standard.shape import Kind, did_you_mean
from guiju.standard.shelf import Shelf

SCHEMAS: Mapping[str, Kind] = {**DOCUMENTS, "mapping": MAPPING}


def schema_text(name: str) -> str:
    """The JSON Schema of a document as it is written out, with the properties of the dictionary to choose from.

    raises   Refused: unknown-word
    """
    if name not in SCHEMAS:
        facts = {"word": name, "known": ", ".join(SCHEMAS), **did_you_mean(name, SCHEMAS, listed=True)}
        raise Refused([Diagnostic("unknown-word", None, facts)])
    properties = sorted(Shelf().dictionary) if name == "standard" else ()
    return json.dumps(schema(name, SCHEMAS[name], properties), ensure_ascii=False, indent=1) + "\n"


def print_schema(name: str) -> None:
    """Prints the JSON Schema of one of the documents of the written form."""
    with refusals():
        print(schema_text(name), end="")
