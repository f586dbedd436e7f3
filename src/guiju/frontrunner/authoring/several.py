"""Several: further indicators of one draft, each by a question of its own about the same population."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.base.units import Unit
from guiju.frontrunner.authoring.asked import Answer, Asked
from guiju.frontrunner.authoring.capability import Capability
from guiju.frontrunner.authoring.written import Draft, Head, changed, new_file
from guiju.standard.model import Title
from guiju.standard.shape import did_you_mean
from guiju.standard.shelf import Shelf

ASKED = ("indicator", "method", "shares", "values", "levels", "decimals", "toward", "national", "R", "result", "only", "against")
"""What a further indicator is asked with; the rest is as of the first."""
FURTHER_MAX = 8
Measured = Callable[[str, Unit], Capability]


def query_of(given: Mapping[str, str]) -> str:
    """A question as a query string, which `further` reads."""
    return urlencode([(name, given[name]) for name in ASKED if given.get(name, "").strip()], quote_via=quote)


def said_in(query: str) -> dict[str, str]:
    """Name → value of such a query string; a sign of addition is none of a space."""
    return {name: value.strip() for name, value in parse_qsl(query.replace("+", "%2B")) if value.strip()}


def further(first: Asked, query: str, result: Callable[[str], Measured] | None = None) -> Asked:
    """A further question as a query string: what it does not say is as where nothing is said, not as of the first.

    result   what takes R from a result of the store; None where there is no store
    raises   Refused: unknown-word
    """
    said = said_in(query)
    known = [each for each in ASKED if each != "result" or result is not None]
    word = next((name for name in said if name not in known), "" if "indicator" in said else "indicator")
    if word:
        raise Refused([Diagnostic("unknown-word", None, {"word": word, "known": ", ".join(known), **did_you_mean(word, known, listed=True)})])
    levels, id_ = said.pop("levels", "3"), said.pop("result", "")
    plain = Asked(first.standard, said.pop("indicator"), headers=first.headers, on=first.on, illustrative=first.illustrative)
    made = replace(plain, **said, levels=int(levels) if levels.isdecimal() else 0)  # type: ignore[arg-type]
    return replace(made, measured=result(id_)) if id_ and result is not None else made


def draft_of(shelf: Shelf, answers: Sequence[Answer], on: date, number: str = "", title: tuple[str, str] = ("", "")) -> Draft:
    """The draft of a standard with the levels of every answer.

    number   of a new standard that is based on the one that was asked about; empty: that one with other levels
    title    of the new standard (zh, en)
    raises   Refused: authoring-indicators, what `new_file` and `changed` refuse
    """
    names = [each.sample.indicator.indicator.name for each in answers]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(answers) > FURTHER_MAX:
        raise Refused([Diagnostic("authoring-indicators", None, {"names": ", ".join(twice) or str(len(names)), "most": str(FURTHER_MAX)})])
    found = shelf.locate(answers[0].sample.program.standard.number)
    assert found is not None, "it was read"
    opened, proposals = shelf.open(found), [each.proposal for each in answers]
    if not number:
        return changed(proposals, opened, shelf, on)
    original = answers[0].sample.program.standard.title
    called = Title(title[0] or f"{original.zh}（分级草案）", title[1] or f"{original.en} (draft of levels)")
    return new_file(proposals, opened, shelf, Head(number, called, on))
