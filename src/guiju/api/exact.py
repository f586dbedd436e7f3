"""JSON in and out without losing a digit: numbers with a decimal point are kept as they are written, and what is no JSON is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from guiju.base.rounding import decimal_text

_LONGEST_NUMBER = 400
_DEEPEST = 64


def read_json(text: str | bytes) -> Any:
    """The value; decimals as Decimal, exactly as written.

    raises   json.JSONDecodeError: also for NaN, a key that stands twice, half a character, U+0000, numbers beyond reason, and nesting deeper than 64
    """
    try:
        found = json.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=_refuse, object_pairs_hook=_once)
        if _depth(found) > _DEEPEST:
            raise _Refused(f"nested deeper than {_DEEPEST}")
        if (b"\\u0000" if isinstance(text, bytes) else "\\u0000") in text:  # type: ignore[operator]
            raise _Refused("the character U+0000, which no database keeps")
        if (b"\\u" if isinstance(text, bytes) else "\\u") in text:  # type: ignore[operator]
            json.dumps(found, ensure_ascii=False, default=str).encode()
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise json.JSONDecodeError(f"nested deeper than {_DEEPEST}", "", 0) from None
    except UnicodeError:
        raise json.JSONDecodeError("not UTF-8, or half a character", "", 0) from None
    except _Refused as error:
        raise json.JSONDecodeError(str(error), "", 0) from None
    return found


class _Refused(ValueError):
    pass


def _decimal(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER or not re.fullmatch(r"[^eE]*(?:[eE][+-]?\d{1,3})?", text):
        raise _Refused("a number beyond reason")
    return Decimal(text)


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise _Refused("a number beyond reason")
    return int(text)


def _refuse(word: str) -> Any:
    raise _Refused(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise _Refused(f"the key {twice!r} stands twice")
    return found


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(each, dict):
            waiting += ((inner, depth + 1) for inner in each.values())
        elif isinstance(each, list):
            waiting += ((inner, depth + 1) for inner in each)
    return deepest


class _ExactRequest(Request):
    async def json(self) -> Any:
        return read_json(await self.body())


class ExactRoute(APIRoute):
    """A route whose body is read by `read_json`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def exact(request: Request) -> Response:
            made = _ExactRequest(request.scope, request.receive)
            if hasattr(request, "_body"):  # read already, and it can be read only once
                made._body = request._body
            return await handle(made)

        return exact


class Json(Response):
    """JSON as it stands; exact numbers as texts of decimals."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json_text(content).encode()


def json_text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=plain, allow_nan=False)


def plain(value: Any) -> Any:
    """An exact value as JSON has it: a decimal as its text; one that never ends as the quotient p/q."""
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
