"""Replay: a stored result made again from the same editions and the same records, and compared by its hash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiju.base.diagnostics import Diagnostic, Refused
from guiju.store.canonical import canonical, digest
from guiju.store.database import Store
from guiju.store.files import Kept, hash_of, proved
from guiju.store.kinds.work import Kind, Piece
from guiju.store.results import Result, engine_version, result_of
from guiju.store.worker import KINDS

SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Replay:
    """same       whether the same came out
    differing     places in the body where it did not, as (place, then, now)
    diagnostics   why that may be: another engine; and the tables beside the result that are no longer what they were
    """

    result: Result
    same: bool
    engine: str
    body_hash: str
    differing: tuple[tuple[str, str, str], ...]
    diagnostics: tuple[Diagnostic, ...]


def replay(store: Store, id_: str, kinds: Mapping[str, Kind] = KINDS) -> Replay:
    """Makes a result again, without keeping anything.

    raises   Refused: unknown-result, result-altered; kind-unknown; what no longer lets it be made: editions or records that were altered
    """
    held = result_of(store, id_)
    if held.kind not in kinds:
        raise Refused([Diagnostic("kind-unknown", None, {"kind": held.kind, "known": ", ".join(kinds)})])
    with tempfile.TemporaryDirectory(prefix="guiju-replay-") as folder, kinds[held.kind](store, held.request) as work:
        pieces: list[Piece] = [work.piece(number, _put_aside(Path(folder))) for number in range(work.pieces)]
        outcome = work.whole(pieces)
    body, engine = canonical(outcome.body), engine_version()
    found, told = digest(body), []
    differing = tuple(_differing(json.loads(held.body), json.loads(body), ""))[:SHOWN_MAX]
    if list(outcome.standards) != list(held.standards) or outcome.data_hash != held.data_hash:
        told.append(Diagnostic("replay-of-other", None, {"name": id_}))
    if engine != held.engine:
        told.append(Diagnostic("replay-engine", None, {"then": held.engine, "now": engine}))
    for each in held.files:
        try:
            proved(store, each.path, each.sha256)
        except Refused as refused:
            told += refused.diagnostics
    same = found == held.body_hash and not any(each.code == "replay-of-other" for each in told)
    return Replay(held, same, engine, found, differing, tuple(told))


def _put_aside(folder: Path) -> Callable[[str, Callable[[Path], object]], Kept]:
    def put(ending: str, write: Callable[[Path], object]) -> Kept:
        place = folder / f"table{ending}"
        write(place)
        hash_, size = hash_of(place)
        place.unlink()
        return Kept(f"replayed/{hash_}{ending}", hash_, size)

    return put


def _differing(then: Any, now: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """The places where two bodies differ, from the top."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted(then.keys() | now.keys()):
            yield from _differing(then.get(key), now.get(key), f"{place}/{key}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for at, (before, after) in enumerate(zip(then, now, strict=True)):
            yield from _differing(before, after, f"{place}/{at}")
    elif then != now:
        yield place or "/", _short(then), _short(now)


def _short(value: Any) -> str:
    text = canonical(value)
    return text if len(text) <= 80 else text[:79] + "…"
