"""Snapshot: where the thresholds of a standard's populations lie, computed once from named data and never changed.

A file of JSON with a sha256 over its content. Numbers are exact texts, `13.92` or `1345/97`. What a snapshot was made from is in it: the
standard and all it rests on by their content hash, the as-of date, the data by the hash of the rows that were ranked.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from guiju.base.dates import parse_date
from guiju.base.diagnostics import Diagnostic, Language, Problems, Refused
from guiju.base.rounding import decimal_text, parse_number

FORMAT = "guiju-snapshot-1"
BYTES_MAX = 1 << 28
Key = tuple[str, ...]
"""One category per entry of `within`; () where there is none."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What the best k of a range reach. None: nobody is in, because k is 0 or more share the best value than may be in."""

    k: int
    inside: int
    """How many are in: with ties it may be more than k, without them fewer."""
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Range:
    """One comparable range: its members, those that are none, and those of whom that cannot be told."""

    n: int
    outside: int
    undetermined: int
    best: Mapping[str, Threshold] = field(default_factory=dict)
    """By name of the `best` entry; empty where there are fewer members than `min_count`."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One population, range by range."""

    unit: str
    ranges: Mapping[Key, Range]
    outside: int = 0
    """Records outside the population whose range is not known."""
    undetermined: int = 0
    """Records whose range is not known, and of whom it cannot be told that they are outside."""

    @property
    def members(self) -> int:
        return sum(each.n for each in self.ranges.values())


@dataclass(frozen=True)
class Snapshot:
    number: str
    """Of the standard whose populations these are."""
    on: date
    content: str
    """The hash of what it says and of all it rests on (see `standard.content`)."""
    data: str
    """sha256 over the rows that were ranked, whatever their order."""
    rows: int
    engine: str
    rankings: Mapping[str, Ranking]
    corrected: bool = False
    """Made of the standard as corrected, where it has texts believed wrong."""

    @cached_property
    def hash(self) -> str:
        return sha256(canonical(_plain(self))).hexdigest()

    @property
    def short(self) -> str:
        return self.hash[:12]


def canonical(plain: object) -> bytes:
    """One text for one content: keys sorted, no spaces, UTF-8."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def number_text(x: Fraction) -> str:
    text = decimal_text(x)
    return f"{x.numerator}/{x.denominator}" if text.startswith("≈") else text


def _number(text: str) -> Fraction:
    above, _, below = text.partition("/")
    number, divisor = parse_number(above), parse_number(below or "1")
    if number is None or not divisor or divisor.denominator != 1:
        raise ValueError(text)
    return number / divisor


def _plain(s: Snapshot) -> dict[str, Any]:
    return {
        "standard": s.number, "on": s.on.isoformat(), "content_hash": s.content, "data": s.data, "rows": s.rows, "engine": s.engine,
        "corrected": s.corrected,
        "populations": {name: {
            "unit": r.unit, "outside": r.outside, "undetermined": r.undetermined,
            "ranges": [{"range": list(key), **_plain_range(each)} for key, each in sorted(r.ranges.items())],
        } for name, r in s.rankings.items()},
    }  # fmt: skip


def _plain_range(each: Range) -> dict[str, Any]:
    best = {n: {"k": t.k, "in": t.inside, "threshold": None if t.value is None else number_text(t.value)} for n, t in each.best.items()}
    return {"n": each.n, "outside": each.outside, "undetermined": each.undetermined, "best": best}


def _made(plain: Mapping[str, Any]) -> Snapshot:
    """The snapshot of a content; an error of any sort where it is none."""
    on = parse_date(plain["on"])
    if on is None:
        raise ValueError(plain["on"])
    rankings = {}
    for name, r in plain["populations"].items():
        ranges = {}
        for each in r["ranges"]:
            best = {n: Threshold(t["k"], t["in"], None if t["threshold"] is None else _number(t["threshold"])) for n, t in each["best"].items()}
            ranges[tuple(each["range"])] = Range(each["n"], each["outside"], each["undetermined"], best)
        rankings[name] = Ranking(r["unit"], ranges, r["outside"], r["undetermined"])
    made = Snapshot(plain["standard"], on, plain["content_hash"], plain["data"], plain["rows"], plain["engine"], rankings, plain["corrected"])
    if canonical(_plain(made)) != canonical(plain):
        raise ValueError("something is missing, or is there that does not belong")
    return made


def snapshot_text(snapshot: Snapshot, created: datetime | None = None) -> str:
    """The file's text; when it was created stands in it, but is no part of what the hash covers."""
    now = (created or datetime.now(UTC)).isoformat(timespec="seconds")
    whole = {"format": FORMAT, "hash": snapshot.hash, "created": now, "content": _plain(snapshot)}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def load_snapshot(path: Path, problems: Problems) -> Snapshot | None:
    """The snapshot in a file; None where it is none, is of another format, or was changed since it was written, which is reported."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise ValueError("too long")
        whole = json.loads(path.read_text(encoding="utf-8"))
        said, content = str(whole["hash"]), whole["content"]
    except OSError as error:
        problems.add("file-unreadable", None, file=path, reason=error.strerror or error)
        return None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problems.add("snapshot-malformed", None, file=path, reason=error)
        return None
    if whole.get("format") != FORMAT:
        problems.add("snapshot-format", None, file=path, found=whole.get("format"), known=FORMAT)
        return None
    found = sha256(canonical(content)).hexdigest()
    if found != said:
        problems.add("snapshot-altered", None, file=path, said=said[:12], found=found[:12])
        return None
    try:
        return _made(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problems.add("snapshot-malformed", None, file=path, reason=error)
        return None


def save_snapshot(snapshot: Snapshot, path: Path) -> bool:
    """Writes the file whole or not at all; False where it is there already with the same content.

    raises   Refused: folder-missing, file-unwritable, file-exists (with other content: a snapshot is never changed)
    """
    if not path.parent.is_dir():
        raise Refused([Diagnostic("folder-missing", None, {"folder": str(path.parent)})])
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.write_text(snapshot_text(snapshot), encoding="utf-8")
        try:
            os.link(partial, path)
        except FileExistsError:
            there = load_snapshot(path, Problems())
            if there is not None and there.hash == snapshot.hash:
                return False
            hint_zh, hint_en = "快照从不改动：换一个文件名", "a snapshot is never changed: choose another name"
            raise Refused([Diagnostic("file-exists", None, {"file": str(path), "hint_zh": hint_zh, "hint_en": hint_en})]) from None
    except OSError as error:
        raise Refused([Diagnostic("file-unwritable", None, {"file": str(path), "reason": error.strerror or str(error)})]) from None
    finally:
        partial.unlink(missing_ok=True)
    return True

def citation(snapshot: Snapshot, language: Language) -> str:
    """The citation of a snapshot: what results that rest on it name."""
    members = ", ".join(f"{name} {ranking.members:,}" for name, ranking in snapshot.rankings.items())
    on, data = snapshot.on, snapshot.data[:12]
    if language == "zh":
        return f"快照 sha256 {snapshot.hash}（{snapshot.number}，{on}；总体 {members} 个；数据 {data}，{snapshot.rows:,} 行）"
    return f"snapshot sha256 {snapshot.hash} ({snapshot.number}, {on}; members: {members}; data {data}, {snapshot.rows:,} rows)"


def snapshot_json(snapshot: Snapshot) -> dict[str, object]:
    return {
        "hash": snapshot.hash, "standard": snapshot.number, "on": snapshot.on.isoformat(), "data": snapshot.data, "rows": snapshot.rows,
        "members": {name: ranking.members for name, ranking in snapshot.rankings.items()},
    }  # fmt: skip
