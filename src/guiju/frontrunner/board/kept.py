"""Kept: board runs of the store, read back: the twin, and where products stand from the tables beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guiju.frontrunner.board.placed import Kept, from_tables
from guiju.frontrunner.board.work import scheme_of
from guiju.frontrunner.scheme import Scheme
from guiju.store.database import Store
from guiju.store.files import proved
from guiju.store.results import Result, results

KIND = "board"


@dataclass(frozen=True)
class KeptBoards:
    """body   the twin of boards; sha256: its hash, which certificates cite"""

    result: Result
    scheme: Scheme
    body: Mapping[str, Any]
    sha256: str
    placed: Kept


def board_results(store: Store, organisations: Sequence[str] | None, *, before: str = "", limit: int = 50) -> list[Result]:
    """Board runs, the newest first.

    organisations   whose; None: anybody's
    """
    return results(store, organisations=organisations, kind=KIND, before=before, limit=limit)


@contextmanager
def kept_boards(store: Store, result: Result) -> Iterator[KeptBoards]:
    """A board run as it was found; its files are proved.

    raises   Refused: store-file-missing, store-file-altered
    """
    import duckdb

    told = json.loads(result.body)
    body, scheme = told["board"], scheme_of(str(result.request.arguments["scheme"]))
    placed, compared = (proved(store, each.path, each.sha256) for each in result.files[:2])
    needs = {each["name"]: each["inputs"] for each in body["indicators"]}
    with duckdb.connect() as connection:
        qualities = [Fraction(each) for each in body["drafting"]]
        kept = from_tables(connection, placed, compared, scheme, len(body["range_titles"]), body["inputs"], needs, qualities)
        yield KeptBoards(result, scheme, body, told["sha256"], kept)
