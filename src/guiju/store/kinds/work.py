"""Work: what is long, in pieces that are kept one by one, so that whoever takes it over goes on where the last one got to.

A kind makes the work of a request. Work has no side effects but the files it puts; the same request on the same editions and records gives the
same pieces and the same whole, whoever does it and however often it is taken up again. Where something else is to become true with the result,
the outcome's `effect` makes that ready, and it is written in the transaction that keeps the result, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Problems, Refused
from guiju.ir.program import Program
from guiju.standard.shape import did_you_mean
from guiju.store.database import Store
from guiju.store.files import Kept
from guiju.store.results import Outcome, Request

Put = Callable[[str, Callable[[Path], object]], Kept]
"""(ending, what writes the file) → the file kept"""


@dataclass(frozen=True, slots=True)
class Piece:
    """body   JSON without doubles
    done      how much of the total is done with this piece and those before
    """

    body: Any
    done: int
    files: tuple[Kept, ...] = ()


class Work(Protocol):
    @property
    def pieces(self) -> int: ...

    @property
    def total(self) -> int:
        """How much there is to do, in whatever is counted: rows, questions."""
        ...

    def piece(self, number: int, put: Put) -> Piece:
        """The piece of a number, from 0; pieces do not know one another."""
        ...

    def whole(self, pieces: Sequence[Piece]) -> Outcome: ...


@runtime_checkable
class Watched(Protocol):
    """Work whose pieces are long: it tells how much of its total is done within one, which ends the piece where the job is to end."""

    def watched_by(self, tell: Callable[[int], None]) -> None: ...


Kind = Callable[[Store, Request], AbstractContextManager[Work]]
"""raises   Refused, where what is asked cannot be done: that ends the job, and no later worker takes it up"""


def cited(programs: Sequence[Program]) -> tuple[Mapping[str, str], ...]:
    """What a result says it was made from."""
    return tuple({"number": p.standard.number, "edition": p.standard.edition, "content": p.content_hash, "on": p.on.isoformat()} for p in programs)


def taken(request: Request, known: Mapping[str, type]) -> dict[str, Any]:
    """The arguments of a request, each of its type; those left out are None.

    raises   Refused: argument-unknown, argument-wrong, not-a-date (of `on`), with every problem
    """
    problems, found = Problems(), dict.fromkeys(known)
    for name, value in request.arguments.items():
        if name not in known:
            problems.add("argument-unknown", None, kind=request.kind, name=name, **did_you_mean(name, known))
        elif value is not None and (not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is not bool)):
            problems.add("argument-wrong", None, kind=request.kind, name=name, type=known[name].__name__)
        else:
            found[name] = value
    if isinstance(found.get("on"), str) and parse_date(str(found["on"])) is None:
        problems.add("not-a-date", None, text=found["on"])
    problems.refuse_errors()
    return found


def day(arguments: Mapping[str, Any]) -> date | None:
    return parse_date(arguments["on"]) if arguments["on"] else None


def counted(request: Request, least: int, most: int, records: bool) -> None:
    """
    raises   Refused: request-editions, request-records
    """
    problems = Problems()
    if not least <= len(request.editions) <= most:
        asked = str(least) if least == most else f"{least}–{most}"
        problems.add("request-editions", None, kind=request.kind, asked=asked, found=len(request.editions))
    if (request.records is not None) != records:
        zh, en = ("需要", "needs a") if records else ("不用", "takes no")
        problems.add("request-records", None, kind=request.kind, asked_zh=zh, asked_en=en)
    problems.refuse_errors()


def refused(code: str, **facts: object) -> Refused:
    return Refused([Diagnostic(code, None, {name: str(value) for name, value in facts.items()})])
