"""Composing: the text of a document from plain keys and values, for programs that write standards, laid out as `guiju format` lays it out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiju.base.diagnostics import Problems, Refused
from guiju.standard import expression as ex
from guiju.standard.formatting import formatted
from guiju.standard.writing import Naming, write

Tree = Mapping[str, Any]
"""Keys with texts, lists, trees, or what is to stand on one line (`Flow`); a value that is None is left out."""
_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?|\d{4}-\d\d-\d\d|[A-Za-z_]\w*")
_WORDS = frozenset(("yes", "no", "on", "off", "null"))
_QUOTED = re.compile(r"('[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”|「[^「」]*」)")
_SIGNS = {" ≤ ": " <= ", " ≥ ": " >= ", " ≠ ": " != ", " × ": " * "}


@dataclass(frozen=True, slots=True)
class Flow:
    """A collection on one line, in braces."""

    value: Tree


def compose(tree: Tree, file: str) -> str:
    """The text of a document, which `guiju format` leaves as it is.

    raises   Refused, where the text could not be read again
    """
    problems = Problems()
    text = formatted("\n".join(_block(tree, 0)) + "\n", file, problems)
    if text is None:
        raise Refused(problems.found)
    return text


def expression_text(expr: ex.Expr, name: Naming) -> str:
    """An expression with the signs that authors type: <=, >=, !=, *."""
    parts = _QUOTED.split(write(expr, "en", name))
    for n in range(0, len(parts), 2):
        for sign, typed in _SIGNS.items():
            parts[n] = parts[n].replace(sign, typed)
    return "".join(parts)


def _block(tree: Tree, indent: int) -> Iterator[str]:
    before = " " * indent
    for key, value in tree.items():
        if value is None or value in ([], {}):
            continue
        name = f"{before}{_key(key)}:"
        if isinstance(value, Mapping):
            yield name
            yield from _block(value, indent + 2)
        elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(each, Mapping | Flow) for each in value):
            yield name
            for each in value:
                if isinstance(each, Flow):
                    yield f"{before}  - {_flow(each)}"
                else:
                    first, *rest = _block(each, indent + 4)
                    yield f"{before}  - {first.strip()}"
                    yield from rest
        else:
            yield f"{name} {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Flow | Mapping):
        tree = value.value if isinstance(value, Flow) else value
        return "{" + ", ".join(f"{_key(key)}: {_flow(each)}" for key, each in tree.items() if each is not None) + "}"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS else json.dumps(value, ensure_ascii=False)
    return "[" + ", ".join(_flow(each) for each in value) + "]"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[^\W\d]\w*", key) and key.casefold() not in _WORDS else json.dumps(key, ensure_ascii=False)
