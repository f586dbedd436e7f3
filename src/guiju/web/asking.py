"""Asking: what a request says about whoever asks: in which language, of which shelf, as whom, as of which day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Language, Refused
from guiju.standard.shelf import Shelf

COOKIE = "guiju-language"


@dataclass(frozen=True)
class Asked:
    """store, user   None where there is no store, or nobody has to say who they are"""

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
        word = self.one("on")
        found = parse_date(word) if word else None
        if word and found is None:
            raise Refused([Diagnostic("not-a-date", None, {"text": word})])
        return found

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
    """What the request says; what the application put on it goes first."""
    state, kept = request.state, request.app.state
    shelf = getattr(state, "shelf", None) or getattr(kept, "shelf", None)
    if shelf is None:
        shelf = kept.shelf = Shelf()
    store = getattr(state, "store", None) or getattr(kept, "store", None)
    return Asked(request, language_of(request), shelf, store, getattr(state, "user", None))


def language_of(request: Request) -> Language:
    """The language of `?lang=`, else of the cookie, else the first of Accept-Language that is spoken here; Chinese where nothing is said."""
    for word in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if word in ("zh", "en"):
            return "zh" if word == "zh" else "en"
    weighed = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        word, _, weight = part.strip().partition(";q=")
        if word[:2].lower() in ("zh", "en"):
            weighed.append((-_weight(weight), place, word[:2].lower()))
    return "en" if weighed and min(weighed)[2] == "en" else "zh"


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.\d{1,3})?", text.strip()) else 1.0 if not text else 0.0
