"""Asking: what a request says about whoever asks: in which language, of which shelf, as whom, as of which day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from guiju.base.dates import as_of
from guiju.base.diagnostics import Language
from guiju.standard.shelf import Shelf

COOKIE = "lang"
"""Where the language chosen last is kept."""


@dataclass(frozen=True)
class Asked:
    """store   None where there is none
    user    its `name`, `roles` and `is_signed_in`
    """

    request: Request
    language: Language
    shelf: Shelf
    store: Any
    user: Any

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def one(self, name: str) -> str:
        """The value of a name in the URL; empty where it is not there."""
        return self.request.query_params.get(name, "").strip()

    def many(self, name: str) -> list[str]:
        return [value.strip() for value in self.request.query_params.getlist(name) if value.strip()]

    def number(self, name: str, least: int = 1, most: int = 10**9) -> int:
        """A whole number of the URL, held between two others; the least where it is none."""
        text = self.one(name)
        return min(max(int(text), least), most) if re.fullmatch(r"\d{1,9}", text) else least

    @property
    def on(self) -> date | None:
        """The day of `?on=`.

        raises   Refused: not-a-date
        """
        return as_of(self.one("on") or None)

    @property
    def corrected(self) -> bool:
        return "corrected" in self.request.query_params

    def here(self, **changed: str | int | None) -> str:
        """The URL of this page with some names changed; None takes a name away."""
        kept = [(k, v) for k, v in self.request.query_params.multi_items() if k not in changed and v]
        return addressed(self.request.url.path, [*kept, *((k, str(v)) for k, v in changed.items() if v is not None)])


def addressed(path: str, query: Sequence[tuple[str, str]] = ()) -> str:
    """A URL of this site."""
    return quote(path, safe="/@+,:~") + (f"?{urlencode(query)}" if query else "")


def asked(request: Request) -> Asked:
    """What the application found out about a request before it came here."""
    state = request.state
    return Asked(request, state.language, state.shelf, request.app.state.store, state.user)
