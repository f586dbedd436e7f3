"""Listing: kept board runs as lists tell them: by what scheme, over which revision of which library, what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from guiju.frontrunner.board.named import revision_of
from guiju.frontrunner.board.work import scheme_of
from guiju.frontrunner.scheme import Scheme
from guiju.standard.model import Title
from guiju.store.database import Store
from guiju.store.results import Result


@dataclass(frozen=True, slots=True)
class Run:
    """revision    of the library; None where the register has it no more
    compared, shortlisted   declared standards in the comparison as a whole
    barred      models on no board
    """

    result: Result
    scheme: str
    title: Title
    cycle: int
    library: str
    revision: int | None
    products: int
    barred: int
    compared: int
    shortlisted: int
    illustrative: bool


@lru_cache(maxsize=64)
def scheme_read(text: str) -> Scheme:
    """The scheme of a text; runs of a list share few of them."""
    return scheme_of(text)


def scheme_id(result: Result) -> str:
    return scheme_read(str(result.request.arguments["scheme"])).id


def run_of(store: Store, result: Result) -> Run:
    """A run as a line of a list."""
    body, scheme = json.loads(result.body)["board"], scheme_read(str(result.request.arguments["scheme"]))
    held = revision_of(store, result)
    return Run(result, scheme.id, scheme.title, scheme.cycle, str(result.request.arguments["library"]), held.revision if held else None,
               body["products"], sum(body["barred"].values()), body["compared"], body["shortlisted"], body["illustrative"])  # fmt: skip
